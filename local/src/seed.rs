//! Loads the city's reference data (R-AC-3): units, channels, duty list, rulebook, calendars.

use std::path::Path;

use anyhow::{Context as _, Result};
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_smithy_http_client::Builder;
use store::DynamoStore;
use store::reference::{RulebookJson, UnitJson};

use crate::city::City;

/// A client of the laptop's DynamoDB.
pub fn dynamodb(endpoint: &str) -> aws_sdk_dynamodb::Client {
    let (id, secret) = (substrate::ACCESS_KEY_ID, substrate::SECRET_ACCESS_KEY);
    let config = aws_sdk_dynamodb::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(substrate::REGION))
        .credentials_provider(Credentials::new(id, secret, None, None, "laptop"))
        .http_client(Builder::new().build_http())
        .endpoint_url(endpoint)
        .build();
    aws_sdk_dynamodb::Client::from_conf(config)
}

/// The reference data of a city, read whole and found good before any of it is written.
#[derive(Debug)]
pub struct ReferenceData(Vec<(String, String)>);

impl ReferenceData {
    /// From the city's `folder`, and the calendars of the workspace.
    pub fn read(root: &Path, folder: &Path) -> Result<Self> {
        let sections = sections(root, folder)?;
        // Debug shows the section and what is wrong with it.
        store::reference::read(&sections).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(Self(sections))
    }

    /// Writes every section; writing it again changes nothing. Gives how many there are.
    pub async fn write(&self, client: aws_sdk_dynamodb::Client, table: &str) -> Result<usize> {
        let store = DynamoStore::new(client, table.to_owned());
        for (section, json) in &self.0 {
            let put = store.put_reference(section, json).await;
            put.with_context(|| format!("cannot load the section `{section}`"))?;
        }
        Ok(self.0.len())
    }
}

fn sections(root: &Path, folder: &Path) -> Result<Vec<(String, String)>> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let city = City::load(folder)?;
    let rulebook = folder.join("rulebook.json");
    let rulebook = if rulebook.exists() {
        serde_json::from_str(&read(&rulebook)?)
            .with_context(|| format!("{} is no rulebook", rulebook.display()))?
    } else {
        RulebookJson::default()
    };
    let mut sections = vec![
        ("units".to_owned(), serde_json::to_string(&units(&city))?),
        ("channels".to_owned(), read(&folder.join("channels.json"))?),
        ("duties".to_owned(), read(&folder.join("duties.json"))?),
        (
            "service_items".to_owned(),
            read(&folder.join("service-items.json"))?,
        ),
        (
            format!("rulebook#{}", rulebook.version),
            serde_json::to_string(&rulebook)?,
        ),
    ];
    for year in 2024..=2027 {
        let path = root.join(format!("shared/domain/data/cn-workdays-{year}.json"));
        sections.push((format!("calendar#{year}"), read(&path)?));
    }
    Ok(sections)
}

/// Units with their leaders and liaisons counted from the officers (R-HD-1).
fn units(city: &City) -> Vec<UnitJson> {
    let count = |unit: &str, role: &str| {
        let holds = |officer: &&crate::city::Officer| {
            officer.unit == unit && officer.roles.iter().any(|held| held == role)
        };
        u32::try_from(city.officers.iter().filter(holds).count()).unwrap_or(u32::MAX)
    };
    let unit = |unit: &crate::city::Unit| UnitJson {
        id: unit.id.clone(),
        name: unit.name.clone(),
        kind: unit.kind.clone(),
        parent: unit.parent.clone(),
        area: unit.area.clone(),
        leaders: count(&unit.id, "responsible_leader"),
        liaisons: count(&unit.id, "liaison"),
    };
    city.units.iter().map(unit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ac_3_a_folder_that_cannot_be_read_is_refused_whole_and_by_name() {
        let root = crate::workspace::root().unwrap();
        let demo = root.join("local/demo");
        assert_eq!(ReferenceData::read(&root, &demo).unwrap().0.len(), 9);
        let folder = tempfile::tempdir().unwrap();
        for entry in std::fs::read_dir(&demo).unwrap() {
            let entry = entry.unwrap();
            std::fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
        }
        let refused = |name: &str, content: &str| {
            let file = folder.path().join(name);
            let before = std::fs::read(&file);
            std::fs::write(&file, content).unwrap();
            let read = ReferenceData::read(&root, folder.path());
            let error = read.map(|_| ()).unwrap_err();
            match before {
                Ok(before) => std::fs::write(&file, before).unwrap(),
                Err(_) => std::fs::remove_file(&file).unwrap(),
            }
            format!("{error:#}")
        };
        assert!(refused("channels.json", "[{}]").contains("channels"));
        assert!(refused("duties.json", "{").contains("duties"));
        assert!(refused("rulebook.json", "7").contains("rulebook.json"));
        // Another version of the rulebook stands beside the first.
        let second = r#"{"version":2,"effective_on":"2027-01-01"}"#;
        std::fs::write(folder.path().join("rulebook.json"), second).unwrap();
        let sections = ReferenceData::read(&root, folder.path()).unwrap().0;
        assert!(sections.iter().any(|(name, _)| name == "rulebook#2"));
    }
}
