//! A quarter of seven appeals, small enough to be counted by hand, figure by figure (Art. 6(5)).
//!
//! Six come by phone on 7 April 2026, go to the city's bureau at 9:00 and are signed at 9:30: five
//! complaints and a question, all about one item. Four are closed the same day, one the next, one on the
//! 9th, a day too late. One suggestion comes by computer on Friday the 10th, goes to the county and from
//! there to its bureau, and is closed on Monday. The quarter before had one question about the item.

use std::collections::BTreeMap;

use analysis::questions::{QUESTIONS, Question, Span};
use analysis::{Answer, Cell, Lake};
use app::reports::PeriodicReport;
use domain::answer::Outcome;
use domain::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use domain::audit::{Actor, Event, Happening};
use domain::clocks::ClockId;
use domain::ids::{AppellantId, ChannelCode, OfficerId, TextRef, UnitId, VaultName};
use domain::knowledge::Step;
use domain::periodic::{Period, PeriodicId};
use domain::problem_group::{ProblemGroup, ProblemGroupId};
use domain::registry::{Channel, FullRegistry, Registry, ServiceItem, Unit, UnitKind};
use domain::supervision::{Cause, SupervisionCase, Trigger};
use domain::ticket::{Ticket, TicketKey, TicketNumber};
use domain::workflow::command::{CallbackResult, Rating};
use domain::workflow::words::{Clock, DrawGround, RatingFinding, Role};
use lake::whole::Whole;
use serde_json::{Value, json};
use year::Made;

use crate::answers::{as_json, day, instant, lake_of};

const CITY: &str = "ta-zwfw";
const COUNTY: &str = "dyq-zwfw";
const BUREAU: &str = "ta-ybj";
const COUNTY_BUREAU: &str = "dyq-ybj";

fn unit(id: &str) -> UnitId {
    UnitId::parse(id).unwrap()
}

fn at(time: &str) -> chrono::DateTime<chrono::Utc> {
    instant(&format!("2026-{time}:00+08:00"))
}

fn officer(of: &str, role: Role) -> Actor {
    Actor::Officer {
        id: OfficerId::parse("somebody").unwrap(),
        unit: unit(of),
        role,
    }
}

/// An appeal, and what is done to it.
struct Appeal(Made);

impl Appeal {
    fn new(key: u64, time: &str, channel: &str, kind: Kind, item: Option<&str>) -> Self {
        let key = TicketKey::from_bits(key);
        let submission = Submission {
            channel: ChannelCode::parse(channel).unwrap(),
            kind,
            subject: Subject::ServiceItem,
            appellant_kind: AppellantKind::Person,
            reply_way: ReplyWay::Sms,
            area: None,
            service_item: item.map(str::to_owned),
            managing_unit: unit(CITY),
            text: TextRef::of(b"text"),
            vault: VaultName::of(AppellantId::of(&[7; 32]), &[key.as_str().as_bytes()]),
            attachments: Vec::new(),
        };
        let first = Event {
            at: at(time),
            by: Actor::Channel(submission.channel.clone()),
            rulebook: 1,
            happening: Happening::Submitted {
                submission: Box::new(submission),
            },
        };
        let number = TicketNumber::new(&key, at(time));
        Self(Made {
            ticket: Ticket::open(number, first).unwrap(),
            title: "医保备案".to_owned(),
            text: "想了解医保备案。".to_owned(),
            knowledge: BTreeMap::new(),
        })
    }

    fn then(mut self, time: &str, by: Actor, happening: Happening) -> Self {
        let (at, rulebook) = (at(time), 1);
        let event = Event {
            at,
            by,
            rulebook,
            happening,
        };
        self.0.ticket.apply(event).unwrap();
        self
    }

    fn dispatched(self, time: &str, by: Actor, to: &str) -> Self {
        let happening = Happening::Dispatched {
            unit: unit(to),
            co_handlers: Vec::new(),
            note: None,
        };
        self.then(time, by, happening)
    }

    fn closed(self, time: &str, by: &str) -> Self {
        let happening = Happening::Closed {
            outcome: Outcome::Solved,
            review_on: None,
            text: TextRef::of(b"text"),
        };
        self.then(time, officer(by, Role::Liaison), happening)
    }

    fn cites(mut self, entry: &str) -> Self {
        let version = self.0.ticket.version();
        let cited = vec![(entry.to_owned(), 1)];
        self.0.knowledge.insert(version, cited);
        self
    }

    fn rated(self, time: &str, level: u8, solved: bool) -> Self {
        let rating = rating(level, solved);
        let happening = Happening::Rated {
            rating,
            words: None,
        };
        self.then(time, Actor::Appellant, happening)
    }
}

