//! Problem groups (R-AN-3): one item a group, written only by who read the version that stands, in one
//! transaction with its members. Titles are kept by day while they are compared, and what is proposed
//! in one item, so that the whole list changes at once.

use std::collections::BTreeMap;
use std::ops::Range;

use app::AppError;
use app::ports::Committed;
use app::problem_groups::Groups;
use async_trait::async_trait;
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::problem_group::{Candidate, Member, ProblemGroup, ProblemGroupId, Title};
use domain::ticket::TicketNumber;

use crate::attributes::{Item, Reader, bytes, number, text};
use crate::items::likeness as likeness_item;
use crate::items::problem_group as item;
use crate::keys;
use crate::table::{Condition, unavailable};
use crate::texts::{deflate, inflate};
use crate::tickets::DynamoStore;

/// Titles of one item: some 60 bytes each, packed, and an item takes 400 kB.
const CHUNK: usize = 2_000;

/// How long the titles of a day are kept: somewhat longer than they are compared.
const TITLES_KEPT: Days = Days::new(90);

impl DynamoStore {
    /// A page of groups, the newest day first, and where the next page starts.
    pub async fn groups_page(
        &self,
        before: Option<&ProblemGroupId>,
        limit: i32,
    ) -> Result<(Vec<ProblemGroup>, Option<ProblemGroupId>), AppError> {
        let before = before.map(ProblemGroupId::as_str);
        let page = self.table().page_before(keys::GROUPS, before, limit);
        let (items, is_more) = page.await?;
        let found: Vec<_> = items.iter().map(item::read).collect::<Result<_, _>>()?;
        let next = found.last().filter(|_| is_more).map(|last| last.id.clone());
        Ok((found, next))
    }

    /// Every group.
    pub async fn all_groups(&self) -> Result<Vec<ProblemGroup>, AppError> {
        let items = self.table().partition_now(keys::GROUPS).await?;
        items.iter().map(item::read).collect()
    }

    /// The items of titles of these days.
    async fn title_items(&self, days: Range<NaiveDate>) -> Result<Vec<Item>, AppError> {
        let (mut items, mut start) = (Vec::new(), None);
        loop {
            let request = self.table().query();
            let page = request
                .key_condition_expression("pk = :pk AND sk BETWEEN :from AND :until")
                .expression_attribute_values(":pk", text(keys::TITLES))
                .expression_attribute_values(":from", text(days.start.to_string()))
                // A day's own keys are longer than it, and so after it.
                .expression_attribute_values(":until", text(days.end.to_string()))
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(unavailable)?;
            items.extend(page.items.unwrap_or_default());
            start = page.last_evaluated_key;
            if start.is_none() {
                return Ok(items);
            }
        }
    }
}

/// Which group a ticket is in, if it is in one; a ticket of another group is not written over.
fn place(group: &ProblemGroupId, member: &Member) -> (Item, Condition) {
    let mut item = Item::from([
        (keys::PK.to_owned(), text(keys::GROUPED)),
        (keys::SK.to_owned(), text(member.number.as_str())),
    ]);
    if member.is_in() {
        item.insert("g".to_owned(), text(group.as_str()));
    }
    let condition = Condition {
        expression: Some("attribute_not_exists(g) OR g = :g".to_owned()),
        values: Some(Item::from([(":g".to_owned(), text(group.as_str()))])),
    };
    (item, condition)
}

/// The group in an item that says which one a ticket is in.
fn read_place(item: &Item) -> Result<Option<ProblemGroupId>, AppError> {
    let reader = Reader::new(item, keys::GROUPED);
    let Some(id) = reader.optional("g") else {
        return Ok(None);
    };
    let id = ProblemGroupId::parse(id).ok_or_else(|| reader.corrupt("g"))?;
    Ok(Some(id))
}

#[async_trait]
impl Groups for DynamoStore {
    async fn group(&self, id: &ProblemGroupId) -> Result<Option<ProblemGroup>, AppError> {
        let found = self.table().get(keys::GROUPS.to_owned(), id.as_str());
        found.await?.as_ref().map(item::read).transpose()
    }

    async fn members(&self, id: &ProblemGroupId) -> Result<Vec<Member>, AppError> {
        let items = self.table().partition_now(&keys::group_members(id)).await?;
        items.iter().map(item::read_member).collect()
    }

    async fn group_of(&self, ticket: &TicketNumber) -> Result<Option<ProblemGroupId>, AppError> {
        let found = self.table().get(keys::GROUPED.to_owned(), ticket.as_str());
        let found = found.await?;
        found.as_ref().map_or(Ok(None), read_place)
    }

