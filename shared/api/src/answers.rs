//! What callers get.

mod accountability;
mod actions;
mod batch;
mod callback;
mod directory;
mod exports;
mod figures;
mod guidance;
mod knowledge;
mod knowledge_draft;
mod parts;
mod problem_group;
mod receipts;
mod reconciliation;
mod record;
mod reveal;
mod rules;
mod supervision;
mod texts;
mod ticket;
mod track;
mod uploads;
mod views;
mod worklist;

pub use accountability::{AccountabilityPage, AccountabilityView};
pub use actions::{
    APPELLANT, ActionAnswer, ClosedAction, OpenAction, Viewer, action_answer, closed_actions,
    open_actions,
};
pub use batch::{BatchAnswer, BatchRow, RowOutcome};
pub use directory::{Directory, directory};
pub use exports::{ExportView, ExportsPage};
pub use figures::{
    FigureTicket, FigureTickets, FiguresAnswer, PeriodicList, PeriodicRow, QuestionList,
};
pub use guidance::{Notice, emergency_notice, emergency_warning, guidance};
pub use knowledge::{DifferenceView, KnowledgeList, KnowledgeRowView, KnowledgeView};
pub use knowledge_draft::suggested;
pub use problem_group::{
    CandidateList, GroupPage, GroupView, candidate_list, group_row, group_view,
};
pub use receipts::{Reader, ReceiptView, receipts};
pub use reconciliation::{ChannelDay, DayPage, ReconciliationView};
pub use record::{RecordPage, record_page};
pub use reveal::{RevealedPage, revealed_page};
pub use rules::{RuleChangeView, RulesAnswer, rules};
pub use supervision::{
    RestrictionList, SupervisionPage, SupervisionView, restriction_list, supervision_view,
};
pub use texts::{answer_name, answer_of, appeal_text, guidance_of};
pub use ticket::{TicketPage, TicketParts, ticket_page};
pub use track::{TrackPage, TrackParts, track_page};
pub use uploads::{AttachmentLink, UploadGrant};
pub use worklist::{WorklistAnswer, WorklistCounts, worklist, worklist_counts};

use chrono::{DateTime, Utc};
use serde::Serialize;

/// Answer to a submission.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppealReceipt {
    /// Ticket number.
    pub number: String,
    /// Query code.
    pub query_code: String,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// State code.
    pub state: &'static str,
    /// Shown when the text bears signs of an emergency (R-TR-6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}
