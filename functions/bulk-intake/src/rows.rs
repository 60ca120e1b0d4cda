//! The rows of a file: JSON Lines, each line the body of `POST /appeals`, or a CSV table.

use std::collections::BTreeMap;

use app::AppError;
use app::error::FieldError;
use serde_json::Value;

use crate::wrong;

/// Where the channel's own number stands in a row.
pub(crate) const ID: &str = "/externalId";

/// Rows of one file; more come in several.
const MOST_ROWS: usize = 500;

/// The channel's own number of a row, or what is wrong with it.
pub(crate) type Number = Result<String, AppError>;

/// A row.
pub(crate) struct Row {
    /// Its line in the file, from 1.
    pub(crate) line: u64,
    /// The body of a submission.
    pub(crate) bytes: Vec<u8>,
}

/// The rows of a file. One that cannot be read as a table is refused as a whole.
pub(crate) fn read(media_type: &str, file: &[u8]) -> Result<Vec<Row>, AppError> {
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    let rows = match media_type.to_ascii_lowercase().as_str() {
        "application/x-ndjson" | "application/jsonl" => lines(file),
        "text/csv" => table(file)?,
        _ => {
            let detail = "应为text/csv（CSV表格）或application/x-ndjson（每行一个JSON）";
            return Err(wrong("Content-Type", detail));
        }
    };
    match rows.len() {
        0 => Err(wrong("/1/", "文件没有数据行，请核对是否选错了文件")),
        1..=MOST_ROWS => Ok(rows),
        count => {
            let detail = format!("文件有{count}行，一次最多{MOST_ROWS}行，请分成几个文件提交");
            Err(wrong("/1/", detail))
        }
    }
}

fn lines(file: &[u8]) -> Vec<Row> {
    let file = file.strip_prefix("\u{feff}".as_bytes()).unwrap_or(file);
    let lines = file.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let rows = (1..).zip(lines).filter(|(_, bytes)| !bytes.is_empty());
    let row = |(line, bytes): (u64, &[u8])| Row {
        line,
        bytes: bytes.to_vec(),
    };
    rows.map(row).collect()
}

fn table(file: &[u8]) -> Result<Vec<Row>, AppError> {
    let rows = tables::appeals(file).map_err(|errors| {
        let field = |error: tables::RowError| {
            FieldError::new(format!("/{}/{}", error.line, error.column), error.detail)
        };
        AppError::Invalid(errors.into_iter().map(field).collect())
    })?;
    let row = |row: tables::AppealRow| Row {
        line: row.line,
        bytes: row.body.to_string().into_bytes(),
    };
    Ok(rows.into_iter().map(row).collect())
}

/// The numbers of the rows so far, and their lines: two rows of one number would be one appeal.
#[derive(Default)]
pub(crate) struct Numbers(BTreeMap<String, u64>);

impl Numbers {
    /// The row with its number.
    pub(crate) fn of(&mut self, row: Row) -> (Row, Number) {
        let number = self.read(&row);
        (row, number)
    }

    fn read(&mut self, row: &Row) -> Number {
        let body: Result<Value, _> = serde_json::from_slice(&row.bytes);
        // A row that is not JSON is told so when its fields are read.
        let number = body.as_ref().ok().and_then(|body| body.get("externalId"));
        let number = match number.and_then(Value::as_str) {
            Some(number) => number.to_owned(),
            None if body.is_ok() => String::new(),
            None => {
                return Err(AppError::Malformed(format!(
                    "第{}行：不是有效的 JSON",
                    row.line
                )));
            }
        };
        if number.is_empty() {
            return Err(wrong(
                ID,
                "请填写外部编号：每件新诉求各不相同，重试时保持不变",
            ));
        }
        if let Some(earlier) = self.0.get(&number) {
            let detail = format!("与第{earlier}行的外部编号相同，每件新诉求的编号须各不相同");
            return Err(wrong(ID, detail));
        }
        self.0.insert(number.clone(), row.line);
        Ok(number)
    }
}
