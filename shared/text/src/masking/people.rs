//! Names of people: those who are known to take part, and those that the words around them betray.

use super::folded::{Folded, is_han};
use super::{Candidate, PersonalKind};

/// Surnames, the most frequent ones (the Ministry of Public Security's list of 2020) and the usual
/// ones of two characters. Characters that are mostly something else are left out.
const SURNAMES: &str = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蔡蒋余于杜叶程苏魏吕丁沈任姚卢姜崔钟谭陆汪范廖石贾夏韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严武戴莫孔向汤牛尚冀亓步";

/// Surnames of two characters.
const DOUBLE: [&str; 8] = [
    "欧阳", "司马", "上官", "诸葛", "夏侯", "皇甫", "令狐", "尉迟",
];

const CUES: [&str; 11] = [
    "我叫",
    "名叫",
    "叫做",
    "本人",
    "姓名",
    "联系人",
    "申请人",
    "经办人",
    "户主",
    "法人",
    "当事人",
];

/// How a person is addressed.
const ADDRESSED: [&str; 8] = [
    "先生", "女士", "小姐", "同志", "大爷", "大妈", "阿姨", "师傅",
];

/// What somebody is by office.
const OFFICES: [&str; 17] = [
    "书记", "局长", "科长", "处长", "主任", "镇长", "村长", "所长", "队长", "县长", "区长", "市长",
    "院长", "校长", "站长", "老师", "医生",
];

/// What follows a name rather than belongs to it.
const AFTER: &str = "的是在于和与来住家电男女身今现因了有想要为向到已从被将把给反咨请求办去年月号手联于同先同某，。";

/// Every character that begins a name or a cue of one.
pub(super) fn beginnings() -> impl Iterator<Item = char> {
    let words = DOUBLE
        .iter()
        .chain(&CUES)
        .filter_map(|word| word.chars().next());
    SURNAMES.chars().chain(words)
}

fn surname(text: &Folded, index: usize) -> Option<usize> {
    let single = || SURNAMES.contains(text.at(index)).then_some(1);
    text.any(index, &DOUBLE).or_else(single)
}

/// A name that begins at `index`, as a word before it or after it betrays.
pub(super) fn betrayed(text: &Folded, index: usize, found: &mut Vec<Candidate>) {
    if let Some(length) = text.any(index, &CUES) {
        let begin = text.skip(index + length, |character| {
            ":： 是为叫（(".contains(character)
        });
        if let Some(family) = surname(text, begin) {
            let given = begin + family;
            let is_given = |index: usize| is_han(text.at(index)) && !AFTER.contains(text.at(index));
            let count = (0..2).take_while(|offset| is_given(given + offset)).count();
            if count > 0 {
                found.push(Candidate::new(
                    PersonalKind::Name,
                    begin..given + count,
                    false,
                ));
            }
        }
    }
    let Some(family) = surname(text, index) else {
        return;
    };
    let end = index + family;
    if text.any(end, &ADDRESSED).is_some() {
        found.push(Candidate::new(PersonalKind::Name, index..end, false));
    } else if text.at(end) == '某' {
        let end = text.skip(end, |character| character == '某');
        let last = usize::from(is_han(text.at(end)) && !AFTER.contains(text.at(end)));
        found.push(Candidate::new(PersonalKind::Name, index..end + last, false));
    } else if let Some(length) = text.any(end, &OFFICES)
        && !is_conjunction(text, index)
    {
        found.push(Candidate::new(
            PersonalKind::Official,
            index..end + length,
            false,
        ));
    }
}

/// 由于主任…, 关于书记…: the character is no surname there.
fn is_conjunction(text: &Folded, index: usize) -> bool {
    let (before, here) = (text.before(index), text.at(index));
    here == '于' && "由关对位属至处等基".contains(before)
        || here == '向' && "方面一".contains(before)
}

/// The names of those who take part, wherever they stand.
pub(super) fn known(text: &Folded, index: usize, names: &[Vec<char>], found: &mut Vec<Candidate>) {
    for name in names {
        let is_here = (index..)
            .zip(name)
            .all(|(index, wanted)| text.at(index) == *wanted);
        if is_here {
            found.push(Candidate::new(
                PersonalKind::Name,
                index..index + name.len(),
                true,
            ));
        }
    }
}
