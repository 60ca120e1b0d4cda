//! Rows into the domain's words, and every way in which a row can be wrong by itself.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::ids::{ChannelCode, InvalidId, OfficerId, UnitId};
use domain::registry::{Channel, Duty, FullRegistry, OfficerRecord, ServiceItem, Unit, UnitKind};
use domain::workflow::words::Role;

use crate::RowError;
use crate::columns::{Column, Part};
use crate::sheet::Row;

/// Longest name, in characters.
const NAME: usize = 80;

/// Longest list of words of a duty, in characters.
const WORDS: usize = 500;

/// Roles that nobody is appointed to.
const NOT_OFFICERS: [Role; 3] = [Role::Appellant, Role::ChannelSystem, Role::System];

/// What rows may name.
pub(crate) struct Known<'a> {
    units: BTreeMap<&'a str, &'a Unit>,
    service_items: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    pub(crate) fn of(all: &'a FullRegistry) -> Self {
        let units = all.registry.units.iter();
        let items = all.items.iter();
        Self {
            units: units.map(|unit| (unit.id.as_str(), unit)).collect(),
            service_items: items.map(|item| item.code.as_str()).collect(),
        }
    }
}

/// A row under its headings; what is wrong with it is noted.
pub(crate) struct Cells<'a> {
    row: &'a Row,
    columns: &'static [Column],
    errors: &'a mut Vec<RowError>,
}

impl<'a> Cells<'a> {
    pub(crate) fn new(part: Part, row: &'a Row, errors: &'a mut Vec<RowError>) -> Self {
        Self {
            row,
            columns: part.columns(),
            errors,
        }
    }

    fn wrong(&mut self, field: &str, detail: impl Into<String>) {
        self.errors
            .push(RowError::new(self.row.line, field, detail));
    }

