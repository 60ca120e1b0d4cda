//! Vectors made with openssl, and properties.

use proptest::prelude::*;

use super::*;

const SECRET: &[u8] = b"a-channel-secret-of-32-bytes-xx!";
const SIGNED_AT: i64 = 1_780_000_000;

// The vector is openssl's, not this crate's:
//   BODY='{"title":"路灯不亮"}'
//   DIGEST=$(printf '%s' "$BODY" | openssl dgst -sha256 -hex | sed 's/.* //')
//   printf 'v1\nPOST\n/appeals\n%%E8%%B7%%AF=%%2B&a=1&a=2&b=%%20x\n1780000000\nn-0123456789abcdef\nkey-00000001\n%s' \
//     "$DIGEST" | openssl dgst -sha256 -hmac 'a-channel-secret-of-32-bytes-xx!' -hex
const POST: SignedRequest<'static> = SignedRequest {
    method: "POST",
    path: "/appeals",
    query: "b=%20x&a=2&路=+&a=1",
    timestamp: "1780000000",
    nonce: "n-0123456789abcdef",
    idempotency_key: "key-00000001",
    signature: "v1=9a24a4a849b1b8142873e63f5285e8904aece339705e0f203df35e9c0765d09d",
    body: "{\"title\":\"路灯不亮\"}".as_bytes(),
};

// As above with an empty query and an empty body:
//   printf 'v1\nGET\n/appeals/330000-1\n\n1780000000\nn-0123456789abcdef\n\n%s' \
//     "$(printf '' | openssl dgst -sha256 -hex | sed 's/.* //')" | openssl dgst …
const GET: SignedRequest<'static> = SignedRequest {
    method: "GET",
    path: "/appeals/330000-1",
    query: "",
    idempotency_key: "",
    signature: "v1=40d63d377fa7fe8429aa8222ebbada4405666cb90a7d55021706a621c267468f",
    body: b"",
    ..POST
};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn check(request: SignedRequest<'_>, expected: Result<(), ChannelRefusal>) {
    let outcome = verify(&request, &[SECRET.to_vec()], at(SIGNED_AT));
    assert_eq!(outcome, expected, "{request:?}");
}

#[test]
fn the_openssl_vectors_are_accepted_and_reproduced() {
    for request in [POST, GET] {
        check(request, Ok(()));
        assert_eq!(sign(&request, SECRET), request.signature);
    }
}

#[test]
fn hmac_agrees_with_a_vector_of_rfc_4231() {
    let tag = hmac_sha256(b"Jefe", &[b"what do ya want ", b"for nothing?"]);
    let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    assert_eq!(HEXLOWER.encode(&tag), expected);
}

