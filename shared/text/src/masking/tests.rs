//! Vectors of the standards and of written Chinese; all numbers are invented or the standards' own.

use proptest::prelude::*;

use super::digits::{has_birthday, is_card, is_credit_code, is_identity};
use super::*;

fn masked(text: &str) -> String {
    mask(text, &Known::default()).text
}

fn characters(text: &str) -> Vec<char> {
    text.chars().collect()
}

#[test]
fn r_dp_2_check_digits_follow_the_standards() {
    // GB 11643-1999's own examples, and invented ones of the city.
    for good in [
        "11010519491231002X",
        "440524188001010014",
        "370902190001010012",
        "370983190003150025",
        "37090219000101008X",
    ] {
        assert!(is_identity(&characters(good)), "{good}");
    }
    assert!(!is_identity(&characters("370902190001010011")));
    assert!(is_identity(&characters("370982190002300013")));
    assert!(
        !has_birthday(&characters("370982190002300013")),
        "30 February"
    );
    for (card, is_good) in [
        ("6222020000000000000", true),
        ("6259120000000001", true),
        ("6222020000000000001", false),
        ("0000000000000000", false),
    ] {
        assert_eq!(is_card(&characters(card)), is_good, "{card}");
    }
    // GB 32100-2015's own example, an invented one, and one with a wrong check.
    for (code, is_good) in [
        ("91350100M000100Y43", true),
        ("11370900MB0000000G", true),
        ("91350100M000100Y44", false),
    ] {
        assert_eq!(is_credit_code(&characters(code)), is_good, "{code}");
    }
}

#[test]
fn r_dp_2_each_kind_is_found_as_people_write_it() {
    for (text, wanted) in [
        ("身份证370902190001010012。", "身份证[身份证]。"),
        ("37090219000101008x，", "[身份证]，"),
        ("370902 19000101 0012", "[身份证]"),
        (
            "身份证３７０９０２１９０００１０１００１２",
            "身份证[身份证]",
        ),
        // A wrong check digit or day does not make it nobody's.
        ("370902190001010011", "[身份证]"),
        ("370982190002300013", "[身份证]"),
        (
            "卡6222020000000000000和6259120000000001",
            "卡[银行卡]和[银行卡]",
        ),
        ("6222 0200 0000 0000 000", "[银行卡]"),
        ("卡号：6222020000000000001", "卡号：[银行卡]"),
        ("6222020000000000001", "6222020000000000001"),
        (
            "91350100M000100Y43、11370900MB0000000G",
            "[信用代码]、[信用代码]",
        ),
        ("91350100M000100Y44", "91350100M000100Y44"),
        ("电话13800000000，138-0000-0000", "电话[手机]，[手机]"),
        (
            "１３８００００００００、+86 138 0000 0000",
            "[手机]、[手机]",
        ),
        ("8613800000000", "[手机]"),
        ("138-0000-0000 0538-6991234转8001", "[手机] [电话]"),
        (
            "05386991234、010-66001234、0538—6991234",
            "[电话]、[电话]、[电话]",
        ),
        ("联系电话：6991234", "联系电话：[电话]"),
        (
            "鲁J·A0000停在门口，鲁JD00000也是",
            "[车牌]停在门口，[车牌]也是",
        ),
        ("护照号码：E12345678", "护照号码：[证件]"),
        ("发到zhang.san@example.com，谢谢", "发到[邮箱]，谢谢"),
        (
            "微信号：zs_0538000；QQ 100000000",
            "微信号：[账号]；QQ [账号]",
        ),
    ] {
        assert_eq!(masked(text), wanted);
    }
}

#[test]
fn r_dp_2_names_are_found_by_who_takes_part_and_by_cues() {
    let known = Known::default().names(["张例三", "李", "泰安示例商贸有限公司"]);
    let text = "张例三说李老板的泰安示例商贸有限公司";
    assert_eq!(mask(text, &known).text, "[姓名]说李老板的[姓名]");
    for (text, wanted) in [
        ("我叫王小明，住泰安", "我叫[姓名]，住泰安"),
        ("姓名：欧阳静", "姓名：[姓名]"),
        ("联系人赵六的电话", "联系人[姓名]的电话"),
        ("本人刘某某于昨日", "本人[姓名]于昨日"),
        ("张先生和周女士", "[姓名]先生和[姓名]女士"),
        ("找了孙局长和何主任", "找了[职务人]和[职务人]"),
        ("由于主任不在，本人多次前往", "由于主任不在，本人多次前往"),
        (
            "幼儿园门口的红绿灯坏了，谢谢",
            "幼儿园门口的红绿灯坏了，谢谢",
        ),
    ] {
        assert_eq!(masked(text), wanted);
    }
}

#[test]
fn r_dp_2_a_name_that_is_a_word_of_ours_ends() {
    // Whoever is called so would be found in the token that takes the name's place.
    for name in ["姓名", "[姓名]", "手机", "]和["] {
        let known = Known::default().names([name]);
        let once = mask("姓名和[姓名]和手机13800000000", &known).text;
        assert!(!once.contains("13800000000"), "{name}: {once}");
        assert_eq!(mask(&once, &known).text, once, "{name}");
    }
    // A name as it is registered and as it is written may differ in width.
    let known = Known::default().names(["ＡＢ公司"]);
    assert_eq!(mask("AB公司", &known).text, "[姓名]");
}

