//! Everything that can happen to a ticket, as one table: the event, the action that causes it, and
//! its facts with their short stored names. [`Happening::facts`] and [`Happening::from_facts`] are
//! the one mapping of an event to plain words.

use chrono::NaiveDate;

use super::facts::{Fact, LookUp, Value};
use super::rows::happenings;
use crate::answer::Outcome;
use crate::appeal::Submission;
use crate::clocks::{ClockId, Moved};
use crate::ids::{Digest, TextRef, UnitId, UploadId};
use crate::rulebook::Mark;
use crate::ticket::TicketNumber;
use crate::workflow::command::{CallbackResult, Contact, Rating};
use crate::workflow::words::{
    Action, ContactOutcome, ContactWay, DrawGround, ErasureGround, Ground, JointCause, LockGround,
    Purpose, RatingFinding, ReturnReason,
};

happenings! {
    /// 提交诉求.
    Submitted = Submit {
        /// What was submitted.
        submission: "" Box<Submission>,
    }
    /// 即时解答.
    AnsweredDirectly = AnswerDirectly {
        /// The answer.
        text: "x" TextRef,
    }
    /// 派单.
    Dispatched = Dispatch {
        /// To whom.
        unit: "u" UnitId,
        /// Who helps.
        co_handlers: "n" Vec<UnitId>,
        /// A note.
        note: "x" Option<TextRef>,
    }
    /// 转办.
    Transferred = Transfer {
        /// To which county.
        unit: "u" UnitId,
        /// A note.
        note: "x" Option<TextRef>,
    }
    /// 自行办理.
    TakenOn = TakeOn {}
    /// 不予受理.
    Declined = Decline {
        /// Why.
        ground: "g" Ground,
        /// Explanation to the appellant.
        explanation: "x" Option<TextRef>,
    }
    /// 解释说明并归档.
    Explained = Explain {
        /// Why the content is locked.
        ground: "g" LockGround,
        /// Explanation to the appellant.
        text: "x" TextRef,
    }
    /// 引用原办结结果.
    CitedEarlier = CiteEarlier {
        /// The earlier ticket on the same matter.
        earlier: "e" TicketNumber,
        /// Its answer, where it was closed with one by then.
        text: "x" Option<TextRef>,
    }
    /// 引导至管辖地.
    Referred = Refer {
        /// Where to, and what the appellant was told.
        text: "x" TextRef,
    }
    /// 启动联合处置.
    JointOpened = OpenJoint {
        /// Why.
        cause: "g" JointCause,
        /// Who takes part.
        members: "n" Vec<UnitId>,
        /// In words.
        text: "x" Option<TextRef>,
    }
    /// 登记会商.
    MeetingRecorded = RecordMeeting {
        /// On which day they met.
        on: "d" NaiveDate,
        /// What was said.
        text: "x" TextRef,
    }
    /// 提请市政府专题研究.
    RaisedToGovernment = RaiseToGovernment {
        /// Why.
        text: "x" TextRef,
    }
    /// 形成联合处置结论.
    JointConcluded = ConcludeJoint {
        /// Whose duty it is.
        unit: "u" UnitId,
        /// Who helps.
        co_handlers: "n" Vec<UnitId>,
        /// The conclusion.
        text: "x" TextRef,
    }
    /// 签收.
    Signed = Sign {}
    /// 联系用户.
    Contacted = RecordContact {
        /// How, and what came of it.
        contact: "" Contact,
    }
    /// 指定协办单位.
    CoHandlersAppointed = AppointCoHandlers {
        /// Who helps from now on.
        units: "n" Vec<UnitId>,
        /// A note.
        note: "x" Option<TextRef>,
    }
    /// 协办签收.
    CoSigned = CoSign {
        /// Which co-handler.
        unit: "u" UnitId,
    }
    /// 出具协办意见.
    OpinionGiven = GiveOpinion {
        /// Which co-handler.
        unit: "u" UnitId,
        /// Its opinion.
        text: "x" TextRef,
    }
    /// 免除协办.
    CoHandlerReleased = ReleaseCoHandler {
        /// Which co-handler.
        unit: "u" UnitId,
        /// Why.
        text: "x" TextRef,
    }
    /// 申请退回.
    ReturnRequested = AskReturn {
        /// Why.
        reason: "g" ReturnReason,
        /// Whose duty it is instead.
        suggested: "u" UnitId,
        /// Legal ground and explanation.
        text: "x" TextRef,
    }
    /// 同意退回.
    ReturnAccepted = AcceptReturn {
        /// Who has the ticket now.
        to: "u" UnitId,
        /// The unit that gave it back.
        returned_by: "b" UnitId,
        /// From when the duty list should name the suggested unit.
        duty_from: "d" NaiveDate,
        /// A note.
        note: "x" Option<TextRef>,
    }
    /// 不同意退回.
    ReturnRefused = RefuseReturn {
        /// The unit whose duty it stays.
        unit: "u" UnitId,
        /// From when the duty list should say so.
        duty_from: "d" NaiveDate,
        /// Why.
        text: "x" TextRef,
    }
    /// 申请延期.
    ExtensionRequested = AskExtension {
        /// Working days asked for.
        days: "m" u32,
        /// Why.
        text: "x" TextRef,
    }
    /// 批准延期.
    ExtensionGranted = GrantExtension {
        /// Working days granted.
        days: "m" u32,
        /// A note.
        note: "x" Option<TextRef>,
    }
    /// 不批准延期.
    ExtensionRefused = RefuseExtension {
        /// Why.
        text: "x" TextRef,
    }
    /// 申请延期整改.
    DeferralRequested = AskDeferral {
        /// Done by when.
        until: "d" NaiveDate,
        /// Measures, person, reason.
        text: "x" TextRef,
    }
    /// 批准延期整改.
    DeferralGranted = GrantDeferral {
        /// Done by when.
        until: "d" NaiveDate,
        /// A note.
        note: "x" Option<TextRef>,
    }
    /// 不批准延期整改.
    DeferralRefused = RefuseDeferral {
        /// Why.
        text: "x" TextRef,
    }
    /// 核实整改.
    RectificationVerified = VerifyRectification {
        /// How it was verified.
        text: "x" TextRef,
    }
    /// 整改不到位退办.
    SentBack = SendBack {
        /// What is missing.
        text: "x" TextRef,
    }
    /// 一次性告知补充.
    SupplementRequested = AskSupplement {
        /// How many items the list has.
        items: "m" u8,
        /// The list.
        text: "x" TextRef,
    }
    /// 补充材料.
    SupplementAnswered = AnswerSupplement {
        /// Which items, from 1.
        items: "m" Vec<u8>,
        /// Uploads that came with it.
        attachments: "f" Vec<UploadId>,
        /// The appellant's words.
        text: "x" Option<TextRef>,
    }
    /// 结束补充.
    SupplementClosed = EndSupplement {
        /// A note.
        note: "x" Option<TextRef>,
    }
    /// 补充逾期恢复办理.
    SupplementLapsed = LapseSupplement {}
    /// 办结.
    Closed = Close {
        /// How it ended.
        outcome: "o" Outcome,
        /// When what cannot be solved now is looked at again.
        review_on: "d" Option<NaiveDate>,
        /// Record and answer.
        text: "x" TextRef,
    }
    /// 复核暂无法解决事项.
    UnsolvedReviewed = ReviewUnsolved {
        /// When it is looked at again; none when it leaves the register.
        next_on: "d" Option<NaiveDate>,
        /// What was found.
        text: "x" TextRef,
    }
    /// 重办.
    Reopened = Reopen {
        /// What the managing unit found.
        text: "x" TextRef,
    }
    /// 答复未送达.
    Undelivered = NoteUndelivered {
        /// The version of the ticket whose notice did not arrive.
        version: "m" u32,
    }
    /// 另行送达.
    DeliveredOtherwise = DeliverOtherwise {
        /// How.
        way: "y" ContactWay,
        /// To whom, when.
        text: "x" TextRef,
    }
    /// 期限预警.
    Warned = Warn {
        /// Which clock.
        id: "c" ClockId,
        /// At which mark.
        mark: "m" Mark,
    }
    /// 超期.
    BecameOverdue = MarkOverdue {
        /// Which clock.
        id: "c" ClockId,
    }
    /// 期限重算.
    DeadlineMoved = MoveDeadline {
        /// The document that moved it: a notice's number, a version of the rulebook.
        because: "g" String,
        /// What moved.
        moved: "m" Vec<Moved>,
    }
    /// 评价.
    Rated = Rate {
        /// The rating.
        rating: "" Rating,
        /// The appellant's words.
        words: "x" Option<TextRef>,
    }
    /// 申诉评价.
    RatingContested = ContestRating {
        /// What speaks against it.
        text: "x" TextRef,
    }
    /// 核实评价.
    RatingVerified = VerifyRating {
        /// What was found.
        finding: "g" RatingFinding,
        /// How it was verified.
        text: "x" TextRef,
    }
    /// 抽取回访.
    CallbackDrawn = DrawCallback {
        /// Who calls.
        caller: "u" UnitId,
        /// Why this one.
        ground: "g" DrawGround,
    }
    /// 回访未接通.
    CallbackTried = TryCallback {
        /// What came of it.
        outcome: "o" ContactOutcome,
        /// A note.
        note: "x" Option<TextRef>,
    }
    /// 回访.
    CalledBack = CompleteCallback {
        /// How it went.
        result: "" CallbackResult,
        /// What the appellant said.
        note: "x" Option<TextRef>,
    }
    /// 完成回访整改.
    RectificationCompleted = CompleteRectification {
        /// Who verifies it; none where nobody but who did it could.
        verifier: "u" Option<UnitId>,
        /// What was put right.
        text: "x" TextRef,
    }
    /// 撤回诉求.
    Withdrawn = Withdraw {
        /// Why, in the appellant's words.
        reason: "x" Option<TextRef>,
    }
    /// 查看个人信息.
    Revealed = Reveal {
        /// What for.
        purpose: "g" Purpose,
    }
    /// 删除个人信息.
    Erased = Erase {
        /// Why.
        ground: "g" ErasureGround,
        /// In words.
        text: "x" Option<TextRef>,
    }
    /// 归档.
    Archived = Archive {
        /// SHA-256 of the archived document.
        digest: "x" Digest,
    }
}
