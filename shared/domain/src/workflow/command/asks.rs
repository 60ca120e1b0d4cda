//! Which action a command asks for, with which words, and which threshold asks for it.

use super::Command;
use crate::clocks::{Step, Threshold};
use crate::ids::TextRef;
use crate::workflow::words::{Action, Clock};

impl Command {
    /// The action of the table that this command asks for.
    pub const fn action(&self) -> Action {
        match self {
            Self::Submit(_) => Action::Submit,
            Self::AnswerDirectly { .. } => Action::AnswerDirectly,
            Self::Dispatch { .. } => Action::Dispatch,
            Self::Transfer { .. } => Action::Transfer,
            Self::TakeOn => Action::TakeOn,
            Self::Decline { .. } => Action::Decline,
            Self::Explain { .. } => Action::Explain,
            Self::CiteEarlier { .. } => Action::CiteEarlier,
            Self::Refer { .. } => Action::Refer,
            Self::OpenJoint { .. } => Action::OpenJoint,
            Self::RecordMeeting { .. } => Action::RecordMeeting,
            Self::RaiseToGovernment { .. } => Action::RaiseToGovernment,
            Self::ConcludeJoint { .. } => Action::ConcludeJoint,
            Self::Sign => Action::Sign,
            Self::RecordContact(_) => Action::RecordContact,
            Self::AppointCoHandlers { .. } => Action::AppointCoHandlers,
            Self::CoSign => Action::CoSign,
            Self::GiveOpinion { .. } => Action::GiveOpinion,
            Self::ReleaseCoHandler { .. } => Action::ReleaseCoHandler,
            Self::AskReturn { .. } => Action::AskReturn,
            Self::AcceptReturn { .. } => Action::AcceptReturn,
            Self::RefuseReturn { .. } => Action::RefuseReturn,
            Self::AskExtension { .. } => Action::AskExtension,
            Self::GrantExtension { .. } => Action::GrantExtension,
            Self::RefuseExtension { .. } => Action::RefuseExtension,
            Self::AskDeferral { .. } => Action::AskDeferral,
            Self::GrantDeferral { .. } => Action::GrantDeferral,
            Self::RefuseDeferral { .. } => Action::RefuseDeferral,
            Self::VerifyRectification { .. } => Action::VerifyRectification,
            Self::SendBack { .. } => Action::SendBack,
            Self::AskSupplement { .. } => Action::AskSupplement,
            Self::AnswerSupplement { .. } => Action::AnswerSupplement,
            Self::EndSupplement { .. } => Action::EndSupplement,
            Self::LapseSupplement => Action::LapseSupplement,
            Self::Close { .. } => Action::Close,
            Self::ReviewUnsolved { .. } => Action::ReviewUnsolved,
            Self::Reopen { .. } => Action::Reopen,
            Self::NoteUndelivered { .. } => Action::NoteUndelivered,
            Self::DeliverOtherwise { .. } => Action::DeliverOtherwise,
            Self::Warn(..) => Action::Warn,
            Self::MarkOverdue(_) => Action::MarkOverdue,
            Self::MoveDeadline { .. } => Action::MoveDeadline,
            Self::Rate(..) => Action::Rate,
            Self::ContestRating { .. } => Action::ContestRating,
            Self::VerifyRating { .. } => Action::VerifyRating,
            Self::DrawCallback { .. } => Action::DrawCallback,
            Self::TryCallback { .. } => Action::TryCallback,
            Self::CompleteCallback { .. } => Action::CompleteCallback,
            Self::CompleteRectification { .. } => Action::CompleteRectification,
            Self::Withdraw { .. } => Action::Withdraw,
            Self::Reveal { .. } => Action::Reveal,
            Self::Erase { .. } => Action::Erase,
            Self::Archive { .. } => Action::Archive,
        }
    }

    /// The words of somebody who must give some: what the need "reason" and its like ask for.
    pub const fn words(&self) -> Option<&TextRef> {
        match self {
            Self::Explain { text, .. }
            | Self::Refer { text }
            | Self::OpenJoint { text, .. }
            | Self::RecordMeeting { text, .. }
            | Self::RaiseToGovernment { text }
            | Self::ConcludeJoint { text, .. }
            | Self::GiveOpinion { text }
            | Self::ReleaseCoHandler { text, .. }
            | Self::RefuseReturn { text, .. }
            | Self::AskExtension { text, .. }
            | Self::RefuseExtension { text }
            | Self::RefuseDeferral { text }
            | Self::VerifyRectification { text }
            | Self::SendBack { text }
            | Self::ReviewUnsolved { text, .. }
            | Self::Reopen { text }
            | Self::ContestRating { text }
            | Self::VerifyRating { text, .. }
            | Self::CompleteRectification { text }
            | Self::DeliverOtherwise { text, .. } => text.as_ref(),
            _ => None,
        }
    }

    /// The command that `threshold` asks the system for; none where something else does it.
    pub fn at(threshold: &Threshold) -> Option<Self> {
        match (threshold.id.clock, threshold.step) {
            (Clock::Archive, _) => None,
            (_, Step::Warn(mark)) => Some(Self::Warn(threshold.id.clone(), mark)),
            (Clock::Supplement, Step::End) => Some(Self::LapseSupplement),
            (_, Step::End) => Some(Self::MarkOverdue(threshold.id.clone())),
        }
    }

    /// Whether this command is what `threshold` asks for.
    pub fn fires(&self, threshold: &Threshold) -> bool {
        match (self, threshold.step) {
            (Self::Archive { .. }, Step::End) => threshold.id.clock == Clock::Archive,
            _ => Self::at(threshold).as_ref() == Some(self),
        }
    }
}