#[test]
fn r_dp_2_an_address_keeps_its_district_and_loses_its_door() {
    for (text, wanted) in [
        ("住在泰山区岱宗大街5号3号楼2单元501室", "住在泰山区[地址]"),
        ("家住新泰市青云路12号", "家住新泰市[地址]"),
        ("地址：示例小区3号楼2单元501", "地址：[地址]"),
        ("岱岳区示例村8号门前", "岱岳区[地址]门前"),
        ("3号窗口排队，1号线停运", "3号窗口排队，1号线停运"),
        ("11月5号去的", "11月5号去的"),
    ] {
        assert_eq!(masked(text), wanted);
    }
}

#[test]
fn r_dp_2_other_numbers_stay() {
    for text in [
        "工单TA20261123000017",
        "流水202611230000370902190001",
        "拨打12345、110、0538-12345",
        "2026年11月23日，缴费3200.50元",
        "泰政办发〔2026〕12号文",
        "版本86.1",
    ] {
        assert_eq!(masked(text), text);
    }
    let known = Known::default().public_phones(["0538-6991234"]);
    let text = "请拨打05386991234或0538-6995678";
    assert_eq!(mask(text, &known).text, "请拨打05386991234或[电话]");
}

#[test]
fn r_dp_2_what_was_found_is_counted_and_sensitive_texts_are_told() {
    let known = Known::default();
    let masked = mask("13800000000和13900000000，孩子未成年", &known);
    assert_eq!(masked.found, BTreeMap::from([(PersonalKind::Mobile, 2)]));
    assert!(masked.is_sensitive);
    assert!(!mask("路灯不亮", &known).is_sensitive);
}

/// Numbers that may not survive wherever they stand.
const PLANTED: [&str; 5] = [
    "370902190001010012",
    "13800000000",
    "6222020000000000000",
    "0538-6991234",
    "zhang.san@example.com",
];

/// What stands around them: words, cues, tokens, forms of digits, everything that a rule looks at.
fn around() -> impl Strategy<Value = String> {
    let words = [
        "请核实",
        "电话",
        "卡号：",
        "身份证",
        "我叫王小明",
        "张先生",
        "路5号",
        "3号楼",
        "泰山区",
        "护照",
        "E12345678",
        "鲁J",
        "A0000",
        "微信",
        "zs_0538000",
        "[手机]",
        "[地址]",
        "于",
        "转8001",
        "村",
        "，",
        " ",
        "-",
        "：",
        "1",
        "86",
        "x",
        "１２",
        "㎡",
        "@",
        "某",
        "室",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..12)
        .prop_map(|words| words.concat())
}

/// What may stand right beside a number.
fn apart() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "。", "，", " ", "：", "请", "\n", "（", "）", "[手机]",
    ])
}

proptest! {
    #[test]
    fn r_dp_2_masking_again_changes_nothing(
        text in around(),
        other in "\\PC{0,40}",
        name in around(),
    ) {
        for known in [Known::default(), Known::default().names([name.as_str()])] {
            for text in [text.clone(), other.clone(), format!("{text}{name}{other}")] {
                let once = mask(&text, &known).text;
                prop_assert_eq!(&mask(&once, &known).text, &once);
            }
        }
    }

    #[test]
    fn r_dp_2_no_planted_number_survives(
        before in around(),
        // Whatever ends a number: digits beside it would make it another.
        [left, right] in [apart(), apart()],
        planted in proptest::sample::select(PLANTED.to_vec()),
        after in around(),
    ) {
        let masked = masked(&format!("{before}{left}{planted}{right}{after}"));
        prop_assert!(!masked.contains(planted), "{}", masked);
    }
}

/// Art. 16: what officers are told not to write is certain: numbers of files, offices and services
/// are not refused.
#[test]
fn art_16_numbers_of_people_are_told_from_those_of_files_and_offices() {
    use PersonalKind::{Card, Document, Identity, Mobile};
    for (text, found) in [
        ("身份证370902190001010012", vec![Identity]),
        ("身份证 37090219000101008x，已核对", vec![Identity]),
        ("手机１３８００００００００", vec![Mobile]),
        ("卡号6222020000000000000", vec![Card]),
        ("护照号E12345678", vec![Document]),
        ("370902190001010012和13800000000", vec![Identity, Mobile]),
        // The check digit is another; an area, a date and a number; a ticket; offices and services.
        ("办件370902190001010011", vec![]),
        ("受理号370902202611230017", vec![]),
        ("工单TA20261123000017", vec![]),
        ("请拨打0538-6991234或12345，或到擂鼓石大街100号", vec![]),
        ("统一社会信用代码11370900MB0000000G", vec![]),
        ("张先生的车鲁J·A0000", vec![]),
    ] {
        let kinds: Vec<_> = numbers_of_people(text).into_iter().collect();
        assert_eq!(kinds, found, "{text}");
    }
}
