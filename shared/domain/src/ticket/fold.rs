//! Events into a ticket. Nothing is decided here: an event that no row allows is a corrupt history.

use super::{
    Callback, CoHandling, CoStage, CorruptHistory, How, JointHandling, Pending, RatingCheck,
    Supplement, Ticket, TicketNumber,
};
use crate::audit::{ChainHead, Event, Happening};
use crate::ids::UnitId;
use crate::workflow::rules::{Rule, To, rule};
use crate::workflow::words::{Action, State};

/// The state after `happening` by `rule` from `from`. Going back depends on who has the ticket
/// then: the city's managing unit, or a county.
pub(crate) fn state_after(
    rule: &Rule,
    from: State,
    happening: &Happening,
    managing_unit: Option<&UnitId>,
) -> State {
    match (rule.to, happening) {
        (To::Same, _) => from,
        (To::Go(state), _) => state,
        (To::Back, Happening::ReturnAccepted { to, .. }) if Some(to) != managing_unit => {
            State::WithCounty
        }
        (To::Back, _) => State::Received,
    }
}

impl Ticket {
    /// Folds a ticket from its events.
    pub fn fold(number: TicketNumber, events: Vec<Event>) -> Result<Self, CorruptHistory> {
        let mut events = events.into_iter();
        let first = events.next().ok_or(CorruptHistory::NoSubmission)?;
        let mut ticket = Self::open(number, first)?;
        for event in events {
            ticket.apply(event)?;
        }
        Ok(ticket)
    }

    /// The ticket as it was after its first `version` events; none where it never was so.
    pub fn at_version(&self, version: u32) -> Option<Self> {
        let count = usize::try_from(version).ok()?;
        let events = self.events.get(..count)?.to_vec();
        Self::fold(self.number.clone(), events).ok()
    }

    /// Opens a ticket with its first event.
    pub fn open(number: TicketNumber, first: Event) -> Result<Self, CorruptHistory> {
        let Happening::Submitted { submission } = &first.happening else {
            return Err(CorruptHistory::NoSubmission);
        };
        let row = rule(Action::Submit, State::New).ok_or(CorruptHistory::NoRow(0))?;
        Ok(Self {
            number,
            received_at: first.at,
            state: state_after(row, State::New, &first.happening, None),
            responsible_unit: submission.managing_unit.clone(),
            county: None,
            co_handling: Vec::new(),
            pending: None,
            returned_by: Vec::new(),
            return_refused: Vec::new(),
            extended_days: None,
            deferred_until: None,
            awaits_verification: false,
            supplement: None,
            supplemented_by: Vec::new(),
            joint: None,
            contacts: 0,
            closed: None,
            review_on: None,
            is_undelivered: false,
            rating: None,
            rating_check: None,
            callback: None,
            is_to_rectify: false,
            erased_at: None,
            chain: ChainHead::default().extended_by(&first),
            submission: submission.as_ref().clone(),
            events: vec![first],
        })
    }

    /// Applies one more event.
    pub fn apply(&mut self, event: Event) -> Result<(), CorruptHistory> {
        let row = rule(event.happening.action(), self.state);
        let row = row.ok_or(CorruptHistory::NoRow(self.events.len()))?;
        let managing = &self.submission.managing_unit;
        let before = self.state;
        self.state = state_after(row, before, &event.happening, Some(managing));
        self.move_about(&event.happening, before);
        self.ask_and_decide(&event.happening);
        self.end(&event.happening, before);
        self.look_back(&event.happening);
        if matches!(event.happening, Happening::Erased { .. }) {
            self.erased_at = Some(event.at);
        }
        self.chain = self.chain.extended_by(&event);
        self.events.push(event);
        Ok(())
    }

