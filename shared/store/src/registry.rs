//! The registry as administrators change it (R-AC-3): read as it is now, written whole or not at
//! all, and only by who read the version that stands. Units, channels and duties are sections of
//! the reference data; officers and service items, which no step of the workflow reads, stand apart
//! in chunks.

use app::AppError;
use app::ports::{Committed, Store as _, WorklistQuery};
use domain::ids::{OfficerId, UnitId};
use domain::registry::{Channel, Duty, FullRegistry, OfficerRecord, ServiceItem, Unit};
use domain::workflow::words::Role;
use serde::{Deserialize, Serialize};

use crate::attributes::{Item, Reader, text};
use crate::keys;
use crate::reference::{self, ChannelJson, DutyJson, UnitJson, list, unit_id};
use crate::table::{Condition, broken};
use crate::tickets::DynamoStore;

/// Longest JSON of an item, bytes: DynamoDB takes 400 KB, keys and names included.
const ITEM_BYTES: usize = 300_000;

/// Most chunks of officers or service items: what one transaction takes is 4 MB.
const CHUNKS: usize = 10;

/// The version of the registry that was read, as it is stored; none before the first change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryVersion(Option<String>);

#[derive(Serialize, Deserialize)]
struct VersionJson {
    version: u64,
}

#[derive(Serialize, Deserialize)]
struct OfficerJson {
    id: String,
    name: String,
    unit: String,
    roles: Vec<String>,
    #[serde(default)]
    contact: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct ItemJson {
    code: String,
    name: String,
    unit: String,
}

/// Officers from a JSON list.
pub fn officers_from_json(json: &str) -> Result<Vec<OfficerRecord>, AppError> {
    list("officers", json, officer)
}

/// Service items from a JSON list.
pub fn service_items_from_json(json: &str) -> Result<Vec<ServiceItem>, AppError> {
    list("service items", json, service_item)
}

fn officer(json: OfficerJson) -> Result<OfficerRecord, String> {
    let roles = json.roles.into_iter();
    let roles = roles.map(|role| Role::from_code(&role).ok_or(role));
    Ok(OfficerRecord {
        id: OfficerId::parse(&json.id).map_err(|error| error.to_string())?,
        name: json.name,
        unit: unit_id(&json.unit)?,
        roles: roles.collect::<Result<_, _>>()?,
        contact: json.contact,
    })
}

fn service_item(json: ItemJson) -> Result<ServiceItem, String> {
    Ok(ServiceItem {
        unit: unit_id(&json.unit)?,
        code: json.code,
        name: json.name,
    })
}

fn unit_json(unit: &Unit) -> UnitJson {
    UnitJson {
        id: unit.id.to_string(),
        name: unit.name.clone(),
        kind: unit.kind.code().to_owned(),
        parent: unit.parent.as_ref().map(ToString::to_string),
        area: unit.area.clone(),
        leaders: unit.leaders,
        liaisons: unit.liaisons,
    }
}

fn channel_json(channel: &Channel) -> ChannelJson {
    let other = channel.system_function_unit.as_ref();
    ChannelJson {
        code: channel.code.to_string(),
        name: channel.name.clone(),
        managing_unit: channel.managing_unit.to_string(),
        system_function_unit: other.map(ToString::to_string),
    }
}

fn duty_json(duty: &Duty) -> DutyJson {
    DutyJson {
        unit: duty.unit.to_string(),
        words: duty.words.clone(),
        service_item: duty.service_item.clone(),
        area: duty.area.clone(),
        effective_on: duty.effective_on,
    }
}

fn officer_json(officer: &OfficerRecord) -> OfficerJson {
    let roles = officer.roles.iter();
    OfficerJson {
        id: officer.id.to_string(),
        name: officer.name.clone(),
        unit: officer.unit.to_string(),
        roles: roles.map(|role| role.code().to_owned()).collect(),
        contact: officer.contact.clone(),
    }
}

fn service_item_json(item: &ServiceItem) -> ItemJson {
    ItemJson {
        code: item.code.clone(),
        name: item.name.clone(),
        unit: item.unit.to_string(),
    }
}

impl DynamoStore {
    /// All of the registry as it is now, and its version.
    pub async fn full_registry(&self) -> Result<(FullRegistry, RegistryVersion), AppError> {
        // The version first: what is read after it is as new or newer, never older.
        let mut sections = Vec::new();
        let mut version = None;
        for item in self.table().partition_now(keys::REFERENCE).await? {
            let (name, json) = section(&item, keys::REFERENCE)?;
            if name == keys::VERSION {
                version = Some(json);
            } else {
                sections.push((name, json));
            }
        }
        let registry = FullRegistry {
            registry: reference::read(&sections)?.registry,
            officers: self.chunks(keys::OFFICERS, officers_from_json).await?,
            items: self
                .chunks(keys::SERVICE_ITEMS, service_items_from_json)
                .await?,
        };
        Ok((registry, RegistryVersion(version)))
    }