const fn rating(level: u8, solved: bool) -> Rating {
    Rating {
        level,
        solved,
        aspect: None,
    }
}

/// Brought on 7 April, with the bureau at 9:00, signed at 9:30.
fn april(key: u64, kind: Kind) -> Appeal {
    Appeal::new(key, "04-07T08:40", "mobile", kind, Some("i1"))
        .dispatched("04-07T09:00", officer(CITY, Role::TriageOfficer), BUREAU)
        .then(
            "04-07T09:30",
            officer(BUREAU, Role::Liaison),
            Happening::Signed {},
        )
}

fn late() -> Appeal {
    let id = ClockId::one(Clock::Handle);
    april(5, Kind::Complaint)
        .then(
            "04-09T00:00",
            Actor::System,
            Happening::BecameOverdue { id },
        )
        .closed("04-09T10:00", BUREAU)
        .rated("04-09T11:00", 1, false)
}

/// Found to be as the appellant says.
fn dissatisfied() -> Appeal {
    let verified = Happening::RatingVerified {
        finding: RatingFinding::Proved,
        text: TextRef::of(b"text"),
    };
    april(3, Kind::Complaint)
        .closed("04-07T15:00", BUREAU)
        .rated("04-07T16:00", 2, false)
        .then("04-08T09:00", officer(CITY, Role::CityManager), verified)
}

fn called_back() -> Appeal {
    let drawn = Happening::CallbackDrawn {
        caller: unit(CITY),
        ground: DrawGround::Sampled,
    };
    let called = Happening::CalledBack {
        result: CallbackResult::Answered(rating(4, true)),
        note: None,
    };
    april(4, Kind::Complaint)
        .closed("04-07T15:00", BUREAU)
        .then("04-08T02:00", Actor::System, drawn)
        .then("04-08T10:00", officer(CITY, Role::CallbackAgent), called)
}

fn by_the_county() -> Appeal {
    let transferred = Happening::Transferred {
        unit: unit(COUNTY),
        note: None,
    };
    Appeal::new(7, "04-10T08:40", "pc", Kind::Suggestion, None)
        .then(
            "04-10T09:00",
            officer(CITY, Role::TriageOfficer),
            transferred,
        )
        .dispatched(
            "04-10T10:00",
            officer(COUNTY, Role::CountyManager),
            COUNTY_BUREAU,
        )
        .then(
            "04-10T10:30",
            officer(COUNTY_BUREAU, Role::Liaison),
            Happening::Signed {},
        )
        .closed("04-13T10:00", COUNTY_BUREAU)
}

fn earlier() -> Appeal {
    let answered = Happening::AnsweredDirectly {
        text: TextRef::of(b"text"),
    };
    Appeal::new(8, "01-15T09:00", "mobile", Kind::Consultation, Some("i1")).then(
        "01-15T10:00",
        officer(CITY, Role::TriageOfficer),
        answered,
    )
}

fn appeals() -> Vec<Made> {
    let question = april(6, Kind::Consultation).closed("04-08T10:00", BUREAU);
    let appeals = [
        april(1, Kind::Complaint)
            .closed("04-07T15:00", BUREAU)
            .cites("K1")
            .rated("04-07T16:00", 5, true),
        april(2, Kind::Complaint)
            .closed("04-07T15:00", BUREAU)
            .cites("K1")
            .rated("04-07T16:00", 4, true),
        dissatisfied(),
        called_back(),
        late(),
        question.rated("04-08T11:00", 5, true),
        by_the_county(),
        earlier(),
    ];
    appeals.map(|appeal| appeal.0).to_vec()
}

fn known(id: &str, name: &str, kind: UnitKind, parent: Option<&str>) -> Unit {
    Unit {
        id: unit(id),
        name: name.to_owned(),
        kind,
        parent: parent.map(unit),
        area: "370900".to_owned(),
        leaders: 1,
        liaisons: 1,
    }
}

fn case() -> SupervisionCase {
    let opened_at = at("04-09T00:01");
    let cause = Cause {
        trigger: Trigger::Overdue,
        unit: unit(BUREAU),
        supervisor: unit(CITY),
        ticket: Some(late().0.ticket.number),
        key: "late".to_owned(),
        evidence: Vec::new(),
        at: opened_at,
    };
    SupervisionCase::open(cause, false, None, opened_at)
}

