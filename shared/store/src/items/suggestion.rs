//! A suggestion as JSON under the ticket's key.

use domain::ids::UnitId;
use domain::signs::{LikelyUnit, Suggestion, signs_in};
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize)]
struct SuggestionJson {
    managing_unit: String,
    words: String,
    units: Vec<(String, u32, Vec<String>)>,
}

/// The suggestion as JSON. Of the signs only the words found are kept: what they speak for
/// follows from them.
pub(crate) fn to_json(suggestion: &Suggestion) -> serde_json::Result<String> {
    let words = suggestion
        .signs
        .iter()
        .flat_map(|sign| sign.words.iter().copied());
    let units = suggestion.units.iter();
    serde_json::to_string(&SuggestionJson {
        managing_unit: suggestion.managing_unit.to_string(),
        words: words.collect::<Vec<_>>().join("，"),
        units: units
            .map(|unit| (unit.unit.to_string(), unit.score, unit.evidence.clone()))
            .collect(),
    })
}

/// Reads it back; `None` when it is not a suggestion.
pub(crate) fn from_json(text: &str) -> Option<Suggestion> {
    let json: SuggestionJson = serde_json::from_str(text).ok()?;
    let unit = |(unit, score, evidence): (String, u32, Vec<String>)| {
        Some(LikelyUnit {
            unit: UnitId::parse(&unit).ok()?,
            score,
            evidence,
        })
    };
    Some(Suggestion {
        managing_unit: UnitId::parse(&json.managing_unit).ok()?,
        signs: signs_in(&json.words),
        units: json.units.into_iter().map(unit).collect::<Option<_>>()?,
    })
}
