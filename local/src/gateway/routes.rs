//! The routes of one front door, as the template names them.

use std::collections::BTreeMap;

use http::Method;

/// One route: `GET /appeals/{number}` and the function behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The method; API Gateway's `ANY` is not used here.
    pub method: Method,
    /// The path with its parameters in braces.
    pub resource: String,
    /// Logical id of the function.
    pub function: String,
}

/// A route that fits a request, with the values of its parameters, decoded.
#[derive(Debug, PartialEq, Eq)]
pub struct Matched<'a> {
    /// The route.
    pub route: &'a Route,
    /// `{name}` to value.
    pub parameters: BTreeMap<String, String>,
}

/// Finds the route of a request. A literal segment wins over a parameter, as in API Gateway.
pub fn find<'a>(routes: &'a [Route], method: &Method, path: &str) -> Option<Matched<'a>> {
    let candidates = routes.iter().filter(|route| route.method == *method);
    candidates
        .filter_map(|route| {
            Some(Matched {
                route,
                parameters: parameters(&route.resource, path)?,
            })
        })
        .min_by_key(|matched| matched.parameters.len())
}

fn parameters(resource: &str, path: &str) -> Option<BTreeMap<String, String>> {
    let (mut wanted, mut given) = (resource.split('/'), path.split('/'));
    let mut parameters = BTreeMap::new();
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return Some(parameters),
            (Some(pattern), Some(segment)) => match parameter_name(pattern) {
                Some(name) if !segment.is_empty() => {
                    parameters.insert(name.to_owned(), percent_decode(segment)?);
                }
                None if pattern == segment => {}
                _ => return None,
            },
            _ => return None,
        }
    }
}

fn parameter_name(pattern: &str) -> Option<&str> {
    pattern.strip_prefix('{')?.strip_suffix('}')
}

/// The pairs of a query string, decoded, in their order. `None` where it is not UTF-8.
pub fn query_pairs(query: &str) -> Option<Vec<(String, String)>> {
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            let decode = |text: &str| percent_decode(&text.replace('+', " "));
            Some((decode(name)?, decode(value)?))
        })
        .collect()
}

/// Undoes `%XX`; a lone `%` stays as it is.
pub fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten();
        let decoded =
            hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(decoded.unwrap_or(*first));
        rest = if decoded.is_some() {
            after.get(2..).unwrap_or_default()
        } else {
            after
        };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn routes() -> Vec<Route> {
        let route = |method: Method, resource: &str, function: &str| Route {
            method,
            resource: resource.to_owned(),
            function: function.to_owned(),
        };
        vec![
            route(Method::POST, "/appeals", "IntakeFunction"),
            route(Method::GET, "/appeals/{number}", "TrackFunction"),
            route(Method::GET, "/appeals/mine", "MineFunction"),
            route(Method::POST, "/appeals/{number}/rating", "RateFunction"),
        ]
    }

    fn check(method: &Method, path: &str, expected: Option<(&str, &[(&str, &str)])>) {
        let routes = routes();
        let found = find(&routes, method, path).map(|found| {
            let pairs = found.parameters.into_iter().collect::<Vec<_>>();
            (found.route.function.clone(), pairs)
        });
        let expected = expected.map(|(function, pairs)| {
            let pairs = pairs
                .iter()
                .map(|(a, b)| ((*a).to_owned(), (*b).to_owned()))
                .collect();
            (function.to_owned(), pairs)
        });
        assert_eq!(found, expected, "{method} {path}");
    }

    #[test]
    fn requests_find_their_route() {
        check(&Method::POST, "/appeals", Some(("IntakeFunction", &[])));
        check(&Method::GET, "/appeals", None);
        check(
            &Method::GET,
            "/appeals/TA1",
            Some(("TrackFunction", &[("number", "TA1")])),
        );
        check(
            &Method::GET,
            "/appeals/a%2Fb",
            Some(("TrackFunction", &[("number", "a/b")])),
        );
        check(&Method::GET, "/appeals/", None);
        check(&Method::GET, "/appeals/mine", Some(("MineFunction", &[])));
        check(
            &Method::POST,
            "/appeals/TA1/rating",
            Some(("RateFunction", &[("number", "TA1")])),
        );
        check(&Method::POST, "/appeals/TA1/rating/x", None);
        check(&Method::GET, "/appeals/%FF", None);
    }

    #[test]
    fn queries_are_decoded() {
        let pairs = query_pairs("unit=ta-rsj&q=%E5%8C%BB%E4%BF%9D+%2B&flag&half=%").unwrap();
        let expected = [
            ("unit", "ta-rsj"),
            ("q", "医保 +"),
            ("flag", ""),
            ("half", "%"),
        ];
        assert_eq!(pairs, expected.map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
