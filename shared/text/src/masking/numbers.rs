//! Numbers and codes: identity numbers, cards, phones, credit codes, plates, travel documents,
//! addresses and accounts of the net.

use super::digits::{has_birthday, is_card, is_credit_code, is_identity};
use super::folded::{Folded, is_han, is_token};
use super::{Candidate, PersonalKind};

/// What may stand between the groups of a written number.
const BETWEEN: [char; 6] = [' ', '-', '\u{2010}', '\u{2013}', '\u{2014}', '\u{2212}'];

/// Provinces on number plates (GA 36-2018).
pub(super) const PROVINCES: &str = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新";

const CARD_CUES: [&str; 4] = ["卡号", "银行卡", "账号", "帐号"];
const PHONE_CUES: [&str; 5] = ["电话", "座机", "致电", "来电", "手机"];
const DOCUMENT_CUES: [&str; 4] = ["护照", "通行证", "证件", "回乡证"];
const ACCOUNT_CUES: [&str; 6] = ["微信", "QQ", "qq", "Qq", "WeChat", "wechat"];

/// Every cue of a number.
pub(super) fn cues() -> impl Iterator<Item = &'static str> {
    let cues = [&CARD_CUES[..], &PHONE_CUES, &DOCUMENT_CUES, &ACCOUNT_CUES];
    cues.into_iter().flatten().copied()
}

/// What may stand between a cue and what it announces: 护照号码为：…
fn is_gap(character: char) -> bool {
    ":： 号码是为（()）".contains(character)
}

/// Longest gap, in characters.
const GAP: usize = 6;

/// Digits from `index` on, single separators between them passed over; the index after each.
fn written(text: &Folded, index: usize, most: usize) -> Vec<(char, usize)> {
    let mut digits = Vec::new();
    let mut index = index;
    while digits.len() < most {
        let here = text.at(index);
        if here.is_ascii_digit() {
            digits.push((here, index + 1));
            index += 1;
        } else if !digits.is_empty()
            && BETWEEN.contains(&here)
            && text.at(index + 1).is_ascii_digit()
        {
            index += 1;
        } else {
            break;
        }
    }
    digits
}

fn ends_number(text: &Folded, end: usize) -> bool {
    !text.at(end).is_ascii_alphanumeric()
}

/// What a number that begins at `index`, after something that is no digit, may be.
pub(super) fn numbers(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    if !text.before(index).is_ascii_alphanumeric() {
        let digits = written(text, index, 19);
        identity(text, index, &digits, found);
        card(text, index, &digits, found);
    }
    mobile(text, index, found);
    landline(text, index, found);
}

fn identity(text: &Folded, index: usize, digits: &[(char, usize)], found: &mut Vec<Candidate>) {
    let mut code: Vec<char> = digits.iter().map(|(digit, _)| *digit).collect();
    let Some((_, mut end)) = digits.get(code.len().min(18).saturating_sub(1)).copied() else {
        return;
    };
    code.truncate(18);
    if code.len() == 17 && matches!(text.at(end), 'X' | 'x') {
        code.push('X');
        end += 1;
    }
    let is_close = end - index == code.len();
    if code.len() != 18 || !ends_number(text, end) {
        return;
    }
    // Either is hardly chance: with a slip of the pen in one it is still no card.
    let is_verified = is_identity(&code) || has_birthday(&code);
    // Written in groups it must look like one; 18 digits in a row are one until shown otherwise.
    if is_close || is_verified {
        found.push(Candidate::new(
            PersonalKind::Identity,
            index..end,
            is_verified,
        ));
    }
}

fn card(text: &Folded, index: usize, digits: &[(char, usize)], found: &mut Vec<Candidate>) {
    for (count, (_, end)) in (1..)
        .zip(digits)
        .filter(|(count, _)| (16..=19).contains(count))
    {
        let code: Vec<char> = digits.iter().take(count).map(|(digit, _)| *digit).collect();
        if ends_number(text, *end) && is_card(&code) {
            found.push(Candidate::new(PersonalKind::Card, index..*end, true));
        }
    }
}

