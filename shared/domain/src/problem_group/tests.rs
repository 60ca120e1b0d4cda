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

/// A group with its members, as the store keeps them, and which of their tickets are valid no more.
struct Kept {
    group: ProblemGroup,
    members: Vec<Member>,
    void: BTreeSet<TicketNumber>,
}

impl Kept {
    fn new() -> Self {
        Self {
            group: group(),
            members: Vec::new(),
            void: BTreeSet::new(),
        }
    }

    /// The group, and what is known of its members.
    fn known(&mut self) -> (&mut ProblemGroup, Known<'_>) {
        let known = Known {
            members: &self.members,
            void: &self.void,
        };
        (&mut self.group, known)
    }

    fn join(&mut self, new: Vec<Member>, hours: i64) {
        let (group, known) = self.known();
        let changed = group.join(known, new, &step("desk", hours));
        self.keep(changed);
    }

    fn release(&mut self, which: u16, hours: i64) -> Result<(), NotSo> {
        let (group, known) = self.known();
        let gone = group.release(
            known,
            &number(which),
            step("desk", hours),
            "另一事项".to_owned(),
        )?;
        self.keep(vec![gone]);
        Ok(())
    }

    fn verify(&mut self, is_effective: bool, by: &str, hours: i64) -> Result<(), NotSo> {
        let (group, known) = self.known();
        group.verify(known, is_effective, "抽查十件".to_owned(), &step(by, hours))
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
        self.verify(is_effective, "desk", hours + 2).unwrap();
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
    kept.release(2, 3).unwrap();
    assert_eq!(kept.group.size, 1);
    let again = kept.release(2, 3);
    assert_eq!(again, Err(NotSo::NotIn));
    kept.join(vec![complained(3, 4)], 5);
    assert!(kept.group.causes(0).is_empty());
    // Taken in again it counts.
    kept.join(vec![complained(2, 1)], 6);
    assert_eq!((kept.group.size, kept.group.causes(0).len()), (3, 1));
    // That it was taken out stays on record.
    let is_release = |entry: &Entry| matches!(entry.deed, Deed::Released { .. });
    assert!(kept.group.entries.iter().any(is_release));
}

#[test]
fn r_sv_3_what_lost_its_complaints_keeps_no_other_from_being_told() {
    let mut kept = Kept::new();
    kept.join(
        vec![complained(1, 0), complained(2, 1), complained(3, 2)],
        3,
    );
    assert_eq!(kept.group.causes(0).len(), 1);
    // One was about something else: two are left, and a third makes three anew.
    kept.release(3, 4).unwrap();
    kept.join(vec![complained(4, 5)], 6);
    assert_eq!(kept.group.causes(0).len(), 2);
}

#[test]
fn r_sv_3_what_is_valid_no_more_does_not_count() {
    let mut kept = Kept::new();
    kept.join(vec![complained(1, 0), complained(2, 1)], 2);
    kept.void.insert(number(1));
    kept.join(vec![complained(3, 3)], 4);
    assert!(kept.group.causes(0).is_empty());
    kept.join(vec![complained(4, 5)], 6);
    let complaints = kept.group.complained_since(0);
    assert_eq!(complaints, [number(2), number(3), number(4)]);
}

#[test]
fn r_sv_3_an_effect_that_was_none_settles_nothing() {
    let mut kept = Kept::new();
    kept.join(vec![complained(1, 0), complained(2, 1)], 2);
    kept.settle(true, 3);
    kept.join(vec![complained(3, 6)], 7);
    assert!(kept.group.causes(0).is_empty());
    // Found to be none after all: the three stand together with nothing effective done.
    kept.verify(false, "desk", 8).unwrap();
    assert_eq!(
        (kept.group.settled_at(), kept.group.causes(0).len()),
        (None, 1)
    );
    assert_eq!(kept.group.stage().0, Stage::Analysing);
    // Measures that worked the first time stay a bound when the second are found to be none.
    kept.settle(true, 9);
    kept.join(
        vec![complained(4, 20), complained(5, 21), complained(6, 22)],
        23,
    );
    kept.settle(true, 24);
    kept.verify(false, "desk", 30).unwrap();
    assert_eq!(kept.group.settled_at(), Some(at(11)));
    let ids: BTreeSet<_> = kept.group.causes(0).iter().map(Cause::id).collect();
    assert_eq!(ids.len(), 3, "a case each time");
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
    let none = BTreeSet::new();
    let known = Known {
        members: &[],
        void: &none,
    };
    let early = group.verify(known, true, words(), &step("desk", 2));
    assert_eq!(early, Err(NotSo::NothingToVerify));
    group.complete(words(), step("unit", 3)).unwrap();
    // Three working days from the day on which it was done.
    assert_eq!(due(&group), Some(instant("2026-03-05T16:00:00Z")));
    let same = group.verify(known, true, words(), &step("unit", 4));
    assert_eq!(same, Err(NotSo::CompletedBySame));
    group
        .verify(known, true, words(), &step("desk", 4))
        .unwrap();
    assert_eq!((group.stage().0, due(&group)), (Stage::Effective, None));
    let twice = group.verify(known, true, words(), &step("desk", 5));
    assert_eq!(twice, Err(NotSo::NothingToVerify));
    // Later it turns out not to have worked.
    group
        .verify(known, false, words(), &step("desk", 6))
        .unwrap();
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
        county: None,
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
    let numbers: Vec<_> = candidate
        .tickets
        .iter()
        .map(|it| it.number.clone())
        .collect();
    assert_eq!(numbers, [number(3), number(2), number(1)]);
    assert_eq!(candidate.tickets[2].likeness, 100);
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
    assert_eq!(of_group.tickets[0].number, number(6));
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

/// What the law asks of a group, reckoned from what was done to it.
struct Law {
    /// Effective measures that stand, by the hour of their verification.
    settled: Vec<i64>,
    /// When something was last found not to have worked.
    revoked: Option<i64>,
}

impl Law {
    /// Complaints, at different times, since something effective was done.
    fn complaints(&self, kept: &Kept) -> usize {
        let since = self.settled.last().map(|hours| at(*hours));
        let members = kept.members.iter();
        let times: BTreeSet<_> = members
            .filter(|it| it.is_in() && it.kind == Kind::Complaint)
            .map(|it| it.received_at)
            .filter(|received| since.is_none_or(|since| *received > since))
            .collect();
        times.len()
    }

    /// Causes that stand: said since, of which three complaints are in still.
    fn standing(&self, kept: &Kept) -> usize {
        let since = self.settled.last().copied().max(self.revoked).map(at);
        let is_in = |number: &&TicketNumber| {
            let mut members = kept.members.iter();
            members.any(|it| it.number == **number && it.is_in())
        };
        let entries = kept.group.entries.iter();
        let told = entries.filter(|entry| match &entry.deed {
            Deed::Repeated { complaints } => {
                let stand = complaints.iter().filter(is_in).count() >= COMPLAINED_TOGETHER;
                stand && since.is_none_or(|since| entry.step.at >= since)
            }
            _ => false,
        });
        told.count()
    }
}

proptest! {
    /// R-SV-3: a cause stands as soon as three complaints of different times do with nothing effective
    /// done since, and none is added while one stands.
    #[test]
    fn r_sv_3_a_cause_stands_as_soon_as_three_complain_and_once(moves in moves()) {
        let mut kept = Kept::new();
        let mut law = Law { settled: Vec::new(), revoked: None };
        let mut now = 0;
        for step_of in moves {
            now += 10;
            let mut joined = false;
            match step_of {
                Move::Join(new) => {
                    let new = new.into_iter().map(|(which, complains, ago)| {
                        let kind = if complains { Kind::Complaint } else { Kind::Help };
                        member(which, kind, now - ago)
                    });
                    let (writes, stood) = (kept.group.writes, law.standing(&kept));
                    let causes = kept.group.causes(0).len();
                    kept.join(new.collect(), now);
                    joined = kept.group.writes > writes;
                    let added = kept.group.causes(0).len() - causes;
                    prop_assert!(added <= usize::from(stood == 0), "{added} beside {stood}");
                }
                Move::Release(which) => drop(kept.release(which, now)),
                Move::Settle(is_effective) => {
                    if kept.group.stage().0 == Stage::Effective {
                        kept.verify(false, "desk", now).unwrap();
                        law.settled.pop();
                        law.revoked = Some(now);
                        joined = true;
                    }
                    if !joined || kept.group.stage().0 == Stage::Analysing {
                        kept.settle(is_effective, now);
                        law.settled.extend(is_effective.then_some(now + 2));
                    }
                }
            }
            if joined && law.complaints(&kept) >= COMPLAINED_TOGETHER {
                prop_assert!(law.standing(&kept) >= 1);
            }
            prop_assert_eq!(kept.group.size, kept.members.iter().filter(|it| it.is_in()).count());
        }
    }
}
