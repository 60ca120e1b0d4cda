//! Event patterns of `FilterCriteria`.

use anyhow::{Context, bail};
use serde_json::Value;

/// A pattern that an event matches or not.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Pattern {
    /// Every named part must match.
    Parts(Vec<(String, Pattern)>),
    /// One of the tests must hold for the value in this place, or for an element of it.
    AnyOf(Vec<Test>),
}

/// A test of one value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Test {
    /// Equal to this.
    Equals(Value),
    /// A text with this beginning.
    Prefix(String),
    /// A text with this end.
    Suffix(String),
    /// There, or not there.
    Exists(bool),
    /// There, but none of these.
    AnythingBut(Vec<Value>),
}

impl Pattern {
    /// Reads a pattern; an operator that is not known is an error.
    pub(crate) fn parse(pattern: &Value) -> anyhow::Result<Self> {
        match pattern {
            Value::Object(parts) => parts
                .iter()
                .map(|(name, part)| {
                    let part = Self::parse(part).with_context(|| format!("in `{name}`"))?;
                    Ok((name.clone(), part))
                })
                .collect::<anyhow::Result<_>>()
                .map(Self::Parts),
            Value::Array(tests) => tests
                .iter()
                .map(test)
                .collect::<anyhow::Result<_>>()
                .map(Self::AnyOf),
            other => bail!("a pattern ends in a list, not in `{other}`"),
        }
    }

    /// Whether an event matches.
    pub(crate) fn matches(&self, event: &Value) -> bool {
        self.holds(Some(event))
    }

    fn holds(&self, value: Option<&Value>) -> bool {
        match self {
            Self::Parts(parts) => parts
                .iter()
                .all(|(name, part)| part.holds(value.and_then(|value| value.get(name)))),
            Self::AnyOf(tests) => tests.iter().any(|test| match value {
                Some(Value::Array(items)) => items.iter().any(|item| test.holds(Some(item))),
                value => test.holds(value),
            }),
        }
    }
}

impl Test {
    fn holds(&self, value: Option<&Value>) -> bool {
        let text = value.and_then(Value::as_str);
        match self {
            Self::Equals(expected) => value == Some(expected),
            Self::Prefix(start) => text.is_some_and(|text| text.starts_with(start.as_str())),
            Self::Suffix(end) => text.is_some_and(|text| text.ends_with(end.as_str())),
            Self::Exists(expected) => value.is_some() == *expected,
            Self::AnythingBut(refused) => value.is_some_and(|value| !refused.contains(value)),
        }
    }
}

fn test(operator: &Value) -> anyhow::Result<Test> {
    let Some(entries) = operator.as_object() else {
        return Ok(Test::Equals(operator.clone()));
    };
    let mut entries = entries.iter();
    let (Some((name, argument)), None) = (entries.next(), entries.next()) else {
        bail!("`{operator}` is not one operator");
    };
    let text = || {
        argument
            .as_str()
            .map(str::to_owned)
            .context("a text is required")
    };
    Ok(match name.as_str() {
        "prefix" => Test::Prefix(text()?),
        "suffix" => Test::Suffix(text()?),
        "exists" => Test::Exists(argument.as_bool().context("true or false is required")?),
        "anything-but" => match argument {
            Value::Array(refused) => Test::AnythingBut(refused.clone()),
            Value::Object(_) => bail!("the laptop does not know `{operator}`"),
            refused => Test::AnythingBut(vec![refused.clone()]),
        },
        other => bail!("the laptop does not know the operator `{other}`"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn patterns() {
        let event =
            json!({ "a": { "S": "forty-two" }, "list": ["x", "y"], "n": 7, "nothing": null });
        let cases = [
            (json!({ "a": { "S": ["forty-two"] } }), true),
            (json!({ "a": { "S": ["other", "forty-two"] } }), true),
            (json!({ "a": { "S": ["forty"] } }), false),
            (json!({ "a": { "S": [{ "prefix": "forty" }] } }), true),
            (json!({ "a": { "S": [{ "prefix": "two" }] } }), false),
            (json!({ "a": { "S": [{ "suffix": "two" }] } }), true),
            (json!({ "a": { "S": [{ "exists": true }] } }), true),
            (json!({ "b": { "S": [{ "exists": true }] } }), false),
            (json!({ "b": { "S": [{ "exists": false }] } }), true),
            (json!({ "a": { "S": [{ "anything-but": ["one"] }] } }), true),
            (
                json!({ "a": { "S": [{ "anything-but": "forty-two" }] } }),
                false,
            ),
            (json!({ "list": ["y"] }), true),
            (json!({ "n": [7] }), true),
            (json!({ "nothing": [null] }), true),
            (json!({ "n": [7], "a": { "S": ["no"] } }), false),
            (json!({}), true),
        ];
        for (pattern, expected) in cases {
            let parsed = Pattern::parse(&pattern).unwrap();
            assert_eq!(parsed.matches(&event), expected, "{pattern}");
        }
        for refused in [
            json!({ "a": "text" }),
            json!({ "a": [{ "numeric": [">", 1] }] }),
        ] {
            assert!(Pattern::parse(&refused).is_err(), "{refused}");
        }
    }
}
