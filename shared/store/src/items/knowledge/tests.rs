//! Entries and versions are read as they were written, and never otherwise.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ids::OfficerId;
use domain::knowledge::{Content, DraftStage, NoticeCause, Step, Warned};
use domain::rulebook::Rulebook;
use domain::ticket::TicketNumber;

use super::*;

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn step(by: &str, hours: i64) -> Step {
    let at: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
    Step {
        by: OfficerId::parse(by).unwrap(),
        unit: unit("ta-ylbzj"),
        at: at + TimeDelta::hours(hours),
    }
}

fn content() -> Content {
    Content {
        kind: EntryKind::PolicyLink,
        title: "城乡居民医保缴费标准".to_owned(),
        body: "2026年度个人缴费标准及减免人群。".to_owned(),
        link: Some("https://ylbz.example.gov.cn/2026/0107".to_owned()),
        source: Some("泰医保发〔2026〕3号".to_owned()),
        area: Some("370900".to_owned()),
        service_item: Some("ta-item-0007".to_owned()),
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap(),
        valid_to: NaiveDate::from_ymd_opt(2026, 12, 31),
    }
}

fn draft(stage: DraftStage, hours: i64) -> (Content, DraftStage, Step) {
    (content(), stage, step("editor", hours))
}

fn warned() -> Warned {
    Warned {
        cause: NoticeCause::ErrorReported,
        words: "标准已调整".to_owned(),
    }
}

/// An entry in every state on its way.
fn story() -> Vec<KnowledgeEntry> {
    let id = KnowledgeId::new(step("editor", 0).at, b"digest");
    let units = (
        unit("ta-ylbzj"),
        vec![unit("ta-bigdata"), unit("ta-approval")],
    );
    let ticket = TicketNumber::parse("TA26112428T5CY4TZ").ok();
    let mut entry = KnowledgeEntry::begin(id, units, ticket, draft(DraftStage::Drafting, 0));
    let mut all = vec![entry.clone()];
    let mut plain = content();
    (plain.link, plain.source, plain.area) = (None, None, None);
    (plain.service_item, plain.valid_to) = (None, None);
    let desks = vec![unit("ta-bigdata"), unit("ta-approval")];
    entry.revise(desks, (plain, DraftStage::InReview, step("editor", 1)));
    all.push(entry.clone());
    let reviewer = |hours| step("reviewer", hours);
    entry
        .send_back(2, reviewer(2), "缺依据".to_owned())
        .unwrap();
    all.push(entry.clone());
    let units = vec![unit("ta-bigdata")];
    entry.revise(units.clone(), draft(DraftStage::InReview, 3));
    entry.publish(3, reviewer(4)).unwrap();
    all.push(entry.clone());
    let book = Rulebook::first();
    for hours in [5, 6] {
        entry.raise(warned(), step("desk", hours), &book).unwrap();
    }
    entry.dismiss(1, reviewer(7), "未变".to_owned()).unwrap();
    all.push(entry.clone());
    entry.mark_overdue(step("desk", 54).at);
    all.push(entry.clone());
    entry.revise(units, draft(DraftStage::InReview, 55));
    entry.publish(4, reviewer(56)).unwrap();
    entry.raise(warned(), step("desk", 57), &book).unwrap();
    entry
        .withdraw(step("editor", 58), "取消".to_owned())
        .unwrap();
    all.push(entry);
    all
}

#[test]
fn r_kb_1_an_entry_is_read_as_it_was_written_and_never_otherwise() {
    for entry in story() {
        let written = item(&entry).unwrap();
        assert_eq!(read(&written).unwrap(), entry);
        // In the timer exactly while something can fall overdue.
        assert_eq!(written.contains_key("tp"), entry.next_due().is_some());
        let row = read_row(&written).unwrap();
        assert_eq!((row.standing, &row.owner), (entry.standing(), &entry.unit));
        assert_eq!(row.due_at, entry.due_at());
    }
    let last = item(&story()[6]).unwrap();
    for (is, not) in [
        ("policy_link", "rumour"),
        ("reviewer", "?"),
        ("TA26112428T5CY4TZ", "TA26112428T5CY4TA"),
        ("error_reported", "bad_mood"),
        ("ta-bigdata", "TA"),
    ] {
        let mut other = last.clone();
        let json = other["j"].as_s().unwrap();
        assert!(json.contains(is), "{is}");
        let json = json.replace(is, not);
        other.insert("j".to_owned(), text(json));
        assert!(read(&other).is_err(), "{not}");
    }
}

#[test]
fn r_kb_1_who_waits_for_the_reviewer_lies_on_the_reviewers_list() {
    let lists = story().into_iter().map(|entry| {
        let item = item(&entry).unwrap();
        item["wp"].as_s().unwrap().clone()
    });
    let lists: Vec<_> = lists.collect();
    assert_eq!(lists[1], "KR#ta-approval");
    assert!(lists.iter().filter(|list| **list == "KO#ta-ylbzj").count() == 6);
}

#[test]
fn r_kb_1_a_version_is_read_as_it_was_written() {
    let entry = &story()[6];
    let version = entry.published.as_ref().unwrap();
    let written = version_item(&entry.id, version).unwrap();
    assert_eq!(&read_version(&written).unwrap(), version);
    assert_eq!(written[keys::SK].as_s().unwrap(), "V#00002");
}
