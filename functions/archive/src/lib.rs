//! 归档 (Art. 6(3); R-CB-5): `app::archive` behind a schedule.
