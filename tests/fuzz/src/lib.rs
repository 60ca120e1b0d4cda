//! A fuzz body for every parser of what comes from outside (Art. 16; R-IN-1): each takes any bytes,
//! must not panic, and holds what it reads to a rule of its own. `cargo fuzz` runs them by coverage
//! (`tests/fuzz/targets`), `./test` runs the same on damaged samples.

#![expect(
    clippy::missing_panics_doc,
    reason = "a body panics where a parser breaks its rule: that is what it is for"
)]

use access::channel::{self, SignedRequest, canonical_query};
use access::officer::{JwkSet, OfficerClaims, Verifier};
use access::secrets::{KeySet, verify_query_code};
use api::requests as form;
use app::seals::Seal;
use chrono::DateTime;
use domain::registry::FullRegistry;
use domain::rulebook::Rulebook;
use domain::ticket::TicketNumber;
use media::{MediaType, identify, strip_location};
use tables::{Part, appeals, export, import};
use text::masking::{Known, mask, numbers_of_people};

/// One body.
pub type Body = fn(&[u8]);

/// Every body, by the name of its target.
pub const BODIES: [(&str, Body); 9] = [
    ("appeal", appeal),
    ("requests", requests),
    ("registry", registry),
    ("rows", rows),
    ("number", number),
    ("token", token),
    ("signature", signature),
    ("masking", masking),
    ("files", files),
];

/// A submission (R-IN-1): read, and checked where it can be read.
pub fn appeal(bytes: &[u8]) {
    if let Ok(body) = form::parse::<form::AppealBody>(bytes) {
        // What is wrong with it is said by field, never by nothing.
        if let Err(app::AppError::Invalid(errors)) = body.check(&Rulebook::first()) {
            assert!(!errors.is_empty(), "refused for nothing");
        }
    }
}

macro_rules! read_all {
    ($bytes:expr; $($body:ident)+) => { $( let _ = form::parse::<form::$body>($bytes); )+ };
}

/// The bodies of every other request.
pub fn requests(bytes: &[u8]) {
    read_all!(bytes; DirectAnswerBody DeclineBody ExplainBody EarlierBody ReferBody DispatchBody
        TransferBody JointBody MeetingBody ConclusionBody CoHandlersBody OpinionBody ReleaseBody
        ReturnBody ReturnDecisionBody ExtensionBody DecisionBody ReasonBody DeferralBody
        SupplementBody SupplementAnswerBody ReviewBody DeliveryBody CloseBody);
    if let Ok(body) = form::parse::<form::CountBody>(bytes) {
        let _ = body.check();
    }
    if let Ok(body) = form::parse::<form::AccountabilityBody>(bytes) {
        let _ = body.check(&small_registry().registry);
    }
    if let Ok(body) = form::parse::<form::AccountabilityDecisionBody>(bytes) {
        let _ = body.check();
    }
    if let Ok(body) = form::parse::<form::KnowledgeBody>(bytes) {
        let _ = body.ticket();
        let _ = body.check(form::Suggested::default(), chrono::NaiveDate::MIN);
    }
    if let Ok(body) = form::parse::<form::KnowledgeSearchBody>(bytes) {
        let _ = body.check();
    }
    if let Ok(body) = form::parse::<form::RatingBody>(bytes) {
        let _ = body.check();
    }
    if let Ok(body) = form::parse::<form::RevealBody>(bytes) {
        let _ = body.check();
    }
    if let Ok(body) = form::parse::<form::ContactBody>(bytes) {
        let _ = body.check("/contact");
    }
    let _ = form::parse::<form::UploadBody>(bytes);
    let _ = form::parse::<form::WithdrawalBody>(bytes);
}

/// Units that the rows of the other parts may name.
const UNITS: &str = "id,name,kind,parent,area\n\
    ta-bigdata,测试大数据局,city_managing,,370900\nta-ylbzj,测试医保局,resolving,,370900\n";

