//! Lists, one entry, and what changed between two of its versions.

use api::answers::{DifferenceView, KnowledgeList as ListAnswer, KnowledgeRowView, KnowledgeView};
use app::AppError;
use app::error::FieldError;
use authz::{Intent, KnowledgeDeed, Permit, Principal, allows, authorize};
use domain::knowledge::{KnowledgeEntry, Version, review_desk, reviewed_by};
use runtime::http::Reply;
use store::{KnowledgeList, KnowledgeRow};

use crate::Desk;

/// Entries of a page.
const PAGE: i32 = 50;

impl Desk<'_> {
    /// `GET /knowledge`: a unit's entries, or those of them that wait for review; of a managing unit
    /// that reviews, all that wait for its reviewers.
    pub(crate) async fn list(&self) -> Result<Reply, AppError> {
        let unit = match self.request.query_parameter("unit") {
            Some(unit) => api::requests::unit("unit", unit)?,
            None => self.officer.unit.clone(),
        };
        let reviewers = reviewed_by(&self.reference.registry, &unit);
        let principal = Principal::Officer(self.officer);
        let permit = authorize(principal, Intent::ListKnowledge(&unit, &reviewers))?;
        let list = match (review_desk(&reviewers), self.waits()?) {
            (Some(desk), true) => KnowledgeList::InReview(desk),
            _ => KnowledgeList::Of(&unit),
        };
        let cursor = self.request.query_parameter("cursor");
        let (mut rows, next) = self.store.knowledge_page(list, cursor, PAGE).await?;
        rows.retain(|row| row.owner == unit || reviewers.contains(&unit));
        let items = rows.into_iter().map(view).collect();
        Reply::json(&permit, 200, &ListAnswer { items, next })
    }

    /// Whether what waits for review is asked for.
    fn waits(&self) -> Result<bool, AppError> {
        match self.request.query_parameter("waiting") {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => {
                let wrong = FieldError::new("waiting", "取值应为：true、false");
                Err(AppError::Invalid(vec![wrong]))
            }
        }
    }

    /// `GET /knowledge/{entry}`.
    pub(crate) async fn show(&self) -> Result<Reply, AppError> {
        let entry = self.named().await?;
        let permit = self.permit(KnowledgeDeed::Read, &entry)?;
        let versions = self.store.knowledge_versions(&entry.id).await?;
        let settled = self.store.knowledge_settled(&entry.id).await?;
        let reads_drafts = self.reads_drafts(&entry)?;
        let view = KnowledgeView::new(&entry, self.today(), reads_drafts);
        let shown: &[Version] = if reads_drafts { &versions } else { &[] };
        Reply::json(&permit, 200, &view.with_past(shown, settled))
    }

    /// `GET /knowledge/{entry}/difference`.
    pub(crate) async fn compare(&self) -> Result<Reply, AppError> {
        let entry = self.named().await?;
        let permit = self.permit(KnowledgeDeed::ReadDraft, &entry)?;
        let (older, newer) = (
            self.version(&entry, "from").await?,
            self.version(&entry, "to").await?,
        );
        Reply::json(&permit, 200, &DifferenceView::new(&older, &newer))
    }

    async fn version(&self, entry: &KnowledgeEntry, name: &str) -> Result<Version, AppError> {
        let number = self.request.query_parameter(name).unwrap_or_default();
        let wrong = || {
            let detail = "没有这个版本，请从版本列表中选择";
            AppError::Invalid(vec![FieldError::new(name, detail)])
        };
        let number = number.parse().map_err(|_| wrong())?;
        let found = self.store.knowledge_version(&entry.id, number).await?;
        found.ok_or_else(wrong)
    }

    fn reads_drafts(&self, entry: &KnowledgeEntry) -> Result<bool, AppError> {
        let intent = Intent::Knowledge(KnowledgeDeed::ReadDraft, entry);
        allows(Principal::Officer(self.officer), intent)
    }

    /// The entry as it stands now, for who just did something to it.
    pub(crate) fn answer(
        &self,
        permit: &Permit,
        status: u16,
        entry: &KnowledgeEntry,
    ) -> Result<Reply, AppError> {
        let reads_drafts = self.reads_drafts(entry)?;
        let view = KnowledgeView::new(entry, self.today(), reads_drafts);
        Reply::json(permit, status, &view)
    }
}

fn view(row: KnowledgeRow) -> KnowledgeRowView {
    KnowledgeRowView {
        id: row.id.as_str().to_owned(),
        title: row.title,
        kind: row.kind.code(),
        kind_name: row.kind.zh(),
        standing: row.standing.code(),
        standing_name: row.standing.zh(),
        owner: row.owner.to_string(),
        due_at: row.due_at,
    }
}
