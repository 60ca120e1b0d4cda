//! How the table of events is written.

/// One row an event: its doc comment, name, action, and its facts as `field: "name" Type`.
macro_rules! happenings {
    ($($(#[doc = $doc:literal])+ $name:ident = $action:ident {
        $($(#[doc = $fdoc:literal])+ $field:ident: $fact:literal $type:ty),* $(,)?
    })+) => {
        /// What happened.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Happening {
            $($(#[doc = $doc])+ $name { $($(#[doc = $fdoc])+ $field: $type),* }),+
        }

        impl Happening {
            /// The action of the table that caused it.
            pub const fn action(&self) -> Action {
                match self { $(Self::$name { .. } => Action::$action),+ }
            }

            /// The event's facts, in a fixed order, with short names: they are stored in every
            /// ticket.
            pub fn facts(&self) -> Vec<Fact> {
                let mut facts = Vec::new();
                match self {
                    $(Self::$name { $($field),* } => { $($field.write($fact, &mut facts);)* }),+
                }
                facts
            }

            /// Reads [`Happening::facts`] back; `fact` looks a name up. `None` names nothing
            /// sensible.
            pub fn from_facts(action: Action, fact: LookUp<'_, '_>) -> Option<Self> {
                Some(match action {
                    $(Action::$action => Self::$name { $($field: Value::read($fact, fact)?),* }),+
                })
            }

            /// The text that the appellant wrote, if any.
            pub fn appellants_text(&self) -> Option<&TextRef> {
                match self {
                    Self::Submitted { submission } => Some(&submission.text),
                    Self::SupplementAnswered { text, .. }
                    | Self::Rated { words: text, .. }
                    | Self::Withdrawn { reason: text } => text.as_ref(),
                    _ => None,
                }
            }

            /// The text item that the event points to, if any.
            pub fn text(&self) -> Option<&TextRef> {
                match self {
                    $(Self::$name { $($field),* } => {
                        let texts: [Option<&TextRef>; happenings!(@count $($field)*)] =
                            [$(Value::text($field)),*];
                        texts.into_iter().flatten().next()
                    }),+
                }
            }
        }
    };
    (@count) => { 0 };
    (@count $first:ident $($rest:ident)*) => { 1 + happenings!(@count $($rest)*) };
}

pub(super) use happenings;
