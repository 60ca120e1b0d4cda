//! 保存期限 (Art. 16; R-DP-4): `app::retention` behind a schedule.
