//! Sealing with a queue and a bucket that break.

use std::sync::Mutex;

use domain::ticket::TicketKey;

use super::*;

fn line(key: u8, version: u32) -> String {
    let at = "2026-11-24T01:00:00Z".parse().unwrap();
    let leaf = Leaf {
        number: TicketNumber::new(&TicketKey::from_digest(&[key; 32]), at),
        version,
        head: ChainHead([key; 32]),
    };
    serde_json::to_string(&LeafLine::of(&leaf)).unwrap()
}

/// A queue whose messages are out of sight once seen, and a bucket; either may break.
#[derive(Default)]
struct World {
    queue: Mutex<Vec<String>>,
    seen: Mutex<Vec<String>>,
    kept: Mutex<Vec<(String, Vec<u8>)>>,
    bucket_breaks: bool,
    queue_breaks: bool,
}

/// A head that came while the run went on is sealed in an hour in which it is looked for.
#[test]
fn r_dp_5_a_seal_bears_an_instant_after_its_heads_came() {
    let world = World::holding(vec![line(1, 1)]);
    world.run().unwrap();
    let kept = world.kept.lock().unwrap();
    let (name, bytes) = kept.first().unwrap();
    assert!(name.starts_with("seals/2026/11/24/02/"), "{name}");
    let seal = Seal::open(bytes).unwrap();
    assert_eq!(seal.sealed_at.to_rfc3339(), "2026-11-24T02:00:00+00:00");
}

impl World {
    fn holding(messages: Vec<String>) -> Self {
        Self {
            queue: Mutex::new(messages),
            ..Self::default()
        }
    }

    /// What was seen and not taken off comes back.
    fn again(self) -> Self {
        let mut queue = self.queue.into_inner().unwrap();
        queue.extend(self.seen.into_inner().unwrap());
        Self {
            queue: Mutex::new(queue),
            kept: self.kept,
            ..Self::default()
        }
    }

    fn run(&self) -> Result<SealRun, AppError> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let clock = || self.now();
        runtime.unwrap().block_on(seal_waiting(self, self, &clock))
    }

    /// A run begins a second before the hour; when it has seen heads, the hour has come.
    fn now(&self) -> DateTime<Utc> {
        let hour: DateTime<Utc> = "2026-11-24T02:00:00Z".parse().unwrap();
        let has_seen = !self.seen.lock().unwrap().is_empty();
        hour - TimeDelta::seconds(i64::from(!has_seen))
    }

    fn sealed_leaves(&self) -> BTreeSet<String> {
        let kept = self.kept.lock().unwrap();
        let seals = kept.iter().map(|(_, bytes)| Seal::open(bytes).unwrap());
        let lines = seals.flat_map(|seal| seal.leaves);
        lines
            .map(|it| serde_json::to_string(&it).unwrap())
            .collect()
    }
}

#[async_trait]
impl Waiting for World {
    async fn some(&self) -> Result<Vec<(String, String)>, AppError> {
        let mut queue = self.queue.lock().unwrap();
        let count = queue.len().min(10);
        let some: Vec<_> = queue.drain(..count).collect();
        self.seen.lock().unwrap().extend(some.clone());
        Ok(some.into_iter().map(|body| (body.clone(), body)).collect())
    }

    async fn done(&self, receipts: Vec<String>) -> Result<(), AppError> {
        if self.queue_breaks {
            return Err(AppError::Unavailable("queue".to_owned()));
        }
        let mut seen = self.seen.lock().unwrap();
        seen.retain(|body| !receipts.contains(body));
        Ok(())
    }
}

#[async_trait]
impl ArchiveObjects for World {
    async fn put(&self, name: &str, document: Vec<u8>) -> Result<(), AppError> {
        if self.bucket_breaks {
            return Err(AppError::Unavailable("bucket".to_owned()));
        }
        self.kept.lock().unwrap().push((name.to_owned(), document));
        Ok(())
    }
}

fn messages() -> Vec<String> {
    (0..25)
        .map(|key| line(key, 1))
        .chain([line(3, 1)])
        .collect()
}

/// R-DP-5: every head that waits is in a seal, each once however often it came; what is no head stays.
#[test]
fn r_dp_5_every_head_is_sealed_and_what_is_none_goes_aside() {
    let mut all = messages();
    all.push("{}".to_owned());
    let world = World::holding(all);
    let run = world.run().unwrap();
    assert_eq!((run.heads, run.seals, run.unread), (25, 1, 1));
    assert_eq!(world.sealed_leaves(), messages().into_iter().collect());
    assert_eq!(*world.seen.lock().unwrap(), ["{}"]);
    let name = world.kept.lock().unwrap()[0].0.clone();
    assert!(name.starts_with("seals/2026/11/24/02/0000-"), "{name}");
    assert_eq!(World::default().run().unwrap(), SealRun::default());
}

/// Nothing is taken off before its seal is written, and what comes back is sealed again.
#[test]
fn r_dp_5_a_run_that_breaks_off_loses_no_head() {
    for (bucket_breaks, queue_breaks) in [(true, false), (false, true)] {
        let world = World {
            bucket_breaks,
            queue_breaks,
            ..World::holding(messages())
        };
        assert!(world.run().is_err());
        let world = world.again();
        assert_eq!(world.run().unwrap().heads, 25);
        assert_eq!(world.sealed_leaves(), messages().into_iter().collect());
        assert!(world.seen.lock().unwrap().is_empty());
    }
}

#[test]
fn r_dp_5_a_seal_that_was_changed_is_none() {
    let world = World::holding(messages());
    world.run().unwrap();
    let bytes = world.kept.lock().unwrap()[0].1.clone();
    let seal = Seal::open(&bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let changed = text.replacen(",1,", ",2,", 1);
    assert_ne!(text, changed);
    assert!(Seal::open(changed.as_bytes()).is_err());
    // Every leaf proves itself against the root.
    for (index, leaf) in seal.leaves().enumerate() {
        let proof = proof_in(&seal, index, leaf.version).unwrap();
        let path: Vec<_> = proof.path.iter().filter_map(|it| unhex(it)).collect();
        let root = domain::audit::merkle::root_by_path(leaf.hash(), index, proof.count, &path);
        assert_eq!(root.map(|it| hex(&it)).as_deref(), Some(seal.root()));
    }
}