    async fn put_group(
        &self,
        group: &ProblemGroup,
        read: usize,
        members: &[Member],
    ) -> Result<Committed, AppError> {
        let stands = if read == 0 {
            Condition {
                expression: Some("attribute_not_exists(pk)".to_owned()),
                values: None,
            }
        } else {
            Condition {
                expression: Some("ve = :ve".to_owned()),
                values: Some(Item::from([(":ve".to_owned(), number(read))])),
            }
        };
        let mut items = vec![(item::item(group)?, stands)];
        for member in members {
            items.push((item::member(&group.id, member)?, Condition::default()));
            items.push(place(&group.id, member));
        }
        Ok(Committed::of(self.table().put_all(items).await?))
    }

    async fn grouped(&self) -> Result<BTreeMap<TicketNumber, ProblemGroupId>, AppError> {
        let mut grouped = BTreeMap::new();
        for found in self.table().partition_now(keys::GROUPED).await? {
            let reader = Reader::new(&found, keys::GROUPED);
            let ticket = TicketNumber::parse(reader.text(keys::SK)?);
            let ticket = ticket.map_err(|_| reader.corrupt(keys::SK))?;
            grouped.extend(read_place(&found)?.map(|group| (ticket, group)));
        }
        Ok(grouped)
    }

    async fn read_until(&self) -> Result<Option<NaiveDate>, AppError> {
        let found = self.table().get(keys::CANDIDATES.to_owned(), keys::READ);
        let Some(found) = found.await? else {
            return Ok(None);
        };
        let reader = Reader::new(&found, keys::CANDIDATES);
        let day = reader.text("d")?.parse();
        day.map(Some).map_err(|_| reader.corrupt("d"))
    }

    async fn put_read(&self, day: NaiveDate) -> Result<(), AppError> {
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::CANDIDATES)),
            (keys::SK.to_owned(), text(keys::READ)),
            ("d".to_owned(), text(day.to_string())),
        ]);
        self.table().put(item).await
    }

    async fn note_repeat(
        &self,
        earlier: &TicketNumber,
        number: &TicketNumber,
    ) -> Result<(), AppError> {
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::repeats(earlier))),
            (keys::SK.to_owned(), text(number.as_str())),
        ]);
        self.table().put(item).await
    }

    async fn repeats(&self, earlier: &TicketNumber) -> Result<Vec<TicketNumber>, AppError> {
        let items = self.table().partition_now(&keys::repeats(earlier)).await?;
        let numbers = items.iter().map(|found| {
            let reader = Reader::new(found, "repeats");
            let number = TicketNumber::parse(reader.text(keys::SK)?);
            number.map_err(|_| reader.corrupt(keys::SK))
        });
        numbers.collect()
    }

    async fn put_titles(&self, day: NaiveDate, titles: &[Title]) -> Result<(), AppError> {
        let ends = day.checked_add_days(TITLES_KEPT).unwrap_or(day);
        let ends = domain::calendar::midnight(ends).timestamp();
        for (at, chunk) in titles.chunks(CHUNK).enumerate() {
            let item = Item::from([
                (keys::PK.to_owned(), text(keys::TITLES)),
                (keys::SK.to_owned(), text(keys::titles(day, at))),
                (
                    "z".to_owned(),
                    bytes(deflate(&likeness_item::titles(chunk)?)?),
                ),
                ("ttl".to_owned(), number(ends)),
            ]);
            self.table().put(item).await?;
        }
        Ok(())
    }

    async fn titles(&self, days: Range<NaiveDate>) -> Result<Vec<Title>, AppError> {
        let mut titles = Vec::new();
        for found in self.title_items(days).await? {
            let reader = Reader::new(&found, keys::TITLES);
            let read = likeness_item::read_titles(&inflate(reader.bytes("z")?)?);
            titles.extend(read.ok_or_else(|| reader.corrupt("z"))?);
        }
        Ok(titles)
    }

    async fn put_candidates(
        &self,
        made_at: DateTime<Utc>,
        found: &[Candidate],
    ) -> Result<(), AppError> {
        let item = Item::from([
            (keys::PK.to_owned(), text(keys::CANDIDATES)),
            (keys::SK.to_owned(), text(keys::ALONE)),
            ("t".to_owned(), number(made_at.timestamp_millis())),
            (
                "z".to_owned(),
                bytes(deflate(&likeness_item::candidates(found)?)?),
            ),
        ]);
        self.table().put(item).await
    }

    async fn candidates(&self) -> Result<Option<(DateTime<Utc>, Vec<Candidate>)>, AppError> {
        let found = self.table().get(keys::CANDIDATES.to_owned(), keys::ALONE);
        let Some(found) = found.await? else {
            return Ok(None);
        };
        let reader = Reader::new(&found, keys::CANDIDATES);
        let at = DateTime::from_timestamp_millis(reader.number("t")?);
        let list = likeness_item::read_candidates(&inflate(reader.bytes("z")?)?);
        match (at, list) {
            (Some(at), Some(list)) => Ok(Some((at, list))),
            _ => Err(reader.corrupt("z")),
        }
    }
}
