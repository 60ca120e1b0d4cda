//! What is written of the knowledge base, decided of it, and looked for in it (R-KB-1 to R-KB-4).

use app::AppError;
use chrono::NaiveDate;
use domain::ids::UnitId;
use domain::knowledge::{Content, DraftStage, EntryKind, NoticeCause, Warned};
use domain::registry::Registry;
use domain::ticket::TicketNumber;
use serde::Deserialize;

use super::appeal::is_area;
use super::{Findings, NOTE_CHARACTERS, PART_CHARACTERS};

/// Longest title, in characters.
const TITLE_CHARACTERS: usize = 100;

/// Longest link, name of a document or code of a service item, in characters.
const LINE_CHARACTERS: usize = 500;

/// Entries of an answer at most, and where nothing is said.
const MOST_FOUND: usize = 10;
const FOUND: usize = 5;

/// What an entry is drafted from, where the draft itself says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggested {
    /// The question.
    pub title: String,
    /// The answer.
    pub body: String,
    /// Area code.
    pub area: Option<String>,
    /// Service item.
    pub service_item: Option<String>,
}

/// `POST /knowledge`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnowledgeBody {
    /// The unit whose business it is; who drafts is of it where nothing is said.
    #[serde(default)]
    owner: Option<String>,
    /// The ticket whose answer it is drafted from.
    #[serde(default)]
    from_ticket: Option<String>,
    /// Code of the kind.
    #[serde(default)]
    kind: Option<String>,
    /// The question, or the title.
    #[serde(default)]
    title: Option<String>,
    /// The answer, or the guide.
    #[serde(default)]
    body: Option<String>,
    /// Where the policy or the guide stands.
    #[serde(default)]
    link: Option<String>,
    /// The document that it rests on.
    #[serde(default)]
    source: Option<String>,
    /// Area code.
    #[serde(default)]
    area: Option<String>,
    /// Service item.
    #[serde(default)]
    service_item: Option<String>,
    /// The first day on which it holds: today, where nothing is said.
    #[serde(default)]
    valid_from: Option<NaiveDate>,
    /// The last day on which it holds.
    #[serde(default)]
    valid_to: Option<NaiveDate>,
    /// Whether the reviewer may have it.
    #[serde(default)]
    for_review: bool,
}

impl KnowledgeBody {
    /// The ticket that it is drafted from.
    pub fn ticket(&self) -> Result<Option<TicketNumber>, AppError> {
        let number = self.from_ticket.as_deref().map(TicketNumber::parse);
        number.transpose().map_err(|_| {
            let mut wrong = Findings::default();
            wrong.add("/fromTicket", "诉求编号不正确，请核对后重新填写");
            wrong.into_error()
        })
    }

    /// The unit whose it is to be.
    pub fn owner(&self, own: &UnitId, registry: &Registry) -> Result<UnitId, AppError> {
        let owner = self.owner.as_deref().map_or(Ok(own.clone()), UnitId::parse);
        let owner = owner.ok().filter(|owner| registry.unit(owner).is_some());
        owner.ok_or_else(|| {
            let mut wrong = Findings::default();
            wrong.add("/owner", "没有这个单位，请从单位目录中选择");
            wrong.into_error()
        })
    }

