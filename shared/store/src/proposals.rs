//! Proposals for the duty list (R-AC-3), derived from the tickets whose returns were decided.

use app::AppError;
use chrono::NaiveDate;
use domain::ids::UnitId;
use domain::ticket::{DutyProposal, Ticket, TicketNumber};

use crate::attributes::{Item, Reader, number, text};
use crate::keys;
use crate::tickets::DynamoStore;

impl DynamoStore {
    /// Keeps a proposal; written again it is the same.
    pub async fn put_proposal(
        &self,
        ticket: &Ticket,
        proposal: &DutyProposal,
    ) -> Result<(), AppError> {
        let sk = format!("{}#{}", ticket.number, proposal.version);
        let mut item = Item::from([
            (keys::PK.to_owned(), text(keys::PROPOSALS)),
            (keys::SK.to_owned(), text(sk)),
            ("n".to_owned(), text(ticket.number.as_str())),
            ("ve".to_owned(), number(proposal.version)),
            ("u".to_owned(), text(proposal.unit.as_str())),
            ("on".to_owned(), text(proposal.effective_on.to_string())),
        ]);
        let by = proposal.returned_by.as_ref().map(UnitId::as_str);
        for (name, value) in [
            ("i", proposal.service_item.as_deref()),
            ("d", proposal.area.as_deref()),
            ("b", by),
        ] {
            item.extend(value.map(|value| (name.to_owned(), text(value))));
        }
        self.table().put(item).await
    }

    /// Every proposal, with the ticket that it comes from.
    pub async fn proposals(&self) -> Result<Vec<(TicketNumber, DutyProposal)>, AppError> {
        let items = self.table().partition(keys::PROPOSALS).await?;
        items.iter().map(read).collect()
    }
}

fn read(item: &Item) -> Result<(TicketNumber, DutyProposal), AppError> {
    let reader = Reader::new(item, keys::PROPOSALS);
    let unit = |field: &'static str, id: &str| UnitId::parse(id).map_err(|_| reader.corrupt(field));
    let number = TicketNumber::parse(reader.text("n")?).map_err(|_| reader.corrupt("n"))?;
    let on: Result<NaiveDate, _> = reader.text("on")?.parse();
    let by = reader.optional("b");
    let proposal = DutyProposal {
        version: reader.number("ve")?,
        unit: unit("u", reader.text("u")?)?,
        service_item: reader.optional("i").map(str::to_owned),
        area: reader.optional("d").map(str::to_owned),
        effective_on: on.map_err(|_| reader.corrupt("on"))?,
        returned_by: by.map(|id| unit("b", id)).transpose()?,
    };
    Ok((number, proposal))
}
