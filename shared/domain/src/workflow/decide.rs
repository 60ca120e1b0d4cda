//! Decide, then do: a pure function from ticket, command and facts to events or a refusal.

use chrono::{DateTime, Utc};

use super::command::Command;
use super::needs;
use super::refusal::Refusal;
use super::rules::{Rule, rule};
use super::words::{Action, JointCause, Role, State};
use crate::audit::{Actor, Event, Happening};
use crate::clocks::Timetable;
use crate::ids::UnitId;
use crate::registry::Registry;
use crate::rulebook::Rulebook;
use crate::ticket::{Pending, Ticket};

/// What a decision rests on besides the ticket.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// When.
    pub at: DateTime<Utc>,
    /// The rulebook the ticket was opened under; for a submission, the one in force.
    pub rulebook: &'a Rulebook,
    /// Calendar and rulebooks, for the clocks.
    pub timetable: &'a Timetable,
    /// Units, as registered.
    pub registry: &'a Registry,
    /// The earlier ticket that the command names, if there is one.
    pub earlier: Option<&'a Ticket>,
}

/// What the needs look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) ticket: Option<&'a Ticket>,
    pub(super) actor: &'a Actor,
    pub(super) command: &'a Command,
    pub(super) facts: &'a Facts<'a>,
}

/// Decides `command` by `actor`: looks its row up, checks who may and what it needs, and returns
/// the events that follow.
pub fn decide(
    ticket: Option<&Ticket>,
    actor: &Actor,
    command: Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let action = command.action();
    let state = ticket.map_or(State::New, |ticket| ticket.state);
    let not_open = Refusal::NotOpenNow { action, state };
    let Some(row) = rule(action, state) else {
        return Err(not_open);
    };
    check_actor(row, ticket, actor)?;
    let question = Question {
        ticket,
        actor,
        command: &command,
        facts,
    };
    let needs = row.needs.iter();
    let missing: Vec<_> = needs
        .flat_map(|need| needs::missing(*need, &question))
        .collect();
    if !missing.is_empty() {
        return Err(Refusal::Incomplete {
            action,
            article: row.article,
            missing,
        });
    }
    let happenings = match ticket {
        Some(ticket) => happenings(ticket, actor, command, facts),
        None => submitted(command),
    };
    let event = |happening| Event {
        at: facts.at,
        by: actor.clone(),
        rulebook: facts.rulebook.version,
        happening,
    };
    let events = happenings.into_iter().flatten().map(event);
    let events: Vec<_> = events.collect();
    // A command whose needs hold always says what happens.
    if events.is_empty() {
        Err(not_open)
    } else {
        Ok(events)
    }
}

fn check_actor(row: &Rule, ticket: Option<&Ticket>, actor: &Actor) -> Result<(), Refusal> {
    let (action, role) = (row.action, actor.role());
    if !row.by.contains(&role) {
        return Err(Refusal::NotYourRole {
            action,
            role,
            article: row.article,
        });
    }
    if ticket.is_some_and(|ticket| !row.at.is_of(actor, ticket)) {
        return Err(Refusal::NotYourUnit {
            action,
            seat: row.at,
            article: row.article,
        });
    }
    Ok(())
}

/// Whether somebody in `role`, of `unit` if they are an officer, may do `action` to the ticket as
/// it stands, whatever it still needs.
pub fn is_open(action: Action, role: Role, unit: Option<&UnitId>, ticket: &Ticket) -> bool {
    rule(action, ticket.state).is_some_and(|row| is_open_row(row, role, unit, ticket))
}

/// As [`is_open`], for a row that is known.
pub fn is_open_row(row: &Rule, role: Role, unit: Option<&UnitId>, ticket: &Ticket) -> bool {
    let sits = match unit {
        Some(unit) => !role.is_outside() && row.at.is_of_unit(unit, ticket),
        None => role.is_outside(),
    };
    row.by.contains(&role) && sits
}

fn submitted(command: Command) -> Option<Vec<Happening>> {
    match command {
        Command::Submit(submission) => Some(vec![Happening::Submitted { submission }]),
        _ => None,
    }
}

