//! THE TABLE (R-HD-14): every action of the workflow, in the regulation's words, under its
//! article. `cargo xtask workflow` weaves it with the regulation into `docs/workflow.md`.
//!
//! Where a row starts a clock that the event does not call for (a co-handler's without
//! co-handlers, the review of a matter that is solved), the clock has no limit and none starts.

use super::seats::Seat;
use super::words::{Action, Clock, Need, Role, State};

/// Where an action leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The state stays.
    Same,
    /// The state becomes this one.
    Go(State),
    /// Back to whoever dispatched: the city's triage desk or the county's.
    Back,
}

/// One row: who may do what, from where, what it requires, and what it does to the clocks.
#[derive(Debug, Clone, Copy)]
pub struct Rule {
    /// Article and item of the regulation, in Chinese as cited.
    pub article: &'static str,
    /// The action.
    pub action: Action,
    /// Who may.
    pub by: &'static [Role],
    /// Of which unit.
    pub at: Seat,
    /// From which states.
    pub from: &'static [State],
    /// To which state.
    pub to: To,
    /// What it requires.
    pub needs: &'static [Need],
    /// Clocks it starts.
    pub starts: &'static [Clock],
    /// Clocks it stops.
    pub stops: &'static [Clock],
    /// Clocks it pauses.
    pub pauses: &'static [Clock],
    /// Clocks it resumes.
    pub resumes: &'static [Clock],
    /// Clocks whose limit it extends.
    pub extends: &'static [Clock],
}

macro_rules! rules {
    ($($article:literal { $($action:ident by [$($by:ident),+] $(at $at:ident)? from [$($from:ident),+] to $to:ident
        $(needs [$($need:ident),+])? $(starts [$($start:ident),+])? $(stops [$($stop:ident),+])?
        $(pauses [$($pause:ident),+])? $(resumes [$($resume:ident),+])? $(extends [$($extend:ident),+])? ;)+ })+) => {
        /// Every row, in the order written.
        pub const RULES: &[Rule] = &[$($(Rule {
            article: $article,
            action: Action::$action,
            by: &[$(Role::$by),+],
            at: rules!(@at $($at)?),
            from: &[$(State::$from),+],
            to: rules!(@to $to),
            needs: &[$($(Need::$need),+)?],
            starts: &[$($(Clock::$start),+)?],
            stops: rules!(@stops $($($stop),+)?),
            pauses: &[$($(Clock::$pause),+)?],
            resumes: &[$($(Clock::$resume),+)?],
            extends: &[$($(Clock::$extend),+)?],
        }),+),+];
    };
    (@at) => { Seat::Outside };
    (@at $at:ident) => { Seat::$at };
    (@to same) => { To::Same };
    (@to back) => { To::Back };
    (@to $state:ident) => { To::Go(State::$state) };
    (@stops) => { &[] };
    (@stops every) => { Clock::ALL };
    (@stops $($stop:ident),+) => { &[$(Clock::$stop),+] };
}

