//! What the queues keep over a crash. A crash is played by opening a copy of the journal while
//! the first owner still runs: nothing of what only it had in memory is seen.

use std::path::PathBuf;

use rustack_sqs_model::{input::ReceiveMessageInput, types::Message};

use super::*;

struct Bench {
    root: tempfile::TempDir,
    lives: u32,
}

impl Bench {
    fn new() -> Self {
        Self {
            root: tempfile::tempdir().unwrap(),
            lives: 0,
        }
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join(self.lives.to_string())
    }

    async fn open(&self) -> Sqs {
        let clock = Clock::open(self.root.path()).unwrap();
        let policy = r#"{"deadLetterTargetArn":"arn:aws-cn:sqs:x:0:Dead","maxReceiveCount":2}"#;
        let queues = [("Work", Some(policy)), ("Dead", None)].map(|(name, policy)| QueueSpec {
            logical_id: name.to_owned(),
            name: name.to_owned(),
            attributes: policy
                .map(|p| ("RedrivePolicy".to_owned(), p.to_owned()))
                .into_iter()
                .collect(),
        });
        Sqs::open(&self.folder(), &queues, 9, clock).await.unwrap()
    }

    async fn crash(&mut self) -> Sqs {
        let journal = std::fs::read(self.folder().join("journal")).unwrap();
        self.lives += 1;
        std::fs::create_dir_all(self.folder()).unwrap();
        std::fs::write(self.folder().join("journal"), journal).unwrap();
        self.open().await
    }
}

async fn receive(sqs: &Sqs, queue: &str, visibility: i32) -> Vec<Message> {
    let input = ReceiveMessageInput {
        queue_url: sqs.url(queue),
        max_number_of_messages: Some(10),
        visibility_timeout: Some(visibility),
        ..ReceiveMessageInput::default()
    };
    sqs.receive(input).await.unwrap()
}

async fn bodies(sqs: &Sqs, queue: &str) -> Vec<String> {
    let mut bodies: Vec<_> = receive(sqs, queue, 30)
        .await
        .into_iter()
        .filter_map(|message| message.body)
        .collect();
    bodies.sort();
    bodies
}

fn attribute<'a>(message: &'a Message, name: &str) -> Option<&'a str> {
    message.attributes.get(name).map(String::as_str)
}

#[tokio::test]
async fn sent_messages_survive_and_deleted_ones_stay_deleted() {
    let mut bench = Bench::new();
    let sqs = bench.open().await;
    for body in ["a", "b", "c"] {
        sqs.send_text("Work", body.to_owned()).await.unwrap();
    }
    let received = receive(&sqs, "Work", 30).await;
    let first = received
        .iter()
        .find(|message| message.body.as_deref() == Some("a"))
        .unwrap();
    sqs.delete(
        &sqs.url("Work"),
        vec![first.receipt_handle.clone().unwrap()],
    )
    .await
    .unwrap();
    let kept: Vec<_> = received
        .iter()
        .filter(|message| message.body.as_deref() != Some("a"))
        .collect();

    let sqs = bench.crash().await;
    let again = receive(&sqs, "Work", 30).await;
    assert_eq!(again.len(), 2);
    for message in &again {
        let before = kept.iter().find(|kept| kept.body == message.body).unwrap();
        assert_eq!(message.message_id, before.message_id);
        assert_eq!(
            attribute(message, "SentTimestamp"),
            attribute(before, "SentTimestamp")
        );
    }
}

#[tokio::test]
async fn messages_move_to_the_dead_letter_queue_once_and_stay_there() {
    let mut bench = Bench::new();
    let sqs = bench.open().await;
    sqs.send_text("Work", "poison".to_owned()).await.unwrap();
    let first = receive(&sqs, "Work", 0).await;
    assert_eq!(attribute(&first[0], "ApproximateReceiveCount"), Some("1"));
    let id = first[0].message_id.clone();

    // The count outlives the process.
    wait_for_notes(&bench, "\"count\":1").await;
    let sqs = bench.crash().await;
    let second = receive(&sqs, "Work", 0).await;
    assert_eq!(attribute(&second[0], "ApproximateReceiveCount"), Some("2"));
    assert_eq!(second[0].message_id, id);
    assert!(
        receive(&sqs, "Work", 0).await.is_empty(),
        "the third time it is moved"
    );
    // A late delete in the first queue does not reach the dead-letter queue.
    sqs.delete(
        &sqs.url("Work"),
        vec![second[0].receipt_handle.clone().unwrap()],
    )
    .await
    .unwrap();

    let sqs = bench.crash().await;
    assert!(receive(&sqs, "Work", 0).await.is_empty());
    let dead = receive(&sqs, "Dead", 0).await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].message_id, id);
    assert!(
        attribute(&dead[0], "DeadLetterQueueSourceArn")
            .unwrap()
            .ends_with(":Work")
    );
    assert_eq!(attribute(&dead[0], "ApproximateReceiveCount"), Some("1"));
}

