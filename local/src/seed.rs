//! Loads the city's reference data (R-AC-3): the registry, rulebook, calendars.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use app::ports::Committed;
use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_smithy_http_client::Builder;
use domain::registry::FullRegistry;
use domain::rulebook::Rulebook;
use store::DynamoStore;
use store::reference::{rulebook_from_json, rulebook_section};
use tables::Part;

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
pub struct ReferenceData {
    registry: FullRegistry,
    /// Rulebook and calendars.
    sections: Vec<(String, String)>,
}

impl ReferenceData {
    /// From the city's `folder`, and the calendars of the workspace.
    pub fn read(root: &Path, folder: &Path) -> Result<Self> {
        let sections = sections(root, folder)?;
        // Debug shows the section and what is wrong with it.
        store::reference::read(&sections).map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(Self {
            registry: registry(folder)?,
            sections,
        })
    }

    /// Writes all of it; writing it again changes nothing. Gives how many parts and sections there
    /// are.
    pub async fn write(&self, client: aws_sdk_dynamodb::Client, table: &str) -> Result<usize> {
        let store = DynamoStore::new(client, table.to_owned());
        for (section, json) in &self.sections {
            let put = store.put_reference(section, json).await;
            put.with_context(|| format!("cannot load the section `{section}`"))?;
        }
        let (before, version) = store.full_registry().await?;
        let put = store.put_registry(&before, &self.registry, &version);
        match put.await.context("cannot load the registry")? {
            Committed::Yes => Ok(Part::ALL.len() + self.sections.len()),
            Committed::LostRace => bail!("somebody else changed the registry just now; try again"),
        }
    }
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

fn sections(root: &Path, folder: &Path) -> Result<Vec<(String, String)>> {
    let rulebook = folder.join("rulebook.json");
    let rulebook = if rulebook.exists() {
        rulebook_from_json(&read(&rulebook)?)
            .map_err(|error| anyhow::anyhow!("{} is no rulebook: {error}", rulebook.display()))?
    } else {
        Rulebook::first()
    };
    let mut sections = vec![(
        format!("rulebook#{}", rulebook.version),
        rulebook_section(&rulebook)?,
    )];
    for year in 2024..=2027 {
        let path = root.join(format!("shared/domain/data/cn-workdays-{year}.json"));
        sections.push((format!("calendar#{year}"), read(&path)?));
    }
    Ok(sections)
}

/// The registry of a city's folder, leaders and liaisons counted from the officers (R-HD-1).
fn registry(folder: &Path) -> Result<FullRegistry> {
    City::load(folder)?;
    let json = |name: &str| read(&folder.join(format!("{name}.json")));
    let mut sections = Vec::new();
    for name in ["units", "channels", "duties"] {
        sections.push((name.to_owned(), json(name)?));
    }
    let broken = |error: app::AppError| anyhow::anyhow!("{error:?}");
    let mut all = FullRegistry {
        registry: store::reference::read(&sections).map_err(broken)?.registry,
        officers: store::officers_from_json(&json("officers")?).map_err(broken)?,
        items: store::service_items_from_json(&json("service-items")?).map_err(broken)?,
    };
    for unit in &mut all.registry.units {
        unit.count(&all.officers);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_ac_3_a_folder_that_cannot_be_read_is_refused_whole_and_by_name() {
        let root = crate::workspace::root().unwrap();
        let demo = root.join("local/demo");
        let data = ReferenceData::read(&root, &demo).unwrap();
        assert_eq!(data.sections.len(), 5);
        assert!(data.registry.registry.units.len() > 10 && !data.registry.officers.is_empty());
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
        assert!(refused("officers.json", "[{}]").contains("officers"));
        assert!(refused("service-items.json", "[{}]").contains("service items"));
        assert!(refused("rulebook.json", "7").contains("rulebook.json"));
        // Another version of the rulebook stands beside the first.
        let second = r#"{"version":2,"effective_on":"2027-01-01"}"#;
        std::fs::write(folder.path().join("rulebook.json"), second).unwrap();
        let sections = ReferenceData::read(&root, folder.path()).unwrap().sections;
        assert!(sections.iter().any(|(name, _)| name == "rulebook#2"));
    }
}
