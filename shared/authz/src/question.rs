//! What is asked of the policies.

use domain::accountability::AccountabilityRecord;
use domain::export::Export;
use domain::ids::UnitId;
use domain::knowledge::KnowledgeEntry;
use domain::problem_group::ProblemGroup;
use domain::supervision::SupervisionCase;
use domain::ticket::Ticket;
use domain::workflow::words::{Action, Purpose, Role};

use crate::{Officer, Principal};

/// What somebody does about an export (R-DP-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportDeed {
    /// Ask for it.
    Ask,
    /// Read who asked for what, and what became of it.
    Read,
    /// Grant or refuse it.
    Decide,
    /// Take the file.
    Download,
}

/// What somebody does about a record of accountability (R-SV-9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountabilityDeed {
    /// Open it.
    Open,
    /// Read it.
    Read,
    /// Decide on it.
    Decide,
}

/// What somebody does about a case of supervision (R-SV-7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CaseDeed {
    /// Open it by hand.
    Open,
    /// Read it.
    Read,
    /// Take a step, accept or refuse an answer.
    Supervise,
    /// Answer it.
    Answer,
}

/// What somebody does about an entry of the knowledge base (R-KB-1, R-KB-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KnowledgeDeed {
    /// Read what is shown of it, and its notices.
    Read,
    /// Read what is being written, and what was taken down.
    ReadDraft,
    /// Write it.
    Draft,
    /// Publish a draft, send it back, or dismiss a notice.
    Review,
    /// Take it down.
    Withdraw,
    /// Give notice that it is wrong.
    Notice,
}

/// What somebody does about a problem group (R-AN-3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupDeed {
    /// Confirm it.
    Open,
    /// Read it.
    Read,
    /// Take tickets in or out, and verify what was done.
    Manage,
    /// Say why it arises, what is done about it, and that it is done.
    Rectify,
}

