//! Every problem there is. `docs/problems.md` is made of this table by `cargo xtask problems`; a
//! code never changes and is never used for anything else.

use app::AppError;
use app::error::Unknown;
use domain::accountability::NotSo;
use domain::knowledge;
use domain::workflow::refusal::Refusal;

/// One row a code: when it happens (its doc comment), status, code, title, what people are told
/// to do in `detail`, and what the calling program does.
macro_rules! catalogue {
    ($($(#[doc = $when:literal])+ $name:ident = $status:literal $code:literal $title:literal
        detail $detail:expr, caller $caller:literal;)+) => {
        /// A stable code.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Code { $($(#[doc = $when])+ $name),+ }

        impl Code {
            /// Every code, by status.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// HTTP status.
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }

            /// The code as sent.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// What happened, in Chinese.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// What to do, in Chinese, where that does not depend on the case.
            pub const fn detail(self) -> Option<&'static str> {
                match self { $(Self::$name => $detail),+ }
            }

            /// When it happens.
            pub const fn when(self) -> &'static str {
                match self { $(Self::$name => concat!($($when),+).trim_ascii_start()),+ }
            }

            /// What the calling program does.
            pub const fn caller(self) -> &'static str {
                match self { $(Self::$name => $caller),+ }
            }
        }
    };
}

catalogue! {
    /// The body is not JSON of the shape that the contract gives; `errors` says where, without
    /// the value.
    MalformedRequest = 400 "malformed-request" "请求格式有误"
        detail Some("请求体须为接口说明所列的 JSON 结构。"),
        caller "Correct the program that builds the body.";
    /// No sign-in token, or one that is over, forged or made for somebody else. In the cloud the
    /// console's front door refuses most of these itself, with `{"message":"Unauthorized"}`.
    SignInRequired = 401 "sign-in-required" "请先登录"
        detail Some("登录已失效或凭证有误，请重新登录。"),
        caller "Sign in again and repeat the request with the new token.";
    /// The channel is unknown, none of its live secrets makes this signature of this request, or the
    /// nonce has not 16 to 64 characters.
    WrongSignature = 401 "wrong-signature" "渠道签名不正确"
        detail Some("请核对渠道代码、密钥和签名串的拼接方式。"),
        caller "Compare the signed string, line by line, with the contract's; unchanged, the request is refused again.";
    /// The timestamp that was signed is more than five minutes off, or no number.
    StaleTimestamp = 401 "stale-timestamp" "请求时间超出允许范围"
        detail Some("请校准渠道系统时钟，误差不超过5分钟，并重新签名。"),
        caller "Set the clock and sign the request anew.";
    /// A request with this nonce was carried out before.
    ReplayedNonce = 401 "replayed-nonce" "请求已被接收过"
        detail Some("每次请求须换用新的随机串并重新签名。"),
        caller "Sign anew with a new nonce; with the same `Idempotency-Key` and body the receipt of the first request is the answer.";
    /// The caller is known, may know of the ticket or list, and may not do this.
    Forbidden = 403 "forbidden" "没有权限"
        detail Some("如确需办理，请联系本单位管理员。"),
        caller "Do not offer the action: `actions` of the ticket page lists those that are open.";
    /// The action is open now, but not to the role in which the officer acts; `detail` says which.
    NotYourRole = 403 "not-your-role" "您的角色不能这样办理"
        detail None,
        caller "Do not offer the action: `actions` of the ticket page lists those that are open.";
    /// The action is open now to the role, but of another unit: `detail` says whose it is.
    NotYourUnit = 403 "not-your-unit" "不是本单位的事项"
        detail None,
        caller "Do not offer the action: `actions` of the ticket page lists those that are open.";
    /// There is no such address, ticket or file, or the caller may not know that there is.
    NotFound = 404 "not-found" "没有找到"
        detail Some("请核对编号；无权查看的工单也按未找到处理。"),
        caller "Check address and number; a repeat finds nothing either.";
    /// No appeal has this number, or the query code is not its own: one answer for both.
    NumberOrCodeWrong = 404 "number-or-code-wrong" "诉求编号或查询码不正确"
        detail Some("请核对后重试；多次输错将暂停查询一小时。"),
        caller "Let the person correct number or code; never try codes by program.";
    /// The ticket is not in a state from which the workflow allows this, often because somebody
    /// was faster; `ticket` says where it stands.
    NotOpenNow = 409 "not-open-now" "工单现在不能这样办理"
        detail None,
        caller "Read the ticket again and offer what is open now.";
    /// The `Idempotency-Key` made a ticket before, from another body.
    KeyReused = 409 "idempotency-key-reused" "同一幂等键已用于另一内容"
        detail Some("重试须发送完全相同的内容；新的诉求请换用新的 Idempotency-Key。"),
        caller "Repeat byte by byte what was sent first, or take a new key for a new appeal.";
    /// The export is not decided on yet, or refused, expired or used up; `detail` says which (Art. 16).
    ExportNotOpen = 409 "export-not-open" "导出现在不能这样办理"
        detail None,
        caller "Read the list of exports again; to get the data, ask for a new export.";
    /// The record of accountability is decided, and a decision is made once (Art. 19).
    AccountabilityDecided = 409 "accountability-decided" "该问责记录已作出决定"
        detail None,
        caller "Read the list of records again and show what was decided; new facts are a new record.";
    /// The case of supervision does not stand so that this could be done; `detail` says how it stands
    /// (Art. 17).
    SupervisionNotOpen = 409 "supervision-not-open" "督办现在不能这样办理"
        detail None,
        caller "Read the case again and offer what `turn` and `method` allow.";
    /// The problem group does not stand so that this could be done; `detail` says how it stands
    /// (Art. 8(5)).
    GroupNotOpen = 409 "group-not-open" "问题组现在不能这样办理"
        detail None,
        caller "Read the group again and offer what its `stage` allows.";
    /// The entry of the knowledge base has no such draft or notice open now; `detail` says what it
    /// waits for (Art. 6(4), 7(3), 17(4)).
    KnowledgeNotOpen = 409 "knowledge-not-open" "知识库条目现在不能这样办理"
        detail None,
        caller "Read the entry again, show it, and let the person decide anew.";
    /// The change of the rules is not so far that this could be done; `detail` says how far it is
    /// (Art. 6(2)).
    RuleChangeNotOpen = 409 "rule-change-not-open" "规则变更现在不能这样办理"
        detail None,
        caller "Read the rules again and show the change's `stage`; what was measured against rules that changed since is proposed anew.";
    /// The ticket is not at the version that `If-Match` names, or changed again and again while
    /// this was decided; `ticket` says where it stands.
    ChangedMeanwhile = 412 "changed-meanwhile" "工单已被他人更新"
        detail Some("请刷新后再操作。"),
        caller "Read the ticket again, show it, and let the person decide anew.";
    /// The body is over 256 KB.
    BodyTooLarge = 413 "body-too-large" "请求内容过大"
        detail Some("请求体不超过256 KB；图片、语音、视频和文件请先申请上传。"),
        caller "Send files by `POST /uploads` and name their ids.";
    /// Fields or headers are wrong; `errors` names every one of them.
    InvalidContent = 422 "invalid-content" "提交的内容不符合要求"
        detail Some("请按提示修改后重新提交。"),
        caller "Show each `errors[].detail` at the field of its `pointer`. Nothing was kept: the `Idempotency-Key` is still free.";
    /// What the regulation requires of the action is missing; `article` names the provision and
    /// `errors` everything that is missing.
    Incomplete = 422 "incomplete" "内容不完整"
        detail None,
        caller "Show each `errors[].detail` at the field of its `pointer`, and send again when all is there.";
    /// The front door's limit of requests is used up.
    TooManyRequests = 429 "too-many-requests" "请求过于频繁"
        detail Some("请稍后再试。"),
        caller "Wait as long as `Retry-After` says, and longer each time.";
    /// Too many wrong query codes for this number within the hour; the right one is refused too.
    TooManyTries = 429 "too-many-tries" "输错次数过多"
        detail Some("请一小时后再试，或到服务窗口查询。"),
        caller "Wait as long as `Retry-After` says.";
    /// A fault of ours. From the front door, with status 502: the function failed or did not start.
    InternalError = 500 "internal-error" "系统内部错误"
        detail None,
        caller "Repeat later, a submission with the same `Idempotency-Key`; if it stays, report the `traceId`.";
    /// A store or queue that is needed did not answer.
    TryAgain = 503 "try-again" "系统繁忙，请稍后重试"
        detail None,
        caller "Repeat after `Retry-After`, a submission with the same `Idempotency-Key`.";
    /// The front door waited 29 seconds. What was asked may have happened all the same.
    TimedOut = 504 "timed-out" "系统处理超时，请稍后再试"
        detail None,
        caller "Repeat a submission with the same `Idempotency-Key`; before repeating an action, read the ticket.";
}

