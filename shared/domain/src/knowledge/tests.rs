//! R-KB-1, R-KB-3, Art. 17(4): an entry is drafted by one and shown by another; a notice starts 48
//! natural hours, which end once.

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::registry::Unit;
use crate::rulebook::Rulebook;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

/// At so many hours after 2026-03-02T01:00:00Z.
fn step(by: &str, hours: i64) -> Step {
    Step {
        by: OfficerId::parse(by).unwrap(),
        unit: unit("ta-ylbzj"),
        at: at("2026-03-02T01:00:00Z") + TimeDelta::hours(hours),
    }
}

fn content() -> Content {
    Content {
        kind: EntryKind::QuestionAnswer,
        title: "缴费后多久能查到参保记录？".to_owned(),
        body: "缴费成功后一个工作日内可查。仍查不到的，请拨打窗口电话。".to_owned(),
        link: None,
        source: None,
        area: None,
        service_item: None,
        valid_from: at("2026-03-01T00:00:00Z").date_naive(),
        valid_to: NaiveDate::from_ymd_opt(2026, 6, 30),
    }
}

fn begun() -> KnowledgeEntry {
    let drafted = step("editor", 0);
    let id = KnowledgeId::new(drafted.at, b"who and what");
    let units = (unit("ta-ylbzj"), vec![unit("ta-bigdata")]);
    KnowledgeEntry::begin(id, units, None, (content(), DraftStage::InReview, drafted))
}

fn shown() -> KnowledgeEntry {
    let mut entry = begun();
    entry.publish(1, step("reviewer", 1)).unwrap();
    entry
}

fn redraft(entry: &mut KnowledgeEntry, hours: i64) -> u32 {
    let draft = (content(), DraftStage::InReview, step("editor", hours));
    entry.revise(vec![unit("ta-bigdata")], draft);
    entry.revisions
}

fn warned() -> Warned {
    Warned {
        cause: NoticeCause::PolicyChanged,
        words: "省医保局三月起改为实时记账".to_owned(),
    }
}

fn raise(entry: &mut KnowledgeEntry, hours: i64) -> Result<u32, NotSo> {
    let raised = entry.raise(warned(), step("desk", hours), &Rulebook::first());
    raised.map(|notice| notice.number)
}

/// Shown, with one notice.
pub(crate) fn noticed() -> KnowledgeEntry {
    let mut entry = shown();
    raise(&mut entry, 2).unwrap();
    entry
}

#[test]
fn r_kb_1_who_drafts_does_not_publish_and_nothing_unread_is_published() {
    let mut entry = begun();
    assert_eq!(entry.standing(), Standing::InReview);
    assert_eq!(entry.shown(), None);
    assert_eq!(
        entry.publish(1, step("editor", 1)),
        Err(NotSo::DraftedBySame)
    );
    // Written again since the reviewer read it.
    assert_eq!(redraft(&mut entry, 1), 2);
    let reviewer = || step("reviewer", 2);
    assert_eq!(entry.publish(1, reviewer()), Err(NotSo::DraftChanged));
    let why = "请注明依据文件".to_owned();
    entry.send_back(2, reviewer(), why).unwrap();
    assert_eq!(entry.standing(), Standing::SentBack);
    assert_eq!(entry.publish(2, reviewer()), Err(NotSo::NothingToReview));
    let revision = redraft(&mut entry, 3);
    let version = entry.publish(revision, step("reviewer", 4)).unwrap();
    assert_eq!((version.number, version.drafted.by.as_str()), (1, "editor"));
    assert_eq!(entry.standing(), Standing::Published);
    assert_eq!(
        entry.publish(revision, step("reviewer", 5)),
        Err(NotSo::NothingToReview)
    );
    // What is being written is not shown.
    redraft(&mut entry, 6);
    assert_eq!(entry.shown().unwrap().number, 1);
}

#[test]
fn r_kb_1_what_is_withdrawn_is_not_shown_until_another_version_is() {
    let mut entry = shown();
    entry
        .withdraw(step("editor", 2), "事项取消".to_owned())
        .unwrap();
    assert_eq!(
        (entry.shown(), entry.standing()),
        (None, Standing::Withdrawn)
    );
    let again = entry.withdraw(step("editor", 3), String::new());
    assert_eq!(again, Err(NotSo::NotShown));
    assert_eq!(raise(&mut entry, 3), Err(NotSo::NotShown));
    let revision = redraft(&mut entry, 4);
    let version = entry.publish(revision, step("reviewer", 5)).unwrap();
    assert_eq!(version.number, 2);
}

