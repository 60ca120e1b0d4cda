//! How tables of the lake are declared: once, for the files, the catalogue and the data dictionary.

use bytes::Bytes;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::answer::Outcome;
use domain::appeal::{AppellantKind, Kind as AppealKind, ReplyWay, Subject};
use domain::export::DataClass;
use domain::ids::{ChannelCode, UnitId};
use domain::problem_group::{ProblemGroupId, Stage};
use domain::registry::UnitKind;
use domain::supervision::{Method, SupervisionId, Trigger};
use domain::ticket::TicketNumber;
use domain::workflow::words::{
    Action, Clock, DrawGround, RatedAspect, RatingFinding, ReturnReason, Role, State,
};
use parquet::data_type::ByteArray;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// UTF-8.
    Text,
    /// 64 bits with sign.
    Integer,
    /// Milliseconds since 1970, UTC.
    Instant,
    /// A day in Shanghai.
    Date,
    /// Yes or no.
    Flag,
}

impl Kind {
    /// Its name in the catalogue.
    pub const fn catalogue(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "bigint",
            Self::Instant => "timestamp",
            Self::Date => "date",
            Self::Flag => "boolean",
        }
    }

    /// Its name for people.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Text => "文本",
            Self::Integer => "整数",
            Self::Instant => "时刻（UTC）",
            Self::Date => "日期（北京时间）",
            Self::Flag => "是否",
        }
    }
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: &'static str,
    /// What stands in it.
    pub kind: Kind,
    /// Whether every row has it.
    pub is_required: bool,
    /// Its class (分级分类, Art. 16).
    pub class: DataClass,
    /// What it is, in Chinese.
    pub zh: &'static str,
    /// What it is, in English.
    pub en: &'static str,
}

/// By what a table is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Division {
    /// By the day of the event, `dt`.
    Day,
    /// By the month of acceptance, `month`: it never changes.
    Month,
    /// Not at all.
    Whole,
}

impl Division {
    /// The column by which it is divided, which stands in the path and not in the file.
    pub const fn column(self) -> Option<&'static str> {
        match self {
            Self::Day => Some("dt"),
            Self::Month => Some("month"),
            Self::Whole => None,
        }
    }
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// By what it is divided.
    pub division: Division,
    /// What a row is, in Chinese.
    pub zh: &'static str,
    /// What a row is, in English.
    pub en: &'static str,
    /// Its columns, in order.
    pub columns: &'static [Column],
}

/// A row of a table.
pub trait Row: Sized {
    /// The table.
    const TABLE: Table;
    /// Adds the row to its table's columns, in order.
    fn put(&self, columns: &mut [Filled]);
    /// Takes a row off its table's columns; none where one of them holds nothing sensible.
    fn take(columns: &mut [Taken]) -> Option<Self>;
}

/// The values of a column that are there.
#[derive(Debug)]
pub enum Values<T, I, D, F> {
    /// Of text.
    Text(T),
    /// Of integers, and of instants in milliseconds.
    Integer(I),
    /// Of days since 1970.
    Date(D),
    /// Of flags.
    Flag(F),
}

/// A column that is filled.
#[derive(Debug)]
pub struct Filled {
    /// What is there.
    pub(crate) values: Values<Vec<ByteArray>, Vec<i64>, Vec<i32>, Vec<bool>>,
    /// 1 where something is there, 0 where nothing is; empty for a column that every row has.
    pub(crate) levels: Vec<i16>,
}

/// A column that is emptied.
#[derive(Debug)]
pub struct Taken {
    pub(crate) values: Values<
        std::vec::IntoIter<ByteArray>,
        std::vec::IntoIter<i64>,
        std::vec::IntoIter<i32>,
        std::vec::IntoIter<bool>,
    >,
    pub(crate) levels: std::vec::IntoIter<i16>,
}

impl Filled {
    /// For a column, with nothing in it yet.
    pub(crate) const fn of(column: &Column) -> Self {
        Self {
            values: match column.kind {
                Kind::Text => Values::Text(Vec::new()),
                Kind::Integer | Kind::Instant => Values::Integer(Vec::new()),
                Kind::Date => Values::Date(Vec::new()),
                Kind::Flag => Values::Flag(Vec::new()),
            },
            levels: Vec::new(),
        }
    }
}

/// What can stand in a column.
pub trait Field: Sized {
    /// What it is there.
    const KIND: Kind;
    /// Whether it is always there.
    const IS_REQUIRED: bool = true;
    /// Adds it.
    fn put(&self, column: &mut Filled);
    /// Takes the next one off.
    fn take(column: &mut Taken) -> Option<Self>;
}

