//! 对账 (Art. 3; R-IN-5): what a channel counted for a day, and what is here.

use app::reconcile::Reconciliation;
use chrono::{DateTime, NaiveDate, Utc};
use domain::registry::Registry;
use serde::Serialize;

/// A channel's day.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReconciliationView<'a> {
    /// Which day, by the clock of Beijing.
    pub day: NaiveDate,
    /// How many the channel counted.
    pub count: u32,
    /// How many different ids it listed.
    pub listed: usize,
    /// How many of those were received on the day.
    pub received: usize,
    /// Counted, less received: 0 when nothing is missing.
    pub difference: i64,
    /// Ids of which there is no ticket.
    pub missing: &'a [String],
    /// Ids whose tickets were received on another day.
    pub other_day: Vec<OtherDay<'a>>,
    /// When the two were compared.
    pub compared_at: DateTime<Utc>,
}

/// An id whose ticket was received on another day.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OtherDay<'a> {
    id: &'a str,
    day: NaiveDate,
}

impl<'a> ReconciliationView<'a> {
    /// As it is shown.
    pub fn of(all: &'a Reconciliation) -> Self {
        let other_day = all.other_day.iter();
        Self {
            day: all.day,
            count: all.count,
            listed: all.listed(),
            received: all.received,
            difference: all.difference(),
            missing: &all.missing,
            other_day: other_day
                .map(|(id, day)| OtherDay { id, day: *day })
                .collect(),
            compared_at: all.at,
        }
    }
}

/// A day of all channels, for officers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DayPage<'a> {
    day: NaiveDate,
    channels: Vec<ChannelDay<'a>>,
}

/// A channel's day, for officers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChannelDay<'a> {
    channel: &'a str,
    name: &'a str,
    /// Absent while the channel has not sent its count.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconciliation: Option<ReconciliationView<'a>>,
}

impl<'a> DayPage<'a> {
    /// Every channel of the registry, those without a count too.
    pub fn of(day: NaiveDate, registry: &'a Registry, all: &'a [Reconciliation]) -> Self {
        let channels = registry.channels.iter().map(|channel| ChannelDay {
            channel: channel.code.as_str(),
            name: &channel.name,
            reconciliation: all
                .iter()
                .find(|each| each.channel == channel.code.as_str())
                .map(ReconciliationView::of),
        });
        Self {
            day,
            channels: channels.collect(),
        }
    }
}
