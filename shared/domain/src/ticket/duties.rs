//! What decided returns teach the duty list (Art. 12; R-HD-6, R-AC-3): which unit for which item and
//! area, from which day on.

use chrono::NaiveDate;

use super::Ticket;
use crate::audit::Happening;
use crate::ids::UnitId;
use crate::registry::Duty;

/// A line that the duty list should have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyProposal {
    /// Version of the ticket after the decision that proposes it.
    pub version: u32,
    /// Whose duty it is.
    pub unit: UnitId,
    /// For which service item, if the appeal names one.
    pub service_item: Option<String>,
    /// For which area, if the appeal names one.
    pub area: Option<String>,
    /// From which day on.
    pub effective_on: NaiveDate,
    /// The unit that gave it back; none where its return was refused: it stays that unit's duty.
    pub returned_by: Option<UnitId>,
}

impl DutyProposal {
    /// Whether a line of the duty list says so already.
    pub fn is_said_by(&self, duty: &Duty) -> bool {
        duty.unit == self.unit
            && duty.service_item == self.service_item
            && (duty.area.is_none() || duty.area == self.area)
    }
}

impl Ticket {
    /// A proposal for each decided return: of the unit that was suggested when it was accepted, of
    /// the unit itself when it was refused. An appeal that names no item teaches nothing.
    pub fn duty_proposals(&self) -> Vec<DutyProposal> {
        if self.submission.service_item.is_none() {
            return Vec::new();
        }
        let (mut proposals, mut asked) = (Vec::new(), None);
        for (version, event) in (1..).zip(&self.events) {
            let proposal = |unit: &UnitId, effective_on, returned_by| DutyProposal {
                version,
                unit: unit.clone(),
                service_item: self.submission.service_item.clone(),
                area: self.submission.area.clone(),
                effective_on,
                returned_by,
            };
            match &event.happening {
                Happening::ReturnRequested { suggested, .. } => asked = Some(suggested),
                Happening::ReturnAccepted {
                    returned_by,
                    duty_from,
                    ..
                } => {
                    let by = Some(returned_by.clone());
                    proposals.extend(asked.take().map(|unit| proposal(unit, *duty_from, by)));
                }
                Happening::ReturnRefused {
                    unit, duty_from, ..
                } => proposals.push(proposal(unit, *duty_from, None)),
                _ => {}
            }
        }
        proposals
    }
}