    /// Writes what differs between `before` and `after`, all or nothing, unless the registry
    /// changed since `version` was read. [`AppError::BodyTooLarge`] where it does not fit.
    pub async fn put_registry(
        &self,
        before: &FullRegistry,
        after: &FullRegistry,
        version: &RegistryVersion,
    ) -> Result<Committed, AppError> {
        let items = changed_items(before, after)?;
        if items.is_empty() {
            return Ok(Committed::Yes);
        }
        let mut puts: Vec<_> = items
            .into_iter()
            .map(|item| (item, Condition::default()))
            .collect();
        puts.push(next_version(version)?);
        Ok(Committed::of(self.table().put_all(puts).await?))
    }

    /// Those of `units` that still have open tickets.
    pub async fn with_open_tickets(&self, units: &[UnitId]) -> Result<Vec<UnitId>, AppError> {
        let mut busy = Vec::new();
        for unit in units {
            let query = WorklistQuery {
                unit: unit.clone(),
                state: None,
                task: None,
                due_by: None,
                cursor: None,
                limit: 1,
            };
            if !self.worklist(&query).await?.rows.is_empty() {
                busy.push(unit.clone());
            }
        }
        Ok(busy)
    }

    async fn chunks<T>(
        &self,
        pk: &'static str,
        read: fn(&str) -> Result<Vec<T>, AppError>,
    ) -> Result<Vec<T>, AppError> {
        let mut all = Vec::new();
        for item in self.table().partition_now(pk).await? {
            all.extend(read(&section(&item, pk)?.1)?);
        }
        Ok(all)
    }
}

fn changed_items(before: &FullRegistry, after: &FullRegistry) -> Result<Vec<Item>, AppError> {
    let mut items = Vec::new();
    let (old, new) = (&before.registry, &after.registry);
    if old.units != new.units {
        items.push(whole("units", new.units.iter().map(unit_json))?);
    }
    if old.channels != new.channels {
        items.push(whole("channels", new.channels.iter().map(channel_json))?);
    }
    if old.duties != new.duties {
        items.push(whole("duties", new.duties.iter().map(duty_json))?);
    }
    if before.officers != after.officers {
        let officers = [&before.officers, &after.officers];
        let [old, new] = officers.map(|each| chunked(each.iter().map(officer_json)));
        items.extend(chunk_items(keys::OFFICERS, old?.len(), new?)?);
    }
    if before.items != after.items {
        let service_items = [&before.items, &after.items];
        let [old, new] = service_items.map(|each| chunked(each.iter().map(service_item_json)));
        items.extend(chunk_items(keys::SERVICE_ITEMS, old?.len(), new?)?);
    }
    Ok(items)
}

/// A section of the reference data in one item.
fn whole<J: Serialize>(section: &str, rows: impl Iterator<Item = J>) -> Result<Item, AppError> {
    let json = serde_json::to_string(&rows.collect::<Vec<_>>()).map_err(broken)?;
    if json.len() > ITEM_BYTES {
        return Err(AppError::BodyTooLarge);
    }
    Ok(item(keys::REFERENCE, section, &json))
}

/// JSON lists that each fit into an item.
fn chunked<J: Serialize>(rows: impl Iterator<Item = J>) -> Result<Vec<String>, AppError> {
    let mut chunks = Vec::new();
    let mut chunk = String::new();
    for row in rows {
        let row = serde_json::to_string(&row).map_err(broken)?;
        if !chunk.is_empty() && chunk.len() + row.len() + 2 > ITEM_BYTES {
            chunks.push(format!("[{chunk}]"));
            chunk.clear();
        }
        if !chunk.is_empty() {
            chunk.push(',');
        }
        chunk.push_str(&row);
    }
    chunks.push(format!("[{chunk}]"));
    Ok(chunks)
}

/// The items of a list that had `old` chunks: those that it needs no more become empty, since
/// nothing of this table is ever deleted by a function.
fn chunk_items(pk: &str, old: usize, mut new: Vec<String>) -> Result<Vec<Item>, AppError> {
    if new.len() > CHUNKS {
        return Err(AppError::BodyTooLarge);
    }
    new.resize(new.len().max(old), "[]".to_owned());
    let items = new.iter().enumerate();
    Ok(items
        .map(|(index, json)| item(pk, &keys::chunk(index), json))
        .collect())
}

fn next_version(read: &RegistryVersion) -> Result<(Item, Condition), AppError> {
    let version = read.0.as_deref().map(serde_json::from_str::<VersionJson>);
    let version = version.transpose().map_err(broken)?;
    let version = version.map_or(0, |read| read.version) + 1;
    let json = serde_json::to_string(&VersionJson { version }).map_err(broken)?;
    let condition = match &read.0 {
        Some(read) => Condition {
            expression: Some("j = :read".to_owned()),
            values: Some(Item::from([(":read".to_owned(), text(read))])),
        },
        None => Condition {
            expression: Some("attribute_not_exists(pk)".to_owned()),
            values: None,
        },
    };
    Ok((item(keys::REFERENCE, keys::VERSION, &json), condition))
}

fn item(pk: &str, sk: &str, json: &str) -> Item {
    Item::from([
        (keys::PK.to_owned(), text(pk)),
        (keys::SK.to_owned(), text(sk)),
        ("j".to_owned(), text(json)),
    ])
}

fn section(item: &Item, pk: &'static str) -> Result<(String, String), AppError> {
    let reader = Reader::new(item, pk);
    Ok((
        reader.text(keys::SK)?.to_owned(),
        reader.text("j")?.to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(count: usize) -> FullRegistry {
        let item = |index| ServiceItem {
            code: format!("370900-{index:06}"),
            name: "城乡居民基本医疗保险参保登记".to_owned(),
            unit: unit_id("ta-ylbzj").unwrap(),
        };
        FullRegistry {
            items: (0..count).map(item).collect(),
            ..FullRegistry::default()
        }
    }

    fn sizes(items: &[Item]) -> Vec<usize> {
        let json = |item: &Item| item["j"].as_s().unwrap().len();
        items.iter().map(json).collect()
    }

    #[test]
    fn r_ac_3_long_lists_are_cut_into_items_that_fit_and_read_back_whole() {
        let long = items(9_000);
        let changed = changed_items(&FullRegistry::default(), &long).unwrap();
        assert!(changed.len() > 1);
        assert!(sizes(&changed).iter().all(|size| *size <= ITEM_BYTES));
        let read = changed.iter().flat_map(|item| {
            let (_, json) = section(item, keys::SERVICE_ITEMS).unwrap();
            service_items_from_json(&json).unwrap()
        });
        assert!(read.eq(long.items.iter().cloned()));

        // A shorter list empties the chunks that it needs no more.
        let shorter = changed_items(&long, &items(1)).unwrap();
        assert_eq!(shorter.len(), changed.len());
        assert!(sizes(&shorter)[1..].iter().all(|size| *size == 2));
    }

    #[test]
    fn r_ac_3_what_does_not_fit_is_refused_and_what_is_the_same_not_written() {
        let nothing = FullRegistry::default();
        let refused = changed_items(&nothing, &items(60_000));
        assert!(matches!(refused, Err(AppError::BodyTooLarge)));
        let same = items(3);
        assert_eq!(changed_items(&same, &same).unwrap(), []);
    }
}
