//! Figures and reports as they are sent (Art. 6(5), 15; R-AN-1, R-AN-2).

use app::reports::{Asked, Figures, HIDDEN_SAYS, Kept};
use chrono::{DateTime, NaiveDate, Utc};
use domain::appeal::Kind;
use domain::periodic::PeriodicId;
use domain::workflow::words::State;
use serde::Serialize;

/// The questions that can be asked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct QuestionList {
    items: Vec<Asked>,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<DateTime<Utc>>,
}

impl QuestionList {
    /// These, of a lake as it was at `as_of`.
    pub const fn new(items: Vec<Asked>, as_of: Option<DateTime<Utc>>) -> Self {
        Self { items, as_of }
    }
}

/// An answer to one.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FiguresAnswer<'a> {
    #[serde(flatten)]
    figures: &'a Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<DateTime<Utc>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

impl<'a> FiguresAnswer<'a> {
    /// These figures, of a lake as it was at `as_of`.
    pub fn new(figures: &'a Figures, as_of: Option<DateTime<Utc>>) -> Self {
        let note = (figures.hidden > 0).then_some(HIDDEN_SAYS);
        Self {
            figures,
            as_of,
            note,
        }
    }
}

/// The tickets behind a figure.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FigureTickets {
    items: Vec<FigureTicket>,
    more: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<DateTime<Utc>>,
}

impl FigureTickets {
    /// These, and whether there are more.
    pub const fn new(items: Vec<FigureTicket>, more: bool, as_of: Option<DateTime<Utc>>) -> Self {
        Self { items, more, as_of }
    }
}

/// One of them, as the lake has it: masked.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FigureTicket {
    number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    kind: String,
    kind_name: &'static str,
    state: String,
    state_name: &'static str,
    unit: String,
    received_on: String,
}

impl FigureTicket {
    /// Number, title, codes of kind and state, unit, day.
    pub fn new([number, title, kind, state, unit, received_on]: [Option<String>; 6]) -> Self {
        let (kind, state) = (kind.unwrap_or_default(), state.unwrap_or_default());
        Self {
            number: number.unwrap_or_default(),
            title,
            kind_name: Kind::from_code(&kind).map_or("", Kind::zh),
            kind,
            state_name: State::from_code(&state).map_or("", State::zh),
            state,
            unit: unit.unwrap_or_default(),
            received_on: received_on.unwrap_or_default(),
        }
    }
}

/// The reports that are kept.
#[derive(Debug, Serialize)]
pub struct PeriodicList {
    items: Vec<PeriodicRow>,
}

impl PeriodicList {
    /// These, in their order.
    pub fn new(kept: &[Kept]) -> Self {
        let items = kept.iter();
        Self {
            items: items
                .map(|kept| PeriodicRow::new(&kept.id, kept.has_paper))
                .collect(),
        }
    }
}

/// One of them; or one that is asked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PeriodicRow {
    id: String,
    period: String,
    period_name: String,
    since: NaiveDate,
    until: NaiveDate,
    whole: bool,
    paper: bool,
}

impl PeriodicRow {
    /// A report, and whether its paper is there.
    pub fn new(id: &PeriodicId, paper: bool) -> Self {
        let period = id.period;
        Self {
            id: id.to_string(),
            period: period.to_string(),
            period_name: period.zh(),
            since: period.since(),
            until: period.until(),
            whole: id.is_whole(),
            paper,
        }
    }
}