/// A registry of these units.
pub fn small_registry() -> FullRegistry {
    let units = import(Part::Units, &FullRegistry::default(), UNITS.as_bytes());
    units.map(|change| change.after).unwrap_or_default()
}

/// The registry's CSV (R-AC-3): what was taken is written so that it is taken again, and changes
/// nothing.
pub fn registry(bytes: &[u8]) {
    let before = small_registry();
    for part in Part::ALL {
        let Ok(change) = import(part, &before, bytes) else {
            continue;
        };
        let written = export(part, &change.after);
        match import(part, &change.after, written.as_bytes()) {
            Ok(again) => assert_eq!(again.after, change.after, "{written}"),
            Err(errors) => assert!(errors.is_empty(), "{errors:?} in {written}"),
        }
    }
}

/// Appeals as CSV (R-IN-8): a row's body is one that submitting can read or refuse.
pub fn rows(bytes: &[u8]) {
    for row in appeals(bytes).unwrap_or_default() {
        appeal(row.body.to_string().as_bytes());
    }
}

/// A ticket number and a query code (R-IN-7): a number that is read is written as it reads, and no
/// code but the ticket's own is right.
pub fn number(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    if let Ok(number) = TicketNumber::parse(&text) {
        assert_eq!(TicketNumber::parse(number.as_str()), Ok(number));
    }
    assert!(!verify_query_code(&[7; 32], "K7QM3XPA", &text) || text.trim().len() >= 6);
    let _ = KeySet::parse(&text);
}

/// The public key of RFC 7517, appendix A.1, under the name that the samples use.
const ISSUER_KEYS: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256","use":"sig","kid":"1",
"x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}"#;

/// An officer's token (R-AC-2): nobody has the private key, so none is accepted.
pub fn token(bytes: &[u8]) {
    let verifier = Verifier {
        issuer: "https://issuer.example".to_owned(),
        audience: "suqiu".to_owned(),
    };
    let token = String::from_utf8_lossy(bytes);
    let keys = serde_json::from_str::<JwkSet>(ISSUER_KEYS);
    let outcome =
        keys.map(|keys| verifier.verify::<OfficerClaims>(&token, &keys, DateTime::UNIX_EPOCH));
    assert!(
        matches!(outcome, Ok(Err(_))),
        "a token that nobody signed, or no keys"
    );
}

/// A channel's request (R-AC-2): whatever its headers say, without the secret it is refused, and its
/// query reads the same once it is in canonical form.
pub fn signature(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.splitn(6, '\n');
    let mut next = || lines.next().unwrap_or_default();
    let request = SignedRequest {
        method: next(),
        path: next(),
        query: next(),
        timestamp: "0",
        nonce: next(),
        idempotency_key: next(),
        signature: next(),
        body: bytes,
    };
    let verified = channel::verify(&request, &[[7; 32]], DateTime::UNIX_EPOCH);
    assert!(verified.is_err(), "a request that nobody signed");
    let canonical = canonical_query(request.query);
    assert_eq!(canonical_query(&canonical), canonical);
}

/// Free text (R-DP-2): masking again changes nothing, and leaves no number of a person.
pub fn masking(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let masked = mask(&text, &Known::default());
    assert_eq!(mask(&masked.text, &Known::default()).text, masked.text);
    assert!(
        numbers_of_people(&masked.text).is_empty(),
        "{}",
        masked.text
    );
}

/// An uploaded file (R-IN-3) and a seal read back (R-DP-5).
pub fn files(bytes: &[u8]) {
    let _ = Seal::open(bytes);
    let found = identify(bytes);
    for media in MediaType::ALL {
        // Nothing is taken for what it was not told from its bytes to be.
        let stripped = strip_location(bytes, *media);
        if found == Ok(*media) {
            let _ = stripped.map(|stripped| identify(&stripped.bytes));
        }
    }
}

#[cfg(test)]
mod tests;
