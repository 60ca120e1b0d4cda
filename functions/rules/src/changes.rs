//! Proposing a change of the rules, and having it carried out.

use api::answers::RuleChangeView;
use api::requests::{CalendarBody, RulebookBody, parse};
use app::AppError;
use app::ports::Committed;
use app::rule_changes::{NotNow, Proposal, RuleChange, RulesPart, walk_order};
use authz::Permit;
use domain::calendar::shanghai_date;
use domain::ids::OfficerId;
use runtime::http::{Reply, Request};
use store::reference::{notice_section, rulebook_section};

use crate::Desk;

/// Functions trust what they read of the rules for a minute; tickets are moved when all of them have
/// forgotten the old ones.
const FORGETTING_SECONDS: i32 = 65;

pub(crate) async fn answer(
    desk: &Desk,
    officer: &OfficerId,
    permit: &Permit,
    request: &Request,
) -> Result<Reply, AppError> {
    let change = if request.method == "PUT" {
        propose(desk, officer, request).await?
    } else {
        carry_out(desk, request).await?
    };
    let (part, stage) = (change.part.to_string(), change.stage.code());
    tracing::info!(
        officer = officer.as_str(),
        part,
        stage,
        "change of the rules"
    );
    Reply::json(permit, 202, &view(&change)?)
}

/// A change as sent.
pub(crate) fn view(change: &RuleChange) -> Result<RuleChangeView, AppError> {
    Ok(RuleChangeView::new(change, &store::proposed(change)?))
}

async fn propose(
    desk: &Desk,
    officer: &OfficerId,
    request: &Request,
) -> Result<RuleChange, AppError> {
    let (part, proposed, because) = if let Some(year) = request.path_parameter("year") {
        let year = year.parse().map_err(|_| AppError::NotFound)?;
        let today = shanghai_date(request.at);
        let notice = parse::<CalendarBody>(&request.body)?.check(year, today)?;
        let because = if notice.document_number.is_empty() {
            format!("{year}年暂定日历")
        } else {
            notice.document_number.clone()
        };
        (RulesPart::Calendar(year), notice_section(&notice)?, because)
    } else {
        let version = request.path_parameter("version").unwrap_or_default();
        let version = version.parse().map_err(|_| AppError::NotFound)?;
        let all = desk.store.timetable_now().await?.rulebooks;
        let book = parse::<RulebookBody>(&request.body)?.check(version, &all)?;
        let because = format!("规则参数第{version}版");
        (
            RulesPart::Rulebook(version),
            rulebook_section(&book)?,
            because,
        )
    };
    let proposal = Proposal {
        part,
        proposed,
        standing: desk.store.rules_part(part).await?,
        because,
        about: desk
            .store
            .about_items()
            .await?
            .try_into()
            .unwrap_or_default(),
    };
    let earlier = desk.store.rule_change(part).await?;
    let change = RuleChange::propose(earlier.as_ref(), proposal, officer.clone(), request.at)
        .map_err(AppError::Rules)?;
    let before = earlier.map_or(0, |earlier| earlier.version);
    kept(desk.store.put_rule_change(&change, before).await?)?;
    desk.walks.send(&walk_order(&change)?, 0).await?;
    Ok(change)
}

async fn carry_out(desk: &Desk, request: &Request) -> Result<RuleChange, AppError> {
    let part = request.path_parameter("change").and_then(RulesPart::parse);
    let part = part.ok_or(AppError::NotFound)?;
    let found = desk.store.rule_change(part).await?;
    let mut change = found.ok_or(AppError::NotFound)?;
    let before = change.version;
    let standing = desk.store.rules_part(part).await?;
    change
        .carry_out(standing.as_deref())
        .map_err(AppError::Rules)?;
    if change.version != before {
        kept(desk.store.load_rule_change(&change, before).await?)?;
    }
    desk.walks
        .send(&walk_order(&change)?, FORGETTING_SECONDS)
        .await?;
    Ok(change)
}

/// Who was slower reads again what stands.
const fn kept(committed: Committed) -> Result<(), AppError> {
    match committed {
        Committed::Yes => Ok(()),
        Committed::LostRace => Err(AppError::Rules(NotNow::Stale)),
    }
}