/// What follows from a command whose needs hold.
fn happenings(
    ticket: &Ticket,
    actor: &Actor,
    command: Command,
    facts: &Facts<'_>,
) -> Option<Vec<Happening>> {
    let only = match command {
        Command::Close {
            text,
            outcome,
            interim,
            contact,
            ..
        } => {
            let contacted = contact.map(|contact| Happening::Contacted { contact });
            let review_on = interim.map(|interim| interim.review_on);
            let closed = Happening::Closed {
                outcome,
                review_on,
                text,
            };
            return Some(contacted.into_iter().chain([closed]).collect());
        }
        Command::AcceptReturn { duty_from, note } => {
            let to = ticket.decider().clone();
            return Some(accept_return(ticket, to, (duty_from, note), facts.rulebook));
        }
        Command::AnswerSupplement {
            items,
            attachments,
            text,
        } => {
            let answered = Happening::SupplementAnswered {
                items: items.clone(),
                attachments,
                text,
            };
            let is_complete = ticket.supplement.as_ref().is_some_and(|supplement| {
                (1..=supplement.items)
                    .all(|item| supplement.answered.contains(&item) || items.contains(&item))
            });
            let ended = is_complete.then_some(Happening::SupplementClosed { note: None });
            return Some([answered].into_iter().chain(ended).collect());
        }
        Command::AskReturn { .. }
        | Command::RefuseReturn { .. }
        | Command::AskExtension { .. }
        | Command::GrantExtension { .. }
        | Command::RefuseExtension { .. }
        | Command::AskDeferral { .. }
        | Command::GrantDeferral { .. }
        | Command::RefuseDeferral { .. } => asked_or_decided(ticket, command)?,
        Command::CoSign => Happening::CoSigned {
            unit: actor.unit()?.clone(),
        },
        Command::GiveOpinion { text } => Happening::OpinionGiven {
            unit: actor.unit()?.clone(),
            text: text?,
        },
        Command::CompleteRectification { text } => Happening::RectificationCompleted {
            verifier: verifier(ticket),
            text: text?,
        },
        other => plain(other)?,
    };
    Some(vec![only])
}

/// Who verifies what the unit put right. Nobody verifies what they did themselves: then its report is
/// the end of it.
fn verifier(ticket: &Ticket) -> Option<UnitId> {
    let decider = ticket.decider();
    (*decider != ticket.responsible_unit).then(|| decider.clone())
}

/// The third accepted return freezes dispatch and brings the units together (Art. 6(6)).
fn accept_return(
    ticket: &Ticket,
    decider: UnitId,
    (duty_from, note): (chrono::NaiveDate, Option<crate::ids::TextRef>),
    rulebook: &Rulebook,
) -> Vec<Happening> {
    let managing = &ticket.submission.managing_unit;
    let returned_by = ticket.responsible_unit.clone();
    let returns = u32::try_from(ticket.returned_by.len()).unwrap_or(u32::MAX);
    let is_last = returns.saturating_add(1) >= rulebook.returns_before_joint;
    let accepted = |to| Happening::ReturnAccepted {
        to,
        returned_by: returned_by.clone(),
        duty_from,
        note,
    };
    if !is_last {
        return vec![accepted(decider)];
    }
    let mut members: Vec<UnitId> = Vec::new();
    let suggested = match &ticket.pending {
        Some(Pending::Return { suggested, .. }) => Some(suggested),
        _ => None,
    };
    let all = ticket.returned_by.iter().chain([&returned_by]);
    for unit in all.chain(suggested).chain(&ticket.county) {
        if !members.contains(unit) && unit != managing {
            members.push(unit.clone());
        }
    }
    let opened = Happening::JointOpened {
        cause: JointCause::ThirdReturn,
        members,
        text: None,
    };
    vec![accepted(managing.clone()), opened]
}

fn asked_or_decided(ticket: &Ticket, command: Command) -> Option<Happening> {
    Some(match (command, ticket.pending.clone()) {
        (
            Command::AskReturn {
                reason,
                suggested,
                text,
                ..
            },
            _,
        ) => Happening::ReturnRequested {
            reason,
            suggested,
            text,
        },
        (Command::RefuseReturn { duty_from, text }, _) => Happening::ReturnRefused {
            unit: ticket.responsible_unit.clone(),
            duty_from,
            text: text?,
        },
        (Command::AskExtension { days, text }, _) => {
            let text = text?;
            Happening::ExtensionRequested { days, text }
        }
        (Command::GrantExtension { note }, Some(Pending::Extension { days })) => {
            Happening::ExtensionGranted { days, note }
        }
        (Command::RefuseExtension { text }, _) => Happening::ExtensionRefused { text: text? },
        (Command::AskDeferral { plan, text }, _) => {
            let until = plan.until;
            Happening::DeferralRequested { until, text }
        }
        (Command::GrantDeferral { note }, Some(Pending::Deferral { until })) => {
            Happening::DeferralGranted { until, note }
        }
        (Command::RefuseDeferral { text }, _) => Happening::DeferralRefused { text: text? },
        _ => return None,
    })
}

