//! 分析报告 (Art. 6(5); R-AN-2): what a report says, how its tables run over the sheets, what is refused.
//! Read back from the PDF with poppler's programs.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests may fail")]

mod poppler;
#[path = "sample/paper.rs"]
mod sample;

use std::path::Path;

use letters::ColumnKind::{Number, Share, Words};
use letters::{Chapter, Characters, Fonts, LettersError, Paper, PaperTable, render_paper};
use poppler::{lines_on, pages, poppler};
use sample::{long, paper, table};

fn fonts() -> Fonts {
    Fonts::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")).unwrap()
}

fn pdf(paper: &Paper) -> Vec<u8> {
    render_paper(paper, &fonts()).unwrap()
}

fn refused(paper: &Paper) -> LettersError {
    render_paper(paper, &fonts()).unwrap_err()
}

/// With these tables alone.
fn of(tables: Vec<PaperTable>) -> Paper {
    let heading = "总体情况".to_owned();
    Paper {
        chapters: vec![Chapter { heading, tables }],
        ..paper()
    }
}

/// All that is printed, without spaces.
fn printed(paper: &Paper) -> String {
    let text = pages(&pdf(paper)).concat().concat();
    text.chars().filter(|each| !each.is_whitespace()).collect()
}

#[test]
fn art_6_5_report_says_what_it_is_to_say_in_its_order() {
    let one_space = |line: &String| line.split_whitespace().collect::<Vec<_>>().join(" ");
    let text: Vec<_> = pages(&pdf(&paper()))
        .iter()
        .map(|page| page.iter().map(one_space).collect::<Vec<_>>().join("\n"))
        .collect();
    insta::assert_snapshot!(text.join("\n---- page\n"));
}

#[test]
fn r_an_2_same_report_is_the_same_file() {
    let fonts = fonts();
    let first = render_paper(&long(9), &fonts).unwrap();
    assert_eq!(first, render_paper(&long(9), &fonts).unwrap());
    // Even by another process's fonts.
    assert_eq!(first, pdf(&long(9)));
    let number = "2026-Q3.20261002".to_owned();
    assert_ne!(first, pdf(&Paper { number, ..long(9) }));
}

#[test]
fn r_an_2_long_tables_repeat_their_head_on_each_page() {
    let pages = pages(&pdf(&long(120)));
    let is_head = |line: &String| line.starts_with("序号") && line.contains("按期办结率");
    let number = |line: &String| line.split_once(' ')?.0.parse::<usize>().ok();
    let mut rows = Vec::new();
    for page in &pages {
        let on_page: Vec<_> = page.iter().filter_map(number).collect();
        let heads = page.iter().filter(|line| is_head(line)).count();
        assert_eq!(heads, usize::from(!on_page.is_empty()), "{page:?}");
        // Nor does a page end without saying where the figures come from.
        let sources = page
            .iter()
            .filter(|line| line.ends_with("各单位签收和办结情况"));
        assert!(on_page.is_empty() || sources.count() > 0, "{page:?}");
        rows.extend(on_page);
    }
    assert_eq!(rows, (1..=120).collect::<Vec<_>>());
    assert!(pages.len() > 4, "{}", pages.len());
    for (page, number) in pages.iter().zip(1..) {
        let last = page.last().unwrap().replace(' ', "");
        let total = pages.len();
        assert_eq!(last, format!("2026-Q3.20261001第{number}页共{total}页"));
    }
}

#[test]
fn r_an_2_nothing_runs_off_the_sheet() {
    let months: Vec<_> = (1..=12).map(|month| format!("{month}月收到")).collect();
    let mut columns = vec![("区县", Words)];
    columns.extend(months.iter().map(|month| (month.as_str(), Number)));
    let mut row = vec!["泰安高新技术产业开发区管理委员会"];
    row.extend(["123456"; 12]);
    let address = format!("https://example.invalid/{}", "a".repeat(120));
    let sentence = "反映租房提取住房公积金长时间显示审核中，".repeat(9);
    let crowd: Vec<_> = (1..=30).map(|_| ("按期办结率", Share)).collect();
    let tables = vec![
        table("各区县按月", &columns, &[&row]),
        table(
            "原文",
            &[("来源", Words), ("内容", Words), ("件数", Number)],
            &[&[&address, &sentence, &sentence]],
        ),
        table(
            "无文字",
            &[("年", Number), ("率", Share)],
            &[&["2026", &sentence]],
        ),
        table("很多列", &crowd, &[&["91.7%"; 30]]),
    ];
    let pdf = pdf(&of(tables));
    for page in 1..=pages(&pdf).len() {
        for line in lines_on(page, &pdf) {
            // A mark that ends a line is set half as wide as poppler takes it for.
            let across = line.left > 26.5 && line.right < 183.5 + 2.0;
            let along = line.top > 15.0 && line.bottom < 285.0;
            assert!(across && along, "page {page}: {line:?}");
            assert!(!line.text.is_empty());
        }
    }
    let text = pages(&pdf).concat().concat();
    assert_eq!(
        text.matches("123456").count(),
        12,
        "figures stay apart: {text}"
    );
    assert_eq!(text.matches("91.7% ").count() + 1, 30, "{text}");
}

