//! The handling record and the answer (Art. 8(4), 13(5); R-HD-9, R-HD-10).

use chrono::NaiveDate;

use crate::vocabulary::vocabulary;

vocabulary! {
    /// How handling ended (Art. 12, 13(6)).
    Outcome {
        Solved = "solved" "已解决",
        Explained = "explained" "已解释说明",
        CannotSolveNow = "cannot_solve_now" "暂无法解决",
    }
}

/// The answer to the appellant (办结反馈, Art. 13(5)): four parts, plain language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// 问题核实情况.
    pub verification: String,
    /// 处理依据.
    pub basis: String,
    /// 解决结果.
    pub result: String,
    /// 后续建议.
    pub advice: String,
}

/// The handling record (处理记录, Art. 8(4)): five parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HandlingRecord {
    /// 调查过程.
    pub investigation: String,
    /// 事实认定.
    pub facts: String,
    /// 法律依据.
    pub legal_basis: String,
    /// 解决措施.
    pub measures: String,
    /// 救济途径.
    pub remedies: String,
}

/// What cannot be solved now (Art. 13(6), R-HD-11): why, what is done meanwhile, and when it is
/// looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InterimPlan {
    /// 原因.
    pub reason: String,
    /// 阶段性方案或替代服务.
    pub plan: String,
    /// Review date.
    pub review_on: NaiveDate,
}

/// A part of an answer or record: its pointer in the request, its statutory name, its text.
pub type Part<'a> = (&'static str, &'static str, &'a str);

impl Answer {
    /// The four parts, in the order of Art. 13(5).
    pub fn parts(&self) -> [Part<'_>; 4] {
        [
            ("/answer/verification", "问题核实情况", &self.verification),
            ("/answer/basis", "处理依据", &self.basis),
            ("/answer/result", "解决结果", &self.result),
            ("/answer/advice", "后续建议", &self.advice),
        ]
    }
}

impl HandlingRecord {
    /// The five parts, in the order of Art. 8(4).
    pub fn parts(&self) -> [Part<'_>; 5] {
        [
            ("/record/investigation", "调查过程", &self.investigation),
            ("/record/facts", "事实认定", &self.facts),
            ("/record/legalBasis", "法律依据", &self.legal_basis),
            ("/record/measures", "解决措施", &self.measures),
            ("/record/remedies", "救济途径", &self.remedies),
        ]
    }
}

impl InterimPlan {
    /// Its two written parts (Art. 13(6)).
    pub fn parts(&self) -> [Part<'_>; 2] {
        [
            ("/interim/reason", "暂无法解决的原因", &self.reason),
            ("/interim/plan", "阶段性方案或替代服务", &self.plan),
        ]
    }
}

/// Phrases that say nothing by themselves.
const STOCK_PHRASES: [&str; 8] = [
    "已处理",
    "已阅",
    "情况属实",
    "依法处理",
    "按规定办理",
    "感谢您的理解与支持",
    "请咨询相关部门",
    "无",
];

/// Whether `text` is perfunctory (敷衍, Art. 13(2)): shorter than `least` characters, or nothing
/// but stock phrases.
pub fn is_perfunctory(text: &str, least: usize) -> bool {
    let mut rest: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && !is_mark(*c))
        .collect();
    if rest.chars().count() < least {
        return true;
    }
    for phrase in STOCK_PHRASES {
        rest = rest.replace(phrase, "");
    }
    rest.is_empty()
}

fn is_mark(character: char) -> bool {
    character.is_ascii_punctuation() || "，。；：、！？“”（）《》…".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_hd_10_perfunctory_texts_are_told() {
        for (text, perfunctory) in [
            ("", true),
            ("已处理。", true),
            ("依法处理，感谢您的理解与支持！", true),
            ("经核实，医保局已于11月20日补记缴费记录。", false),
        ] {
            assert_eq!(is_perfunctory(text, 6), perfunctory, "{text}");
        }
    }
}