/// Receipts are not synced; they are on their way to the file when a receive returns.
async fn wait_for_notes(bench: &Bench, text: &str) {
    while !std::fs::read_to_string(bench.folder().join("journal"))
        .unwrap()
        .contains(text)
    {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_delay_goes_on_after_a_crash() {
    let mut bench = Bench::new();
    let sqs = bench.open().await;
    let input = SendMessageInput {
        queue_url: sqs.url("Work"),
        message_body: "later".to_owned(),
        delay_seconds: Some(600),
        ..SendMessageInput::default()
    };
    sqs.send(vec![input]).await.pop().unwrap().unwrap();
    sqs.send_text("Work", "now".to_owned()).await.unwrap();
    let sqs = bench.crash().await;
    assert_eq!(bodies(&sqs, "Work").await, ["now"]);
}

#[tokio::test]
async fn changed_attributes_and_purges_survive() {
    let mut bench = Bench::new();
    let sqs = bench.open().await;
    let policy = r#"{"deadLetterTargetArn":"arn:aws-cn:sqs:x:0:Dead","maxReceiveCount":"1"}"#;
    let attributes = [("RedrivePolicy".to_owned(), policy.to_owned())].into();
    let input = SetQueueAttributesInput {
        queue_url: sqs.url("Work"),
        attributes,
    };
    sqs.set_attributes(input).await.unwrap();
    sqs.send_text("Dead", "old".to_owned()).await.unwrap();
    sqs.purge(PurgeQueueInput {
        queue_url: sqs.url("Dead"),
    })
    .await
    .unwrap();
    let sqs = bench.crash().await;
    assert!(bodies(&sqs, "Dead").await.is_empty());
    let policies = sqs.lock_policies().clone();
    assert_eq!(policies["Work"].as_ref().unwrap().max_receive_count, 1);
}

#[tokio::test]
async fn what_the_engine_refuses_does_not_come_back() {
    let mut bench = Bench::new();
    let sqs = bench.open().await;
    sqs.send_text("Work", "x".repeat(300_000))
        .await
        .unwrap_err();
    sqs.send_text("Nobody", "x".to_owned()).await.unwrap_err();
    sqs.send_text("Work", "good".to_owned()).await.unwrap();
    let sqs = bench.crash().await;
    assert_eq!(bodies(&sqs, "Work").await, ["good"]);
}

fn put(id: &str) -> Record {
    Record::Put(Box::new(Item {
        id: id.to_owned(),
        queue: "Work".to_owned(),
        sent_ms: 0,
        due_ms: 0,
        count: 0,
        first_ms: 0,
        source: None,
        message: SendMessageInput {
            message_body: id.to_owned(),
            ..SendMessageInput::default()
        },
    }))
}

fn journal_of(lines: &[String]) -> (tempfile::TempDir, anyhow::Result<Vec<String>>) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("journal"), lines.concat()).unwrap();
    let opened = Journal::open(folder.path());
    let ids = opened.map(|(journal, contents)| {
        journal.close();
        contents.items.into_keys().collect()
    });
    (folder, ids)
}

#[test]
fn a_delete_seen_before_its_put_is_a_tombstone() {
    let line = |record: &Record| serde_json::to_string(record).unwrap() + "\n";
    let delete = |id: &str| line(&Record::Delete { id: id.to_owned() });
    let (folder, ids) = journal_of(&[
        delete("a"),
        line(&put("a")),
        line(&put("b")),
        line(&put("c")),
        delete("c"),
    ]);
    assert_eq!(ids.unwrap(), ["b"]);
    // Opening compacted it: the same again, from one line.
    assert_eq!(
        std::fs::read_to_string(folder.path().join("journal"))
            .unwrap()
            .lines()
            .count(),
        1
    );
}

#[test]
fn a_torn_last_line_is_dropped_and_a_damaged_one_is_refused() {
    let line = |record: &Record| serde_json::to_string(record).unwrap() + "\n";
    let torn = line(&put("b")).chars().take(20).collect::<String>();
    let (_folder, ids) = journal_of(&[line(&put("a")), torn.clone()]);
    assert_eq!(ids.unwrap(), ["a"]);
    let (_folder, ids) = journal_of(&[torn, "\n".to_owned(), line(&put("a"))]);
    assert!(ids.unwrap_err().to_string().contains("line 1"));
}
