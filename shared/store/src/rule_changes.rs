//! Changes of the rules (R-RULE-1, R-CAL-1): one item for each part that was ever changed.

use app::AppError;
use app::ports::{Committed, Reference};
use app::recompute::Effect;
use app::rule_changes::{RuleChange, RulesPart, Stage};
use chrono::{DateTime, Utc};
use domain::clocks::Timetable;
use domain::ids::OfficerId;
use serde::{Deserialize, Serialize};

use crate::attributes::{Item, Reader, number, text};
use crate::keys;
use crate::reference;
use crate::table::{Condition, broken};
use crate::tickets::DynamoStore;

#[derive(Serialize, Deserialize)]
struct ChangeJson {
    proposed: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    replaced: Option<String>,
    because: String,
    stage: String,
    passed: u64,
    about: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    next: Option<String>,
    effect: Effect,
    moved: u64,
    unreadable: u64,
    by: String,
    at: DateTime<Utc>,
}

fn item(change: &RuleChange) -> Result<Item, AppError> {
    let json = ChangeJson {
        proposed: change.proposed.clone(),
        replaced: change.replaced.clone(),
        because: change.because.clone(),
        stage: change.stage.code().to_owned(),
        passed: change.passed,
        about: change.about,
        next: change.next.clone(),
        effect: change.effect,
        moved: change.moved,
        unreadable: change.unreadable,
        by: change.by.to_string(),
        at: change.at,
    };
    Ok(Item::from([
        (keys::PK.to_owned(), text(keys::RULE_CHANGES)),
        (keys::SK.to_owned(), text(change.part.to_string())),
        ("ve".to_owned(), number(change.version)),
        (
            "j".to_owned(),
            text(serde_json::to_string(&json).map_err(broken)?),
        ),
    ]))
}

fn read(item: &Item) -> Result<RuleChange, AppError> {
    let reader = Reader::new(item, keys::RULE_CHANGES);
    let corrupt = || reader.corrupt("j");
    let json: ChangeJson = serde_json::from_str(reader.text("j")?).map_err(|_| corrupt())?;
    Ok(RuleChange {
        part: RulesPart::parse(reader.text(keys::SK)?).ok_or_else(corrupt)?,
        proposed: json.proposed,
        replaced: json.replaced,
        because: json.because,
        stage: Stage::from_code(&json.stage).ok_or_else(corrupt)?,
        passed: json.passed,
        about: json.about,
        next: json.next,
        effect: json.effect,
        moved: json.moved,
        unreadable: json.unreadable,
        by: OfficerId::parse(&json.by).map_err(|_| corrupt())?,
        at: json.at,
        version: reader.number("ve")?,
    })
}

/// What stands without `change`, and what with it.
pub fn both(
    sections: &[(String, String)],
    change: &RuleChange,
) -> Result<(Reference, Reference), AppError> {
    let name = keys::rules_section(change.part);
    let with = |json: Option<&String>| {
        let others = sections.iter().filter(|(other, _)| *other != name);
        let its = json.map(|json| (name.clone(), json.clone()));
        reference::read(&others.cloned().chain(its).collect::<Vec<_>>())
    };
    Ok((
        with(change.replaced.as_ref())?,
        with(Some(&change.proposed))?,
    ))
}

/// The part of the rules that `change` proposes, and nothing else.
pub fn proposed(change: &RuleChange) -> Result<Timetable, AppError> {
    let section = (keys::rules_section(change.part), change.proposed.clone());
    Ok(reference::read(&[section])?.timetable)
}

impl DynamoStore {
    /// What stands of a part of the rules, as it is stored, now.
    pub async fn rules_part(&self, part: RulesPart) -> Result<Option<String>, AppError> {
        let name = keys::rules_section(part);
        let item = self.table().get(keys::REFERENCE.to_owned(), &name).await?;
        let json = item.map(|item| Reader::new(&item, &name).text("j").map(str::to_owned));
        json.transpose()
    }

    /// A change as it stands.
    pub async fn rule_change(&self, part: RulesPart) -> Result<Option<RuleChange>, AppError> {
        let pk = keys::RULE_CHANGES.to_owned();
        let item = self.table().get(pk, &part.to_string()).await?;
        item.as_ref().map(read).transpose()
    }

    /// All changes as they stand, one for each part that was ever changed.
    pub async fn rule_changes(&self) -> Result<Vec<RuleChange>, AppError> {
        let items = self.table().partition_now(keys::RULE_CHANGES).await?;
        items.iter().map(read).collect()
    }

    /// Keeps a change, if that of version `before` still stands; 0 for none.
    pub async fn put_rule_change(
        &self,
        change: &RuleChange,
        before: usize,
    ) -> Result<Committed, AppError> {
        let item = item(change)?;
        let is_written = match before {
            0 => self.table().put_new(item).await?,
            before => self.table().put_at(item, before).await?,
        };
        Ok(Committed::of(is_written))
    }

    /// Loads what a change proposes and keeps it, both or neither: if the change of version `before`
    /// and what it replaces still stand.
    pub async fn load_rule_change(
        &self,
        change: &RuleChange,
        before: usize,
    ) -> Result<Committed, AppError> {
        let name = keys::rules_section(change.part);
        reference::read(&[(name.clone(), change.proposed.clone())])?;
        let section = Item::from([
            (keys::PK.to_owned(), text(keys::REFERENCE)),
            (keys::SK.to_owned(), text(name)),
            ("j".to_owned(), text(change.proposed.as_str())),
        ]);
        let stands = change.replaced.as_deref().map_or_else(
            || Condition {
                expression: Some("attribute_not_exists(pk)".to_owned()),
                values: None,
            },
            |replaced| Condition {
                expression: Some("j = :j".to_owned()),
                values: Some(Item::from([(":j".to_owned(), text(replaced))])),
            },
        );
        let is_read = Condition {
            expression: Some("ve = :ve".to_owned()),
            values: Some(Item::from([(":ve".to_owned(), number(before))])),
        };
        let parts = vec![(section, stands), (item(change)?, is_read)];
        self.table().put_all(parts).await.map(Committed::of)
    }
}
