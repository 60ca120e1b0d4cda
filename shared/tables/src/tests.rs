//! The demonstration's city goes out and comes in again; every wrong row is told what to do.

use std::path::Path;

use crate::{LARGEST_FILE, Part, RowError, export, import};
use domain::ids::UnitId;
use domain::registry::FullRegistry;

/// The demonstration's city as the loader reads it.
fn city() -> FullRegistry {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../local/demo");
    let read = |name: &str| std::fs::read_to_string(folder.join(format!("{name}.json"))).unwrap();
    let sections = ["units", "channels", "duties"].map(|name| (name.to_owned(), read(name)));
    let mut all = FullRegistry {
        registry: store::reference::read(&sections).unwrap().registry,
        officers: store::officers_from_json(&read("officers")).unwrap(),
        items: store::service_items_from_json(&read("service-items")).unwrap(),
    };
    for unit in &mut all.registry.units {
        unit.count(&all.officers);
    }
    all
}

fn lines(part: Part) -> Vec<String> {
    let csv = export(part, &city());
    let csv = csv.strip_prefix('\u{feff}').unwrap();
    csv.lines().map(str::to_owned).collect()
}

fn errors(part: Part, file: &str) -> Vec<(u64, String, String)> {
    let errors = import(part, &city(), file.as_bytes()).unwrap_err();
    let told = |error: RowError| (error.line, error.column, error.detail);
    errors.into_iter().map(told).collect()
}

#[test]
fn r_ac_3_what_goes_out_comes_in_again_and_changes_nothing() {
    let city = city();
    for part in Part::ALL {
        let csv = export(part, &city);
        assert!(csv.starts_with('\u{feff}') && csv.contains("\r\n"));
        // With and without the mark, and with the other end of lines.
        let bare = csv.strip_prefix('\u{feff}').unwrap();
        for file in [csv.as_str(), bare, &bare.replace("\r\n", "\n")] {
            let change = import(part, &city, file.as_bytes()).unwrap();
            assert_eq!(change.after, city, "{part:?}");
            let counts = (change.added, change.changed, change.removed);
            assert_eq!(counts, (0, 0, 0), "{part:?}");
            assert_eq!(change.rows, file.lines().count() - 1);
        }
    }
}

#[test]
fn r_ac_3_headings_are_chinese_or_fields_names_in_any_order() {
    let city = city();
    let written = lines(Part::ServiceItems);
    assert_eq!(written[0], "事项编码(code),事项名称(name),单位(unit)");
    let rows: Vec<_> = lines(Part::Channels)[1..].to_vec();
    let rows = rows.join("\n");
    for heading in [
        "code,name,managing_unit,system_function_unit",
        "编码,名称,管理单位,系统功能管理单位",
        " CODE ,名称（name）,管理单位(managing_unit),system_function_unit",
    ] {
        let file = format!("{heading}\n{rows}");
        let change = import(Part::Channels, &city, file.as_bytes()).unwrap();
        assert_eq!(change.after, city, "{heading}");
    }
    let turned = "单位,code,name\nta-gjj,gjj-1,提取\n\n,,\nta-rsj,370900-rs-001,转移\n\
        ta-ylbzj,370900-ylbz-001,参保\nta-gjj,370900-gjj-001,租房提取住房公积金\n\
        ta-bdc,370900-bdc-001,转移登记\n";
    let change = import(Part::ServiceItems, &city, turned.as_bytes()).unwrap();
    let counts = (change.rows, change.added, change.changed, change.removed);
    assert_eq!(counts, (5, 1, 3, 0), "blank rows are none");
    assert_eq!(change.after.items[0].unit.as_str(), "ta-gjj");
}

#[test]
fn r_ac_3_codes_and_terms_and_a_spreadsheets_dates_are_understood() {
    let city = city();
    let mut rows = lines(Part::Officers);
    rows.push("new-1,王示安,ta-rsj,liaison; 分析员、liaison,0538-1234567".to_owned());
    let change = import(Part::Officers, &city, rows.join("\n").as_bytes()).unwrap();
    assert_eq!((change.added, change.changed, change.removed), (1, 0, 0));
    let new = change.after.officers.last().unwrap();
    let roles: Vec<_> = new.roles.iter().map(|role| role.code()).collect();
    assert_eq!(roles, ["liaison", "analyst"]);
    let unit = UnitId::parse("ta-rsj").unwrap();
    let liaisons = |all: &FullRegistry| all.registry.unit(&unit).unwrap().liaisons;
    assert_eq!((liaisons(&city), liaisons(&change.after)), (1, 2));

    let file = "unit,words,effective_on\nta-rsj,社保,2026/3/1\nta-rsj,养老,2026-04-01\n";
    let change = import(Part::Duties, &city, file.as_bytes()).unwrap();
    let days = change.after.registry.duties.iter();
    let days: Vec<_> = days.map(|duty| duty.effective_on.unwrap()).collect();
    assert_eq!(days.map_to_text(), ["2026-03-01", "2026-04-01"]);
    assert_eq!(
        (change.added, change.removed),
        (2, city.registry.duties.len())
    );
}

