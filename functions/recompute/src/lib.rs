//! 期限重算 (R-CAL-1, R-RULE-1): the walk over all tickets that a change of the rules needs, once to
//! measure what it would do and once to carry it out. Page by page: broken off, the same message takes
//! it up where it was.

use app::AppError;
use app::ports::{Committed, Reference};
use app::recompute::{effect, recompute};
use app::rule_changes::{RuleChange, Stage, ordered_walk};
use chrono::{DateTime, Utc};
use domain::ticket::Ticket;
use runtime::events::Message;
use store::{DynamoStore, PageStart, both};

/// Walks for the part that a message names, as far as its change waits for it.
pub async fn handle(
    store: &DynamoStore,
    message: Message,
    now: &(dyn Fn() -> DateTime<Utc> + Sync),
) -> Result<(), AppError> {
    let (part, stage) = ordered_walk(&message.body.unwrap_or_default())?;
    let Some(mut change) = store.rule_change(part).await? else {
        return Ok(());
    };
    let (old, new) = both(&store.sections().await?, &change)?;
    while change.stage == stage && stage.is_walk() {
        let start = change.next.as_deref().and_then(PageStart::read);
        let page = store.tickets_page(start).await?;
        for read in page.tickets {
            match read {
                Ok(ticket) => look(store, &mut change, &ticket, (&old, &new), now()).await?,
                Err(error) => {
                    tracing::error!(%error, "a ticket cannot be read");
                    change.unreadable += 1;
                }
            }
        }
        let before = change.version;
        let next = page.next.as_ref().map(PageStart::write).transpose()?;
        change.turn(page.passed.try_into().unwrap_or_default(), next);
        if store.put_rule_change(&change, before).await? == Committed::LostRace {
            // Another walks for it, or something else was proposed: that has its own message.
            return Ok(());
        }
        let (passed, moved) = (change.passed, change.moved);
        tracing::info!(part = %part, stage = stage.code(), passed, moved, "walked");
    }
    Ok(())
}

async fn look(
    store: &DynamoStore,
    change: &mut RuleChange,
    ticket: &Ticket,
    (old, new): (&Reference, &Reference),
    now: DateTime<Utc>,
) -> Result<(), AppError> {
    if change.stage == Stage::Measuring {
        let its = effect(ticket, &old.timetable, &new.timetable, now);
        change.effect.add(&its);
        return Ok(());
    }
    let because = &change.because;
    let has_moved = recompute(store, ticket, &old.timetable, new, because, now).await?;
    change.moved += u64::from(has_moved);
    Ok(())
}
