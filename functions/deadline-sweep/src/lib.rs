//! The sweep of the deadlines (R-CAL-5): `app::sweep` behind a schedule.