#[test]
fn r_an_2_a_share_has_a_bar_of_its_length() {
    let shares = ["91.7%", "—", "50%", "100.0%", "不详", "12.5％", "0.0%"];
    let rows: Vec<_> = shares.iter().map(std::slice::from_ref).collect();
    let pdf = pdf(&of(vec![table("比例", &[("占比", Share)], &rows)]));
    let drawing = poppler("pdftocairo", &["-svg"], &pdf);
    // Paths in the bars' colour: to the right from one corner.
    let bars = drawing
        .lines()
        .filter(|line| line.contains("fill:rgb(35.29"));
    let lengths = bars.map(|bar| {
        let path = bar.split_once(" d=\"M ").unwrap().1;
        let mut numbers = path.split(' ').filter_map(|each| each.parse::<f64>().ok());
        let (left, right) = (numbers.next().unwrap(), numbers.nth(1).unwrap());
        // The whole is 40 pt.
        ((right - left) / 40.0 * 1000.0).round() / 10.0
    });
    let lengths: Vec<_> = lengths.filter(|length| *length > 0.0).collect();
    for (length, wanted) in lengths.iter().zip([91.7, 50.0, 100.0, 12.5]) {
        assert!((length - wanted).abs() < 0.3, "{length} %, not {wanted} %");
    }
    assert_eq!(lengths.len(), 4, "{lengths:?}");
}

#[test]
fn r_an_2_markup_in_a_report_is_text() {
    let markup = |place: &str| {
        format!(
            r#"{place}: #let x = 1 #panic() #sys.inputs #read("/etc/passwd") $x^2$ *a* _b_ <a> @b = c // d /* e */ \u{{41}} [f] -- ... "g" 'h' `i` ~ https://example.invalid"#
        )
    };
    let paper = Paper {
        title: markup("title"),
        number: markup("number"),
        issuer: markup("issuer"),
        facts: vec![(markup("fact"), markup("value"))],
        summary: vec![markup("summary")],
        chapters: vec![Chapter {
            heading: markup("heading"),
            tables: vec![PaperTable {
                note: Some(markup("note")),
                source: markup("source"),
                ..table(
                    &markup("table"),
                    &[
                        (&markup("words"), Words),
                        (&markup("figures"), Number),
                        (&markup("shares"), Share),
                    ],
                    &[&[&markup("word"), &markup("figure"), &markup("share")]],
                )
            }],
        }],
        notes: vec![markup("notes")],
        ..paper()
    };
    let text = poppler("pdftotext", &["-raw"], &pdf(&paper));
    let text = text.replace(char::is_whitespace, "");
    for place in [
        "title", "number", "issuer", "fact", "value", "summary", "heading", "table", "words",
        "figures", "shares", "word", "figure", "share", "note", "source", "notes",
    ] {
        let wanted = markup(place).replace(' ', "");
        assert!(text.contains(&wanted), "{place}: {text}");
    }
}

#[test]
fn r_an_2_what_has_no_figures_says_so() {
    let columns = [("单位", Words), ("件数", Number)];
    let text = printed(&of(vec![table("超期未签收", &columns, &[])]));
    assert!(
        text.contains("表1超期未签收单位件数本期无数据数据来源"),
        "{text}"
    );
    let text = printed(&of(Vec::new()));
    assert!(text.contains("一、总体情况本期无数据。"), "{text}");
    // Parts that are left out have no heading either.
    let bare = Paper {
        facts: Vec::new(),
        summary: vec![" \n".to_owned()],
        notes: Vec::new(),
        ..of(vec![PaperTable {
            source: String::new(),
            ..table("收到", &columns, &[&["泰山区", "0"]])
        }])
    };
    let text = printed(&bare);
    assert!(!text.contains("摘要") && !text.contains("说明"), "{text}");
    assert!(
        text.ends_with("泰山区02026-Q3.20261001第1页共1页"),
        "{text}"
    );
}

