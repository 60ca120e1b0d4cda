//! Who somebody is, as a keyed digest: the same for all that they bring, and no way back (R-DP-4).

use serde::Deserialize;

use crate::mac::hmac_sha256;
use crate::officer::TokenClaims;

/// What an appellant's identity token says: the account in which they signed in (R-AC-2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct AppellantClaims {
    /// The account.
    pub sub: String,
    /// Unix second from which the token is no longer good.
    pub exp: i64,
}

impl TokenClaims for AppellantClaims {
    fn expires_at(&self) -> i64 {
        self.exp
    }

    fn is_complete(&self) -> bool {
        !self.sub.is_empty()
    }
}

/// What tells one person or enterprise from another.
#[derive(Debug, Clone, Copy)]
pub struct Identity<'a> {
    /// The account in which they were signed in, by its issuer's `sub`.
    pub account: Option<&'a str>,
    /// Person or enterprise, by its code.
    pub kind: &'a str,
    /// Name.
    pub name: &'a str,
    /// Identity number or credit code, if they gave it.
    pub identity_number: Option<&'a str>,
    /// Telephone, if they gave it.
    pub phone: Option<&'a str>,
}

/// The keyed digest of who is signed in in an account.
pub fn account_digest(key: &[u8], account: &str) -> [u8; 32] {
    hmac_sha256(key, &[b"appellant/v1\0account\0", account.as_bytes()])
}

/// The keyed digest of somebody: by the account in which they were signed in, or by identity number or
/// credit code, or else by name and telephone together, as a family shares a telephone and many share a name. Who gave neither is somebody else
/// with each `appeal`.
pub fn appellant_digest(key: &[u8], identity: &Identity<'_>, appeal: &[u8]) -> [u8; 32] {
    if let Some(account) = identity.account {
        return account_digest(key, account);
    }
    let name = identity.name.split_whitespace().collect::<String>();
    let number = identity.identity_number.map(written_alike);
    let phone = identity.phone.map(written_alike);
    let (by, parts) = match (&number, &phone) {
        (Some(number), _) => ("number", [number.as_bytes(), b""]),
        (None, Some(phone)) => ("phone", [phone.as_bytes(), name.as_bytes()]),
        (None, None) => ("appeal", [appeal, b""]),
    };
    let [first, second] = parts;
    let kind = identity.kind.as_bytes();
    let parts = [
        b"appellant/v1\0".as_slice(),
        by.as_bytes(),
        b"\0",
        kind,
        b"\0",
        first,
        b"\0",
        second,
    ];
    hmac_sha256(key, &parts)
}

/// Letters and digits only, in capitals: `138-0000 0000` is `13800000000`.
fn written_alike(text: &str) -> String {
    let kept = text.chars().filter(char::is_ascii_alphanumeric);
    kept.map(|it| it.to_ascii_uppercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Identity<'_> = Identity {
        account: None,
        kind: "person",
        name: "张三",
        identity_number: None,
        phone: Some("13800000000"),
    };

    #[test]
    fn r_dp_4_an_appellant_is_who_gave_the_same_number_or_the_same_name_and_telephone() {
        let number = Some("11010519491231002x");
        let with_number = Identity {
            identity_number: number,
            ..ONE
        };
        let nameless = Identity { phone: None, ..ONE };
        let digest = |identity: &Identity<'_>| appellant_digest(b"key", identity, b"first");
        let spaced = Identity {
            name: "张 三",
            phone: Some("138-0000 0000"),
            ..ONE
        };
        assert_eq!(digest(&ONE), digest(&spaced));
        let moved = Identity {
            identity_number: Some("11010519491231002X"),
            phone: None,
            ..ONE
        };
        assert_eq!(digest(&with_number), digest(&moved));
        let family = Identity {
            name: "李四",
            ..ONE
        };
        assert_ne!(digest(&ONE), digest(&family));
        assert_ne!(digest(&ONE), digest(&with_number));
        let signed_in = Identity {
            account: Some("a-7"),
            ..with_number
        };
        assert_eq!(digest(&signed_in), account_digest(b"key", "a-7"));
        assert_ne!(digest(&signed_in), digest(&with_number));
        assert_ne!(
            digest(&nameless),
            appellant_digest(b"key", &nameless, b"second")
        );
        assert_ne!(digest(&ONE), appellant_digest(b"another", &ONE, b"first"));
    }
}
