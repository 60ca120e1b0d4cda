//! The questions that are asked of the lake (Art. 6(5), 15; R-AN-1, R-AN-2): each one SQL file, which
//! runs as it is in DataFusion, DuckDB and Athena, and what its columns are.

use std::fmt::Write as _;

use app::reports::Shows;
use chrono::{Datelike as _, Days, NaiveDate};

/// A column of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shown {
    /// Its name in the SQL.
    pub name: &'static str,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// How it is shown.
    pub shows: Shows,
}

/// A share: of how many how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// Column of the numerator.
    pub numerator: &'static str,
    /// Column of the denominator.
    pub denominator: &'static str,
    /// The column and the code of the rows whose denominator was drawn at random.
    pub drawn: Option<(&'static str, &'static str)>,
}

/// A question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Question {
    /// Its name.
    pub name: &'static str,
    /// What is asked, in Chinese.
    pub zh: &'static str,
    /// Its SQL.
    pub sql: &'static str,
    /// The columns of its answer, in order.
    pub columns: &'static [Shown],
    /// The shares that follow from them.
    pub shares: &'static [Share],
}

/// Declares the questions.
macro_rules! questions {
    ($($name:literal = $file:literal, $zh:literal {
        $($column:ident: $shows:ident, $czh:literal;)+
    } [$($szh:literal = $numerator:ident / $denominator:ident
        $(drawn where $drawn:ident = $code:literal)?;)*])+) => {
        /// Every question.
        pub const QUESTIONS: &[Question] = &[$(Question {
            name: $name,
            zh: $zh,
            sql: include_str!(concat!("../sql/", $file, ".sql")),
            columns: &[$(Shown {
                name: stringify!($column),
                zh: $czh,
                shows: Shows::$shows,
            }),+],
            shares: &[$(Share {
                zh: $szh,
                numerator: stringify!($numerator),
                denominator: stringify!($denominator),
                drawn: [$((stringify!($drawn), $code))?].first().copied(),
            }),*],
        }),+];
    };
}

questions! {
    "overview" = "overview", "总体情况" {
        term: Key, "期间";
        appeals: Count, "诉求";
        closed: Part, "已办结";
        judged: Part, "已办结或总时限已到";
        in_time: Part, "总时限内办结";
    } ["总时限内办结率" = in_time / judged;]
    "on-time-by-unit" = "on_time_by_unit", "各单位按时办结率" {
        unit: Group, "承办单位";
        started_month: Group, "起算月份";
        unit_name: Name, "单位名称";
        ended: Count, "已完成或到期的办理";
        kept: Part, "按时办结";
    } ["按时办结率" = kept / ended;]
    "hot-items" = "hot_items", "热点事项" {
        service_item: Group, "事项编码";
        item_name: Name, "事项名称";
        appeals: Count, "诉求";
        appeals_earlier: Count, "上一期诉求";
        complaints: Count, "其中投诉";
    } []
    "rising-items" = "rising_items", "上升较快的事项" {
        service_item: Group, "事项编码";
        item_name: Name, "事项名称";
        appeals: Count, "诉求";
        appeals_earlier: Count, "上一期诉求";
    } []
    "appeals-by-county" = "appeals_by_county", "各县（市、区）诉求" {
        county: Group, "县级管理单位";
        appeals: Count, "诉求";
        closed: Part, "已办结";
        judged: Part, "已办结或总时限已到";
        in_time: Part, "总时限内办结";
    } ["总时限内办结率" = in_time / judged;]
    "time-limits" = "time_limits", "各环节时限遵守情况" {
        clock: Group, "时限";
        ended: Count, "已完成或到期";
        kept: Part, "按时完成";
    } ["按时完成率" = kept / ended;]
    "handling-by-unit" = "handling_by_unit", "各单位办理情况" {
        unit: Group, "承办单位";
        unit_name: Name, "单位名称";
        ended: Count, "已完成或到期的办理";
        kept: Part, "按时办结";
    } ["按时办结率" = kept / ended;]
    "overdue-by-county" = "overdue_by_county", "各县（市、区）超期情况" {
        county: Group, "县级管理单位";
        clock: Group, "时限";
        ended: Count, "已完成或到期";
        overdue: Part, "超期";
    } ["超期率" = overdue / ended;]
    "volumes" = "volumes", "诉求量与总时限" {
        received_month: Group, "收到月份";
        appeals: Count, "诉求";
        closed: Part, "已办结";
        judged: Part, "已办结或总时限已到";
        in_time: Part, "总时限内办结";
    } ["总时限内办结率" = in_time / judged;]
    "channels" = "channels", "渠道分布" {
        channel: Group, "渠道";
        channel_name: Name, "渠道名称";
        appeals: Count, "诉求";
    } []
    "kinds" = "kinds", "类型分布" {
        kind: Group, "诉求类型";
        appellant_kind: Group, "诉求人类别";
        appeals: Count, "诉求";
    } []
    "endings" = "endings", "办结方式" {
        ended: Group, "办结方式";
        outcome: Group, "办理结果";
        appeals: Count, "诉求";
    } []
    "satisfaction" = "satisfaction", "总体满意度" {
        term: Key, "期间";
        ratings: Count, "评价";
        satisfied: Part, "满意";
        dissatisfied: Part, "差评";
        proved: Part, "核实属实的差评";
    } ["满意率" = satisfied / ratings; "差评率" = dissatisfied / ratings;]
    "satisfaction-by-unit" = "satisfaction_by_unit", "各单位满意度" {
        unit: Group, "被评价单位";
        unit_name: Name, "单位名称";
        ratings: Count, "评价";
        satisfied: Part, "满意";
        dissatisfied: Part, "差评";
        proved: Part, "核实属实的差评";
    } ["满意率" = satisfied / ratings; "差评率" = dissatisfied / ratings;]
    "callbacks" = "callbacks", "回访" {
        drawn: Group, "抽取理由";
        callbacks: Count, "回访";
        reached: Part, "接通";
        solved: Part, "反映已解决";
        satisfied: Part, "满意";
    } [
        "接通率" = reached / callbacks drawn where drawn = "sampled";
        "解决率" = solved / reached drawn where drawn = "sampled";
        "满意率" = satisfied / reached drawn where drawn = "sampled";
    ]
    "returns-by-unit" = "returns_by_unit", "各单位退回" {
        unit: Group, "单位";
        unit_name: Name, "单位名称";
        assignments: Count, "交办";
        returned: Part, "退回";
    } ["退回率" = returned / assignments;]
    "supervision" = "supervision", "督办" {
        trigger: Group, "触发情形";
        cases: Figure, "督办";
        letters: Figure, "发函";
        closed: Figure, "销号";
    } ["销号率" = closed / cases;]
    "knowledge-uses" = "knowledge_uses", "知识条目引用" {
        entry: Group, "知识条目";
        answers: Figure, "引用的答复";
    } []
    "problem-groups" = "problem_groups", "共性问题整改前后" {
        id: Key, "问题编号";
        title: Name, "问题";
        unit_name: Name, "责任单位";
        stage: Name, "阶段";
        size: Count, "诉求";
        brought_before: Count, "整改前九十日";
        brought_after: Count, "整改后";
        days_after: Figure, "整改后天数";
    } []
    "suggestions" = "suggestions", "意见建议" {
        service_item: Group, "事项编码";
        item_name: Name, "事项名称";
        appeals: Count, "意见建议";
    } []
}

