//! Small readers and writers of attribute values; a missing or odd attribute has a name.

use std::collections::HashMap;

use app::AppError;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// An item that cannot be read: a fault of ours and an alarm, never a silent default.
pub(crate) fn corrupt(key: &str, field: &str) -> AppError {
    AppError::Broken(format!("corrupt item `{key}`: attribute `{field}`"))
}

pub(crate) fn text(value: impl Into<String>) -> AttributeValue {
    AttributeValue::S(value.into())
}

pub(crate) fn number(value: impl std::fmt::Display) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

pub(crate) fn bytes(value: impl Into<Vec<u8>>) -> AttributeValue {
    AttributeValue::B(Blob::new(value))
}

/// Reads attributes of one item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    item: &'a Item,
    key: &'a str,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(item: &'a Item, key: &'a str) -> Self {
        Self { item, key }
    }

    pub(crate) const fn key(self) -> &'a str {
        self.key
    }

    pub(crate) fn corrupt(self, field: &str) -> AppError {
        corrupt(self.key, field)
    }

    pub(crate) fn optional(self, field: &str) -> Option<&'a str> {
        self.item
            .get(field)
            .and_then(|value| value.as_s().ok())
            .map(String::as_str)
    }

    pub(crate) fn text(self, field: &str) -> Result<&'a str, AppError> {
        self.optional(field).ok_or_else(|| self.corrupt(field))
    }

    pub(crate) fn number<T: std::str::FromStr>(self, field: &str) -> Result<T, AppError> {
        let value = self.item.get(field).and_then(|value| value.as_n().ok());
        value
            .and_then(|value| value.parse().ok())
            .ok_or_else(|| self.corrupt(field))
    }

    pub(crate) fn bytes(self, field: &str) -> Result<&'a [u8], AppError> {
        let value = self.item.get(field).and_then(|value| value.as_b().ok());
        value.map(AsRef::as_ref).ok_or_else(|| self.corrupt(field))
    }

    pub(crate) fn list(self, field: &str) -> Result<&'a [AttributeValue], AppError> {
        let value = self.item.get(field).and_then(|value| value.as_l().ok());
        value.map(Vec::as_slice).ok_or_else(|| self.corrupt(field))
    }
}
