//! Names of units and channels (R-UX-1): what a page needs to say who is meant.

use domain::ids::UnitId;
use domain::registry::{Registry, Unit};
use serde::Serialize;

/// The directory.
#[derive(Debug, Serialize)]
pub struct Directory<'a> {
    units: Vec<UnitHead<'a>>,
    channels: Vec<ChannelHead<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct UnitHead<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    kind_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    parent: Option<&'a str>,
    area: &'a str,
    can_receive: bool,
}

#[derive(Debug, Serialize)]
struct ChannelHead<'a> {
    code: &'a str,
    name: &'a str,
}

/// The directory of a registry.
pub fn directory(registry: &Registry) -> Directory<'_> {
    let channels = registry.channels.iter();
    let channels = channels.map(|channel| ChannelHead {
        code: channel.code.as_str(),
        name: &channel.name,
    });
    Directory {
        units: registry.units.iter().map(unit_head).collect(),
        channels: channels.collect(),
    }
}

fn unit_head(unit: &Unit) -> UnitHead<'_> {
    UnitHead {
        id: unit.id.as_str(),
        name: &unit.name,
        kind: unit.kind.code(),
        kind_name: unit.kind.zh(),
        parent: unit.parent.as_ref().map(UnitId::as_str),
        area: &unit.area,
        can_receive: unit.can_receive(),
    }
}
