//! Resolves CloudFormation's intrinsic functions as the laptop's services would answer them.
//!
//! Only what is asked for is resolved, and what cannot be resolved is an error, never a guess.

use std::collections::BTreeMap;

use anyhow::{Context, anyhow, bail, ensure};
use serde_json::{Map, Value};

use super::names;
use crate::{ACCOUNT_ID, Endpoints, PARTITION, REGION};

/// How deep references may lead to references: deeper is a circle.
const MAX_DEPTH: u32 = 32;

/// A template with what its intrinsics need.
#[derive(Debug, Clone)]
pub(super) struct Resolver {
    pub(super) document: Value,
    pub(super) parameters: BTreeMap<String, String>,
    pub(super) endpoints: Endpoints,
}

impl Resolver {
    /// Joins a template with the parameters it is started with.
    pub(super) fn new(
        document: Value,
        overrides: &BTreeMap<String, String>,
        endpoints: &Endpoints,
    ) -> anyhow::Result<Self> {
        let declared = document.get("Parameters").and_then(Value::as_object);
        let mut parameters = BTreeMap::new();
        for (name, parameter) in declared.into_iter().flatten() {
            if let Some(default) = parameter.get("Default") {
                parameters.insert(name.clone(), text_of(default)?);
            }
        }
        for (name, value) in overrides {
            ensure!(
                declared.is_some_and(|known| known.contains_key(name)),
                "the template has no parameter `{name}`"
            );
            parameters.insert(name.clone(), value.clone());
        }
        Ok(Self {
            document,
            parameters,
            endpoints: endpoints.clone(),
        })
    }

