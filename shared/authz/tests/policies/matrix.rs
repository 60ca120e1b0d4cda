//! Every role × every route × where the unit sits × state, as a table for people:
//! `docs/access.md`. `SUQIU_RENEW_ACCESS=1 cargo nextest run -p authz` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use app::AppError;
use authz::{
    AccountabilityDeed, CaseDeed, ExportDeed, GroupDeed, Intent, KnowledgeDeed, Officer, Principal,
    authorize,
};
use domain::accountability::AccountabilityRecord;
use domain::export::Export;
use domain::ids::{ChannelCode, UnitId};
use domain::knowledge::KnowledgeEntry;
use domain::problem_group::ProblemGroup;
use domain::supervision::SupervisionCase;
use domain::ticket::Ticket;
use domain::workflow::decide::is_open;
use domain::workflow::words::{Action, Purpose, Role, State};

use super::tickets::{
    SEATS, accountability, asked_by, case, export, group, knowledge, locked, number, officer,
    ticket, unit,
};

/// What an operation can be about.
struct About {
    ticket: Ticket,
    list: UnitId,
    /// Asked for by who asks now, of the list of their own unit.
    own_export: Export,
    /// Asked for by somebody else.
    other_export: Export,
    /// About an officer of the holder, opened by somebody else.
    record: AccountabilityRecord,
    /// Of the holder, supervised by the managing unit.
    case: SupervisionCase,
    /// Of the holder, confirmed by the managing unit.
    group: ProblemGroup,
    /// Of the holder, published, and written anew by somebody else.
    entry: KnowledgeEntry,
}

impl About {
    fn of(ticket: Ticket, officer: &Officer) -> Self {
        Self {
            ticket,
            list: unit("holder"),
            own_export: export(officer.id.as_str(), &officer.unit),
            other_export: export("else", &unit("holder")),
            record: accountability("accused", &unit("holder"), "else"),
            case: case(&unit("holder"), &unit("managing")),
            group: group(&unit("holder"), &unit("managing")),
            entry: knowledge("else"),
        }
    }
}

type Asks = for<'a> fn(&'a About) -> Intent<'a>;

macro_rules! acts {
    ($action:ident) => {
        |about| Intent::Act(Action::$action, &about.ticket)
    };
}

