//! Tokens of the RSA keys were made with PyJWT (an independent implementation); the private keys
//! were thrown away. Tokens of the P-256 key are signed here, so that every claim can be varied.

use p256::ecdsa::signature::Signer;
use p256::ecdsa::{Signature, SigningKey};
use proptest::prelude::*;

use super::*;
use crate::mac::hmac_sha256;

const ISSUED_AT: i64 = 1_780_000_000;
const ISSUER: &str = "https://login.example";
const EC_HEADER: &str = r#"{"alg":"ES256","kid":"ec","typ":"at+jwt"}"#;
const CLAIMS: &str = r#"{"iss":"https://login.example","aud":["suqiu","other"],"sub":"officer-7",
    "unit":"unit-3","roles":["liaison"],"nbf":1780000000,"exp":1780003600}"#;

//   jwt.encode(claims, key, "RS256", headers={"kid": "rsa"})
const RSA_MODULUS: &str = "yAhoxqJ0q2MXkFmfwqcOJFgeLcDEZAFWctu6NUZirPRZbR7MiHmhM5B5_D-sXyFsSIvB_ouyJEDwK5ohF8nRXrm4\
     u9RrPHRs-27FnnMg4NrFz1F-ufYj5p1MOe9CXis9YI5DkxIL2WjYf8xvusAddofcM4RmxMmytMP6b-QgTg5RmuWA\
     j_7xO_zu_6fOxQQK3Uw8vrTcfy97Gjs0HiAPgGjB4pB8j26YKqRHznOhFae4pRJRNIWDr-6n2QACHJs56oYtqjI0\
     _W6eZ1eYS5rAY9dXIOpUc6D3qQTJIT66eg9I4nyYKf0Tmb_gH5D086Au5PUfD0F8XDxVwKJadmU1Sw";
const RS256_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYSIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1\
     wbGUiLCJhdWQiOlsic3VxaXUiLCJvdGhlciJdLCJzdWIiOiJvZmZpY2VyLTciLCJ1bml0IjoidW5pdC0zIiwicm9\
     sZXMiOlsibGlhaXNvbiJdLCJuYmYiOjE3ODAwMDAwMDAsImV4cCI6MTc4MDAwMzYwMH0.bDoGhzbm5MMzFROB5_y\
     GDIsJbIOf0zYqgOx2KwCFp-peCCIywdWk4944TM7D5AZ4Oy0srFYT5MKIvxj5nWjpT9Z2xD-mmnk2wukzS9vKFQg\
     wkn5B6IcJr5ii5gCxAoKdR6sxOw2Sd6UMmzd6Ft5kgoYiYvOG9aIuDlQvWI8EtqxtNyNv5yD4R5pa_KtIvBk8HLN\
     8XcS9R7YiAoEq_zLQZm1ZO85q5DyQ0TLWSXnakb5jUs60f5wO9qZ0Cz5K5-xqM7iXAAATyslz2m2T5KsARtDpwNi\
     CV6oiLBK2AN4hrHiUhz_lpXoFk9sb-9O6u_-8fCmnpFxHNdMbZbzXyQnuAA";
const RS512_TOKEN: &str = "eyJhbGciOiJSUzUxMiIsImtpZCI6InJzYSIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2xvZ2luLmV4YW1\
     wbGUiLCJhdWQiOlsic3VxaXUiLCJvdGhlciJdLCJzdWIiOiJvZmZpY2VyLTciLCJ1bml0IjoidW5pdC0zIiwicm9\
     sZXMiOlsibGlhaXNvbiJdLCJuYmYiOjE3ODAwMDAwMDAsImV4cCI6MTc4MDAwMzYwMH0.AbHKRBzZ34433kMhs7b\
     Czti5NP06sAwzpWrX1P5qsqIvGfF4NTVGrPP0tYCUXM1z3iRE1WR3aNatd5cK_ZSM5AChrKpwmXL8xL6lWzKWtLj\
     K7DG9oSBlJgfh6Tq-BH-0Csl2a9eCJb2jd1Hfm6JrF0mxUhRxCgomZgpd6FmDjER5VjJTb8b8km1z_KaDyhs5E-V\
     SGxE1iPCawGMPubhqJthPv0Z0hDib2H26lPXW19M_RXbnEK2JS2iHunIPWzYlz6mnG_vrZA1RRoMwhtHVKJ06Eg1\
     CCxIVQmz-FYMXgQNwFFsAsNCc2smrICfNsEA84oLCufB5py3UEdkhOBFdyA";
