//! What callers send, and how it becomes domain values. Everything wrong is said at once.

mod accountability;
mod appeal;
mod callback;
mod counts;
mod exports;
mod handling;
mod knowledge;
mod problem_group;
mod report;
mod rules;
mod supervision;
mod triage;

pub use accountability::{AccountabilityBody, AccountabilityDecisionBody};
pub use appeal::{AppealBody, ParsedAppeal};
pub use callback::{Call, CallbackBody, RatingVerificationBody, rating};
pub use counts::{CountBody, ParsedCount, day};
pub use exports::{ExportBody, ExportRefusalBody};
pub use handling::{
    CloseBody, CoHandlersBody, DecisionBody, DeferralBody, DeliveryBody, ExtensionBody,
    OpinionBody, ReasonBody, ReleaseBody, ReturnBody, ReturnDecisionBody, ReviewBody,
    SupplementAnswerBody, SupplementBody,
};
pub use knowledge::{
    KnowledgeBody, KnowledgeNoticeBody, KnowledgePublicationBody, KnowledgeReasonBody,
    KnowledgeRejectionBody, KnowledgeSearchBody, Suggested,
};
pub use problem_group::{
    GroupBody, GroupPlanBody, GroupReleaseBody, GroupTicketsBody, GroupVerificationBody, NewGroup,
};
pub use report::PeriodicBody;
pub use rules::{CalendarBody, RulebookBody};
pub use supervision::{SupervisionBody, SupervisionStepBody, WordsBody};
pub use triage::{
    ConclusionBody, DeclineBody, DirectAnswerBody, DispatchBody, EarlierBody, ExplainBody,
    JointBody, MeetingBody, ReferBody, TransferBody,
};

use app::AppError;
use app::documents::Document;
use app::erasure::ErasureWish;
use app::error::FieldError;
use chrono::{DateTime, Utc};
use domain::ids::{TextRef, UnitId, UploadId};
use domain::workflow::command::{Contact, Rating};
use domain::workflow::words::{ContactOutcome, ContactWay, ErasureGround, Purpose};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use text::masking::{PersonalKind, numbers_of_people};

/// JSON bodies may be this large; files go straight to object storage.
pub const BODY_LIMIT_BYTES: usize = 256 * 1024;

/// Longest note, explanation or word of a rating, in characters.
const NOTE_CHARACTERS: usize = 1_000;

/// Longest part of an answer or record, in characters.
const PART_CHARACTERS: usize = 5_000;

/// Reads a body as JSON of the expected shape.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, AppError> {
    parse_at(body, 1)
}

/// Reads what begins at a line of a body as JSON of the expected shape.
pub fn parse_at<T: DeserializeOwned>(part: &[u8], line: usize) -> Result<T, AppError> {
    if part.len() > BODY_LIMIT_BYTES {
        return Err(AppError::BodyTooLarge);
    }
    serde_json::from_slice(part).map_err(|error| AppError::Malformed(said(&error, line)))
}

/// What serde found, without the value it found it in: a body may hold personal data.
fn said(error: &serde_json::Error, from: usize) -> String {
    let line = (from + error.line()).saturating_sub(1);
    let place = format!("第{line}行第{}列", error.column());
    let text = error.to_string();
    let field = text.split('`').nth(1).unwrap_or_default();
    if text.starts_with("missing field") {
        format!("缺少字段 {field}")
    } else if text.starts_with("unknown field") {
        format!("{place}：未知字段")
    } else if error.is_data() {
        format!("{place}：字段类型不符")
    } else {
        format!("{place}：不是有效的 JSON")
    }
}

/// Collects what is wrong.
#[derive(Debug, Default)]
struct Findings(Vec<FieldError>);

impl Findings {
    fn add(&mut self, pointer: impl Into<String>, detail: impl Into<String>) {
        self.0.push(FieldError::new(pointer, detail));
    }

    fn code<T>(
        &mut self,
        pointer: &str,
        code: &str,
        read: fn(&str) -> Option<T>,
        all: &str,
    ) -> Option<T> {
        let value = read(code);
        if value.is_none() {
            self.add(pointer, format!("取值应为：{all}"));
        }
        value
    }

    fn text(&mut self, pointer: &str, text: &str, name: &str, most: usize) {
        let characters = text.trim().chars().count();
        if characters == 0 {
            self.add(pointer, format!("请填写{name}"));
        } else if characters > most {
            self.add(pointer, format!("{name}不超过{most}字，现有{characters}字"));
        }
    }

    fn optional(&mut self, pointer: &str, text: Option<&str>, name: &str, most: usize) {
        if let Some(text) = text {
            self.text(pointer, text, name, most);
        }
    }

    /// Whose number it is need not be written down (Art. 16): it is in the vault.
    fn no_numbers_of_people(&mut self, pointer: &str, text: &str) {
        let found: Vec<_> = numbers_of_people(text)
            .into_iter()
            .map(PersonalKind::name)
            .collect();
        if !found.is_empty() {
            let what = found.join("、");
            self.add(
                pointer,
                format!("文字中含有{what}号码（第十六条），请删去后再提交；单位联系方式请写公开的固定电话"),
            );
        }
    }