trait MapToText {
    fn map_to_text(&self) -> Vec<String>;
}

impl<T: ToString> MapToText for Vec<T> {
    fn map_to_text(&self) -> Vec<String> {
        self.iter().map(ToString::to_string).collect()
    }
}

/// Where a wrong line is put into the part as it stands, and what is said of it.
const WRONG: [(Part, &str, &str, &str); 27] = [
    (
        Part::Units,
        "TA,甲局,resolving,,370900",
        "id",
        "编号应为1至48个小写字母、数字、“-”或“_”，请改正",
    ),
    (
        Part::Units,
        "ta-new,,resolving,,370900",
        "name",
        "不能为空，请填写",
    ),
    (
        Part::Units,
        "ta-new,甲局,bureau,,370900",
        "kind",
        "不能识别“bureau”，取值应为：市级管理单位、县级管理单位、问题解决单位",
    ),
    (
        Part::Units,
        "ta-new,甲局,resolving,ta-nobody,370900",
        "parent",
        "没有编号为“ta-nobody”的上级单位，请补上该单位或改正编号",
    ),
    (
        Part::Units,
        "ta-new,甲局,resolving,ta-new,370900",
        "parent",
        "上级单位绕回了本单位，请改正上下级关系",
    ),
    (
        Part::Units,
        "ta-new,甲局,resolving,,3709",
        "area",
        "区划应为6位数字代码（GB/T 2260），如370902",
    ),
    (
        Part::Units,
        "ta-new,甲局,resolving,,",
        "area",
        "不能为空，请填写6位区划代码",
    ),
    (
        Part::Units,
        "ta-rsj,甲局,resolving,,370900",
        "id",
        "编号“ta-rsj”与第4行重复，请删去或改正其中一行",
    ),
    (
        Part::Units,
        "ta-new,=1+1,resolving,,370900",
        "name",
        "内容不能以“=”或“@”开头，请删去该符号",
    ),
    (
        Part::Officers,
        "new,王示安,ta-nobody,liaison,",
        "unit",
        "没有编号为“ta-nobody”的单位，请先登记该单位或改正编号",
    ),
    (
        Part::Officers,
        "new,王示安,,liaison,",
        "unit",
        "不能为空，请填写单位编号",
    ),
    (
        Part::Officers,
        "new,王示安,ta-rsj,,",
        "roles",
        "不能为空，多个角色用“；”隔开",
    ),
    (
        Part::Officers,
        "new,王示安,ta-rsj,boss,",
        "roles",
        "不能识别“boss”，取值应为：分拣员、市级管理员、县级管理员、联络员、分管领导、回访员、立项审批员、知识库编辑员、知识库审核员、分析员、审计员、管理员",
    ),
    (
        Part::Officers,
        "new,王示安,ta-rsj,分管领导,",
        "roles",
        "单位“ta-rsj”在第10行已有分管领导，每个单位只能有1名，请改正其中一行",
    ),
    (
        Part::Officers,
        "ta-rsj-leader,王示安,ta-rsj,liaison,",
        "id",
        "编号“ta-rsj-leader”与第10行重复，请删去或改正其中一行",
    ),
    (
        Part::Officers,
        "new,王示安,ta-rsj,liaison,+cmd|x",
        "contact",
        "联系电话只能用数字、空格、“+”和“-”",
    ),
    (
        Part::Duties,
        "ta-rsj,,,,",
        "words",
        "关键词和事项编码至少填写一项",
    ),
    (
        Part::Duties,
        "ta-rsj,社保,no-item,,",
        "service_item",
        "没有编码为“no-item”的事项，请先在事项表中登记或改正编码",
    ),
    (
        Part::Duties,
        "ta-rsj,社保,,,明天",
        "effective_on",
        "日期应写作2026-03-01的样子",
    ),
    (
        Part::Duties,
        "ta-gaj,居住证,,,",
        "unit",
        "单位、事项、区划和生效日期与第6行都相同，请把关键词并入一行",
    ),
    (
        Part::ServiceItems,
        "3.709E+30,甲,ta-rsj",
        "code",
        "编码被表格软件改成了科学计数法，请把该列设为文本格式后重新填写",
    ),
    (
        Part::ServiceItems,
        "事项一,甲,ta-rsj",
        "code",
        "编码只能用字母、数字、“-”“_”和“.”",
    ),
    (Part::ServiceItems, ",甲,ta-rsj", "code", "不能为空，请填写"),
    (
        Part::ServiceItems,
        "370900-rs-001,甲,ta-rsj",
        "code",
        "事项编码“370900-rs-001”与第3行重复，请删去或改正其中一行",
    ),
    (
        Part::Channels,
        "watch,手表端,ta-rsj,",
        "managing_unit",
        "泰安市人力资源和社会保障局是问题解决单位，请改为管理单位",
    ),
    (
        Part::Channels,
        "pc,手表端,ta-bigdata,",
        "code",
        "编码“pc”与第2行重复，请删去或改正其中一行",
    ),
    (
        Part::Channels,
        "watch,手表端,ta-bigdata,,多余",
        "",
        "这一行的单元格比表头多，含逗号的内容请用英文双引号括起来",
    ),
];

