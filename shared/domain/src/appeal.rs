//! What a person or enterprise brings (诉求, Art. 2; R-IN-1 to R-IN-4).

use crate::ids::{ChannelCode, TextRef, UnitId, UploadId, VaultName};
use crate::personal::Personal;
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What the appellant wants (Art. 2, R-IN-2).
    Kind {
        Consultation = "consultation" "咨询",
        Help = "help" "求助",
        Complaint = "complaint" "投诉",
        /// Whistle-blowing; never shortened to "report".
        Report = "report" "举报",
        Suggestion = "suggestion" "意见建议",
    }
}

vocabulary! {
    /// What the appeal is about (Art. 2, R-IN-2).
    Subject {
        ServiceItem = "service_item" "政务服务事项办理",
        GuideQuery = "guide_query" "办事指南查询",
        SystemFunction = "system_function" "系统功能使用",
    }
}

vocabulary! {
    /// Who brings it (Art. 2, R-IN-4).
    AppellantKind { Person = "person" "个人", Enterprise = "enterprise" "企业" }
}

vocabulary! {
    /// How the appellant wants to be answered (用户指定方式, Art. 8(4); R-IN-4).
    ReplyWay { Phone = "phone" "电话", Sms = "sms" "短信", InApp = "in_app" "站内消息", Post = "post" "邮寄" }
}

/// Who brought the appeal (诉求人). Lives in the vault, never in the ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appellant {
    /// Person or enterprise.
    pub kind: AppellantKind,
    /// Name of the person or enterprise.
    pub name: Personal<String>,
    /// Phone number to answer to.
    pub phone: Option<Personal<String>>,
    /// Identity number or credit code.
    pub identity_number: Option<Personal<String>>,
    /// Postal address.
    pub address: Option<Personal<String>>,
}

/// An accepted submission, without its text and without personal data: what the ticket keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Where it came in.
    pub channel: ChannelCode,
    /// What is wanted.
    pub kind: Kind,
    /// What it is about.
    pub subject: Subject,
    /// Person or enterprise.
    pub appellant_kind: AppellantKind,
    /// How to answer.
    pub reply_way: ReplyWay,
    /// Area code by GB/T 2260, if named.
    pub area: Option<String>,
    /// Service item code, as text.
    pub service_item: Option<String>,
    /// The unit that receives, triages and supervises (R-TR-1).
    pub managing_unit: UnitId,
    /// The appeal's title and text.
    pub text: TextRef,
    /// Name of the appellant's record in the vault.
    pub vault: VaultName,
    /// Attachments, by upload.
    pub attachments: Vec<UploadId>,
}
