//! The numbers of the rulebook (规则参数, R-RULE-1), each with its name, its measure and its bounds: what
//! is loaded, shown and changed goes by this one table.

use super::{Rulebook, Rulebooks};
use chrono::NaiveDate;

/// What a parameter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Working days by rule A (Art. 12).
    WorkingDays,
    /// Calendar days.
    Days,
    /// Minutes of office time.
    OfficeMinutes,
    /// Hours, through nights and days off.
    Hours,
    /// Years.
    Years,
    /// Of a hundred.
    Percent,
    /// How often something happens.
    Times,
    /// Tickets or things.
    Pieces,
    /// Characters of a text.
    Characters,
    /// Rows of a file.
    Rows,
}

impl Measure {
    /// The word after the number.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::WorkingDays => "个工作日",
            Self::Days => "日",
            Self::OfficeMinutes => "分钟工作时间",
            Self::Hours => "小时",
            Self::Years => "年",
            Self::Percent => "%",
            Self::Times => "次",
            Self::Pieces => "件",
            Self::Characters => "字",
            Self::Rows => "行",
        }
    }
}

/// A number of the rulebook.
#[derive(Debug)]
pub struct Parameter {
    /// The stable code, which is the name of its field.
    pub code: &'static str,
    /// The name.
    pub zh: &'static str,
    /// What it counts.
    pub measure: Measure,
    /// Least value.
    pub least: i64,
    /// Greatest value.
    pub most: i64,
    get: fn(&Rulebook) -> i64,
    set: fn(&mut Rulebook, i64),
}

impl Parameter {
    /// The parameter with this code.
    pub fn from_code(code: &str) -> Option<&'static Self> {
        PARAMETERS.iter().find(|each| each.code == code)
    }

    /// Its value in `book`.
    pub fn value(&self, book: &Rulebook) -> i64 {
        (self.get)(book)
    }

    /// Whether it may have this value.
    pub const fn allows(&self, value: i64) -> bool {
        self.least <= value && value <= self.most
    }

    /// Gives it a value in `book`; false, and nothing done, when it may not have it.
    #[must_use]
    pub fn set(&self, book: &mut Rulebook, value: i64) -> bool {
        let is_allowed = self.allows(value);
        if is_allowed {
            (self.set)(book, value);
        }
        is_allowed
    }
}

/// A field of the rulebook as a number.
trait Number: Copy {
    fn out(self) -> i64;
    fn of(value: i64) -> Option<Self>;
}

macro_rules! number {
    ($($kind:ty),+) => { $(
        impl Number for $kind {
            fn out(self) -> i64 {
                self.try_into().unwrap_or(i64::MAX)
            }
            fn of(value: i64) -> Option<Self> {
                value.try_into().ok()
            }
        }
    )+ };
}
number!(i64, u32, usize);

macro_rules! parameters {
    ($($field:ident: $zh:literal, $measure:ident, $least:literal to $most:literal;)+) => {
        /// All numbers of the rulebook, in the order in which they are shown.
        pub const PARAMETERS: &[Parameter] = &[$(
            Parameter {
                code: stringify!($field),
                zh: $zh,
                measure: Measure::$measure,
                least: $least,
                most: $most,
                get: |book| book.$field.out(),
                set: |book, value| {
                    if let Some(value) = Number::of(value) {
                        book.$field = value;
                    }
                },
            },
        )+];
    };
}

parameters! {
    handle_days: "办结", WorkingDays, 1 to 60;
    extension_days: "延期上限", WorkingDays, 1 to 60;
    county_days: "县级分派", WorkingDays, 1 to 60;
    return_days: "退回", WorkingDays, 1 to 60;
    sign_minutes: "签收", OfficeMinutes, 1 to 4_200;
    decision_minutes: "审批", OfficeMinutes, 1 to 4_200;
    supplement_days: "等待补充材料上限", WorkingDays, 1 to 60;
    supplement_items: "补充材料清单上限", Pieces, 1 to 20;
    returns_before_joint: "退回几次后联合处置", Times, 1 to 20;
    joint_days: "联合处置", WorkingDays, 1 to 60;
    deferral_days: "暂缓整改上限", Days, 1 to 732;
    verify_days: "整改核实", WorkingDays, 1 to 60;
    delivery_days: "另行送达", WorkingDays, 1 to 60;
    callback_days: "回访", WorkingDays, 1 to 60;
    callback_percent: "回访抽取：每单位每日办结量的", Percent, 1 to 100;
    callback_least: "回访抽取：每单位每日不少于", Pieces, 0 to 1_000;
    callback_attempts: "回访未接通几次后结束", Times, 1 to 20;
    rectify_days: "回访整改", WorkingDays, 1 to 60;
    urging_days: "电话催办答复", WorkingDays, 1 to 60;
    letter_days: "督办函答复", WorkingDays, 1 to 60;
    on_site_days: "现场督办答复", WorkingDays, 1 to 60;
    proved_days: "不满意查实累计期", Days, 1 to 732;
    technical_days: "技术类问题整改", WorkingDays, 1 to 250;
    technical_refusals: "技术类问题整改未通过几次后登记", Times, 1 to 20;
    analysis_days: "问题根源分析", WorkingDays, 1 to 60;
    measures_days: "问题整改上限", Days, 1 to 732;
    reopen_days: "重办", WorkingDays, 1 to 250;
    archive_days: "归档", WorkingDays, 1 to 250;
    knowledge_hours: "知识库更新", Hours, 1 to 720;
    text_characters: "诉求内容上限", Characters, 100 to 5_000;
    attachments: "附件上限", Pieces, 0 to 9;
    answer_part_characters: "答复每部分不少于", Characters, 1 to 200;
    query_tries: "查询码连续输错几次后锁定", Times, 1 to 100;
    source_tries: "同一来源连续输错几次后锁定", Times, 1 to 10_000;
    export_days: "导出文件可下载", Days, 1 to 90;
    export_rows: "导出文件上限", Rows, 1 to 5_000;
    export_downloads: "导出文件可下载", Times, 1 to 50;
    personal_data_years: "个人信息保存", Years, 1 to 30;
}