fn group() -> ProblemGroup {
    let opened = Step {
        at: at("04-09T09:00"),
        by: OfficerId::parse("somebody").unwrap(),
        unit: unit(CITY),
    };
    let id = ProblemGroupId::parse("G260409K7QM3XPA").unwrap();
    let (title, item) = ("医保备案多次提交".to_owned(), Some("i1".to_owned()));
    let mut group = ProblemGroup::open(id, title, (unit(BUREAU), unit(CITY)), (None, item), opened);
    group.size = 6;
    group
}

fn whole() -> Whole {
    let resolving = UnitKind::Resolving;
    Whole {
        registry: FullRegistry {
            registry: Registry {
                units: vec![
                    known(CITY, "市政务办", UnitKind::CityManaging, None),
                    known(COUNTY, "岱岳区政务办", UnitKind::CountyManaging, Some(CITY)),
                    known(BUREAU, "市医保局", resolving, Some(CITY)),
                    known(COUNTY_BUREAU, "岱岳区医保局", resolving, Some(COUNTY)),
                ],
                channels: vec![Channel {
                    code: ChannelCode::parse("mobile").unwrap(),
                    name: "手机端".to_owned(),
                    managing_unit: unit(CITY),
                    system_function_unit: None,
                }],
                duties: Vec::new(),
            },
            officers: Vec::new(),
            items: vec![ServiceItem {
                code: "i1".to_owned(),
                name: "医保备案".to_owned(),
                unit: unit(BUREAU),
            }],
        },
        cases: vec![case()],
        groups: vec![(group(), Vec::new())],
    }
}

/// What the lake says before anything is hidden.
async fn says(lake: &Lake, name: &str, span: Span) -> Value {
    let question = Question::named(name).unwrap();
    as_json(&lake.query(&question.sql(span)).await.unwrap())
}

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "a table of figures")]
async fn art_6_5_the_figures_of_a_quarter_are_those_counted_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let as_of = instant("2026-06-30T16:00:00Z");
    let lake = lake_of(folder.path(), &appeals(), as_of, &whole()).await;
    let quarter = Span::new(day("2026-04-01"), day("2026-06-30")).unwrap();
    let expected = [
        // Unit, month, name; handled, in time.
        (
            "on-time-by-unit",
            json!([
                ["dyq-ybj", "2026-04", "岱岳区医保局", 1, 1],
                ["ta-ybj", "2026-04", "市医保局", 6, 5],
            ]),
        ),
        // Item, name; appeals, those of the quarter before, complaints.
        ("hot-items", json!([["i1", "医保备案", 6, 1, 5]])),
        // County, limit; ended, over.
        (
            "overdue-by-county",
            json!([
                ["岱岳区政务办", "county", 1, 0],
                ["岱岳区政务办", "handle", 1, 0],
                ["岱岳区政务办", "sign", 1, 0],
                ["市级", "callback", 1, 0],
                ["市级", "handle", 6, 1],
                ["市级", "sign", 6, 0],
            ]),
        ),
        // Month; appeals, closed, judged, in the appellant's own limit.
        ("volumes", json!([["2026-04", 7, 7, 7, 6]])),
        (
            "channels",
            json!([["mobile", "手机端", 6], ["pc", "pc", 1]]),
        ),
        (
            "kinds",
            json!([
                ["complaint", "person", 5],
                ["consultation", "person", 1],
                ["suggestion", "person", 1],
            ]),
        ),
        ("endings", json!([["answered", "solved", 7]])),
        // Ratings, satisfied, dissatisfied, proved.
        (
            "satisfaction-by-unit",
            json!([["ta-ybj", "市医保局", 5, 3, 2, 1]]),
        ),
        // Callbacks, reached, solved, satisfied.
        ("callbacks", json!([["sampled", 1, 1, 1, 1]])),
        (
            "returns-by-unit",
            json!([
                ["dyq-ybj", "岱岳区医保局", 1, 0],
                ["ta-ybj", "市医保局", 6, 0],
            ]),
        ),
        ("supervision", json!([["overdue", 1, 0, 0]])),
        ("knowledge-uses", json!([["K1", 2]])),
        (
            "problem-groups",
            json!([[
                "G260409K7QM3XPA",
                "医保备案多次提交",
                "市医保局",
                "analysing",
                6,
                null,
                null,
                null
            ],]),
        ),
        ("suggestions", json!([["-", "-", 1]])),
        // This quarter and the one before: appeals, closed, judged, in the appellant's own limit.
        (
            "overview",
            json!([["本期", 7, 7, 7, 6], ["上一期", 1, 1, 1, 1]]),
        ),
        // Item, name; appeals, those of the quarter before.
        ("rising-items", json!([["i1", "医保备案", 6, 1]])),
        // County; appeals, closed, judged, in the appellant's own limit.
        (
            "appeals-by-county",
            json!([["市级", 6, 6, 6, 5], ["岱岳区政务办", 1, 1, 1, 1]]),
        ),
        // Limit; ended, kept.
        (
            "time-limits",
            json!([
                ["callback", 1, 1],
                ["county", 1, 1],
                ["handle", 7, 6],
                ["sign", 7, 7],
            ]),
        ),
        (
            "handling-by-unit",
            json!([
                ["ta-ybj", "市医保局", 6, 5],
                ["dyq-ybj", "岱岳区医保局", 1, 1],
            ]),
        ),
        // Ratings, satisfied, dissatisfied, proved.
        ("satisfaction", json!([["本期", 5, 3, 2, 1]])),
    ];
    assert_eq!(expected.len(), analysis::questions::QUESTIONS.len());
    for (name, figures) in expected {
        assert_eq!(says(&lake, name, quarter).await, figures, "{name}");
    }
    what_is_too_few_is_not_shown(&lake, quarter).await;
    what_its_report_says(&lake, as_of).await;
}