#[test]
fn r_kb_3_a_notice_starts_48_natural_hours_and_a_later_version_ends_it() {
    let mut entry = shown();
    // A Friday evening: nights and days off count.
    assert_eq!(raise(&mut entry, 100), Ok(1));
    let due = step("desk", 148).at;
    assert_eq!((entry.next_due(), entry.due_at()), (Some(due), Some(due)));
    assert_eq!(entry.stale_on(due.date_naive()), Some(Stale::Noticed));
    // A draft of before the notice cannot have heeded it.
    let mut before = shown();
    let early = redraft(&mut before, 99);
    raise(&mut before, 100).unwrap();
    before.publish(early, step("reviewer", 101)).unwrap();
    assert!(before.notices[0].is_open());

    let revision = redraft(&mut entry, 101);
    entry.publish(revision, step("reviewer", 147)).unwrap();
    let (end, by) = entry.notices[0].ended.clone().unwrap();
    assert_eq!(end, NoticeEnd::Updated { version: 2 });
    assert_eq!(by.by.as_str(), "reviewer");
    assert_eq!(
        (entry.next_due(), entry.notices[0].overdue_at),
        (None, None)
    );
    assert_eq!(entry.stale_on(due.date_naive()), None);
}

#[test]
fn art_17_4_what_is_overdue_is_marked_once_and_stays_marked() {
    let mut entry = shown();
    raise(&mut entry, 10).unwrap();
    assert_eq!(
        entry.mark_overdue(step("desk", 58).at - TimeDelta::seconds(1)),
        0
    );
    let read = entry.writes;
    let due = at("2026-03-04T11:00:00Z");
    assert_eq!(entry.mark_overdue(due), 1);
    assert_eq!(entry.writes, read + 1);
    assert_eq!(entry.mark_overdue(due + TimeDelta::hours(1)), 0);
    assert_eq!(entry.writes, read + 1);
    assert_eq!(entry.next_due(), None);
    let revision = redraft(&mut entry, 70);
    entry.publish(revision, step("reviewer", 71)).unwrap();
    assert_eq!(entry.notices[0].overdue_at, Some(due));

    // Late, and nobody looked: the end itself shows it.
    raise(&mut entry, 80).unwrap();
    let overdue = step("reviewer", 128);
    let why = "文件未变".to_owned();
    entry.dismiss(2, overdue.clone(), why.clone()).unwrap();
    assert_eq!(entry.notices[1].overdue_at, Some(overdue.at));
    assert_eq!(
        entry.dismiss(2, overdue.clone(), why.clone()),
        Err(NotSo::NoticeEnded)
    );
    assert_eq!(entry.dismiss(3, overdue, why), Err(NotSo::NoSuchNotice));
}

#[test]
fn r_kb_3_what_is_past_its_last_day_is_stale() {
    let entry = shown();
    let last = NaiveDate::from_ymd_opt(2026, 6, 30).unwrap();
    assert_eq!(entry.stale_on(last), None);
    assert_eq!(
        entry.stale_on(last.succ_opt().unwrap()),
        Some(Stale::Expired)
    );
    let content = content();
    assert!(content.holds_on(last) && !content.holds_on(last.succ_opt().unwrap()));
    assert!(!content.holds_on(content.valid_from.pred_opt().unwrap()));
}

#[test]
fn r_kb_3_an_entry_takes_so_many_open_notices() {
    let mut entry = shown();
    for number in 1..=10 {
        assert_eq!(raise(&mut entry, 2), Ok(number));
    }
    assert_eq!(raise(&mut entry, 2), Err(NotSo::TooManyNotices));
}

#[test]
fn art_7_3_a_county_reviews_its_own_and_the_city_the_others() {
    use UnitKind::{CityManaging, CountyManaging, Resolving};
    let record = |id: &str, kind, parent: Option<&str>, area: &str| Unit {
        id: unit(id),
        name: id.to_owned(),
        kind,
        parent: parent.map(unit),
        area: area.to_owned(),
        leaders: 1,
        liaisons: 1,
    };
    let registry = Registry {
        units: vec![
            record("city-a", CityManaging, None, "370900"),
            record("city-b", CityManaging, None, "370900"),
            record("ta-rsj", Resolving, None, "370900"),
            record("one", CountyManaging, Some("city-a"), "370902"),
            record("one-b", CountyManaging, Some("city-b"), "370902"),
            record("two", CountyManaging, Some("city-a"), "370911"),
            record("one-rsj", Resolving, Some("one"), "370902"),
        ],
        ..Registry::default()
    };
    for (which, reviewers) in [
        ("ta-rsj", &["city-a", "city-b"][..]),
        ("city-b", &["city-a", "city-b"]),
        ("one-rsj", &["one", "one-b"]),
        ("one-b", &["one", "one-b"]),
        ("two", &["two"]),
        ("unknown", &[]),
    ] {
        let reviewed_by = reviewed_by(&registry, &unit(which));
        let reviewed_by: Vec<_> = reviewed_by.iter().map(UnitId::as_str).collect();
        assert_eq!(reviewed_by, reviewers, "{which}");
    }
}

