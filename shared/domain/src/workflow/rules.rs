//! THE TABLE (R-HD-14): every action of the workflow, in the regulation's words, under its
//! article. `cargo xtask workflow` weaves it with the regulation into `docs/workflow.md`.

use super::words::{Action, Clock, Need, Role, State};

/// Where an action leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// The state stays.
    Same,
    /// The state becomes this one.
    Go(State),
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
}

impl Rule {
    /// The state after the action, from `from`.
    pub const fn after(&self, from: State) -> State {
        match self.to {
            To::Same => from,
            To::Go(state) => state,
        }
    }
}

macro_rules! rules {
    ($($article:literal { $($action:ident by [$($by:ident),+] from [$($from:ident),+] to $to:ident
        $(needs [$($need:ident),+])? $(starts [$($start:ident),+])? $(stops [$($stop:ident),+])?
        $(pauses [$($pause:ident),+])? $(resumes [$($resume:ident),+])? ;)+ })+) => {
        /// Every row, in the order written.
        pub const RULES: &[Rule] = &[$($(Rule {
            article: $article,
            action: Action::$action,
            by: &[$(Role::$by),+],
            from: &[$(State::$from),+],
            to: rules!(@to $to),
            needs: &[$($(Need::$need),+)?],
            starts: &[$($(Clock::$start),+)?],
            stops: &[$($(Clock::$stop),+)?],
            pauses: &[$($(Clock::$pause),+)?],
            resumes: &[$($(Clock::$resume),+)?],
        }),+),+];
    };
    (@to same) => { To::Same };
    (@to $state:ident) => { To::Go(State::$state) };
}

rules! {
    "第三条" {
        Submit         by [ChannelSystem] from [New]                  to Received   starts [Total];
    }
    "第六条（三）" {
        Warn           by [System]        from [Dispatched, Handling] to same       needs [ClockDue];
        Archive        by [System]        from [Closed]               to Archived   needs [ClockDue] stops [Archive];
    }
    "第八条（一）" {
        Sign           by [Liaison]       from [Dispatched]           to Handling   stops [Sign];
    }
    "第八条（四）" {
        Close          by [Liaison]       from [Handling]             to Closed     needs [HandlingRecord, Answer, SubstantialAnswer, Contact] starts [Archive] stops [Handle, Total];
    }
    "第九条" {
        Rate           by [Appellant]     from [Closed]               to same       needs [FirstRating];
        Withdraw       by [Appellant]     from [Received, Dispatched, Handling] to Closed starts [Archive] stops [Sign, Handle, Total];
    }
    "第十条（一）" {
        AnswerDirectly by [TriageOfficer] from [Received]             to Closed     needs [Answer, SubstantialAnswer] starts [Archive] stops [Total];
    }
    "第十条（二）" {
        Dispatch       by [TriageOfficer] from [Received]             to Dispatched needs [ResolvingUnit] starts [Sign, Handle];
    }
    "第十一条（一）" {
        Decline        by [TriageOfficer] from [Received]             to Closed     needs [LawfulRoute] starts [Archive] stops [Total];
    }
    "第十三条（一）" {
        RecordContact  by [Liaison]       from [Handling]             to same;
    }
    "第十七条（二）" {
        MarkOverdue    by [System]        from [Dispatched, Handling] to same       needs [ClockDue];
    }
}

/// The row for `action` from `from`.
pub fn rule(action: Action, from: State) -> Option<&'static Rule> {
    RULES
        .iter()
        .find(|rule| rule.action == action && rule.from.contains(&from))
}

/// The rows open to `role` from `from`: what the console offers.
pub fn open_to(role: Role, from: State) -> impl Iterator<Item = &'static Rule> {
    RULES
        .iter()
        .filter(move |rule| rule.from.contains(&from) && rule.by.contains(&role))
}
