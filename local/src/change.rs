//! Another year's notice or another version of the rulebook (R-CAL-1, R-RULE-1): what it would do to
//! the open tickets, and then loading it with an event on each ticket that moves.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use app::ports::Reference;
use app::recompute::{Effect, effect, recompute};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use domain::ticket::Ticket;
use serde_json::Value;
use store::DynamoStore;

use crate::console::{self, Progress};

/// Functions trust what they read for a minute; who writes the lists anew waits until they have
/// forgotten the old one.
pub const FORGETTING: Duration = Duration::from_secs(65);

/// A file with a notice or a version of the rulebook.
#[derive(Debug)]
pub struct Change {
    section: String,
    json: String,
    because: String,
}

impl Change {
    /// Reads and checks a file: `{"year", "status", "source_no", "days": [{"date", "off"}]}`, or a
    /// version of the rulebook.
    pub fn read(file: &Path) -> Result<Self> {
        let name = file.display().to_string();
        let json = std::fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
        Self::parse(json).with_context(|| format!("{name} is not loaded"))
    }

    fn parse(json: String) -> Result<Self> {
        let value: Value = serde_json::from_str(&json)?;
        let (section, because) = if value.get("days").is_some() {
            notice(&value)?
        } else {
            let version = value.get("version").and_then(Value::as_u64);
            let version =
                version.context("neither a calendar (`days`) nor a rulebook (`version`)")?;
            (
                format!("rulebook#{version}"),
                format!("规则参数第{version}版"),
            )
        };
        store::reference::read(&[(section.clone(), json.clone())])
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(Self {
            section,
            json,
            because,
        })
    }

    /// The section under which what was replaced is kept until every ticket was looked at.
    fn replaced(&self) -> String {
        format!("replaced/{}", self.section)
    }
}

/// Section and document number of a year's notice.
fn notice(value: &Value) -> Result<(String, String)> {
    let year = value
        .get("year")
        .and_then(Value::as_i64)
        .context("`year`")?;
    let number = value.get("source_no").and_then(Value::as_str);
    let number = number.unwrap_or_default().trim();
    let is_published = value.get("status").and_then(Value::as_str) == Some("published");
    ensure!(
        !is_published || !number.is_empty(),
        "a published notice names its document number in `source_no`"
    );
    for day in value
        .get("days")
        .and_then(Value::as_array)
        .context("`days`")?
    {
        let date = day.get("date").and_then(Value::as_str).unwrap_or_default();
        let date: NaiveDate = date.parse().with_context(|| format!("day `{date}`"))?;
        if i64::from(date.year()) != year {
            bail!("{date} is not a day of {year}");
        }
    }
    let because = if number.is_empty() {
        format!("{year}年暂定日历")
    } else {
        number.to_owned()
    };
    Ok((format!("calendar#{year}"), because))
}

/// What stands, and what would.
struct Both {
    old: Reference,
    new: Reference,
    sections: Vec<(String, String)>,
}

async fn both(store: &DynamoStore, change: &Change) -> Result<Both> {
    let sections = store.sections().await?;
    let with = |json: Option<&String>| -> Result<Reference> {
        let mut sections = sections.clone();
        sections.retain(|(name, _)| json.is_none() || *name != change.section);
        sections.extend(json.map(|json| (change.section.clone(), json.clone())));
        Ok(store::reference::read(&sections)?)
    };
    let find = |name: &str| sections.iter().find(|(each, _)| each == name);
    let stands = find(&change.section).map(|(_, json)| json);
    // Loaded already, but not every ticket was looked at: what it replaced is still known.
    let replaced = find(&change.replaced()).map(|(_, json)| json);
    let old = match (stands == Some(&change.json), replaced) {
        (true, Some(replaced)) => with(Some(replaced))?,
        _ => with(None)?,
    };
    let new = with(Some(&change.json))?;
    Ok(Both { old, new, sections })
}

/// What loading it would do to the tickets.
pub async fn preview(store: &DynamoStore, change: &Change, now: DateTime<Utc>) -> Result<Effect> {
    let both = both(store, change).await?;
    let mut sum = Effect::default();
    let (old, new) = (&both.old.timetable, &both.new.timetable);
    for_each(store, "looking at", async |ticket| {
        sum.add(&effect(ticket, old, new, now));
        Ok(())
    })
    .await?;
    Ok(sum)
}

/// Loads it and writes an event on each ticket that moves; gives how many did. Doing it again goes on
/// where it was broken off.
pub async fn apply(
    store: &DynamoStore,
    change: &Change,
    now: DateTime<Utc>,
    forgetting: Duration,
) -> Result<u64> {
    let both = both(store, change).await?;
    let stands = both
        .sections
        .iter()
        .find(|(name, _)| *name == change.section);
    if let Some((_, json)) = stands.filter(|(_, json)| *json != change.json) {
        store.put_reference(&change.replaced(), json).await?;
    }
    store.put_reference(&change.section, &change.json).await?;
    if !forgetting.is_zero() {
        let seconds = forgetting.as_secs();
        console::line(&format!(
            "loaded; waiting {seconds} s until all functions see it"
        ));
        tokio::time::sleep(forgetting).await;
    }
    let mut moved = 0;
    for_each(store, "moving", async |ticket| {
        let because = &change.because;
        let old = &both.old.timetable;
        let has_moved = recompute(store, ticket, old, &both.new, because, now).await?;
        moved += u64::from(has_moved);
        Ok(())
    })
    .await?;
    store
        .put_reference(&change.replaced(), &change.json)
        .await?;
    Ok(moved)
}

async fn for_each(
    store: &DynamoStore,
    what: &'static str,
    mut look: impl AsyncFnMut(&Ticket) -> Result<()>,
) -> Result<()> {
    let about = store.about_items().await.unwrap_or_default();
    let mut progress = Progress::new(what);
    let (mut passed, mut unreadable, mut start) = (0_usize, 0_usize, None);
    loop {
        let page = store.tickets_page(start).await?;
        for read in page.tickets {
            match read {
                Ok(ticket) => look(&ticket).await?,
                Err(error) => {
                    unreadable = unreadable.saturating_add(1);
                    console::error(&error.to_string());
                }
            }
        }
        passed = passed.saturating_add(page.passed);
        progress.step(passed, about.max(passed), "items");
        start = page.next;
        if start.is_none() {
            break;
        }
    }
    progress.done("all tickets");
    ensure!(unreadable == 0, "{unreadable} tickets cannot be read");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_cal_1_a_notice_names_its_document_and_its_own_days_only() {
        let good = r#"{"year":2027,"status":"published","source_no":"国办发明电〔2026〕1号","days":[{"date":"2027-01-01","off":true}]}"#;
        let change = Change::parse(good.to_owned()).unwrap();
        assert_eq!(change.section, "calendar#2027");
        assert_eq!(change.because, "国办发明电〔2026〕1号");
        for (wrong, said) in [
            (
                good.replace("国办发明电〔2026〕1号", " "),
                "document number",
            ),
            (
                good.replace("2027-01-01", "2026-01-01"),
                "is not a day of 2027",
            ),
            (good.replace("2027-01-01", "2027-02-30"), "2027-02-30"),
            ("{}".to_owned(), "neither"),
        ] {
            let error = Change::parse(wrong).unwrap_err();
            assert!(format!("{error:#}").contains(said), "{error:#}");
        }
        let second = Change::parse(r#"{"version":2,"effective_on":"2027-01-01"}"#.to_owned());
        assert_eq!(second.unwrap().because, "规则参数第2版");
    }
}