/// The span of days that a question is about, both days in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First day.
    pub since: NaiveDate,
    /// Last day.
    pub until: NaiveDate,
}

/// A span ends before it begins, is longer than ten years, or lies in no year from 2000 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the span ends before it begins, or is longer than ten years, or in no year of four digits"
)]
pub struct NoSpan;

impl Span {
    /// From one day to another, at most ten years.
    pub fn new(since: NaiveDate, until: NaiveDate) -> Result<Self, NoSpan> {
        let days = (until - since).num_days();
        let is_written = |day: NaiveDate| (2000..=9999).contains(&day.year());
        if (0..=3_660).contains(&days) && is_written(since) && is_written(until) {
            Ok(Self { since, until })
        } else {
            Err(NoSpan)
        }
    }

    /// The first day of the span of the same length before it.
    pub fn earlier(self) -> NaiveDate {
        let days = u64::try_from((self.until - self.since).num_days() + 1);
        let earlier = days
            .ok()
            .and_then(|days| self.since.checked_sub_days(Days::new(days)));
        earlier.unwrap_or(self.since)
    }
}

/// What the facts of a question say that is about no tickets.
const NO_TICKETS: &str = "CAST(NULL AS VARCHAR) AS number";

/// Where the figures begin; what is before them are the tickets that they are about.
const FIGURES: &str = "-- figures\n";

impl Question {
    /// The question called so.
    pub fn named(name: &str) -> Option<&'static Self> {
        QUESTIONS.iter().find(|question| question.name == name)
    }

    /// Its SQL about a span: as the file has it, with other days.
    pub fn sql(&self, span: Span) -> String {
        let lines = self.sql.lines().map(|line| {
            if line.starts_with("WITH asked AS ") {
                let (earlier, Span { since, until }) = (span.earlier(), span);
                format!(
                    "WITH asked AS (SELECT DATE '{earlier}' AS earlier, DATE '{since}' AS since, DATE '{until}' AS until),"
                )
            } else {
                line.to_owned()
            }
        });
        lines.fold(String::new(), |mut sql, line| {
            let _ = writeln!(sql, "{line}");
            sql
        })
    }

    /// The SQL of the tickets behind the figures of one group: number by number, the newest first.
    /// `group` says which, column by column.
    pub fn tickets_sql(&self, span: Span, group: &[(&str, &str)], limit: usize) -> Option<String> {
        let sql = self.sql(span);
        let (facts, _) = sql.split_once(FIGURES)?;
        if facts.contains(NO_TICKETS) {
            return None;
        }
        let mut wanted = String::new();
        // Of a question that also counts the span before, the tickets of the span itself.
        if facts.contains(" AS term") && !group.iter().any(|(column, _)| *column == "term") {
            wanted.push_str("\n  AND f.term = '本期'");
        }
        for (column, value) in group {
            let column = self.columns.iter().find(|it| it.name == *column)?;
            let value = value.replace('\'', "''");
            let _ = write!(wanted, "\n  AND f.{} = '{value}'", column.name);
        }
        Some(format!(
            "{facts}SELECT t.number, t.title, t.kind, t.state, t.responsible_unit, t.received_on\n\
             FROM tickets t\n\
             WHERE t.number IN (SELECT f.number FROM facts f WHERE f.number IS NOT NULL{wanted})\n\
             ORDER BY t.number DESC\nLIMIT {limit}\n"
        ))
    }
}
