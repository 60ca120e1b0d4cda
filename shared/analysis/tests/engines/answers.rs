//! Both engines, asked everything of a made city, and the tickets themselves.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;

use analysis::questions::{QUESTIONS, Question, Span};
use analysis::{Cell, Lake};
use app::lake::LakeObjects as _;
use chrono::{DateTime, NaiveDate, Utc};
use domain::calendar::shanghai_date;
use domain::workflow::words::{Action, Clock};
use lake::Said;
use lake::compact::Compacting;
use lake::gather::write_events;
use lake::nightly::make;
use lake::rows::EventRow;
use lake::state::states;
use lake::views::duckdb;
use lake::whole::Whole;
use serde_json::{Value, json};
use year::{Made, Year, timetable};

use crate::objects::Folder;

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub(crate) fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A lake of these appeals, as of an instant.
pub(crate) async fn lake_of(
    folder: &Path,
    made: &[Made],
    as_of: DateTime<Utc>,
    whole: &Whole,
) -> Lake {
    let objects = Arc::new(Folder(folder.to_owned()));
    let rows = made.iter().flat_map(|made| {
        let said = Said {
            title: Some(made.title.clone()),
            text: Some(made.text.clone()),
            knowledge: made.knowledge.clone(),
        };
        EventRow::all(&made.ticket, 0, u32::MAX, &said)
    });
    let now = as_of + chrono::TimeDelta::hours(3);
    write_events(objects.as_ref(), rows.collect(), now)
        .await
        .unwrap();
    let compacting = Compacting {
        objects: objects.as_ref(),
        location: "s3://lake",
        timetable: &timetable(),
        as_of,
        now,
    };
    make(&compacting, whole).await.unwrap();
    Lake::open(objects).await.unwrap()
}

fn python() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let python = root.join(".tools/python/bin/python");
    assert!(
        python.exists(),
        "`./test end-to-end` installs what this test needs"
    );
    python
}

