//! One macro for every closed list of statutory words: the variant, its code, its Chinese term.

/// Declares an enum whose variants carry a stable code (stored, sent) and the statutory term
/// (shown to people).
macro_rules! vocabulary {
    ($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $code:literal $zh:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vmeta])* #[doc = $zh] $variant),+ }

        impl $name {
            /// Every value, in the order of the regulation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable code: stored and sent, never shown.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The statutory term, as shown to people.
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The value with this code, if there is one.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use vocabulary;
