//! The demonstration city: its units and officers, invented, from `local/demo/`.

use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use serde::{Deserialize, Serialize};

/// A unit (Art. 4).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its id.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// `city_managing`, `county_managing` or `resolving`.
    pub kind: String,
    /// The managing unit a county's unit belongs to.
    pub parent: Option<String>,
    /// Administrative division code.
    pub area: String,
}

/// An officer who can sign in.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// The token's `sub`.
    pub id: String,
    /// An invented name.
    pub name: String,
    /// Id of the unit.
    pub unit: String,
    /// Roles.
    pub roles: Vec<String>,
}

/// Units and officers.
#[derive(Debug, Clone, Default)]
pub struct City {
    /// All units.
    pub units: Vec<Unit>,
    /// All officers.
    pub officers: Vec<Officer>,
}

impl City {
    /// Reads `units.json` and `officers.json` of `folder`.
    pub fn load(folder: &Path) -> Result<Self> {
        let city = Self {
            units: read(&folder.join("units.json"))?,
            officers: read(&folder.join("officers.json"))?,
        };
        let known = |id: &str| city.units.iter().any(|unit| unit.id == id);
        for officer in &city.officers {
            ensure!(
                known(&officer.unit),
                "officer `{}` is of an unknown unit",
                officer.id
            );
        }
        for parent in city.units.iter().filter_map(|unit| unit.parent.as_deref()) {
            ensure!(known(parent), "the parent unit `{parent}` does not exist");
        }
        Ok(city)
    }

    /// The officer with this id.
    pub fn officer(&self, id: &str) -> Option<&Officer> {
        self.officers.iter().find(|officer| officer.id == id)
    }

    /// The Chinese name of a unit, or its id.
    pub fn unit_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.units
            .iter()
            .find(|unit| unit.id == id)
            .map_or(id, |unit| &unit.name)
    }
}

fn read<T: for<'de> Deserialize<'de>>(path: &Path) -> Result<Vec<T>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_slice(&bytes).with_context(|| format!("{} is damaged", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unit_of_the_city_can_act() {
        let city = City::load(&Path::new(env!("CARGO_MANIFEST_DIR")).join("demo")).unwrap();
        for unit in &city.units {
            let needed: &[&str] = match unit.kind.as_str() {
                "city_managing" => &["triage_officer", "city_manager"],
                "county_managing" => &["triage_officer", "county_manager"],
                "resolving" => &["liaison", "responsible_leader"],
                kind => panic!("unknown kind {kind}"),
            };
            for role in needed {
                let holders = city.officers.iter().filter(|officer| {
                    officer.unit == unit.id && officer.roles.iter().any(|held| held == role)
                });
                assert_eq!(holders.count(), 1, "{role} of {}", unit.id);
            }
        }
    }
}