    /// Checks all of what it says; what is left out is as suggested.
    pub fn check(
        self,
        suggested: Suggested,
        today: NaiveDate,
    ) -> Result<(Content, DraftStage), AppError> {
        let mut wrong = Findings::default();
        let all: Vec<_> = EntryKind::ALL.iter().map(|kind| kind.code()).collect();
        let kind = self.kind.unwrap_or_else(|| {
            let kind = EntryKind::QuestionAnswer;
            kind.code().to_owned()
        });
        let kind = wrong.code("/kind", &kind, EntryKind::from_code, &all.join("、"));
        let content = Content {
            kind: kind.unwrap_or(EntryKind::QuestionAnswer),
            title: self.title.unwrap_or(suggested.title).trim().to_owned(),
            body: self.body.unwrap_or(suggested.body).trim().to_owned(),
            link: self.link,
            source: self.source,
            area: self.area.or(suggested.area),
            service_item: self.service_item.or(suggested.service_item),
            valid_from: self.valid_from.unwrap_or(today),
            valid_to: self.valid_to,
        };
        check(&content, today, &mut wrong);
        if !wrong.0.is_empty() {
            return Err(wrong.into_error());
        }
        let stage = if self.for_review {
            DraftStage::InReview
        } else {
            DraftStage::Drafting
        };
        Ok((content, stage))
    }
}

fn check(content: &Content, today: NaiveDate, wrong: &mut Findings) {
    wrong.text("/title", &content.title, "标题", TITLE_CHARACTERS);
    wrong.text("/body", &content.body, "内容", PART_CHARACTERS);
    for (pointer, text, name) in [
        ("/source", &content.source, "依据文件"),
        ("/serviceItem", &content.service_item, "事项编码"),
    ] {
        wrong.optional(pointer, text.as_deref(), name, LINE_CHARACTERS);
    }
    for (pointer, text) in [
        ("/title", content.title.as_str()),
        ("/body", &content.body),
        ("/source", content.source.as_deref().unwrap_or_default()),
        ("/link", content.link.as_deref().unwrap_or_default()),
    ] {
        wrong.no_numbers_of_people(pointer, text);
    }
    match content.link.as_deref() {
        Some(link) if !is_link(link) => {
            wrong.add("/link", "请填写以 https:// 或者 http:// 开头的网址");
        }
        None if content.kind == EntryKind::PolicyLink => {
            wrong.add("/link", "政策链接须填写网址");
        }
        _ => {}
    }
    if content.area.as_deref().is_some_and(|area| !is_area(area)) {
        wrong.add("/area", "区划代码应为6位数字");
    }
    let first = content.valid_from.max(today);
    if content.valid_to.is_some_and(|last| last < first) {
        wrong.add("/validTo", format!("有效期应不早于{first}"));
    }
}

fn is_link(link: &str) -> bool {
    let rest = link.strip_prefix("https://");
    let rest = rest.or_else(|| link.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty())
        && link.chars().count() <= LINE_CHARACTERS
        && !link.contains(|it: char| it.is_whitespace() || it.is_control())
}

/// A reason in words.
fn reason(reason: String, wrong: &mut Findings) -> String {
    wrong.text("/reason", &reason, "理由", NOTE_CHARACTERS);
    wrong.no_numbers_of_people("/reason", &reason);
    reason
}

/// `POST /knowledge/{entry}/publication`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnowledgePublicationBody {
    /// The writing that the reviewer read.
    pub revision: u32,
}

/// `POST /knowledge/{entry}/rejection`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnowledgeRejectionBody {
    revision: u32,
    reason: String,
}

impl KnowledgeRejectionBody {
    /// The writing that the reviewer read, and why it is sent back.
    pub fn check(self) -> Result<(u32, String), AppError> {
        let mut wrong = Findings::default();
        let reason = reason(self.reason, &mut wrong);
        if wrong.0.is_empty() {
            Ok((self.revision, reason))
        } else {
            Err(wrong.into_error())
        }
    }
}

/// `POST /knowledge/{entry}/withdrawal`, `POST /knowledge/{entry}/notices/{notice}/dismissal`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnowledgeReasonBody {
    reason: String,
}

impl KnowledgeReasonBody {
    /// Why.
    pub fn check(self) -> Result<String, AppError> {
        let mut wrong = Findings::default();
        let reason = reason(self.reason, &mut wrong);
        if wrong.0.is_empty() {
            Ok(reason)
        } else {
            Err(wrong.into_error())
        }
    }
}

