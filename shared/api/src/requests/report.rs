//! What is asked for of reports (Art. 6(5); R-AN-2).

use app::AppError;
use app::error::FieldError;
use domain::periodic::Period;
use serde::Deserialize;

/// `POST /reports`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PeriodicBody {
    /// `2026`, `2026-Q3` or `2026-07-01_2026-08-15`.
    period: String,
}

impl PeriodicBody {
    /// The period.
    pub fn check(self) -> Result<Period, AppError> {
        Period::parse(&self.period).ok_or_else(|| {
            let says =
                "应为年度（2026）、季度（2026-Q3）或者起止日期（2026-07-01_2026-08-15，最长一年）";
            AppError::Invalid(vec![FieldError::new("/period", says)])
        })
    }
}
