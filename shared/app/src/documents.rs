//! The long texts of a ticket, as immutable documents named by their content.

use chrono::NaiveDate;
use domain::answer::{Answer, HandlingRecord, InterimPlan};
use domain::ids::TextRef;
use domain::workflow::command::SupplementItem;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use text::masking::{Known, mask};

use crate::error::AppError;

/// A text under a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Document {
    /// The appeal itself.
    Appeal {
        /// Its title.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Its text.
        text: String,
    },
    /// An answer, with the handling record when a unit gave it.
    Answer {
        /// 处理记录五要素.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        record: Option<Box<RecordDocument>>,
        /// 答复四要素.
        answer: AnswerDocument,
        /// Why it cannot be solved now, and what is done meanwhile.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interim: Option<InterimDocument>,
        /// The entries of the knowledge base that it rests on, as they were then.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        knowledge: Vec<CitedEntry>,
    },
    /// Why a unit gives a ticket back.
    Return {
        /// 职责依据.
        ground: String,
        /// In words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        explanation: Option<String>,
    },
    /// A plan of rectification.
    Plan {
        /// 整改措施.
        measures: String,
        /// 责任人.
        responsible: String,
        /// 客观原因.
        reason: String,
    },
    /// A supplement list.
    SupplementList(Vec<SupplementItemDocument>),
    /// A note, an explanation, an appellant's words.
    Note(String),
}

/// The handling record as written down (Art. 8(4)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct RecordDocument {
    /// 调查过程.
    pub investigation: String,
    /// 事实认定.
    pub facts: String,
    /// 法律依据.
    pub legal_basis: String,
    /// 解决措施.
    pub measures: String,
    /// 救济途径.
    pub remedies: String,
}

/// The answer as written down (Art. 13(5)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AnswerDocument {
    /// 问题核实情况.
    pub verification: String,
    /// 处理依据.
    pub basis: String,
    /// 解决结果.
    pub result: String,
    /// 后续建议.
    pub advice: String,
}

/// An entry of the knowledge base that an answer rests on, as written down (R-KB-4).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CitedEntry {
    /// Which entry.
    pub entry: String,
    /// Which version was shown then.
    pub version: u32,
    /// Its title.
    pub title: String,
    /// Code of why it was not to be relied on then, if it was not (Art. 17(4)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stale: Option<String>,
}

/// What cannot be solved now, as written down (Art. 13(6)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct InterimDocument {
    /// 原因.
    pub reason: String,
    /// 阶段性方案或替代服务.
    pub plan: String,
    /// Review date.
    pub review_on: NaiveDate,
}

/// One item of a supplement list, as written down (Art. 13(3)).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SupplementItemDocument {
    /// What is wanted.
    pub what: String,
    /// Why it is needed.
    pub why: String,
    /// How to hand it in.
    pub how: String,
}

impl From<SupplementItemDocument> for SupplementItem {
    fn from(document: SupplementItemDocument) -> Self {
        let SupplementItemDocument { what, why, how } = document;
        Self { what, why, how }
    }
}

impl From<InterimDocument> for InterimPlan {
    fn from(document: InterimDocument) -> Self {
        let InterimDocument {
            reason,
            plan,
            review_on,
        } = document;
        Self {
            reason,
            plan,
            review_on,
        }
    }
}

impl From<RecordDocument> for HandlingRecord {
    fn from(document: RecordDocument) -> Self {
        let RecordDocument {
            investigation,
            facts,
            legal_basis,
            measures,
            remedies,
        } = document;
        Self {
            investigation,
            facts,
            legal_basis,
            measures,
            remedies,
        }
    }
}

impl From<AnswerDocument> for Answer {
    fn from(document: AnswerDocument) -> Self {
        let AnswerDocument {
            verification,
            basis,
            result,
            advice,
        } = document;
        Self {
            verification,
            basis,
            result,
            advice,
        }
    }
}

/// Masks every text of a document: whatever field is added is masked too.
fn mask_texts(value: &mut Value, known: &Known) {
    match value {
        Value::String(text) => *text = mask(text, known).text,
        Value::Array(parts) => parts.iter_mut().for_each(|part| mask_texts(part, known)),
        Value::Object(fields) => fields.values_mut().for_each(|part| mask_texts(part, known)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

impl Document {
    /// The document with personal data in its texts masked (Art. 16; R-DP-2).
    pub fn masked(&self, known: &Known) -> Result<Self, AppError> {
        let broken = |error: serde_json::Error| AppError::Broken(error.to_string());
        let mut document = serde_json::to_value(self).map_err(broken)?;
        mask_texts(&mut document, known);
        serde_json::from_value(document).map_err(broken)
    }

    /// The bytes that are stored, and their name.
    pub fn seal(&self) -> Result<(TextRef, Vec<u8>), AppError> {
        let bytes =
            serde_json::to_vec(self).map_err(|error| AppError::Broken(error.to_string()))?;
        Ok((TextRef::of(&bytes), bytes))
    }

    /// Reads a stored document.
    pub fn open(bytes: &[u8]) -> Result<Self, AppError> {
        serde_json::from_slice(bytes).map_err(|error| AppError::Broken(error.to_string()))
    }

    /// The note named `name` among `texts`.
    pub fn note(texts: &[(TextRef, Vec<u8>)], name: &TextRef) -> Option<String> {
        match Self::find(texts, name)? {
            Self::Note(note) => Some(note),
            _ => None,
        }
    }

    /// The document named `name` among `texts`.
    pub fn find(texts: &[(TextRef, Vec<u8>)], name: &TextRef) -> Option<Self> {
        let (_, bytes) = texts.iter().find(|(each, _)| each == name)?;
        Self::open(bytes).ok()
    }
}
