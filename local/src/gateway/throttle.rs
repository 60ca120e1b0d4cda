//! The limit that the template sets on a front door: one token bucket for all its callers, as API
//! Gateway keeps one for each stage. The firewall's limits for each address and channel, over five
//! minutes, are not on the laptop, where everybody has one address.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;
use substrate::Template;

/// Rate and burst of a front door.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Requests a second in the long run.
    pub rate: f64,
    /// Requests at once.
    pub burst: f64,
}

/// What API Gateway lets an account through where a stage names no limit of its own.
const ACCOUNT: Plan = Plan {
    rate: 10_000.0,
    burst: 5_000.0,
};

impl Plan {
    /// What the template says for the API with this logical id, REST or HTTP.
    pub fn of(template: &Template, api: &str) -> Result<Self> {
        let methods = template.property(api, "MethodSettings")?;
        let routes = template.property(api, "DefaultRouteSettings")?;
        let methods = methods.as_ref().and_then(|settings| settings.get(0));
        let settings = methods.or(routes.as_ref());
        let limit = |name: &str, fallback: f64| {
            let Some(value) = settings.and_then(|settings| settings.get(name)) else {
                return Ok(fallback);
            };
            positive(value).with_context(|| format!("`{name}` of `{api}`"))
        };
        Ok(Self {
            rate: limit("ThrottlingRateLimit", ACCOUNT.rate)?,
            burst: limit("ThrottlingBurstLimit", ACCOUNT.burst)?,
        })
    }
}

/// A number above zero; a template's parameters are texts.
fn positive(value: &Value) -> Result<f64> {
    let number = match value {
        Value::String(text) => text.parse().ok(),
        other => other.as_f64(),
    };
    let number: f64 = number.with_context(|| format!("`{value}` is not a number"))?;
    ensure!(
        number.is_finite() && number > 0.0,
        "`{value}` lets nobody through"
    );
    Ok(number)
}

/// The bucket of a front door.
#[derive(Debug)]
pub struct Throttle {
    plan: Plan,
    /// Tokens left, and when they were counted.
    bucket: Mutex<(f64, Instant)>,
}

impl Throttle {
    /// Starts with a full bucket.
    pub fn new(plan: Plan) -> Self {
        Self {
            plan,
            bucket: Mutex::new((plan.burst, Instant::now())),
        }
    }

    /// Takes one token; else says how long to wait for the next.
    pub fn take(&self, now: Instant) -> Result<(), Duration> {
        let mut bucket = self.bucket.lock().unwrap_or_else(PoisonError::into_inner);
        let (left, at) = *bucket;
        let gained = now.saturating_duration_since(at).as_secs_f64() * self.plan.rate;
        let tokens = (left + gained).min(self.plan.burst);
        // A request may be counted before one that came in earlier: time does not go back.
        let at = at.max(now);
        if tokens >= 1.0 {
            *bucket = (tokens - 1.0, at);
            return Ok(());
        }
        *bucket = (tokens, at);
        Err(Duration::from_secs_f64((1.0 - tokens) / self.plan.rate))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use substrate::{Endpoints, Ports};

    use super::*;

    #[test]
    fn a_burst_passes_then_the_rate_holds() {
        let throttle = Throttle::new(Plan {
            rate: 2.0,
            burst: 3.0,
        });
        let start = Instant::now();
        let passed = (0..5).filter(|_| throttle.take(start).is_ok()).count();
        assert_eq!(passed, 3);
        assert!(throttle.take(start).unwrap_err() <= Duration::from_millis(500));
        let later = start + Duration::from_millis(500);
        assert!(throttle.take(later).is_ok());
        assert!(throttle.take(later).is_err());
        assert!(
            throttle.take(start).is_err(),
            "time that goes back gives nothing"
        );
        assert!(throttle.take(start + Duration::from_secs(1)).is_ok());
    }

    fn plan(api: &str, properties: &str, rate: Option<&str>) -> Result<Plan> {
        let text = format!(
            "Parameters:\n  Rate: {{ Type: Number, Default: 100 }}\n\
             Resources:\n  {api}:\n    Type: x\n    Properties: {{ {properties} }}\n"
        );
        let parameters: BTreeMap<_, _> = rate
            .map(|rate| ("Rate".to_owned(), rate.to_owned()))
            .into_iter()
            .collect();
        let ports = Ports {
            dynamodb: 1,
            s3: 2,
            sqs: 3,
        };
        Plan::of(
            &Template::parse(&text, &parameters, &Endpoints::from(ports))?,
            api,
        )
    }

    #[test]
    fn the_template_says_the_rate_of_either_kind_of_door() {
        let limits = "ThrottlingRateLimit: !Ref Rate, ThrottlingBurstLimit: 7";
        let rest = format!("MethodSettings: [{{ HttpMethod: '*', {limits} }}]");
        let http = format!("DefaultRouteSettings: {{ {limits} }}");
        for properties in [&rest, &http] {
            for (given, rate) in [(None, 100.0), (Some("2.5"), 2.5)] {
                let expected = Plan { rate, burst: 7.0 };
                assert_eq!(plan("Door", properties, given).unwrap(), expected);
            }
            for wrong in ["0", "-1", "NaN", "many"] {
                assert!(plan("Door", properties, Some(wrong)).is_err(), "{wrong}");
            }
        }
        assert_eq!(plan("Door", "StageName: x", None).unwrap(), ACCOUNT);
    }
}
