//! R-AN-3, R-AN-4, R-SV-3 (Art. 8(5), 15, 17(3)): what is alike is proposed, three complaints make one
//! case, measures are verified by another, and before and after are held against each other.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::appeal::Kind;
use crate::ids::OfficerId;
use crate::supervision::{Cause, Trigger};
use crate::ticket::TicketKey;
use crate::ticket::tests::{instant, timetable};

const START: &str = "2026-03-02T01:00:00Z";

fn at(hours: i64) -> DateTime<Utc> {
    instant(START) + TimeDelta::hours(hours)
}

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn step(by: &str, hours: i64) -> Step {
    Step {
        by: OfficerId::parse(by).unwrap(),
        unit: unit("ta-bigdata"),
        at: at(hours),
    }
}

fn number(which: u16) -> TicketNumber {
    let [high, low] = which.to_be_bytes();
    TicketNumber::new(&TicketKey::from_digest(&[high, low, 3, 4, 5]), at(0))
}

fn member(which: u16, kind: Kind, hours: i64) -> Member {
    Member {
        number: number(which),
        kind,
        received_at: at(hours),
        joined: step("desk", hours + 1),
        released: None,
    }
}

fn complained(which: u16, hours: i64) -> Member {
    member(which, Kind::Complaint, hours)
}

fn group() -> ProblemGroup {
    let units = (unit("ta-ylbzj"), unit("ta-bigdata"));
    let id = ProblemGroupId::new(at(0), b"who and what");
    let place = (Some("370902".to_owned()), None);
    ProblemGroup::open(
        id,
        "缴费后查不到记录".to_owned(),
        units,
        place,
        step("desk", 0),
    )
}

fn plan(until: &str) -> Plan {
    Plan {
        root_cause: "两个系统之间每日只同步一次".to_owned(),
        measures: "改为实时同步".to_owned(),
        until: until.parse().unwrap(),
    }
}

fn book() -> Rulebook {
    Rulebook::first()
}

/// A group with its members, as the store keeps them.
struct Kept {
    group: ProblemGroup,
    members: Vec<Member>,
}

impl Kept {
    fn new() -> Self {
        let (group, members) = (group(), Vec::new());
        Self { group, members }
    }

    fn join(&mut self, new: Vec<Member>, hours: i64) {
        let changed = self.group.join(&self.members, new, &step("desk", hours));
        self.keep(changed);
    }

    fn keep(&mut self, changed: Vec<Member>) {
        for member in changed {
            self.members.retain(|it| it.number != member.number);
            self.members.push(member);
        }
    }

    /// Analysed, done and verified, at three hours one after the other.
    fn settle(&mut self, is_effective: bool, hours: i64) {
        let planned = self
            .group
            .analyse(plan("2026-03-20"), step("unit", hours), &book());
        planned.unwrap();
        let done = "已改为实时同步".to_owned();
        self.group.complete(done, step("unit", hours + 1)).unwrap();
        let words = "抽查十件，均可查到".to_owned();
        let verified = self
            .group
            .verify(is_effective, words, step("desk", hours + 2));
        verified.unwrap();
    }
}

#[test]
fn r_sv_3_three_valid_complaints_are_a_cause_once() {
    let mut kept = Kept::new();
    kept.join(vec![complained(1, 0), complained(2, 1)], 2);
    // A question is none, nor what came at the very time of another, nor the same once more.
    kept.join(vec![member(3, Kind::Consultation, 3)], 4);
    kept.join(vec![complained(4, 1), complained(2, 1)], 5);
    assert!(kept.group.causes(0).is_empty());
    assert_eq!((kept.group.size, kept.members.len()), (4, 4));
    kept.join(vec![complained(5, 6)], 7);
    let causes = kept.group.causes(0);
    let [cause] = causes.as_slice() else {
        panic!("{causes:?}")
    };
    assert_eq!(cause.trigger, Trigger::Repeated);
    assert_eq!(
        (cause.unit.as_str(), cause.supervisor.as_str()),
        ("ta-ylbzj", "ta-bigdata")
    );
    assert_eq!(cause.at, at(7));
    for which in [1, 2, 5] {
        assert!(
            cause.evidence[0].contains(number(which).as_str()),
            "{cause:?}"
        );
    }
    let same = cause.id();
    // More of them are the same cause, seen again or not.
    kept.join(
        vec![complained(6, 8), complained(7, 9), complained(8, 10)],
        11,
    );
    assert_eq!(kept.group.causes(0).first().map(Cause::id), Some(same));
    assert_eq!(kept.group.causes(0).len(), 1);
    assert!(kept.group.causes(kept.group.entries.len()).is_empty());
}