/// Why a version of the rulebook cannot stand where it would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misplaced {
    /// Versions are numbered without gaps: the next one has this number.
    Gap {
        /// The next version.
        next: u16,
    },
    /// A version takes effect after the one before it, which does on this day.
    NotAfter(NaiveDate),
    /// A version takes effect before the one after it, which does on this day.
    NotBefore(NaiveDate),
}

impl Rulebooks {
    /// Whether `book` can stand among these, in place of one of its number or as the next.
    pub fn places(&self, book: &Rulebook) -> Result<(), Misplaced> {
        let all = self.all();
        let next = all.last().map_or(1, |last| last.version.saturating_add(1));
        if book.version == 0 || book.version > next {
            return Err(Misplaced::Gap { next });
        }
        let mut earlier = all.iter().filter(|each| each.version < book.version);
        if let Some(on) = earlier.next_back().map(|each| each.effective_on)
            && on >= book.effective_on
        {
            return Err(Misplaced::NotAfter(on));
        }
        let mut later = all.iter().filter(|each| each.version > book.version);
        if let Some(on) = later.next().map(|each| each.effective_on)
            && on <= book.effective_on
        {
            return Err(Misplaced::NotBefore(on));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(year: i32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, 1, 1).unwrap()
    }

    #[test]
    fn r_rule_1_every_number_of_the_rulebook_is_in_the_table_once_and_within_its_bounds() {
        let first = Rulebook::first();
        // The fields, by what the compiler shows of them.
        let shown = format!("{first:?}");
        let fields = shown.split(", ").filter_map(|part| {
            let (name, value) = part.rsplit('{').next()?.split_once(": ")?;
            value.trim_end_matches([' ', '}']).parse::<i64>().ok()?;
            (name.trim() != "version").then(|| name.trim().to_owned())
        });
        let mut fields: Vec<_> = fields.collect();
        let mut codes: Vec<_> = PARAMETERS.iter().map(|each| each.code.to_owned()).collect();
        fields.sort();
        codes.sort();
        assert_eq!(codes, fields);
        for each in PARAMETERS {
            assert!(each.allows(each.value(&first)), "{}", each.code);
            assert!(!each.zh.is_empty() && each.least <= each.most);
        }
    }

    #[test]
    fn r_rule_1_a_number_is_set_within_its_bounds_only_and_no_other_with_it() {
        for each in PARAMETERS {
            let mut book = Rulebook::first();
            for wrong in [each.least - 1, each.most + 1] {
                assert!(!each.set(&mut book, wrong), "{}", each.code);
            }
            assert_eq!(book, Rulebook::first());
            for right in [each.least, each.most] {
                assert!(each.set(&mut book, right));
                assert_eq!(each.value(&book), right, "{}", each.code);
            }
            let moved = PARAMETERS.iter().filter(|other| {
                other.code != each.code && other.value(&book) != other.value(&Rulebook::first())
            });
            assert_eq!(moved.count(), 0, "{}", each.code);
        }
    }

    #[test]
    fn r_rule_1_versions_are_numbered_without_gaps_and_take_effect_one_after_another() {
        let book = |version, year| Rulebook {
            version,
            effective_on: on(year),
            ..Rulebook::first()
        };
        let all = Rulebooks::new(vec![book(1, 2026), book(2, 2028)]);
        assert_eq!(all.places(&book(3, 2029)), Ok(()));
        assert_eq!(all.places(&book(2, 2027)), Ok(()), "a correction");
        assert_eq!(all.places(&book(4, 2029)), Err(Misplaced::Gap { next: 3 }));
        assert_eq!(all.places(&book(0, 2029)), Err(Misplaced::Gap { next: 3 }));
        assert_eq!(
            all.places(&book(3, 2028)),
            Err(Misplaced::NotAfter(on(2028)))
        );
        assert_eq!(
            all.places(&book(1, 2028)),
            Err(Misplaced::NotBefore(on(2028)))
        );
    }

    #[test]
    fn r_rule_1_the_first_version_stands_though_only_a_later_one_is_loaded() {
        let second = Rulebook {
            version: 2,
            effective_on: on(2030),
            handle_days: 9,
            ..Rulebook::first()
        };
        let all = Rulebooks::new(vec![second]);
        assert_eq!(all.in_force(on(2029)).handle_days, 1);
        assert_eq!(all.in_force(on(2030)).handle_days, 9);
    }
}