const SHORT_MODULUS: &str = "2_htjYjgLcttpY9o6te0UcS3dE0Q-WKBDcrp-Lsn_KUMXiudp2zVDJIPD_f_Y4UH5q1kzFUrmzrkcV12n0fSagoH\
     LlpkMfyUz96k9V-zDjwWv9e1iewS7lvl92uxnHiBR_fGDfnF1PIUffWxQmjbzvw_k4lTlh6iALdrGzkRPEs";
const SHORT_TOKEN: &str = "eyJhbGciOiJSUzI1NiIsImtpZCI6InJzYS1zaG9ydCIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2xvZ2l\
     uLmV4YW1wbGUiLCJhdWQiOlsic3VxaXUiLCJvdGhlciJdLCJzdWIiOiJvZmZpY2VyLTciLCJ1bml0IjoidW5pdC0\
     zIiwicm9sZXMiOlsibGlhaXNvbiJdLCJuYmYiOjE3ODAwMDAwMDAsImV4cCI6MTc4MDAwMzYwMH0.mo_9kvkaN9J\
     OcRtbk_RKGL-vXoljqpn18vDo64Gt_24fPfokKPP2GolHW9ML1ipvPjMli89byVw0nnzrruiJwN1ReydFn5XyPon\
     QcrqLTAJMwj04_DPO0cU43cyAFPbIHZnD8jGRXIDuY2370cstrdxb5FUmeBrsFDdDz2YkNiQ";

fn ec_key() -> SigningKey {
    SigningKey::from_slice(&[7; 32]).unwrap()
}

fn ec_coordinates() -> (String, String) {
    let point = ec_key().verifying_key().to_encoded_point(false);
    let encode = |bytes: &[u8]| BASE64URL_NOPAD.encode(bytes);
    (encode(point.x().unwrap()), encode(point.y().unwrap()))
}

fn keys() -> JwkSet {
    let (x, y) = ec_coordinates();
    let set = format!(
        r#"{{"keys":[
            {{"kty":"EC","crv":"P-256","kid":"ec","x":"{x}","y":"{y}","use":"sig"}},
            {{"kty":"EC","crv":"P-256","kid":"ec-for-encryption","x":"{x}","y":"{y}","use":"enc"}},
            {{"kty":"EC","crv":"P-256","kid":"off-curve","x":"{y}","y":"{x}"}},
            {{"kty":"RSA","kid":"rsa","n":"{RSA_MODULUS}","e":"AQAB","alg":"RS256"}},
            {{"kty":"RSA","kid":"rsa-pss","n":"{RSA_MODULUS}","e":"AQAB","alg":"PS256"}},
            {{"kty":"RSA","kid":"rsa-short","n":"{SHORT_MODULUS}","e":"AQAB"}},
            {{"kty":"oct","kid":"shared","k":"c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3I"}},
            {{"kty":"NEW","kid":"of-another-age","z":"1"}}]}}"#
    );
    serde_json::from_str(&set).unwrap()
}

fn unsigned(header: &str, claims: &str) -> String {
    let encode = |text: &str| BASE64URL_NOPAD.encode(text.as_bytes());
    format!("{}.{}", encode(header), encode(claims))
}

fn signed(header: &str, claims: &str) -> String {
    let message = unsigned(header, claims);
    let signature: Signature = ec_key().sign(message.as_bytes());
    format!(
        "{message}.{}",
        BASE64URL_NOPAD.encode(&signature.to_bytes())
    )
}

fn verify(token: &str, seconds: i64) -> Result<OfficerClaims, TokenRefusal> {
    let verifier = Verifier {
        issuer: ISSUER.to_owned(),
        audience: "suqiu".to_owned(),
    };
    verifier.verify::<OfficerClaims>(
        token,
        &keys(),
        DateTime::from_timestamp(seconds, 0).unwrap(),
    )
}

fn check(token: &str, expected: TokenRefusal) {
    assert_eq!(verify(token, ISSUED_AT), Err(expected), "{token}");
}

#[test]
fn a_good_token_of_either_algorithm_names_the_officer() {
    let officer = OfficerClaims {
        sub: "officer-7".to_owned(),
        name: None,
        unit: "unit-3".to_owned(),
        roles: vec!["liaison".to_owned()],
        amr: Vec::new(),
        exp: 1_780_003_600,
    };
    assert_eq!(
        verify(&signed(EC_HEADER, CLAIMS), ISSUED_AT),
        Ok(officer.clone())
    );
    assert_eq!(verify(RS256_TOKEN, ISSUED_AT), Ok(officer));
}