#[test]
fn r_ac_3_every_wrong_row_is_told_its_line_its_column_and_what_to_do() {
    for (part, line, column, detail) in WRONG {
        let mut file = lines(part);
        file.push(line.to_owned());
        let place = u64::try_from(file.len()).unwrap();
        let expected = (place, column.to_owned(), detail.to_owned());
        for end in ["\n", "\r\n"] {
            assert_eq!(
                errors(part, &file.join(end)),
                std::slice::from_ref(&expected),
                "{line}"
            );
        }
        // Blank lines count, also in front of it.
        file.insert(1, String::new());
        file.insert(file.len() - 1, " ,,".to_owned());
        let found = errors(part, &file.join("\r\n"));
        assert_eq!((found[0].0, found.len()), (place + 2, 1), "{line}");
    }
}

#[test]
fn r_ac_3_all_errors_come_at_once_by_line() {
    let file = "id,name,kind,area\nA,,x,1\n\"ta\n-b\",乙,resolving,370900\nta-c,丙,resolving,37\n";
    let found = errors(Part::Units, file);
    let places: Vec<_> = found.iter().map(|e| (e.0, e.1.as_str())).collect();
    let expected = [
        (2, "id"),
        (2, "name"),
        (2, "kind"),
        (2, "area"),
        (3, "id"),
        (5, "area"),
    ];
    assert_eq!(places, expected);

    let many = format!("code,name,unit\n{}", "x,甲,ta-nobody\n".repeat(1_500));
    let found = errors(Part::ServiceItems, &many);
    assert_eq!(found.len(), 1_001);
    assert!(
        found[1_000].2.contains("处错误未列出"),
        "{:?}",
        found[1_000]
    );
}