    /// Every resource whose condition holds.
    pub(super) fn resources(&self) -> anyhow::Result<Vec<(&str, &Value)>> {
        let mut present = Vec::new();
        for (name, resource) in self
            .document
            .get("Resources")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let holds = match resource.get("Condition").and_then(Value::as_str) {
                None => true,
                Some(condition) => self.condition(condition, 0)?,
            };
            if holds {
                present.push((name.as_str(), resource));
            }
        }
        Ok(present)
    }

    /// One resource's definition.
    pub(super) fn resource(&self, logical_id: &str) -> Option<&Value> {
        self.document.get("Resources")?.get(logical_id)
    }

    /// The value with its intrinsics resolved; `None` for `AWS::NoValue`.
    pub(super) fn resolve(&self, value: &Value) -> anyhow::Result<Option<Value>> {
        self.at_depth(value, 0)
    }

    fn text_at(&self, value: &Value, depth: u32) -> anyhow::Result<String> {
        text_of(
            &self
                .at_depth(value, depth)?
                .context("a value is required here")?,
        )
    }

    fn at_depth(&self, value: &Value, depth: u32) -> anyhow::Result<Option<Value>> {
        ensure!(depth < MAX_DEPTH, "references go round in a circle");
        match value {
            Value::Object(object) => match intrinsic(object) {
                Some((name, argument)) => self.call(name, argument, depth + 1),
                None => self.object(object, depth).map(Some),
            },
            Value::Array(items) => {
                let resolved: anyhow::Result<Vec<_>> = items
                    .iter()
                    .map(|item| self.at_depth(item, depth))
                    .collect();
                Ok(Some(Value::Array(
                    resolved?.into_iter().flatten().collect(),
                )))
            }
            plain => Ok(Some(plain.clone())),
        }
    }

    fn object(&self, object: &Map<String, Value>, depth: u32) -> anyhow::Result<Value> {
        let mut resolved = Map::new();
        for (key, value) in object {
            let value = self
                .at_depth(value, depth)
                .with_context(|| format!("in `{key}`"))?;
            if let Some(value) = value {
                resolved.insert(key.clone(), value);
            }
        }
        Ok(Value::Object(resolved))
    }

    fn call(&self, name: &str, argument: &Value, depth: u32) -> anyhow::Result<Option<Value>> {
        if name == "Ref" {
            let target = argument.as_str().context("`Ref` needs a name")?;
            return self.reference(target, depth);
        }
        if name == "Fn::If" {
            let [condition, yes, no] = arguments(argument)?;
            let condition = condition
                .as_str()
                .context("`Fn::If` needs a condition's name")?;
            let chosen = if self.condition(condition, depth)? {
                yes
            } else {
                no
            };
            return self.at_depth(chosen, depth);
        }
        let value = match name {
            "Fn::GetAtt" => {
                let [resource, attribute] = arguments(argument)?;
                let resource = resource.as_str().context("`Fn::GetAtt` needs a resource")?;
                self.attribute(resource, &self.text_at(attribute, depth)?, depth)?
                    .into()
            }
            "Fn::Sub" => self.substitute(argument, depth)?.into(),
            "Fn::Join" => {
                let [separator, parts] = arguments(argument)?;
                self.texts(parts, depth)?
                    .join(&self.text_at(separator, depth)?)
                    .into()
            }
            "Fn::Split" => {
                let [separator, text] = arguments(argument)?;
                let (separator, text) =
                    (self.text_at(separator, depth)?, self.text_at(text, depth)?);
                text.split(separator.as_str()).map(Value::from).collect()
            }
            "Fn::Select" => {
                let [index, choices] = arguments(argument)?;
                let index: usize = self.text_at(index, depth)?.parse()?;
                let choices = self.at_depth(choices, depth)?.unwrap_or_default();
                choices
                    .get(index)
                    .cloned()
                    .context("`Fn::Select` past the end of its list")?
            }
            "Fn::FindInMap" => self.find_in_map(argument, depth)?,
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" | "Condition" => {
                self.truth(name, argument, depth)?.into()
            }
            unknown => bail!("the laptop does not know the intrinsic function `{unknown}`"),
        };
        Ok(Some(value))
    }

    fn truth(&self, name: &str, argument: &Value, depth: u32) -> anyhow::Result<bool> {
        if name == "Condition" {
            let condition = argument.as_str().context("`Condition` needs a name")?;
            return self.condition(condition, depth);
        }
        let mut operands = Vec::new();
        for operand in argument
            .as_array()
            .with_context(|| format!("`{name}` needs a list"))?
        {
            operands.push(self.at_depth(operand, depth)?.unwrap_or_default());
        }
        let is_true = |value: &Value| value == &Value::Bool(true);
        match (name, operands.as_slice()) {
            ("Fn::Equals", [left, right]) => Ok(text_of(left)? == text_of(right)?),
            ("Fn::Not", [operand]) => Ok(!is_true(operand)),
            ("Fn::And", operands) => Ok(operands.iter().all(is_true)),
            ("Fn::Or", operands) => Ok(operands.iter().any(is_true)),
            _ => bail!("`{name}` has the wrong number of operands"),
        }
    }

    fn condition(&self, name: &str, depth: u32) -> anyhow::Result<bool> {
        let definition = self
            .document
            .get("Conditions")
            .and_then(|conditions| conditions.get(name))
            .with_context(|| format!("the template has no condition `{name}`"))?;
        let truth = self.at_depth(definition, depth + 1)?;
        truth
            .and_then(|value| value.as_bool())
            .with_context(|| format!("condition `{name}` is neither true nor false"))
    }

    fn reference(&self, name: &str, depth: u32) -> anyhow::Result<Option<Value>> {
        if name == "AWS::NoValue" {
            return Ok(None);
        }
        if let Some(value) = pseudo_parameter(name) {
            return Ok(Some(value.into()));
        }
        if let Some(value) = self.parameters.get(name) {
            let list = self
                .document
                .pointer(&format!("/Parameters/{name}/Type"))
                .and_then(Value::as_str)
                .is_some_and(|kind| kind == "CommaDelimitedList" || kind.starts_with("List<"));
            return Ok(Some(if list {
                value
                    .split(',')
                    .map(|item| Value::from(item.trim()))
                    .collect()
            } else {
                value.clone().into()
            }));
        }
        ensure!(
            self.document
                .pointer(&format!("/Parameters/{name}"))
                .is_none(),
            "parameter `{name}` has neither a default nor a value"
        );
        names::reference(self, name, depth).map(|text| Some(text.into()))
    }

    fn attribute(&self, resource: &str, attribute: &str, depth: u32) -> anyhow::Result<String> {
        names::attribute(self, resource, attribute, depth)
    }

    fn substitute(&self, argument: &Value, depth: u32) -> anyhow::Result<String> {
        let nothing = Value::Object(Map::new());
        let (template, variables) = match argument {
            Value::String(template) => (template.as_str(), &nothing),
            Value::Array(parts) => match parts.as_slice() {
                [Value::String(template), variables] => (template.as_str(), variables),
                _ => bail!("`Fn::Sub` needs a text and its variables"),
            },
            _ => bail!("`Fn::Sub` needs a text"),
        };
        let mut result = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("${") {
            result.push_str(before);
            let (name, tail) = after.split_once('}').context("`${` without `}`")?;
            if let Some(literal) = name.strip_prefix('!') {
                result.extend(["${", literal, "}"]);
            } else if let Some(value) = variables.get(name) {
                result.push_str(&self.text_at(value, depth)?);
            } else if let Some((resource, attribute)) = name.split_once('.') {
                result.push_str(&self.attribute(resource, attribute, depth)?);
            } else {
                let value = self
                    .reference(name, depth)?
                    .context("nothing to substitute")?;
                result.push_str(&text_of(&value)?);
            }
            rest = tail;
        }
        result.push_str(rest);
        Ok(result)
    }

    fn find_in_map(&self, argument: &Value, depth: u32) -> anyhow::Result<Value> {
        let path = self.texts(argument, depth)?;
        let mut found = self.document.get("Mappings");
        for key in &path {
            found = found.and_then(|map| map.get(key));
        }
        found
            .cloned()
            .with_context(|| format!("no mapping `{}`", path.join(".")))
    }

    fn texts(&self, list: &Value, depth: u32) -> anyhow::Result<Vec<String>> {
        let list = self.at_depth(list, depth)?.unwrap_or_default();
        list.as_array()
            .context("a list is required here")?
            .iter()
            .map(text_of)
            .collect()
    }

    /// A property of a resource as text, for naming it.
    pub(super) fn property_text(
        &self,
        resource: &Value,
        property: &str,
        depth: u32,
    ) -> anyhow::Result<Option<String>> {
        match resource.pointer(&format!("/Properties/{property}")) {
            None => Ok(None),
            Some(value) => self
                .at_depth(value, depth + 1)?
                .map(|resolved| text_of(&resolved))
                .transpose(),
        }
    }
}

