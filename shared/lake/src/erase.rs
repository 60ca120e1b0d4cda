//! 删除个人信息 (Art. 16) reaches the lake: the rows that say whose a ticket was and what they wrote are
//! written anew without that, what held them is removed, and a scan over every version of every object
//! where a row of the ticket can stand proves that nothing is left.

use std::collections::{BTreeMap, BTreeSet};

use app::AppError;
use app::lake::LakeObjects;
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use domain::ticket::TicketNumber;
use serde_json::json;

use crate::compact::HISTORY;
use crate::file::Rows;
use crate::gather::{day_file, event_name};
use crate::month::Month;
use crate::names::{self, Part, written};
use crate::parts::open;
use crate::rows::{EventRow, TicketRow};
use crate::schema::{Row, Table};

/// Takes from a row what erasing takes away; whether there was anything.
pub(crate) fn clear(row: &mut EventRow) -> bool {
    let taken = [row.subject_key.take(), row.title.take(), row.text.take()];
    taken.iter().any(Option::is_some)
}

/// Tickets whose appellant was erased.
pub(crate) struct Erasing<'a> {
    pub(crate) objects: &'a dyn LakeObjects,
    pub(crate) numbers: &'a BTreeSet<String>,
}

impl Erasing<'_> {
    /// The days on which the tickets were received: there stands the one event that says whose they are.
    fn days(&self) -> BTreeSet<NaiveDate> {
        let digits = self.numbers.iter().filter_map(|number| number.get(2..8));
        let days = digits.filter_map(|day| NaiveDate::parse_from_str(day, "%y%m%d").ok());
        days.collect()
    }

    /// Writes those files of the event zone anew that say what was erased.
    pub(crate) async fn rewrite_events(&self) -> Result<(), AppError> {
        for day in self.days() {
            let folder = names::day(day);
            for name in self.objects.names(&folder).await? {
                let rows = open::<EventRow>(self.objects, &name).await?;
                let mut rows = rows.collect::<Result<Vec<_>, _>>()?;
                let mut is_changed = false;
                for row in &mut rows {
                    if self.numbers.contains(row.number.as_str()) {
                        is_changed |= clear(row);
                    }
                }
                if is_changed {
                    let file = day_file(rows)?;
                    let since = written(&name).unwrap_or_default();
                    self.objects
                        .put(&event_name(&folder, since, &file), file)
                        .await?;
                    self.objects.remove(&[name]).await?;
                }
            }
        }
        Ok(())
    }

    /// Looks for what was erased in every version of every object where it can stand; an error where
    /// something is left. What was looked through is put on record.
    pub(crate) async fn prove(&self, month: Month, now: DateTime<Utc>) -> Result<(), AppError> {
        let mut looked = 0_usize;
        for day in self.days() {
            looked += self
                .look(&names::day(day), |row: &EventRow| {
                    (row.number.clone(), clear(&mut row.clone()))
                })
                .await?;
        }
        let folder = |table: &Table| Part::Of(month).generations(table);
        looked += self
            .look(&folder(&HISTORY), |row: &EventRow| {
                (row.number.clone(), clear(&mut row.clone()))
            })
            .await?;
        looked += self
            .look(&folder(&TicketRow::TABLE), |row: &TicketRow| {
                let said = [&row.subject_key, &row.title, &row.text];
                (row.number.clone(), said.iter().any(|it| it.is_some()))
            })
            .await?;
        for number in self.numbers {
            let proof = json!({ "number": number, "provedAt": now, "objects": looked });
            let proof = serde_json::to_vec_pretty(&proof);
            let proof = proof.map_err(|error| AppError::Broken(error.to_string()))?;
            self.objects.put(&names::erased(number), proof).await?;
        }
        Ok(())
    }

    async fn look<R: Row>(
        &self,
        folder: &str,
        says: impl Fn(&R) -> (TicketNumber, bool) + Send,
    ) -> Result<usize, AppError> {
        let versions = self.objects.versions(folder).await?;
        let looked = versions.len();
        let mut left = BTreeMap::new();
        for (name, version) in versions {
            let file = self.objects.get(&name, version.as_deref()).await?;
            for row in Rows::<R>::open(Bytes::from(file))? {
                let (number, says) = says(&row?);
                if says && self.numbers.contains(number.as_str()) {
                    left.insert(number, name.clone());
                }
            }
        }
        match left.first_key_value() {
            None => Ok(looked),
            Some((number, name)) => {
                let said = format!("lake: {name} still says whose {number} was");
                Err(AppError::Broken(said))
            }
        }
    }
}