    /// Who has the ticket, and who helps.
    fn move_about(&mut self, happening: &Happening, before: State) {
        match happening {
            Happening::Dispatched {
                unit, co_handlers, ..
            }
            | Happening::JointConcluded {
                unit, co_handlers, ..
            } => {
                self.hand_over(unit);
                if before != State::WithCounty {
                    self.county = None;
                }
                self.co_handling = co_handlers.iter().map(to_sign).collect();
            }
            Happening::Transferred { unit, .. } => {
                self.hand_over(unit);
                self.county = Some(unit.clone());
            }
            Happening::ReturnAccepted {
                to, returned_by, ..
            } => {
                self.hand_over(to);
                self.returned_by.push(returned_by.clone());
                if *to == self.submission.managing_unit {
                    self.county = None;
                }
            }
            Happening::JointOpened { members, .. } => {
                let managing = self.submission.managing_unit.clone();
                self.hand_over(&managing);
                self.county = None;
                self.joint = Some(JointHandling {
                    members: members.clone(),
                    meetings: 0,
                    is_raised: false,
                });
            }
            Happening::Reopened { .. } => {
                let managing = self.submission.managing_unit.clone();
                self.hand_over(&managing);
                self.county = None;
            }
            Happening::CoHandlersAppointed { units, .. } => {
                self.co_handling.retain(|part| !units.contains(&part.unit));
                self.co_handling.extend(units.iter().map(to_sign));
            }
            Happening::CoSigned { unit } => self.co_handler_is(unit, CoStage::Signed),
            Happening::OpinionGiven { unit, text } => {
                self.co_handler_is(unit, CoStage::Given(text.clone()));
            }
            Happening::CoHandlerReleased { unit, .. } => {
                self.co_handler_is(unit, CoStage::Released);
            }
            _ => {}
        }
    }

    /// Another unit has the ticket: what belonged to the handling of the one before is over.
    fn hand_over(&mut self, unit: &UnitId) {
        self.responsible_unit = unit.clone();
        self.co_handling.clear();
        self.pending = None;
        self.extended_days = None;
        self.deferred_until = None;
        self.contacts = 0;
    }

    fn co_handler_is(&mut self, unit: &UnitId, stage: CoStage) {
        if let Some(part) = self.co_handling.iter_mut().find(|part| part.unit == *unit) {
            part.stage = stage;
        }
    }

    /// Requests, decisions on them, supplements, contacts, meetings.
    fn ask_and_decide(&mut self, happening: &Happening) {
        match happening {
            Happening::ReturnRequested {
                reason, suggested, ..
            } => {
                let (reason, suggested) = (*reason, suggested.clone());
                self.pending = Some(Pending::Return { reason, suggested });
            }
            Happening::ExtensionRequested { days, .. } => {
                self.pending = Some(Pending::Extension { days: *days });
            }
            Happening::DeferralRequested { until, .. } => {
                self.pending = Some(Pending::Deferral { until: *until });
            }
            Happening::ReturnRefused { unit, .. } => {
                self.pending = None;
                self.return_refused.push(unit.clone());
            }
            Happening::ExtensionGranted { days, .. } => {
                self.pending = None;
                self.extended_days = Some(*days);
            }
            Happening::DeferralGranted { until, .. } => {
                self.pending = None;
                self.deferred_until = Some(*until);
            }
            Happening::ExtensionRefused { .. } | Happening::DeferralRefused { .. } => {
                self.pending = None;
            }
            Happening::SupplementRequested { items, text } => {
                self.supplemented_by.push(self.responsible_unit.clone());
                self.supplement = Some(Supplement {
                    text: text.clone(),
                    items: *items,
                    answered: Vec::new(),
                    is_open: true,
                });
            }
            Happening::SupplementAnswered { items, .. } => {
                if let Some(supplement) = &mut self.supplement {
                    supplement.answered.extend(items);
                }
            }
            Happening::SupplementClosed { .. } | Happening::SupplementLapsed {} => {
                self.end_supplement();
            }
            Happening::Contacted { .. } => self.contacts += 1,
            Happening::MeetingRecorded { .. } => {
                if let Some(joint) = &mut self.joint {
                    joint.meetings += 1;
                }
            }
            Happening::RaisedToGovernment { .. } => {
                if let Some(joint) = &mut self.joint {
                    joint.is_raised = true;
                }
            }
            _ => {}
        }
    }

