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

/// Writes every section of the reference data; writing it again changes nothing.
pub async fn load(endpoint: &str, table: &str, root: &Path, city: &City) -> Result<()> {
    let store = DynamoStore::new(dynamodb(endpoint), table.to_owned());
    for (section, json) in sections(root, city)? {
        let put = store.put_reference(&section, &json).await;
        put.with_context(|| format!("cannot load the section `{section}`"))?;
    }
    Ok(())
}

fn sections(root: &Path, city: &City) -> Result<Vec<(String, String)>> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
    };
    let demo = root.join("local/demo");
    let mut sections = vec![
        ("units".to_owned(), serde_json::to_string(&units(city))?),
        ("channels".to_owned(), read(&demo.join("channels.json"))?),
        ("duties".to_owned(), read(&demo.join("duties.json"))?),
        (
            "service_items".to_owned(),
            read(&demo.join("service-items.json"))?,
        ),
        (
            "rulebook#1".to_owned(),
            serde_json::to_string(&RulebookJson::default())?,
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