#[test]
fn a_request_changed_in_any_part_is_refused() {
    use ChannelRefusal::{BadNonce, BadTimestamp, StaleTimestamp, WrongSignature};
    type Edit = fn(&mut SignedRequest<'static>);
    let rows: [(Edit, Result<(), ChannelRefusal>); 25] = [
        (|r| r.method = "post", Ok(())),
        (|r| r.query = "a=1&a=2&b= x&%e8%b7%af=%2B", Ok(())),
        (|r| r.method = "PUT", Err(WrongSignature)),
        (|r| r.path = "/uploads", Err(WrongSignature)),
        (|r| r.path = "/appeals/", Err(WrongSignature)),
        (|r| r.query = "a=1&a=2&b=%20x", Err(WrongSignature)),
        (|r| r.query = "b=%20x&a=2&路=%20&a=1", Err(WrongSignature)),
        (|r| r.body = b"{}", Err(WrongSignature)),
        (|r| r.timestamp = "1780000001", Err(WrongSignature)),
        (|r| r.nonce = "n-0123456789abcdeg", Err(WrongSignature)),
        (|r| r.idempotency_key = "key-00000002", Err(WrongSignature)),
        (|r| r.signature = "", Err(WrongSignature)),
        (|r| r.signature = "v1=", Err(WrongSignature)),
        (
            |r| r.signature = POST.signature.split_at(65).0,
            Err(WrongSignature),
        ),
        (
            |r| r.signature = POST.signature.split_at(3).1,
            Err(WrongSignature),
        ),
        (|r| r.signature = GET.signature, Err(WrongSignature)),
        (|r| r.timestamp = "", Err(BadTimestamp)),
        (|r| r.timestamp = "+1780000000", Err(BadTimestamp)),
        (|r| r.timestamp = "1780000000.5", Err(BadTimestamp)),
        (|r| r.timestamp = "99999999999999999999", Err(BadTimestamp)),
        (|r| r.timestamp = "1780000301", Err(StaleTimestamp)),
        (|r| r.timestamp = "0", Err(StaleTimestamp)),
        (|r| r.nonce = "n-0123456789abc", Err(BadNonce)),
        (|r| r.nonce = "n-0123456789abc\nd", Err(BadNonce)),
        (
            |r| r.nonce = "nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn",
            Err(BadNonce),
        ),
    ];
    for (edit, expected) in rows {
        let mut request = POST;
        edit(&mut request);
        check(request, expected);
    }
}

#[test]
fn the_window_is_five_minutes_either_way() {
    for (away, accepted) in [(-301, false), (-300, true), (300, true), (301, false)] {
        let outcome = verify(&POST, &[SECRET.to_vec()], at(SIGNED_AT + away));
        assert_eq!(outcome.is_ok(), accepted, "{away}");
    }
}

#[test]
fn either_live_secret_is_accepted_and_no_other() {
    let (old, new) = (
        SECRET.to_vec(),
        b"the-next-secret-of-this-channel!".to_vec(),
    );
    let now = at(SIGNED_AT);
    assert!(verify(&POST, &[old.clone(), new.clone()], now).is_ok());
    assert!(verify(&POST, &[new.clone(), old], now).is_ok());
    assert!(verify(&POST, &[new], now).is_err());
    assert!(verify(&POST, &[[0; 0]; 0], now).is_err());
}

#[test]
fn queries_have_one_canonical_form() {
    let rows = [
        ("", ""),
        ("&&", ""),
        ("b&a", "a=&b="),
        ("a=%7e", "a=~"),
        ("a=b=c", "a=b%3Dc"),
        ("a=%zz", "a=%25zz"),
        ("a-=1&a=2", "a=2&a-=1"),
        ("q=%E8%B7%AF&q=路", "q=%E8%B7%AF&q=%E8%B7%AF"),
    ];
    for (raw, expected) in rows {
        assert_eq!(canonical_query(raw), expected, "{raw}");
    }
    assert_eq!(canonical_pairs([("b", " x"), ("a", "+")]), "a=%2B&b=%20x");
}

proptest! {
    #[test]
    fn what_is_signed_verifies_and_any_flipped_bit_is_refused(
        body in proptest::collection::vec(any::<u8>(), 1..200),
        query in "([a-z%&= ]|路){0,20}",
        nonce in "[!-~]{16,64}",
        secret in proptest::collection::vec(any::<u8>(), 16..64),
        flip in any::<prop::sample::Index>(),
        bit in 0..8u8,
    ) {
        let unsigned = SignedRequest {
            query: &query, nonce: &nonce, body: &body, signature: "", ..POST
        };
        let signature = sign(&unsigned, &secret);
        let signed = SignedRequest { signature: &signature, ..unsigned };
        let now = at(SIGNED_AT);
        let secrets = [secret];
        prop_assert_eq!(verify(&signed, &secrets, now), Ok(()));

        let refused = |request: &SignedRequest<'_>, secrets: &[Vec<u8>]| {
            verify(request, secrets, now) == Err(ChannelRefusal::WrongSignature)
        };
        let mut damaged = body.clone();
        damaged[flip.index(body.len())] ^= 1 << bit;
        let request = SignedRequest { body: &damaged, ..signed };
        prop_assert!(refused(&request, &secrets));

        let mut tag = HEXLOWER.decode(&signature.as_bytes()[3..]).unwrap();
        tag[flip.index(32)] ^= 1 << bit;
        let damaged = format!("v1={}", HEXLOWER.encode(&tag));
        let request = SignedRequest { signature: &damaged, ..signed };
        prop_assert!(refused(&request, &secrets));

        let mut wrong_secret = secrets[0].clone();
        wrong_secret[flip.index(secrets[0].len())] ^= 1 << bit;
        prop_assert!(refused(&signed, &[wrong_secret]));
    }

    #[test]
    fn canonical_form_is_a_fixed_point(raw in "([a-z%&=+ ]|路|%20){0,30}") {
        let once = canonical_query(&raw);
        prop_assert_eq!(canonical_query(&once), once);
    }
}
