//! What a function returns, as an HTTP answer. Both payload formats are read by one struct.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::{HeaderName, HeaderValue, StatusCode};
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProxyAnswer {
    status_code: u16,
    #[serde(default)]
    headers: Option<BTreeMap<String, Value>>,
    #[serde(default)]
    multi_value_headers: Option<BTreeMap<String, Vec<Value>>>,
    #[serde(default)]
    cookies: Option<Vec<String>>,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

/// The HTTP answer a function's JSON stands for; `None` where it is none ("malformed Lambda proxy
/// response").
pub fn from_function(json: &[u8]) -> Option<Response> {
    let answer: ProxyAnswer = serde_json::from_slice(json).ok()?;
    let text = answer.body.unwrap_or_default();
    let body = if answer.is_base64_encoded {
        BASE64_STANDARD.decode(text).ok()?
    } else {
        text.into()
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(answer.status_code).ok()?;
    let single = answer.headers.unwrap_or_default();
    let multi = answer.multi_value_headers.unwrap_or_default();
    let cookies = answer.cookies.unwrap_or_default();
    // A header in both maps is sent once: the multi-value map is the fuller one.
    let single = single
        .into_iter()
        .filter(|(name, _)| !multi.contains_key(name));
    let pairs =
        single
            .chain(multi.iter().flat_map(|(name, values)| {
                values.iter().map(|value| (name.clone(), value.clone()))
            }))
            .chain(
                cookies
                    .into_iter()
                    .map(|cookie| ("set-cookie".to_owned(), cookie.into())),
            );
    for (name, value) in pairs {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        let name = HeaderName::try_from(name).ok()?;
        // The length follows from the body that is really sent.
        if name != http::header::CONTENT_LENGTH {
            response
                .headers_mut()
                .append(name, HeaderValue::try_from(text).ok()?);
        }
    }
    Some(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_of_both_formats_are_read() {
        let json = br#"{"statusCode":201,"headers":{"content-type":"application/json","x-n":1},
            "multiValueHeaders":{"content-type":["application/json"]},"body":"{}","isBase64Encoded":false,
            "cookies":["a=1","b=2"]}"#;
        let response = from_function(json).unwrap();
        assert_eq!(response.status(), 201);
        assert_eq!(response.headers().get_all("content-type").iter().count(), 1);
        assert_eq!(response.headers().get_all("set-cookie").iter().count(), 2);
        assert_eq!(response.headers()["x-n"], "1");
    }

    #[test]
    fn anything_else_is_malformed() {
        for json in [
            "null",
            "{}",
            "\"ok\"",
            r#"{"statusCode":99}"#,
            r#"{"statusCode":200,"body":{}}"#,
        ] {
            assert!(from_function(json.as_bytes()).is_none(), "{json}");
        }
    }
}
