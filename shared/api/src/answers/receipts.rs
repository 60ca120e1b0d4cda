//! The deadline receipt (期限计算说明): how each limit was reckoned, day by day, in words that a
//! person can check against a calendar.

use app::ports::Reference;
use chrono::{DateTime, NaiveDate, Utc};
use domain::clocks::receipt::{Line, Receipt, receipt};
use domain::clocks::reckon::Counts;
use domain::clocks::{Reading, Running, Turn};
use domain::rulebook::Limit;
use domain::ticket::Ticket;
use domain::workflow::words::{Clock, End};
use serde::Serialize;

/// How a limit was reckoned.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReceiptView {
    clock: &'static str,
    name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    article: &'static str,
    rulebook: u16,
    limit: String,
    started_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    state: &'static str,
    provisional: bool,
    turns: Vec<TurnView>,
    days: Vec<DayView>,
}

#[derive(Debug, Serialize)]
struct TurnView {
    at: DateTime<Utc>,
    what: String,
}

#[derive(Debug, Serialize)]
struct DayView {
    date: NaiveDate,
    counts: bool,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<String>,
}

/// Whom a receipt is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reader {
    /// Every limit that somebody works against.
    Officer,
    /// The appellant's own limits, and those that they wait for.
    Appellant,
}

/// The receipts of a ticket's clocks.
pub fn receipts(ticket: &Ticket, reference: &Reference, reader: Reader) -> Vec<ReceiptView> {
    let is_for_reader = |reading: &&Reading| match (reader, reading.id.clock) {
        (Reader::Appellant, clock) => {
            matches!(clock, Clock::Total | Clock::Supplement | Clock::Deferral)
        }
        (Reader::Officer, Clock::Reopen) => false,
        (Reader::Officer, clock) => clock.end() != End::Archive,
    };
    let clocks = ticket.clocks(&reference.timetable);
    let shown = clocks.iter().filter(is_for_reader);
    let receipts = shown.map(|reading| receipt(reading, &reference.timetable));
    receipts.map(|each| view(each, reference)).collect()
}

fn view(receipt: Receipt, reference: &Reference) -> ReceiptView {
    let unit = receipt.id.unit.as_ref();
    ReceiptView {
        clock: receipt.id.clock.code(),
        name: receipt.id.clock.zh(),
        unit: unit.map(|unit| reference.registry.unit_name(unit).to_owned()),
        article: receipt.article,
        rulebook: receipt.rulebook,
        limit: limit(receipt.limit),
        started_at: receipt.started_at,
        due_at: receipt.due_before,
        state: running(receipt.running),
        provisional: receipt.provisional,
        turns: receipt.turns.iter().map(turn).collect(),
        days: receipt.lines.into_iter().map(day).collect(),
    }
}

/// Code of a clock's state.
pub(super) const fn running(running: Running) -> &'static str {
    match running {
        Running::Yes => "running",
        Running::PausedAt(_) => "paused",
        Running::StoppedAt(_) => "stopped",
    }
}

fn limit(limit: Limit) -> String {
    match limit {
        Limit::WorkingDays(days) => format!("{days}个工作日"),
        Limit::OfficeMinutes(minutes) if minutes % 60 == 0 => {
            format!("{}个工作小时", minutes / 60)
        }
        Limit::OfficeMinutes(minutes) => format!("{minutes}分钟工作时间"),
        Limit::Hours(hours) => format!("{hours}小时"),
        Limit::Until(date) => format!("至{}", date.format("%Y年%m月%d日")),
    }
}

fn turn((at, turn): &(DateTime<Utc>, Turn)) -> TurnView {
    let what = match turn {
        Turn::Paused => "暂停计时".to_owned(),
        Turn::Resumed => "恢复计时".to_owned(),
        Turn::Stopped => "停止计时".to_owned(),
        Turn::ExtendedBy(days) => format!("延期{days}个工作日"),
        Turn::ExtendedUntil(date) => format!("延期至{}", date.format("%Y年%m月%d日")),
    };
    TurnView { at: *at, what }
}

fn day(line: Line) -> DayView {
    let text = match (line.counts, line.document.is_some()) {
        (Counts::Event, _) => "起算之日，不计".to_owned(),
        (Counts::DayOff, true) => "节假日，不计".to_owned(),
        (Counts::DayOff, false) => "周末，不计".to_owned(),
        (Counts::Waiting, _) => "暂停计时，不计".to_owned(),
        (Counts::As(number), named) => {
            let makeup = if named { "调休上班，" } else { "" };
            let extension = if line.is_extension {
                "（延期）"
            } else {
                ""
            };
            format!("{makeup}第{number}个工作日{extension}")
        }
    };
    DayView {
        date: line.date,
        counts: matches!(line.counts, Counts::As(_)),
        text,
        document: line.document,
    }
}
