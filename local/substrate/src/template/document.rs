//! The template's YAML as JSON, with CloudFormation's short tags (`!Ref`, `!Sub`, …) spelt out.

use anyhow::{Context, bail};
use serde_json::{Map, Value, json};
use serde_yaml_ng::Value as Yaml;

/// Parses a template's text.
pub(super) fn parse(text: &str) -> anyhow::Result<Value> {
    let yaml: Yaml = serde_yaml_ng::from_str(text).context("not YAML")?;
    to_json(yaml)
}

fn to_json(yaml: Yaml) -> anyhow::Result<Value> {
    Ok(match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => flag.into(),
        Yaml::Number(number) => serde_json::to_value(number)?,
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => Value::Array(
            items
                .into_iter()
                .map(to_json)
                .collect::<anyhow::Result<_>>()?,
        ),
        Yaml::Mapping(entries) => {
            let mut object = Map::new();
            for (key, value) in entries {
                object.insert(key_text(&key)?, to_json(value)?);
            }
            Value::Object(object)
        }
        Yaml::Tagged(tagged) => spell_out(&tagged.tag.to_string(), &to_json(tagged.value)?),
    })
}

fn key_text(key: &Yaml) -> anyhow::Result<String> {
    match key {
        Yaml::String(text) => Ok(text.clone()),
        Yaml::Number(number) => Ok(number.to_string()),
        Yaml::Bool(flag) => Ok(flag.to_string()),
        other => bail!("`{other:?}` cannot be a key"),
    }
}

/// `!GetAtt A.B` to `{"Fn::GetAtt": ["A", "B"]}`, and so on.
fn spell_out(tag: &str, value: &Value) -> Value {
    let name = tag.trim_start_matches('!');
    match (name, value) {
        ("Ref" | "Condition", _) => json!({ name: value }),
        ("GetAtt", Value::String(text)) => match text.split_once('.') {
            Some((resource, attribute)) => json!({ "Fn::GetAtt": [resource, attribute] }),
            None => json!({ "Fn::GetAtt": [text, ""] }),
        },
        _ => json!({ format!("Fn::{name}"): value }),
    }
}