/// What DuckDB answers.
async fn duckdb_answers(folder: &Path, questions: BTreeMap<&str, String>) -> Value {
    let objects = Folder(folder.to_owned());
    let views = duckdb(&states(&objects).await.unwrap(), &folder.to_string_lossy());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/engines/duckdb_rows.py");
    let mut child = Command::new(python())
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let asked = json!({ "views": views, "questions": questions }).to_string();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(asked.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}

pub(crate) fn as_json(rows: &[Vec<Cell>]) -> Value {
    let cell = |cell: &Cell| match cell {
        Cell::Text(text) => json!(text),
        Cell::Number(number) => json!(number),
        Cell::None => Value::Null,
        Cell::Hidden => panic!("nothing is hidden yet"),
    };
    let rows = rows
        .iter()
        .map(|row| row.iter().map(cell).collect::<Vec<_>>());
    json!(rows.collect::<Vec<_>>())
}

#[tokio::test]
async fn r_an_1_datafusion_and_duckdb_answer_alike_and_as_the_tickets_say() {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<Made> = Year::new(11, day("2026-01-05"), 120, 1_500)
        .unwrap()
        .collect();
    let as_of = instant("2026-12-31T16:00:00Z");
    let lake = lake_of(folder.path(), &made, as_of, &Whole::default()).await;
    let span = Span::new(day("2026-02-01"), day("2026-04-30")).unwrap();
    let mut asked: BTreeMap<&str, String> = BTreeMap::new();
    for question in QUESTIONS {
        asked.insert(question.name, question.sql(span));
    }
    let counts = "SELECT count(*), count(DISTINCT number) FROM tickets";
    let events = "SELECT count(*) FROM history";
    let rows = "SELECT number, version, state, responsible_unit, rating, minutes_to_close, \
                CAST(received_on AS VARCHAR), title, month FROM tickets ORDER BY number";
    for (name, sql) in [("counts", counts), ("history", events), ("rows", rows)] {
        asked.insert(name, sql.to_owned());
    }
    let answers = duckdb_answers(folder.path(), asked.clone()).await;
    for (name, sql) in &asked {
        let own = as_json(&lake.query(sql).await.unwrap());
        assert_eq!(own, answers[name], "{name}");
        let is_empty = ["supervision", "problem-groups"].contains(name);
        assert_eq!(own.as_array().unwrap().is_empty(), is_empty, "{name}");
    }
    // To the row, what the tickets say.
    let mut told: Vec<Value> = made.iter().map(as_told).collect();
    told.sort_by_key(|row| row[0].as_str().map(str::to_owned));
    assert_eq!(answers["rows"], json!(told));
    let events: usize = made.iter().map(|made| made.ticket.events.len()).sum();
    assert_eq!(answers["history"], json!([[events]]));
    on_time_is_what_the_tickets_say(&made, &answers["on-time-by-unit"], span);
}

/// The row of a ticket, by the ticket.
fn as_told(made: &Made) -> Value {
    let ticket = &made.ticket;
    let closed = ticket.last_closing().map(|(_, event)| event.at);
    let minutes = closed.map(|at| (at - ticket.received_at).num_minutes());
    let received = shanghai_date(ticket.received_at);
    json!([
        ticket.number.as_str(),
        ticket.version(),
        ticket.state.code(),
        ticket.responsible_unit.as_str(),
        ticket.rating.map(|rating| rating.level),
        minutes,
        received.to_string(),
        made.title,
        received.format("%Y-%m").to_string(),
    ])
}

/// The question of Art. 12, reckoned from the tickets in another way.
fn on_time_is_what_the_tickets_say(made: &[Made], answer: &Value, span: Span) {
    let mut told: BTreeMap<(String, String), (i64, i64)> = BTreeMap::new();
    for made in made {
        // Where nothing is given back, the last dispatch starts the one run of the clock.
        let runs = domain::clocks::runs(&made.ticket.events, &timetable());
        for run in runs.iter().filter(|run| run.id.clock == Clock::Handle) {
            let started = shanghai_date(run.started_at);
            if !(span.since..=span.until).contains(&started) {
                continue;
            }
            let dispatched = made.ticket.events.iter().rfind(|event| {
                event.at <= run.started_at && event.happening.action() == Action::Dispatch
            });
            let domain::audit::Happening::Dispatched { unit, .. } = &dispatched.unwrap().happening
            else {
                panic!("a clock that no dispatch started");
            };
            let month = started.format("%Y-%m").to_string();
            let its = told.entry((unit.to_string(), month)).or_default();
            its.0 += 1;
            its.1 += i64::from(!run.is_overdue(instant("2026-12-31T16:00:00Z")));
        }
    }
    let told = told
        .iter()
        .map(|((unit, month), (ended, kept))| json!([unit, month, unit, ended, kept]));
    assert_eq!(*answer, json!(told.collect::<Vec<_>>()));
    assert!(answer.as_array().unwrap().len() > 50);
}

#[tokio::test]
async fn r_an_2_behind_a_figure_are_its_tickets() {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<Made> = Year::new(12, day("2026-01-05"), 60, 400).unwrap().collect();
    let as_of = instant("2026-12-31T16:00:00Z");
    let lake = lake_of(folder.path(), &made, as_of, &Whole::default()).await;
    let span = Span::new(day("2026-02-01"), day("2026-12-31")).unwrap();
    // Not those of the span before, with which it is compared.
    let question = Question::named("hot-items").unwrap();
    let answer = lake.ask(question, span).await.unwrap();
    let first = &answer.rows[0];
    let Some(Cell::Text(item)) = answer.cell(first, "service_item") else {
        panic!("no item");
    };
    let Some(Cell::Number(count)) = answer.cell(first, "appeals") else {
        panic!("no count");
    };
    let group = [("service_item", item.as_str())];
    let (tickets, more) = lake.tickets(question, span, &group).await.unwrap().unwrap();
    assert_eq!(i64::try_from(tickets.len()).unwrap(), *count);
    assert!(!more);
    let problems = Question::named("problem-groups").unwrap();
    let none = lake.tickets(problems, span, &[("id", "x")]).await.unwrap();
    assert_eq!(none, None, "a problem group is no ticket");
    let none = lake
        .tickets(question, span, &[("number", "x")])
        .await
        .unwrap();
    assert_eq!(none, None, "only groups of the question");
    // What is not sent as a number cannot end the text.
    let group = [("service_item", "' OR '1' = '1")];
    let none = lake.tickets(question, span, &group).await.unwrap();
    assert_eq!(none, Some((Vec::new(), false)));
    assert!(
        !Folder(folder.path().to_owned())
            .names("state/")
            .await
            .unwrap()
            .is_empty()
    );
}