/// Every operation of the contract, with what it asks.
const ROUTES: &[(&str, Asks)] = &[
    ("submitAppeal", |_| Intent::Submit),
    ("submitAppeals", |_| Intent::Submit),
    ("compareDay", |_| Intent::CompareDay),
    ("showReconciliations", |_| Intent::ReadReconciliation),
    ("grantUpload", |_| Intent::Upload),
    ("trackAppeal", |about| Intent::Track(&about.ticket)),
    ("checkRecord", |about| Intent::Track(&about.ticket)),
    ("rateAppeal", acts!(Rate)),
    ("withdrawAppeal", acts!(Withdraw)),
    ("answerSupplement", acts!(AnswerSupplement)),
    ("grantAppellantUpload", acts!(AnswerSupplement)),
    ("listWork", |about| Intent::List(&about.list)),
    ("countWork", |about| Intent::List(&about.list)),
    ("showRules", |_| Intent::Rules),
    ("showDirectory", |_| Intent::Rules),
    ("showTicket", |about| Intent::Read(&about.ticket)),
    ("showAttachment", |about| Intent::ReadContent(&about.ticket)),
    ("answerDirectly", acts!(AnswerDirectly)),
    ("decline", acts!(Decline)),
    ("dispatch", acts!(Dispatch)),
    ("sign", acts!(Sign)),
    ("recordContact", acts!(RecordContact)),
    ("revealAppellant", |about| {
        Intent::Reveal(Purpose::Contact, &about.ticket)
    }),
    ("close", acts!(Close)),
    ("explain", acts!(Explain)),
    ("citeEarlier", acts!(CiteEarlier)),
    ("refer", acts!(Refer)),
    ("transfer", acts!(Transfer)),
    ("takeOn", acts!(TakeOn)),
    ("openJoint", acts!(OpenJoint)),
    ("recordMeeting", acts!(RecordMeeting)),
    ("raiseToGovernment", acts!(RaiseToGovernment)),
    ("concludeJoint", acts!(ConcludeJoint)),
    ("appointCoHandlers", acts!(AppointCoHandlers)),
    ("coSign", acts!(CoSign)),
    ("giveOpinion", acts!(GiveOpinion)),
    ("releaseCoHandler", acts!(ReleaseCoHandler)),
    ("requestReturn", acts!(AskReturn)),
    ("acceptReturn", acts!(AcceptReturn)),
    ("refuseReturn", acts!(RefuseReturn)),
    ("requestExtension", acts!(AskExtension)),
    ("approveExtension", acts!(GrantExtension)),
    ("refuseExtension", acts!(RefuseExtension)),
    ("requestDeferral", acts!(AskDeferral)),
    ("approveDeferral", acts!(GrantDeferral)),
    ("refuseDeferral", acts!(RefuseDeferral)),
    ("verifyRectification", acts!(VerifyRectification)),
    ("rejectRectification", acts!(SendBack)),
    ("completeRectification", acts!(CompleteRectification)),
    ("contestRating", acts!(ContestRating)),
    ("verifyRating", acts!(VerifyRating)),
    ("callBack", acts!(CompleteCallback)),
    ("requestSupplement", acts!(AskSupplement)),
    ("endSupplement", acts!(EndSupplement)),
    ("deliverOtherwise", acts!(DeliverOtherwise)),
    ("reopen", acts!(Reopen)),
    ("reviewUnsolved", acts!(ReviewUnsolved)),
    ("eraseAppellant", acts!(Erase)),
    ("showReadiness", |_| Intent::ReadRegistry),
    ("showDutyProposals", |_| Intent::ReadRegistry),
    ("exportRegistry", |_| Intent::ReadRegistry),
    ("importRegistry", |_| Intent::ChangeRegistry),
    ("proposeCalendar", |_| Intent::ChangeRules),
    ("proposeRulebook", |_| Intent::ChangeRules),
    ("carryOutRuleChange", |_| Intent::ChangeRules),
    ("listQuestions", |_| Intent::AskFigures),
    ("askFigures", |_| Intent::AskFigures),
    ("lookBehindFigure", |_| Intent::LookBehind),
    ("listReports", |_| Intent::ReadReports),
    ("showReport", |_| Intent::ReadReports),
    ("showReportPaper", |_| Intent::ReadReports),
    ("orderReport", |_| Intent::OrderReport),
    ("listExports", |_| Intent::ListExports),
    ("askExport", |about| {
        Intent::Export(ExportDeed::Ask, &about.other_export)
    }),
    ("approveExport", |about| {
        Intent::Export(ExportDeed::Decide, &about.other_export)
    }),
    ("refuseExport", |about| {
        Intent::Export(ExportDeed::Decide, &about.other_export)
    }),
    ("downloadExport", |about| {
        Intent::Export(ExportDeed::Download, &about.own_export)
    }),
    ("listAccountability", |_| Intent::ListAccountability),
    ("openAccountability", |about| {
        Intent::Accountability(AccountabilityDeed::Open, &about.record)
    }),
    ("decideAccountability", |about| {
        Intent::Accountability(AccountabilityDeed::Decide, &about.record)
    }),
    ("listCases", |_| Intent::ListSupervision),
    ("openCase", |about| {
        Intent::Supervision(CaseDeed::Open, &about.case)
    }),
    ("showCase", |about| {
        Intent::Supervision(CaseDeed::Read, &about.case)
    }),
    ("showLetter", |about| {
        Intent::Supervision(CaseDeed::Read, &about.case)
    }),
    ("stepCase", |about| {
        Intent::Supervision(CaseDeed::Supervise, &about.case)
    }),
    ("answerCase", |about| {
        Intent::Supervision(CaseDeed::Answer, &about.case)
    }),
    ("acceptCase", |about| {
        Intent::Supervision(CaseDeed::Supervise, &about.case)
    }),
    ("refuseCase", |about| {
        Intent::Supervision(CaseDeed::Supervise, &about.case)
    }),
    ("listRestrictions", |_| Intent::ReadRestrictions),
    ("listGroups", |_| Intent::ListGroups),
    ("listCandidates", |_| Intent::ReadCandidates),
    ("openGroup", |about| {
        Intent::Group(GroupDeed::Open, &about.group)
    }),
    ("showGroup", |about| {
        Intent::Group(GroupDeed::Read, &about.group)
    }),
    ("joinGroup", |about| {
        Intent::Group(GroupDeed::Manage, &about.group)
    }),
    ("releaseFromGroup", |about| {
        Intent::Group(GroupDeed::Manage, &about.group)
    }),
    ("planGroup", |about| {
        Intent::Group(GroupDeed::Rectify, &about.group)
    }),
    ("completeGroup", |about| {
        Intent::Group(GroupDeed::Rectify, &about.group)
    }),
    ("verifyGroup", |about| {
        Intent::Group(GroupDeed::Manage, &about.group)
    }),
    ("listKnowledge", |about| {
        Intent::ListKnowledge(&about.entry.unit, &about.entry.reviewed_by)
    }),
    ("draftKnowledge", |about| {
        Intent::Knowledge(KnowledgeDeed::Draft, &about.entry)
    }),
    ("showKnowledge", |about| {
        Intent::Knowledge(KnowledgeDeed::Read, &about.entry)
    }),
    ("compareKnowledge", |about| {
        Intent::Knowledge(KnowledgeDeed::ReadDraft, &about.entry)
    }),
    ("reviseKnowledge", |about| {
        Intent::Knowledge(KnowledgeDeed::Draft, &about.entry)
    }),
    ("publishKnowledge", |about| {
        Intent::Knowledge(KnowledgeDeed::Review, &about.entry)
    }),
    ("sendBackKnowledge", |about| {
        Intent::Knowledge(KnowledgeDeed::Review, &about.entry)
    }),
    ("withdrawKnowledge", |about| {
        Intent::Knowledge(KnowledgeDeed::Withdraw, &about.entry)
    }),
    ("noticeKnowledge", |about| {
        Intent::Knowledge(KnowledgeDeed::Notice, &about.entry)
    }),
    ("dismissNotice", |about| {
        Intent::Knowledge(KnowledgeDeed::Review, &about.entry)
    }),
    ("searchKnowledge", |_| Intent::SearchKnowledge),
];

