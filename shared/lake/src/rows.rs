//! The tables of the lake. None has a column of personal data: texts are masked, whose an appeal is
//! stands as a digest, a place is no finer than a county (Art. 16; R-DP-2).

use chrono::{DateTime, NaiveDate, Utc};
use domain::answer::Outcome;
use domain::appeal::{AppellantKind, Kind, ReplyWay, Subject};
use domain::ids::{ChannelCode, UnitId};
use domain::problem_group::{ProblemGroupId, Stage};
use domain::registry::UnitKind;
use domain::supervision::{Method, SupervisionId, Trigger};
use domain::ticket::TicketNumber;
use domain::workflow::words::{
    Action, Clock, DrawGround, RatedAspect, RatingFinding, ReturnReason, Role, State,
};

use crate::schema::tables;

tables! {
    EventRow = "events" by Day, "工单的每一个事件，写入后不变；同一事件可能不止一行，以编号和版本为准", "One row an event of a ticket, immutable; the same event may stand here more than once: number and version name it" {
        number: TicketNumber, Internal, "工单编号", "Number of the ticket";
        version: u32, Internal, "事件发生后的工单版本，从1起", "Version of the ticket after the event, from 1";
        at: DateTime<Utc>, Internal, "发生时刻", "When it happened";
        action: Action, Internal, "动作代码", "Code of the action";
        role: Role, Internal, "行为人角色代码", "Code of the role in which somebody acted";
        unit: Option<UnitId>, Internal, "行为人所在单位", "Unit of the officer who acted";
        rulebook: u32, Internal, "适用的规则版本", "Version of the rulebook that applied";
        facts: Option<String>, Internal, "事件的其他要素（JSON，键为链上的短名），不含文本、附件和个人", "The event's other facts as JSON under their short names, without texts, files and persons";
        subject_key: Option<String>, Internal, "诉求人的带钥摘要，仅在提交事件上；删除个人信息后为空", "Keyed digest of the appellant, on the submission only; empty once erased";
        title: Option<String>, Internal, "脱敏后的标题，仅在提交事件上", "Masked title, on the submission only";
        text: Option<String>, Internal, "脱敏后的内容，仅在提交事件上", "Masked text, on the submission only";
        knowledge: Option<String>, Internal, "答复引用的知识条目，形如“编号@版本”，逗号分隔", "Entries of the knowledge base that an answer rests on, as `id@version`, by commas";
    }

    TicketRow = "tickets" by Month, "每个工单一行，为其最新情况", "One row a ticket, as it stood last" {
        number: TicketNumber, Internal, "工单编号", "Number of the ticket";
        version: u32, Internal, "版本，即事件数", "Version: how many events there are";
        received_at: DateTime<Utc>, Internal, "收到时刻", "When it was received";
        received_on: NaiveDate, Internal, "收到日期", "The day on which it was received";
        channel: ChannelCode, Internal, "渠道代码", "Code of the channel";
        kind: Kind, Internal, "诉求类型代码", "Code of what is wanted";
        subject: Subject, Internal, "诉求事由代码", "Code of what it is about";
        appellant_kind: AppellantKind, Internal, "个人或企业", "Person or enterprise";
        reply_way: ReplyWay, Internal, "答复方式代码", "Code of how to answer";
        area: Option<String>, Internal, "县级以上行政区划代码（GB/T 2260）", "Area code to the county (GB/T 2260)";
        service_item: Option<String>, Internal, "政务服务事项编码", "Code of the service item";
        managing_unit: UnitId, Internal, "管理单位", "The managing unit";
        responsible_unit: UnitId, Internal, "现承办单位", "The unit responsible now";
        county: Option<UnitId>, Internal, "承接的县级管理单位", "The county's managing unit, where it went through one";
        state: State, Internal, "状态代码", "Code of the state";
        ended: Option<String>, Internal, "办结方式代码", "Code of how it was closed";
        outcome: Option<Outcome>, Internal, "办理结果代码", "Code of how handling ended";
        ground: Option<String>, Internal, "不予受理或解释归档的理由代码", "Code of why it was not accepted, or explained and locked";
        closed_at: Option<DateTime<Utc>>, Internal, "最近一次办结时刻", "When it was closed last";
        closed_on: Option<NaiveDate>, Internal, "最近一次办结日期", "The day on which it was closed last";
        minutes_to_close: Option<i64>, Internal, "从收到到最近一次办结的分钟数", "Minutes from receipt to the last closing";
        due_at: Option<DateTime<Utc>>, Internal, "诉求总时限届满时刻", "End of the appellant's own limit";
        is_in_time: Option<bool>, Internal, "是否在总时限内办结；未到期未办结为空", "Whether it was closed within that limit; empty while that is open";
        is_overdue: bool, Internal, "是否有任一环节超期", "Whether any of its limits was passed";
        dispatches: u32, Internal, "派单次数", "How often it was dispatched";
        returns: u32, Internal, "退回次数", "How often it was given back";
        extended_days: u32, Internal, "批准延期的工作日合计", "Working days granted in all";
        contacts: u32, Internal, "联系诉求人次数", "Contacts with the appellant";
        supplement_lists: u32, Internal, "补充材料清单数", "Supplement lists sent";
        reopenings: u32, Internal, "重办次数", "How often it was reopened";
        is_joint: bool, Internal, "是否联合处置", "Whether it was dealt with jointly";
        rating: Option<u32>, Internal, "最近评价，5为非常满意，1为非常不满意", "Last rating, 5 very satisfied to 1 very dissatisfied";
        is_solved: Option<bool>, Internal, "诉求人是否认为已解决", "Whether the appellant says that it was solved";
        earlier: Option<TicketNumber>, Internal, "重复提交所引用的原工单", "The earlier ticket that it repeats";
        subject_key: Option<String>, Internal, "诉求人的带钥摘要", "Keyed digest of the appellant";
        title: Option<String>, Internal, "脱敏后的标题", "Masked title";
        text: Option<String>, Internal, "脱敏后的内容", "Masked text";
        erased_at: Option<DateTime<Utc>>, Internal, "个人信息删除时刻", "When the appellant's personal data was erased";
        last_at: DateTime<Utc>, Internal, "最近一个事件的时刻", "When its last event happened";
    }

    ClockRow = "clocks" by Month, "每个工单的每一次计时一行", "One row a run of a clock of a ticket" {
        number: TicketNumber, Internal, "工单编号", "Number of the ticket";
        sequence: u32, Internal, "本工单第几次计时，从1起", "Which run of the ticket's, from 1";
        clock: Clock, Internal, "时限代码", "Code of the limit";
        unit: UnitId, Internal, "计时所属单位", "The unit whose time runs";
        article: String, Internal, "依据条款", "The article that starts it";
        rulebook: u32, Internal, "适用的规则版本", "Version of the rulebook that gave the limit";
        started_at: DateTime<Utc>, Internal, "开始时刻", "When it started";
        started_on: NaiveDate, Internal, "开始日期", "The day on which it started";
        due_at: DateTime<Utc>, Internal, "届满时刻", "First instant after the limit";
        due_on: NaiveDate, Internal, "最后一日", "The last day of the limit";
        stopped_at: Option<DateTime<Utc>>, Internal, "结束时刻", "When it ended";
        is_waiting: bool, Internal, "是否暂停中", "Whether it waits";
        is_kept: Option<bool>, Internal, "是否在时限内完成；未到期未完成为空", "Whether the limit was kept; empty while that is open";
        minutes_over: Option<i64>, Internal, "超过时限的分钟数", "Minutes over the limit";
        is_provisional: bool, Internal, "是否含未公布节假日安排的年份", "Whether a year without a published notice took part";
    }

    AssignmentRow = "assignments" by Month, "每个工单的每一次承办或协办一行", "One row a time that a unit had a ticket, or helped with it" {
        number: TicketNumber, Internal, "工单编号", "Number of the ticket";
        sequence: u32, Internal, "本工单第几次，从1起", "Which of the ticket's, from 1";
        unit: UnitId, Internal, "单位", "The unit";
        part: String, Internal, "lead 承办，county 县级分派，co_handler 协办", "`lead`, `county` or `co_handler`";
        assigned_at: DateTime<Utc>, Internal, "交办时刻", "When it got it";
        assigned_on: NaiveDate, Internal, "交办日期", "The day on which it got it";
        signed_at: Option<DateTime<Utc>>, Internal, "签收时刻", "When it signed";
        ended_at: Option<DateTime<Utc>>, Internal, "结束时刻", "When it was over";
        ended_by: Option<Action>, Internal, "结束动作代码", "Code of the action that ended it";
        return_reason: Option<ReturnReason>, Internal, "退回原因代码", "Code of why it was given back";
    }

    RatingRow = "ratings" by Month, "每一次评价或回访一行", "One row a rating or a callback" {
        number: TicketNumber, Internal, "工单编号", "Number of the ticket";
        version: u32, Internal, "该事件的版本", "Version that says so";
        source: String, Internal, "rating 评价，callback 回访", "`rating` or `callback`";
        unit: UnitId, Internal, "被评价单位", "The unit that is rated";
        at: DateTime<Utc>, Internal, "时刻", "When";
        made_on: NaiveDate, Internal, "日期", "The day";
        level: Option<u32>, Internal, "满意度，5至1；回访未接通为空", "5 to 1; empty where nobody answered";
        is_solved: Option<bool>, Internal, "是否已解决", "Whether it was solved";
        is_dissatisfied: bool, Internal, "是否差评", "Whether it counts as dissatisfied";
        aspect: Option<RatedAspect>, Internal, "不满意的方面代码", "Code of what is dissatisfying";
        finding: Option<RatingFinding>, Internal, "核实结果代码", "Code of what was found";
        drawn: Option<DrawGround>, Internal, "抽取回访的理由代码", "Code of why it was called back";
        tries: u32, Internal, "未接通次数", "Calls that reached nobody";
    }

    KnowledgeUseRow = "knowledge_uses" by Month, "答复对知识条目的每一次引用一行", "One row a time that an answer rested on an entry of the knowledge base" {
        number: TicketNumber, Internal, "工单编号", "Number of the ticket";
        version: u32, Internal, "答复事件的版本", "Version of the answer";
        at: DateTime<Utc>, Internal, "时刻", "When";
        unit: UnitId, Internal, "答复单位", "The unit that answered";
        entry: String, Internal, "知识条目编号", "Id of the entry";
        entry_version: u32, Internal, "条目版本", "Version of the entry that was shown then";
    }

    SupervisionRow = "supervision" by Whole, "每一件督办一行", "One row a case of supervision" {
        id: SupervisionId, Internal, "督办编号", "Id of the case";
        trigger: Trigger, Internal, "触发情形代码（第十七条）", "Code of the item of Art. 17";
        unit: UnitId, Internal, "被督办单位", "The unit that is supervised";
        supervisor: UnitId, Internal, "督办单位", "The unit that supervises";
        number: Option<TicketNumber>, Internal, "所涉工单", "The ticket that it is about";
        opened_at: DateTime<Utc>, Internal, "立案时刻", "When it was opened";
        opened_on: NaiveDate, Internal, "立案日期", "The day on which it was opened";
        method: Method, Internal, "现督办方式代码", "Code of the method now";
        is_letter: bool, Internal, "是否发出督办函", "Whether a letter was sent";
        refusals: u32, Internal, "答复被退次数", "How often an answer was not enough";
        closed_at: Option<DateTime<Utc>>, Internal, "销号时刻", "When it was closed";
    }

    ProblemGroupRow = "problem_groups" by Whole, "每一个共性问题一行", "One row a problem group" {
        id: ProblemGroupId, Internal, "问题编号", "Id of the group";
        title: String, Internal, "问题", "The problem";
        unit: UnitId, Internal, "责任单位", "The unit whose problem it is";
        managed_by: UnitId, Internal, "管理单位", "The managing unit";
        area: Option<String>, Internal, "区划代码", "Area code";
        service_item: Option<String>, Internal, "政务服务事项编码", "Code of the service item";
        opened_at: DateTime<Utc>, Internal, "确认时刻", "When it was confirmed";
        opened_on: NaiveDate, Internal, "确认日期", "The day on which it was confirmed";
        stage: Stage, Internal, "阶段代码", "Code of the stage";
        size: u32, Internal, "所含工单数", "Tickets in it";
        brought_before: Option<u32>, Internal, "整改完成前90日内的诉求数", "Appeals in the 90 days before the measures were done";
        brought_after: Option<u32>, Internal, "整改完成后（至多90日）的诉求数", "Appeals in the days after, at most 90";
        days_after: Option<u32>, Internal, "整改完成后已过的天数，至多90", "Days since, at most 90";
    }

    UnitRow = "units" by Whole, "每个单位一行", "One row a unit" {
        unit: UnitId, Public, "单位代码", "Id of the unit";
        name: String, Public, "名称", "Its name";
        kind: UnitKind, Public, "单位类型代码", "Code of what it is";
        parent: Option<UnitId>, Public, "上级单位", "The unit above it";
        area: String, Public, "区划代码", "Area code";
        county: Option<String>, Public, "所属县级管理单位名称；市级为空", "Name of the managing unit of its county; empty for the city's";
    }

    ItemRow = "service_items" by Whole, "每个政务服务事项一行", "One row a service item" {
        service_item: String, Public, "编码", "Its code";
        name: String, Public, "名称", "Its name";
        unit: UnitId, Public, "实施单位", "The unit that provides it";
    }

    ChannelRow = "channels" by Whole, "每个渠道一行", "One row a channel" {
        channel: ChannelCode, Public, "渠道代码", "Its code";
        name: String, Public, "名称", "Its name";
    }
}

impl EventRow {
    /// In what order events stand in files: by ticket, and there as they happened. Tickets stand in the
    /// order of their months, for a number begins with the day of receipt.
    pub fn place(&self) -> (&TicketNumber, u32) {
        (&self.number, self.version)
    }
}
