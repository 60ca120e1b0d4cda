//! What callers get.

use app::documents::{AnswerDocument, Document, RecordDocument};
use app::ports::{Attachment, AttachmentState, Delivery, Dossier, Reference, WorklistPage};
use chrono::{DateTime, Utc};
use domain::audit::{Actor, Event, Happening};
use domain::clocks::{Reading, Running};
use domain::signs::{Sign, Suggestion, signs_in};
use domain::ticket::{How, Ticket};
use domain::workflow::rules::open_to;
use domain::workflow::words::{Ground, Role, State};
use serde::Serialize;

/// Answer to a submission.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppealReceipt {
    /// Ticket number.
    pub number: String,
    /// Query code.
    pub query_code: String,
    /// When it was received.
    pub received_at: DateTime<Utc>,
    /// State code.
    pub state: &'static str,
    /// Shown when the text bears signs of an emergency (R-TR-6).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice: Option<Notice>,
}

/// A notice to the appellant.
#[derive(Debug, Serialize)]
pub struct Notice {
    /// Code of the ground.
    pub code: &'static str,
    /// What to do.
    pub text: String,
    /// The number to call.
    pub route: &'static str,
}

/// A notice for the first emergency sign in `text`.
pub fn emergency_notice(text: &str) -> Option<Notice> {
    let sign = signs_in(text)
        .into_iter()
        .find(|sign| sign.ground.is_emergency())?;
    let (_, route) = guidance(sign.ground);
    let text = format!("如遇紧急情况，请立即拨打{route}。您的诉求已收到，工作人员将优先查看。");
    Some(Notice {
        code: sign.ground.code(),
        text,
        route,
    })
}

/// The lawful way that is open (Art. 11(1), R-TR-6): guidance text, and the route's number or name.
pub const fn guidance(ground: Ground) -> (&'static str, &'static str) {
    match ground {
        Ground::Emergency110 => (
            "您反映的情况属于公安机关紧急处置范围，请立即拨打110报警。",
            "110",
        ),
        Ground::Emergency119 => ("您反映的情况属于消防救援范围，请立即拨打119。", "119"),
        Ground::Emergency120 => ("您反映的情况需要医疗急救，请立即拨打120。", "120"),
        Ground::Emergency122 => (
            "您反映的情况属于道路交通事故报警范围，请立即拨打122。",
            "122",
        ),
        Ground::Reconsideration => (
            "您反映的事项依法应当通过或已进入行政复议程序，请向行政复议机关提出或等候复议决定。",
            "行政复议机关",
        ),
        Ground::Litigation => (
            "您反映的事项依法应当通过或已进入行政诉讼程序，请通过人民法院诉讼渠道解决。",
            "人民法院",
        ),
        Ground::Arbitration => (
            "您反映的事项依法应当通过或已进入仲裁程序，请向有管辖权的仲裁机构提出。",
            "仲裁机构",
        ),
        Ground::Discipline => (
            "您反映的事项属于纪检监察受理范围，请拨打12388或通过纪检监察举报网站反映。",
            "12388",
        ),
        Ground::Hotline12345 => (
            "您反映的事项已由12345政务服务便民热线办理，请拨打12345查询进展。",
            "12345",
        ),
        Ground::Petition => (
            "您反映的事项已进入信访程序，请通过国家信访局网上信访平台或当地信访部门查询。",
            "信访部门",
        ),
        Ground::EnterpriseTrack => (
            "您反映的事项纳入企业接诉即办处理，请通过企业诉求接诉即办平台查询。",
            "企业接诉即办",
        ),
    }
}

/// Where an appeal stands, for the appellant.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TrackPage {
    number: String,
    state: &'static str,
    state_name: &'static str,
    received_at: DateTime<Utc>,
    managing_unit: String,
    responsible_unit: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime<Utc>>,
    provisional: bool,
    timeline: Vec<TrackLine>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guidance: Option<String>,
    can_rate: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    rating: Option<RatingView>,
}

#[derive(Debug, Serialize)]
struct TrackLine {
    at: DateTime<Utc>,
    what: &'static str,
    text: String,
}

#[derive(Debug, Serialize)]
struct RatingView {
    level: u8,
    solved: bool,
}

