//! 随机抽取回访 (Art. 14; R-CB-2): `app::callbacks` behind a schedule.