const HEAD: &str = "# Who may do what\n\n\
    Made by `SUQIU_RENEW_ACCESS=1 cargo nextest run -p authz` from the policies in \
    `shared/authz/policies` and the workflow table; do not edit.\n\
    A test holds it to both, and to the operations of `infra/openapi.yaml`.\n\n\
    Every role was asked about every operation, from every seat and in every state; what is not \
    listed is denied.\n\
    *Seat* is where the officer's unit sits towards the ticket: `managing` received it and \
    supervises it, `holder` handles it, `county` dispatched it on, `co-handler` helps, \
    `joint-member` takes part in joint handling, `caller` is to call the appellant back, `other` has nothing to do with it.\n\
    A work list, and an export of one, is asked for as the holder's; an export is approved or refused \
    that somebody else asked for, and downloaded by who asked for it; a record of \
    accountability is about an officer of the holder and opened by somebody else; a case of \
    supervision is of the holder and supervised by the managing unit; a problem group is the holder's and \
    confirmed by the managing unit; an entry of the knowledge base is the \
    holder's, published, decided on by the managing unit, and written anew by somebody else; what is about \
    no ticket is the same from any seat.\n\n\
    | Operation | Role | Seat | States |\n|---|---|---|---|\n";

fn roles() -> impl Iterator<Item = Role> {
    Role::ALL.iter().copied().filter(|role| !role.is_outside())
}

/// Whether an officer may, by the policies and by where the ticket stands.
fn may(asks: Asks, officer: &Officer, ticket: &Ticket) -> bool {
    let about = About::of(ticket.clone(), officer);
    let intent = asks(&about);
    let open = match intent {
        Intent::Act(action, ticket) => {
            is_open(action, officer.roles[0], Some(&officer.unit), ticket)
        }
        Intent::Reveal(_, ticket) => is_open(
            Action::Reveal,
            officer.roles[0],
            Some(&officer.unit),
            ticket,
        ),
        _ => true,
    };
    open && authorize(Principal::Officer(officer), intent).is_ok()
}

