//! Errors as people and programs meet them (RFC 9457): one `match` from [`AppError`] to a problem.
//! A code never changes; a title is Chinese and says what happened, the detail what to do.

use app::AppError;
use app::error::{FieldError, Present, Unknown};
use domain::workflow::refusal::Refusal;
use serde::Serialize;

/// Media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// A problem.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Problem {
    /// `/problems/<code>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What happened, in Chinese.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// What to do, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Stable code.
    pub code: &'static str,
    /// Article of the regulation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub article: Option<&'static str>,
    /// Fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<WrongField>,
    /// Where the ticket stands now, when somebody was faster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ticket: Option<TicketNow>,
    /// The trace, for support.
    pub trace_id: String,
}

/// A field that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WrongField {
    /// JSON pointer or header.
    pub pointer: String,
    /// What is wrong, in Chinese.
    pub detail: String,
}

/// Where a ticket stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TicketNow {
    /// Version.
    pub version: u32,
    /// State code.
    pub state: &'static str,
    /// State in Chinese.
    pub state_name: &'static str,
}

impl From<&Present> for TicketNow {
    fn from(present: &Present) -> Self {
        let Present { version, state } = present;
        Self {
            version: *version,
            state: state.code(),
            state_name: state.zh(),
        }
    }
}

impl From<FieldError> for WrongField {
    fn from(error: FieldError) -> Self {
        Self {
            pointer: error.pointer,
            detail: error.detail,
        }
    }
}

/// A row of the catalogue: status, code, title, what the person does.
struct Entry(u16, &'static str, &'static str, Option<&'static str>);

impl Problem {
    fn new(entry: &Entry, trace_id: &str) -> Self {
        let Entry(status, code, title, detail) = entry;
        Self {
            kind: format!("/problems/{code}"),
            title,
            status: *status,
            detail: detail.map(str::to_owned),
            code,
            article: None,
            errors: Vec::new(),
            ticket: None,
            trace_id: trace_id.to_owned(),
        }
    }

    /// Turns an error into a problem. 5xx show only title and trace id.
    pub fn from_error(error: AppError, trace_id: &str) -> Self {
        let mut problem = Self::new(&entry(&error), trace_id);
        match error {
            AppError::Refused { refusal, present } => {
                problem.refused(refusal);
                problem.ticket = present.as_ref().map(TicketNow::from);
            }
            AppError::Invalid(fields) => {
                problem.errors = fields.into_iter().map(WrongField::from).collect();
            }
            AppError::Malformed(what) => {
                problem.errors = vec![WrongField {
                    pointer: String::new(),
                    detail: what,
                }];
            }
            AppError::ChangedMeanwhile(present) => problem.ticket = Some((&present).into()),
            _ => {}
        }
        problem
    }

    fn refused(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::NotOpenNow { action, state } => {
                let (action, state) = (action.zh(), state.zh());
                self.detail = Some(format!(
                    "工单目前{state}，不能{action}。请刷新后按现状办理。"
                ));
            }
            Refusal::NotYourRole { action, role } => {
                let (action, role) = (action.zh(), role.zh());
                self.detail = Some(format!("{role}不能{action}，请由有权限的人员办理。"));
            }
            Refusal::Incomplete {
                action,
                article,
                missing,
            } => {
                self.detail = Some(format!("请补全后再{}。", action.zh()));
                self.article = Some(article);
                let field = |missing: domain::workflow::refusal::Missing| WrongField {
                    pointer: missing.pointer.to_owned(),
                    detail: missing.advice,
                };
                self.errors = missing.into_iter().map(field).collect();
            }
        }
    }
}

