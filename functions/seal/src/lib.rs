//! 全程可溯 (Art. 9; R-DP-5): `app::seals` behind a schedule.
