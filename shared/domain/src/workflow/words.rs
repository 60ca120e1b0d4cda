//! The words of the workflow table: states, roles, actions, needs, clocks, grounds.

use crate::vocabulary::vocabulary;

vocabulary! {
    /// Where a ticket stands.
    State {
        New = "new" "（尚无工单）",
        Received = "received" "待分拣",
        WithCounty = "with_county" "待县级分派",
        Dispatched = "dispatched" "待签收",
        Handling = "handling" "办理中",
        AwaitingSupplement = "awaiting_supplement" "待补充材料",
        Rectifying = "rectifying" "整改中",
        Joint = "joint" "联合处置中",
        Closed = "closed" "已办结",
        Archived = "archived" "已归档",
    }
}

impl State {
    /// Whether the appeal is still to be answered.
    pub const fn is_open(self) -> bool {
        !matches!(self, Self::New | Self::Closed | Self::Archived)
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
        ProjectApprover = "project_approver" "立项审批员",
        KnowledgeEditor = "knowledge_editor" "知识库编辑员",
        KnowledgeReviewer = "knowledge_reviewer" "知识库审核员",
        Analyst = "analyst" "分析员",
        Auditor = "auditor" "审计员",
        Administrator = "administrator" "管理员",
        System = "system" "系统",
    }
}

impl Role {
    /// Whether it is nobody's in an office.
    pub const fn is_outside(self) -> bool {
        matches!(self, Self::Appellant | Self::ChannelSystem | Self::System)
    }
}

vocabulary! {
    /// What is done, each named by a row of the table.
    Action {
        Submit = "submit" "提交诉求",
        AnswerDirectly = "answer_directly" "即时解答",
        Dispatch = "dispatch" "派单",
        Transfer = "transfer" "转办",
        TakeOn = "take_on" "自行办理",
        Decline = "decline" "不予受理",
        Explain = "explain" "解释说明并归档",
        CiteEarlier = "cite_earlier" "引用原办结结果",
        Refer = "refer" "引导至管辖地",
        OpenJoint = "open_joint" "启动联合处置",
        RecordMeeting = "record_meeting" "登记会商",
        RaiseToGovernment = "raise_to_government" "提请市政府专题研究",
        ConcludeJoint = "conclude_joint" "形成联合处置结论",
        Sign = "sign" "签收",
        RecordContact = "record_contact" "联系用户",
        AppointCoHandlers = "appoint_co_handlers" "指定协办单位",
        CoSign = "co_sign" "协办签收",
        GiveOpinion = "give_opinion" "出具协办意见",
        ReleaseCoHandler = "release_co_handler" "免除协办",
        AskReturn = "ask_return" "申请退回",
        AcceptReturn = "accept_return" "同意退回",
        RefuseReturn = "refuse_return" "不同意退回",
        AskExtension = "ask_extension" "申请延期",
        GrantExtension = "grant_extension" "批准延期",
        RefuseExtension = "refuse_extension" "不批准延期",
        AskDeferral = "ask_deferral" "申请延期整改",
        GrantDeferral = "grant_deferral" "批准延期整改",
        RefuseDeferral = "refuse_deferral" "不批准延期整改",
        VerifyRectification = "verify_rectification" "核实整改",
        SendBack = "send_back" "整改不到位退办",
        AskSupplement = "ask_supplement" "一次性告知补充",
        AnswerSupplement = "answer_supplement" "补充材料",
        EndSupplement = "end_supplement" "结束补充",
        LapseSupplement = "lapse_supplement" "补充逾期恢复办理",
        Close = "close" "办结",
        ReviewUnsolved = "review_unsolved" "复核暂无法解决事项",
        Reopen = "reopen" "重办",
        NoteUndelivered = "note_undelivered" "答复未送达",
        DeliverOtherwise = "deliver_otherwise" "另行送达",
        Warn = "warn" "期限预警",
        MarkOverdue = "mark_overdue" "标记超期",
        MoveDeadline = "move_deadline" "期限重算",
        Rate = "rate" "评价",
        ContestRating = "contest_rating" "申诉评价",
        VerifyRating = "verify_rating" "核实评价",
        DrawCallback = "draw_callback" "抽取回访",
        TryCallback = "try_callback" "回访未接通",
        CompleteCallback = "complete_callback" "回访",
        CompleteRectification = "complete_rectification" "完成回访整改",
        Withdraw = "withdraw" "撤回诉求",
        Reveal = "reveal" "查看个人信息",
        Archive = "archive" "归档",
        Erase = "erase" "删除个人信息",
    }
}