/// What the appellant sees: no officer's name, no internal note.
pub fn track_page(ticket: &Ticket, dossier: &Dossier, reference: &Reference) -> TrackPage {
    let registry = &reference.registry;
    let is_open = !matches!(ticket.state, State::Closed | State::Archived);
    let clocks = ticket.clocks(&reference.timetable);
    let lines = ticket.events.iter().filter_map(|event| {
        let text = track_text(event, reference)?;
        Some(TrackLine {
            at: event.at,
            what: event.happening.action().zh(),
            text,
        })
    });
    TrackPage {
        number: ticket.number.to_string(),
        state: ticket.state.code(),
        state_name: ticket.state.zh(),
        received_at: ticket.received_at,
        managing_unit: registry
            .unit_name(&ticket.submission.managing_unit)
            .to_owned(),
        responsible_unit: registry.unit_name(&ticket.responsible_unit).to_owned(),
        due_at: ticket.due_at(&reference.timetable).filter(|_| is_open),
        provisional: is_open && clocks.iter().any(|clock| clock.provisional),
        timeline: lines.collect(),
        answer: answer_of(ticket, dossier),
        guidance: guidance_of(ticket, dossier),
        can_rate: ticket.state == State::Closed && ticket.rating.is_none(),
        rating: ticket.rating.map(|r| RatingView {
            level: r.level,
            solved: r.solved,
        }),
    }
}

fn track_text(event: &Event, reference: &Reference) -> Option<String> {
    Some(match &event.happening {
        Happening::Submitted(submission) => {
            let unit = reference.registry.unit_name(&submission.managing_unit);
            format!("您的诉求已提交，由{unit}审核。")
        }
        Happening::Dispatched { unit, .. } => {
            format!("已转{}办理。", reference.registry.unit_name(unit))
        }
        Happening::Signed => "承办单位已签收。".to_owned(),
        Happening::Contacted(contact) => {
            format!(
                "承办单位通过{}与您联系：{}。",
                contact.way.zh(),
                contact.outcome.zh()
            )
        }
        Happening::AnsweredDirectly { .. } | Happening::Closed { .. } => {
            "已办结并答复，请查看答复内容。".to_owned()
        }
        Happening::Declined { ground, .. } => format!("不予受理：{}。", ground.zh()),
        Happening::Rated { .. } => "您已评价。".to_owned(),
        Happening::Archived { .. } => "已归档。".to_owned(),
        Happening::Warned { .. } | Happening::BecameOverdue { .. } => return None,
    })
}

/// The answer, if the ticket was closed with one.
pub fn answer_of(ticket: &Ticket, dossier: &Dossier) -> Option<AnswerDocument> {
    let (How::Answered { text, .. } | How::AnsweredDirectly { text }) = ticket.closed.as_ref()?
    else {
        return None;
    };
    match Document::find(&dossier.texts, text)? {
        Document::Answer { answer, .. } => Some(answer),
        _ => None,
    }
}

/// The guidance of an appeal that was not accepted.
pub fn guidance_of(ticket: &Ticket, dossier: &Dossier) -> Option<String> {
    let How::NotAccepted {
        ground,
        explanation,
    } = ticket.closed.as_ref()?
    else {
        return None;
    };
    let (text, _) = guidance(*ground);
    let more = explanation
        .as_ref()
        .and_then(|name| Document::find(&dossier.texts, name));
    match more {
        Some(Document::Note(more)) => Some(format!("{text}{more}")),
        _ => Some(text.to_owned()),
    }
}

/// A page of a work list.
#[derive(Debug, Serialize)]
pub struct WorklistAnswer {
    unit: String,
    items: Vec<WorklistItem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WorklistItem {
    number: String,
    state: &'static str,
    state_name: &'static str,
    kind: String,
    subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime<Utc>>,
    version: u32,
}

/// A work list as sent.
pub fn worklist(unit: String, page: WorklistPage) -> WorklistAnswer {
    let item = |row: app::ports::WorklistRow| WorklistItem {
        number: row.number.to_string(),
        state: row.state.code(),
        state_name: row.state.zh(),
        kind: row.kind,
        subject: row.subject,
        due_at: row.due_at,
        version: row.version,
    };
    WorklistAnswer {
        unit,
        items: page.rows.into_iter().map(item).collect(),
        next: page.next,
    }
}

/// Answer to an action.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActionAnswer {
    number: String,
    version: u32,
    state: &'static str,
    state_name: &'static str,
    actions: Vec<OpenAction>,
}

/// An action open to the caller now.
#[derive(Debug, Serialize)]
pub struct OpenAction {
    action: &'static str,
    name: &'static str,
    article: &'static str,
    needs: Vec<&'static str>,
}

/// The actions open to `roles` now: the console offers these and knows no rule by itself.
pub fn open_actions(roles: &[Role], state: State) -> Vec<OpenAction> {
    let mut actions: Vec<OpenAction> = Vec::new();
    for row in roles.iter().flat_map(|role| open_to(*role, state)) {
        let code = row.action.code();
        if actions.iter().all(|open| open.action != code) {
            let needs = row.needs.iter().map(|need| need.zh()).collect();
            let (name, article) = (row.action.zh(), row.article);
            actions.push(OpenAction {
                action: code,
                name,
                article,
                needs,
            });
        }
    }
    actions
}