fn entry(error: &AppError) -> Entry {
    match error {
        AppError::Refused { refusal, .. } => refusal_entry(refusal),
        AppError::Invalid(_) => Entry(
            422,
            "invalid-content",
            "提交的内容不符合要求",
            Some("请按提示修改后重新提交。"),
        ),
        AppError::Malformed(_) => Entry(
            400,
            "malformed-request",
            "请求格式有误",
            Some("请求体须为接口说明所列的 JSON 结构。"),
        ),
        AppError::BodyTooLarge => Entry(
            413,
            "body-too-large",
            "请求内容过大",
            Some("请求体不超过256 KB；图片、语音、视频和文件请先申请上传。"),
        ),
        AppError::Unauthenticated(unknown) => unknown_entry(*unknown),
        AppError::Forbidden => Entry(
            403,
            "forbidden",
            "没有权限",
            Some("如确需办理，请联系本单位管理员。"),
        ),
        AppError::NotFound => Entry(
            404,
            "not-found",
            "没有找到",
            Some("请核对编号；无权查看的工单也按未找到处理。"),
        ),
        AppError::WrongQueryCode => Entry(
            404,
            "number-or-code-wrong",
            "诉求编号或查询码不正确",
            Some("请核对后重试；多次输错将暂停查询一小时。"),
        ),
        AppError::TooManyTries => Entry(
            429,
            "too-many-tries",
            "输错次数过多",
            Some("请一小时后再试，或到服务窗口查询。"),
        ),
        AppError::KeyReused => Entry(
            409,
            "idempotency-key-reused",
            "同一幂等键已用于另一内容",
            Some("重试须发送完全相同的内容；新的诉求请换用新的 Idempotency-Key。"),
        ),
        AppError::ChangedMeanwhile(_) => Entry(
            412,
            "changed-meanwhile",
            "工单已被他人更新",
            Some("请刷新后再操作。"),
        ),
        AppError::Unavailable(_) => Entry(503, "try-again", "系统繁忙，请稍后重试", None),
        AppError::Broken(_) => Entry(500, "internal-error", "系统内部错误", None),
    }
}

const fn refusal_entry(refusal: &Refusal) -> Entry {
    match refusal {
        Refusal::NotOpenNow { .. } => Entry(409, "not-open-now", "工单现在不能这样办理", None),
        Refusal::NotYourRole { .. } => Entry(403, "not-your-role", "您的角色不能这样办理", None),
        Refusal::Incomplete { .. } => Entry(422, "incomplete", "内容不完整", None),
    }
}

const fn unknown_entry(unknown: Unknown) -> Entry {
    match unknown {
        Unknown::Token => Entry(
            401,
            "sign-in-required",
            "请先登录",
            Some("登录已失效或凭证有误，请重新登录。"),
        ),
        Unknown::Signature => Entry(
            401,
            "wrong-signature",
            "渠道签名不正确",
            Some("请核对渠道代码、密钥和签名串的拼接方式。"),
        ),
        Unknown::Timestamp => Entry(
            401,
            "stale-timestamp",
            "请求时间超出允许范围",
            Some("请校准渠道系统时钟，误差不超过5分钟，并重新签名。"),
        ),
        Unknown::ReplayedNonce => Entry(
            401,
            "replayed-nonce",
            "请求已被接收过",
            Some("每次请求须换用新的随机串并重新签名。"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::workflow::words::{Action, State};

    #[test]
    fn r_ux_2_a_lost_race_is_a_conflict_with_the_present_state() {
        let error = AppError::Refused {
            refusal: Refusal::NotOpenNow {
                action: Action::Sign,
                state: State::Handling,
            },
            present: Some(Present {
                version: 3,
                state: State::Handling,
            }),
        };
        let json = serde_json::to_value(Problem::from_error(error, "1-2")).unwrap();
        assert_eq!(json["status"], 409);
        assert_eq!(json["type"], "/problems/not-open-now");
        assert_eq!(
            json["detail"],
            "工单目前办理中，不能签收。请刷新后按现状办理。"
        );
        assert_eq!(json["ticket"]["stateName"], "办理中");
        assert_eq!(json["traceId"], "1-2");
    }

    #[test]
    fn server_faults_show_no_cause() {
        let problem = Problem::from_error(AppError::Broken("table `x`".into()), "1-2");
        let text = serde_json::to_string(&problem).unwrap();
        assert!(!text.contains("table"), "{text}");
    }
}
