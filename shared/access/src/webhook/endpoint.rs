//! Where a webhook may go: a guard against being made to call inside addresses (SSRF).
//!
//! It checks the address as written. Whoever connects must use the same parser (`http::Uri`), must
//! not follow redirects, and may check resolved addresses by [`is_public_address`].

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

/// Why an endpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointRefusal {
    /// Not an absolute URL with a host, or one that parsers may read differently.
    #[error("endpoint is not a plain absolute URL")]
    NotUrl,
    /// A user name or password stands in it.
    #[error("endpoint holds credentials")]
    Credentials,
    /// Not https; outside production http to this machine is allowed too.
    #[error("endpoint is not https")]
    NotHttps,
    /// A private, loopback or otherwise special address.
    #[error("endpoint is not a public address")]
    PrivateAddress,
}

/// Checks an endpoint: https to a public host. Outside production, this machine by http too.
pub fn allowed_endpoint(url: &str, stage_is_production: bool) -> Result<(), EndpointRefusal> {
    let endpoint = Endpoint::parse(url)?;
    if endpoint.is_this_machine() && !stage_is_production {
        return Ok(());
    }
    if !endpoint.https {
        return Err(EndpointRefusal::NotHttps);
    }
    endpoint.check_address()
}

/// Whether an address is one of the public internet: not private, loopback, link-local, carrier
/// NAT, documentation, multicast or reserved, nor an IPv6 form of such an IPv4 address.
pub fn is_public_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

struct Endpoint {
    https: bool,
    host: String,
}

impl Endpoint {
    fn parse(url: &str) -> Result<Self, EndpointRefusal> {
        // Parsers disagree about these; nobody needs them in an endpoint.
        if url.contains(['\\', '#', '\t', '\n', '\r', ' ']) {
            return Err(EndpointRefusal::NotUrl);
        }
        let uri: Uri = url.parse().map_err(|_| EndpointRefusal::NotUrl)?;
        let authority = uri.authority().ok_or(EndpointRefusal::NotUrl)?;
        if authority.as_str().contains('@') {
            return Err(EndpointRefusal::Credentials);
        }
        let https = match uri.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => return Err(EndpointRefusal::NotHttps),
        };
        let host = authority.host().to_ascii_lowercase();
        let has_port = authority.as_str().len() > authority.host().len();
        if has_port && authority.port_u16().is_none() {
            return Err(EndpointRefusal::NotUrl);
        }
        if host.is_empty() || host.ends_with('.') || host.contains('%') {
            return Err(EndpointRefusal::NotUrl);
        }
        Ok(Self { https, host })
    }

    fn address(&self) -> Option<IpAddr> {
        let inner = self
            .host
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        inner.unwrap_or(&self.host).parse().ok()
    }

    fn is_this_machine(&self) -> bool {
        self.host == "localhost" || self.address().is_some_and(|address| address.is_loopback())
    }

    fn check_address(&self) -> Result<(), EndpointRefusal> {
        let is_inside_name = ["localhost", "internal", "local"]
            .into_iter()
            .any(|name| self.host == name || self.host.ends_with(&format!(".{name}")));
        if is_inside_name {
            return Err(EndpointRefusal::PrivateAddress);
        }
        match self.address() {
            Some(address) if is_public_address(address) => Ok(()),
            Some(_) => Err(EndpointRefusal::PrivateAddress),
            // `127.1`, `2130706433` or `0x7f.0.0.1`: no address to us, but one to some resolvers.
            None if self.host.starts_with('[') || self.ends_in_a_number() => {
                Err(EndpointRefusal::PrivateAddress)
            }
            None => Ok(()),
        }
    }

    fn ends_in_a_number(&self) -> bool {
        let last = self.host.rsplit('.').next().unwrap_or_default();
        last.starts_with(|first: char| first.is_ascii_digit())
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation()
        || first == 0
        || first >= 240
        || (first == 100 && (64..128).contains(&second))
        || (first == 198 && (second == 18 || second == 19))
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99);
    !special
}