vocabulary! {
    /// What an action requires; each is one function under `needs`.
    Need {
        Answer = "answer" "答复四要素",
        SubstantialAnswer = "substantial_answer" "答复不敷衍",
        HandlingRecord = "handling_record" "处理记录五要素",
        Contact = "contact" "联系用户记录",
        InterimPlan = "interim_plan" "暂无法解决的原因、阶段性方案和复核日期",
        OpinionsIn = "opinions_in" "协办意见齐备",
        SupplementEnded = "supplement_ended" "补充材料已结束",
        NothingPending = "nothing_pending" "没有待审批的申请",
        LawfulRoute = "lawful_route" "法定途径告知",
        Explanation = "explanation" "解释说明",
        EarlierTicket = "earlier_ticket" "同一事项的原工单",
        Guidance = "guidance" "管辖地及引导内容",
        ResolvingUnit = "resolving_unit" "可接单的解决单位",
        CountyUnit = "county_unit" "县级管理单位",
        CoHandlers = "co_handlers" "可接单的协办单位",
        PersonalDataKept = "personal_data_kept" "个人信息尚未删除",
        ErasureGround = "erasure_ground" "删除个人信息的理由",
        NothingElseOpen = "nothing_else_open" "该诉求人没有未办结的诉求",
        OwnCoHandling = "own_co_handling" "本单位的协办任务",
        Opinion = "opinion" "协办意见",
        OpenCoHandling = "open_co_handling" "尚未完成的协办",
        Reason = "reason" "理由",
        Members = "members" "联合处置成员单位",
        Meeting = "meeting" "会商日期和内容",
        MeetingHeld = "meeting_held" "至少一次会商记录",
        Conclusion = "conclusion" "联合处置结论",
        FirstRaise = "first_raise" "此前未提请",
        ReturnReason = "return_reason" "退回原因、依据及建议单位",
        ReturnInTime = "return_in_time" "在退回时限内",
        ReturnNotRefused = "return_not_refused" "本单位退回未被驳回",
        ReturnPending = "return_pending" "待审的退回申请",
        ExtensionReason = "extension_reason" "延期天数和理由",
        InTime = "in_time" "办理期限未到",
        FirstExtension = "first_extension" "此前未延期",
        ExtensionPending = "extension_pending" "待审的延期申请",
        RectificationPlan = "rectification_plan" "整改措施、完成时限和责任人",
        DeferralPending = "deferral_pending" "待审的延期整改申请",
        VerificationOpen = "verification_open" "待核实的整改",
        SupplementList = "supplement_list" "一次性清单",
        FirstSupplement = "first_supplement" "此前未要求补充材料",
        OpenItems = "open_items" "清单中尚未补充的材料",
        OnRegister = "on_register" "列入暂无法解决登记",
        ReviewFinding = "review_finding" "复核情况",
        Dissatisfaction = "dissatisfaction" "不满意或未解决的评价",
        ReopenInTime = "reopen_in_time" "在重办时限内",
        NotNoted = "not_noted" "此前未登记",
        Undelivered = "undelivered" "未送达的答复",
        FirstRating = "first_rating" "此前未评价",
        RatingDissatisfied = "rating_dissatisfied" "尚未核实的不满意评价",
        FirstContest = "first_contest" "此前未申诉",
        Drawable = "drawable" "可回访且未抽取的办结工单",
        CallerOutside = "caller_outside" "与工单办理无关的回访单位",
        CallbackOpen = "callback_open" "未完成的回访",
        CallbackAttempts = "callback_attempts" "未接通时的规定拨打次数",
        RectificationOpen = "rectification_open" "未报告的回访整改",
        ClockDue = "clock_due" "期限节点已到",
        DeadlineMoves = "deadline_moves" "期限随日历或规则变动",
        NothingOpen = "nothing_open" "没有未完成的事项",
    }
}