/// The function's name and argument, when the object is a call of one.
fn intrinsic(object: &Map<String, Value>) -> Option<(&str, &Value)> {
    let mut entries = object.iter();
    let (name, argument) = entries.next()?;
    let call =
        name == "Ref" || name.starts_with("Fn::") || (name == "Condition" && argument.is_string());
    (call && entries.next().is_none()).then_some((name.as_str(), argument))
}

fn arguments<const N: usize>(argument: &Value) -> anyhow::Result<&[Value; N]> {
    argument
        .as_array()
        .and_then(|list| <&[Value; N]>::try_from(list.as_slice()).ok())
        .ok_or_else(|| anyhow!("a list of {N} is required here"))
}

fn pseudo_parameter(name: &str) -> Option<String> {
    Some(match name {
        "AWS::Region" => REGION.to_owned(),
        "AWS::AccountId" => ACCOUNT_ID.to_owned(),
        "AWS::Partition" => PARTITION.to_owned(),
        "AWS::URLSuffix" => "amazonaws.com.cn".to_owned(),
        "AWS::StackName" => "laptop".to_owned(),
        "AWS::StackId" => {
            format!("arn:{PARTITION}:cloudformation:{REGION}:{ACCOUNT_ID}:stack/laptop/0")
        }
        _ => return None,
    })
}

/// A scalar as CloudFormation writes it into a text.
pub(super) fn text_of(value: &Value) -> anyhow::Result<String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        other => bail!("`{other}` is not a text"),
    }
}
