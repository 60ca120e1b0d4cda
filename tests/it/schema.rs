//! Answers as `infra/openapi.yaml` describes them: whatever the city answers to a test is held to
//! the contract (R-UX-2).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Value, json};
use suqiu::client::Answer;

use crate::city::root;

/// Method, path of the contract and status.
pub(crate) type AnswerKey = (String, String, u16);

/// The contract.
pub(crate) static CONTRACT: LazyLock<Contract> = LazyLock::new(Contract::read);

pub(crate) struct Contract {
    /// OpenAPI 3.0's dialect turned into JSON Schema's.
    page: Value,
    validators: Mutex<BTreeMap<String, Arc<Validator>>>,
    seen: Mutex<BTreeSet<AnswerKey>>,
}

/// `nullable` is the one word of OpenAPI 3.0 that JSON Schema has not.
fn to_json_schema(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            let nullable = fields.remove("nullable") == Some(Value::Bool(true));
            fields.values_mut().for_each(to_json_schema);
            if nullable {
                *value = json!({ "anyOf": [value.take(), { "type": "null" }] });
            }
        }
        Value::Array(values) => values.iter_mut().for_each(to_json_schema),
        _ => {}
    }
}

impl Contract {
    fn read() -> Self {
        let page = std::fs::read_to_string(root().join("infra/openapi.yaml")).unwrap();
        let mut page = serde_yaml_ng::from_str(&page).unwrap();
        to_json_schema(&mut page);
        Self {
            page,
            validators: Mutex::default(),
            seen: Mutex::default(),
        }
    }

    /// Method, path and description of every operation.
    pub(crate) fn operations(&self) -> Vec<(String, String, &Value)> {
        let mut operations = Vec::new();
        for (path, methods) in self.page["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                if ["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
                    operations.push((method.to_uppercase(), path.clone(), operation));
                }
            }
        }
        operations
    }

    /// Every answer that the contract describes.
    pub(crate) fn described(&self) -> BTreeSet<AnswerKey> {
        let operations = self.operations().into_iter();
        let cases = operations.flat_map(|(method, path, operation)| {
            let statuses = operation["responses"].as_object().unwrap().keys();
            statuses.map(move |status| (method.clone(), path.clone(), status.parse().unwrap()))
        });
        cases.collect()
    }

    /// Every answer that was held so far, by this process.
    pub(crate) fn seen(&self) -> BTreeSet<AnswerKey> {
        self.seen.lock().unwrap().clone()
    }

    /// What `$ref` leads to, or the value itself.
    fn resolved<'a>(&'a self, value: &'a Value) -> &'a Value {
        let target = value["$ref"]
            .as_str()
            .and_then(|link| link.strip_prefix('#'));
        target.map_or(value, |pointer| self.page.pointer(pointer).unwrap())
    }

    /// A value against a schema of the contract; `what` names both.
    pub(crate) fn satisfies(&self, schema: &Value, value: &Value, what: &str) {
        let validator = {
            let mut validators = self.validators.lock().unwrap();
            let validator = validators.entry(schema.to_string()).or_insert_with(|| {
                let whole = json!({ "allOf": [schema], "components": self.page["components"] });
                let options = jsonschema::draft202012::options().should_validate_formats(true);
                Arc::new(options.build(&whole).unwrap())
            });
            Arc::clone(validator)
        };
        let wrong: Vec<_> = validator
            .iter_errors(value)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{what}: {wrong:#?}\n{value:#}");
    }

    /// Holds an answer to what the contract says of it.
    pub(crate) fn holds(&self, method: &str, path: &str, answer: &Answer) {
        let (method, template, operation) = self.operation(method, path);
        let status = answer.status.as_u16();
        let what = format!("{method} {template} {status}");
        let response = &operation["responses"][status.to_string()];
        assert!(
            !response.is_null(),
            "{what} is not described: {}",
            answer.text()
        );
        let response = self.resolved(response);
        let header = |name: &str| {
            let value = answer.headers.get(name);
            value.map(|value| value.to_str().unwrap())
        };
        for (name, described) in response["headers"].as_object().into_iter().flatten() {
            let schema = &self.resolved(described)["schema"];
            let value = header(name).unwrap_or_else(|| panic!("{what}: no {name}"));
            let value = match schema["type"].as_str() {
                Some("integer") => json!(value.parse::<i64>().unwrap()),
                _ => json!(value),
            };
            self.satisfies(schema, &value, &format!("{what}, {name}"));
        }
        let (kind, content) = response["content"]
            .as_object()
            .unwrap()
            .iter()
            .next()
            .unwrap();
        let given = header("content-type").unwrap_or_default();
        assert_eq!(given.split(';').next(), Some(kind.as_str()), "{what}");
        let body = match kind.as_str() {
            "text/csv" => json!(answer.text()),
            _ => answer.json().unwrap(),
        };
        self.satisfies(&content["schema"], &body, &what);
        if status >= 400 {
            let code = body["code"].as_str().unwrap();
            assert_eq!(body["status"], status, "{what}");
            assert_eq!(body["type"], format!("/problems/{code}"), "{what}");
            let codes = codes(content);
            assert!(
                codes.contains(&code),
                "{what}: {code}, described are {codes:?}"
            );
        }
        self.seen.lock().unwrap().insert((method, template, status));
    }

    fn operation(&self, method: &str, path: &str) -> (String, String, &Value) {
        let path = path.split('?').next().unwrap();
        let fits = |template: &str| {
            let (mut parts, mut of_template) = (path.split('/'), template.split('/'));
            parts.clone().count() == of_template.clone().count()
                && parts.all(|part| {
                    let each = of_template.next().unwrap();
                    each == part || each.starts_with('{')
                })
        };
        let mut operations = self.operations().into_iter();
        let found = operations.find(|(each, template, _)| each == method && fits(template));
        found.unwrap_or_else(|| panic!("{method} {path} is not described"))
    }
}

