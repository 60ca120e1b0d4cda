//! What is told of cases of supervision, of the knowledge base and of problem groups (Art. 8(5), 17;
//! R-SV-7, R-KB-3, R-AN-3). No words that somebody wrote: they stand on the pages.

use app::AppError;
use app::notices::{Told, of_case, of_group, of_knowledge};
use app::ports::Reference;
use app::problem_groups::{self, Groups as _};
use app::supervision::{self, Cases as _};
use domain::knowledge::{KnowledgeEntry, KnowledgeId};
use domain::problem_group::{Deed as GroupDeed, ProblemGroup, ProblemGroupId};
use domain::supervision::{Deed, SupervisionCase, SupervisionId};
use store::DynamoStore;

use crate::message::until;

/// Who is told of the entry of this number, and what; nothing where nobody is.
pub(crate) async fn told(
    store: &DynamoStore,
    reference: &Reference,
    id: &str,
    number: u32,
) -> Result<Option<(Told, String)>, AppError> {
    let index = usize::try_from(number).unwrap_or_default().checked_sub(1);
    let index = index.ok_or_else(missing)?;
    if let Some(id) = SupervisionId::parse(id) {
        let case = store.case(&id).await?.ok_or(AppError::NotFound)?;
        return of_entry(&case, reference, index);
    }
    if let Some(id) = KnowledgeId::parse(id) {
        let entry = store.knowledge(&id).await?.ok_or(AppError::NotFound)?;
        return of_notice(&entry, index);
    }
    if let Some(id) = ProblemGroupId::parse(id) {
        let group = store.group(&id).await?.ok_or(AppError::NotFound)?;
        return of_problem(&group, reference, index);
    }
    Err(AppError::Malformed("no such thing is told of".to_owned()))
}

fn missing() -> AppError {
    AppError::Malformed("no such entry".to_owned())
}

fn of_entry(
    case: &SupervisionCase,
    reference: &Reference,
    index: usize,
) -> Result<Option<(Told, String)>, AppError> {
    let entry = case.entries.get(index).ok_or_else(missing)?;
    let Some(told) = of_case(case, &entry.deed) else {
        return Ok(None);
    };
    let (id, why) = (&case.id, &case.cause);
    // A limit is told as it stands now: where it went on since, by the next message.
    let due = supervision::due_of(case, &reference.timetable);
    let due = due.map(until).unwrap_or_default();
    let words = match &entry.deed {
        Deed::Step { method, letter } => {
            let letter = letter.map(|letter| letter.to_string()).unwrap_or_default();
            let (article, method) = (why.trigger.article(), method.zh());
            format!("督办{id}（{article}）：{method}{letter}，请办理并答复{due}。")
        }
        Deed::Refused { .. } => {
            format!("督办{id}的答复不符合要求，请继续办理并答复{due}。")
        }
        Deed::Accepted { .. } => format!("督办{id}已核实办结。"),
        Deed::Answered { .. } => format!("督办{id}已有答复，请核实。"),
        Deed::Unanswered => format!("督办{id}现场督办后逾期未答复，请处理。"),
        Deed::Noted { .. } => return Ok(None),
    };
    Ok(Some((told, words)))
}

fn of_notice(entry: &KnowledgeEntry, index: usize) -> Result<Option<(Told, String)>, AppError> {
    let notice = entry.notices.get(index).ok_or_else(missing)?;
    let (id, warned, due) = (&entry.id, notice.warned.cause.zh(), until(notice.due_at));
    let words = format!("知识库条目{id}收到“{warned}”通知，请核实更新{due}。");
    Ok(Some((of_knowledge(entry), words)))
}

fn of_problem(
    group: &ProblemGroup,
    reference: &Reference,
    index: usize,
) -> Result<Option<(Told, String)>, AppError> {
    let deed = match index.checked_sub(1) {
        None => None,
        Some(index) => Some(&group.entries.get(index).ok_or_else(missing)?.deed),
    };
    let Some(told) = of_group(group, deed) else {
        return Ok(None);
    };
    let id = &group.id;
    let due = problem_groups::due_of(group, &reference.timetable);
    let due = due.map(until).unwrap_or_default();
    let words = match deed {
        None => format!("问题组{id}已确认，请分析根源并提出整改措施{due}。"),
        Some(GroupDeed::Completed { .. }) => {
            format!("问题组{id}报告整改完成，请核验成效{due}。")
        }
        Some(_) => format!("问题组{id}经核验未见效，请重新分析根源并提出整改措施{due}。"),
    };
    Ok(Some((told, words)))
}