/// Declares what can stand in a column, always there or not: how it is written and read.
macro_rules! fields {
    ($($type:ty: $kind:ident as $values:ident |$value:ident| $write:expr, |$read:ident| $back:expr;)+) => {
        $(impl Field for $type {
            const KIND: Kind = Kind::$kind;
            fn put(&self, column: &mut Filled) {
                let $value = self;
                if let Values::$values(values) = &mut column.values {
                    values.push($write);
                }
            }
            fn take(column: &mut Taken) -> Option<Self> {
                match &mut column.values {
                    Values::$values(values) => values.next().and_then(|$read| $back),
                    _ => None,
                }
            }
        }

        impl Field for Option<$type> {
            const KIND: Kind = Kind::$kind;
            const IS_REQUIRED: bool = false;
            fn put(&self, column: &mut Filled) {
                column.levels.push(i16::from(self.is_some()));
                if let Some(value) = self {
                    value.put(column);
                }
            }
            fn take(column: &mut Taken) -> Option<Self> {
                match column.levels.next()? {
                    0 => Some(None),
                    _ => Field::take(column).map(Some),
                }
            }
        })+
    };
}

/// The same for words of closed lists, which are written by their codes.
macro_rules! codes {
    ($($type:ty),+ $(,)?) => {
        fields! {
            $($type: Text as Text
                |value| ByteArray::from(Bytes::from_static(value.code().as_bytes())),
                |read| Self::from_code(read.as_utf8().ok()?);)+
        }
    };
}

/// The same for identifiers.
macro_rules! ids {
    ($($type:ty: $parse:expr),+ $(,)?) => {
        fields! {
            $($type: Text as Text
                |value| ByteArray::from(value.as_str()),
                |read| $parse(read.as_utf8().ok()?);)+
        }
    };
}

fields! {
    String: Text as Text |value| ByteArray::from(value.as_str()),
        |read| read.as_utf8().ok().map(str::to_owned);
    i64: Integer as Integer |value| *value, |read| Some(read);
    u32: Integer as Integer |value| i64::from(*value), |read| Self::try_from(read).ok();
    DateTime<Utc>: Instant as Integer |value| value.timestamp_millis(),
        |read| Self::from_timestamp_millis(read);
    NaiveDate: Date as Date |value| days(*value),
        |read| Self::default().checked_add_signed(TimeDelta::days(i64::from(read)));
    bool: Flag as Flag |value| *value, |read| Some(read);
}

codes!(
    Action,
    AppealKind,
    AppellantKind,
    Clock,
    DrawGround,
    Method,
    Outcome,
    RatedAspect,
    RatingFinding,
    ReplyWay,
    ReturnReason,
    Role,
    Stage,
    State,
    Subject,
    Trigger,
    UnitKind,
);

ids! {
    TicketNumber: |text| Self::parse(text).ok(),
    UnitId: |text| Self::parse(text).ok(),
    ChannelCode: |text| Self::parse(text).ok(),
    SupervisionId: Self::parse,
    ProblemGroupId: Self::parse,
}

/// Days since 1970, which is the default day.
fn days(day: NaiveDate) -> i32 {
    let days = (day - NaiveDate::default()).num_days();
    i32::try_from(days).unwrap_or(i32::MAX)
}

/// Declares tables: a row, its table's name and division, and its columns with class and meaning.
macro_rules! tables {
    ($($row:ident = $name:literal by $division:ident, $zh:literal, $en:literal {
        $($field:ident: $type:ty, $class:ident, $fzh:literal, $fen:literal;)+
    })+) => {
        $(
            #[doc = concat!($en, " (`", $name, "`).")]
            #[derive(Debug, Clone, PartialEq, Eq)]
            pub struct $row {
                $(#[doc = concat!($fen, ".")] pub $field: $type,)+
            }

            impl $crate::schema::Row for $row {
                const TABLE: $crate::schema::Table = $crate::schema::Table {
                    name: $name,
                    division: $crate::schema::Division::$division,
                    zh: $zh,
                    en: $en,
                    columns: &[$($crate::schema::Column {
                        name: stringify!($field),
                        kind: <$type as $crate::schema::Field>::KIND,
                        is_required: <$type as $crate::schema::Field>::IS_REQUIRED,
                        class: domain::export::DataClass::$class,
                        zh: $fzh,
                        en: $fen,
                    }),+],
                };

                fn put(&self, columns: &mut [$crate::schema::Filled]) {
                    let mut columns = columns.iter_mut();
                    $(if let Some(column) = columns.next() {
                        $crate::schema::Field::put(&self.$field, column);
                    })+
                }

                fn take(columns: &mut [$crate::schema::Taken]) -> Option<Self> {
                    let mut columns = columns.iter_mut();
                    Some(Self { $($field: $crate::schema::Field::take(columns.next()?)?),+ })
                }
            }
        )+

        /// Every table of the lake.
        pub const TABLES: &[$crate::schema::Table] =
            &[$(<$row as $crate::schema::Row>::TABLE),+];
    };
}

pub(crate) use tables;
