//! Where a request came from, so that guessing can be limited by source without keeping addresses.

use std::net::IpAddr;

use crate::mac::hmac_sha256;

/// The keyed digest of a source: of the address, or of the network of 64 bits that an address of
/// version 6 is drawn from, as its holder has all of it. What is no address is a source by itself.
pub fn source_digest(key: &[u8], address: &str) -> [u8; 12] {
    let network = match address.parse() {
        Ok(IpAddr::V6(address)) => address.to_ipv4_mapped().map_or_else(
            || format!("{:?}", address.segments().first_chunk::<4>()),
            |mapped| mapped.to_string(),
        ),
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => address.to_owned(),
    };
    let tag = hmac_sha256(key, &[b"source/v1\0", network.as_bytes()]);
    let mut digest = [0; 12];
    for (to, from) in digest.iter_mut().zip(tag) {
        *to = from;
    }
    digest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ac_2_a_source_is_an_address_or_its_network() {
        let digest = |address| source_digest(b"key", address);
        assert_ne!(digest("203.0.113.24"), digest("203.0.113.25"));
        assert_eq!(digest("203.0.113.24"), digest("::ffff:203.0.113.24"));
        assert_eq!(digest("2001:db8:1:2::1"), digest("2001:db8:1:2:ffff::9"));
        assert_ne!(digest("2001:db8:1:2::1"), digest("2001:db8:1:3::1"));
        assert_ne!(
            digest("203.0.113.24"),
            source_digest(b"other", "203.0.113.24")
        );
    }
}
