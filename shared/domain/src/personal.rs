//! Personal data that must not leak by accident (Art. 16; R-DP-4): no `Display`, a redacting
//! `Debug`, no serialization. Whoever needs the value says so with [`Personal::reveal`].

use std::fmt;

/// A personal value: a name, a phone number, an identity number, an address.
#[derive(Clone, PartialEq, Eq)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Wraps a value.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value in clear. Every caller is a place that handles personal data.
    pub const fn reveal(&self) -> &T {
        &self.0
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[personal]")
    }
}

/// Masks a name for the screen: the first character stays (`张**`).
pub fn mask_name(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(String::from).unwrap_or_default();
    first + &"*".repeat(characters.count().clamp(1, 3))
}

/// Masks a phone number for the screen: the first three and last two digits stay.
pub fn mask_phone(phone: &str) -> String {
    let digits: Vec<char> = phone.chars().filter(char::is_ascii_digit).collect();
    if digits.len() < 7 {
        return "*".repeat(digits.len());
    }
    let shown = |index: usize| index < 3 || index + 2 >= digits.len();
    digits
        .iter()
        .enumerate()
        .map(|(index, digit)| if shown(index) { *digit } else { '*' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_dp_4_debug_shows_nothing() {
        assert_eq!(format!("{:?}", Personal::new("13800000000")), "[personal]");
    }

    #[test]
    fn r_dp_1_names_and_phones_are_masked() {
        for (name, masked) in [("张三", "张*"), ("欧阳小明", "欧***"), ("", "*")] {
            assert_eq!(mask_name(name), masked);
        }
        for (phone, masked) in [
            ("13800000012", "138******12"),
            ("0538-6991234", "053******34"),
            ("110", "***"),
        ] {
            assert_eq!(mask_phone(phone), masked);
        }
    }
}