/// What is about no ticket is the same in every state, and asked once.
fn is_about_a_ticket(asks: Asks, officer: &Officer) -> bool {
    let about = About::of(ticket(State::Closed), officer);
    matches!(
        asks(&about),
        Intent::Read(_)
            | Intent::ReadContent(_)
            | Intent::Act(..)
            | Intent::Reveal(..)
            | Intent::Track(_)
            | Intent::DraftFrom(_)
    )
}

/// Every ticket there is to ask about, with what it is called.
fn tickets() -> Vec<(&'static str, Ticket)> {
    let mut all: Vec<_> = State::ALL[1..]
        .iter()
        .map(|state| (state.zh(), ticket(*state)))
        .collect();
    all.push(("内容已锁定", locked()));
    all
}

fn words(of: &[&str], all: usize) -> String {
    if of.len() == all {
        "any".to_owned()
    } else {
        of.join("、")
    }
}

/// One row for the seats from which the same is allowed.
fn officer_rows(page: &mut String, name: &str, asks: Asks) {
    let tickets = tickets();
    for role in roles() {
        let mut rows: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
        for seat in SEATS {
            let officer = officer("somebody", seat, &[role]);
            let allowed: Vec<_> = if is_about_a_ticket(asks, &officer) {
                let allowed = tickets.iter().filter(|(_, it)| may(asks, &officer, it));
                allowed.map(|(state, _)| *state).collect()
            } else if may(asks, &officer, &tickets[0].1) {
                tickets.iter().map(|(state, _)| *state).collect()
            } else {
                Vec::new()
            };
            match rows.iter_mut().find(|(_, states)| *states == allowed) {
                Some((seats, _)) => seats.push(seat),
                None => rows.push((vec![seat], allowed)),
            }
        }
        for (seats, states) in rows.iter().filter(|(_, states)| !states.is_empty()) {
            let (seats, states) = (words(seats, SEATS.len()), words(states, tickets.len()));
            let _ = writeln!(page, "| `{name}` | {} | {seats} | {states} |", role.zh());
        }
    }
}

fn outside_rows(page: &mut String, name: &str, asks: Asks) {
    let nobody = officer("nobody", "other", &[]);
    let about = About::of(ticket(State::Closed), &nobody);
    let intent = asks(&about);
    for (which, seat) in [(7, "own ticket"), (8, "another's ticket")] {
        if authorize(Principal::Appellant(&number(which)), intent).is_ok() {
            let _ = writeln!(page, "| `{name}` | {} | {seat} | |", Role::Appellant.zh());
        }
    }
    if authorize(Principal::Anybody, intent).is_ok() {
        let _ = writeln!(page, "| `{name}` | 任何人 | | |");
    }
    let channel = ChannelCode::parse("mobile").unwrap();
    if authorize(Principal::Channel(&channel), intent).is_ok() {
        let _ = writeln!(page, "| `{name}` | {} | | |", Role::ChannelSystem.zh());
    }
}

