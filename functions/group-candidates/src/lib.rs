//! 高频、共性问题发现 (Art. 15; R-AN-3): `app::problem_groups` behind a schedule.