fn mobile(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    if text.before(index).is_ascii_digit() {
        return;
    }
    let plus = usize::from(text.at(index) == '+');
    let mut at = index + plus;
    if text.has(at, "86")
        && (plus == 1 || text.at(at + 2) == '1' || BETWEEN.contains(&text.at(at + 2)))
    {
        at += 2;
        at += usize::from(BETWEEN.contains(&text.at(at)));
    } else if plus == 1 {
        return;
    }
    let is_mobile = text.at(at) == '1' && ('3'..='9').contains(&text.at(at + 1));
    let digits = written(text, at, 11);
    let Some((_, end)) = digits.get(10).copied().filter(|_| is_mobile) else {
        return;
    };
    // Groups of three, four and four, or none.
    let breaks = digits.windows(2).zip(1..).filter(|(pair, _)| match pair {
        [(_, a), (_, b)] => b - a > 1,
        _ => false,
    });
    let is_grouped = breaks
        .map(|(_, count)| count)
        .all(|count| [3, 7].contains(&count));
    if is_grouped && !text.at(end).is_ascii_digit() {
        found.push(Candidate::new(PersonalKind::Mobile, index..end, false));
    }
}

fn landline(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    if text.before(index).is_ascii_digit() || text.at(index) != '0' {
        return;
    }
    for area in [3, 4] {
        let digits_until = text.skip(index, |character| character.is_ascii_digit());
        let begin = if digits_until == index + area {
            index + area + usize::from(BETWEEN.contains(&text.at(index + area)))
        } else {
            index + area
        };
        if let Some(end) = local(text, begin) {
            found.push(Candidate::new(
                PersonalKind::Phone,
                index..extension(text, end),
                false,
            ));
        }
    }
}

/// The end of a local number, seven or eight digits.
fn local(text: &Folded, begin: usize) -> Option<usize> {
    let end = text.skip(begin, |character| character.is_ascii_digit());
    let is_local = ('2'..='8').contains(&text.at(begin)) && (7..=8).contains(&(end - begin));
    is_local.then_some(end)
}

/// The end with an extension, `转8001`.
fn extension(text: &Folded, end: usize) -> usize {
    let digits = end + 1;
    let until = text.skip(digits, |character| character.is_ascii_digit());
    if text.at(end) == '转' && until > digits {
        until
    } else {
        end
    }
}

/// A credit code that begins at `index`.
pub(super) fn credit_code(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    if text.before(index).is_ascii_alphanumeric() {
        return;
    }
    let end = text.skip(index, |character| character.is_ascii_alphanumeric());
    if end - index == 18 {
        let code = (index..end).map(|index| text.at(index).to_ascii_uppercase());
        if is_credit_code(&code.collect::<Vec<_>>()) {
            found.push(Candidate::new(PersonalKind::CreditCode, index..end, true));
        }
    }
}

/// A number plate that begins at `index`.
pub(super) fn plate(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    let is_letter =
        |character: char| character.is_ascii_alphabetic() && !"IOio".contains(character);
    if !PROVINCES.contains(text.at(index)) || !is_letter(text.at(index + 1)) {
        return;
    }
    let begin = index + 2 + usize::from("·.• ".contains(text.at(index + 2)));
    let end = text.skip(begin, |character| {
        character.is_ascii_digit() || is_letter(character)
    });
    let has_digit = (begin..end).any(|index| text.at(index).is_ascii_digit());
    if (5..=6).contains(&(end - begin)) && has_digit && ends_number(text, end) {
        found.push(Candidate::new(PersonalKind::Plate, index..end, false));
    }
}

/// A mail address whose `@` stands at `index`.
pub(super) fn mail(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    let is_name =
        |character: char| character.is_ascii_alphanumeric() || "._%+-".contains(character);
    let mut begin = index;
    while begin > 0 && is_name(text.before(begin)) {
        begin -= 1;
    }
    let host = |character: char| character.is_ascii_alphanumeric() || "-.".contains(character);
    let mut end = text.skip(index + 1, host);
    while end > index + 1 && !text.before(end).is_ascii_alphanumeric() {
        end -= 1;
    }
    let has_dot = (index + 2..end).any(|index| text.at(index) == '.');
    if begin < index && has_dot {
        found.push(Candidate::new(PersonalKind::Mail, begin..end, false));
    }
}