/// `POST /knowledge/{entry}/notices`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnowledgeNoticeBody {
    cause: String,
    words: String,
}

impl KnowledgeNoticeBody {
    /// What is warned of.
    pub fn check(self) -> Result<Warned, AppError> {
        let mut wrong = Findings::default();
        let all: Vec<_> = NoticeCause::ALL.iter().map(|cause| cause.code()).collect();
        let all = all.join("、");
        let cause = wrong.code("/cause", &self.cause, NoticeCause::from_code, &all);
        wrong.text("/words", &self.words, "情况说明", NOTE_CHARACTERS);
        wrong.no_numbers_of_people("/words", &self.words);
        match cause {
            Some(cause) if wrong.0.is_empty() => Ok(Warned {
                cause,
                words: self.words,
            }),
            _ => Err(wrong.into_error()),
        }
    }
}

/// `POST /knowledge-searches`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct KnowledgeSearchBody {
    /// In words: one character, or a whole appeal.
    pub text: String,
    /// Area code.
    #[serde(default)]
    pub area: Option<String>,
    /// Entries at most.
    #[serde(default)]
    pub limit: Option<usize>,
}

impl KnowledgeSearchBody {
    /// What is looked for, where, and how many at most.
    pub fn check(self) -> Result<(String, Option<String>, usize), AppError> {
        let mut wrong = Findings::default();
        wrong.text("/text", &self.text, "要查找的内容", PART_CHARACTERS);
        if self.area.as_deref().is_some_and(|area| !is_area(area)) {
            wrong.add("/area", "区划代码应为6位数字");
        }
        let limit = self.limit.unwrap_or(FOUND);
        if !(1..=MOST_FOUND).contains(&limit) {
            wrong.add("/limit", format!("应在1至{MOST_FOUND}之间"));
        }
        if wrong.0.is_empty() {
            Ok((self.text, self.area, limit))
        } else {
            Err(wrong.into_error())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn checked(body: &serde_json::Value) -> Result<(Content, DraftStage), Vec<String>> {
        let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let body = parse::<KnowledgeBody>(body.to_string().as_bytes()).unwrap();
        let suggested = Suggested {
            title: "问".to_owned(),
            body: "答".to_owned(),
            area: Some("370902".to_owned()),
            service_item: None,
        };
        match body.check(suggested, today) {
            Ok(checked) => Ok(checked),
            Err(AppError::Invalid(fields)) => {
                Err(fields.into_iter().map(|field| field.pointer).collect())
            }
            Err(other) => Err(vec![other.to_string()]),
        }
    }

    #[test]
    fn r_kb_1_every_wrong_field_of_a_draft_is_said_at_once() {
        let wrong = serde_json::json!({
            "kind": "rumour", "title": "长".repeat(101), "body": "电话13877770002",
            "link": "ftp://example.gov.cn", "source": " ", "area": "37", "validTo": "2026-03-01",
        });
        let pointers = [
            "/kind", "/title", "/source", "/body", "/link", "/area", "/validTo",
        ];
        assert_eq!(checked(&wrong).unwrap_err(), pointers);
        let link = serde_json::json!({ "kind": "policy_link" });
        assert_eq!(checked(&link).unwrap_err(), ["/link"]);
        let link = serde_json::json!({ "link": "https://example.gov.cn/a b" });
        assert_eq!(checked(&link).unwrap_err(), ["/link"]);
    }

    #[test]
    fn r_kb_4_what_a_draft_leaves_out_is_as_the_ticket_suggests() {
        let (content, stage) = checked(&serde_json::json!({ "title": "另问" })).unwrap();
        assert_eq!(
            (content.title.as_str(), content.body.as_str()),
            ("另问", "答")
        );
        assert_eq!(content.area.as_deref(), Some("370902"));
        assert_eq!(content.valid_from.to_string(), "2026-03-02");
        assert_eq!(stage, DraftStage::Drafting);
    }
}