#[test]
fn r_ac_3_a_file_that_is_no_table_of_this_part_is_told_so() {
    for (file, column, detail) in [
        (String::new(), "", "文件是空的"),
        ("\u{feff}".to_owned(), "", "文件是空的"),
        ("code,name,unit\n\n".to_owned(), "", "没有数据行"),
        ("code,name\nx,甲".to_owned(), "unit", "缺少“单位(unit)”列"),
        ("code,name,unit,unit\nx".to_owned(), "unit", "出现了多次"),
        ("code,name,unit,颜色\nx".to_owned(), "颜色", "没有这一列"),
        (" ".repeat(LARGEST_FILE + 1), "", "超过2MB"),
    ] {
        let found = errors(Part::ServiceItems, &file);
        let [(1, where_, said)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert!(where_ == column && said.contains(detail), "{found:?}");
    }
    let gbk = b"\xb1\xe0\xba\xc5,name,unit\n";
    let found = import(Part::ServiceItems, &city(), gbk).unwrap_err();
    assert!(found[0].detail.contains("UTF-8"), "{found:?}");
}

#[test]
fn r_ac_3_what_is_still_named_elsewhere_stays() {
    let without = |part: Part, start: &str| {
        let rows = lines(part).into_iter();
        let rows: Vec<_> = rows.filter(|row| !row.starts_with(start)).collect();
        rows.join("\n")
    };
    let told = errors(Part::Units, &without(Part::Units, "ta-gjj,"));
    assert_eq!(
        told,
        [(
            1,
            "id".to_owned(),
            "少了单位“ta-gjj”，仍有4处引用它：职责表第4行、人员“ta-gjj-leader”、\
             人员“ta-gjj-liaison”、事项“370900-gjj-001”；请保留该行，或先改正引用处"
                .to_owned()
        )]
    );
    let rows = without(Part::Units, "ta-approval,").replace(",ta-approval,", ",,");
    let told = errors(Part::Units, &rows);
    assert!(told[0].2.contains("渠道“pc”"), "{told:?}");
    let told = errors(
        Part::ServiceItems,
        &without(Part::ServiceItems, "370900-rs-001"),
    );
    assert!(told[0].2.contains("职责表第3行"), "{told:?}");

    let rows = format!("{rows}\nta-approval,泰安市行政审批服务局,resolving,,370900");
    let told = errors(Part::Units, &rows);
    assert_eq!(told[0].1, "kind");
    assert!(told[0].2.contains("请先改正渠道表再改类型"), "{told:?}");
}

#[test]
fn r_ac_3_a_unit_that_nobody_names_goes() {
    let mut city = city();
    let mut rows = lines(Part::Units);
    rows.push("ta-new,新单位,问题解决单位,,370900".to_owned());
    let added = import(Part::Units, &city, rows.join("\n").as_bytes()).unwrap();
    assert_eq!((added.added, added.changed, added.removed), (1, 0, 0));
    city = added.after;
    rows.pop();
    let gone = import(Part::Units, &city, rows.join("\n").as_bytes()).unwrap();
    assert_eq!(gone.removed_units, [UnitId::parse("ta-new").unwrap()]);
    assert_eq!((gone.added, gone.changed, gone.removed), (0, 0, 1));
    // But not while it has open tickets.
    let other = UnitId::parse("ta-rsj").unwrap();
    assert!(gone.clone().unless_busy(&[other]).is_ok());
    let told = gone.clone().unless_busy(&gone.removed_units).unwrap_err();
    let [error] = told.as_slice() else {
        panic!("{told:?}")
    };
    assert_eq!((error.line, error.column.as_str()), (1, "id"));
    assert!(error.detail.contains("“ta-new”，它还有未办结的工单"));
}

#[test]
fn r_hd_1_leaders_and_liaisons_follow_the_officers() {
    let mut city = city();
    let rows = lines(Part::Officers).into_iter();
    let rows: Vec<_> = rows
        .filter(|row| !row.starts_with("ta-ylbzj-liaison,"))
        .collect();
    let change = import(Part::Officers, &city, rows.join("\n").as_bytes()).unwrap();
    let unit = UnitId::parse("ta-ylbzj").unwrap();
    assert!(city.registry.unit(&unit).unwrap().can_receive());
    assert!(!change.after.registry.unit(&unit).unwrap().can_receive());
    // A city without officers on record keeps the numbers that it was loaded with.
    city.officers.clear();
    let units = lines(Part::Units).join("\n");
    let change = import(Part::Units, &city, units.as_bytes()).unwrap();
    assert_eq!(change.after, city);
}

/// R-DP-3: what a spreadsheet would take for a formula leaves as text, and nothing else is changed.
#[test]
fn r_dp_3_no_exported_cell_is_a_formula() {
    let cells = [
        ("=HYPERLINK(\"http://x\")", "'=HYPERLINK(\"http://x\")"),
        ("+1+cmd|' /C calc'!A0", "'+1+cmd|' /C calc'!A0"),
        ("-2+3", "'-2+3"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("待处理", "待处理"),
        ("1=1", "1=1"),
        ("", ""),
    ];
    let sheet = crate::sheet([
        vec!["标题".to_owned(); cells.len()],
        cells.iter().map(|(cell, _)| (*cell).to_owned()).collect(),
    ]);
    let mut read = csv::Reader::from_reader(sheet.trim_start_matches('\u{feff}').as_bytes());
    let row = read.records().next().unwrap().unwrap();
    let expected: Vec<_> = cells.iter().map(|(_, cell)| *cell).collect();
    assert_eq!(row.iter().collect::<Vec<_>>(), expected);
}
