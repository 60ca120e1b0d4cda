//! 督办函 (Art. 17; R-SV-7): the message that asks for a letter, and its file, which is kept once for each
//! number.
//!
//! Who opens supervision cases sends the message to `LetterQueue` and links [`SupervisionLetter::file`];
//! `letter-render` sets it. A letter goes to a unit about tickets: it names no appellant (R-DP-4).

use std::fmt::Write as _;

use async_trait::async_trait;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Characters of the longest id and the longest number.
const MAX_NAME: usize = 64;

/// A supervision letter to be set. Texts are shown as they are; a line break begins a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupervisionLetter {
    /// Id of the letter: the same in every repeat of the message. ASCII letters, digits, `-` and `_`.
    pub letter: String,
    /// 发文机关.
    pub issuer: String,
    /// 发文字号, as 泰数督函〔2026〕17号: given once.
    pub number: String,
    /// 主送机关.
    pub addressee: String,
    /// 标题.
    pub title: String,
    /// What it rests on: the regulation with article and item.
    pub article: String,
    /// 督办事由: which of the article's cases this is.
    pub trigger: String,
    /// 核查情况.
    pub facts: String,
    /// What shows the facts, a line each.
    #[serde(default)]
    pub evidence: Vec<String>,
    /// 办理要求.
    pub demand: String,
    /// The day by whose end it shall be done.
    pub due_on: NaiveDate,
    /// 联系人 with telephone: an officer's.
    pub contact: String,
    /// 署名.
    pub signed_by: String,
    /// 成文日期.
    pub dated_on: NaiveDate,
}

impl SupervisionLetter {
    /// Reads a message.
    pub fn parse(body: &str) -> Result<Self, AppError> {
        // Without the values, which may be anything: the error is logged.
        let letter: Self = serde_json::from_str(body).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            malformed(&format_args!("no letter from line {line} column {column}"))
        })?;
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !is_name(&letter.letter, plain) {
            return Err(malformed(&"the letter's id is none"));
        }
        letter.file().map(|_| letter)
    }

    /// The message.
    pub fn message(&self) -> Result<String, AppError> {
        serde_json::to_string(self).map_err(|error| AppError::Broken(error.to_string()))
    }

    /// Name of its file in the archive: `letters/<number>.pdf`. It is not ASCII: a URL wants it
    /// percent-encoded.
    pub fn file(&self) -> Result<String, AppError> {
        let in_numbers = |c: char| c.is_alphanumeric() || "〔〕-".contains(c);
        if !is_name(&self.number, in_numbers) {
            return Err(malformed(&"the letter's number is none"));
        }
        Ok(format!("letters/{}.pdf", self.number))
    }
}

impl SupervisionLetter {
    /// Its file's name as a URL wants it (RFC 3986 §2.1).
    pub fn file_in_url(&self) -> Result<String, AppError> {
        let mut url = String::new();
        for byte in self.file()?.bytes() {
            if byte.is_ascii_alphanumeric() || b"/.-_~".contains(&byte) {
                url.push(char::from(byte));
            } else {
                write!(url, "%{byte:02X}").map_err(|error| AppError::Broken(error.to_string()))?;
            }
        }
        Ok(url)
    }
}

fn is_name(name: &str, each: impl Fn(char) -> bool) -> bool {
    !name.is_empty() && name.chars().count() <= MAX_NAME && name.chars().all(each)
}

fn malformed(error: &dyn std::fmt::Display) -> AppError {
    AppError::Malformed(error.to_string())
}

/// Where letters are kept.
#[async_trait]
pub trait LetterFiles: Send + Sync {
    /// Stores a file of the letter with this id, unless there is one under this name already: then
    /// nothing is written and the id of that one's letter comes back.
    async fn put_new(
        &self,
        name: &str,
        letter: &str,
        pdf: Vec<u8>,
    ) -> Result<Option<String>, AppError>;
}

/// Keeps a letter. A repeat changes nothing, whatever it was set with; a second letter under a number
/// that was given is refused.
pub async fn keep(
    files: &dyn LetterFiles,
    letter: &SupervisionLetter,
    pdf: Vec<u8>,
) -> Result<(), AppError> {
    match files.put_new(&letter.file()?, &letter.letter, pdf).await? {
        Some(other) if other != letter.letter => {
            let (number, id) = (&letter.number, &letter.letter);
            let twice = format!("number {number} of letter {id} was given to letter {other}");
            Err(AppError::Broken(twice))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;
    use std::sync::Mutex;

    #[derive(Default)]
    struct Files(Mutex<BTreeMap<String, (String, Vec<u8>)>>);

    #[async_trait]
    impl LetterFiles for Files {
        async fn put_new(
            &self,
            name: &str,
            letter: &str,
            pdf: Vec<u8>,
        ) -> Result<Option<String>, AppError> {
            let mut files = self.0.lock().unwrap();
            let there = files.get(name).map(|(letter, _)| letter.clone());
            if there.is_none() {
                files.insert(name.to_owned(), (letter.to_owned(), pdf));
            }
            Ok(there)
        }
    }

    fn letter(id: &str, number: &str) -> SupervisionLetter {
        let day = NaiveDate::from_ymd_opt(2026, 11, 27).unwrap();
        let text = || "…".to_owned();
        SupervisionLetter {
            letter: id.to_owned(),
            issuer: text(),
            number: number.to_owned(),
            addressee: text(),
            title: text(),
            article: text(),
            trigger: text(),
            facts: text(),
            evidence: vec![text()],
            demand: text(),
            due_on: day,
            contact: text(),
            signed_by: text(),
            dated_on: day,
        }
    }

    #[tokio::test]
    async fn r_sv_7_a_number_is_given_once() {
        let files = Files::default();
        let first = letter("S-1", "泰数督函〔2026〕17号");
        keep(&files, &first, vec![1]).await.unwrap();
        // Set anew by a later version of the program, it may have other bytes.
        keep(&files, &first, vec![2]).await.unwrap();
        let second = letter("S-2", "泰数督函〔2026〕17号");
        let refused = keep(&files, &second, vec![3]).await.unwrap_err();
        let said = "number 泰数督函〔2026〕17号 of letter S-2 was given to letter S-1";
        assert!(refused.to_string().contains(said), "{refused}");
        let kept = files.0.into_inner().unwrap();
        let only = (
            "letters/泰数督函〔2026〕17号.pdf".to_owned(),
            ("S-1".to_owned(), vec![1]),
        );
        assert_eq!(kept, BTreeMap::from([only]));
    }

    #[test]
    fn r_sv_7_a_message_is_read_as_it_was_written() {
        let sent = letter("S-1", "泰数督函〔2026〕17号");
        let message = sent.message().unwrap();
        assert_eq!(SupervisionLetter::parse(&message).unwrap(), sent);
        let wrong = [
            message.replace("S-1", ""),
            message.replace("S-1", "S 1"),
            message.replace("17号", "../17号"),
            message.replace("泰数督函〔2026〕17号", ""),
            message.replace("17号", &"7".repeat(64)),
            message.replace("2026-11-27", "2026-02-30"),
            message.replace("\"title\"", "\"titel\""),
        ];
        for message in wrong {
            let refused = SupervisionLetter::parse(&message);
            assert!(matches!(refused, Err(AppError::Malformed(_))), "{message}");
        }
    }
}
