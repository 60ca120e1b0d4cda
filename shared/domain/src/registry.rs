//! Units, channels and duty lists (R-AC-3, R-IN-1, R-HD-1, R-TR-1).

use crate::appeal::Subject;
use crate::ids::{ChannelCode, UnitId};
use crate::vocabulary::vocabulary;

vocabulary! {
    /// What a unit is (Art. 4).
    UnitKind {
        CityManaging = "city_managing" "市级管理单位",
        CountyManaging = "county_managing" "县级管理单位",
        Resolving = "resolving" "问题解决单位",
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