/// The quarter's report: what can be said of so few, each with its question.
async fn what_its_report_says(lake: &Lake, as_of: chrono::DateTime<chrono::Utc>) {
    let id = PeriodicId::new(Period::quarter(2026, 2).unwrap(), as_of).unwrap();
    assert_eq!(id.to_string(), "2026-Q2.20260701");
    let report = lake.report(id, as_of).await.unwrap();
    let said = report.summary.iter();
    let said: Vec<_> = said
        .map(|sentence| (sentence.text.as_str(), sentence.questions[0].as_str()))
        .collect();
    assert_eq!(
        said,
        [
            (
                "统计期间共收到诉求7件；已办结7件，总时限内办结率85.7%（6/7）。",
                "overview"
            ),
            ("承办单位按时完成率85.7%（6/7）。", "time-limits"),
            ("共收到评价5次，满意率60.0%（3/5）。", "satisfaction"),
            ("诉求最集中的事项：医保备案（6件）。", "hot-items"),
            ("上升较快的事项：医保备案（增至6件）。", "rising-items"),
            ("督办立案1件，其中发函0件，已销号0件。", "supervision"),
            (
                "期末前确认的共性问题1个，其中至数据截至时整改见效0个。",
                "problem-groups"
            ),
        ]
    );
    assert!(report.whole);
    assert_eq!(report.issuer, "市政务办");
    // Every question stands in one chapter, but the one whose months a report does not tell apart.
    let asked = report.chapters.iter().flat_map(|chapter| &chapter.figures);
    let mut asked: Vec<_> = asked
        .map(|figures| figures.asked.question.as_str())
        .collect();
    asked.push("on-time-by-unit");
    asked.sort_unstable();
    let mut all: Vec<_> = QUESTIONS.iter().map(|question| question.name).collect();
    all.sort_unstable();
    assert_eq!(asked, all);
    // It is kept as it is, and read again.
    let bytes = report.bytes().unwrap();
    assert_eq!(PeriodicReport::read(&bytes).unwrap(), report);
    let sheet = app::reports::rows(&report);
    let limits: Vec<_> = sheet
        .iter()
        .filter(|row| row[1] == "time-limits" && row[5] == "时限：办理")
        .map(|row| [6, 7, 8, 9].map(|at| row[at].as_str()))
        .collect();
    let expected = [
        ["已完成或到期", "7", "", ""],
        ["按时完成", "6", "", ""],
        ["按时完成率", "85.7%", "6", "7"],
    ];
    assert_eq!(limits, expected);
    let few = sheet.iter().find(|row| row[1] == "suggestions").unwrap();
    assert_eq!(few[7], "*");
}

/// Of two channels one has one appeal: with it the other is hidden, for their sum is known.
async fn what_is_too_few_is_not_shown(lake: &Lake, quarter: Span) {
    let ask = async |name| -> Answer {
        let question = Question::named(name).unwrap();
        lake.ask(question, quarter).await.unwrap()
    };
    let channels = ask("channels").await;
    assert_eq!(channels.hidden(), 2);
    let items = ask("hot-items").await;
    let row = &items.rows[0];
    let cells = ["appeals", "appeals_earlier", "complaints"].map(|name| items.cell(row, name));
    let shown = [Cell::Number(6), Cell::Hidden, Cell::Number(5)];
    assert_eq!(cells.map(Option::unwrap), shown.each_ref());
    // The city's own doing is shown whatever it is.
    assert_eq!(ask("supervision").await.hidden(), 0);
}
