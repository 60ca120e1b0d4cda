//! Vectors made with openssl, the ways people write codes, and what must not be shown.

use proptest::prelude::*;

use super::*;

const KEY: &[u8] = b"query-code-key-of-thirty-2-bytes";

// The first 50 bits, in Crockford's base 32, of
//   printf 'query-code/v1\0S-1' \
//     | openssl dgst -sha256 -hmac 'query-code-key-of-thirty-2-bytes' -hex
// which is f60c69c601f40dd4…
const CODE: &str = "YR66K-HG1YG";

fn check(given: &str, expected: bool) {
    assert_eq!(verify_query_code(KEY, "S-1", given), expected, "{given:?}");
}

#[test]
fn the_openssl_vectors_are_reproduced() {
    assert_eq!(query_code(KEY, "S-1").expose(), CODE);
    //   printf 'identity/v1\0phone\00013800000000' | openssl dgst …
    assert_eq!(
        identity_hash(KEY, "phone", "13800000000"),
        "1ff32a207f587aae47855d06d923ae2832754d404b932793119969440111ff36"
    );
}

#[test]
fn a_code_is_recognized_as_people_write_it() {
    for given in [
        "YR66K-HG1YG",
        "yr66khg1yg",
        " yr66k hg1yg ",
        "Y-R-6-6-K-H-G-1-Y-G",
        "YR66K–HG1YG",
        "YR66KHGIYG",
        "YR66KHGLYG",
        "yr66khglyg",
        "ＹＲ６６Ｋ－ＨＧ１ＹＧ",
        "YR66K\u{3000}HG1YG",
    ] {
        check(given, true);
    }
}

#[test]
fn any_other_code_is_refused() {
    for given in [
        "",
        "-",
        "YR66K",
        "YR66K-HG1Y",
        "YR66K-HG1YGG",
        "YR66K-HG1YH",
        "ZR66K-HG1YG",
        "YR66K-HG1Y路",
        "路路路路路路路路路路",
        "0000000000",
        "YR66K.HG1YG",
        "YR66K-HGUYG",
    ] {
        check(given, false);
    }
}

#[test]
fn codes_differ_by_ticket_and_by_key() {
    assert_ne!(query_code(KEY, "S-1"), query_code(KEY, "S-2"));
    assert_ne!(query_code(KEY, "S-1"), query_code(b"another", "S-1"));
    assert!(!verify_query_code(KEY, "S-2", CODE));
}

#[test]
fn identity_hashes_differ_by_kind_value_and_key() {
    let hash = identity_hash(KEY, "phone", "13800000000");
    assert_ne!(hash, identity_hash(KEY, "id_card", "13800000000"));
    assert_ne!(hash, identity_hash(KEY, "phone", "13800000001"));
    assert_ne!(hash, identity_hash(b"another", "phone", "13800000000"));
}

fn keys_file() -> String {
    let key = |byte: u8| BASE64.encode(&[byte; 32]);
    format!(
        r#"{{"vault_key":"{}","query_code_key":"{}","identity_key":"{}",
            "webhook_secrets":["whsec_{}"],
            "channel_secrets":{{"pc":["{}","{}"],"mobile":["{}"]}},
            "a_key_of_tomorrow":"x"}}"#,
        key(1),
        key(2),
        key(3),
        key(4),
        key(5),
        key(6),
        key(7)
    )
}

#[test]
fn a_keys_file_is_read() {
    let keys = KeySet::parse(&keys_file()).unwrap();
    assert_eq!(keys.vault_key.expose(), [1; 32]);
    assert_eq!(keys.query_code_key.expose(), [2; 32]);
    assert_eq!(keys.identity_key.expose(), [3; 32]);
    assert_eq!(keys.webhook_secrets.len(), 1);
    let pc: Vec<&[u8]> = keys
        .channel_secrets("pc")
        .iter()
        .map(Secret::expose)
        .collect();
    assert_eq!(pc, [[5; 32], [6; 32]]);
    assert_eq!(keys.channel_secrets("kiosk"), []);
}

#[test]
fn a_keys_file_shows_no_key() {
    let shown = format!(
        "{:?} {:?}",
        KeySet::parse(&keys_file()).unwrap(),
        query_code(KEY, "S-1")
    );
    for byte in 1..=7_u8 {
        let key = BASE64.encode(&[byte; 32]);
        assert!(
            !shown.contains(&key) && !shown.contains(&format!("{byte}, {byte}")),
            "{shown}"
        );
    }
    assert!(!shown.contains("YR66K"), "{shown}");
}

#[test]
fn a_damaged_keys_file_is_refused_by_field() {
    let key = |byte: u8| BASE64.encode(&[byte; 32]);
    let short = BASE64.encode(&[1; 15]);
    let bad_key = |field: &str| KeysError::BadKey(field.to_owned());
    let bad_count = |field: &str| KeysError::BadCount(field.to_owned());
    let rows = [
        (key(1), short.clone(), bad_key("vault_key")),
        (key(1), BASE64.encode(&[1; 31]), bad_key("vault_key")),
        (key(2), "not base64".to_owned(), bad_key("query_code_key")),
        (key(3), String::new(), bad_key("identity_key")),
        (
            format!("whsec_{}", key(4)),
            key(4),
            bad_key("webhook_secrets"),
        ),
        (
            format!("[\"whsec_{}\"]", key(4)),
            "[]".to_owned(),
            bad_count("webhook_secrets"),
        ),
        (key(6), short, bad_key("channel_secrets.pc")),
        (
            format!("[\"{}\"]", key(7)),
            "[]".to_owned(),
            bad_count("channel_secrets"),
        ),
        (
            format!("[\"{}\"]", key(7)),
            "[\"a\",\"b\",\"c\"]".to_owned(),
            bad_count("channel_secrets"),
        ),
        (
            "vault_key".to_owned(),
            "vault".to_owned(),
            KeysError::NotJson,
        ),
    ];
    for (from, to, expected) in rows {
        let file = keys_file().replace(&from, &to);
        assert_eq!(
            KeySet::parse(&file).map(drop),
            Err(expected),
            "{from} -> {to}"
        );
    }
    assert_eq!(KeySet::parse("").map(drop), Err(KeysError::NotJson));
}

proptest! {
    #[test]
    fn a_code_opens_its_ticket_and_no_altered_code_does(
        ticket in "\\PC{0,20}",
        key in proptest::collection::vec(any::<u8>(), 16..64),
        place in 0..10_usize,
        by in 1..32_usize,
    ) {
        let code = query_code(&key, &ticket);
        let text = code.expose();
        prop_assert_eq!(text.len(), 11);
        prop_assert!(verify_query_code(&key, &ticket, text));
        prop_assert!(verify_query_code(&key, &ticket, &text.to_lowercase().replace('-', "")));

        let mut symbols = text.replace('-', "").into_bytes();
        let old = ALPHABET.iter().position(|symbol| *symbol == symbols[place]).unwrap();
        symbols[place] = ALPHABET[(old + by) % 32];
        let altered = String::from_utf8(symbols).unwrap();
        prop_assert!(!verify_query_code(&key, &ticket, &altered));
    }
}
