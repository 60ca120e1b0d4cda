//! What somebody wants done: one command for each action of the table, and the events that follow
//! when nothing speaks against it.

mod asks;
mod parts;

pub use parts::{CallbackResult, Contact, Rating, RectificationPlan, SupplementItem};

use chrono::NaiveDate;

use super::words::{
    ContactOutcome, ContactWay, DrawGround, ErasureGround, Ground, JointCause, LockGround, Purpose,
    RatingFinding, ReturnReason,
};
use crate::answer::{Answer, HandlingRecord, InterimPlan, Outcome};
use crate::appeal::Submission;
use crate::clocks::{ClockId, Moved};
use crate::ids::{Digest, TextRef, UnitId, UploadId};
use crate::rulebook::Mark;
use crate::ticket::TicketNumber;

/// What somebody wants done.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a request makes one, and closing is what most of them end with"
)]
pub enum Command {
    /// 提交诉求.
    Submit(Box<Submission>),
    /// 即时解答.
    AnswerDirectly {
        /// The answer.
        answer: Answer,
        /// Its text item.
        text: TextRef,
    },
    /// 派单.
    Dispatch {
        /// To whom.
        unit: UnitId,
        /// Who helps.
        co_handlers: Vec<UnitId>,
        /// A note to the units.
        note: Option<TextRef>,
    },
    /// 转办.
    Transfer {
        /// To which county.
        unit: UnitId,
        /// A note to it.
        note: Option<TextRef>,
    },
    /// 自行办理.
    TakeOn,
    /// 不予受理.
    Decline {
        /// The lawful ground.
        ground: Ground,
        /// Further explanation to the appellant.
        explanation: Option<TextRef>,
    },
    /// 解释说明并归档.
    Explain {
        /// Why.
        ground: LockGround,
        /// Explanation to the appellant.
        text: Option<TextRef>,
    },
    /// 引用原办结结果.
    CiteEarlier {
        /// The earlier ticket.
        earlier: TicketNumber,
        /// Its answer as a text of this ticket, where there is one.
        text: Option<TextRef>,
    },
    /// 引导至管辖地.
    Refer {
        /// Where to, and what the appellant is told.
        text: Option<TextRef>,
    },
    /// 启动联合处置.
    OpenJoint {
        /// Why.
        cause: JointCause,
        /// Who takes part.
        members: Vec<UnitId>,
        /// In words.
        text: Option<TextRef>,
    },
    /// 登记会商.
    RecordMeeting {
        /// On which day.
        on: NaiveDate,
        /// What was said.
        text: Option<TextRef>,
    },
    /// 提请市政府专题研究.
    RaiseToGovernment {
        /// Why.
        text: Option<TextRef>,
    },
    /// 形成联合处置结论.
    ConcludeJoint {
        /// Whose duty it is.
        unit: UnitId,
        /// Who helps.
        co_handlers: Vec<UnitId>,
        /// The conclusion.
        text: Option<TextRef>,
    },
    /// 签收.
    Sign,
    /// 联系用户.
    RecordContact(Contact),
    /// 指定协办单位.
    AppointCoHandlers {
        /// Who.
        units: Vec<UnitId>,
        /// A note to them.
        note: Option<TextRef>,
    },
    /// 协办签收.
    CoSign,
    /// 出具协办意见.
    GiveOpinion {
        /// The opinion.
        text: Option<TextRef>,
    },
    /// 免除协办.
    ReleaseCoHandler {
        /// Which.
        unit: UnitId,
        /// Why.
        text: Option<TextRef>,
    },
    /// 申请退回.
    AskReturn {
        /// Why.
        reason: ReturnReason,
        /// The legal ground.
        ground: String,
        /// Whose duty it is instead.
        suggested: UnitId,
        /// Ground and explanation as a text.
        text: TextRef,
    },
    /// 同意退回.
    AcceptReturn {
        /// From when the duty list should name the suggested unit.
        duty_from: NaiveDate,
        /// A note.
        note: Option<TextRef>,
    },
    /// 不同意退回.
    RefuseReturn {
        /// From when the duty list should name the unit.
        duty_from: NaiveDate,
        /// Why.
        text: Option<TextRef>,
    },
    /// 申请延期.
    AskExtension {
        /// Working days.
        days: u32,
        /// Why.
        text: Option<TextRef>,
    },
    /// 批准延期.
    GrantExtension {
        /// A note.
        note: Option<TextRef>,
    },
    /// 不批准延期.
    RefuseExtension {
        /// Why.
        text: Option<TextRef>,
    },
    /// 申请延期整改.
    AskDeferral {
        /// The plan.
        plan: RectificationPlan,
        /// The plan as a text.
        text: TextRef,
    },
    /// 批准延期整改.
    GrantDeferral {
        /// A note.
        note: Option<TextRef>,
    },
    /// 不批准延期整改.
    RefuseDeferral {
        /// Why.
        text: Option<TextRef>,
    },
    /// 核实整改.
    VerifyRectification {
        /// How it was verified.
        text: Option<TextRef>,
    },
    /// 整改不到位退办.
    SendBack {
        /// What is missing.
        text: Option<TextRef>,
    },
    /// 一次性告知补充.
    AskSupplement {
        /// The whole list.
        items: Vec<SupplementItem>,
        /// The list as a text.
        text: TextRef,
    },
    /// 补充材料.
    AnswerSupplement {
        /// Which items, from 1.
        items: Vec<u8>,
        /// Uploads that came with it.
        attachments: Vec<UploadId>,
        /// In words.
        text: Option<TextRef>,
    },
    /// 结束补充.
    EndSupplement {
        /// A note.
        note: Option<TextRef>,
    },
    /// 补充逾期恢复办理.
    LapseSupplement,
    /// 办结.
    Close {
        /// Handling record.
        record: HandlingRecord,
        /// Answer.
        answer: Answer,
        /// Text item of both.
        text: TextRef,
        /// How it ended.
        outcome: Outcome,
        /// Why it cannot be solved now, and what is done meanwhile.
        interim: Option<InterimPlan>,
        /// A contact recorded together with closing.
        contact: Option<Contact>,
    },
    /// 复核暂无法解决事项.
    ReviewUnsolved {
        /// When it is looked at again; none: it leaves the register.
        next_on: Option<NaiveDate>,
        /// What was found.
        text: Option<TextRef>,
    },
    /// 重办.
    Reopen {
        /// What the managing unit found.
        text: Option<TextRef>,
    },
    /// 答复未送达.
    NoteUndelivered {
        /// The version of the ticket whose notice did not arrive.
        version: u32,
    },
    /// 另行送达.
    DeliverOtherwise {
        /// How.
        way: ContactWay,
        /// To whom, when.
        text: Option<TextRef>,
    },
    /// 期限预警.
    Warn(ClockId, Mark),
    /// 标记超期.
    MarkOverdue(ClockId),
    /// 期限重算.
    MoveDeadline {
        /// The document that moves it.
        because: String,
        /// What moves.
        moved: Vec<Moved>,
    },
    /// 评价.
    Rate(Rating, Option<TextRef>),
    /// 申诉评价.
    ContestRating {
        /// What speaks against it, and what shows that.
        text: Option<TextRef>,
    },
    /// 核实评价.
    VerifyRating {
        /// What was found.
        finding: RatingFinding,
        /// How it was verified.
        text: Option<TextRef>,
    },
    /// 抽取回访.
    DrawCallback {
        /// Who calls.
        caller: UnitId,
        /// Why this one.
        ground: DrawGround,
    },
    /// 回访未接通.
    TryCallback {
        /// What came of it.
        outcome: ContactOutcome,
        /// A note.
        note: Option<TextRef>,
    },
    /// 回访.
    CompleteCallback {
        /// How it went.
        result: CallbackResult,
        /// What the appellant said.
        note: Option<TextRef>,
    },
    /// 完成回访整改.
    CompleteRectification {
        /// What was put right.
        text: Option<TextRef>,
    },
    /// 撤回诉求.
    Withdraw {
        /// Why, in the appellant's words.
        reason: Option<TextRef>,
    },
    /// 查看个人信息: what the vault keeps of the appellant and of their words.
    Reveal {
        /// What for.
        purpose: Purpose,
    },
    /// 删除个人信息: of the appellant, whose every ticket gets one.
    Erase {
        /// Why.
        ground: ErasureGround,
        /// In words.
        text: Option<TextRef>,
        /// Which of the appellant's tickets are still open.
        open: Vec<TicketNumber>,
    },
    /// 归档.
    Archive {
        /// SHA-256 of the archived document.
        digest: Digest,
    },
}
