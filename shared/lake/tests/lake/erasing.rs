//! 删除个人信息 (Art. 16): nothing of an erased appellant is left in the lake, whatever arrives later.

use app::lake::LakeObjects as _;
use bytes::Bytes;
use domain::audit::{Actor, Event, Happening};
use domain::workflow::words::ErasureGround;
use lake::file::Rows;
use lake::rows::{EventRow, TicketRow};
use year::Made;

use crate::memory::{Lake, instant, made, now, rows, said};

fn erased(made: &Made) -> Made {
    let mut made = made.clone();
    let event = Event {
        at: instant("2026-10-01T02:00:00Z"),
        by: Actor::System,
        rulebook: 1,
        happening: Happening::Erased {
            ground: ErasureGround::Wish,
            text: None,
        },
    };
    made.ticket.apply(event).unwrap();
    made
}

/// Whether any object says whose the ticket was, or what they wrote.
fn says(lake: &Lake, made: &Made) -> Vec<String> {
    let key = rows(made)[0].subject_key.clone().unwrap();
    let mut found = Vec::new();
    for name in lake.objects.all() {
        let file = Bytes::from(now(lake.objects.get(&name, None)).unwrap());
        let is_said = if name.starts_with("events/") || name.starts_with("curated/history/") {
            let mut rows = Rows::<EventRow>::open(file).unwrap().map(Result::unwrap);
            rows.any(|row| row.number == made.ticket.number && row.subject_key == Some(key.clone()))
        } else if name.starts_with("curated/tickets/") {
            let mut rows = Rows::<TicketRow>::open(file).unwrap().map(Result::unwrap);
            rows.any(|row| row.number == made.ticket.number && row.text.is_some())
        } else {
            false
        };
        if is_said {
            found.push(name);
        }
    }
    found
}

#[test]
fn art_16_erasing_takes_it_out_of_every_object_and_proves_it() {
    let made = made(5, 40);
    let as_of = instant("2026-12-31T16:00:00Z");
    let mut lake = Lake::new();
    lake.write(made.iter().flat_map(rows).collect()).unwrap();
    lake.compact(as_of).unwrap();
    lake.compact(as_of).unwrap();
    assert!(says(&lake, &made[0]).len() >= 3, "the test can fail");

    let gone = erased(&made[0]);
    let version = gone.ticket.version();
    lake.write(EventRow::all(
        &gone.ticket,
        version - 1,
        version,
        &said(&gone),
    ))
    .unwrap();
    let run = lake.compact(as_of).unwrap();
    assert_eq!(run.erased, 1);
    assert_eq!(says(&lake, &made[0]), Vec::<String>::new());
    assert!(!says(&lake, &made[1]).is_empty(), "others stay");
    let proof = format!("erased/{}.json", gone.ticket.number);
    assert!(lake.objects.all().contains(&proof));

    // What was on its way since before does not bring it back.
    lake.write(rows(&made[0])).unwrap();
    let run = lake.compact(as_of).unwrap();
    assert_eq!((run.erased, says(&lake, &made[0])), (1, Vec::new()));
    let tickets = lake.table::<TicketRow>("tickets");
    let row = tickets
        .iter()
        .find(|row| row.number == gone.ticket.number)
        .unwrap();
    assert_eq!(row.erased_at, gone.ticket.erased_at);
    assert_eq!(tickets.len(), made.len(), "the ticket itself stays");
}

#[test]
fn art_16_an_erasure_that_breaks_off_is_taken_up_again() {
    let made = made(5, 6);
    let as_of = instant("2026-12-31T16:00:00Z");
    let gone = erased(&made[0]);
    let mut calls = 0;
    loop {
        let mut lake = Lake::new();
        lake.write(made.iter().flat_map(rows).collect()).unwrap();
        lake.compact(as_of).unwrap();
        lake.write(rows(&gone)).unwrap();
        lake.objects.fail_in(Some(calls));
        let run = lake.compact(as_of);
        lake.objects.fail_in(None);
        lake.compact(as_of).unwrap();
        assert_eq!(
            says(&lake, &made[0]),
            Vec::<String>::new(),
            "after {calls} calls"
        );
        let proof = format!("erased/{}.json", gone.ticket.number);
        assert!(lake.objects.all().contains(&proof), "after {calls} calls");
        if run.is_ok() {
            break;
        }
        calls += 1;
    }
}
