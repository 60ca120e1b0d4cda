//! The use cases, each with every one of its calls failing in every way.

use app::AppError;
use app::act::{Wish, act, find};
use app::archive::archive_due;
use app::documents::Document;
use app::erasure::{Erasing, ErasureWish, erase};
use app::submit::{SubmitRequest, submit};
use app::sweep::sweep;
use chrono::{DateTime, Days, Utc};
use domain::ticket::{Ticket, TicketNumber};
use domain::workflow::words::{Action, ErasureGround};

use crate::city::{Step, actor, appeal, city, life, record_contact, reference, start};
use crate::model::{Fault, Kept, Model};

const FAULTS: [Fault; 3] = [Fault::NotDone, Fault::AnswerLost, Fault::AskedTwice];

/// What somebody asks for.
#[derive(Debug, Clone)]
enum Request {
    Submit(Box<SubmitRequest>),
    Act(Box<Wish>),
    Sweep(DateTime<Utc>),
    Archive(DateTime<Utc>),
    Erase(TicketNumber, ErasureWish),
}

impl Request {
    /// Does it; says at which version the ticket stands then, where it is about one ticket.
    async fn run(&self, model: &Model) -> Result<Option<u32>, AppError> {
        match self {
            Self::Submit(request) => {
                let submitted = submit(model, request).await?;
                Ok(Some(submitted.ticket.version()))
            }
            Self::Act(wish) => {
                let (ticket, _) = act(model, wish, &|_| Ok(actor(wish.command.action()))).await?;
                Ok(Some(ticket.version()))
            }
            Self::Sweep(now) => sweep(model, *now).await.map(|_| None),
            Self::Archive(now) => archive_due(model, model, *now).await.map(|_| None),
            Self::Erase(number, asked) => {
                let erasing = Erasing {
                    store: model,
                    keys: model,
                    files: model,
                    reports: model,
                };
                let ticket = find(model, number).await?;
                let who = |_: &Ticket| Ok(actor(Action::Erase));
                erase(erasing, ticket, asked, &who).await?;
                let (ticket, _) = &model.kept().tickets[&number.key()];
                Ok(Some(ticket.version()))
            }
        }
    }

    /// The same again: a channel signs anew, with another nonce.
    fn again(&self) -> Self {
        let mut again = self.clone();
        if let Self::Submit(request) = &mut again {
            request.nonce = [2; 12];
        }
        again
    }
}

/// Lets each call of `request` fail in each way, and repeats the request.
async fn survives(name: &str, before: &Kept, request: &Request) {
    let reference = reference();
    let calm = Model::new(&reference, before.clone(), None);
    let said = request.run(&calm).await.unwrap();
    let expected = calm.kept().without_nonces();
    agree(name, &expected);
    assert_ne!(
        expected,
        before.clone().without_nonces(),
        "{name} does something"
    );
    assert!(calm.calls() >= 3, "{name}: {} calls", calm.calls());

    for fault in FAULTS {
        for n in 1.. {
            let case = format!("{name}, call {n}: {fault:?}");
            let failing = Model::new(&reference, before.clone(), Some((n, fault)));
            let first = request.run(&failing).await;
            if failing.calls() < n {
                break;
            }
            match fault {
                Fault::AskedTwice => tells_the_truth(&case, first, said),
                _ => assert!(matches!(first, Err(AppError::Unavailable(_))), "{case}"),
            }
            let healed = Model::new(&reference, failing.kept(), None);
            let second = request.again().run(&healed).await;
            if fault == Fault::NotDone {
                assert_eq!(second.unwrap(), said, "{case}");
            } else {
                tells_the_truth(&case, second, said);
            }
            let kept = healed.kept().without_nonces();
            assert_eq!(kept, expected, "{case}");
            agree(&case, &kept);
        }
    }
}

/// Who asks again for what was done is told that it is, or where the ticket stands: there.
fn tells_the_truth(case: &str, answer: Result<Option<u32>, AppError>, said: Option<u32>) {
    let stands_at = match answer {
        Ok(version) => version,
        Err(
            AppError::ChangedMeanwhile(present)
            | AppError::Refused {
                present: Some(present),
                ..
            },
        ) => Some(present.version),
        Err(error) => panic!("{case}: {error}"),
    };
    assert_eq!(stands_at, said, "{case}");
}

