//! R-DP-3: an export is asked for, decided on, downloaded and over; a row of it says where it is from.

use chrono::{DateTime, NaiveDate, Utc};
use proptest::prelude::*;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn step(by: &str, when: &str) -> Step {
    Step {
        by: OfficerId::parse(by).unwrap(),
        unit: UnitId::parse("ta-ylbzj").unwrap(),
        at: at(when),
    }
}

fn asked() -> Export {
    Export {
        id: ExportId::new(at("2026-03-02T01:00:00Z"), b"who and what"),
        extent: Extent {
            taken: Taken::List {
                unit: UnitId::parse("ta-ylbzj").unwrap(),
                columns: vec![Column::Number, Column::State],
            },
            purpose: "周例会通报".to_owned(),
            until: NaiveDate::from_ymd_opt(2026, 3, 4).unwrap(),
        },
        asked: step("leader", "2026-03-02T01:00:00Z"),
        decision: None,
        downloads: Vec::new(),
    }
}

fn decided(refused: Option<&str>) -> Decision {
    Decision {
        step: step("boss", "2026-03-02T02:00:00Z"),
        refused: refused.map(str::to_owned),
    }
}

fn download(when: &str) -> Download {
    Download {
        step: step("leader", when),
        rows: 1,
        is_cut: false,
        sha256: String::new(),
    }
}

#[test]
fn r_dp_3_it_is_downloaded_only_when_granted_a_few_times_and_until_its_last_day_is_over() {
    let book = Rulebook::first();
    let mut export = asked();
    let early = export.next_mark(at("2026-03-02T01:30:00Z"), &book);
    assert_eq!(early, Err(NotAsItStands(Standing::Undecided)));
    export.decide(decided(None), &book).unwrap();
    assert_eq!(
        export.decide(decided(Some("晚了")), &book),
        Err(NotAsItStands(Standing::Granted)),
        "a decision is made once"
    );
    // The last second of the fourth in Beijing, and the next.
    let last = at("2026-03-04T15:59:59Z");
    assert_eq!(export.next_mark(last, &book).unwrap().download, 1);
    let over = export.next_mark(at("2026-03-04T16:00:00Z"), &book);
    assert_eq!(over, Err(NotAsItStands(Standing::Expired)));
    for times in 1..=book.export_downloads {
        let mark = export.next_mark(last, &book).unwrap();
        assert_eq!(usize::from(mark.download), times);
        export.downloads.push(download("2026-03-03T01:00:00Z"));
    }
    let more = export.next_mark(last, &book);
    assert_eq!(more, Err(NotAsItStands(Standing::UsedUp)));
    assert_eq!(export.version(), 2 + book.export_downloads);
}

#[test]
fn r_dp_3_what_was_refused_or_left_lying_is_not_downloaded() {
    let book = Rulebook::first();
    let mut refused = asked();
    refused.decide(decided(Some("范围过大")), &book).unwrap();
    let standing = refused.standing(at("2026-03-09T01:00:00Z"), &book);
    assert_eq!(standing, Standing::Refused);
    let mut idle = asked();
    let after = Decision {
        step: step("boss", "2026-03-05T01:00:00Z"),
        refused: None,
    };
    let said = idle.decide(after, &book);
    assert_eq!(said, Err(NotAsItStands(Standing::Expired)));
}

#[test]
fn r_dp_3_nobody_can_ask_for_a_column_of_personal_data() {
    for column in Column::ALL {
        assert!(column.class() < DataClass::Personal, "{}", column.code());
    }
    assert!(asked().extent.is_masked());
    assert!(Column::from_code("appellant").is_none());
}

#[test]
fn r_dp_3_the_visible_mark_says_who_when_what_for_and_until_when() {
    let export = asked();
    let now = at("2026-03-03T01:05:00Z");
    let mut granted = export.clone();
    granted.decide(decided(None), &Rulebook::first()).unwrap();
    let mark = granted.next_mark(now, &Rulebook::first()).unwrap();
    let said = export.visible_mark(&mark, &export.asked.by, now);
    let id = export.id.as_str();
    assert_eq!(
        said,
        format!(
            "导出{id} 第1次下载 leader 2026-03-03 09:05 有效期至2026-03-04 仅限用于：周例会通报 严禁外传"
        )
    );
}

proptest! {
    /// A row is enough, whatever stands around it; and what is no mark is not taken for one.
    #[test]
    fn r_dp_3_a_hidden_mark_is_found_again(
        digest in any::<[u8; 5]>(),
        download in 1_u8..,
        days in 0_i64..15_000,
        before in "[\u{200b}\u{200c}\u{200d}\u{2060}待处理a,\n]{0,60}",
        after in "[待处理a,\n]{0,20}",
    ) {
        let day = at("2026-01-01T04:00:00Z") + chrono::TimeDelta::days(days);
        let mark = HiddenMark { export: ExportId::new(day, &digest), download };
        let hidden = mark.to_hidden();
        prop_assert_eq!(hidden.chars().count(), 40);
        let text = format!("{before}|{hidden}{after}");
        prop_assert!(hidden_marks(&text).contains(&mark));
        // One character less is no mark.
        let cut: String = hidden.chars().skip(1).collect();
        let found = hidden_marks(&format!("x{cut}x"));
        prop_assert!(found.is_empty());
    }

    #[test]
    fn r_dp_3_an_id_is_read_as_written(digest in any::<[u8; 5]>(), text in "\\PC{0,20}") {
        let id = ExportId::new(at("2026-03-02T01:00:00Z"), &digest);
        prop_assert_eq!(ExportId::parse(id.as_str()), Some(id));
        if let Some(read) = ExportId::parse(&text) {
            prop_assert_eq!(read.as_str(), text);
        }
    }
}
