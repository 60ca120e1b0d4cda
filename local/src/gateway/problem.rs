//! What the gateway itself answers when no function does: RFC 9457 problems in the
//! words of the functions' own catalogue.

use axum::body::Body;
use axum::response::Response;
use http::{StatusCode, header};

/// A refusal of the gateway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Problem {
    /// HTTP status.
    pub status: StatusCode,
    /// Stable code.
    pub code: &'static str,
    /// Title for people.
    pub title: &'static str,
    /// What to do next; none for 5xx.
    pub detail: Option<&'static str>,
}

/// No, expired or forged sign-in.
pub const UNAUTHENTICATED: Problem = Problem {
    status: StatusCode::UNAUTHORIZED,
    code: "sign-in-required",
    title: "请先登录",
    detail: Some("登录已失效或凭证有误，请重新登录。"),
};

/// No such route.
pub const NOT_FOUND: Problem = Problem {
    status: StatusCode::NOT_FOUND,
    code: "not-found",
    title: "没有找到",
    detail: Some("请核对地址。"),
};

/// A body over the limit.
pub const BODY_TOO_LARGE: Problem = Problem {
    status: StatusCode::PAYLOAD_TOO_LARGE,
    code: "body-too-large",
    title: "请求内容过大",
    detail: Some("请求体不超过256 KB；图片、语音、视频和文件请先申请上传。"),
};

/// The request could not be read to its end, or is not UTF-8 where it must be.
pub const MALFORMED: Problem = Problem {
    status: StatusCode::BAD_REQUEST,
    code: "malformed-request",
    title: "请求格式有误",
    detail: Some("请检查请求后重试。"),
};

/// More requests than the front door lets through.
pub const THROTTLED: Problem = Problem {
    status: StatusCode::TOO_MANY_REQUESTS,
    code: "too-many-requests",
    title: "请求过于频繁",
    detail: Some("请稍后再试。"),
};

/// The function failed.
pub const BROKEN: Problem = Problem {
    status: StatusCode::BAD_GATEWAY,
    code: "internal-error",
    title: "系统内部错误",
    detail: None,
};

/// The function took too long.
pub const TIMED_OUT: Problem = Problem {
    status: StatusCode::GATEWAY_TIMEOUT,
    code: "timed-out",
    title: "系统处理超时，请稍后再试",
    detail: None,
};

impl Problem {
    /// The HTTP answer.
    pub fn answer(self, trace_id: &str) -> Response {
        let mut body = serde_json::json!({
            "type": format!("/problems/{}", self.code),
            "title": self.title,
            "status": self.status.as_u16(),
            "code": self.code,
            "traceId": trace_id,
        });
        if let (Some(detail), Some(members)) = (self.detail, body.as_object_mut()) {
            members.insert("detail".to_owned(), detail.into());
        }
        let mut response = Response::new(Body::from(body.to_string()));
        *response.status_mut() = self.status;
        let content_type = http::HeaderValue::from_static("application/problem+json");
        response
            .headers_mut()
            .insert(header::CONTENT_TYPE, content_type);
        response
    }
}