/// The answer after an action.
pub fn action_answer(ticket: &Ticket, roles: &[Role]) -> ActionAnswer {
    ActionAnswer {
        number: ticket.number.to_string(),
        version: ticket.version(),
        state: ticket.state.code(),
        state_name: ticket.state.zh(),
        actions: open_actions(roles, ticket.state),
    }
}

/// The ticket page.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketPage {
    number: String,
    version: u32,
    state: &'static str,
    state_name: &'static str,
    channel: String,
    kind: &'static str,
    subject: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    text: String,
    appellant: AppellantView,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_item: Option<String>,
    managing_unit: String,
    responsible_unit: String,
    received_at: DateTime<Utc>,
    clocks: Vec<ClockView>,
    timeline: Vec<TimelineLine>,
    attachments: Vec<AttachmentView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestion: Option<SuggestionView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<RecordDocument>,
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<AnswerDocument>,
    deliveries: Vec<DeliveryView>,
    actions: Vec<OpenAction>,
}

/// No name and no number: this function has no key to the vault.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AppellantView {
    kind: &'static str,
    reply_by: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ClockView {
    clock: &'static str,
    name: &'static str,
    article: &'static str,
    started_at: DateTime<Utc>,
    due_at: DateTime<Utc>,
    state: &'static str,
    overdue: bool,
    provisional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining_seconds: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TimelineLine {
    seq: usize,
    at: DateTime<Utc>,
    by: String,
    role: &'static str,
    action: &'static str,
    action_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AttachmentView {
    id: String,
    content_type: String,
    size_bytes: u64,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    detected_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    removed: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SuggestionView {
    managing_unit: String,
    emergency: Vec<SignView>,
    statutory: Vec<SignView>,
    units: Vec<LikelyUnitView>,
}

#[derive(Debug, Serialize)]
struct SignView {
    ground: &'static str,
    name: &'static str,
    words: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
struct LikelyUnitView {
    unit: String,
    name: String,
    score: u32,
    evidence: Vec<String>,
}

#[derive(Debug, Serialize)]
struct DeliveryView {
    id: String,
    arrived: bool,
    attempts: u32,
    at: DateTime<Utc>,
    outcome: String,
}

/// What the ticket page is made of.
#[derive(Debug)]
pub struct TicketParts<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// Texts, suggestion, deliveries.
    pub dossier: &'a Dossier,
    /// Attachments.
    pub attachments: &'a [Attachment],
    /// Reference data.
    pub reference: &'a Reference,
    /// The caller's roles.
    pub roles: &'a [Role],
    /// Now.
    pub now: DateTime<Utc>,
}

/// The ticket page as sent: personal data masked (R-DP-1).
pub fn ticket_page(parts: &TicketParts<'_>) -> TicketPage {
    let TicketParts {
        ticket,
        dossier,
        reference,
        ..
    } = parts;
    let submission = &ticket.submission;
    let (title, text) = appeal_text(ticket, dossier);
    TicketPage {
        number: ticket.number.to_string(),
        version: ticket.version(),
        state: ticket.state.code(),
        state_name: ticket.state.zh(),
        channel: submission.channel.to_string(),
        kind: submission.kind.code(),
        subject: submission.subject.code(),
        title,
        text,
        appellant: AppellantView {
            kind: submission.appellant_kind.code(),
            reply_by: submission.reply_way.code(),
        },
        area: submission.area.clone(),
        service_item: submission.service_item.clone(),
        managing_unit: submission.managing_unit.to_string(),
        responsible_unit: ticket.responsible_unit.to_string(),
        received_at: ticket.received_at,
        clocks: clock_views(&ticket.clocks(&reference.timetable), parts.now),
        timeline: timeline(ticket, dossier),
        attachments: parts.attachments.iter().map(attachment_view).collect(),
        suggestion: dossier
            .suggestion
            .as_ref()
            .map(|s| suggestion_view(s, reference)),
        record: record_of(ticket, dossier),
        answer: answer_of(ticket, dossier),
        deliveries: dossier.deliveries.iter().map(delivery_view).collect(),
        actions: open_actions(parts.roles, ticket.state),
    }
}

/// Title and text of the appeal.
pub fn appeal_text(ticket: &Ticket, dossier: &Dossier) -> (Option<String>, String) {
    match Document::find(&dossier.texts, &ticket.submission.text) {
        Some(Document::Appeal { title, text }) => (title, text),
        _ => (None, String::new()),
    }
}

fn record_of(ticket: &Ticket, dossier: &Dossier) -> Option<RecordDocument> {
    let How::Answered { text, .. } = ticket.closed.as_ref()? else {
        return None;
    };
    match Document::find(&dossier.texts, text)? {
        Document::Answer { record, .. } => record,
        _ => None,
    }
}

fn clock_views(readings: &[Reading], now: DateTime<Utc>) -> Vec<ClockView> {
    let view = |reading: &Reading| ClockView {
        clock: reading.clock.code(),
        name: reading.clock.zh(),
        article: reading.article,
        started_at: reading.started_at,
        due_at: reading.due_before,
        state: match reading.running {
            Running::Yes => "running",
            Running::PausedAt(_) => "paused",
            Running::StoppedAt(_) => "stopped",
        },
        overdue: reading.is_overdue(now),
        provisional: reading.provisional,
        remaining_seconds: (reading.running == Running::Yes)
            .then(|| (reading.due_before - now).num_seconds()),
    };
    readings.iter().map(view).collect()
}

fn timeline(ticket: &Ticket, dossier: &Dossier) -> Vec<TimelineLine> {
    let line = |(seq, event): (usize, &Event)| TimelineLine {
        seq: seq + 1,
        at: event.at,
        by: match &event.by {
            Actor::Officer { id, unit, .. } => format!("{unit}/{id}"),
            Actor::Channel(channel) => channel.to_string(),
            Actor::Appellant | Actor::System => event.by.role().zh().to_owned(),
        },
        role: event.by.role().zh(),
        action: event.happening.action().code(),
        action_name: event.happening.action().zh(),
        note: note(event, dossier),
    };
    ticket.events.iter().enumerate().map(line).collect()
}

fn note(event: &Event, dossier: &Dossier) -> Option<String> {
    let about = match &event.happening {
        Happening::Warned { clock, .. } | Happening::BecameOverdue { clock } => Some(clock.zh()),
        Happening::Contacted(contact) => Some(contact.outcome.zh()),
        Happening::Declined { ground, .. } => Some(ground.zh()),
        _ => None,
    };
    let words = event
        .happening
        .text()
        .and_then(|name| Document::find(&dossier.texts, name));
    match (about, words) {
        (Some(about), Some(Document::Note(words))) => Some(format!("{about}：{words}")),
        (None, Some(Document::Note(words))) => Some(words),
        (about, _) => about.map(str::to_owned),
    }
}

fn attachment_view(attachment: &Attachment) -> AttachmentView {
    let (state, reason) = match &attachment.state {
        AttachmentState::Granted => ("granted", None),
        AttachmentState::Clean => ("clean", None),
        AttachmentState::Quarantined { reason } => ("quarantined", Some(reason.clone())),
    };
    AttachmentView {
        id: attachment.id.to_string(),
        content_type: attachment.content_type.clone(),
        size_bytes: attachment.size_bytes,
        state,
        detected_type: attachment.detected_type.clone(),
        reason,
        removed: attachment.removed.clone(),
    }
}

fn suggestion_view(suggestion: &Suggestion, reference: &Reference) -> SuggestionView {
    let sign = |sign: &Sign| SignView {
        ground: sign.ground.code(),
        name: sign.ground.zh(),
        words: sign.words.clone(),
    };
    let (emergency, statutory): (Vec<&Sign>, Vec<&Sign>) = suggestion
        .signs
        .iter()
        .partition(|sign| sign.ground.is_emergency());
    let unit = |likely: &domain::signs::LikelyUnit| LikelyUnitView {
        unit: likely.unit.to_string(),
        name: reference.registry.unit_name(&likely.unit).to_owned(),
        score: likely.score,
        evidence: likely.evidence.clone(),
    };
    SuggestionView {
        managing_unit: suggestion.managing_unit.to_string(),
        emergency: emergency.into_iter().map(sign).collect(),
        statutory: statutory.into_iter().map(sign).collect(),
        units: suggestion.units.iter().map(unit).collect(),
    }
}

fn delivery_view(delivery: &Delivery) -> DeliveryView {
    let Delivery {
        id,
        arrived,
        attempts,
        at,
        outcome,
    } = delivery.clone();
    DeliveryView {
        id,
        arrived,
        attempts,
        at,
        outcome,
    }
}

/// A short-lived link to a clean attachment.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AttachmentLink {
    url: String,
    expires_at: DateTime<Utc>,
}

impl AttachmentLink {
    /// A link and when it ends.
    pub const fn new(url: String, expires_at: DateTime<Utc>) -> Self {
        Self { url, expires_at }
    }
}

/// A granted upload: where and with which form fields to send the file.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UploadGrant {
    /// Its identifier, to be named when submitting.
    pub upload_id: String,
    /// Where to POST the form.
    pub url: String,
    /// Fields of the form, before the file.
    pub fields: std::collections::BTreeMap<String, String>,
    /// When the grant ends.
    pub expires_at: DateTime<Utc>,
}
