//! Problem groups as they are shown (Art. 8(5), 15; R-AN-3, R-AN-4).

use app::ports::Reference;
use app::problem_groups::due_of;
use chrono::{DateTime, NaiveDate, Utc};
use domain::knowledge::Step;
use domain::problem_group::{
    COMPARED_DAYS, Candidate, Comparison, Deed, Entry, Like, Member, Plan, ProblemGroup,
};
use serde::Serialize;

/// Members that are shown at most, the newest.
const SHOWN: usize = 200;

/// A page of groups.
#[derive(Debug, Serialize)]
pub struct GroupPage {
    /// The newest day first.
    pub items: Vec<GroupView>,
    /// Where the next page starts, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// A group.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupView {
    id: String,
    title: String,
    unit: String,
    unit_name: String,
    managed_by: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_item: Option<String>,
    stage: &'static str,
    stage_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_at: Option<DateTime<Utc>>,
    overdue: bool,
    size: usize,
    opened_by: String,
    opened_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanView>,
    #[serde(flatten)]
    parts: Option<GroupParts>,
}

/// What the page of one group shows besides.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct GroupParts {
    entries: Vec<EntryView>,
    tickets: Vec<MemberView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<ComparisonView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct PlanView {
    root_cause: String,
    measures: String,
    until: NaiveDate,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryView {
    at: DateTime<Utc>,
    by: String,
    deed: &'static str,
    deed_name: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<PlanView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    complaints: Vec<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct MemberView {
    number: String,
    kind: &'static str,
    received_at: DateTime<Utc>,
    joined_by: String,
    joined_at: DateTime<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    released: Option<ReleasedView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ReleasedView {
    by: String,
    at: DateTime<Utc>,
    reason: String,
}

/// How often the problem was brought before and after its measures (R-AN-4).
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ComparisonView {
    before: usize,
    before_days: i64,
    after: usize,
    after_days: i64,
}

impl From<&Plan> for PlanView {
    fn from(plan: &Plan) -> Self {
        Self {
            root_cause: plan.root_cause.clone(),
            measures: plan.measures.clone(),
            until: plan.until,
        }
    }
}

impl From<&Entry> for EntryView {
    fn from(entry: &Entry) -> Self {
        let (deed, deed_name) = match &entry.deed {
            Deed::Planned(_) => ("planned", "提交根源分析和整改措施"),
            Deed::Completed { .. } => ("completed", "报告整改完成"),
            Deed::Verified {
                is_effective: true, ..
            } => ("effective", "核验见效"),
            Deed::Verified { .. } => ("ineffective", "核验未见效"),
            Deed::Repeated { .. } => ("repeated", "三次以上投诉，尚无有效整改"),
            Deed::Released { .. } => ("released", "移出工单"),
        };
        let (plan, words, complaints) = match &entry.deed {
            Deed::Planned(plan) => (Some(PlanView::from(plan)), None, Vec::new()),
            Deed::Completed { words } | Deed::Verified { words, .. } => {
                (None, Some(words.clone()), Vec::new())
            }
            Deed::Released { number, reason } => {
                (None, Some(format!("{number}：{reason}")), Vec::new())
            }
            Deed::Repeated { complaints } => {
                let numbers = complaints.iter().map(ToString::to_string);
                (None, None, numbers.collect())
            }
        };
        Self {
            at: entry.step.at,
            by: entry.step.by.to_string(),
            deed,
            deed_name,
            plan,
            words,
            complaints,
        }
    }
}

impl From<&Member> for MemberView {
    fn from(member: &Member) -> Self {
        let released = |(step, reason): &(Step, String)| ReleasedView {
            by: step.by.to_string(),
            at: step.at,
            reason: reason.clone(),
        };
        Self {
            number: member.number.to_string(),
            kind: member.kind.code(),
            received_at: member.received_at,
            joined_by: member.joined.by.to_string(),
            joined_at: member.joined.at,
            released: member.released.as_ref().map(released),
        }
    }
}

impl From<Comparison> for ComparisonView {
    fn from(comparison: Comparison) -> Self {
        Self {
            before: comparison.before,
            before_days: COMPARED_DAYS,
            after: comparison.after,
            after_days: comparison.after_days,
        }
    }
}

/// A group as a row of the list.
pub fn group_row(group: &ProblemGroup, reference: &Reference, now: DateTime<Utc>) -> GroupView {
    let due_at = due_of(group, &reference.timetable);
    let stage = group.stage().0;
    GroupView {
        id: group.id.to_string(),
        title: group.title.clone(),
        unit: group.unit.to_string(),
        unit_name: reference.registry.unit_name(&group.unit).to_owned(),
        managed_by: group.managed_by.to_string(),
        area: group.area.clone(),
        service_item: group.service_item.clone(),
        stage: stage.code(),
        stage_name: stage.zh(),
        due_at,
        overdue: due_at.is_some_and(|due| now >= due),
        size: group.size,
        opened_by: group.opened.by.to_string(),
        opened_at: group.opened.at,
        plan: group.plan().map(PlanView::from),
        parts: None,
    }
}

/// A group with all that is on record of it.
pub fn group_view(
    group: &ProblemGroup,
    members: &[Member],
    reference: &Reference,
    now: DateTime<Utc>,
) -> GroupView {
    let mut newest: Vec<_> = members.iter().collect();
    newest.sort_by_key(|member| std::cmp::Reverse((member.received_at, &member.number)));
    let comparison = group.before_and_after(members, now);
    GroupView {
        parts: Some(GroupParts {
            entries: group.entries.iter().map(EntryView::from).collect(),
            tickets: newest
                .into_iter()
                .take(SHOWN)
                .map(MemberView::from)
                .collect(),
            comparison: comparison.map(ComparisonView::from),
        }),
        ..group_row(group, reference, now)
    }
}

/// What may be about one problem.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CandidateList {
    /// When it was looked for last; never yet where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    made_at: Option<DateTime<Utc>>,
    items: Vec<CandidateView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CandidateView {
    title: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    service_item: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    size: usize,
    tickets: Vec<LikeView>,
}

#[derive(Debug, Serialize)]
struct LikeView {
    number: String,
    likeness: u8,
}

/// What may be about one problem, as it is shown.
pub fn candidate_list(made_at: Option<DateTime<Utc>>, found: &[Candidate]) -> CandidateList {
    let like = |like: &Like| LikeView {
        number: like.number.to_string(),
        likeness: like.likeness,
    };
    let view = |candidate: &Candidate| CandidateView {
        title: candidate.words.clone(),
        area: candidate.area.clone(),
        service_item: candidate.service_item.clone(),
        group: candidate.group.as_ref().map(ToString::to_string),
        size: candidate.size,
        tickets: candidate.tickets.iter().map(like).collect(),
    };
    CandidateList {
        made_at,
        items: found.iter().map(view).collect(),
    }
}
