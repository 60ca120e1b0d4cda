//! A report with figures that nobody counted.

use chrono::NaiveDate;
use letters::{Chapter, ColumnKind, Paper, PaperColumn, PaperTable};

use ColumnKind::{Number, Share, Words};

pub(crate) fn paper() -> Paper {
    with(units(2, "仅列前2行，共212行"))
}

/// With a table of so many units.
pub(crate) fn long(count: usize) -> Paper {
    with(units(count, "含已撤并的单位"))
}

fn with(units: PaperTable) -> Paper {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    let facts = [
        ("统计期间", "2026年7月1日至2026年9月30日"),
        ("数据截至", "2026年10月1日2时"),
    ];
    Paper {
        title: "泰安市企业和群众诉求2026年第三季度分析报告".to_owned(),
        number: "2026-Q3.20261001".to_owned(),
        issuer: "泰安市大数据局".to_owned(),
        facts: facts
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into(),
        summary: owned(&[
            "本季度共收到企业和群众诉求12846件，比上季度增加7.9%；按期办结率97.4%，满意率91.7%。",
        ]),
        chapters: vec![
            Chapter {
                heading: "总体情况".to_owned(),
                tables: vec![figures(), channels()],
            },
            Chapter {
                heading: "办理时限".to_owned(),
                tables: vec![units, overdue()],
            },
            Chapter {
                heading: "工作建议".to_owned(),
                tables: Vec::new(),
            },
        ],
        notes: owned(&[
            "按期办结率是规定期限内办结的件数占应办结件数的比例；依法延期的，按延长后的期限计算。",
        ]),
        dated_on: NaiveDate::from_ymd_opt(2026, 10, 8).unwrap(),
    }
}

pub(crate) fn table(title: &str, columns: &[(&str, ColumnKind)], rows: &[&[&str]]) -> PaperTable {
    let columns = columns.iter().map(|&(title, kind)| PaperColumn {
        title: title.to_owned(),
        kind,
    });
    let rows = rows.iter();
    PaperTable {
        title: title.to_owned(),
        columns: columns.collect(),
        rows: rows
            .map(|row| row.iter().map(|&cell| cell.to_owned()).collect())
            .collect(),
        note: None,
        source: format!("数据来源：{title}"),
    }
}

fn figures() -> PaperTable {
    table(
        "主要指标",
        &[
            ("指标", Words),
            ("本期", Number),
            ("上期", Number),
            ("增减", Number),
        ],
        &[
            &["收到诉求（件）", "12846", "11902", "+944"],
            &["办结（件）", "12511", "11740", "+771"],
        ],
    )
}

fn channels() -> PaperTable {
    table(
        "各渠道收到的诉求",
        &[("渠道", Words), ("件数", Number), ("占比", Share)],
        &[&["移动端", "8120", "63.2%"], &["自助终端", "—", "—"]],
    )
}

fn overdue() -> PaperTable {
    table("超期未签收", &[("单位", Words), ("件数", Number)], &[])
}

fn units(count: usize, note: &str) -> PaperTable {
    let names = [
        "泰安市住房公积金管理中心",
        "泰安市人力资源和社会保障局（社会保险经办服务中心、劳动人事争议仲裁院）",
        "泰山区人民政府",
        "泰安高新技术产业开发区管理委员会",
        "喆堃水务有限公司",
    ];
    let rows = names.iter().cycle().zip(1..=count).map(|(name, number)| {
        let part = |step: usize| {
            format!(
                "{:.1}%",
                f64::from(u32::try_from(number * step % 1001).unwrap()) / 10.0
            )
        };
        vec![
            number.to_string(),
            (*name).to_owned(),
            (number * 97 % 1311).to_string(),
            part(379),
            (number * 31 % 999).to_string(),
            if number % 7 == 3 {
                "—".to_owned()
            } else {
                part(613)
            },
        ]
    });
    PaperTable {
        rows: rows.collect(),
        note: Some(note.to_owned()),
        ..table(
            "各单位签收和办结情况",
            &[
                ("序号", Number),
                ("单位", Words),
                ("派发", Number),
                ("按期签收率", Share),
                ("应办结数", Number),
                ("按期办结率", Share),
            ],
            &[],
        )
    }
}
