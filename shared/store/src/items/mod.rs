//! Items and the domain, both directions.

pub(crate) mod accountability;
pub(crate) mod attachment;
pub(crate) mod delivery;
pub(crate) mod export;
pub(crate) mod knowledge;
pub(crate) mod likeness;
pub(crate) mod listing;
pub(crate) mod problem_group;
pub(crate) mod suggestion;
pub(crate) mod supervision;
pub(crate) mod ticket;