#[test]
fn r_ac_1_the_table_is_what_the_policies_say() {
    let mut page = HEAD.to_owned();
    for (name, asks) in ROUTES {
        outside_rows(&mut page, name, *asks);
        officer_rows(&mut page, name, *asks);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/access.md");
    if std::env::var_os("SUQIU_RENEW_ACCESS").is_some() {
        std::fs::write(path, &page).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(
        kept == page,
        "docs/access.md is stale; its head says how to renew it"
    );
}

#[test]
fn r_ac_1_every_operation_of_the_contract_is_in_the_table() {
    let contract = include_str!("../../../../infra/openapi.yaml");
    let operations = contract
        .lines()
        .filter_map(|line| line.trim().strip_prefix("operationId: "));
    let operations: BTreeSet<_> = operations.collect();
    let listed: BTreeSet<_> = ROUTES.iter().map(|(name, _)| *name).collect();
    assert_eq!(operations, listed);
}

/// What an analyst may: the rules, what is counted, and taking out what they asked for.
const ANALYSTS: &[&str] = &[
    "showRules",
    "showDirectory",
    "listQuestions",
    "askFigures",
    "lookBehindFigure",
    "listReports",
    "showReport",
    "showReportPaper",
    "orderReport",
    "listExports",
    "downloadExport",
];

/// Denied by default: without a role every operation is refused, and so is one in the wrong hands.
#[test]
fn r_ac_1_who_has_no_role_may_nothing() {
    let held = [
        vec![],
        vec![Role::Analyst],
        vec![Role::System, Role::Appellant, Role::ChannelSystem],
    ];
    for (name, asks) in ROUTES {
        for roles in &held {
            let officer = officer("somebody", "holder", roles);
            let about = About::of(ticket(State::Handling), &officer);
            let verdict = authorize(Principal::Officer(&officer), asks(&about));
            let is_theirs = ANALYSTS.contains(name) && roles.contains(&Role::Analyst);
            assert_eq!(
                verdict.is_ok(),
                is_theirs,
                "{name} as {roles:?}: {verdict:?}"
            );
        }
    }
}

/// Art. 16: personal data in clear is for a purpose, after signing in with several factors, and for
/// the units concerned.
#[test]
fn art_16_personal_data_in_clear_needs_purpose_factors_and_the_own_unit() {
    let open = ticket(State::Handling);
    let asks = |officer: &Officer, intent| authorize(Principal::Officer(officer), intent);
    let liaison = officer("liaison", "holder", &[Role::Liaison]);
    for purpose in Purpose::ALL {
        let verdict = asks(&liaison, Intent::Reveal(*purpose, &open));
        let is_to_handle = [Purpose::Contact, Purpose::Verify, Purpose::Deliver].contains(purpose);
        assert_eq!(verdict.is_ok(), is_to_handle, "{purpose:?}");
        if !is_to_handle {
            assert!(words_of(verdict).contains("用途限于"));
        }
    }
    // Without a purpose it is the action, and not what may be done.
    let verdict = asks(&liaison, Intent::Act(Action::Reveal, &open));
    assert!(words_of(verdict).contains("用途"));
    let once = Officer {
        mfa: false,
        ..liaison
    };
    let verdict = asks(&once, Intent::Reveal(Purpose::Contact, &open));
    assert!(words_of(verdict).contains("多因素"));
    for (seat, role, is_seen) in [
        ("managing", Role::TriageOfficer, true),
        ("county", Role::CountyManager, true),
        ("co-handler", Role::Liaison, true),
        ("other", Role::Liaison, false),
        ("holder", Role::Auditor, false),
        ("holder", Role::ResponsibleLeader, false),
        ("holder", Role::Administrator, false),
    ] {
        let officer = officer("somebody", seat, &[role]);
        let verdict = asks(&officer, Intent::Reveal(Purpose::Verify, &open));
        assert_eq!(verdict.is_ok(), is_seen, "{seat} {role:?}");
    }
}

fn words_of(verdict: Result<authz::Permit, AppError>) -> String {
    match verdict {
        Err(AppError::Forbidden(Some(words))) => words,
        other => panic!("{other:?}"),
    }
}

/// R-DP-3: who asks does not approve, and who asked takes it out, from the unit they asked in.
#[test]
fn r_dp_3_an_export_is_for_who_asked_once_another_approved() {
    let asker = officer("asker", "managing", &[Role::CityManager]);
    let wanted = export("asker", &asker.unit);
    let asks = |officer: &Officer, deed| {
        authorize(Principal::Officer(officer), Intent::Export(deed, &wanted))
    };
    assert!(words_of(asks(&asker, ExportDeed::Decide)).contains("自己提出"));
    let colleague = officer("colleague", "managing", &[Role::CityManager]);
    assert!(asks(&colleague, ExportDeed::Decide).is_ok());
    assert!(asks(&asker, ExportDeed::Download).is_ok());
    // The colleague may see that there is one, and not take it.
    let taken = asks(&colleague, ExportDeed::Download);
    assert!(matches!(taken, Err(AppError::Forbidden(None))), "{taken:?}");
    let liaison = officer("liaison", "holder", &[Role::Liaison]);
    let taken = asks(&liaison, ExportDeed::Download);
    assert!(matches!(taken, Err(AppError::NotFound)), "{taken:?}");
    let moved = officer("asker", "other", &[Role::TriageOfficer]);
    assert!(asks(&moved, ExportDeed::Download).is_err());
    let once = Officer {
        mfa: false,
        ..asker
    };
    for deed in [ExportDeed::Ask, ExportDeed::Download] {
        let _ = words_of(asks(&once, deed));
    }
}

/// R-SV-9: a record is for the few, and for none of those whom it is about.
#[test]
fn r_sv_9_a_record_is_decided_by_another_of_another_unit() {
    let record = accountability("accused", &unit("holder"), "opener");
    let asks = |officer: &Officer, deed| {
        let intent = Intent::Accountability(deed, &record);
        authorize(Principal::Officer(officer), intent)
    };
    let deeds = [
        AccountabilityDeed::Open,
        AccountabilityDeed::Read,
        AccountabilityDeed::Decide,
    ];
    let manager = officer("manager", "managing", &[Role::CityManager]);
    for deed in deeds {
        assert!(asks(&manager, deed).is_ok(), "{deed:?}");
    }
    // Who opened it reads it, and is told why they do not decide.
    let opener = officer("opener", "managing", &[Role::CityManager]);
    assert!(asks(&opener, AccountabilityDeed::Read).is_ok());
    assert!(words_of(asks(&opener, AccountabilityDeed::Decide)).contains("登记人"));
    let auditor = officer("auditor", "other", &[Role::Auditor]);
    assert!(asks(&auditor, AccountabilityDeed::Read).is_ok());
    assert!(matches!(
        asks(&auditor, AccountabilityDeed::Decide),
        Err(AppError::Forbidden(None))
    ));
    // The accused, though they moved; anybody of the unit; an analyst who is a manager too.
    let both = [Role::CityManager, Role::Analyst];
    for (nobody, why) in [
        (officer("accused", "managing", &[Role::CityManager]), "本人"),
        (officer("boss", "holder", &[Role::CityManager]), "本单位"),
        (officer("auditor", "holder", &[Role::Auditor]), ""),
        (officer("liaison", "holder", &[Role::Liaison]), ""),
        (officer("both", "managing", &both), "分析员"),
    ] {
        for deed in [AccountabilityDeed::Read, AccountabilityDeed::Decide] {
            let said = asks(&nobody, deed);
            assert!(matches!(said, Err(AppError::NotFound)), "{nobody:?}");
        }
        let said = asks(&nobody, AccountabilityDeed::Open);
        assert!(why.is_empty() || words_of(said).contains(why), "{nobody:?}");
        let lists = authorize(Principal::Officer(&nobody), Intent::ListAccountability);
        let may = nobody.roles[0] != Role::Liaison && !nobody.roles.contains(&Role::Analyst);
        assert_eq!(lists.is_ok(), may, "{nobody:?}");
    }
}

/// Art. 11(2), 12, 16: what nobody may, whatever else they are.
#[test]
fn art_16_what_is_forbidden_is_forbidden_in_every_role() {
    let content = |officer: &Officer| {
        authorize(Principal::Officer(officer), Intent::ReadContent(&locked())).is_ok()
    };
    assert!(content(&officer("boss", "managing", &[Role::CityManager])));
    assert!(content(&officer("auditor", "other", &[Role::Auditor])));
    assert!(!content(&officer(
        "desk",
        "managing",
        &[Role::TriageOfficer]
    )));
    assert!(!content(&officer("liaison", "holder", &[Role::Liaison])));

    let both = officer("both", "holder", &[Role::Liaison, Role::Analyst]);
    let open = ticket(State::Dispatched);
    let verdict = authorize(Principal::Officer(&both), Intent::Act(Action::Sign, &open));
    assert!(matches!(verdict, Err(AppError::NotFound)), "{verdict:?}");

    // Who asked moved to the deciding unit: they still do not decide, a colleague does.
    let asker = officer("asker", "holder", &[Role::Liaison]);
    let pending = asked_by(&asker);
    let accept = |id: &str, seat: &str| {
        let decider = officer(id, seat, &[Role::CountyManager]);
        authorize(
            Principal::Officer(&decider),
            Intent::Act(Action::AcceptReturn, &pending),
        )
    };
    assert!(accept("colleague", "county").is_ok());
    assert!(words_of(accept("asker", "county")).contains("自己提出"));
    assert!(words_of(accept("colleague", "holder")).contains("本单位"));
}

/// R-KB-1, R-KB-3: an entry is written by its owner and decided on by another, of the managing unit.
#[test]
fn r_kb_1_an_entry_is_reviewed_by_another_and_a_draft_is_for_the_few() {
    let asks = |officer: &Officer, deed, entry: &KnowledgeEntry| {
        authorize(Principal::Officer(officer), Intent::Knowledge(deed, entry))
    };
    let entry = knowledge("writer");
    let review = KnowledgeDeed::Review;
    let reviewer = officer("reviewer", "managing", &[Role::KnowledgeReviewer]);
    assert!(asks(&reviewer, review, &entry).is_ok());
    // Who wrote it, though they are a reviewer too, is told why not.
    let both = [Role::KnowledgeEditor, Role::KnowledgeReviewer];
    let writer = officer("writer", "managing", &both);
    assert!(asks(&writer, KnowledgeDeed::Draft, &entry).is_ok());
    assert!(words_of(asks(&writer, review, &entry)).contains("编写人"));
    // Another unit's reviewer is none.
    let other = officer("reviewer", "holder", &[Role::KnowledgeReviewer]);
    assert!(matches!(
        asks(&other, review, &entry),
        Err(AppError::Forbidden(None))
    ));
    // What is shown is for those who work with it; what is not, for its units.
    let mut hidden = entry.clone();
    hidden.published = None;
    for (who, seat, reads) in [
        (Role::Liaison, "other", false),
        (Role::TriageOfficer, "managing", false),
        (Role::Liaison, "holder", true),
        (Role::KnowledgeEditor, "managing", true),
        (Role::Auditor, "other", true),
    ] {
        let officer = officer("somebody", seat, &[who]);
        assert!(asks(&officer, KnowledgeDeed::Read, &entry).is_ok());
        let said = asks(&officer, KnowledgeDeed::Read, &hidden);
        assert_eq!(said.is_ok(), reads, "{who:?}");
        let said = asks(&officer, KnowledgeDeed::Notice, &hidden);
        let is_hidden = matches!(said, Err(AppError::NotFound));
        assert_eq!(is_hidden, !reads, "{who:?}");
    }
    // A liaison of another unit warns, and writes nothing.
    let liaison = officer("liaison", "other", &[Role::Liaison]);
    assert!(asks(&liaison, KnowledgeDeed::Notice, &entry).is_ok());
    for deed in [KnowledgeDeed::Draft, KnowledgeDeed::Withdraw] {
        assert!(asks(&liaison, deed, &entry).is_err(), "{deed:?}");
    }
}

/// R-KB-4: from the answer of a ticket drafts who answered it or received it.
#[test]
fn r_kb_4_a_draft_from_a_ticket_is_for_its_units() {
    let closed = ticket(State::Closed);
    let asks = |seat, roles: &[Role], ticket| {
        let officer = officer("somebody", seat, roles);
        authorize(Principal::Officer(&officer), Intent::DraftFrom(ticket))
    };
    for seat in ["managing", "holder", "county"] {
        assert!(asks(seat, &[Role::KnowledgeEditor], &closed).is_ok());
    }
    assert!(asks("holder", &[Role::Liaison], &closed).is_ok());
    let said = asks("other", &[Role::KnowledgeEditor], &closed);
    assert!(matches!(said, Err(AppError::NotFound)), "{said:?}");
    let analyst = [Role::KnowledgeEditor, Role::Analyst];
    assert!(asks("holder", &analyst, &closed).is_err());
    assert!(asks("holder", &[Role::Liaison], &locked()).is_err());
}
