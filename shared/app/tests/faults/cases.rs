//! The use cases, each with every one of its calls failing in every way.

use app::AppError;
use app::act::{Wish, act, find};
use app::archive::archive_due;
use app::callbacks::{DrawRecord, draw_due, reckon};
use app::documents::Document;
use app::erasure::{Erasing, ErasureWish, erase};
use app::problem_groups::gather;
use app::seals::{LeafLine, Seal, head_message};
use app::submit::{SubmitRequest, submit};
use app::supervision::{Cases as _, climb_due, supervise};
use app::sweep::sweep;
use chrono::{DateTime, Days, TimeDelta, Utc};
use domain::problem_group::{Member, ProblemGroupId};
use domain::supervision::{Method, Trigger};
use domain::ticket::{Ticket, TicketNumber};
use domain::workflow::command::Rating;
use domain::workflow::words::{Action, Clock, ErasureGround};

use crate::city::{
    Step, actor, appeal, city, life, prove, rate_badly, record_contact, reference, reopen, start,
};
use crate::groups::joins;
use crate::model::{Fault, Kept, Model};

const FAULTS: [Fault; 3] = [Fault::NotDone, Fault::AnswerLost, Fault::AskedTwice];

/// What somebody asks for.
#[derive(Debug, Clone)]
pub(crate) enum Request {
    Submit(Box<SubmitRequest>),
    Act(Box<Wish>),
    Sweep(DateTime<Utc>),
    Archive(DateTime<Utc>),
    Draw(DateTime<Utc>),
    Supervise,
    Climb(DateTime<Utc>),
    Join(ProblemGroupId, Box<Member>),
    Gather(DateTime<Utc>),
    Erase(TicketNumber, ErasureWish),
}

