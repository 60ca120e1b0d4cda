//! Cases of supervision (R-SV-7): one item each, written only by who read the version that stands; a
//! letter takes its number in the same transaction.

use app::AppError;
use app::ports::Committed;
use app::supervision::Cases;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::ids::UnitId;
use domain::supervision::{LetterNumber, Proved, SupervisionCase, SupervisionId};
use domain::ticket::TicketNumber;

use crate::attributes::{Item, Reader, number, text};
use crate::items::supervision as item;
use crate::keys;
use crate::table::{Condition, unavailable};
use crate::tickets::DynamoStore;

/// The timer of a case in which nothing is due: open, and looked at by nobody before the year 9999.
const NEVER: i64 = 253_402_300_799;

impl DynamoStore {
    /// A page of cases, the newest day first, and where the next page starts.
    pub async fn cases_page(
        &self,
        before: Option<&SupervisionId>,
        limit: i32,
    ) -> Result<(Vec<SupervisionCase>, Option<SupervisionId>), AppError> {
        let before = before.map(SupervisionId::as_str);
        let page = self.table().page_before(keys::CASES, before, limit);
        let (items, is_more) = page.await?;
        let found: Vec<_> = items.iter().map(item::read).collect::<Result<_, _>>()?;
        let next = found.last().filter(|_| is_more).map(|last| last.id.clone());
        Ok((found, next))
    }

    /// Every case, open or closed.
    pub async fn all_cases(&self) -> Result<Vec<SupervisionCase>, AppError> {
        let items = self.table().partition_now(keys::CASES).await?;
        items.iter().map(item::read).collect()
    }

    /// Ids of the open cases whose timer is not after `until`.
    async fn cases_until(&self, until: i64) -> Result<Vec<SupervisionId>, AppError> {
        let (mut ids, mut start) = (Vec::new(), None);
        loop {
            let request = self.table().query().index_name(keys::TIMER);
            let page = request
                .key_condition_expression("tp = :tp AND ts <= :until")
                .expression_attribute_values(":tp", text(keys::CASES_TIMER))
                .expression_attribute_values(":until", number(until))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            for found in page.items.unwrap_or_default() {
                let sk = Reader::new(&found, keys::TIMER).text(keys::SK)?;
                ids.extend(SupervisionId::parse(sk));
            }
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(ids);
            }
        }
    }
}

/// The item with its timer: when its time is over, or never while it is open.
fn timed(case: &SupervisionCase, due: Option<DateTime<Utc>>) -> Result<Item, AppError> {
    let mut item = item::item(case)?;
    if case.turn() != domain::supervision::Turn::Nobody {
        let at = due.map_or(NEVER, |due| due.timestamp());
        item.insert("tp".to_owned(), text(keys::CASES_TIMER));
        item.insert("ts".to_owned(), number(at));
    }
    Ok(item)
}

fn counter(letter: LetterNumber) -> (Item, Condition) {
    let item = Item::from([
        (keys::PK.to_owned(), text(keys::LETTERS)),
        (keys::SK.to_owned(), text(letter.year.to_string())),
        ("m".to_owned(), number(letter.number)),
    ]);
    let before = letter.number.saturating_sub(1);
    let condition = if before == 0 {
        Condition {
            expression: Some("attribute_not_exists(pk)".to_owned()),
            values: None,
        }
    } else {
        Condition {
            expression: Some("m = :m".to_owned()),
            values: Some(Item::from([(":m".to_owned(), number(before))])),
        }
    };
    (item, condition)
}

#[async_trait]
impl Cases for DynamoStore {
    async fn put_new_case(
        &self,
        case: &SupervisionCase,
        due: Option<DateTime<Utc>>,
    ) -> Result<(), AppError> {
        self.table().put_new(timed(case, due)?).await.map(|_| ())
    }

    async fn case(&self, id: &SupervisionId) -> Result<Option<SupervisionCase>, AppError> {
        let found = self.table().get(keys::CASES.to_owned(), id.as_str());
        found.await?.as_ref().map(item::read).transpose()
    }

    async fn put_case(
        &self,
        case: &SupervisionCase,
        due: Option<DateTime<Utc>>,
        read: usize,
        letter: Option<LetterNumber>,
    ) -> Result<Committed, AppError> {
        let item = timed(case, due)?;
        let is_written = match letter {
            None => self.table().put_at(item, read).await?,
            Some(letter) => {
                let stands = Condition {
                    expression: Some("ve = :ve".to_owned()),
                    values: Some(Item::from([(":ve".to_owned(), number(read))])),
                };
                let both = vec![(item, stands), counter(letter)];
                self.table().put_all(both).await?
            }
        };
        Ok(Committed::of(is_written))
    }

    async fn last_letter(&self, year: i32) -> Result<u32, AppError> {
        let found = self
            .table()
            .get(keys::LETTERS.to_owned(), &year.to_string())
            .await?;
        found.map_or(Ok(0), |item| Reader::new(&item, keys::LETTERS).number("m"))
    }

    async fn due_cases(&self, now: DateTime<Utc>) -> Result<Vec<SupervisionId>, AppError> {
        self.cases_until(now.timestamp()).await
    }

    async fn open_cases(&self) -> Result<Vec<SupervisionCase>, AppError> {
        let mut cases = Vec::new();
        for id in self.cases_until(NEVER).await? {
            cases.extend(self.case(&id).await?);
        }
        Ok(cases)
    }

    async fn note_proved(
        &self,
        unit: &UnitId,
        service_item: Option<&str>,
        proved: &Proved,
    ) -> Result<Vec<Proved>, AppError> {
        let pk = keys::proved(unit, service_item);
        let at = proved.at.timestamp_millis();
        let sk = format!("{at}#{}#{}", proved.number, proved.version);
        let item = Item::from([
            (keys::PK.to_owned(), text(pk.clone())),
            (keys::SK.to_owned(), text(sk)),
            ("t".to_owned(), number(at)),
            ("n".to_owned(), text(proved.number.as_str())),
            ("ve".to_owned(), number(proved.version)),
        ]);
        self.table().put(item).await?;
        let items = self.table().partition_now(&pk).await?;
        items.iter().map(|item| read_proved(&pk, item)).collect()
    }
}

fn read_proved(pk: &str, item: &Item) -> Result<Proved, AppError> {
    let reader = Reader::new(item, pk);
    let at = DateTime::<Utc>::from_timestamp_millis(reader.number("t")?);
    Ok(Proved {
        at: at.ok_or_else(|| reader.corrupt("t"))?,
        number: TicketNumber::parse(reader.text("n")?).map_err(|_| reader.corrupt("n"))?,
        version: reader.number("ve")?,
    })
}
