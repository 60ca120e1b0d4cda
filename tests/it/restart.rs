//! A restart: ready at once, on the same state; nothing that the cloud started outlives it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use domain::audit::Actor;
use serde_json::Value;

use crate::city::{all_tickets, template};
use crate::laptop::{Laptop, alive};

/// Filling the demonstration city, on a busy machine.
const FILLING: Duration = Duration::from_mins(3);

/// What people did, by ticket; what the system's schedules add meanwhile is left out.
async fn history(laptop: &Laptop) -> BTreeMap<String, Vec<&'static str>> {
    let tickets = all_tickets(&laptop.store()).await;
    let told = tickets.iter().map(|ticket| {
        let people = ticket.events.iter().filter(|e| e.by != Actor::System);
        let actions = people.map(|event| event.happening.action().code());
        (ticket.number.to_string(), actions.collect())
    });
    told.collect()
}

async fn is_filled(laptop: &Laptop) -> (String, String) {
    let began = Instant::now();
    loop {
        let shown = std::fs::read_to_string(laptop.state("demo-done")).unwrap_or_default();
        if let Some((number, code)) = shown.trim().split_once(' ') {
            return (number.to_owned(), code.to_owned());
        }
        assert!(began.elapsed() < FILLING, "the demonstration is not filled");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Waits until every function has a process; all children.
async fn is_warm(laptop: &Laptop) -> Vec<u32> {
    let functions = template().functions().len();
    let began = Instant::now();
    loop {
        let children = laptop.children();
        if children.len() >= functions {
            return children;
        }
        assert!(began.elapsed() < FILLING, "only {children:?} run");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn all_end(children: &[u32]) {
    let began = Instant::now();
    while children.iter().any(|child| alive(*child)) {
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "children are left: {children:?}"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn tracks(laptop: &Laptop, (number, code): &(String, String)) -> u16 {
    let url = suqiu::state::Ports::url(laptop.ports.public);
    let url = format!("{url}/appeals/{number}");
    let answer = laptop.client.get(&url, &[("query-code", code)]).await;
    answer.unwrap().status.as_u16()
}

fn ids(outbox: &[Value]) -> BTreeSet<String> {
    outbox.iter().map(|sent| sent["id"].to_string()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn state_is_kept_a_restart_is_ready_at_once_and_no_child_is_left() {
    let mut laptop = Laptop::start(&[]).await;
    let shown = is_filled(&laptop).await;
    let (before, sent) = (history(&laptop).await, laptop.outbox().await);
    assert!(!before.is_empty() && before.contains_key(&shown.0));

    // Ctrl-C ends every child.
    let children = is_warm(&laptop).await;
    assert!(laptop.interrupt().await.success());
    all_end(&children).await;

    // State is kept, and nothing is filled in again.
    let took = laptop.again(&[]).await;
    println!("a restart is ready after {:.2} s", took.as_secs_f64());
    assert_eq!(history(&laptop).await, before);
    assert!(ids(&laptop.outbox().await).is_superset(&ids(&sent)));
    assert_eq!(tracks(&laptop, &shown).await, 200);

    // So does kill -9 of the parent.
    let children = is_warm(&laptop).await;
    assert_eq!(history(&laptop).await, before);
    laptop.kill();
    all_end(&children).await;
    let took = laptop.again(&[]).await;
    println!("after kill -9, after {:.2} s", took.as_secs_f64());
    assert_eq!(history(&laptop).await, before);
    assert!(laptop.interrupt().await.success());

    // --fresh is another city: new keys, so that even the same appeals have other numbers.
    laptop.again(&["--fresh"]).await;
    is_filled(&laptop).await;
    let fresh = history(&laptop).await;
    assert_eq!(fresh.len(), before.len());
    assert!(fresh.keys().all(|number| !before.contains_key(number)));
    assert_eq!(tracks(&laptop, &shown).await, 404);
}