    fn cell(&self, field: &str) -> &'a str {
        let place = self.columns.iter().position(|each| each.field == field);
        let cell = place.and_then(|place| self.row.cells.get(place));
        cell.map(String::as_str).unwrap_or_default()
    }

    /// What may be left out.
    fn optional(&mut self, field: &str, longest: usize) -> Option<String> {
        let cell = self.cell(field);
        if cell.chars().count() > longest {
            self.wrong(field, format!("内容过长，最多{longest}个字"));
        } else if cell.starts_with(['=', '@']) {
            // A spreadsheet would take it for a formula.
            self.wrong(field, "内容不能以“=”或“@”开头，请删去该符号");
        }
        (!cell.is_empty()).then(|| cell.to_owned())
    }

    /// What must be there.
    fn text(&mut self, field: &str, longest: usize) -> String {
        let text = self.optional(field, longest);
        if text.is_none() {
            self.wrong(field, "不能为空，请填写");
        }
        text.unwrap_or_default()
    }

    fn id<T>(&mut self, field: &str, parse: fn(&str) -> Result<T, InvalidId>) -> Option<T> {
        let id = parse(self.cell(field)).ok();
        if id.is_none() {
            self.wrong(field, "编号应为1至48个小写字母、数字、“-”或“_”，请改正");
        }
        id
    }

    /// A unit on record, which must be there.
    fn unit(&mut self, field: &str, known: &Known<'_>) -> Option<UnitId> {
        let cell = self.cell(field);
        let unit = known.units.get(cell).map(|unit| unit.id.clone());
        match &unit {
            None if cell.is_empty() => self.wrong(field, "不能为空，请填写单位编号"),
            None => self.wrong(
                field,
                format!("没有编号为“{cell}”的单位，请先登记该单位或改正编号"),
            ),
            Some(_) => {}
        }
        unit
    }

    /// One of a closed list, by its code or its term.
    fn word<T: Copy>(
        &mut self,
        field: &str,
        text: &str,
        all: &[T],
        names: fn(T) -> [&'static str; 2],
    ) -> Option<T> {
        let found = all
            .iter()
            .copied()
            .find(|each| names(*each).contains(&text));
        if found.is_none() {
            let terms: Vec<_> = all.iter().map(|each| names(*each)[1]).collect();
            let terms = terms.join("、");
            self.wrong(field, format!("不能识别“{text}”，取值应为：{terms}"));
        }
        found
    }

    /// Entries of a cell that holds several.
    fn list(&self, field: &str) -> Vec<&'a str> {
        let entries = self.cell(field).split(['；', ';', '、']).map(str::trim);
        entries.filter(|entry| !entry.is_empty()).collect()
    }

    fn area(&mut self, field: &str) -> Option<String> {
        let area = self.optional(field, NAME)?;
        if area.len() != 6 || !area.bytes().all(|byte| byte.is_ascii_digit()) {
            self.wrong(field, "区划应为6位数字代码（GB/T 2260），如370902");
        }
        Some(area)
    }

    /// A date as written here, or as a spreadsheet makes of it.
    fn date(&mut self, field: &str) -> Option<NaiveDate> {
        let text = self.optional(field, NAME)?;
        let dashed = text.replace('/', "-");
        let date = NaiveDate::parse_from_str(&dashed, "%Y-%m-%d").ok();
        if date.is_none() {
            self.wrong(field, "日期应写作2026-03-01的样子");
        }
        date
    }

    fn item_code(&mut self, field: &str) -> Option<String> {
        let code = self.optional(field, 64)?;
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if code.contains("E+") {
            let detail = "编码被表格软件改成了科学计数法，请把该列设为文本格式后重新填写";
            self.wrong(field, detail);
        } else if !code.bytes().all(good) {
            self.wrong(field, "编码只能用字母、数字、“-”“_”和“.”");
        }
        Some(code)
    }

    pub(crate) fn read_officer(&mut self, known: &Known<'_>) -> Option<OfficerRecord> {
        let id = self.id("id", OfficerId::parse);
        let name = self.text("name", NAME);
        let unit = self.unit("unit", known);
        let roles = self.roles();
        let contact = self.optional("contact", 32);
        let is_number = |text: &String| text.bytes().all(|byte| b"0123456789+- ".contains(&byte));
        if contact.as_ref().is_some_and(|contact| !is_number(contact)) {
            self.wrong("contact", "联系电话只能用数字、空格、“+”和“-”");
        }
        Some(OfficerRecord {
            id: id?,
            name,
            unit: unit?,
            roles,
            contact,
        })
    }

    fn roles(&mut self) -> Vec<Role> {
        let officers = Role::ALL.iter().copied();
        let officers: Vec<_> = officers
            .filter(|role| !NOT_OFFICERS.contains(role))
            .collect();
        let entries = self.list("roles");
        if entries.is_empty() {
            self.wrong("roles", "不能为空，多个角色用“；”隔开");
        }
        let mut roles = Vec::new();
        for entry in entries {
            let role = self.word("roles", entry, &officers, |role: Role| {
                [role.code(), role.zh()]
            });
            roles.extend(role.filter(|role| !roles.contains(role)));
        }
        roles
    }

    pub(crate) fn read_duty(&mut self, known: &Known<'_>) -> Option<Duty> {
        let unit = self.unit("unit", known);
        self.optional("words", WORDS);
        let words = self.list("words");
        let service_item = self.item_code("service_item");
        let unknown = |code: &&String| !known.service_items.contains(code.as_str());
        if let Some(code) = service_item.as_ref().filter(unknown) {
            let detail = format!("没有编码为“{code}”的事项，请先在事项表中登记或改正编码");
            self.wrong("service_item", detail);
        }
        if words.is_empty() && service_item.is_none() {
            self.wrong("words", "关键词和事项编码至少填写一项");
        }
        Some(Duty {
            unit: unit?,
            words: words.into_iter().map(str::to_owned).collect(),
            service_item,
            area: self.area("area"),
            effective_on: self.date("effective_on"),
        })
    }

    pub(crate) fn read_service_item(&mut self, known: &Known<'_>) -> Option<ServiceItem> {
        let code = self.item_code("code");
        if code.is_none() {
            self.wrong("code", "不能为空，请填写");
        }
        let name = self.text("name", NAME);
        Some(ServiceItem {
            unit: self.unit("unit", known)?,
            code: code?,
            name,
        })
    }

    pub(crate) fn read_channel(&mut self, known: &Known<'_>) -> Option<Channel> {
        let code = self.id("code", ChannelCode::parse);
        let name = self.text("name", NAME);
        let managing_unit = self.managing_unit("managing_unit", known);
        let system_function_unit = match self.cell("system_function_unit") {
            "" => None,
            _ => self.managing_unit("system_function_unit", known),
        };
        Some(Channel {
            code: code?,
            name,
            managing_unit: managing_unit?,
            system_function_unit,
        })
    }

    fn managing_unit(&mut self, field: &str, known: &Known<'_>) -> Option<UnitId> {
        let id = self.unit(field, known)?;
        let unit = known.units.get(id.as_str());
        if let Some(unit) = unit.filter(|unit| unit.kind == UnitKind::Resolving) {
            let detail = format!("{}是问题解决单位，请改为管理单位", unit.name);
            self.wrong(field, detail);
        }
        Some(id)
    }
}

/// Not a method: its lifetimes would be bound too early to hand it on.
pub(crate) fn read_unit(cells: &mut Cells<'_>) -> Option<Unit> {
    let id = cells.id("id", UnitId::parse);
    let name = cells.text("name", NAME);
    let names = |kind: UnitKind| [kind.code(), kind.zh()];
    let kind = cells.word("kind", cells.cell("kind"), UnitKind::ALL, names);
    let parent = match cells.cell("parent") {
        "" => None,
        _ => cells.id("parent", UnitId::parse),
    };
    let area = cells.area("area");
    if area.is_none() {
        cells.wrong("area", "不能为空，请填写6位区划代码");
    }
    Some(Unit {
        id: id?,
        name,
        kind: kind?,
        parent,
        area: area?,
        leaders: 0,
        liaisons: 0,
    })
}

/// Rows that say the same thing twice: the second is told where the first is.
pub(crate) fn repeats<T, K: Ord>(
    rows: &[(u64, T)],
    field: &str,
    key: impl Fn(&T) -> K,
    errors: &mut Vec<RowError>,
    detail: impl Fn(&T, u64) -> String,
) {
    let mut first = BTreeMap::new();
    for (line, row) in rows {
        if let Some(before) = first.get(&key(row)) {
            errors.push(RowError::new(*line, field, detail(row, *before)));
        } else {
            first.insert(key(row), *line);
        }
    }
}