/// Commands that say all there is to say.
#[expect(clippy::too_many_lines, reason = "one line a command: a table")]
fn plain(command: Command) -> Option<Happening> {
    Some(match command {
        Command::AnswerDirectly { text, .. } => Happening::AnsweredDirectly { text },
        Command::Dispatch {
            unit,
            co_handlers,
            note,
        } => Happening::Dispatched {
            unit,
            co_handlers,
            note,
        },
        Command::Transfer { unit, note } => Happening::Transferred { unit, note },
        Command::TakeOn => Happening::TakenOn {},
        Command::Decline {
            ground,
            explanation,
        } => Happening::Declined {
            ground,
            explanation,
        },
        Command::Explain { ground, text } => Happening::Explained {
            ground,
            text: text?,
        },
        Command::CiteEarlier { earlier, text } => Happening::CitedEarlier { earlier, text },
        Command::Refer { text } => Happening::Referred { text: text? },
        Command::OpenJoint {
            cause,
            members,
            text,
        } => Happening::JointOpened {
            cause,
            members,
            text,
        },
        Command::RecordMeeting { on, text } => Happening::MeetingRecorded { on, text: text? },
        Command::RaiseToGovernment { text } => Happening::RaisedToGovernment { text: text? },
        Command::ConcludeJoint {
            unit,
            co_handlers,
            text,
        } => Happening::JointConcluded {
            unit,
            co_handlers,
            text: text?,
        },
        Command::Sign => Happening::Signed {},
        Command::RecordContact(contact) => Happening::Contacted { contact },
        Command::AppointCoHandlers { units, note } => {
            Happening::CoHandlersAppointed { units, note }
        }
        Command::ReleaseCoHandler { unit, text } => {
            Happening::CoHandlerReleased { unit, text: text? }
        }
        Command::VerifyRectification { text } => Happening::RectificationVerified { text: text? },
        Command::SendBack { text } => Happening::SentBack { text: text? },
        Command::AskSupplement { items, text } => Happening::SupplementRequested {
            items: u8::try_from(items.len()).ok()?,
            text,
        },
        Command::EndSupplement { note } => Happening::SupplementClosed { note },
        Command::LapseSupplement => Happening::SupplementLapsed {},
        Command::ReviewUnsolved { next_on, text } => Happening::UnsolvedReviewed {
            next_on,
            text: text?,
        },
        Command::Reopen { text } => Happening::Reopened { text: text? },
        Command::NoteUndelivered { version } => Happening::Undelivered { version },
        Command::DeliverOtherwise { way, text } => {
            Happening::DeliveredOtherwise { way, text: text? }
        }
        Command::Warn(id, mark) => Happening::Warned { id, mark },
        Command::MarkOverdue(id) => Happening::BecameOverdue { id },
        Command::MoveDeadline { because, moved } => Happening::DeadlineMoved { because, moved },
        Command::Rate(rating, words) => Happening::Rated { rating, words },
        Command::ContestRating { text } => Happening::RatingContested { text: text? },
        Command::VerifyRating { finding, text } => Happening::RatingVerified {
            finding,
            text: text?,
        },
        Command::DrawCallback { caller, ground } => Happening::CallbackDrawn { caller, ground },
        Command::TryCallback { outcome, note } => Happening::CallbackTried { outcome, note },
        Command::CompleteCallback { result, note } => Happening::CalledBack { result, note },
        Command::Withdraw { reason } => Happening::Withdrawn { reason },
        Command::Reveal { purpose } => Happening::Revealed { purpose },
        Command::Erase { ground, text, .. } => Happening::Erased { ground, text },
        Command::Archive { digest } => Happening::Archived { digest },
        _ => return None,
    })
}
