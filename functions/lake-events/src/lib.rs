//! 数据归集 (Art. 15; R-AN-1): `lake::gather` behind a schedule.