#[test]
fn r_an_2_headings_are_bookmarks_and_table_heads_are_tagged() {
    let pdf = pdf(&paper());
    let told = poppler("pdfinfo", &[], &pdf);
    assert!(told.contains("(A4)"), "{told}");
    let tagged = told
        .lines()
        .any(|line| line.starts_with("Tagged:") && line.ends_with("yes"));
    assert!(tagged, "{told}");
    let outline = poppler("pdftohtml", &["-xml", "-stdout", "-i"], &pdf);
    let items = outline
        .lines()
        .filter_map(|line| line.strip_prefix("<item page="));
    let items: Vec<_> = items
        .filter_map(|item| Some(item.split_once('>')?.1))
        .collect();
    let wanted = [
        "摘要",
        "一、总体情况",
        "二、办理时限",
        "三、工作建议",
        "说明",
    ];
    assert_eq!(items, wanted.map(|heading| format!("{heading}</item>")));
    let tags = poppler("pdfinfo", &["-struct"], &pdf);
    let count = |tag: &str| {
        let lines = tags.lines().map(str::trim_start);
        lines
            .filter(|line| line.split_whitespace().next() == Some(tag))
            .count()
    };
    // The columns of four tables.
    assert_eq!(count("TH"), 4 + 3 + 6 + 2, "{tags}");
    assert_eq!(count("Caption"), 4, "{tags}");
    assert_eq!(count("H1"), 5, "{tags}");
}

#[test]
fn r_an_2_fonts_are_embedded_and_text_can_be_searched() {
    let told = poppler("pdffonts", &[], &pdf(&paper()));
    let rows: Vec<_> = told.lines().skip(2).collect();
    assert_eq!(rows.len(), 3, "{told}");
    for row in rows {
        assert!(
            row.contains("yes yes yes"),
            "embedded, a subset, with its characters: {row}"
        );
    }
}

#[test]
fn r_an_2_characters_without_glyph_are_named_and_nothing_is_printed() {
    let tables = vec![table("名单", &[("单位", Words)], &[&["𰻝面店😀"]])];
    let missing = Characters(vec!['😀', '𰻝']);
    let rare = of(tables);
    assert_eq!(refused(&rare), LettersError::GlyphsMissing(missing.clone()));
    assert!(printed(&rare.without(&missing)).contains("〓面店〓"));
    let rare = "喆堃镕昇祎玥珺烜翀燊彧旸劼赟璟頔䶮㛃𬱖—–·‰×≥℃";
    let columns = [(rare, Words), ("件数", Number)];
    let text = printed(&of(vec![table(rare, &columns, &[&[rare, rare]])]));
    assert_eq!(text.matches(rare).count(), 5, "{text}");
}

#[test]
fn r_an_2_no_part_of_a_report_may_be_empty() {
    let empty = || " \n".to_owned();
    let title = Paper {
        title: empty(),
        ..paper()
    };
    assert_eq!(refused(&title), LettersError::Empty("title"));
    let number = Paper {
        number: empty(),
        ..paper()
    };
    assert_eq!(refused(&number), LettersError::Empty("number"));
    let issuer = Paper {
        issuer: empty(),
        ..paper()
    };
    assert_eq!(refused(&issuer), LettersError::Empty("issuer"));
    let chapters = Paper {
        chapters: Vec::new(),
        ..paper()
    };
    assert_eq!(refused(&chapters), LettersError::Empty("chapters"));
    let mut heading = paper();
    heading.chapters[1].heading = empty();
    assert_eq!(refused(&heading), LettersError::Empty("heading"));
    let untitled = of(vec![table("", &[("单位", Words)], &[])]);
    assert_eq!(refused(&untitled), LettersError::Empty("table title"));
    let columns = of(vec![table("收到", &[], &[])]);
    assert_eq!(refused(&columns), LettersError::Empty("columns"));
    assert_eq!(refused(&columns).to_string(), "the document has no columns");
}

#[test]
fn r_an_2_rows_have_as_many_cells_as_there_are_columns() {
    let columns = [("单位", Words), ("件数", Number)];
    for row in [&["泰山区"][..], &["泰山区", "1", "2"]] {
        let paper = of(vec![table("收到", &columns, &[&["岱岳区", "3"], row])]);
        let wanted = format!(
            "row 2 of table `收到` has {} cells for 2 columns",
            row.len()
        );
        assert_eq!(refused(&paper).to_string(), wanted);
    }
}
