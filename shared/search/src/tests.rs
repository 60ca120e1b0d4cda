//! R-KB-2: search in Chinese, with ranking and highlights, of what holds today.

use proptest::prelude::*;

use super::*;
use crate::grams::{characters, pairs};

#[path = "../examples/generated/mod.rs"]
mod generated;

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

fn entry(id: &str, title: &str, body: &str) -> IndexedEntry {
    IndexedEntry {
        id: id.to_owned(),
        version: 1,
        kind: "question_answer".to_owned(),
        title: title.to_owned(),
        body: body.to_owned(),
        link: None,
        source: None,
        owner: "ta-ylbzj".to_owned(),
        area: None,
        service_item: None,
        valid_from: day("2026-01-01"),
        valid_to: None,
        is_noticed: false,
    }
}

fn opened(entries: &[IndexedEntry]) -> SearchIndex {
    SearchIndex::open(&build(entries).unwrap()).unwrap()
}

fn query(text: &str) -> Query<'_> {
    Query {
        text,
        area: None,
        on: day("2026-03-02"),
        limit: 10,
    }
}

fn ids(index: &SearchIndex, query: &Query<'_>) -> Vec<String> {
    let found = index.search(query).unwrap();
    found.into_iter().map(|found| found.entry.id).collect()
}

fn few() -> Vec<IndexedEntry> {
    let mut few = vec![
        entry(
            "pay",
            "医保缴费后多久能查到参保记录？",
            "缴费成功后一个工作日内可查。",
        ),
        entry(
            "fund",
            "公积金提取需要哪些材料",
            "携带身份证、银行卡，到窗口或者ＡＰＰ办理。医保不在此办理。",
        ),
        entry("school", "小学入学网上报名", "七月开始，在APP上传户口簿。"),
        entry("old", "旧版医保缴费说明", "医保缴费后次年生效。"),
        entry("next", "新版医保缴费说明", "医保缴费后即时生效。"),
    ];
    few[3].valid_to = Some(day("2026-03-01"));
    few[4].valid_from = day("2026-03-03");
    few
}

#[test]
fn r_kb_2_what_the_title_says_comes_before_what_the_text_says() {
    let index = opened(&few());
    assert_eq!(ids(&index, &query("医保")), ["pay", "fund"]);
    // A whole appeal finds it too; what shares a word or two with it does not come.
    let appeal = "我上周在手机上缴纳了城乡居民医保，扣款成功，到现在还查不到参保记录，请帮忙核实。";
    assert_eq!(ids(&index, &query(appeal))[0], "pay");
    assert!(ids(&index, &query("驾驶证换证")).is_empty());
    assert!(ids(&index, &query("？！ ")).is_empty());
}

#[test]
fn r_kb_2_width_and_case_do_not_count_and_one_character_is_enough() {
    let index = opened(&few());
    for text in ["APP", "app", "ａｐｐ"] {
        let mut found = ids(&index, &query(text));
        found.sort();
        assert_eq!(found, ["fund", "school"], "{text}");
    }
    assert_eq!(ids(&index, &query("籍")), Vec::<String>::new());
    assert_eq!(ids(&index, &query("簿")), ["school"]);
    assert_eq!(ids(&index, &query("保"))[0], "pay");
}

#[test]
fn r_kb_2_only_what_holds_today_is_found() {
    let index = opened(&few());
    let on = |date: &str| {
        let query = Query {
            on: day(date),
            ..query("缴费说明")
        };
        ids(&index, &query)
    };
    assert_eq!(on("2026-03-02"), ["pay"]);
    assert_eq!(on("2026-03-01"), ["old", "pay"]);
    assert_eq!(on("2026-03-03"), ["next", "pay"]);
}

#[test]
fn r_kb_2_an_area_finds_its_own_and_the_citys() {
    let mut entries = vec![entry("any", "社保卡补办", "")];
    for area in ["370900", "370902", "370911"] {
        let mut own = entry(area, "社保卡补办", "");
        own.area = Some(area.to_owned());
        entries.push(own);
    }
    let index = opened(&entries);
    let mut of = query("社保卡");
    assert_eq!(ids(&index, &of).len(), 4);
    of.area = Some("370902");
    let mut found = ids(&index, &of);
    found.sort();
    assert_eq!(found, ["370900", "370902", "any"]);
}

#[test]
fn r_kb_2_what_matched_is_told_from_what_did_not() {
    let long = format!(
        "{}医保缴费证明可在线打印。{}",
        "前言".repeat(60),
        "后语".repeat(60)
    );
    let index = opened(&[entry("a", "缴费证明怎么打印", &long)]);
    let found = &index.search(&query("打印缴费证明")).unwrap()[0];
    let part = |text: &str, is_match| Part {
        text: text.to_owned(),
        is_match,
    };
    assert_eq!(
        found.title,
        [
            part("缴费证明", true),
            part("怎么", false),
            part("打印", true)
        ]
    );
    let excerpt: String = found
        .excerpt
        .iter()
        .map(|part| part.text.as_str())
        .collect();
    assert_eq!(excerpt.chars().count(), 80);
    assert!(long.contains(&excerpt));
    assert!(found.excerpt.contains(&part("缴费证明", true)));
}

#[test]
fn r_kb_2_an_index_of_nothing_finds_nothing_and_what_is_no_index_is_refused() {
    let index = opened(&[]);
    assert!(index.is_empty());
    assert!(ids(&index, &query("医保")).is_empty());
    let block = build(&few()).unwrap();
    assert!(SearchIndex::open(&block[..block.len() - 1]).is_err());
    assert!(SearchIndex::open(&[&block[..], b"x"].concat()).is_err());
    assert!(SearchIndex::open(b"SQK2").is_err());
    assert!(SearchIndex::open(b"").is_err());
}

/// Of 10,000 entries the example `latency` says the same, and how fast.
#[test]
fn r_kb_2_who_knows_what_they_look_for_finds_it_first() {
    let entries = generated::entries(1_500);
    let index = opened(&entries);
    let questions = generated::questions(&entries, 300);
    let first = questions.iter().filter(|(id, text)| {
        let found = ids(&index, &query(text));
        found.first() == Some(id)
    });
    let recall = generated::share(first.count(), questions.len());
    assert!(recall >= 0.9, "{recall}");
}

proptest! {
    #[test]
    fn r_kb_2_parts_together_are_the_text(text in "[医保ABａ，。 ]{0,200}", asked in "[医保AB]{1,6}") {
        let terms = pairs(&asked).into_iter().map(|gram| gram.term).collect();
        let joined = |parts: Vec<Part>| parts.into_iter().map(|part| part.text).collect::<String>();
        prop_assert_eq!(joined(highlight::whole(&text, &terms)), text.clone());
        prop_assert!(text.contains(&joined(highlight::excerpt(&text, &terms))));
        let count = text.chars().count();
        let grams = pairs(&text).into_iter().chain(characters(&text));
        prop_assert!(grams.into_iter().all(|gram| gram.first <= gram.last && gram.last < count));
    }
}