vocabulary! {
    /// A clock (R-CAL-3): started, paused, resumed, extended and stopped by rows of the table.
    Clock {
        /// The appellant's own clock; it never restarts on return, re-dispatch or reopening.
        Total = "total" "诉求总时限",
        County = "county" "县级分派",
        Sign = "sign" "签收",
        Handle = "handle" "办理",
        /// How long the duty may be disputed (Art. 12). A window: it only ends.
        Return = "return" "退回",
        /// How long the managing unit may take over a return, an extension, a deferral.
        Decision = "decision" "审批",
        /// How long the appellant's answer is awaited.
        Supplement = "supplement" "补充材料",
        Deferral = "deferral" "延期整改",
        Verify = "verify" "整改核实",
        Joint = "joint" "联合处置",
        CoSign = "co_sign" "协办签收",
        Opinion = "opinion" "协办意见",
        /// When what cannot be solved now is looked at again (Art. 13(6)).
        Review = "review" "暂无法解决复核",
        Delivery = "delivery" "另行送达",
        /// How long until the appellant is called back, from closing (Art. 14).
        Callback = "callback" "回访",
        /// How long the unit has to put right what a callback found (Art. 14).
        Rectify = "rectify" "回访整改",
        /// How long a closed ticket may be reopened. A window: it only ends.
        Reopen = "reopen" "重办",
        Archive = "archive" "归档",
    }
}

/// What the end of a clock means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Something may no longer be done; nothing fires.
    Window,
    /// Somebody is late (Art. 17(2)).
    Overdue,
    /// The appellant is waited for no longer (Art. 8(3)).
    Lapse,
    /// The ticket is archived (Art. 6(3)).
    Archive,
}

impl Clock {
    /// What its end means.
    pub const fn end(self) -> End {
        match self {
            Self::Total | Self::Return | Self::Reopen => End::Window,
            Self::Supplement => End::Lapse,
            Self::Archive => End::Archive,
            _ => End::Overdue,
        }
    }

    /// The article whose demand it measures, where the act that starts it stands under another.
    pub const fn article(self) -> Option<&'static str> {
        match self {
            Self::Total | Self::Handle | Self::Return => Some("第十二条"),
            Self::County => Some("第七条（一）"),
            Self::Sign => Some("第八条（一）"),
            Self::Review => Some("第十三条（六）"),
            _ => None,
        }
    }

    /// Whether each co-handler has one of its own.
    pub const fn is_per_unit(self) -> bool {
        matches!(self, Self::CoSign | Self::Opinion)
    }
}

vocabulary! {
    /// Why content is explained, locked and archived (Art. 11(2), R-TR-7).
    LockGround {
        Unlawful = "unlawful" "违反法律法规",
        PublicMorals = "public_morals" "违反公序良俗",
        StateSecret = "state_secret" "涉及国家秘密",
        BusinessSecret = "business_secret" "涉及商业秘密",
        Privacy = "privacy" "涉及个人隐私",
    }
}

vocabulary! {
    /// Why a unit says that a matter is not its duty (Art. 12, R-HD-6).
    ReturnReason {
        OtherDuty = "other_duty" "属其他单位职责",
        OtherArea = "other_area" "属其他区划管辖",
        OtherLevel = "other_level" "属上级或下级职责",
        NotAcceptable = "not_acceptable" "属不予受理情形",
        Misclassified = "misclassified" "诉求内容与派单事项不符",
    }
}

vocabulary! {
    /// Why several units deal with a ticket together (Art. 6(6), R-TR-10).
    JointCause {
        CrossUnit = "cross_unit" "跨部门复杂诉求",
        CrossLevel = "cross_level" "跨层级复杂诉求",
        ThirdReturn = "third_return" "多次退回仍无承办单位",
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
    /// What personal data is looked at for (用途, Art. 16).
    Purpose {
        Triage = "triage" "分拣核实",
        Contact = "contact" "联系诉求人",
        Verify = "verify" "核实办理",
        Deliver = "deliver" "送达答复",
        Supervise = "supervise" "督办核查",
        CallBack = "call_back" "回访",
    }
}

vocabulary! {
    /// Why personal data is erased (Art. 16; Personal Information Protection Law, Art. 47).
    ErasureGround {
        Wish = "wish" "本人申请删除",
        Unlawful = "unlawful" "收集或处理不合法",
        RetentionEnded = "retention_ended" "保存期限届满",
    }
}

vocabulary! {
    /// Why a ticket is called back (Art. 14).
    DrawGround {
        /// 随机抽取.
        Sampled = "sampled" "随机抽取",
        /// 差评必访: whoever is dissatisfied is called besides.
        Dissatisfied = "dissatisfied" "评价不满意",
    }
}

vocabulary! {
    /// What a dissatisfied rating is about.
    RatedAspect {
        Result = "result" "对办理结果不满意",
        Attitude = "attitude" "对服务态度不满意",
        Both = "both" "对办理结果和服务态度均不满意",
    }
}

vocabulary! {
    /// What the managing unit found of a dissatisfied rating (Art. 17(5)).
    RatingFinding {
        Proved = "proved" "问题属实",
        Unfounded = "unfounded" "问题不属实",
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
