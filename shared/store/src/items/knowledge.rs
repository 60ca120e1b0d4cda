//! Items of the knowledge base: an entry as it stands, with its index keys, and each version that was
//! shown, which never changes.

use app::AppError;
use chrono::{DateTime, Utc};
use domain::ids::UnitId;
use domain::knowledge::{EntryKind, KnowledgeEntry, KnowledgeId, Standing, Version, review_desk};

use crate::attributes::{Item, Reader, number, text};
use crate::keys;
use crate::table::broken;

use json::{EntryJson, VersionJson};

mod json;
/// The entry in a stream's image; none where the image is of something else.
pub fn entry_from_image(image: &Item) -> Result<Option<KnowledgeEntry>, AppError> {
    let pk = image.get(keys::PK).and_then(|pk| pk.as_s().ok());
    if pk.is_some_and(|pk| pk == keys::KNOWLEDGE) {
        read(image).map(Some)
    } else {
        Ok(None)
    }
}

#[cfg(test)]
mod tests;

/// A row of a list of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnowledgeRow {
    /// Which entry.
    pub id: KnowledgeId,
    /// Its title, the draft's where there is one.
    pub title: String,
    /// What it is.
    pub kind: EntryKind,
    /// Where it stands.
    pub standing: Standing,
    /// Whose it is.
    pub owner: UnitId,
    /// When the owner has to be done with the first open notice.
    pub due_at: Option<DateTime<Utc>>,
}

/// The item of an entry. It lies on the list of its owner, or on that of the reviewers while it
/// waits for them, those with a notice first; and in the timer while a notice can fall overdue.
pub(crate) fn item(entry: &KnowledgeEntry) -> Result<Item, AppError> {
    let json = serde_json::to_string(&EntryJson::from(entry)).map_err(broken)?;
    let list = match (entry.standing(), review_desk(&entry.reviewed_by)) {
        (Standing::InReview, Some(desk)) => keys::knowledge_review(desk),
        _ => keys::knowledge_list(&entry.unit),
    };
    let due = entry.due_at().map_or(i64::MAX, |due| due.timestamp());
    let mut item = Item::from([
        (keys::PK.to_owned(), text(keys::KNOWLEDGE)),
        (keys::SK.to_owned(), text(entry.id.as_str())),
        ("ve".to_owned(), number(entry.writes)),
        ("j".to_owned(), text(json)),
        ("wp".to_owned(), text(list)),
        ("ws".to_owned(), number(due)),
        ("s".to_owned(), text(entry.standing().code())),
        ("ta".to_owned(), text(entry.unit.as_str())),
    ]);
    if let Some(latest) = entry.latest() {
        item.insert("n".to_owned(), text(latest.title.as_str()));
        item.insert("kd".to_owned(), text(latest.kind.code()));
    }
    if let Some(next) = entry.next_due() {
        item.insert("tp".to_owned(), text(keys::KNOWLEDGE));
        item.insert("ts".to_owned(), number(next.timestamp()));
    }
    Ok(item)
}

/// Reads the item of an entry.
pub(crate) fn read(item: &Item) -> Result<KnowledgeEntry, AppError> {
    let reader = Reader::new(item, "knowledge entry");
    let id = id(reader)?;
    let json: Option<EntryJson> = serde_json::from_str(reader.text("j")?).ok();
    let writes = reader.number("ve")?;
    let entry = json.and_then(|json| json.into_entry(id, writes));
    entry.ok_or_else(|| reader.corrupt("j"))
}

/// The id of an entry within any projection of its item.
pub(crate) fn id(reader: Reader<'_>) -> Result<KnowledgeId, AppError> {
    KnowledgeId::parse(reader.text(keys::SK)?).ok_or_else(|| reader.corrupt(keys::SK))
}

/// Reads a row of the work list index.
pub(crate) fn read_row(item: &Item) -> Result<KnowledgeRow, AppError> {
    let reader = Reader::new(item, "list of knowledge entries");
    let due = reader.number::<i64>("ws")?;
    let kind = EntryKind::from_code(reader.text("kd")?);
    let standing = Standing::from_code(reader.text("s")?);
    let owner = UnitId::parse(reader.text("ta")?);
    Ok(KnowledgeRow {
        id: id(reader)?,
        title: reader.text("n")?.to_owned(),
        kind: kind.ok_or_else(|| reader.corrupt("kd"))?,
        standing: standing.ok_or_else(|| reader.corrupt("s"))?,
        owner: owner.map_err(|_| reader.corrupt("ta"))?,
        due_at: DateTime::from_timestamp(due, 0),
    })
}

/// The item of a version.
pub(crate) fn version_item(entry: &KnowledgeId, version: &Version) -> Result<Item, AppError> {
    let json = serde_json::to_string(&VersionJson::from(version)).map_err(broken)?;
    Ok(Item::from([
        (keys::PK.to_owned(), text(keys::knowledge_entry(entry))),
        (
            keys::SK.to_owned(),
            text(keys::knowledge_version(version.number)),
        ),
        ("j".to_owned(), text(json)),
    ]))
}

/// Reads the item of a version.
pub(crate) fn read_version(item: &Item) -> Result<Version, AppError> {
    let reader = Reader::new(item, "version of a knowledge entry");
    let json: Option<VersionJson> = serde_json::from_str(reader.text("j")?).ok();
    let version = json.and_then(VersionJson::into_version);
    version.ok_or_else(|| reader.corrupt("j"))
}
