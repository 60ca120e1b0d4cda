//! Errors as people and programs meet them (RFC 9457): one `match` from [`AppError`] to a problem.
//! A code never changes; a title is Chinese and says what happened, the detail what to do.

mod catalogue;

pub use catalogue::Code;

use app::AppError;
use app::error::{FieldError, Present};
use app::rule_changes::NotNow;
use domain::accountability::{self, NotSo};
use domain::export::{NotAsItStands, Standing};
use domain::knowledge;
use domain::problem_group;
use domain::supervision;
use domain::workflow::refusal::Refusal;
use domain::workflow::rules::article;
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

impl Problem {
    fn new(code: Code, trace_id: &str) -> Self {
        Self {
            kind: format!("/problems/{}", code.as_str()),
            title: code.title(),
            status: code.status(),
            detail: code.detail().map(str::to_owned),
            code: code.as_str(),
            article: None,
            errors: Vec::new(),
            ticket: None,
            trace_id: trace_id.to_owned(),
        }
    }

    /// Turns an error into a problem. 5xx show only title and trace id.
    pub fn from_error(error: AppError, trace_id: &str) -> Self {
        let mut problem = Self::new(Code::of(&error), trace_id);
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
            AppError::Export(NotAsItStands(standing)) => {
                problem.article = Some("第十六条");
                problem.detail = Some(export_detail(standing).to_owned());
            }
            AppError::Accountability(not_so) => {
                problem.article = Some(accountability::ARTICLE);
                problem.detail = Some(accountability_detail(not_so).to_owned());
            }
            AppError::Supervision(not_so) => {
                problem.article = Some("第十七条");
                problem.detail = Some(supervision_detail(not_so).to_owned());
            }
            AppError::Group(not_so) => {
                problem.article = Some("第八条（五）");
                problem.detail = Some(group_detail(not_so).to_owned());
            }
            AppError::Knowledge(not_so) => {
                problem.article = Some(not_so.article());
                problem.detail = Some(knowledge_detail(not_so).to_owned());
            }
            AppError::Rules(not_now) => {
                problem.article = Some("第六条（二）");
                problem.detail = Some(rules_detail(not_now).to_owned());
            }
            AppError::Forbidden(Some(words)) => problem.detail = Some(words),
            _ => {}
        }
        problem
    }

    fn refused(&mut self, refusal: Refusal) {
        match refusal {
            Refusal::NotOpenNow { action, state } => {
                self.article = article(action);
                let (action, state) = (action.zh(), state.zh());
                self.detail = Some(format!(
                    "工单目前{state}，不能{action}。请刷新后按现状办理。"
                ));
            }
            Refusal::NotYourRole {
                action,
                role,
                article,
            } => {
                self.article = Some(article);
                let (action, role) = (action.zh(), role.zh());
                self.detail = Some(format!("{role}不能{action}，请由有权限的人员办理。"));
            }
            Refusal::NotYourUnit {
                action,
                seat,
                article,
            } => {
                self.article = Some(article);
                let (action, seat) = (action.zh(), seat.zh());
                self.detail = Some(format!("{action}须由{seat}的人员办理。"));
            }
            Refusal::Incomplete {
                action,
                article,
                missing,
            } => {
                self.detail = Some(format!("请补全后再{}。", action.zh()));
                self.article = Some(article);
                let field = |missing: domain::workflow::refusal::Missing| WrongField {
                    pointer: missing.pointer,
                    detail: missing.advice,
                };
                self.errors = missing.into_iter().map(field).collect();
            }
        }
    }
}

/// What to do about an export that does not stand as it would have to.
const fn export_detail(standing: Standing) -> &'static str {
    match standing {
        Standing::Undecided => "该导出申请尚未审批，请待审批通过后下载。",
        Standing::Granted => "该导出申请已经批准，不能再次审批。",
        Standing::Refused => "该导出申请未获批准；如仍需要，请说明理由重新申请。",
        Standing::Expired => "该导出申请已过有效期，请重新申请。",
        Standing::UsedUp => "该导出已达下载次数上限，请重新申请。",
    }
}

/// Who does what instead about a record of accountability.
const fn accountability_detail(not_so: NotSo) -> &'static str {
    match not_so {
        NotSo::Decided => "该问责记录已作出决定，决定只作一次，不能更改；有新的事实请另行登记。",
        NotSo::OpenedBySame => "登记人不得对自己登记的问责记录作出决定，请由其他人员决定。",
        NotSo::AboutOneself => "不得登记或者决定涉及本人的问责记录，请由其他人员办理。",
    }
}

/// Where a problem group stands, and what to do.
const fn group_detail(not_so: problem_group::NotSo) -> &'static str {
    match not_so {
        problem_group::NotSo::NotValid => {
            "该诉求未予受理、已解释说明归档、已引导至管辖地或者已撤回，不归入问题组。"
        }
        problem_group::NotSo::NotIn => "该工单不在本问题组内，请核对编号。",
        problem_group::NotSo::NothingToPlan => "该问题组已有整改方案，请按方案整改或者等待核验。",
        problem_group::NotSo::DayOutOfRange => {
            "整改期限应为今日或者以后，且不超过规则规定的最长期限，请调整后再提交。"
        }
        problem_group::NotSo::NothingToComplete => {
            "该问题组没有正在进行的整改，请先提交根源分析和整改措施。"
        }
        problem_group::NotSo::NothingToVerify => {
            "该问题组没有待核验的整改，责任单位报告完成后方可核验。"
        }
        problem_group::NotSo::CompletedBySame => {
            "报告整改完成的人员不得核验成效，请由其他人员核验。"
        }
    }
}

/// Where a case of supervision stands, and what to do.
const fn supervision_detail(not_so: supervision::NotSo) -> &'static str {
    match not_so {
        supervision::NotSo::Closed => "该督办已办结；有新的情形请另行登记督办。",
        supervision::NotSo::NoAnswer => "被督办单位尚未答复，答复后方可核实。",
        supervision::NotSo::Answered => "该督办已有答复待核实，请先核实答复。",
        supervision::NotSo::Ladder => {
            "督办方式依次为电话催办、书面督办函、现场督办，请按次序升级。"
        }
    }
}

/// How far a change of the rules is, and what to do.
const fn rules_detail(not_now: NotNow) -> &'static str {
    match not_now {
        NotNow::Measuring => "该变更正在测算影响，测算完成后方可施行，请稍候刷新。",
        NotNow::Moving => "该变更已施行，正在重新计算有关诉求的期限，完成后方可再次变更。",
        NotNow::Done => "该变更已经施行完毕，无需再次施行。",
        NotNow::Stale => "测算之后规则已有变动，请重新提交该变更并测算影响。",
    }
}

/// What to do about an entry of the knowledge base that does not stand as it would have to.
const fn knowledge_detail(not_so: knowledge::NotSo) -> &'static str {
    use knowledge::NotSo;
    match not_so {
        NotSo::NothingToReview => "该条目没有待审核的稿件，请刷新后按现状办理。",
        NotSo::DraftChanged => "稿件在您阅读之后已修改，请重新阅读后再审核。",
        NotSo::DraftedBySame => "编写人不得审核自己编写的条目，请由其他审核员审核。",
        NotSo::NotShown => "该条目尚未发布或者已下架，不能这样办理。",
        NotSo::TooManyNotices => "该条目已有多件更正通知待处理，请等待责任单位更新。",
        NotSo::NoSuchNotice => "该条目没有这件更正通知，请核对后再试。",
        NotSo::NoticeEnded => "这件更正通知已经办结，请刷新后查看。",
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