    fn into_error(self) -> AppError {
        AppError::Invalid(self.0)
    }
}

/// `POST /uploads`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadBody {
    /// Declared content type.
    pub content_type: String,
    /// Declared size.
    pub size_bytes: u64,
    /// SHA-256 of the content, base64.
    pub sha256: String,
}

/// `POST /appeals/{number}/rating`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RatingBody {
    /// 1 to 5.
    pub level: u8,
    /// Whether the matter was solved.
    pub solved: bool,
    /// With what a dissatisfied appellant is dissatisfied: `result`, `attitude` or `both`.
    #[serde(default)]
    pub aspect: Option<String>,
    /// The appellant's words.
    #[serde(default)]
    pub words: Option<String>,
}

impl RatingBody {
    /// The rating that it says.
    pub fn check(&self) -> Result<Rating, AppError> {
        rating(self.level, self.solved, self.aspect.as_deref())
    }
}

/// `POST /appeals/{number}/withdrawal`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WithdrawalBody {
    /// Why, in the appellant's words.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /tickets/{number}/reveals`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RevealBody {
    /// Code of the purpose.
    pub purpose: String,
}

impl RevealBody {
    /// Checks the code.
    pub fn check(&self) -> Result<Purpose, AppError> {
        let all: Vec<_> = Purpose::ALL.iter().map(|it| it.code()).collect();
        code("/purpose", &self.purpose, Purpose::from_code, &all)
    }
}

/// `POST /tickets/{number}/erasure`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ErasureBody {
    /// Code of the ground.
    pub ground: String,
    /// In words.
    #[serde(default)]
    pub reason: Option<String>,
}

impl ErasureBody {
    /// Checks the code and the words.
    pub fn check(
        self,
        seen_version: Option<u32>,
        at: DateTime<Utc>,
    ) -> Result<ErasureWish, AppError> {
        let all: Vec<_> = ErasureGround::ALL.iter().map(|it| it.code()).collect();
        let ground = code("/ground", &self.ground, ErasureGround::from_code, &all)?;
        let (_, documents) = note("/reason", self.reason)?;
        Ok(ErasureWish {
            ground,
            documents,
            seen_version,
            at,
        })
    }
}

/// `POST /tickets/{number}/contacts`, and within closing.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ContactBody {
    /// Code of the way.
    pub way: String,
    /// Code of the outcome.
    pub outcome: String,
    /// A note.
    #[serde(default)]
    pub note: Option<String>,
}

impl ContactBody {
    /// Checks the codes and the note; `at` is the pointer of this object in the request.
    pub fn check(self, at: &str) -> Result<(Contact, Vec<Document>), AppError> {
        let ways: Vec<_> = ContactWay::ALL.iter().map(|way| way.code()).collect();
        let outcomes: Vec<_> = ContactOutcome::ALL
            .iter()
            .map(|outcome| outcome.code())
            .collect();
        let way = code(
            &format!("{at}/way"),
            &self.way,
            ContactWay::from_code,
            &ways,
        )?;
        let outcome = &self.outcome;
        let pointer = format!("{at}/outcome");
        let outcome = code(&pointer, outcome, ContactOutcome::from_code, &outcomes)?;
        let (note, documents) = note(&format!("{at}/note"), self.note)?;
        Ok((Contact { way, outcome, note }, documents))
    }
}

/// A unit as its identifier.
pub fn unit(pointer: &str, id: &str) -> Result<UnitId, AppError> {
    let wrong = || FieldError::new(pointer, "没有这个单位，请从单位目录中选择");
    UnitId::parse(id).map_err(|_| AppError::Invalid(vec![wrong()]))
}

/// Units, each as its identifier; every wrong one is said.
pub fn units(pointer: &str, ids: &[String]) -> Result<Vec<UnitId>, AppError> {
    let mut wrong = Findings::default();
    let mut units = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        match UnitId::parse(id) {
            Ok(unit) => units.push(unit),
            Err(_) => wrong.add(
                format!("{pointer}/{index}"),
                "没有这个单位，请从单位目录中选择",
            ),
        }
    }
    if wrong.0.is_empty() {
        Ok(units)
    } else {
        Err(wrong.into_error())
    }
}

/// Uploads, each as its identifier; every wrong one is said.
pub fn uploads(pointer: &str, ids: &[String]) -> Result<Vec<UploadId>, AppError> {
    let mut wrong = Findings::default();
    let mut uploads = Vec::new();
    for (index, id) in ids.iter().enumerate() {
        match UploadId::parse(id) {
            Ok(upload) => uploads.push(upload),
            Err(_) => wrong.add(format!("{pointer}/{index}"), "上传编号格式有误"),
        }
    }
    if wrong.0.is_empty() {
        Ok(uploads)
    } else {
        Err(wrong.into_error())
    }
}

