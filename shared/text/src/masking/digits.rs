//! Check digits: what makes a number an identity number, a card or a credit code.

/// Weights of the identity number's first 17 digits (GB 11643-1999).
const IDENTITY: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/// The identity number's check character by the remainder modulo 11.
const IDENTITY_CHECKS: [char; 11] = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'];

/// The credit code's characters in the order of their values (GB 32100-2015).
const CREDIT: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Whether the last of 18 characters is the check of the others (GB 11643-1999, MOD 11-2).
pub(super) fn is_identity(code: &[char]) -> bool {
    let digits = code.iter().take(17).map(|digit| digit.to_digit(10));
    let sum = digits.zip(IDENTITY).try_fold(0, |sum, (digit, weight)| {
        digit.map(|digit| sum + digit * weight)
    });
    let check = sum.and_then(|sum| IDENTITY_CHECKS.get(usize::try_from(sum % 11).ok()?));
    code.len() == 18 && check == code.last()
}

/// Whether digits 7 to 14 are a day between 1900 and 2099.
pub(super) fn has_birthday(code: &[char]) -> bool {
    let number = |from: usize, count: usize| {
        let digits = code.iter().skip(from).take(count);
        digits.fold(0, |all, digit| all * 10 + digit.to_digit(10).unwrap_or(99))
    };
    let (year, month, day) = (number(6, 4), number(10, 2), number(12, 2));
    let is_leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1900..2100).contains(&year) && (1..=days).contains(&day)
}

/// Whether the last digit is the check of the others (ISO/IEC 7812-1, Luhn).
pub(super) fn is_card(code: &[char]) -> bool {
    let digits = code.iter().rev().map(|digit| digit.to_digit(10));
    let doubled = digits.enumerate().map(|(index, digit)| {
        let digit = digit? * if index % 2 == 0 { 1 } else { 2 };
        Some(digit / 10 + digit % 10)
    });
    let sum: Option<u32> = doubled.sum();
    // All zeros would pass.
    sum.is_some_and(|sum| sum > 0 && sum.is_multiple_of(10))
}

/// Whether the last of 18 characters is the check of the others (GB 32100-2015, modulo 31).
pub(super) fn is_credit_code(code: &[char]) -> bool {
    let value = |character: &char| {
        let place = CREDIT.chars().position(|each| each == *character)?;
        u32::try_from(place).ok()
    };
    let mut weight = 1;
    let sum = code.iter().take(17).try_fold(0, |sum, character| {
        let part = value(character)? * weight;
        weight = weight * 3 % 31;
        Some(sum + part)
    });
    let check = sum.map(|sum| (31 - sum % 31) % 31);
    code.len() == 18 && check.is_some() && check == code.last().and_then(value)
}
