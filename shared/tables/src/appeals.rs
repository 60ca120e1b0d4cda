//! Appeals as CSV (批量接收, Art. 2; R-IN-8): each row becomes the body that the channel would submit.
//! What is wrong within a row is for submitting to say; here only the table's shape is checked.

use domain::appeal::{AppellantKind, Kind, ReplyWay, Subject};
use serde_json::{Map, Value};

use crate::RowError;
use crate::columns::{Column, may, must};
use crate::sheet::{Row, rows};

/// Columns; a field is the path of its value in the body.
const COLUMNS: &[Column] = &[
    must("externalId", "外部编号"),
    must("kind", "诉求类型"),
    must("subject", "诉求对象"),
    may("title", "标题"),
    must("text", "诉求内容"),
    must("appellant/kind", "诉求人类型"),
    must("appellant/name", "姓名或名称"),
    may("appellant/phone", "电话"),
    may("appellant/identityNumber", "证件号码"),
    may("appellant/address", "地址"),
    must("replyBy", "答复方式"),
    may("area", "区划"),
    may("serviceItem", "事项编码"),
    may("attachments", "附件"),
];

/// A row as the body of a submission.
#[derive(Debug, Clone, PartialEq)]
pub struct AppealRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The body.
    pub body: Value,
}

/// The rows of a file. Codes may be written as such or as their Chinese terms; several attachments
/// are parted by `；`.
pub fn appeals(file: &[u8]) -> Result<Vec<AppealRow>, Vec<RowError>> {
    let rows = rows(COLUMNS, file)?;
    Ok(rows.into_iter().map(row).collect())
}

fn row(row: Row) -> AppealRow {
    let (mut body, mut appellant) = (Map::new(), Map::new());
    for (column, cell) in COLUMNS.iter().zip(row.cells) {
        // An empty cell is a field left out, unless the field must be there: then it is empty.
        if cell.is_empty() && !column.required {
            continue;
        }
        let (object, name) = match column.field.strip_prefix("appellant/") {
            Some(name) => (&mut appellant, name),
            None => (&mut body, column.field),
        };
        object.insert(name.to_owned(), value(column.field, cell));
    }
    body.insert("appellant".to_owned(), Value::Object(appellant));
    AppealRow {
        line: row.line,
        body: Value::Object(body),
    }
}

fn value(field: &str, cell: String) -> Value {
    if field == "attachments" {
        let ids = cell.split(['；', ';']).map(str::trim);
        return ids.filter(|id| !id.is_empty()).collect();
    }
    let code = match field {
        "kind" => code(Kind::ALL, Kind::zh, Kind::code, &cell),
        "subject" => code(Subject::ALL, Subject::zh, Subject::code, &cell),
        "appellant/kind" => code(
            AppellantKind::ALL,
            AppellantKind::zh,
            AppellantKind::code,
            &cell,
        ),
        "replyBy" => code(ReplyWay::ALL, ReplyWay::zh, ReplyWay::code, &cell),
        _ => None,
    };
    Value::String(code.map_or(cell, str::to_owned))
}

/// The code of a term; none for what is no term, which may be a code itself.
fn code<T: Copy>(
    all: &[T],
    zh: fn(T) -> &'static str,
    code: fn(T) -> &'static str,
    term: &str,
) -> Option<&'static str> {
    let mut all = all.iter().copied();
    all.find(|each| zh(*each) == term).map(code)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn r_in_8_a_row_is_the_body_of_a_submission() {
        let file = "\u{feff}外部编号,诉求类型(kind),subject,诉求内容,诉求人类型,姓名或名称,电话,答复方式,附件\r\n\
            M-00000017,求助,service_item,\"缴费后，\n查询不到\",个人,张例三,13800000000,短信,k3v5；q2m7\r\n\
            ,没有,,,,,,,\r\n";
        let rows = appeals(file.as_bytes()).unwrap();
        let first = json!({
            "externalId": "M-00000017", "kind": "help", "subject": "service_item",
            "text": "缴费后，\n查询不到", "replyBy": "sms", "attachments": ["k3v5", "q2m7"],
            "appellant": { "kind": "person", "name": "张例三", "phone": "13800000000" },
        });
        // The second is at the line after the one that the quotes go over.
        let empty = json!({
            "externalId": "", "kind": "没有", "subject": "", "text": "", "replyBy": "",
            "appellant": { "kind": "", "name": "" },
        });
        let wanted = [(2, first), (4, empty)];
        let rows: Vec<_> = rows.into_iter().map(|row| (row.line, row.body)).collect();
        assert_eq!(rows, wanted);
    }

    #[test]
    fn r_in_8_a_table_without_a_column_is_told_which() {
        let errors = appeals("外部编号,诉求内容\nM-00000017,内容\n".as_bytes()).unwrap_err();
        let columns: Vec<_> = errors.iter().map(|error| error.column.as_str()).collect();
        let missing = [
            "kind",
            "subject",
            "appellant/kind",
            "appellant/name",
            "replyBy",
        ];
        assert_eq!(columns, missing);
        assert_eq!(errors[0].detail, "缺少“诉求类型(kind)”列，请补上");
    }
}