/// What a cue at `index` announces: a card, a phone without area code, a document, an account.
pub(super) fn announced(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    let of = |cues: &[&str]| {
        text.any(index, cues)
            .map(|length| after_gap(text, index + length))
    };
    if let Some(begin) = of(&CARD_CUES) {
        let digits = written(text, begin, 25);
        let end = digits.last().map_or(begin, |(_, end)| *end);
        if (12..=24).contains(&digits.len()) && ends_number(text, end) {
            found.push(Candidate::new(PersonalKind::Card, begin..end, false));
        }
    }
    if let Some(begin) = of(&PHONE_CUES)
        && let Some(end) = local(text, begin)
    {
        found.push(Candidate::new(
            PersonalKind::Phone,
            begin..extension(text, end),
            false,
        ));
    }
    if let Some(begin) = of(&DOCUMENT_CUES) {
        let letters = text.skip(begin, |character| character.is_ascii_alphabetic());
        let end = text.skip(letters, |character| character.is_ascii_digit());
        let is_document =
            (1..=2).contains(&(letters - begin)) && (7..=10).contains(&(end - letters));
        if is_document && ends_number(text, end) {
            found.push(Candidate::new(PersonalKind::Document, begin..end, false));
        }
    }
    if let Some(begin) = of(&ACCOUNT_CUES) {
        let is_account =
            |character: char| character.is_ascii_alphanumeric() || "_-".contains(character);
        let end = text.skip(begin, is_account);
        if (5..=20).contains(&(end - begin)) {
            found.push(Candidate::new(PersonalKind::Account, begin..end, false));
        }
    }
}

fn after_gap(text: &Folded, index: usize) -> usize {
    let end = text.skip(index, is_gap);
    if end - index > GAP { index } else { end }
}

/// Doors: 5号, 3号楼, 2单元, 501室. What is left of them, as far as the district, goes too.
pub(super) fn address(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    if text.before(index).is_ascii_digit() || text.before(index) == '-' {
        return;
    }
    let Some((end, is_sure)) = doors(text, index) else {
        return;
    };
    let (begin, has_street) = street(text, index);
    if is_sure || has_street {
        found.push(Candidate::new(PersonalKind::Address, begin..end, false));
    }
}

/// One door after another; whether they can be nothing else.
fn doors(text: &Folded, index: usize) -> Option<(usize, bool)> {
    const DOORS: [&str; 11] = [
        "号楼", "号院", "号", "栋", "幢", "单元", "室", "户", "弄", "组", "排",
    ];
    const OTHERS: [&str; 8] = ["窗口", "线", "文", "台", "机", "前", "令", "柜"];
    let (mut end, mut count, mut is_sure) = (index, 0, false);
    loop {
        let number = text.skip(end, |character| {
            character.is_ascii_digit() || character == '-'
        });
        let Some(length) = text.any(number, &DOORS).filter(|_| number > end) else {
            break;
        };
        let is_number = length == 1 && "号组排户".contains(text.at(number));
        if is_number && text.any(number + 1, &OTHERS).is_some() {
            break;
        }
        is_sure |= !is_number;
        end = number + length;
        count += 1;
    }
    // A last number without a word: 3号楼2单元501.
    let last = text.skip(end, |character| {
        character.is_ascii_digit() || character == '-'
    });
    if count > 0 && last > end && !text.at(last).is_ascii_alphanumeric() {
        end = last;
    }
    (count > 0).then_some((end, is_sure || count > 1))
}

/// Where the street's name begins, left of the doors, and whether there is one.
fn street(text: &Folded, doors: usize) -> (usize, bool) {
    const LONGEST: usize = 16;
    const STREETS: [&str; 15] = [
        "路", "街", "道", "巷", "村", "社区", "小区", "花园", "苑", "庄", "园", "镇", "乡", "里",
        "胡同",
    ];
    const BEFORE: [&str; 8] = [
        "住在", "家住", "住址", "地址", "位于", "现住", "我是", "坐落",
    ];
    let (mut begin, mut has_street) = (doors, false);
    while begin > 0 && doors - begin < LONGEST {
        let character = text.before(begin);
        let is_part = is_han(character) || character.is_ascii_alphanumeric();
        let ends_district = "区县市".contains(character) && !is_estate(text, begin);
        let is_cued = begin >= 2 && text.any(begin - 2, &BEFORE).is_some();
        if !is_part || is_token(character) || ends_district || is_cued || character == '在' {
            break;
        }
        begin -= 1;
        has_street |= text.any(begin, &STREETS).is_some();
    }
    (begin, has_street)
}

/// Whether the 区 before `index` is that of 小区 or 社区, which is no district.
fn is_estate(text: &Folded, index: usize) -> bool {
    index >= 2
        && text
            .any(index - 2, &["小区", "社区", "景区", "片区", "园区"])
            .is_some()
}