/// The codes of the problems that an answer's examples show.
fn codes(content: &Value) -> Vec<&str> {
    let several = content["examples"].as_object().into_iter().flatten();
    let examples = several.map(|(_, example)| &example["value"]);
    let examples = examples.chain([&content["example"]]);
    examples
        .filter_map(|example| example["code"].as_str())
        .collect()
}

/// The one form of an operation's request, or null.
fn request_content(operation: &Value) -> &Value {
    let forms = operation["requestBody"]["content"].as_object();
    let form = forms.and_then(|forms| forms.values().next());
    form.unwrap_or(&Value::Null)
}

/// The examples of an operation's request, by name.
pub(crate) fn request_examples(operation: &Value) -> Vec<(String, &Value)> {
    let content = request_content(operation);
    let several = content["examples"].as_object().into_iter().flatten();
    let several = several.map(|(name, example)| (name.clone(), &example["value"]));
    let one = content
        .get("example")
        .map(|example| ("example".to_owned(), example));
    several.chain(one).collect()
}

#[test]
fn r_ux_2_every_example_is_as_described() {
    for (method, path, operation) in CONTRACT.operations() {
        let content = request_content(operation);
        let examples = request_examples(operation);
        assert_eq!(content.is_null(), examples.is_empty(), "{method} {path}");
        for (name, example) in examples {
            let what = format!("{method} {path}, request {name}");
            CONTRACT.satisfies(&content["schema"], example, &what);
        }
        for (status, response) in operation["responses"].as_object().unwrap() {
            let response = CONTRACT.resolved(response);
            let content = response["content"].as_object().unwrap();
            let (_, content) = content.iter().next().unwrap();
            let several = content["examples"].as_object().into_iter().flatten();
            let several = several.map(|(_, example)| &example["value"]);
            let one = content.get("example");
            let examples: Vec<_> = several.chain(one).collect();
            assert!(!examples.is_empty(), "{method} {path} {status}");
            for example in examples {
                CONTRACT.satisfies(
                    &content["schema"],
                    example,
                    &format!("{method} {path} {status}"),
                );
            }
        }
    }
}

/// A validator that lets everything pass would show nothing.
#[test]
fn r_ux_2_what_is_not_described_is_found() {
    let problem = json!({ "$ref": "#/components/schemas/Problem" });
    let good = json!({
        "type": "/problems/not-found", "title": "没有找到", "status": 404, "code": "not-found",
        "detail": "请核对编号。", "traceId": "1-69a4e8c8-5f0c2b9d7e31a4f6c8d0b213",
    });
    CONTRACT.satisfies(&problem, &good, "a problem");
    for (field, value) in [
        ("extra", json!(1)),
        ("status", json!("404")),
        ("code", json!("unheard-of")),
        ("title", Value::Null),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        let found = std::panic::catch_unwind(|| CONTRACT.satisfies(&problem, &bad, "a problem"));
        assert!(found.is_err(), "{field}");
    }
}
