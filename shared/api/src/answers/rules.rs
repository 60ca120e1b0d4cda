//! The rules in force (R-RULE-1, R-CAL-1): versions of the rulebook, the calendars with their document
//! numbers, and what is to be known in time.

use chrono::NaiveDate;
use domain::announcements::{Announcement, announcements};
use domain::clocks::Timetable;
use domain::rulebook::Rulebook;
use serde::Serialize;

/// The rules in force.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RulesAnswer {
    in_force: u16,
    announcements: Vec<String>,
    rulebooks: Vec<RulebookView>,
    calendars: Vec<CalendarView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RulebookView {
    version: u16,
    effective_on: NaiveDate,
    trial_ends_on: NaiveDate,
    limits: Vec<LimitView>,
}

#[derive(Debug, Serialize)]
struct LimitView {
    name: &'static str,
    limit: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CalendarView {
    year: i32,
    document_number: String,
    published: bool,
}

/// The rules as sent.
pub fn rules(timetable: &Timetable, today: NaiveDate) -> RulesAnswer {
    let calendars = timetable.calendar.years();
    RulesAnswer {
        in_force: timetable.rulebooks.in_force(today).version,
        announcements: announcements(timetable, today).iter().map(said).collect(),
        rulebooks: timetable.rulebooks.all().iter().map(rulebook).collect(),
        calendars: calendars
            .map(|(year, document_number, published)| CalendarView {
                year,
                document_number: document_number.to_owned(),
                published,
            })
            .collect(),
    }
}

fn said(announcement: &Announcement) -> String {
    match announcement {
        Announcement::TrialEnds { on, days_left } if *days_left < 0 => {
            format!("办法试行期已于{}届满，请确认后续依据。", day(*on))
        }
        Announcement::TrialEnds { on, days_left } => {
            format!("办法试行期将于{}届满，还有{days_left}天。", day(*on))
        }
        Announcement::NoticeMissing { year } => {
            format!("{year}年放假安排通知尚未录入，涉及该年的期限为暂定，录入后重新计算。")
        }
        Announcement::RulebookComes { version, on } => {
            format!("规则参数第{version}版将于{}起施行。", day(*on))
        }
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%Y年%m月%d日").to_string()
}

fn rulebook(book: &Rulebook) -> RulebookView {
    let days = |name, days: u32| LimitView {
        name,
        limit: format!("{days}个工作日"),
    };
    let minutes = |name, minutes: i64| LimitView {
        name,
        limit: format!("{minutes}分钟工作时间"),
    };
    let hours = |name, hours: i64| LimitView {
        name,
        limit: format!("{hours}小时"),
    };
    RulebookView {
        version: book.version,
        effective_on: book.effective_on,
        trial_ends_on: book.trial_ends_on,
        limits: vec![
            days("办结", book.handle_days),
            days("延期上限", book.extension_days),
            days("县级分派", book.county_days),
            days("退回", book.return_days),
            minutes("签收", book.sign_minutes),
            minutes("审批", book.decision_minutes),
            days("等待补充材料上限", book.supplement_days),
            days("整改核实", book.verify_days),
            days("联合处置", book.joint_days),
            days("另行送达", book.delivery_days),
            days("回访", book.callback_days),
            LimitView {
                name: "回访抽取",
                limit: format!(
                    "每单位每日办结量的{}%，不少于{}件",
                    book.callback_percent, book.callback_least
                ),
            },
            days("回访整改", book.rectify_days),
            days("电话催办答复", book.urging_days),
            days("督办函答复", book.letter_days),
            days("现场督办答复", book.on_site_days),
            days("技术类问题整改", book.technical_days),
            days("问题根源分析", book.analysis_days),
            LimitView {
                name: "问题整改上限",
                limit: format!("{}日", book.measures_days),
            },
            days("重办", book.reopen_days),
            days("归档", book.archive_days),
            hours("知识库更新", book.knowledge_hours),
        ],
    }
}