#[test]
fn r_kb_1_a_difference_names_the_sentences_that_changed() {
    let pieces = difference(
        "先登录。再缴费。到窗口取证！",
        "先登录。再在线缴费。到窗口取证！可邮寄。",
    );
    assert_eq!(
        pieces,
        [
            Piece::Kept("先登录。"),
            Piece::Removed("再缴费。"),
            Piece::Added("再在线缴费。"),
            Piece::Kept("到窗口取证！"),
            Piece::Added("可邮寄。"),
        ]
    );
}

#[test]
fn r_kb_2_an_index_is_made_anew_until_it_is_younger_than_every_change() {
    let at = |seconds: i64| DateTime::<Utc>::from_timestamp(1_772_416_800 + seconds, 0).unwrap();
    for (changed, built, now, wanted) in [
        (None, None, 0, true),
        (Some(5), None, 10, true),
        (None, Some(0), 10, false),
        (Some(5), Some(0), 10, true),
        // Begun after the change was said, and perhaps before it was written.
        (Some(5), Some(10), 70, true),
        (Some(5), Some(65), 70, false),
        (Some(5), Some(65), 65 + 86_400, true),
    ] {
        let wants = wants_index(changed.map(at), built.map(at), at(now));
        assert_eq!(wants, wanted, "{changed:?} {built:?} {now}");
    }
}

/// What somebody does to an entry, and hours later.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Raise,
    Redraft,
    Publish,
    Dismiss(u32),
    Audit,
}

fn deeds() -> impl Strategy<Value = Vec<(Deed, i64)>> {
    let deed = prop_oneof![
        Just(Deed::Raise),
        Just(Deed::Redraft),
        Just(Deed::Publish),
        (1..4_u32).prop_map(Deed::Dismiss),
        Just(Deed::Audit),
    ];
    prop::collection::vec((deed, 0..40_i64), 0..40)
}

proptest! {
    #[test]
    fn r_kb_1_a_difference_makes_both_texts(older in "[甲乙。！\n]{0,30}", newer in "[甲乙。！\n]{0,30}") {
        let pieces = difference(&older, &newer);
        let text = |skip: fn(&Piece<'_>) -> bool| -> String {
            let kept = pieces.iter().filter(|piece| !skip(piece));
            kept.map(|piece| match piece { Piece::Kept(it) | Piece::Removed(it) | Piece::Added(it) => *it }).collect()
        };
        prop_assert_eq!(text(|piece| matches!(piece, Piece::Added(_))), older.clone());
        prop_assert_eq!(text(|piece| matches!(piece, Piece::Removed(_))), newer.clone());
        if older == newer {
            prop_assert!(pieces.iter().all(|piece| matches!(piece, Piece::Kept(_))));
        }
    }

    #[test]
    fn r_kb_3_a_notice_is_overdue_exactly_if_it_was_open_too_long(deeds in deeds()) {
        let mut entry = shown();
        let mut now = 2;
        let mut marks = std::collections::BTreeMap::new();
        for (deed, hours) in deeds {
            now += hours;
            let before = entry.writes;
            let is_done = match deed {
                Deed::Raise => raise(&mut entry, now).is_ok(),
                Deed::Redraft => redraft(&mut entry, now) > 0,
                Deed::Publish => {
                    let revision = entry.revisions;
                    entry.publish(revision, step("reviewer", now)).is_ok()
                }
                Deed::Dismiss(number) => entry.dismiss(number, step("reviewer", now), "无误".to_owned()).is_ok(),
                Deed::Audit => entry.mark_overdue(step("desk", now).at) > 0,
            };
            // Every change is one write, and what changes nothing is none.
            prop_assert_eq!(entry.writes, before + usize::from(is_done));
            for notice in &entry.notices {
                if let Some(marked) = notice.overdue_at {
                    // A mark never moves and never goes.
                    prop_assert_eq!(*marks.entry(notice.number).or_insert(marked), marked);
                    prop_assert!(marked >= notice.due_at);
                }
                let over = notice.ended.as_ref().map(|(_, step)| step.at);
                prop_assert!(over.is_none_or(|over| (over >= notice.due_at) == notice.overdue_at.is_some()));
            }
            prop_assert!(marks.keys().all(|number| entry.notices[*number as usize - 1].overdue_at.is_some()));
        }
        entry.mark_overdue(step("desk", now + 48).at);
        prop_assert!(entry.notices.iter().all(|it| !it.is_open() || it.overdue_at.is_some()));
        prop_assert_eq!(entry.next_due(), None);
    }
}
