//! What units, co-handlers and the managing unit send while a ticket is handled (Art. 8, 12, 13), and
//! the appellant's answer to a supplement list.

use app::documents::{AnswerDocument, InterimDocument, RecordDocument, SupplementItemDocument};
use chrono::NaiveDate;
use serde::Deserialize;

use super::ContactBody;

/// `POST /tickets/{number}/co-handlers`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CoHandlersBody {
    /// Who helps from now on.
    pub co_handlers: Vec<String>,
    /// A note to them.
    #[serde(default)]
    pub note: Option<String>,
}

/// `POST /tickets/{number}/opinion`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpinionBody {
    /// The co-handler's opinion.
    #[serde(default)]
    pub opinion: Option<String>,
}

/// `POST /tickets/{number}/co-handler-release`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReleaseBody {
    /// Which co-handler.
    pub unit: String,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /tickets/{number}/return`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnBody {
    /// Code of the reason.
    pub reason: String,
    /// The legal ground.
    #[serde(default)]
    pub ground: String,
    /// Whose duty it is instead.
    pub suggested: String,
    /// In words.
    #[serde(default)]
    pub explanation: Option<String>,
}

/// `POST /tickets/{number}/return-acceptance` and `/return-refusal`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReturnDecisionBody {
    /// From when the duty list should say so; the next day if left out.
    #[serde(default)]
    pub duty_from: Option<NaiveDate>,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /tickets/{number}/extension`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExtensionBody {
    /// Working days.
    pub days: u32,
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// An approval: nothing but a note.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DecisionBody {
    /// A note.
    #[serde(default)]
    pub note: Option<String>,
}

/// What needs a reason: refusals, verifications, reopening, raising to the government.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReasonBody {
    /// Why, or what was found.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /tickets/{number}/deferral`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeferralBody {
    /// 整改措施.
    #[serde(default)]
    pub measures: String,
    /// 责任人.
    #[serde(default)]
    pub responsible: String,
    /// 客观原因.
    #[serde(default)]
    pub reason: String,
    /// 完成时限.
    pub until: NaiveDate,
}

/// `POST /tickets/{number}/supplement`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupplementBody {
    /// The whole list.
    pub items: Vec<SupplementItemDocument>,
}

/// `POST /appeals/{number}/supplement`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupplementAnswerBody {
    /// Which items of the list, from 1.
    pub items: Vec<u8>,
    /// In words.
    #[serde(default)]
    pub text: Option<String>,
    /// Uploads that belong to it.
    #[serde(default)]
    pub attachments: Vec<String>,
}

/// `POST /tickets/{number}/review`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReviewBody {
    /// What was found.
    #[serde(default)]
    pub finding: Option<String>,
    /// When it is looked at again; none: it leaves the register.
    #[serde(default)]
    pub next_on: Option<NaiveDate>,
}

/// `POST /tickets/{number}/delivery`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeliveryBody {
    /// Code of the way.
    pub way: String,
    /// To whom, when.
    #[serde(default)]
    pub reason: Option<String>,
}

/// `POST /tickets/{number}/close`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CloseBody {
    /// 处理记录五要素.
    #[serde(default)]
    pub record: RecordDocument,
    /// 答复四要素.
    #[serde(default)]
    pub answer: AnswerDocument,
    /// Code of the outcome; `solved` if left out.
    #[serde(default)]
    pub outcome: Option<String>,
    /// Why it cannot be solved now, and what is done meanwhile.
    #[serde(default)]
    pub interim: Option<InterimDocument>,
    /// A contact recorded together with closing.
    #[serde(default)]
    pub contact: Option<ContactBody>,
    /// Ids of the entries of the knowledge base that the answer rests on.
    #[serde(default)]
    pub knowledge: Vec<String>,
}
