//! Events: who, when, what, under which rulebook, chained by hash (R-DP-5).
//!
//! [`Happening::facts`] and [`Happening::from_facts`] are the one mapping of an event to plain
//! words: the chain hashes it, the store keeps it, the lake reads it.

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};

use crate::answer::Outcome;
use crate::appeal::{AppellantKind, Kind, ReplyWay, Subject, Submission};
use crate::ids::{ChannelCode, OfficerId, TextRef, UnitId, UploadId};
use crate::rulebook::Mark;
use crate::workflow::decide::{Contact, Rating};
use crate::workflow::words::{Action, Clock, ContactOutcome, ContactWay, Ground, Role};

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A channel system, on an appellant's behalf.
    Channel(ChannelCode),
    /// The appellant, by number and query code.
    Appellant,
    /// An officer, in one of their roles.
    Officer {
        /// Who.
        id: OfficerId,
        /// Of which unit.
        unit: UnitId,
        /// In which role.
        role: Role,
    },
    /// A scheduled function of the system.
    System,
}

impl Actor {
    /// The role in which the actor acts.
    pub const fn role(&self) -> Role {
        match self {
            Self::Channel(_) => Role::ChannelSystem,
            Self::Appellant => Role::Appellant,
            Self::Officer { role, .. } => *role,
            Self::System => Role::System,
        }
    }

    /// As one word: `c/mobile`, `a`, `o/<id>/<unit>/<role>`, `s`.
    pub fn to_word(&self) -> String {
        match self {
            Self::Channel(channel) => format!("c/{channel}"),
            Self::Appellant => "a".to_owned(),
            Self::Officer { id, unit, role } => format!("o/{id}/{unit}/{}", role.code()),
            Self::System => "s".to_owned(),
        }
    }