/// What a caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Intent<'a> {
    /// Read a ticket.
    Read(&'a Ticket),
    /// Read what the appellant brought, which is locked where it is unlawful or secret (Art. 11(2)).
    ReadContent(&'a Ticket),
    /// Act on a ticket.
    Act(Action, &'a Ticket),
    /// See personal data in clear, for a purpose (Art. 16).
    Reveal(Purpose, &'a Ticket),
    /// Read where an appeal stands, as its appellant.
    Track(&'a Ticket),
    /// Read the rules in force, which every officer works by.
    Rules,
    /// Read the work list of a unit.
    List(&'a UnitId),
    /// Read the registry.
    ReadRegistry,
    /// Change the registry.
    ChangeRegistry,
    /// Change the rules: rulebook, calendars.
    ChangeRules,
    /// Read what the channels counted, and what is missing (R-IN-5).
    ReadReconciliation,
    /// Something about an export.
    Export(ExportDeed, &'a Export),
    /// Read the list of exports.
    ListExports,
    /// Something about a record of accountability.
    Accountability(AccountabilityDeed, &'a AccountabilityRecord),
    /// Read the list of records of accountability.
    ListAccountability,
    /// Something about a case of supervision.
    Supervision(CaseDeed, &'a SupervisionCase),
    /// Read the list of cases of supervision.
    ListSupervision,
    /// Read the register of units whose projects are not supported (Art. 18).
    ReadRestrictions,
    /// Something about an entry of the knowledge base.
    Knowledge(KnowledgeDeed, &'a KnowledgeEntry),
    /// Take a ticket into a problem group.
    Gather(&'a Ticket),
    /// Something about a problem group.
    Group(GroupDeed, &'a ProblemGroup),
    /// Read the list of problem groups.
    ListGroups,
    /// Read what may be about one problem.
    ReadCandidates,
    /// Ask questions of the lake.
    AskFigures,
    /// See the masked tickets behind a figure.
    LookBehind,
    /// Read reports.
    ReadReports,
    /// Have a report made.
    OrderReport,
    /// Draft an entry from the answer of a ticket.
    DraftFrom(&'a Ticket),
    /// Read the list of a unit's entries, on which reviewers of these units decide.
    ListKnowledge(&'a UnitId, &'a [UnitId]),
    /// Search what is shown.
    SearchKnowledge,
    /// Bring in appeals, one or many.
    Submit,
    /// Be granted an upload.
    Upload,
    /// Compare the count of a day.
    CompareDay,
}

/// The type of what an intent is about, as the schema names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum About {
    /// A ticket.
    Ticket,
    /// A unit's work list.
    WorkList,
    /// An export.
    Export,
    /// A record of accountability.
    AccountabilityRecord,
    /// A case of supervision.
    SupervisionCase,
    /// An entry of the knowledge base.
    KnowledgeEntry,
    /// The list of a unit's entries.
    KnowledgeList,
    /// A problem group.
    ProblemGroup,
    /// What there is one of in a city.
    City,
}

impl About {
    /// All of them.
    pub const ALL: [Self; 9] = [
        Self::Ticket,
        Self::WorkList,
        Self::Export,
        Self::AccountabilityRecord,
        Self::SupervisionCase,
        Self::KnowledgeEntry,
        Self::KnowledgeList,
        Self::ProblemGroup,
        Self::City,
    ];

    /// Its name in the schema.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ticket => "Ticket",
            Self::WorkList => "WorkList",
            Self::Export => "Export",
            Self::AccountabilityRecord => "AccountabilityRecord",
            Self::SupervisionCase => "SupervisionCase",
            Self::KnowledgeEntry => "KnowledgeEntry",
            Self::KnowledgeList => "KnowledgeList",
            Self::ProblemGroup => "ProblemGroup",
            Self::City => "City",
        }
    }
}

/// What an intent is about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Resource<'a> {
    Ticket(&'a Ticket),
    WorkList(&'a UnitId),
    Export(&'a Export),
    Accountability(&'a AccountabilityRecord),
    Supervision(&'a SupervisionCase),
    Knowledge(&'a KnowledgeEntry),
    KnowledgeList(&'a UnitId, &'a [UnitId]),
    Group(&'a ProblemGroup),
    City,
}

impl<'a> Intent<'a> {
    /// The action's name in the policies.
    pub const fn action(self) -> &'static str {
        match self {
            Self::Read(_) => "readTicket",
            Self::ReadContent(_) => "readContent",
            Self::Act(action, _) => action.code(),
            Self::Reveal(..) => Action::Reveal.code(),
            Self::Track(_) => "trackAppeal",
            Self::Rules => "readRules",
            Self::List(_) => "readWorkList",
            Self::ReadRegistry => "readRegistry",
            Self::ChangeRegistry => "changeRegistry",
            Self::ChangeRules => "changeRules",
            Self::ReadReconciliation => "readReconciliation",
            Self::Export(ExportDeed::Ask, _) => "askExport",
            Self::Export(ExportDeed::Read, _) => "readExport",
            Self::Export(ExportDeed::Decide, _) => "decideExport",
            Self::Export(ExportDeed::Download, _) => "downloadExport",
            Self::ListExports => "readExports",
            Self::Accountability(AccountabilityDeed::Open, _) => "openAccountability",
            Self::Accountability(AccountabilityDeed::Read, _) => "readAccountability",
            Self::Accountability(AccountabilityDeed::Decide, _) => "decideAccountability",
            Self::ListAccountability => "listAccountability",
            Self::Supervision(CaseDeed::Open, _) => "openCase",
            Self::Supervision(CaseDeed::Read, _) => "readCase",
            Self::Supervision(CaseDeed::Supervise, _) => "superviseCase",
            Self::Supervision(CaseDeed::Answer, _) => "answerCase",
            Self::ListSupervision => "listCases",
            Self::ReadRestrictions => "readRestrictions",
            Self::Knowledge(KnowledgeDeed::Read, _) => "readKnowledge",
            Self::Knowledge(KnowledgeDeed::ReadDraft, _) => "readDraft",
            Self::Knowledge(KnowledgeDeed::Draft, _) => "draftKnowledge",
            Self::Knowledge(KnowledgeDeed::Review, _) => "reviewKnowledge",
            Self::Knowledge(KnowledgeDeed::Withdraw, _) => "withdrawKnowledge",
            Self::Knowledge(KnowledgeDeed::Notice, _) => "noticeKnowledge",
            Self::Group(GroupDeed::Open, _) => "openGroup",
            Self::Group(GroupDeed::Read, _) => "readGroup",
            Self::Group(GroupDeed::Manage, _) => "manageGroup",
            Self::Group(GroupDeed::Rectify, _) => "rectifyGroup",
            Self::Gather(_) => "gatherTicket",
            Self::ListGroups => "listGroups",
            Self::ReadCandidates => "readCandidates",
            Self::AskFigures => "askFigures",
            Self::LookBehind => "lookBehind",
            Self::ReadReports => "readReports",
            Self::OrderReport => "orderReport",
            Self::DraftFrom(_) => "draftFromTicket",
            Self::ListKnowledge(..) => "listKnowledge",
            Self::SearchKnowledge => "searchKnowledge",
            Self::Submit => "submitAppeal",
            Self::Upload => "grantUpload",
            Self::CompareDay => "compareDay",
        }
    }

    /// The workflow's action, if it is one.
    pub(crate) const fn acts(self) -> Option<Action> {
        match self {
            Self::Act(action, _) => Some(action),
            Self::Reveal(..) => Some(Action::Reveal),
            _ => None,
        }
    }

    /// What for, where that is asked.
    pub(crate) const fn purpose(self) -> Option<Purpose> {
        match self {
            Self::Reveal(purpose, _) => Some(purpose),
            _ => None,
        }
    }

    pub(crate) const fn about(self) -> About {
        match self.resource() {
            Resource::Ticket(_) => About::Ticket,
            Resource::WorkList(_) => About::WorkList,
            Resource::Export(_) => About::Export,
            Resource::Accountability(_) => About::AccountabilityRecord,
            Resource::Supervision(_) => About::SupervisionCase,
            Resource::Knowledge(_) => About::KnowledgeEntry,
            Resource::KnowledgeList(..) => About::KnowledgeList,
            Resource::Group(_) => About::ProblemGroup,
            Resource::City => About::City,
        }
    }

    pub(crate) const fn resource(self) -> Resource<'a> {
        match self {
            Self::Read(ticket)
            | Self::ReadContent(ticket)
            | Self::Act(_, ticket)
            | Self::Reveal(_, ticket)
            | Self::Track(ticket)
            | Self::Gather(ticket)
            | Self::DraftFrom(ticket) => Resource::Ticket(ticket),
            Self::List(unit) => Resource::WorkList(unit),
            Self::Export(_, export) => Resource::Export(export),
            Self::Accountability(_, record) => Resource::Accountability(record),
            Self::Supervision(_, case) => Resource::Supervision(case),
            Self::Knowledge(_, entry) => Resource::Knowledge(entry),
            Self::Group(_, group) => Resource::Group(group),
            Self::ListKnowledge(owner, reviewed_by) => Resource::KnowledgeList(owner, reviewed_by),
            _ => Resource::City,
        }
    }
}

/// One question: who, as what, intends what.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Question<'a> {
    pub(crate) principal: Principal<'a>,
    /// The role in which an officer acts.
    pub(crate) role: Option<Role>,
    pub(crate) intent: Intent<'a>,
}

impl<'a> Question<'a> {
    pub(crate) const fn of(officer: &'a Officer, role: Role, intent: Intent<'a>) -> Self {
        Self {
            principal: Principal::Officer(officer),
            role: Some(role),
            intent,
        }
    }

    pub(crate) const fn outside(principal: Principal<'a>, intent: Intent<'a>) -> Self {
        Self {
            principal,
            role: None,
            intent,
        }
    }
}