/// Events and state agree, and everything that the events name is there.
fn agree(case: &str, kept: &Kept) {
    for (ticket, _) in kept.tickets.values() {
        let folded = Ticket::fold(ticket.number.clone(), ticket.events.clone()).unwrap();
        assert_eq!(ticket, &folded, "{case}");
        kept.holds_all_of(case, ticket);
    }
}

#[tokio::test]
async fn r_in_6_submitting_survives_every_failing_call() {
    let submits = |which| Request::Submit(Box::new(appeal(which)));
    survives("submit", &city(), &submits(1)).await;
    let (kept, _) = after(&[]).await;
    survives("submit beside another", &kept, &submits(2)).await;
}

#[tokio::test]
async fn r_in_6_acting_survives_every_failing_call() {
    let steps = life();
    for (done, step) in steps.iter().enumerate() {
        let (kept, number) = after(&steps[..done]).await;
        let mut wish = step(&number);
        let name = format!("{:?}", wish.command.action());
        if wish.command.action() != Action::RecordContact {
            survives(&name, &kept, &Request::Act(Box::new(wish.clone()))).await;
        }
        // A contact may be recorded twice, so it is `If-Match` that makes it repeatable.
        wish.seen_version = Some(u32::try_from(done + 1).unwrap());
        let name = format!("{name} with If-Match");
        survives(&name, &kept, &Request::Act(Box::new(wish))).await;
    }
}

#[tokio::test]
async fn r_in_6_one_request_records_one_contact() {
    let (kept, number) = after(&life()[..2]).await;
    let request = Request::Act(Box::new(record_contact(&number)));
    let reference = reference();
    let calm = Model::new(&reference, kept.clone(), None);
    let said = request.run(&calm).await.unwrap();
    for n in 1..=calm.calls() {
        let twice = Model::new(&reference, kept.clone(), Some((n, Fault::AskedTwice)));
        assert_eq!(request.run(&twice).await.unwrap(), said, "call {n}");
        assert_eq!(twice.kept(), calm.kept(), "call {n}");
    }
}

#[tokio::test]
async fn r_cal_5_the_sweep_survives_every_failing_call() {
    let mut kept = city();
    let dispatch = &life()[..1];
    for appeal in 1..=4 {
        kept = live(kept, appeal, dispatch).await.0;
    }
    let late = start() + Days::new(14);
    survives("sweep", &kept, &Request::Sweep(late)).await;
}

#[tokio::test]
async fn r_cb_5_archiving_survives_every_failing_call() {
    let mut kept = city();
    for appeal in 1..=3 {
        kept = live(kept, appeal, &life()).await.0;
    }
    let late = start() + Days::new(90);
    survives("archive", &kept, &Request::Archive(late)).await;
}

#[tokio::test]
async fn r_dp_4_erasing_survives_every_failing_call() {
    let (mut kept, number) = after(&life()).await;
    for appeal in 2..=3 {
        kept = live(kept, appeal, &life()).await.0;
    }
    let asked = ErasureWish {
        ground: ErasureGround::Wish,
        documents: vec![Document::Note("诉求人书面申请删除。".to_owned())],
        seen_version: None,
        at: start() + Days::new(1),
    };
    survives("erase", &kept, &Request::Erase(number, asked)).await;
}

/// The first appeal after these steps, and its number.
async fn after(steps: &[Step]) -> (Kept, TicketNumber) {
    live(city(), 1, steps).await
}

async fn live(kept: Kept, which: u8, steps: &[Step]) -> (Kept, TicketNumber) {
    let model = Model::new(&reference(), kept, None);
    let number = submit(&model, &appeal(which)).await.unwrap().ticket.number;
    for step in steps {
        let request = Request::Act(Box::new(step(&number)));
        request.run(&model).await.unwrap();
    }
    (model.kept(), number)
}
