//! Against the reference crate of Standard Webhooks, and properties.

use proptest::prelude::*;
use standardwebhooks::Webhook;

use super::*;

const OLD: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const NEW: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const SENT_AT: i64 = 1_614_265_330;

// The example of the Standard Webhooks documentation; its signature again by openssl:
//   KEY=$(printf '%s' 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' | base64 -d | xxd -p -c 64)
//   printf '%s' 'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}' \
//     | openssl dgst -sha256 -mac HMAC -macopt hexkey:$KEY -binary | base64
const MESSAGE: Message<'static> = Message {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestamp: SENT_AT,
    body: br#"{"test": 2432232314}"#,
};
const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn secrets(texts: &[&str]) -> Vec<WebhookSecret> {
    texts
        .iter()
        .map(|text| WebhookSecret::parse(text).unwrap())
        .collect()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn check(signatures: &str, live: &[&str], expected: Result<(), WebhookRefusal>) {
    let outcome = verify(&MESSAGE, signatures, &secrets(live), at(SENT_AT));
    assert_eq!(outcome, expected, "{signatures} {live:?}");
}

#[test]
fn the_published_example_is_reproduced() {
    assert_eq!(sign(&MESSAGE, &secrets(&[OLD])), SIGNATURE);
}

#[test]
fn each_live_secret_signs_and_any_one_verifies() {
    let both = sign(&MESSAGE, &secrets(&[NEW, OLD]));
    assert_eq!(both.split(' ').count(), 2);
    let refused = Err(WebhookRefusal::WrongSignature);
    check(&both, &[OLD], Ok(()));
    check(&both, &[NEW], Ok(()));
    check(&both, &[NEW, OLD], Ok(()));
    check(SIGNATURE, &[NEW, OLD], Ok(()));
    check(&format!("v1a,xxxx v2,abc {SIGNATURE}"), &[OLD], Ok(()));
    check(SIGNATURE, &[NEW], refused);
    check(SIGNATURE, &[], refused);
    check("", &[OLD], refused);
    check("v1,", &[OLD], refused);
    check(&SIGNATURE.replace("v1,", "v2,"), &[OLD], refused);
    check(SIGNATURE.split_at(43).0, &[OLD], refused);
}

#[test]
fn the_window_is_five_minutes_either_way() {
    for (away, accepted) in [(-301, false), (-300, true), (300, true), (301, false)] {
        let outcome = verify(&MESSAGE, SIGNATURE, &secrets(&[OLD]), at(SENT_AT + away));
        assert_eq!(outcome.is_ok(), accepted, "{away}");
    }
}

#[test]
fn secrets_are_read_strictly_and_never_shown() {
    for bad in [
        "",
        "whsec_",
        "whsec_c2hvcnQ=",
        "whsec_***",
        OLD.split_at(6).1,
    ] {
        assert_eq!(WebhookSecret::parse(bad), None, "{bad}");
    }
    assert_eq!(format!("{:?}", secrets(&[OLD])), "[WebhookSecret(..)]");
}

proptest! {
    #[test]
    fn the_reference_crate_signs_the_same(
        id in "[a-zA-Z0-9_]{1,30}",
        timestamp in 0..4_000_000_000_i64,
        body in "\\PC{0,100}",
        key in proptest::collection::vec(any::<u8>(), 24..64),
    ) {
        let theirs = Webhook::from_bytes(key.clone()).unwrap();
        let text = format!("whsec_{}", BASE64.encode(&key));
        let ours = WebhookSecret::parse(&text).unwrap();
        let message = Message { id: &id, timestamp, body: body.as_bytes() };
        let expected = theirs.sign(&id, timestamp, body.as_bytes()).unwrap();
        prop_assert_eq!(sign(&message, &[ours]), expected);
    }

    #[test]
    fn any_flipped_bit_is_refused(flip in any::<prop::sample::Index>(), bit in 0..8_u8) {
        let mut body = MESSAGE.body.to_vec();
        let place = flip.index(body.len());
        body[place] ^= 1 << bit;
        let damaged = Message { body: &body, ..MESSAGE };
        prop_assert!(verify(&damaged, SIGNATURE, &secrets(&[OLD]), at(SENT_AT)).is_err());
    }
}
