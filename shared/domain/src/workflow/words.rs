//! The words of the workflow table: states, roles, actions, needs, clocks, grounds.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a ticket stands.
    State {
        New = "new" "（尚无工单）",
        Received = "received" "待分拣",
        Dispatched = "dispatched" "待签收",
        Handling = "handling" "办理中",
        Closed = "closed" "已办结",
        Archived = "archived" "已归档",
    }
}

vocabulary! {
    /// Who acts (R-AC-1).
    Role {
        Appellant = "appellant" "诉求人",
        ChannelSystem = "channel_system" "渠道系统",
        TriageOfficer = "triage_officer" "分拣员",
        CityManager = "city_manager" "市级管理员",
        CountyManager = "county_manager" "县级管理员",
        Liaison = "liaison" "联络员",
        ResponsibleLeader = "responsible_leader" "分管领导",
        CallbackAgent = "callback_agent" "回访员",
        Analyst = "analyst" "分析员",
        Auditor = "auditor" "审计员",
        Administrator = "administrator" "管理员",
        System = "system" "系统",
    }
}

vocabulary! {
    /// What is done, each named by a row of the table.
    Action {
        Submit = "submit" "提交诉求",
        AnswerDirectly = "answer_directly" "即时解答",
        Dispatch = "dispatch" "派单",
        Decline = "decline" "不予受理",
        Sign = "sign" "签收",
        RecordContact = "record_contact" "联系用户",
        Close = "close" "办结",
        Warn = "warn" "期限预警",
        MarkOverdue = "mark_overdue" "标记超期",
        Rate = "rate" "评价",
        Withdraw = "withdraw" "撤回诉求",
        Archive = "archive" "归档",
    }
}

vocabulary! {
    /// What an action requires; each is one function in `needs.rs`.
    Need {
        Answer = "answer" "答复四要素",
        SubstantialAnswer = "substantial_answer" "答复不敷衍",
        HandlingRecord = "handling_record" "处理记录五要素",
        Contact = "contact" "联系用户记录",
        LawfulRoute = "lawful_route" "法定途径告知",
        ResolvingUnit = "resolving_unit" "可接单的解决单位",
        FirstRating = "first_rating" "此前未评价",
        ClockDue = "clock_due" "期限节点已到",
    }
}

vocabulary! {
    /// A clock (R-CAL-3): started, paused, resumed and stopped by rows of the table.
    Clock {
        /// The appellant's own clock; it never restarts on return or re-dispatch.
        Total = "total" "诉求总时限",
        Sign = "sign" "签收",
        Handle = "handle" "办理",
        Archive = "archive" "归档",
    }
}

vocabulary! {
    /// Why an appeal is not accepted (Art. 11(1), R-TR-6).
    Ground {
        Emergency110 = "emergency_110" "应由110处置的紧急诉求",
        Emergency119 = "emergency_119" "应由119处置的紧急诉求",
        Emergency120 = "emergency_120" "应由120处置的紧急诉求",
        Emergency122 = "emergency_122" "应由122处置的紧急诉求",
        Reconsideration = "reconsideration" "行政复议",
        Litigation = "litigation" "行政诉讼",
        Arbitration = "arbitration" "仲裁",
        Discipline = "discipline" "纪检监察",
        Hotline12345 = "hotline_12345" "12345政务服务便民热线",
        Petition = "petition" "信访",
        EnterpriseTrack = "enterprise_track" "企业接诉即办",
    }
}

impl Ground {
    /// Whether it is an emergency: shown to the appellant already on submission.
    pub const fn is_emergency(self) -> bool {
        matches!(
            self,
            Self::Emergency110 | Self::Emergency119 | Self::Emergency120 | Self::Emergency122
        )
    }
}

vocabulary! {
    /// How the unit reached for the appellant (Art. 13(1)).
    ContactWay {
        Phone = "phone" "电话", Sms = "sms" "短信", InApp = "in_app" "站内消息",
        Post = "post" "邮寄", Visit = "visit" "上门",
    }
}

vocabulary! {
    /// What came of it.
    ContactOutcome {
        Reached = "reached" "已联系上", NoAnswer = "no_answer" "无人接听",
        WrongNumber = "wrong_number" "号码有误", Declined = "declined" "对方拒绝沟通",
    }
}