/// RFC 8176 §2: several factors are what the issuer says they are, not how many methods it lists.
#[test]
fn several_factors_are_the_issuers_to_tell() {
    for (amr, told) in [
        ("", false),
        (r#","amr":[]"#, false),
        (r#","amr":["pwd","otp"]"#, false),
        (r#","amr":["pwd","mfa"]"#, true),
    ] {
        let claims = CLAIMS.replacen('}', &format!("{amr}}}"), 1);
        let officer = verify(&signed(EC_HEADER, &claims), ISSUED_AT).unwrap();
        assert_eq!(officer.has_several_factors(), told, "{amr}");
    }
    let claims = CLAIMS.replacen('}', r#","amr":"mfa"}"#, 1);
    check(&signed(EC_HEADER, &claims), TokenRefusal::BadClaims);
}

#[test]
fn the_time_passed_in_decides_with_a_minute_of_leeway() {
    let token = signed(EC_HEADER, CLAIMS);
    let rows = [
        (ISSUED_AT - 61, Some(TokenRefusal::NotYetValid)),
        (ISSUED_AT - 60, None),
        (ISSUED_AT + 3_659, None),
        (ISSUED_AT + 3_660, Some(TokenRefusal::Expired)),
        (0, Some(TokenRefusal::NotYetValid)),
    ];
    for (seconds, expected) in rows {
        for token in [token.as_str(), RS256_TOKEN] {
            assert_eq!(verify(token, seconds).err(), expected, "{seconds}");
        }
    }
}

#[test]
fn algorithms_and_keys_off_the_list_are_refused() {
    use TokenRefusal::{Malformed, UnknownKey, UnusableKey, WrongAlgorithm};
    let ec = |header: &str| signed(header, CLAIMS);
    let none = format!("{}.", unsigned(r#"{"alg":"none","kid":"ec"}"#, CLAIMS));
    let rows = [
        (none, Malformed),
        (
            format!("{}.", unsigned(EC_HEADER, CLAIMS)),
            TokenRefusal::WrongSignature,
        ),
        (ec(r#"{"alg":"nOnE","kid":"ec"}"#), Malformed),
        (ec(r#"{"alg":"ES384","kid":"ec"}"#), WrongAlgorithm),
        (ec(r#"{"alg":"EdDSA","kid":"ec"}"#), WrongAlgorithm),
        (ec(r#"{"alg":"PS256","kid":"rsa"}"#), WrongAlgorithm),
        (ec(r#"{"alg":"ES256","kid":"rsa"}"#), WrongAlgorithm),
        (ec(r#"{"alg":"RS256","kid":"ec"}"#), WrongAlgorithm),
        (ec(r#"{"alg":"RS256","kid":"rsa-pss"}"#), WrongAlgorithm),
        (ec(r#"{"alg":"ES256","kid":"shared"}"#), UnusableKey),
        (ec(r#"{"alg":"ES256","kid":"of-another-age"}"#), UnusableKey),
        (
            ec(r#"{"alg":"ES256","kid":"ec-for-encryption"}"#),
            UnusableKey,
        ),
        // No signature is that of a point off the curve.
        (
            ec(r#"{"alg":"ES256","kid":"off-curve"}"#),
            TokenRefusal::WrongSignature,
        ),
        (
            ec(r#"{"alg":"ES256","kid":"ec","crit":["b64"],"b64":false}"#),
            Malformed,
        ),
        (ec(r#"{"alg":"ES256","kid":"somebody"}"#), UnknownKey),
        (ec(r#"{"alg":"ES256"}"#), UnknownKey),
        (RS512_TOKEN.to_owned(), WrongAlgorithm),
        (SHORT_TOKEN.to_owned(), UnusableKey),
        (String::new(), Malformed),
        ("a.b.c".to_owned(), Malformed),
        ("x".repeat(TOKEN_MAX_BYTES + 1), Malformed),
    ];
    for (token, expected) in rows {
        check(&token, expected);
    }
}

#[test]
fn a_public_key_used_as_a_shared_secret_opens_nothing() {
    let secrets = [
        BASE64URL_NOPAD.decode(RSA_MODULUS.as_bytes()).unwrap(),
        RSA_MODULUS.as_bytes().to_vec(),
        b"secret-secret-secret-secret-secr".to_vec(),
    ];
    for (kid, secret) in ["rsa", "ec", "shared"].iter().zip(secrets) {
        let message = unsigned(&format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#), CLAIMS);
        let tag = hmac_sha256(&secret, &[message.as_bytes()]);
        let token = format!("{message}.{}", BASE64URL_NOPAD.encode(&tag));
        check(&token, TokenRefusal::WrongAlgorithm);
    }
}

#[test]
fn a_key_carried_by_the_token_itself_is_not_used() {
    let own = SigningKey::from_slice(&[9; 32]).unwrap();
    let point = own.verifying_key().to_encoded_point(false);
    let (x, y) = (
        BASE64URL_NOPAD.encode(point.x().unwrap()),
        BASE64URL_NOPAD.encode(point.y().unwrap()),
    );
    let header = format!(
        r#"{{"alg":"ES256","kid":"ec","jwk":{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}}}"#
    );
    let message = unsigned(&header, CLAIMS);
    let signature: Signature = own.sign(message.as_bytes());
    let token = format!(
        "{message}.{}",
        BASE64URL_NOPAD.encode(&signature.to_bytes())
    );
    check(&token, TokenRefusal::WrongSignature);
}

#[test]
fn claims_of_others_or_incomplete_ones_are_refused() {
    use TokenRefusal::{BadClaims, WrongAudience, WrongIssuer};
    let rows = [
        (
            r#""https://login.example","#,
            r#""https://login.example.evil","#,
            WrongIssuer,
        ),
        (r#""iss":"https://login.example","#, "", BadClaims),
        (r#"["suqiu","other"]"#, r#""other""#, WrongAudience),
        (r#"["suqiu","other"]"#, "[]", WrongAudience),
        (r#""aud":["suqiu","other"],"#, "", BadClaims),
        (r#""sub":"officer-7","#, "", BadClaims),
        (r#""officer-7""#, r#""""#, BadClaims),
        (r#""officer-7""#, "7", BadClaims),
        (r#""unit":"unit-3","#, "", BadClaims),
        (r#""unit-3""#, r#""""#, BadClaims),
        (r#"["liaison"]"#, r#""liaison""#, BadClaims),
        (r#","exp":1780003600"#, "", BadClaims),
        ("1780003600", r#""1780003600""#, BadClaims),
        ("1780003600", "-1", BadClaims),
        ("1780000000", r#""soon""#, BadClaims),
    ];
    for (from, to, expected) in rows {
        assert!(CLAIMS.contains(from), "{from}");
        check(&signed(EC_HEADER, &CLAIMS.replace(from, to)), expected);
    }
}

#[test]
fn a_single_audience_and_absent_roles_are_understood() {
    let claims = CLAIMS
        .replace(r#"["suqiu","other"]"#, r#""suqiu""#)
        .replace(r#""roles":["liaison"]"#, r#""name":"张三""#);
    let officer = verify(&signed(EC_HEADER, &claims), ISSUED_AT).unwrap();
    assert_eq!(officer.name.as_deref(), Some("张三"));
    assert_eq!(officer.roles, Vec::<String>::new());
}

proptest! {
    #[test]
    fn a_token_changed_anywhere_is_refused(at in any::<prop::sample::Index>(), by in 1..64u8) {
        const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let token = signed(EC_HEADER, CLAIMS);
        // The last character of each part has bits that mean nothing; leave these three out.
        let places: Vec<usize> = token
            .bytes()
            .enumerate()
            .filter(|(place, byte)| {
                let next = token.as_bytes().get(place + 1);
                *byte != b'.' && next.is_some_and(|next| *next != b'.')
            })
            .map(|(place, _)| place)
            .collect();
        let mut bytes = token.into_bytes();
        let place = places[at.index(places.len())];
        let old = ALPHABET.iter().position(|byte| *byte == bytes[place]).unwrap();
        bytes[place] = ALPHABET[(old + usize::from(by)) % 64];
        prop_assert!(verify(&String::from_utf8(bytes).unwrap(), ISSUED_AT).is_err());
    }

    #[test]
    fn no_text_makes_the_verifier_panic(token in "\\PC{0,80}|[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,40}\\.[A-Za-z0-9_-]{0,90}") {
        prop_assert!(verify(&token, ISSUED_AT).is_err());
    }
}