#[test]
fn r_sv_3_what_was_verified_since_settles_and_what_comes_after_counts_anew() {
    let mut kept = Kept::new();
    kept.join(vec![complained(1, 0), complained(2, 1)], 2);
    kept.settle(true, 3);
    assert_eq!(kept.group.stage(), (Stage::Effective, at(5)));
    // One from before, found later, and two from after: not three of one time.
    kept.join(
        vec![complained(3, 4), complained(4, 6), complained(5, 7)],
        8,
    );
    assert!(kept.group.causes(0).is_empty());
    kept.join(vec![complained(6, 9)], 10);
    assert_eq!(kept.group.causes(0).len(), 1);
    // What was thought to have worked did not: the unit looks for the root again.
    assert_eq!(kept.group.stage(), (Stage::Analysing, at(10)));
    kept.settle(true, 11);
    kept.join(
        vec![complained(7, 20), complained(8, 21), complained(9, 22)],
        23,
    );
    let ids: BTreeSet<_> = kept.group.causes(0).iter().map(Cause::id).collect();
    assert_eq!(ids.len(), 2, "a case each");
}

#[test]
fn r_sv_3_measures_that_did_not_work_settle_nothing() {
    let mut kept = Kept::new();
    kept.join(vec![complained(1, 0), complained(2, 1)], 2);
    kept.settle(false, 3);
    assert_eq!(kept.group.stage().0, Stage::Analysing);
    kept.join(vec![complained(3, 6)], 7);
    assert_eq!(kept.group.causes(0).len(), 1);
}

#[test]
fn r_sv_3_a_managing_unit_does_not_supervise_itself() {
    let mut kept = Kept::new();
    kept.group.managed_by = kept.group.unit.clone();
    kept.join((0..5).map(|it| complained(it, i64::from(it))).collect(), 9);
    assert_eq!(kept.group.entries.len(), 1);
    assert!(kept.group.causes(0).is_empty());
}

#[test]
fn r_an_3_a_member_found_to_be_about_something_else_counts_no_longer() {
    let mut kept = Kept::new();
    kept.join(vec![complained(1, 0), complained(2, 1)], 2);
    let gone = kept.group.release(
        &kept.members,
        &number(2),
        step("desk", 3),
        "另一事项".to_owned(),
    );
    kept.keep(vec![gone.unwrap()]);
    assert_eq!(kept.group.size, 1);
    let again = kept
        .group
        .release(&kept.members, &number(2), step("desk", 3), String::new());
    assert_eq!(again, Err(NotSo::NotIn));
    kept.join(vec![complained(3, 4)], 5);
    assert!(kept.group.causes(0).is_empty());
    // Taken in again it counts.
    kept.join(vec![complained(2, 1)], 6);
    assert_eq!((kept.group.size, kept.group.causes(0).len()), (3, 1));
}

#[test]
fn r_an_3_root_cause_measures_limit_and_effect_follow_each_other() {
    let timetable = timetable();
    let due = |group: &ProblemGroup| group.due_before(&timetable.calendar, &book());
    let mut group = group();
    assert_eq!(due(&group), Some(instant("2026-03-16T16:00:00Z")));
    let words = || "已完成".to_owned();
    let refused = group.complete(words(), step("unit", 1));
    assert_eq!(refused, Err(NotSo::NothingToComplete));
    for day in ["2026-03-01", "2026-08-30"] {
        let refused = group.analyse(plan(day), step("unit", 1), &book());
        assert_eq!(refused, Err(NotSo::DayOutOfRange), "{day}");
    }
    group
        .analyse(plan("2026-08-29"), step("unit", 1), &book())
        .unwrap();
    assert_eq!(due(&group), Some(instant("2026-08-29T16:00:00Z")));
    let twice = group.analyse(plan("2026-03-20"), step("unit", 2), &book());
    assert_eq!(twice, Err(NotSo::NothingToPlan));
    let early = group.verify(true, words(), step("desk", 2));
    assert_eq!(early, Err(NotSo::NothingToVerify));
    group.complete(words(), step("unit", 3)).unwrap();
    // Three working days from the day on which it was done.
    assert_eq!(due(&group), Some(instant("2026-03-05T16:00:00Z")));
    let same = group.verify(true, words(), step("unit", 4));
    assert_eq!(same, Err(NotSo::CompletedBySame));
    group.verify(true, words(), step("desk", 4)).unwrap();
    assert_eq!((group.stage().0, due(&group)), (Stage::Effective, None));
    let twice = group.verify(true, words(), step("desk", 5));
    assert_eq!(twice, Err(NotSo::NothingToVerify));
    // Later it turns out not to have worked.
    group.verify(false, words(), step("desk", 6)).unwrap();
    assert_eq!(group.stage(), (Stage::Analysing, at(6)));
    assert_eq!(group.writes, 4);
}