    fn end_supplement(&mut self) {
        if let Some(supplement) = &mut self.supplement {
            supplement.is_open = false;
        }
    }

    /// Closing, and what comes after it.
    fn end(&mut self, happening: &Happening, before: State) {
        match happening {
            Happening::Reopened { .. } | Happening::SentBack { .. } => {
                self.closed = None;
                self.rating = None;
                self.rating_check = None;
                self.callback = None;
                self.is_to_rectify = false;
                self.review_on = None;
                self.is_undelivered = false;
                self.awaits_verification = false;
                self.deferred_until = None;
                self.extended_days = None;
            }
            Happening::Closed { review_on, .. } => {
                self.review_on = *review_on;
                self.awaits_verification = before == State::Rectifying;
            }
            Happening::RectificationVerified { .. } => self.awaits_verification = false,
            Happening::UnsolvedReviewed { next_on, .. } => self.review_on = *next_on,
            Happening::Undelivered { .. } => self.is_undelivered = true,
            Happening::DeliveredOtherwise { .. } => self.is_undelivered = false,
            Happening::Rated { rating, .. } => self.rating = Some(*rating),
            _ => {}
        }
        if let Some(how) = how_closed(happening) {
            self.pending = None;
            self.end_supplement();
            self.closed = Some(how);
        }
    }
}

impl Ticket {
    /// Ratings looked into, callbacks, and what they lead to.
    fn look_back(&mut self, happening: &Happening) {
        match happening {
            Happening::RatingContested { .. } => {
                self.rating_check = Some(RatingCheck::Contested);
            }
            Happening::RatingVerified { finding, .. } => {
                self.rating_check = Some(RatingCheck::Found(*finding));
            }
            Happening::CallbackDrawn { caller, ground } => {
                self.callback = Some(Callback {
                    caller: caller.clone(),
                    ground: *ground,
                    attempts: 0,
                    result: None,
                });
            }
            Happening::CallbackTried { .. } => {
                if let Some(callback) = &mut self.callback {
                    callback.attempts += 1;
                }
            }
            Happening::CalledBack { result, .. } => {
                if let Some(callback) = &mut self.callback {
                    callback.result = Some(*result);
                }
                self.is_to_rectify = result.is_negative();
            }
            Happening::RectificationCompleted { verifier, .. } => {
                self.is_to_rectify = false;
                self.awaits_verification = verifier.is_some();
            }
            _ => {}
        }
    }
}

fn to_sign(unit: &UnitId) -> CoHandling {
    CoHandling {
        unit: unit.clone(),
        stage: CoStage::ToSign,
    }
}

/// Whether it closes a ticket.
pub(crate) fn closes(happening: &Happening) -> bool {
    how_closed(happening).is_some()
}

fn how_closed(happening: &Happening) -> Option<How> {
    Some(match happening {
        Happening::AnsweredDirectly { text } => How::AnsweredDirectly { text: text.clone() },
        Happening::Declined {
            ground,
            explanation,
        } => How::NotAccepted {
            ground: *ground,
            explanation: explanation.clone(),
        },
        Happening::Explained { ground, text } => How::Explained {
            ground: *ground,
            text: text.clone(),
        },
        Happening::CitedEarlier { earlier, text } => How::Repeated {
            earlier: earlier.clone(),
            text: text.clone(),
        },
        Happening::Referred { text } => How::Referred { text: text.clone() },
        Happening::Closed { text, outcome, .. } => How::Answered {
            text: text.clone(),
            outcome: *outcome,
        },
        Happening::Withdrawn { .. } => How::Withdrawn,
        _ => return None,
    })
}
