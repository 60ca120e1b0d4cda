//! 可能的共性问题: what is alike, for those who may confirm it (Art. 15; R-AN-3).

use std::collections::BTreeSet;

use api::answers::candidate_list;
use app::AppError;
use app::ports::Store as _;
use app::problem_groups::Groups as _;
use authz::{Intent, authorize};
use domain::problem_group::{Candidate, Like};
use domain::registry::UnitKind;
use runtime::http::Reply;

use super::Desk;

impl Desk<'_> {
    /// What may be about one problem: for a county, of what was transferred to it.
    pub(super) async fn candidates(&self) -> Result<Reply, AppError> {
        let permit = authorize(self.principal(), Intent::ReadCandidates)?;
        let Some((made_at, found)) = self.store.candidates().await? else {
            return Reply::json(&permit, 200, &candidate_list(None, &[]));
        };
        let unit = self.reference.registry.unit(&self.officer.unit);
        let is_city = unit.is_some_and(|unit| unit.kind == UnitKind::CityManaging);
        // Some may be in a group by now.
        let grouped = self.store.grouped().await?;
        let is_meant = |like: &Like| {
            let is_ours = is_city || like.county.as_ref() == Some(&self.officer.unit);
            is_ours && !grouped.contains_key(&like.number)
        };
        let mut left: Vec<Candidate> = found
            .into_iter()
            .filter_map(|it| it.left(is_meant))
            .collect();
        let locked = self.locked(&left).await?;
        left.retain(|candidate| !locked.contains(candidate.first.as_str()));
        Reply::json(&permit, 200, &candidate_list(Some(made_at), &left))
    }

    /// Those whose title was locked since it was read (Art. 11(2)).
    async fn locked(&self, left: &[Candidate]) -> Result<BTreeSet<String>, AppError> {
        let mut locked = BTreeSet::new();
        for candidate in left {
            let ticket = self.store.load(&candidate.first.key()).await?;
            if ticket.is_none_or(|ticket| ticket.is_locked()) {
                locked.insert(candidate.first.to_string());
            }
        }
        Ok(locked)
    }
}