/// What an appellant adds to their ticket: no longer than a note.
pub fn own_words(pointer: &str, text: Option<String>) -> Result<Option<String>, AppError> {
    let mut wrong = Findings::default();
    wrong.optional(pointer, text.as_deref(), "说明", NOTE_CHARACTERS);
    if wrong.0.is_empty() {
        Ok(text)
    } else {
        Err(wrong.into_error())
    }
}

/// An officer's note as a document, and its name; nothing when there is none.
pub fn note(
    pointer: &str,
    text: Option<String>,
) -> Result<(Option<TextRef>, Vec<Document>), AppError> {
    let mut wrong = Findings::default();
    wrong.optional(pointer, text.as_deref(), "说明", NOTE_CHARACTERS);
    wrong.no_numbers_of_people(pointer, text.as_deref().unwrap_or_default());
    if !wrong.0.is_empty() {
        return Err(wrong.into_error());
    }
    let Some(text) = text else {
        return Ok((None, Vec::new()));
    };
    let document = Document::Note(text);
    let (name, _) = document.seal()?;
    Ok((Some(name), vec![document]))
}

/// Checks what an officer wrote: no part over-long, no number of a person; empty parts are for the
/// workflow to refuse.
pub fn check_texts(texts: &[(&str, &str, &str)]) -> Result<(), AppError> {
    let mut wrong = Findings::default();
    for (pointer, name, text) in texts {
        if !text.trim().is_empty() {
            wrong.text(pointer, text, name, NOTE_CHARACTERS);
            wrong.no_numbers_of_people(pointer, text);
        }
    }
    if wrong.0.is_empty() {
        Ok(())
    } else {
        Err(wrong.into_error())
    }
}

/// Checks what an officer wrote as an answer or record: no part over-long, no number of a person;
/// empty parts are for the closing gate.
pub fn check_parts<'a>(
    parts: impl IntoIterator<Item = domain::answer::Part<'a>>,
) -> Result<(), AppError> {
    let mut wrong = Findings::default();
    for (pointer, name, text) in parts {
        let characters = text.chars().count();
        if characters > PART_CHARACTERS {
            wrong.add(
                pointer,
                format!("“{name}”不超过{PART_CHARACTERS}字，现有{characters}字"),
            );
        }
        wrong.no_numbers_of_people(pointer, text);
    }
    if wrong.0.is_empty() {
        Ok(())
    } else {
        Err(wrong.into_error())
    }
}

/// Reads a code of a vocabulary, or says which there are.
pub fn code<T>(
    pointer: &str,
    code: &str,
    read: fn(&str) -> Option<T>,
    all: &[&str],
) -> Result<T, AppError> {
    let detail = || format!("取值应为：{}", all.join("、"));
    read(code).ok_or_else(|| AppError::Invalid(vec![FieldError::new(pointer, detail())]))
}

#[cfg(test)]
mod tests {
    use domain::rulebook::Rulebook;

    use super::*;

    fn body(change: impl Fn(&mut serde_json::Value)) -> Result<ParsedAppeal, AppError> {
        let mut json = serde_json::json!({
            "kind": "help", "subject": "service_item", "text": "医保缴费后查询不到记录",
            "appellant": {"kind": "person", "name": "张三", "phone": "13800000000"},
            "replyBy": "sms"
        });
        change(&mut json);
        parse::<AppealBody>(json.to_string().as_bytes())?.check(&Rulebook::first())
    }

    fn pointers(result: Result<ParsedAppeal, AppError>) -> Vec<String> {
        match result {
            Ok(_) => Vec::new(),
            Err(AppError::Invalid(fields)) => {
                fields.into_iter().map(|field| field.pointer).collect()
            }
            Err(other) => vec![other.to_string()],
        }
    }

    #[test]
    fn r_in_2_and_4_every_wrong_field_is_said_at_once() {
        assert!(pointers(body(|_| {})).is_empty());
        let wrong = pointers(body(|json| {
            json["kind"] = "other".into();
            json["text"] = "长".repeat(5_001).into();
            json["area"] = "37".into();
            json["appellant"]["phone"] = serde_json::Value::Null;
            json["attachments"] = serde_json::json!(["!"]);
        }));
        assert_eq!(
            wrong,
            [
                "/kind",
                "/text",
                "/area",
                "/attachments/0",
                "/appellant/phone"
            ]
        );
        assert_eq!(pointers(body(|json| json["text"] = " ".into())), ["/text"]);
    }

    #[test]
    fn malformed_bodies_are_told_without_their_values() {
        for (text, said) in [
            ("{", "第1行第1列：不是有效的 JSON"),
            (r#"{"level":5}"#, "缺少字段 solved"),
            (
                r#"{"level":"13800000000","solved":true}"#,
                "第1行第22列：字段类型不符",
            ),
        ] {
            let Err(AppError::Malformed(what)) = parse::<RatingBody>(text.as_bytes()) else {
                panic!("{text} was accepted")
            };
            assert_eq!(what, said);
        }
    }
}
