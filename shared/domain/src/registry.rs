//! Units, channels and duty lists (R-AC-3, R-IN-1, R-HD-1, R-TR-1).

use chrono::NaiveDate;

use crate::appeal::Subject;
use crate::ids::{ChannelCode, OfficerId, UnitId};
use crate::vocabulary::vocabulary;
use crate::workflow::words::Role;

vocabulary! {
    /// What a unit is (Art. 4).
    UnitKind {
        CityManaging = "city_managing" "市级管理单位",
        CountyManaging = "county_managing" "县级管理单位",
        Resolving = "resolving" "问题解决单位",
    }
}

vocabulary! {
    /// Why a unit cannot receive tickets (R-HD-1).
    Gap {
        NoLeader = "no_leader" "缺分管领导",
        SeveralLeaders = "several_leaders" "分管领导多于1名",
        NoLiaison = "no_liaison" "缺联络员",
    }
}

/// A unit on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its identifier.
    pub id: UnitId,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: UnitKind,
    /// The unit above it, if any.
    pub parent: Option<UnitId>,
    /// Area code by GB/T 2260.
    pub area: String,
    /// Responsible leaders on record (分管领导, Art. 8(1)).
    pub leaders: u32,
    /// Full-time liaisons on record (专职联络员, Art. 8(1)).
    pub liaisons: u32,
}

impl Unit {
    /// Whether the unit can receive tickets: one leader and at least one liaison (R-HD-1).
    pub const fn can_receive(&self) -> bool {
        self.leaders == 1 && self.liaisons >= 1
    }

    /// What keeps the unit from receiving tickets: empty when it can.
    pub fn gaps(&self) -> Vec<Gap> {
        let leaders = match self.leaders {
            0 => Some(Gap::NoLeader),
            1 => None,
            _ => Some(Gap::SeveralLeaders),
        };
        let liaisons = (self.liaisons == 0).then_some(Gap::NoLiaison);
        leaders.into_iter().chain(liaisons).collect()
    }

    /// Takes leaders and liaisons from the officers on record, so that nobody types them.
    pub fn count(&mut self, officers: &[OfficerRecord]) {
        let count = |role| {
            let holders = officers
                .iter()
                .filter(|officer| officer.unit == self.id && officer.roles.contains(&role));
            u32::try_from(holders.count()).unwrap_or(u32::MAX)
        };
        (self.leaders, self.liaisons) = (count(Role::ResponsibleLeader), count(Role::Liaison));
    }
}

/// An officer on record (Art. 4, 8(1)). Who may sign in is the identity provider's to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficerRecord {
    /// The `sub` of the sign-in token.
    pub id: OfficerId,
    /// Name.
    pub name: String,
    /// The unit.
    pub unit: UnitId,
    /// What the officer is there for.
    pub roles: Vec<Role>,
    /// Telephone at work.
    pub contact: Option<String>,
}

/// A service item (政务服务事项).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceItem {
    /// Its code in the catalogue.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The unit that provides it.
    pub unit: UnitId,
}

/// A channel: data, so that a ninth needs no release (R-IN-1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// Its code.
    pub code: ChannelCode,
    /// Its statutory name.
    pub name: String,
    /// The unit that manages what comes in here (Art. 6(1), R-TR-1).
    pub managing_unit: UnitId,
    /// Another managing unit for appeals about system functions, where the rulebook names one.
    pub system_function_unit: Option<UnitId>,
}

/// One line of the duty list: which unit for which words, item or area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duty {
    /// The unit whose duty it is.
    pub unit: UnitId,
    /// Words that speak for it.
    pub words: Vec<String>,
    /// Service item, if the line is about one.
    pub service_item: Option<String>,
    /// Area, if the line is about one.
    pub area: Option<String>,
    /// The day from which the line counts; always, if there is none.
    pub effective_on: Option<NaiveDate>,
}

impl Duty {
    /// Whether the line counts on `day`.
    pub fn counts_on(&self, day: NaiveDate) -> bool {
        self.effective_on.is_none_or(|from| from <= day)
    }
}

/// The registry as loaded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Registry {
    /// Units.
    pub units: Vec<Unit>,
    /// Channels.
    pub channels: Vec<Channel>,
    /// Duty list.
    pub duties: Vec<Duty>,
}

/// All of the registry, as administrators load it: what every step reads, and what only some do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FullRegistry {
    /// What every step reads.
    pub registry: Registry,
    /// Officers.
    pub officers: Vec<OfficerRecord>,
    /// Service items.
    pub items: Vec<ServiceItem>,
}

impl Registry {
    /// The unit with this identifier.
    pub fn unit(&self, id: &UnitId) -> Option<&Unit> {
        self.units.iter().find(|unit| &unit.id == id)
    }

    /// The channel with this code.
    pub fn channel(&self, code: &ChannelCode) -> Option<&Channel> {
        self.channels.iter().find(|channel| &channel.code == code)
    }

    /// Name of a unit; its identifier when it has left the registry.
    pub fn unit_name<'a>(&'a self, id: &'a UnitId) -> &'a str {
        self.unit(id).map_or(id.as_str(), |unit| &unit.name)
    }
}

impl Channel {
    /// The unit that manages an appeal about `subject` through this channel (Art. 6(1), R-TR-1).
    pub fn managing_unit_for(&self, subject: Subject) -> &UnitId {
        match (subject, &self.system_function_unit) {
            (Subject::SystemFunction, Some(unit)) => unit,
            _ => &self.managing_unit,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unit(leaders: u32, liaisons: u32) -> Unit {
        Unit {
            id: UnitId::parse("ta-rsj").unwrap(),
            name: "泰安市人力资源和社会保障局".to_owned(),
            kind: UnitKind::Resolving,
            parent: None,
            area: "370900".to_owned(),
            leaders,
            liaisons,
        }
    }

    #[test]
    fn r_hd_1_a_unit_that_cannot_receive_says_why() {
        for (leaders, liaisons, gaps) in [
            (1, 1, &[][..]),
            (1, 3, &[]),
            (0, 1, &[Gap::NoLeader]),
            (2, 1, &[Gap::SeveralLeaders]),
            (1, 0, &[Gap::NoLiaison]),
            (0, 0, &[Gap::NoLeader, Gap::NoLiaison]),
        ] {
            let unit = unit(leaders, liaisons);
            assert_eq!(unit.gaps(), gaps);
            assert_eq!(unit.can_receive(), gaps.is_empty());
        }
    }

    #[test]
    fn r_hd_1_leaders_and_liaisons_are_counted_from_the_officers_of_the_unit() {
        let officer = |id: &str, unit: &str, roles: &[Role]| OfficerRecord {
            id: OfficerId::parse(id).unwrap(),
            name: "王示安".to_owned(),
            unit: UnitId::parse(unit).unwrap(),
            roles: roles.to_vec(),
            contact: None,
        };
        let officers = [
            officer("a", "ta-rsj", &[Role::Liaison, Role::ResponsibleLeader]),
            officer("b", "ta-rsj", &[Role::Liaison]),
            officer("c", "ta-gjj", &[Role::Liaison]),
        ];
        let mut unit = unit(7, 7);
        unit.count(&officers);
        assert_eq!((unit.leaders, unit.liaisons), (1, 2));
        unit.count(&[]);
        assert_eq!((unit.leaders, unit.liaisons), (0, 0));
    }
}
