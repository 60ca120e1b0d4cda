//! A report as its paper shows it (Art. 6(5); R-AN-2).

use app::reports::{Asked, Figures, HIDDEN_SAYS, PeriodicReport, Row, Shows};
use chrono::{DateTime, Datelike as _, Utc};
use domain::calendar::{shanghai_date, to_shanghai};
use letters::{Chapter, ColumnKind, Paper, PaperColumn, PaperTable};

/// Rows of a table on paper; the data has all.
const ROWS: usize = 40;

/// What every report says of its figures.
const NOTES: [&str; 3] = [
    "数字由诉求工单逐件汇总，工单不含任何个人信息；每张表注明其所回答的问题，同一问题在同一期间可随时查询并核对。",
    "各比率附分子和分母；回访满意率等由随机抽取得出的比率，括号内为置信度95%的区间（Wilson法）。",
    "“上一期”指与统计期间天数相同、紧接在前的一段时间。",
];

/// The paper of a report.
pub(crate) fn paper(report: &PeriodicReport) -> Paper {
    let chapter = |chapter: &app::reports::Chapter| Chapter {
        heading: chapter.heading.clone(),
        tables: chapter.figures.iter().map(table).collect(),
    };
    let summary = report.summary.iter().map(|sentence| {
        let (text, questions) = (&sentence.text, sentence.questions.join("、"));
        format!("{text}（{questions}）")
    });
    let mut notes: Vec<String> = NOTES.map(str::to_owned).to_vec();
    let mut figures = report.chapters.iter().flat_map(|chapter| &chapter.figures);
    if figures.any(|figures| figures.hidden > 0) {
        notes.push(HIDDEN_SAYS.to_owned());
    }
    let (since, until) = (report.since, report.until);
    let mut facts = vec![
        ("统计期间".to_owned(), format!("{since}至{until}")),
        ("数据截至".to_owned(), minute(report.as_of)),
    ];
    if !report.whole {
        facts.push((
            "说明".to_owned(),
            "期间尚未结束，数字随后还会变化".to_owned(),
        ));
    }
    Paper {
        title: format!("企业和群众诉求办理{}分析报告", report.period_name),
        number: report.id.clone(),
        issuer: report.issuer.clone(),
        facts,
        summary: summary.collect(),
        chapters: report.chapters.iter().map(chapter).collect(),
        notes,
        dated_on: shanghai_date(report.as_of),
    }
}

/// 2026年4月1日00:00.
fn minute(at: DateTime<Utc>) -> String {
    let at = to_shanghai(at);
    let (year, month, day) = (at.year(), at.month(), at.day());
    format!("{year}年{month}月{day}日{}", at.format("%H:%M"))
}

/// The columns that are shown: a group that has a name is told by it.
fn shown(asked: &Asked) -> Vec<usize> {
    let has_name = asked.columns.iter().any(|head| head.shows == Shows::Name);
    let columns = asked.columns.iter().enumerate();
    let mut first = has_name;
    let shown = columns.filter(|(_, head)| {
        let is_code = first && matches!(head.shows, Shows::Group | Shows::Key);
        first = first && !is_code;
        !is_code
    });
    shown.map(|(at, _)| at).collect()
}

fn table(figures: &Figures) -> PaperTable {
    let asked = &figures.asked;
    let places = shown(asked);
    let heads = || places.iter().filter_map(|at| asked.columns.get(*at));
    let column = |title: &str, kind| PaperColumn {
        title: title.to_owned(),
        kind,
    };
    let columns = heads().map(|head| {
        let kind = match head.shows {
            Shows::Group | Shows::Key | Shows::Name => ColumnKind::Words,
            Shows::Count | Shows::Part | Shows::Figure => ColumnKind::Number,
        };
        column(&head.title, kind)
    });
    let shares = asked.shares.iter();
    let columns = columns.chain(shares.map(|share| column(&share.title, ColumnKind::Share)));
    let row = |row: &Row| {
        let cells = heads().zip(places.iter().filter_map(|at| row.cells.get(*at)));
        let cells = cells.map(|(head, cell)| Figures::shown(head, cell));
        let shares = row.shares.iter();
        let shares = shares.map(|share| Figures::shown_share(share.as_ref()));
        cells.chain(shares).collect()
    };
    let all = figures.rows.len();
    PaperTable {
        title: asked.title.clone(),
        columns: columns.collect(),
        rows: figures.rows.iter().take(ROWS).map(row).collect(),
        note: (all > ROWS).then(|| format!("仅列前{ROWS}行，共{all}行；全部见报告数据")),
        source: format!(
            "所答问题：{}，{}至{}",
            asked.question, figures.since, figures.until
        ),
    }
}