#[test]
fn r_an_4_before_and_after_are_counted_over_the_same_days() {
    let day = 24;
    let mut kept = Kept::new();
    let before = [-91 * day, -89 * day, -day, 0];
    let members = (0..)
        .zip(before)
        .map(|(which, hours)| complained(which, hours));
    kept.join(members.collect(), 1);
    assert_eq!(kept.group.before_and_after(&kept.members, at(2)), None);
    kept.settle(true, 3);
    kept.join(
        vec![complained(9, 10 * day), complained(10, 95 * day)],
        96 * day,
    );
    let compared = |hours| {
        kept.group
            .before_and_after(&kept.members, at(hours))
            .unwrap()
    };
    let after_days = |after, after_days| Comparison {
        before: 3,
        after,
        after_days,
    };
    assert_eq!(compared(4 + 20 * day), after_days(1, 20));
    assert_eq!(compared(4 + 200 * day), after_days(1, COMPARED_DAYS));
}

fn title(which: u16, words: &str) -> Title {
    Title {
        number: number(which),
        received_at: at(i64::from(which)),
        area: Some("370902".to_owned()),
        service_item: None,
        words: words.to_owned(),
    }
}

#[test]
fn r_an_3_what_is_alike_is_proposed_and_what_is_not_is_not() {
    let titles = [
        title(1, "医保缴费后查询不到记录"),
        title(2, "医保缴费后，查询不到缴费记录"),
        title(3, "缴费后医保记录查询不到"),
        title(4, "公积金提取进度如何查询"),
        title(5, "窗口排队时间过长"),
        title(6, "窗口排队时间太长"),
        title(7, "小区噪音扰民"),
        title(8, "？"),
        title(9, "！"),
        title(10, "……"),
    ];
    let none = BTreeMap::new();
    let found = candidates(&titles, &none);
    let [candidate] = found.as_slice() else {
        panic!("{found:#?}")
    };
    assert_eq!(candidate.words, "医保缴费后查询不到记录");
    assert_eq!((candidate.size, &candidate.group), (3, &None));
    let numbers: Vec<_> = candidate.tickets.iter().map(|(it, _)| it.clone()).collect();
    assert_eq!(numbers, [number(3), number(2), number(1)]);
    assert_eq!(candidate.tickets[2].1, 100);
    // The same words about another place are another problem.
    let mut elsewhere = titles.clone();
    elsewhere[2].area = Some("370911".to_owned());
    assert!(candidates(&elsewhere, &none).is_empty());
    // One that is like a group's is worth a look.
    let id = ProblemGroupId::new(at(0), b"group");
    let grouped = BTreeMap::from([(number(5), id.clone())]);
    let found = candidates(&titles, &grouped);
    let of_group = found
        .iter()
        .find(|it| it.group == Some(id.clone()))
        .unwrap();
    assert_eq!(of_group.tickets.len(), 1);
    assert_eq!(of_group.tickets[0].0, number(6));
}

#[derive(Debug, Clone)]
enum Move {
    Join(Vec<(u16, bool, i64)>),
    Release(u16),
    Settle(bool),
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let member = (0..12_u16, any::<bool>(), 0..4_i64);
    let one = prop_oneof![
        4 => prop::collection::vec(member, 1..4).prop_map(Move::Join),
        1 => (0..12_u16).prop_map(Move::Release),
        1 => any::<bool>().prop_map(Move::Settle),
    ];
    prop::collection::vec(one, 0..24)
}

proptest! {
    /// R-SV-3: between two verified effects there is at most one cause, and there is one as soon as three
    /// complaints of different times stand together.
    #[test]
    fn r_sv_3_a_cause_stands_as_soon_as_three_complain_and_once(moves in moves()) {
        let mut kept = Kept::new();
        let (mut now, mut told) = (0, 0);
        let mut waits = true;
        for step_of in moves {
            now += 10;
            match step_of {
                Move::Join(new) => {
                    let new = new.into_iter().map(|(which, complains, ago)| {
                        let kind = if complains { Kind::Complaint } else { Kind::Help };
                        member(which, kind, now - ago)
                    });
                    kept.join(new.collect(), now);
                    let since = kept.group.settled_at();
                    let times: BTreeSet<_> = kept.members.iter()
                        .filter(|it| it.is_in() && it.kind == Kind::Complaint)
                        .filter(|it| since.is_none_or(|since| it.received_at > since))
                        .map(|it| it.received_at)
                        .collect();
                    if waits && times.len() >= 3 {
                        told += 1;
                        waits = false;
                    }
                }
                Move::Release(which) => {
                    let by = step("desk", now);
                    let gone = kept.group.release(&kept.members, &number(which), by, "另一事项".to_owned());
                    kept.keep(gone.into_iter().collect());
                }
                Move::Settle(is_effective) => {
                    if kept.group.stage().0 == Stage::Effective {
                        kept.group.verify(false, "又有投诉".to_owned(), step("desk", now)).unwrap();
                    }
                    kept.settle(is_effective, now);
                    waits |= is_effective;
                }
            }
            prop_assert_eq!(kept.group.causes(0).len(), told);
            prop_assert_eq!(kept.group.size, kept.members.iter().filter(|it| it.is_in()).count());
        }
    }
}