    /// Reads [`Actor::to_word`] back.
    pub fn from_word(word: &str) -> Option<Self> {
        let parts: Vec<&str> = word.split('/').collect();
        match parts.as_slice() {
            ["a"] => Some(Self::Appellant),
            ["s"] => Some(Self::System),
            ["c", channel] => ChannelCode::parse(channel).ok().map(Self::Channel),
            ["o", id, unit, role] => Some(Self::Officer {
                id: OfficerId::parse(id).ok()?,
                unit: UnitId::parse(unit).ok()?,
                role: Role::from_code(role)?,
            }),
            _ => None,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// 提交诉求.
    Submitted(Box<Submission>),
    /// 即时解答.
    AnsweredDirectly {
        /// The answer.
        text: TextRef,
    },
    /// 不予受理.
    Declined {
        /// Why.
        ground: Ground,
        /// Explanation to the appellant.
        explanation: Option<TextRef>,
    },
    /// 派单.
    Dispatched {
        /// To whom.
        unit: UnitId,
        /// A note.
        note: Option<TextRef>,
    },
    /// 签收.
    Signed,
    /// 联系用户.
    Contacted(Contact),
    /// 办结.
    Closed {
        /// Record and answer.
        text: TextRef,
        /// How it ended.
        outcome: Outcome,
    },
    /// 期限预警.
    Warned {
        /// Which clock.
        clock: Clock,
        /// At which mark.
        mark: Mark,
    },
    /// 超期.
    BecameOverdue {
        /// Which clock.
        clock: Clock,
    },
    /// 评价.
    Rated {
        /// The rating.
        rating: Rating,
        /// The appellant's words.
        words: Option<TextRef>,
    },
    /// 撤回诉求.
    Withdrawn {
        /// Why, in the appellant's words.
        reason: Option<TextRef>,
    },
    /// 归档.
    Archived {
        /// SHA-256 of the archived document.
        digest: TextRef,
    },
}

/// One event of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: Actor,
    /// Under which version of the rulebook.
    pub rulebook: u16,
    /// What.
    pub happening: Happening,
}

/// A named fact of an event, in plain words.
pub type Fact = (&'static str, String);

impl Happening {
    /// The action of the table that caused it.
    pub const fn action(&self) -> Action {
        match self {
            Self::Submitted(_) => Action::Submit,
            Self::AnsweredDirectly { .. } => Action::AnswerDirectly,
            Self::Declined { .. } => Action::Decline,
            Self::Dispatched { .. } => Action::Dispatch,
            Self::Signed => Action::Sign,
            Self::Contacted(_) => Action::RecordContact,
            Self::Closed { .. } => Action::Close,
            Self::Warned { .. } => Action::Warn,
            Self::BecameOverdue { .. } => Action::MarkOverdue,
            Self::Rated { .. } => Action::Rate,
            Self::Withdrawn { .. } => Action::Withdraw,
            Self::Archived { .. } => Action::Archive,
        }
    }

    /// The event's facts, in a fixed order, with short names: they are stored in every ticket.
    pub fn facts(&self) -> Vec<Fact> {
        match self {
            Self::Submitted(submission) => submission_facts(submission),
            Self::AnsweredDirectly { text } => vec![("x", text.as_str().to_owned())],
            Self::Declined {
                ground,
                explanation,
            } => with_text(vec![("g", ground.code().to_owned())], explanation.as_ref()),
            Self::Dispatched { unit, note } => {
                with_text(vec![("u", unit.to_string())], note.as_ref())
            }
            Self::Signed => Vec::new(),
            Self::Contacted(contact) => with_text(
                vec![
                    ("y", contact.way.code().to_owned()),
                    ("o", contact.outcome.code().to_owned()),
                ],
                contact.note.as_ref(),
            ),
            Self::Closed { text, outcome } => {
                vec![
                    ("o", outcome.code().to_owned()),
                    ("x", text.as_str().to_owned()),
                ]
            }
            Self::Warned { clock, mark } => {
                vec![
                    ("c", clock.code().to_owned()),
                    ("m", mark.code().to_owned()),
                ]
            }
            Self::BecameOverdue { clock } => vec![("c", clock.code().to_owned())],
            Self::Rated { rating, words } => with_text(
                vec![
                    ("l", rating.level.to_string()),
                    ("v", u8::from(rating.solved).to_string()),
                ],
                words.as_ref(),
            ),
            Self::Withdrawn { reason } => with_text(Vec::new(), reason.as_ref()),
            Self::Archived { digest } => vec![("x", digest.as_str().to_owned())],
        }
    }

    /// Reads [`Happening::facts`] back; `fact` looks a name up. `None` names nothing sensible.
    pub fn from_facts<'a>(action: Action, fact: &dyn Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let text = || fact("x").and_then(|text| TextRef::parse(text).ok());
        Some(match action {
            Action::Submit => Self::Submitted(Box::new(submission_from(fact)?)),
            Action::AnswerDirectly => Self::AnsweredDirectly { text: text()? },
            Action::Decline => Self::Declined {
                ground: Ground::from_code(fact("g")?)?,
                explanation: text(),
            },
            Action::Dispatch => Self::Dispatched {
                unit: UnitId::parse(fact("u")?).ok()?,
                note: text(),
            },
            Action::Sign => Self::Signed,
            Action::RecordContact => Self::Contacted(Contact {
                way: ContactWay::from_code(fact("y")?)?,
                outcome: ContactOutcome::from_code(fact("o")?)?,
                note: text(),
            }),
            Action::Close => Self::Closed {
                text: text()?,
                outcome: Outcome::from_code(fact("o")?)?,
            },
            Action::Warn => Self::Warned {
                clock: Clock::from_code(fact("c")?)?,
                mark: Mark::from_code(fact("m")?)?,
            },
            Action::MarkOverdue => Self::BecameOverdue {
                clock: Clock::from_code(fact("c")?)?,
            },
            Action::Rate => Self::Rated {
                rating: Rating {
                    level: fact("l")?.parse().ok()?,
                    solved: fact("v")? == "1",
                },
                words: text(),
            },
            Action::Withdraw => Self::Withdrawn { reason: text() },
            Action::Archive => Self::Archived { digest: text()? },
        })
    }

    /// The text item that the event points to, if any.
    pub const fn text(&self) -> Option<&TextRef> {
        match self {
            Self::Submitted(submission) => Some(&submission.text),
            Self::AnsweredDirectly { text } | Self::Closed { text, .. } => Some(text),
            Self::Declined {
                explanation: text, ..
            }
            | Self::Dispatched { note: text, .. }
            | Self::Rated { words: text, .. }
            | Self::Withdrawn { reason: text } => text.as_ref(),
            Self::Contacted(contact) => contact.note.as_ref(),
            _ => None,
        }
    }
}

fn with_text(mut facts: Vec<Fact>, text: Option<&TextRef>) -> Vec<Fact> {
    facts.extend(text.map(|text| ("x", text.as_str().to_owned())));
    facts
}

fn submission_facts(submission: &Submission) -> Vec<Fact> {
    let mut facts = vec![
        ("c", submission.channel.to_string()),
        ("k", submission.kind.code().to_owned()),
        ("s", submission.subject.code().to_owned()),
        ("p", submission.appellant_kind.code().to_owned()),
        ("r", submission.reply_way.code().to_owned()),
        ("u", submission.managing_unit.to_string()),
        ("x", submission.text.as_str().to_owned()),
        ("z", submission.vault.as_str().to_owned()),
    ];
    facts.extend(submission.area.iter().map(|area| ("d", area.clone())));
    facts.extend(
        submission
            .service_item
            .iter()
            .map(|item| ("i", item.clone())),
    );
    if !submission.attachments.is_empty() {
        let ids: Vec<_> = submission
            .attachments
            .iter()
            .map(UploadId::as_str)
            .collect();
        facts.push(("f", ids.join(",")));
    }
    facts
}

fn submission_from<'a>(fact: &dyn Fn(&str) -> Option<&'a str>) -> Option<Submission> {
    let attachments = fact("f").map(|ids| ids.split(',').map(UploadId::parse).collect());
    Some(Submission {
        channel: ChannelCode::parse(fact("c")?).ok()?,
        kind: Kind::from_code(fact("k")?)?,
        subject: Subject::from_code(fact("s")?)?,
        appellant_kind: AppellantKind::from_code(fact("p")?)?,
        reply_way: ReplyWay::from_code(fact("r")?)?,
        area: fact("d").map(str::to_owned),
        service_item: fact("i").map(str::to_owned),
        managing_unit: UnitId::parse(fact("u")?).ok()?,
        text: TextRef::parse(fact("x")?).ok()?,
        vault: TextRef::parse(fact("z")?).ok()?,
        attachments: attachments.transpose().ok()?.unwrap_or_default(),
    })
}

/// Head of a ticket's hash chain: `h_n = SHA-256(h_{n-1} || event)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChainHead(pub [u8; 32]);

impl ChainHead {
    /// The head after `event`.
    #[must_use]
    pub fn extended_by(self, event: &Event) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        hash.update(canonical(event));
        Self(hash.finalize().into())
    }

    /// The head of a whole list of events.
    pub fn of<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        events.into_iter().fold(Self::default(), Self::extended_by)
    }
}

/// One line per fact; values are length-prefixed, so that no two events read alike.
fn canonical(event: &Event) -> String {
    use std::fmt::Write as _;
    let by = event.by.to_word();
    let action = event.happening.action().code();
    let mut text = format!(
        "{}\n{by}\n{}\n{action}\n",
        event.at.timestamp_millis(),
        event.rulebook
    );
    for (name, value) in event.happening.facts() {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{name}={}:{value}", value.len());
    }
    text
}