rules! {
    "第三条" {
        Submit             by [ChannelSystem] from [New] to Received starts [Total];
    }
    "第六条（三）" {
        Warn               by [System] from [WithCounty, Dispatched, Handling, AwaitingSupplement, Rectifying, Joint, Closed] to same needs [ClockDue];
        Archive            by [System] from [Closed] to Archived needs [ClockDue, NothingOpen] stops [every];
    }
    "第六条（六）" {
        OpenJoint          by [TriageOfficer, CityManager] at Managing from [Received, Dispatched, Handling] to Joint needs [Members, Reason, NothingPending] starts [Joint] stops [Sign, Handle, Return, CoSign, Opinion];
        RecordMeeting      by [TriageOfficer, CityManager] at Managing from [Joint] to same needs [Meeting];
        RaiseToGovernment  by [CityManager] at Managing from [Joint] to same needs [Reason, FirstRaise];
        ConcludeJoint      by [TriageOfficer, CityManager] at Managing from [Joint] to Dispatched needs [MeetingHeld, Conclusion, ResolvingUnit, CoHandlers] starts [Sign, Handle, CoSign, Opinion] stops [Joint];
    }
    "第七条（一）" {
        Dispatch           by [CountyManager] at Holder from [WithCounty] to Dispatched needs [ResolvingUnit, CoHandlers, NothingPending] starts [Sign, Handle, Return, CoSign, Opinion] stops [County];
        TakeOn             by [CountyManager] at Holder from [WithCounty] to Handling needs [NothingPending] starts [Handle] stops [County];
    }
    "第八条（一）" {
        Sign               by [Liaison] at Holder from [Dispatched] to Handling stops [Sign];
    }
    "第八条（三）" {
        AskSupplement  by [Liaison, CountyManager] at Holder from [Handling] to AwaitingSupplement needs [SupplementList, FirstSupplement, NothingPending] starts [Supplement] pauses [Handle, Total];
        AnswerSupplement   by [Appellant] from [AwaitingSupplement] to same needs [OpenItems];
        EndSupplement      by [Appellant, Liaison, CountyManager] at Holder from [AwaitingSupplement] to Handling stops [Supplement] resumes [Handle, Total];
        LapseSupplement    by [System] from [AwaitingSupplement] to Handling needs [ClockDue] stops [Supplement] resumes [Handle, Total];
    }
    "第八条（四）" {
        Close              by [Liaison, CountyManager] at Holder from [Handling, AwaitingSupplement] to Closed needs [HandlingRecord, Answer, SubstantialAnswer, Contact, InterimPlan, OpinionsIn, SupplementEnded, NothingPending] starts [Review, Reopen, Archive] stops [every];
        Close              by [Liaison, CountyManager] at Holder from [Rectifying] to Closed needs [HandlingRecord, Answer, SubstantialAnswer, Contact, InterimPlan, OpinionsIn, NothingPending] starts [Verify, Review, Reopen, Archive] stops [every];
        NoteUndelivered  by [System] from [Closed] to same needs [NotNoted] starts [Delivery];
        DeliverOtherwise   by [Liaison, TriageOfficer, CountyManager] at Holder from [Closed] to same needs [Undelivered, Reason] stops [Delivery];
    }
    "第九条" {
        Rate               by [Appellant] from [Closed] to same needs [FirstRating];
        ContestRating      by [Liaison, CountyManager] at Holder from [Closed] to same needs [RatingDissatisfied, FirstContest, Reason] starts [Decision];
        Withdraw           by [Appellant] from [Received, WithCounty, Dispatched, Handling, AwaitingSupplement, Rectifying, Joint] to Closed starts [Reopen, Archive] stops [every];
    }
    "第十条（一）" {
        AnswerDirectly     by [TriageOfficer] at Managing from [Received] to Closed needs [Answer, SubstantialAnswer] starts [Reopen, Archive] stops [every];
    }
    "第十条（二）" {
        Dispatch           by [TriageOfficer] at Managing from [Received] to Dispatched needs [ResolvingUnit, CoHandlers] starts [Sign, Handle, Return, CoSign, Opinion];
        Transfer           by [TriageOfficer] at Managing from [Received] to WithCounty needs [CountyUnit] starts [County, Return];
    }
    "第十条（三）" {
        AppointCoHandlers  by [TriageOfficer, CityManager, CountyManager] at Decider from [Dispatched, Handling, AwaitingSupplement, Rectifying] to same needs [CoHandlers] starts [CoSign, Opinion];
        CoSign             by [Liaison] at CoHandler from [Dispatched, Handling, AwaitingSupplement, Rectifying] to same needs [OwnCoHandling] stops [CoSign];
        GiveOpinion        by [Liaison] at CoHandler from [Dispatched, Handling, AwaitingSupplement, Rectifying] to same needs [OwnCoHandling, Opinion] stops [Opinion];
        ReleaseCoHandler   by [TriageOfficer, CityManager, CountyManager] at Decider from [Dispatched, Handling, AwaitingSupplement, Rectifying] to same needs [OpenCoHandling, Reason] stops [CoSign, Opinion];
    }
    "第十一条（一）" {
        Decline            by [TriageOfficer] at Managing from [Received] to Closed needs [LawfulRoute] starts [Reopen, Archive] stops [every];
    }
    "第十一条（二）" {
        Explain            by [TriageOfficer] at Managing from [Received] to Closed needs [Explanation] starts [Reopen, Archive] stops [every];
    }
    "第十一条（三）" {
        CiteEarlier        by [TriageOfficer] at Managing from [Received] to Closed needs [EarlierTicket] starts [Reopen, Archive] stops [every];
    }
    "第十一条（四）" {
        Refer              by [TriageOfficer] at Managing from [Received] to Closed needs [Guidance] starts [Reopen, Archive] stops [every];
    }
    "第十二条" {
        AskReturn      by [Liaison, CountyManager] at Holder from [WithCounty, Dispatched, Handling] to same needs [ReturnReason, ReturnInTime, ReturnNotRefused, NothingPending] starts [Decision];
        AcceptReturn       by [TriageOfficer, CityManager, CountyManager] at Decider from [WithCounty, Dispatched, Handling] to back needs [ReturnPending] starts [County, Return] stops [Decision, County, Sign, Handle, Return, CoSign, Opinion];
        RefuseReturn       by [TriageOfficer, CityManager, CountyManager] at Decider from [WithCounty, Dispatched, Handling] to same needs [ReturnPending, Reason] stops [Decision];
        AskExtension   by [Liaison, CountyManager] at Holder from [Handling] to same needs [ExtensionReason, InTime, FirstExtension, NothingPending] starts [Decision];
        GrantExtension   by [TriageOfficer, CityManager, CountyManager] at Decider from [Handling] to same needs [ExtensionPending] stops [Decision] extends [Handle, Total];
        RefuseExtension    by [TriageOfficer, CityManager, CountyManager] at Decider from [Handling] to same needs [ExtensionPending, Reason] stops [Decision];
        AskDeferral    by [Liaison, CountyManager] at Holder from [Handling, Rectifying] to same needs [RectificationPlan, NothingPending] starts [Decision];
        GrantDeferral    by [TriageOfficer, CityManager, CountyManager] at Decider from [Handling, Rectifying] to Rectifying needs [DeferralPending] starts [Deferral] stops [Decision, Handle, Return] extends [Total];
        RefuseDeferral     by [TriageOfficer, CityManager, CountyManager] at Decider from [Handling, Rectifying] to same needs [DeferralPending, Reason] stops [Decision];
        VerifyRectification by [TriageOfficer, CityManager, CountyManager] at Decider from [Closed] to same needs [VerificationOpen, Reason] stops [Verify];
        SendBack by [TriageOfficer, CityManager, CountyManager] at Decider from [Closed] to Handling needs [VerificationOpen, Reason] starts [Handle] stops [Decision, Verify, Review, Delivery, Callback, Rectify, Reopen, Archive] resumes [Total];
        MoveDeadline       by [System] from [Received, WithCounty, Dispatched, Handling, AwaitingSupplement, Rectifying, Joint, Closed] to same needs [DeadlineMoves];
    }
    "第十三条（一）" {
        RecordContact      by [Liaison, CountyManager] at Holder from [Handling, AwaitingSupplement, Rectifying] to same;
    }
    "第十三条（六）" {
        ReviewUnsolved     by [Liaison, CountyManager] at Holder from [Closed] to same needs [OnRegister, ReviewFinding] starts [Review] stops [Review];
    }
    "第十四条" {
        DrawCallback       by [System] from [Closed] to same needs [Drawable, CallerOutside, PersonalDataKept] starts [Callback];
        TryCallback        by [CallbackAgent] at Caller from [Closed] to same needs [CallbackOpen];
        CompleteCallback   by [CallbackAgent] at Caller from [Closed] to same needs [CallbackOpen, CallbackAttempts] starts [Rectify] stops [Callback];
        CompleteRectification by [Liaison, CountyManager, TriageOfficer] at Holder from [Closed] to same needs [RectificationOpen, Reason] starts [Verify] stops [Rectify];
        Reopen             by [TriageOfficer, CityManager] at Managing from [Closed] to Received needs [Dissatisfaction, Reason, ReopenInTime, PersonalDataKept] stops [Decision, Verify, Review, Delivery, Callback, Rectify, Reopen, Archive] resumes [Total];
    }
    "第十六条" {
        Reveal             by [TriageOfficer, CityManager, CountyManager, Liaison, CallbackAgent] at Concerned from [Received, WithCounty, Dispatched, Handling, AwaitingSupplement, Rectifying, Joint, Closed, Archived] to same needs [PersonalDataKept];
        Erase              by [CityManager, System] at Managing from [Closed, Archived] to same needs [PersonalDataKept, ErasureGround, NothingOpen, NothingElseOpen];
    }
    "第十七条（五）" {
        VerifyRating       by [TriageOfficer, CityManager] at Managing from [Closed] to same needs [RatingDissatisfied, Reason] stops [Decision];
    }
    "第十七条（二）" {
        MarkOverdue        by [System] from [WithCounty, Dispatched, Handling, AwaitingSupplement, Rectifying, Joint, Closed] to same needs [ClockDue];
    }
}

/// The row for `action` from `from`.
pub fn rule(action: Action, from: State) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.action == action && rule.from.contains(&from))
}

/// The article under which `action` stands first.
pub fn article(action: Action) -> Option<&'static str> {
    let row = RULES.iter().find(|rule| rule.action == action);
    row.map(|rule| rule.article)
}

/// The rows open to `role` from `from`: what the console offers.
pub fn open_to(role: Role, from: State) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .filter(move |rule| rule.from.contains(&from) && rule.by.contains(&role))
}
