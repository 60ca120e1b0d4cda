//! The parts of the registry and their columns.

/// A part of the registry: one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Units (Art. 4).
    Units,
    /// Officers (Art. 8(1)).
    Officers,
    /// The duty list: which unit for what.
    Duties,
    /// Service items.
    ServiceItems,
    /// Channels (Art. 2).
    Channels,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Column {
    /// Its name in programs.
    pub(crate) field: &'static str,
    /// Its heading for people.
    pub(crate) heading: &'static str,
    /// Whether a file without it is refused.
    pub(crate) required: bool,
}

pub(crate) const fn must(field: &'static str, heading: &'static str) -> Column {
    Column {
        field,
        heading,
        required: true,
    }
}

pub(crate) const fn may(field: &'static str, heading: &'static str) -> Column {
    Column {
        field,
        heading,
        required: false,
    }
}

const UNITS: &[Column] = &[
    must("id", "编号"),
    must("name", "名称"),
    must("kind", "类型"),
    may("parent", "上级单位"),
    must("area", "区划"),
];

const OFFICERS: &[Column] = &[
    must("id", "编号"),
    must("name", "姓名"),
    must("unit", "单位"),
    must("roles", "角色"),
    may("contact", "联系电话"),
];

const DUTIES: &[Column] = &[
    must("unit", "单位"),
    must("words", "关键词"),
    may("service_item", "事项编码"),
    may("area", "区划"),
    may("effective_on", "生效日期"),
];

const SERVICE_ITEMS: &[Column] = &[
    must("code", "事项编码"),
    must("name", "事项名称"),
    must("unit", "单位"),
];

const CHANNELS: &[Column] = &[
    must("code", "编码"),
    must("name", "名称"),
    must("managing_unit", "管理单位"),
    may("system_function_unit", "系统功能管理单位"),
];

impl Part {
    /// Every part.
    pub const ALL: [Self; 5] = [
        Self::Units,
        Self::Officers,
        Self::Duties,
        Self::ServiceItems,
        Self::Channels,
    ];

    /// Its name in paths and file names.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Units => "units",
            Self::Officers => "officers",
            Self::Duties => "duties",
            Self::ServiceItems => "service-items",
            Self::Channels => "channels",
        }
    }

    /// The part with this name.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }

    pub(crate) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Units => UNITS,
            Self::Officers => OFFICERS,
            Self::Duties => DUTIES,
            Self::ServiceItems => SERVICE_ITEMS,
            Self::Channels => CHANNELS,
        }
    }
}

impl Column {
    /// The heading that is written: Chinese, with the field's name.
    pub(crate) fn title(&self) -> String {
        format!("{}({})", self.heading, self.field)
    }

    /// Whether a heading that was found means this column: both together, or one of them.
    pub(crate) fn is_meant_by(&self, found: &str) -> bool {
        let found = found.trim().replace('（', "(").replace('）', ")");
        let title = self.title();
        [title.as_str(), self.heading, self.field]
            .iter()
            .any(|name| found.eq_ignore_ascii_case(name))
    }
}
