//! R-SV-9: a record is opened by one and decided, once, by another.

use super::*;

fn who(id: &str) -> OfficerId {
    OfficerId::parse(id).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn matter(officer: Option<&str>) -> Matter {
    Matter {
        unit: UnitId::parse("ta-ylbzj").unwrap(),
        officer: officer.map(who),
        conduct: Conduct::Shifting,
        ticket: None,
        facts: "两次以不属本单位职责为由拒绝签收，均与职责清单不符".to_owned(),
    }
}

fn open(officer: Option<&str>, by: &str) -> Result<AccountabilityRecord, NotSo> {
    let opened = at("2026-03-02T01:00:00Z");
    let id = AccountabilityId::new(opened, b"who and what");
    AccountabilityRecord::open(id, matter(officer), who(by), opened)
}

fn decision(by: &str) -> Decision {
    Decision {
        outcome: Outcome::Criticised,
        reason: "情况属实".to_owned(),
        by: who(by),
        at: at("2026-03-03T01:00:00Z"),
    }
}

#[test]
fn r_sv_9_another_decides_and_once() {
    let mut record = open(Some("liaison"), "opener").unwrap();
    assert_eq!(record.version(), 1);
    for (by, refused) in [
        ("opener", NotSo::OpenedBySame),
        ("liaison", NotSo::AboutOneself),
    ] {
        assert_eq!(record.decide(decision(by)), Err(refused));
    }
    assert_eq!(
        record.decision, None,
        "what is refused leaves the record as it was"
    );
    record.decide(decision("other")).unwrap();
    assert_eq!(record.version(), 2);
    let decided = record.clone();
    for by in ["third", "other", "opener"] {
        assert_eq!(record.decide(decision(by)), Err(NotSo::Decided));
    }
    assert_eq!(record, decided, "nothing is changed afterwards");
}

#[test]
fn r_sv_9_nobody_opens_a_record_about_themselves() {
    assert_eq!(open(Some("liaison"), "liaison"), Err(NotSo::AboutOneself));
    assert!(
        open(None, "liaison").is_ok(),
        "about a unit and nobody in it"
    );
}

#[test]
fn art_19_the_conduct_is_what_the_article_names() {
    let regulation = include_str!("../../data/regulation.md");
    let start = format!("**{ARTICLE}**");
    let article = regulation.lines().find(|line| line.starts_with(&start));
    let words = Conduct::ALL.iter().map(|conduct| conduct.zh());
    let words = words.collect::<Vec<_>>().join("、");
    assert!(article.unwrap().contains(&words), "{words}");
}

#[test]
fn r_sv_9_an_id_is_read_as_written_and_no_other_is_taken_for_it() {
    let id = AccountabilityId::new(at("2026-03-02T17:00:00Z"), b"12345");
    assert!(
        id.as_str().starts_with("A260303"),
        "the day in Beijing: {id}"
    );
    assert_eq!(AccountabilityId::parse(id.as_str()), Some(id.clone()));
    let export = id.as_str().replace('A', "E");
    for other in ["", "A260303", "A269903K7QM3XPA", export.as_str()] {
        assert_eq!(AccountabilityId::parse(other), None, "{other}");
    }
}
