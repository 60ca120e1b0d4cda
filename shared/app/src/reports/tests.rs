//! R-AN-2: what a report says in words, which are due, and how one is asked for.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn id(text: &str) -> PeriodicId {
    PeriodicId::parse(text).unwrap()
}

/// Figures with these columns, the first a group, the others counts, and a share of the first two.
fn figures(question: &str, columns: &[&str], rows: &[(&str, &[Cell], Option<Share>)]) -> Figures {
    let head = |(at, name): (usize, &&str)| Head {
        name: (*name).to_owned(),
        title: (*name).to_owned(),
        shows: if at == 0 { Shows::Group } else { Shows::Count },
        words: BTreeMap::new(),
    };
    let row = |(group, numbers, share): &(&str, &[Cell], Option<Share>)| Row {
        cells: [Cell::Text((*group).to_owned())]
            .into_iter()
            .chain(numbers.iter().cloned())
            .collect(),
        shares: vec![share.clone()],
    };
    let numerator = columns.last().unwrap();
    Figures {
        asked: Asked {
            question: question.to_owned(),
            title: question.to_owned(),
            columns: columns.iter().enumerate().map(head).collect(),
            shares: vec![ShareHead {
                title: "满意率".to_owned(),
                numerator: (*numerator).to_owned(),
                denominator: "callbacks".to_owned(),
            }],
        },
        since: day("2026-07-01"),
        until: day("2026-09-30"),
        rows: rows.iter().map(row).collect(),
        hidden: 0,
    }
}

fn said(figures: Figures) -> Vec<String> {
    let chapters = [Chapter {
        heading: "…".to_owned(),
        figures: vec![figures],
    }];
    let sentences = summary(&chapters).into_iter();
    sentences.map(|sentence| sentence.text).collect()
}

#[test]
fn r_an_2_volumes_are_told_against_the_span_before() {
    use Cell::{Hidden, Number};
    for (now, earlier, expected) in [
        (
            Number(9),
            Number(7),
            "统计期间共收到诉求9件，比上一期（7件）增加2件；已办结8件。",
        ),
        (
            Number(9),
            Number(9),
            "统计期间共收到诉求9件，与上一期（9件）持平；已办结8件。",
        ),
        (
            Number(9),
            Number(12),
            "统计期间共收到诉求9件，比上一期（12件）减少3件；已办结8件。",
        ),
        // What is hidden is not said, nor what follows from it.
        (Number(9), Hidden, "统计期间共收到诉求9件；已办结8件。"),
    ] {
        let rows: [(&str, &[Cell], _); 2] = [
            ("本期", &[now, Number(8)], None),
            ("上一期", &[earlier, Number(1)], None),
        ];
        let found = said(figures("overview", &["term", "appeals", "closed"], &rows));
        assert_eq!(found, [expected]);
    }
    let rows: [(&str, &[Cell], _); 1] = [("本期", &[Hidden, Hidden], None)];
    let found = said(figures("overview", &["term", "appeals", "closed"], &rows));
    assert_eq!(found, [""; 0]);
}

#[test]
fn art_14_the_callbacks_of_a_sample_say_between_what_the_share_lies() {
    let share = Share {
        numerator: 45,
        denominator: 50,
        percent: 90.0,
        interval: Some((78.6, 95.7)),
    };
    let cells = [Cell::Number(60), Cell::Number(45)];
    let rows: [(&str, &[Cell], _); 1] = [("sampled", &cells, Some(share))];
    let columns = ["drawn", "callbacks", "satisfied"];
    let found = said(figures("callbacks", &columns, &rows));
    let expected = "随机抽取回访60件，满意率90.0%（45/50，置信度95%的区间为78.6%—95.7%）。";
    assert_eq!(found, [expected]);
}

#[test]
fn r_an_2_a_cell_is_read_as_it_was_written() {
    let cells = vec![
        Cell::Text("ta-ylbzj".to_owned()),
        Cell::Number(7),
        Cell::Hidden,
        Cell::None,
    ];
    let written = serde_json::to_string(&cells).unwrap();
    assert_eq!(written, r#"["ta-ylbzj",7,{"hidden":true},null]"#);
    assert_eq!(serde_json::from_str::<Vec<Cell>>(&written).unwrap(), cells);
}

/// Files in memory, each written once.
#[derive(Default)]
struct Files(Mutex<BTreeMap<String, Vec<u8>>>);

#[async_trait]
impl PeriodicFiles for Files {
    async fn names(&self, prefix: &str) -> Result<Vec<String>, AppError> {
        let files = self.0.lock().unwrap();
        let names = files.keys().filter(|name| name.starts_with(prefix));
        Ok(names.cloned().collect())
    }

    async fn find(&self, name: &str) -> Result<Option<Vec<u8>>, AppError> {
        Ok(self.0.lock().unwrap().get(name).cloned())
    }

    async fn keep(&self, name: &str, _: &str, body: Vec<u8>) -> Result<(), AppError> {
        self.0
            .lock()
            .unwrap()
            .entry(name.to_owned())
            .or_insert(body);
        Ok(())
    }
}

#[tokio::test]
async fn art_6_5_what_is_over_is_due_until_a_report_of_all_of_it_is_kept() {
    let files = Files::default();
    let wanted = async |today: &str| {
        let due = due(&files, day(today)).await.unwrap().into_iter();
        due.map(|period| period.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(wanted("2026-10-01").await, ["2026-Q3", "2025"]);
    // One that was asked for before the quarter was over is none of it.
    for early in ["2026-Q3.20260930", "2026-Q2.20260701"] {
        let name = data_name(&id(early));
        files.keep(&name, "application/json", vec![]).await.unwrap();
    }
    assert_eq!(wanted("2026-10-01").await, ["2026-Q3", "2025"]);
    for whole in ["2026-Q3.20261001", "2025.20260101"] {
        let name = data_name(&id(whole));
        files.keep(&name, "application/json", vec![]).await.unwrap();
    }
    assert_eq!(wanted("2026-10-01").await, [""; 0]);
    assert_eq!(wanted("2027-01-01").await, ["2026-Q4", "2026"]);

    let paper = paper_name(&id("2026-Q2.20260701"));
    files.keep(&paper, "application/pdf", vec![]).await.unwrap();
    let kept = kept(&files).await.unwrap().into_iter();
    let kept: Vec<_> = kept
        .map(|kept| (kept.id.to_string(), kept.has_paper))
        .collect();
    let expected = [
        ("2026-Q3.20261001", false),
        ("2026-Q3.20260930", false),
        ("2026-Q2.20260701", true),
        ("2025.20260101", false),
    ];
    assert_eq!(kept, expected.map(|(id, paper)| (id.to_owned(), paper)));
}

#[test]
fn r_an_2_an_order_is_read_as_it_was_written_and_nothing_else_is_one() {
    let period = Period::quarter(2026, 3).unwrap();
    assert_eq!(ordered(&order(&period).unwrap()).unwrap(), period);
    let report = id("2026-Q3.20261001");
    let paper = paper_order(&report).unwrap();
    assert_eq!(ordered_paper(&paper), Some(report));
    for other in ["", "{}", r#"{"period":"2026-Q5"}"#, &paper] {
        assert!(
            matches!(ordered(other), Err(AppError::Malformed(_))),
            "{other}"
        );
    }
    for other in ["", r#"{"letter":"S-1"}"#, r#"{"paper":"../x"}"#] {
        assert_eq!(ordered_paper(other), None, "{other}");
    }
}
