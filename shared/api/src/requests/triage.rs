//! What the triage desk sends (Art. 6(6), 7, 10, 11).

use app::documents::AnswerDocument;
use chrono::NaiveDate;
use serde::Deserialize;

/// `POST /tickets/{number}/direct-answer`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DirectAnswerBody {
    /// The answer.
    pub answer: AnswerDocument,
    /// Ids of the entries of the knowledge base that it rests on.
    #[serde(default)]
    pub knowledge: Vec<String>,
}

/// `POST /tickets/{number}/decline`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclineBody {
    /// Code of the ground.
    pub ground: String,
    /// Explanation to the appellant.
    #[serde(default)]
    pub explanation: Option<String>,
}

/// `POST /tickets/{number}/explanation`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExplainBody {
    /// Code of the ground.
    pub ground: String,
    /// Explanation to the appellant.
    #[serde(default)]
    pub explanation: Option<String>,
}

/// `POST /tickets/{number}/repeat`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EarlierBody {
    /// Number of the earlier ticket on the same matter.
    pub earlier: String,
}

/// `POST /tickets/{number}/referral`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReferBody {
    /// Where to turn, and how.
    #[serde(default)]
    pub guidance: Option<String>,
}

/// `POST /tickets/{number}/dispatch`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DispatchBody {
    /// The unit; with co-handlers, the lead.
    pub unit: String,
    /// Who helps.
    #[serde(default)]
    pub co_handlers: Vec<String>,
    /// A note to them.
    #[serde(default)]
    pub note: Option<String>,
}

/// `POST /tickets/{number}/transfer`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TransferBody {
    /// The county's managing unit.
    pub unit: String,
    /// A note to it.
    #[serde(default)]
    pub note: Option<String>,
}

/// `POST /tickets/{number}/joint-handling`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JointBody {
    /// Code of the cause.
    pub cause: String,
    /// Who takes part.
    pub members: Vec<String>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /tickets/{number}/meetings`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MeetingBody {
    /// On which day they met.
    pub met_on: NaiveDate,
    /// What was said.
    #[serde(default)]
    pub minutes: Option<String>,
}

/// `POST /tickets/{number}/joint-conclusion`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConclusionBody {
    /// Whose duty it is.
    pub unit: String,
    /// Who helps.
    #[serde(default)]
    pub co_handlers: Vec<String>,
    /// The conclusion.
    #[serde(default)]
    pub conclusion: Option<String>,
}
