//! The items of a problem group and of its members, as JSON.

use app::AppError;
use chrono::{DateTime, NaiveDate, Utc};
use domain::appeal::Kind;
use domain::ids::{OfficerId, UnitId};
use domain::knowledge::Step;
use domain::problem_group::{Deed, Entry, Member, Plan, ProblemGroup, ProblemGroupId};
use domain::ticket::TicketNumber;
use serde::{Deserialize, Serialize};

use crate::attributes::{Item, Reader, number, text};
use crate::keys;
use crate::table::broken;

/// Who, of which unit, when.
#[derive(Serialize, Deserialize)]
struct StepJson(String, String, DateTime<Utc>);

#[derive(Serialize, Deserialize)]
struct GroupJson {
    title: String,
    unit: String,
    managed_by: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    opened: StepJson,
    entries: Vec<(StepJson, DeedJson)>,
    size: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum DeedJson {
    Planned {
        root_cause: String,
        measures: String,
        until: NaiveDate,
    },
    Completed(String),
    Verified(bool, String),
    Repeated(Vec<String>),
    Released(String, String),
}

#[derive(Serialize, Deserialize)]
struct MemberJson {
    kind: String,
    received_at: DateTime<Utc>,
    joined: StepJson,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    released: Option<(StepJson, String)>,
}

impl From<&Step> for StepJson {
    fn from(step: &Step) -> Self {
        Self(step.by.to_string(), step.unit.to_string(), step.at)
    }
}

impl StepJson {
    fn into_step(self) -> Option<Step> {
        Some(Step {
            by: OfficerId::parse(&self.0).ok()?,
            unit: UnitId::parse(&self.1).ok()?,
            at: self.2,
        })
    }
}

impl From<&Deed> for DeedJson {
    fn from(deed: &Deed) -> Self {
        match deed {
            Deed::Planned(plan) => Self::Planned {
                root_cause: plan.root_cause.clone(),
                measures: plan.measures.clone(),
                until: plan.until,
            },
            Deed::Completed { words } => Self::Completed(words.clone()),
            Deed::Verified {
                is_effective,
                words,
            } => Self::Verified(*is_effective, words.clone()),
            Deed::Repeated { complaints } => {
                Self::Repeated(complaints.iter().map(ToString::to_string).collect())
            }
            Deed::Released { number, reason } => Self::Released(number.to_string(), reason.clone()),
        }
    }
}

impl DeedJson {
    fn into_deed(self) -> Option<Deed> {
        Some(match self {
            Self::Planned {
                root_cause,
                measures,
                until,
            } => Deed::Planned(Plan {
                root_cause,
                measures,
                until,
            }),
            Self::Completed(words) => Deed::Completed { words },
            Self::Verified(is_effective, words) => Deed::Verified {
                is_effective,
                words,
            },
            Self::Released(number, reason) => Deed::Released {
                number: TicketNumber::parse(&number).ok()?,
                reason,
            },
            Self::Repeated(complaints) => {
                let numbers = complaints.iter().map(|it| TicketNumber::parse(it).ok());
                Deed::Repeated {
                    complaints: numbers.collect::<Option<_>>()?,
                }
            }
        })
    }
}

impl GroupJson {
    fn into_group(self, id: ProblemGroupId, writes: usize) -> Option<ProblemGroup> {
        let entries = self.entries.into_iter().map(|(step, deed)| {
            Some(Entry {
                step: step.into_step()?,
                deed: deed.into_deed()?,
            })
        });
        Some(ProblemGroup {
            id,
            title: self.title,
            unit: UnitId::parse(&self.unit).ok()?,
            managed_by: UnitId::parse(&self.managed_by).ok()?,
            area: self.area,
            service_item: self.item,
            opened: self.opened.into_step()?,
            entries: entries.collect::<Option<_>>()?,
            size: self.size,
            writes,
        })
    }
}

/// The item of a group.
pub(crate) fn item(group: &ProblemGroup) -> Result<Item, AppError> {
    let entry = |entry: &Entry| (StepJson::from(&entry.step), DeedJson::from(&entry.deed));
    let json = serde_json::to_string(&GroupJson {
        title: group.title.clone(),
        unit: group.unit.to_string(),
        managed_by: group.managed_by.to_string(),
        area: group.area.clone(),
        item: group.service_item.clone(),
        opened: StepJson::from(&group.opened),
        entries: group.entries.iter().map(entry).collect(),
        size: group.size,
    });
    Ok(Item::from([
        (keys::PK.to_owned(), text(keys::GROUPS)),
        (keys::SK.to_owned(), text(group.id.as_str())),
        ("ve".to_owned(), number(group.writes)),
        ("j".to_owned(), text(json.map_err(broken)?)),
    ]))
}

/// Reads the item of a group.
pub(crate) fn read(item: &Item) -> Result<ProblemGroup, AppError> {
    let reader = Reader::new(item, "problem group");
    let id = ProblemGroupId::parse(reader.text(keys::SK)?);
    let id = id.ok_or_else(|| reader.corrupt(keys::SK))?;
    let json: Option<GroupJson> = serde_json::from_str(reader.text("j")?).ok();
    let writes = reader.number("ve")?;
    let group = json.and_then(|json| json.into_group(id, writes));
    group.ok_or_else(|| reader.corrupt("j"))
}

/// The item of a member.
pub(crate) fn member(group: &ProblemGroupId, member: &Member) -> Result<Item, AppError> {
    let released = member.released.as_ref();
    let json = serde_json::to_string(&MemberJson {
        kind: member.kind.code().to_owned(),
        received_at: member.received_at,
        joined: StepJson::from(&member.joined),
        released: released.map(|(step, reason)| (StepJson::from(step), reason.clone())),
    });
    Ok(Item::from([
        (keys::PK.to_owned(), text(keys::group_members(group))),
        (keys::SK.to_owned(), text(member.number.as_str())),
        ("j".to_owned(), text(json.map_err(broken)?)),
    ]))
}

/// Reads the item of a member.
pub(crate) fn read_member(item: &Item) -> Result<Member, AppError> {
    let reader = Reader::new(item, "member of a problem group");
    let number = TicketNumber::parse(reader.text(keys::SK)?);
    let number = number.map_err(|_| reader.corrupt(keys::SK))?;
    let json: Option<MemberJson> = serde_json::from_str(reader.text("j")?).ok();
    let member = json.and_then(|json| {
        let released = json
            .released
            .map(|(step, reason)| Some((step.into_step()?, reason)));
        Some(Member {
            number,
            kind: Kind::from_code(&json.kind)?,
            received_at: json.received_at,
            joined: json.joined.into_step()?,
            released: match released {
                None => None,
                Some(released) => Some(released?),
            },
        })
    });
    member.ok_or_else(|| reader.corrupt("j"))
}

/// The group in a stream's image; none where the image is of something else.
pub fn group_from_image(image: &Item) -> Result<Option<ProblemGroup>, AppError> {
    let pk = image.get(keys::PK).and_then(|pk| pk.as_s().ok());
    if pk.is_some_and(|pk| pk == keys::GROUPS) {
        read(image).map(Some)
    } else {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(by: &str) -> Step {
        Step {
            by: OfficerId::parse(by).unwrap(),
            unit: UnitId::parse("ta-bigdata").unwrap(),
            at: "2026-03-02T01:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn r_an_3_a_group_and_its_members_are_read_as_they_were_written_and_never_otherwise() {
        let number = TicketNumber::parse("TA26112428T5CY4TZ").unwrap();
        let units = ["ta-ylbzj", "ta-bigdata"].map(|unit| UnitId::parse(unit).unwrap());
        let [unit, managed_by] = units;
        let id = ProblemGroupId::new(step("desk").at, b"group");
        let place = (Some("370902".to_owned()), Some("11370900".to_owned()));
        let title = "缴费后查不到记录".to_owned();
        let mut group = ProblemGroup::open(id, title, (unit, managed_by), place, step("desk"));
        let deeds = [
            Deed::Repeated {
                complaints: vec![number.clone()],
            },
            Deed::Planned(Plan {
                root_cause: "每日只同步一次".to_owned(),
                measures: "改为实时同步".to_owned(),
                until: "2026-03-20".parse().unwrap(),
            }),
            Deed::Completed {
                words: "已完成".to_owned(),
            },
            Deed::Verified {
                is_effective: true,
                words: "见效".to_owned(),
            },
            Deed::Released {
                number: number.clone(),
                reason: "另一事项".to_owned(),
            },
        ];
        for deed in deeds {
            let step = step("unit");
            group.entries.push(Entry { step, deed });
        }
        (group.size, group.writes) = (1, 7);
        let written = item(&group).unwrap();
        assert_eq!(read(&written).unwrap(), group);
        let found = Member {
            number,
            kind: Kind::Complaint,
            received_at: step("desk").at,
            joined: step("desk"),
            released: Some((step("desk"), "另一事项".to_owned())),
        };
        let kept = member(&group.id, &found).unwrap();
        assert_eq!(read_member(&kept).unwrap(), found);
        for (of, is, not) in [
            (&written, "TA26112428T5CY4TZ", "TA"),
            (&written, "ta-ylbzj", "?"),
            (&kept, "complaint", "grumble"),
            (&kept, "desk", "?"),
        ] {
            let mut other = of.clone();
            let json = other["j"].as_s().unwrap().clone();
            assert!(json.contains(is), "{json}");
            other.insert("j".to_owned(), text(json.replace(is, not)));
            assert!(
                read(&other).is_err() && read_member(&other).is_err(),
                "{not}"
            );
        }
    }
}
