//! 数据分析 (Art. 6(5), 15; R-AN-1, R-AN-2): named questions, answered of the lake as it was made last;
//! and, for those who may, the masked tickets behind a figure. The function reaches the lake and no
//! table.

use std::fmt;
use std::sync::Arc;

use analysis::questions::{QUESTIONS, Question, Span};
use analysis::{Cell, Lake};
use api::answers::{FigureTicket, FigureTickets, FiguresAnswer, QuestionList};
use app::AppError;
use app::error::FieldError;
use app::lake::LakeObjects;
use app::reports::Shows;
use authz::{Intent, Officer, Permit, Principal, authorize};
use chrono::{DateTime, NaiveDate, Utc};
use lake::nightly::made;
use runtime::http::{Reply, Request};
use runtime::officers::Officers;
use tokio::sync::Mutex;

/// The lake that is open, and the mark by which it was the one made last.
type Open = (Option<DateTime<Utc>>, Arc<Lake>);

/// Holds the lake open between requests, until it is made anew.
pub struct Desk {
    officers: Officers,
    objects: Arc<dyn LakeObjects>,
    open: Mutex<Option<Open>>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the desk of figures")
    }
}

impl Desk {
    /// Answers of the lake in `objects`.
    pub fn new(officers: Officers, objects: Arc<dyn LakeObjects>) -> Self {
        Self {
            officers,
            objects,
            open: Mutex::new(None),
        }
    }

    /// The lake as it was made last.
    async fn lake(&self) -> Result<Arc<Lake>, AppError> {
        let mark = made(self.objects.as_ref()).await?;
        let mut open = self.open.lock().await;
        if let Some((_, lake)) = open.as_ref().filter(|(held, _)| *held == mark) {
            return Ok(lake.clone());
        }
        let lake = Arc::new(Lake::open(self.objects.clone()).await?);
        *open = Some((mark, lake.clone()));
        Ok(lake)
    }

    /// Opens it anew for who asks next.
    async fn forget(&self) {
        *self.open.lock().await = None;
    }
}

/// `GET /figures`, `GET /figures/{question}`, `GET /figures/{question}/tickets`.
pub async fn handle(desk: &Desk, request: Request) -> Result<Reply, AppError> {
    let officer = desk.officers.officer(&request).await?;
    let is_behind = request.path.ends_with("/tickets");
    let intent = if is_behind {
        Intent::LookBehind
    } else {
        Intent::AskFigures
    };
    let permit = authorize(Principal::Officer(&officer), intent)?;
    let Some(name) = request.path_parameter("question") else {
        let lake = desk.lake().await?;
        let items = QUESTIONS.iter().map(Question::asked).collect();
        return Reply::json(&permit, 200, &QuestionList::new(items, lake.as_of()));
    };
    let question = Question::named(name).ok_or(AppError::NotFound)?;
    let asked = Asked {
        question,
        span: span(&request)?,
        group: is_behind.then(|| group(&request, question)).transpose()?,
    };
    match answer(desk, &officer, &permit, &asked).await {
        // While the lake is made anew a file of the one that is open may go, with whose appellant was
        // erased: then the new one is asked.
        Err(AppError::Unavailable(error)) => {
            tracing::warn!(error, "the lake is opened anew");
            desk.forget().await;
            answer(desk, &officer, &permit, &asked).await
        }
        answered => answered,
    }
}

/// What is asked: figures, or the tickets of a group of them.
struct Asked<'a> {
    question: &'static Question,
    span: Span,
    group: Option<Vec<(&'a str, &'a str)>>,
}

async fn answer(
    desk: &Desk,
    officer: &Officer,
    permit: &Permit,
    asked: &Asked<'_>,
) -> Result<Reply, AppError> {
    let (question, span) = (asked.question, asked.span);
    let lake = desk.lake().await?;
    let Some(group) = &asked.group else {
        let figures = lake.ask(question, span).await?.figures();
        return Reply::json(permit, 200, &FiguresAnswer::new(&figures, lake.as_of()));
    };
    let found = lake.tickets(question, span, group).await?;
    let (rows, more) = found.ok_or(AppError::NotFound)?;
    let text = |cell: Option<&Cell>| match cell {
        Some(Cell::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let items = rows.iter().map(|row| {
        let cell = |at| text(row.get(at));
        FigureTicket::new([cell(0), cell(1), cell(2), cell(3), cell(4), cell(5)])
    });
    let items: Vec<FigureTicket> = items.collect();
    // Who looked at single appeals, and at how many (Art. 16).
    tracing::info!(
        officer = officer.id.as_str(),
        question = question.name,
        tickets = items.len(),
        "looked behind a figure"
    );
    Reply::json(permit, 200, &FigureTickets::new(items, more, lake.as_of()))
}

/// The days that are asked about.
fn span(request: &Request) -> Result<Span, AppError> {
    let mut wrong = Vec::new();
    let mut day = |name: &str| -> Option<NaiveDate> {
        let day = request.query_parameter(name).map(str::parse);
        if let Some(Ok(day)) = day {
            return Some(day);
        }
        wrong.push(FieldError::new(name, "应为日期，形如2026-07-01"));
        None
    };
    let (Some(since), Some(until)) = (day("since"), day("until")) else {
        return Err(AppError::Invalid(wrong));
    };
    Span::new(since, until).map_err(|_| {
        let says = "截止日期应不早于起始日期，相距不超过十年，年份为四位";
        AppError::Invalid(vec![FieldError::new("until", says)])
    })
}

/// Which group's tickets are asked for: `unit:ta-ylbzj,started_month:2026-03`.
fn group<'a>(
    request: &'a Request,
    question: &Question,
) -> Result<Vec<(&'a str, &'a str)>, AppError> {
    let columns = question.columns.iter();
    let columns = columns.filter(|column| matches!(column.shows, Shows::Group | Shows::Key));
    let columns: Vec<&str> = columns.map(|column| column.name).collect();
    let asked = request.query_parameter("group").unwrap_or_default();
    let parts = asked.split(',').filter(|part| !part.is_empty());
    let group: Option<Vec<_>> = parts.map(|part| part.split_once(':')).collect();
    let is_known = |(column, _): &(&str, &str)| columns.contains(column);
    match group {
        Some(group) if !group.is_empty() && group.iter().all(is_known) => Ok(group),
        _ => {
            let says = format!("应为“列:值”，以逗号分隔；可用的列：{}", columns.join("、"));
            Err(AppError::Invalid(vec![FieldError::new("group", says)]))
        }
    }
}
