//! Which units cannot receive tickets, and what they lack (R-HD-1).

use app::AppError;
use authz::Permit;
use domain::registry::{Gap, Unit, UnitKind};
use runtime::http::Reply;
use serde::Serialize;
use store::DynamoStore;

#[derive(Debug, Serialize)]
struct NotReady {
    unit: String,
    name: String,
    kind: &'static str,
    reasons: Vec<Reason>,
}

#[derive(Debug, Serialize)]
struct Reason {
    code: &'static str,
    name: &'static str,
}

pub(crate) async fn answer(store: &DynamoStore, permit: &Permit) -> Result<Reply, AppError> {
    // As it is now: who has just handed in a file looks here.
    let (all, _) = store.full_registry().await?;
    let waiting = all.registry.units.iter().filter(|unit| {
        // City units hand tickets out; the others receive them.
        unit.kind != UnitKind::CityManaging && !unit.can_receive()
    });
    Reply::json(permit, 200, &waiting.map(not_ready).collect::<Vec<_>>())
}

fn not_ready(unit: &Unit) -> NotReady {
    let reason = |gap: Gap| Reason {
        code: gap.code(),
        name: gap.zh(),
    };
    NotReady {
        unit: unit.id.to_string(),
        name: unit.name.clone(),
        kind: unit.kind.code(),
        reasons: unit.gaps().into_iter().map(reason).collect(),
    }
}