impl Code {
    /// The code of an error. `TooManyRequests` and `TimedOut` are the front doors' own.
    pub const fn of(error: &AppError) -> Self {
        match error {
            AppError::Refused { refusal, .. } => match refusal {
                Refusal::NotOpenNow { .. } => Self::NotOpenNow,
                Refusal::NotYourRole { .. } => Self::NotYourRole,
                Refusal::NotYourUnit { .. } => Self::NotYourUnit,
                Refusal::Incomplete { .. } => Self::Incomplete,
            },
            AppError::Invalid(_) => Self::InvalidContent,
            AppError::Malformed(_) => Self::MalformedRequest,
            AppError::BodyTooLarge => Self::BodyTooLarge,
            AppError::Unauthenticated(unknown) => match unknown {
                Unknown::Token => Self::SignInRequired,
                Unknown::Signature => Self::WrongSignature,
                Unknown::Timestamp => Self::StaleTimestamp,
                Unknown::ReplayedNonce => Self::ReplayedNonce,
            },
            AppError::Forbidden(_)
            | AppError::Accountability(NotSo::OpenedBySame | NotSo::AboutOneself) => {
                Self::Forbidden
            }
            AppError::Knowledge(knowledge) => match knowledge {
                knowledge::NotSo::DraftedBySame => Self::Forbidden,
                knowledge::NotSo::NoSuchNotice => Self::NotFound,
                _ => Self::KnowledgeNotOpen,
            },
            AppError::NotFound => Self::NotFound,
            AppError::WrongQueryCode => Self::NumberOrCodeWrong,
            AppError::TooManyTries => Self::TooManyTries,
            AppError::KeyReused => Self::KeyReused,
            AppError::Export(_) => Self::ExportNotOpen,
            AppError::Accountability(NotSo::Decided) => Self::AccountabilityDecided,
            AppError::Supervision(_) => Self::SupervisionNotOpen,
            AppError::Group(_) => Self::GroupNotOpen,
            AppError::Rules(_) => Self::RuleChangeNotOpen,
            AppError::ChangedMeanwhile(_) => Self::ChangedMeanwhile,
            AppError::Unavailable(_) => Self::TryAgain,
            AppError::Broken(_) => Self::InternalError,
        }
    }
}
