//! The one conditional write of a transition, as an update of the ticket's item.

use app::AppError;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::audit::{Actor, Event};
use domain::clocks::Timetable;
use domain::ticket::Ticket;

use crate::attributes::{bytes, number, text};
use crate::items::ticket::{self as ticket_item, IndexKeys};
use crate::keys;
use crate::table::{Table, broken};

/// Appends the events after `read_version`, if the ticket is still at that version.
pub(crate) fn commit_request(
    table: &Table,
    ticket: &Ticket,
    read_version: u32,
    timetable: &Timetable,
) -> Result<UpdateItemFluentBuilder, AppError> {
    let from = usize::try_from(read_version).map_err(broken)?;
    let events = ticket
        .events
        .get(from..)
        .ok_or_else(|| broken("events went missing"))?;
    let index = ticket_item::index_keys(ticket, timetable);
    let mut update = Update::default();
    if !events.is_empty() {
        update.set("ev", "list_append(ev, :ev)", ticket_item::events(events));
        update.set("s", ":s", text(ticket.state.code()));
        update.set("ve", ":ve", number(ticket.version()));
        update.set("h", ":h", bytes(ticket.chain.0));
    }
    update.worklist(&index);
    if moves_timer(ticket, from, events, &index, timetable) {
        update.timer(&index, ticket);
    }
    let request = table.update(keys::ticket(&ticket.number.key()), keys::TICKET);
    let request = request
        .condition_expression("ve = :read")
        .expression_attribute_values(":read", number(read_version));
    Ok(update.into_request(request))
}

/// Whether the timer key is written. It may lie earlier than the next threshold: when a person's
/// action only makes the next threshold later (signing), the key stays and the sweep moves it if
/// the ticket is still open by then. That saves the two write units of an index move.
fn moves_timer(
    ticket: &Ticket,
    from: usize,
    events: &[Event],
    index: &IndexKeys,
    timetable: &Timetable,
) -> bool {
    let by_system = events.is_empty() || events.iter().any(|event| event.by == Actor::System);
    let before = ticket.events.get(..from).map(<[Event]>::to_vec);
    let before = before.and_then(|events| Ticket::fold(ticket.number.clone(), events).ok());
    let before = before.map(|before| ticket_item::index_keys(&before, timetable).timer);
    match (before.flatten(), index.timer) {
        (Some((list, was)), Some((new_list, next))) => by_system || list != new_list || next < was,
        (before, next) => by_system || before != next,
    }
}

/// An update expression under construction.
#[derive(Debug, Default)]
struct Update {
    sets: Vec<String>,
    removes: Vec<&'static str>,
    values: Vec<(String, AttributeValue)>,
}

impl Update {
    fn set(&mut self, name: &'static str, expression: &str, value: AttributeValue) {
        self.sets.push(format!("#{name} = {expression}"));
        self.values.push((format!(":{name}"), value));
    }

    fn worklist(&mut self, index: &IndexKeys) {
        match &index.worklist {
            Some((unit, due)) => {
                self.set("wp", ":wp", text(unit));
                self.set("ws", ":ws", number(due));
            }
            None => self.removes.extend(["wp", "ws"]),
        }
    }

    fn timer(&mut self, index: &IndexKeys, ticket: &Ticket) {
        match index.timer {
            Some((list, next)) => {
                let shard = keys::shard(&ticket.number.key());
                self.set("tp", ":tp", text(keys::timer(list, shard)));
                self.set("ts", ":ts", number(next));
            }
            None => self.removes.extend(["tp", "ts"]),
        }
    }

    fn into_request(self, mut request: UpdateItemFluentBuilder) -> UpdateItemFluentBuilder {
        let mut expression = format!("SET {}", self.sets.join(", "));
        // `ev` is read by name within its own expression.
        expression = expression.replace("list_append(ev,", "list_append(#ev,");
        if self.sets.is_empty() {
            expression.clear();
        }
        if !self.removes.is_empty() {
            let names: Vec<_> = self.removes.iter().map(|name| format!("#{name}")).collect();
            expression = format!("{expression} REMOVE {}", names.join(", "));
        }
        for name in self.removes {
            request = request.expression_attribute_names(format!("#{name}"), name);
        }
        for (placeholder, value) in self.values {
            let name = placeholder.trim_start_matches(':').to_owned();
            request = request
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(placeholder, value);
        }
        request.update_expression(expression.trim_start())
    }
}