/// Only global unicast (2000::/3), less the forms that carry an IPv4 address or stand in books.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let carries_v4 = first == 0x2002 || (first == 0x2001 && second == 0);
    let documentation = (first == 0x2001 && second == 0xdb8) || first == 0x3fff;
    first & 0xe000 == 0x2000 && !carries_v4 && !documentation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, production: bool, expected: Result<(), EndpointRefusal>) {
        assert_eq!(
            allowed_endpoint(url, production),
            expected,
            "{url} {production}"
        );
    }

    #[test]
    fn production_calls_public_https_hosts_only() {
        use EndpointRefusal::{Credentials, NotHttps, NotUrl, PrivateAddress};
        let rows = [
            ("https://gateway.example.cn/messages?a=1", Ok(())),
            ("HTTPS://Gateway.Example.CN", Ok(())),
            ("https://gateway.example.cn:443/", Ok(())),
            ("https://sms.example.cn:8443/", Ok(())),
            ("https://8.8.8.8/", Ok(())),
            ("http://gateway.example.cn/", Err(NotHttps)),
            ("ftp://gateway.example.cn/", Err(NotHttps)),
            ("http://localhost:3000/", Err(NotHttps)),
            ("https://localhost/", Err(PrivateAddress)),
            ("https://127.0.0.1/", Err(PrivateAddress)),
            ("https://10.0.0.5/", Err(PrivateAddress)),
            ("https://172.16.0.1/", Err(PrivateAddress)),
            ("https://192.168.1.1/", Err(PrivateAddress)),
            (
                "https://169.254.169.254/latest/meta-data",
                Err(PrivateAddress),
            ),
            ("https://100.64.0.1/", Err(PrivateAddress)),
            ("https://0.0.0.0/", Err(PrivateAddress)),
            ("https://127.1/", Err(PrivateAddress)),
            ("https://2130706433/", Err(PrivateAddress)),
            ("https://0x7f.0.0.1/", Err(PrivateAddress)),
            ("https://0x7f000001/", Err(PrivateAddress)),
            ("https://[::1]/", Err(PrivateAddress)),
            ("https://[::ffff:127.0.0.1]/", Err(PrivateAddress)),
            ("https://[fd00:ec2::254]/", Err(PrivateAddress)),
            ("https://[fe80::1]/", Err(PrivateAddress)),
            ("https://[2002:7f00:1::]/", Err(PrivateAddress)),
            ("https://[2606:4700::1]/", Ok(())),
            ("https://metadata.google.internal/", Err(PrivateAddress)),
            ("https://user:word@gateway.example.cn/", Err(Credentials)),
            ("https://gateway.example.cn@evil.cn/", Err(Credentials)),
            ("https://evil.cn#@gateway.example.cn/", Err(NotUrl)),
            ("https://evil.cn\\@gateway.example.cn/", Err(NotUrl)),
            ("https://gateway.example.cn./", Err(NotUrl)),
            ("https://gateway.example.cn:/", Err(NotUrl)),
            ("https://gateway.example.cn:99999/", Err(NotUrl)),
            ("/messages", Err(NotUrl)),
            ("gateway.example.cn", Err(NotHttps)),
            ("https://", Err(NotUrl)),
            ("", Err(NotUrl)),
        ];
        for (url, expected) in rows {
            check(url, true, expected);
        }
    }

    #[test]
    fn other_stages_may_also_call_this_machine() {
        use EndpointRefusal::{NotHttps, PrivateAddress};
        let rows = [
            ("http://localhost:4000/outbox", Ok(())),
            ("http://127.0.0.1:4000/outbox", Ok(())),
            ("http://[::1]:4000/", Ok(())),
            ("https://localhost:4000/", Ok(())),
            ("https://gateway.example.cn/", Ok(())),
            ("http://gateway.example.cn/", Err(NotHttps)),
            ("http://192.168.1.1/", Err(NotHttps)),
            ("https://192.168.1.1/", Err(PrivateAddress)),
            ("http://localhost.example.cn/", Err(NotHttps)),
        ];
        for (url, expected) in rows {
            check(url, false, expected);
        }
    }
}
