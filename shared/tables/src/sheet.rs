//! A CSV file as rows of named cells: encoding, headings and shape are found good here.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::columns::Column;
use crate::{LARGEST_FILE, RowError};

/// A row with something in it.
#[derive(Debug)]
pub(crate) struct Row {
    /// Its line in the file.
    pub(crate) line: u64,
    /// Its cells in the order of the part's columns; empty where the file has no such column.
    pub(crate) cells: Vec<String>,
}

fn whole(detail: &str) -> Vec<RowError> {
    vec![RowError::new(1, "", detail)]
}

fn unreadable(error: &csv::Error) -> RowError {
    let line = error.position().map_or(1, csv::Position::line);
    RowError::new(line, "", "无法读取这一行，请检查引号是否成对")
}

fn text(file: &[u8]) -> Result<&str, Vec<RowError>> {
    if file.len() > LARGEST_FILE {
        return Err(whole("文件超过2MB，请核对是否选错了文件"));
    }
    let text = std::str::from_utf8(file).map_err(|_| {
        whole("文件不是UTF-8编码，请在表格软件中另存为“CSV UTF-8（逗号分隔）”后重新上传")
    })?;
    Ok(text.strip_prefix('\u{feff}').unwrap_or(text))
}

/// The rows of a file. Where headings are wrong, rows cannot be read and are not looked at.
pub(crate) fn rows(columns: &[Column], file: &[u8]) -> Result<Vec<Row>, Vec<RowError>> {
    let text = text(file)?;
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let headings = match records.next() {
        Some(headings) => headings.map_err(|error| vec![unreadable(&error)])?,
        None => return Err(whole("文件是空的，请核对是否选错了文件")),
    };
    let places = places(columns, &headings)?;
    let mut lines = Lines {
        text: text.as_bytes(),
        counted: 0,
        line: 1,
    };
    let (mut rows, mut errors) = (Vec::new(), Vec::new());
    for record in records {
        let record = record.map_err(|error| vec![unreadable(&error)])?;
        let begin = record.position().map_or(0, csv::Position::byte);
        let line = lines.at(usize::try_from(begin).unwrap_or(usize::MAX));
        if record.iter().all(str::is_empty) {
            continue;
        }
        let mut beyond = record.iter().skip(headings.len());
        if beyond.any(|cell| !cell.is_empty()) {
            let detail = "这一行的单元格比表头多，含逗号的内容请用英文双引号括起来";
            errors.push(RowError::new(line, "", detail));
        }
        let cell = |place: &Option<usize>| place.and_then(|place| record.get(place));
        let cells = places.iter().map(cell);
        let cells = cells.map(|cell| cell.unwrap_or_default().to_owned());
        rows.push(Row {
            line,
            cells: cells.collect(),
        });
    }
    if rows.is_empty() {
        errors.extend(whole("文件没有数据行，请核对是否选错了文件"));
    }
    if errors.is_empty() {
        Ok(rows)
    } else {
        Err(errors)
    }
}

/// Counts lines. The reader's own count is of where it stood before it skipped the second half of
/// an end of line, and blank lines.
struct Lines<'a> {
    text: &'a [u8],
    counted: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the first byte from `begin` on that ends no line. Goes forward only.
    fn at(&mut self, begin: usize) -> u64 {
        let rest = self.text.get(begin..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| b"\r\n".contains(byte));
        let begin = begin + blank.count();
        let passed = self.text.get(self.counted..begin).unwrap_or_default();
        let lines = passed.split(|byte| *byte == b'\n').count();
        self.counted = begin;
        self.line += u64::try_from(lines).unwrap_or_default().saturating_sub(1);
        self.line
    }
}

/// Where each column stands in the file.
fn places(
    columns: &[Column],
    headings: &StringRecord,
) -> Result<Vec<Option<usize>>, Vec<RowError>> {
    let mut errors = Vec::new();
    let mut places = Vec::new();
    for column in columns {
        let found = headings.iter().enumerate();
        let found = found.filter(|(_, heading)| column.is_meant_by(heading));
        let found: Vec<_> = found.map(|(place, _)| place).collect();
        let mut wrong = |detail| errors.push(RowError::new(1, column.field, detail));
        match found.as_slice() {
            [] if column.required => wrong(format!("缺少“{}”列，请补上", column.title())),
            [] | [_] => {}
            _ => wrong(format!("“{}”列出现了多次，请只留一列", column.title())),
        }
        places.push(found.first().copied());
    }
    let titles: Vec<_> = columns.iter().map(Column::title).collect();
    for heading in headings.iter().filter(|heading| !heading.is_empty()) {
        if !columns.iter().any(|column| column.is_meant_by(heading)) {
            let detail = format!("没有这一列，请删去；可用的列：{}", titles.join("、"));
            errors.push(RowError::new(1, heading, detail));
        }
    }
    if errors.is_empty() {
        Ok(places)
    } else {
        Err(errors)
    }
}