impl Request {
    /// Does it; says at which version the ticket stands then, where it is about one ticket.
    pub(crate) async fn run(&self, model: &Model) -> Result<Option<u32>, AppError> {
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
            Self::Draw(now) => draw_due(model, model, model, *now).await.map(|_| None),
            Self::Supervise => {
                for (ticket, _) in model.kept().tickets.values() {
                    supervise(model, &reference(), ticket, |_, _| true).await?;
                }
                Ok(None)
            }
            Self::Climb(now) => climb_due(model, &reference(), *now).await.map(|_| None),
            Self::Join(group, member) => joins(model, group, member).await.map(|()| None),
            Self::Gather(now) => gather(model, model, model, *now).await.map(|_| None),
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
pub(crate) async fn survives(name: &str, before: &Kept, request: &Request) {
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

/// Closings of one unit, one of them rated badly, sealed within the hour.
async fn closed_and_sealed() -> Kept {
    let mut kept = city();
    for appeal in 1..=4 {
        kept = live(kept, appeal, &life()[..4]).await.0;
    }
    let (mut kept, _) = live(kept, 5, &[&life()[..4], &[rate_badly]].concat()).await;
    seal(&mut kept, start() + TimeDelta::hours(1));
    kept
}

/// Seals every ticket as it stands.
pub(crate) fn seal(kept: &mut Kept, at: DateTime<Utc>) {
    let heads = kept.tickets.values().map(|(ticket, _)| {
        serde_json::from_str::<LeafLine>(&head_message(ticket).unwrap()).unwrap()
    });
    let seal = Seal::over(heads.collect(), at).unwrap();
    let bytes = serde_json::to_vec(&seal).unwrap();
    kept.objects.insert(seal.name(), bytes);
}

/// R-CB-2: machines' clocks differ, and an event may bear an earlier time than the one before it. What
/// a ticket was when the day ended is still a ticket, and its closing is drawn with the next day.
#[tokio::test]
async fn r_cb_2_a_clock_that_lags_stops_no_draw() {
    let (kept, number) = after(&life()[..3]).await;
    let model = Model::new(&reference(), kept, None);
    // A day's draw ends at three in the morning in Shanghai.
    let ends: DateTime<Utc> = "2026-03-02T19:00:00Z".parse().unwrap();
    for (step, seconds) in [(life()[3], 1), (rate_badly as Step, -1)] {
        let mut wish = step(&number);
        wish.at = ends + TimeDelta::seconds(seconds);
        Request::Act(Box::new(wish)).run(&model).await.unwrap();
    }
    let mut kept = model.kept();
    seal(&mut kept, ends - TimeDelta::minutes(1));
    seal(&mut kept, ends + TimeDelta::hours(1));
    let model = Model::new(&reference(), kept, None);
    let counts = async |day: &str| {
        let record = reckon(&model, &model, day.parse().unwrap()).await;
        record.unwrap().counts()
    };
    assert_eq!(counts("2026-03-02").await, (0, 0, 0));
    assert_eq!(counts("2026-03-03").await.0, 1);
}

/// R-CB-2: a week and more in which nothing ran is made up for as far back as is looked.
#[tokio::test]
async fn r_cb_2_days_on_which_nothing_ran_are_drawn_later() {
    let model = Model::new(&reference(), closed_and_sealed().await, None);
    let draws = async |days| {
        let now = start() + Days::new(days);
        draw_due(&model, &model, &model, now).await.unwrap().days
    };
    assert_eq!(draws(1).await, 1, "a city begins with the day before");
    assert_eq!(draws(4).await, 3);
    assert_eq!(draws(24).await, 7);
    assert_eq!(draws(24).await, 0);
}

#[tokio::test]
async fn r_cb_2_the_draw_survives_every_failing_call() {
    let kept = closed_and_sealed().await;
    let next_day = start() + Days::new(1);
    survives("draw", &kept, &Request::Draw(next_day)).await;
}

/// R-CB-2: the draw is put on record, and whoever reckons it later finds the same, whatever became of
/// the tickets; nothing is drawn twice.
#[tokio::test]
async fn r_cb_2_a_draw_can_be_reckoned_again_and_draws_nothing_twice() {
    let model = Model::new(&reference(), closed_and_sealed().await, None);
    let next_day = start() + Days::new(1);
    let run = draw_due(&model, &model, &model, next_day).await.unwrap();
    assert_eq!((run.days, run.gone_on, run.nobody), (1, 0, 0), "{run:?}");
    // A tenth of five is one; and whoever is dissatisfied, if chance did not take them.
    let day = "2026-03-02".parse().unwrap();
    let record = DrawRecord::open(&model.kept().objects[&DrawRecord::name(day)]).unwrap();
    let (population, sampled, added) = record.counts();
    assert_eq!((population, sampled), (5, 1), "{record:?}");
    assert_eq!(u32::try_from(sampled + added).unwrap(), run.drawn);
    let tickets = model.kept().tickets;
    let drawn = tickets.values().filter(|(it, _)| it.callback.is_some());
    let drawn: Vec<_> = drawn.map(|(ticket, _)| ticket).collect();
    assert_eq!(drawn.len(), sampled + added);
    assert!(
        drawn
            .iter()
            .any(|it| it.rating.is_some_and(Rating::is_dissatisfied)),
        "who is dissatisfied is called"
    );
    for ticket in &drawn {
        let callback = ticket.callback.as_ref().unwrap();
        assert_eq!(callback.caller.as_str(), "ta-bigdata");
        // Art. 14: three working days from closing, and not from the draw.
        let clock = ticket
            .clock(Clock::Callback, &reference().timetable)
            .unwrap();
        assert_eq!(clock.started_at, start());
    }
    // Reckoned again when the drawn tickets are others by now.
    let again = reckon(&model, &model, day).await.unwrap();
    assert_eq!(again, record);
    for later in 1..=5 {
        let now = next_day + Days::new(later);
        let run = draw_due(&model, &model, &model, now).await.unwrap();
        assert_eq!((run.days, run.drawn), (1, 0), "{later} days later: {run:?}");
    }
}

/// Tickets late in signing and in closing, and a rating that proved true on each of two.
async fn late_and_proved() -> Kept {
    let (kept, _) = live(city(), 1, &life()[..1]).await;
    let model = Model::new(&reference(), kept, None);
    sweep(&model, start() + Days::new(14)).await.unwrap();
    let mut kept = model.kept();
    for appeal in 2..=3 {
        let steps = [&life()[..4], &[rate_badly, prove]].concat();
        kept = live(kept, appeal, &steps).await.0;
    }
    kept
}

/// R-SV-7: a crash and a repeated run at every step open no second case and lose none.
#[tokio::test]
async fn r_sv_7_opening_cases_survives_every_failing_call() {
    let kept = late_and_proved().await;
    survives("supervise", &kept, &Request::Supervise).await;
    let model = Model::new(&reference(), kept, None);
    for _ in 0..2 {
        Request::Supervise.run(&model).await.unwrap();
        let cases = model.kept().cases;
        let triggers = cases.values().map(|(case, _)| case.cause.trigger);
        let mut triggers: Vec<_> = triggers.map(Trigger::code).collect();
        triggers.sort_unstable();
        assert_eq!(triggers, ["dissatisfied", "overdue", "overdue"]);
    }
}

/// R-SV-5: told late, a proved rating is still laid to the unit that had the ticket then.
#[tokio::test]
async fn r_sv_5_a_ticket_that_went_on_changes_nothing_of_what_was_proved() {
    let mut kept = city();
    for appeal in 1..=2 {
        let steps = [&life()[..4], &[rate_badly, prove, reopen]].concat();
        kept = live(kept, appeal, &steps).await.0;
    }
    let model = Model::new(&reference(), kept, None);
    Request::Supervise.run(&model).await.unwrap();
    let cases = model.kept().cases;
    let (case, _) = cases.values().next().unwrap();
    assert_eq!(cases.len(), 1);
    assert_eq!(case.cause.trigger, Trigger::Dissatisfied);
    assert_eq!(case.cause.unit.as_str(), "ta-ylbzj");
}

/// R-SV-7: no letter is sent twice, and none without its number.
#[tokio::test]
async fn r_sv_7_the_ladder_survives_every_failing_call() {
    let model = Model::new(&reference(), late_and_proved().await, None);
    Request::Supervise.run(&model).await.unwrap();
    for weeks in 4..=9 {
        let now = start() + Days::new(7 * weeks);
        let kept = model.kept();
        let due = model.due_cases(now).await.unwrap();
        if !due.is_empty() {
            survives("climb", &kept, &Request::Climb(now)).await;
        }
        Request::Climb(now).run(&model).await.unwrap();
    }
    let kept = model.kept();
    let letters = kept
        .cases
        .values()
        .map(|(case, _)| case.letter().unwrap().0);
    let mut letters: Vec<_> = letters.map(|letter| letter.number).collect();
    letters.sort_unstable();
    assert_eq!(letters, [1, 2, 3]);
    assert!(
        kept.cases
            .values()
            .all(|(case, due)| due.is_none() && case.method().0 == Method::OnSite)
    );
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

pub(crate) async fn live(kept: Kept, which: u8, steps: &[Step]) -> (Kept, TicketNumber) {
    let model = Model::new(&reference(), kept, None);
    let number = submit(&model, &appeal(which)).await.unwrap().ticket.number;
    for step in steps {
        let request = Request::Act(Box::new(step(&number)));
        request.run(&model).await.unwrap();
    }
    (model.kept(), number)
}
