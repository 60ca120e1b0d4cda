//! 督办函 (Art. 17; R-SV-7): what a letter says, where it stands on the sheet, what is refused. Read back
//! from the PDF with poppler's programs.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests may fail")]

mod poppler;
mod sample;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use letters::{Characters, Fonts, Letter, LettersError, render};
use poppler::{Line, lines_on, pages, poppler};
use sample::letter;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fonts")
}

fn fonts() -> Fonts {
    Fonts::read(&folder()).unwrap()
}

fn pdf(letter: &Letter) -> Vec<u8> {
    render(letter, &fonts()).unwrap()
}

/// With so many paragraphs of facts that they fill pages.
fn long() -> Letter {
    let mut facts = String::new();
    for number in 1..=24 {
        writeln!(facts, "第{number}次核查，{}。", "该单位仍未签收".repeat(8)).unwrap();
    }
    Letter { facts, ..letter() }
}

#[test]
fn r_sv_7_letter_says_what_it_is_to_say() {
    let text: Vec<_> = pages(&pdf(&letter()))
        .iter()
        .map(|page| page.join("\n"))
        .collect();
    insta::assert_snapshot!(text.join("\n---- page\n"));
}

#[test]
fn r_sv_7_same_letter_is_the_same_file() {
    let fonts = fonts();
    let first = render(&letter(), &fonts).unwrap();
    assert_eq!(first, render(&letter(), &fonts).unwrap());
    // Even by another process's fonts.
    assert_eq!(first, pdf(&letter()));
    let other = Letter {
        number: "泰数督函〔2026〕18号".to_owned(),
        ..letter()
    };
    assert_ne!(first, pdf(&other));
}

/// A part of a letter.
type Field = fn(&mut Letter) -> &mut String;

#[test]
fn r_sv_7_markup_in_a_letter_is_text() {
    let markup = r#"*粗* _斜_ #sys.inputs #read("/etc/passwd") $x^2$ <a> @b = c // d /* e */ \u{41} [f] -- --- ... "g" 'h' `i` ~ https://example.invalid"#;
    let parts: Vec<_> = markup.split(' ').collect();
    let fields: [(&str, Field); 6] = [
        ("number", |letter| &mut letter.number),
        ("addressee", |letter| &mut letter.addressee),
        ("title", |letter| &mut letter.title),
        ("trigger", |letter| &mut letter.trigger),
        ("facts", |letter| &mut letter.facts),
        ("demand", |letter| &mut letter.demand),
    ];
    for (name, field) in fields {
        let mut letter = letter();
        *field(&mut letter) = markup.to_owned();
        let text = pages(&pdf(&letter)).concat().concat().replace(' ', "");
        assert!(text.contains(&parts.concat()), "{name}: {text}");
    }
    let evidence = vec!["#panic()".to_owned()];
    let text = pages(&pdf(&Letter {
        evidence,
        ..letter()
    }))
    .concat();
    assert!(text.contains(&"1. #panic()".to_owned()), "{text:?}");
}

#[test]
fn r_sv_7_long_letters_run_on_and_number_their_pages() {
    let pages = pages(&pdf(&long()));
    assert_eq!(pages.len(), 5);
    let is_number = |line: &&String| line.starts_with('—');
    assert_eq!(
        pages[0].iter().find(is_number),
        None,
        "the first page has no number"
    );
    for (page, number) in pages.iter().zip(1..).skip(1) {
        let last = page.last().unwrap().replace(' ', "");
        assert_eq!(last, format!("—{number}—"));
    }
    // Nothing is lost on the way, and each page between is full.
    let text = pages.concat().concat();
    for number in 1..=24 {
        assert!(text.contains(&format!("第{number}次核查")), "{number}");
    }
    for page in &pages[1..pages.len() - 1] {
        assert_eq!(page.len(), 22 + 1, "22 lines and the number");
    }
}

#[test]
fn r_sv_7_no_page_holds_a_signature_alone() {
    let fonts = fonts();
    // Those with which the signature comes to the end of a page.
    for paragraphs in 14..26 {
        let facts = "该单位仍未签收。\n".repeat(paragraphs);
        let pages = pages(&render(&Letter { facts, ..letter() }, &fonts).unwrap());
        let last = pages.last().unwrap();
        let signature = last
            .iter()
            .position(|line| line.contains("2026年11月27日"))
            .unwrap();
        let demand = last
            .iter()
            .position(|line| line.contains("前办结"))
            .unwrap();
        assert!(demand < signature, "{paragraphs}: {last:?}");
    }
}

#[test]
fn gb_t_9704_sheet_margins_and_lines() {
    let near = |is: f64, wanted: f64| assert!((is - wanted).abs() < 1.0, "{is} mm, not {wanted}");
    let pdf = pdf(&long());
    assert!(poppler("pdfinfo", &[], &pdf).contains("(A4)"));
    // The head: the issuer's upper edge is 30 mm from that of the sheet, in its middle.
    let first = lines_on(1, &pdf);
    let issuer = first
        .iter()
        .find(|line| line.text == "泰安市大数据局")
        .unwrap();
    near(f64::midpoint(issuer.left, issuer.right), 105.0);
    let number = first
        .iter()
        .find(|line| line.text.ends_with("17号"))
        .unwrap();
    near(number.right, 184.0);
    // Odd pages are bound at the left, even ones at the right.
    for (page, left, right) in [(1, 28.0, 184.0), (2, 26.0, 182.0), (3, 28.0, 184.0)] {
        let lines = lines_on(page, &pdf);
        let only = |text: &str| text.chars().all(|each| "该单位仍未签收".contains(each));
        let is_full = |line: &&Line| line.text.chars().count() == 28 && only(&line.text);
        let full = lines.iter().find(is_full).unwrap();
        near(full.left, left);
        near(full.right, right);
        for line in &lines {
            let outside = line.text.starts_with('—') || line.text == issuer.text;
            // A mark that ends a line is set half as wide as poppler takes it for.
            let mark = line
                .text
                .ends_with(['》', '，', '。', '）', '、', '；', '：', '”']);
            let right = right + if mark { 15.75 / 2.0 * 25.4 / 72.0 } else { 0.0 };
            let inside = line.left > left - 1.0 && line.right < right + 1.0 && line.bottom < 263.0;
            assert!(outside || inside, "page {page}: {line:?}");
        }
    }
    // 22 lines, each of a character's height and 7/8 of it, fill the 225 mm of a page; the number is
    // 7 mm below.
    let mut lines = lines_on(2, &pdf);
    lines.sort_by(|one, other| one.top.total_cmp(&other.top));
    let (number, lines) = lines.split_last().unwrap();
    let (first, last) = (&lines[0], lines.last().unwrap());
    let (character, pitch) = (15.75 * 25.4 / 72.0, (last.top - first.top) / 21.0);
    assert!(
        (pitch - character * 1.875).abs() < 0.01,
        "{pitch} mm from line to line"
    );
    near(first.top, 37.0);
    near(last.bottom, 37.0 + 21.0 * pitch + character);
    near(f64::midpoint(number.top, number.bottom), 262.0 + 7.0 + 2.0);
}

#[test]
fn r_sv_7_fonts_are_embedded_and_text_can_be_searched() {
    let told = poppler("pdffonts", &[], &pdf(&letter()));
    let rows: Vec<_> = told.lines().skip(2).collect();
    assert_eq!(rows.len(), 4, "{told}");
    for row in rows {
        assert!(
            row.contains("yes yes yes"),
            "embedded, a subset, with its characters: {row}"
        );
    }
}

#[test]
fn r_sv_7_rare_names_are_printed() {
    let names = "喆堃镕昇祎玥珺烜翀燊彧旸劼赟璟頔䶮㛃𬱖";
    let contact = format!("{names}，0538-0000000");
    let text = pages(&pdf(&Letter {
        contact,
        ..letter()
    }))
    .concat()
    .concat();
    assert!(text.contains(names), "{text}");
    // In the title too, whose own face has none of them.
    let title = format!("关于{names}的督办函");
    let text = pages(&pdf(&Letter { title, ..letter() })).concat().concat();
    assert!(text.contains(names), "{text}");
}

#[test]
fn r_sv_7_characters_without_glyph_are_named_and_nothing_is_printed() {
    let facts = "已致电😀，对方答复“𰻝𰻝面”👍😀。".to_owned();
    let refused = render(&Letter { facts, ..letter() }, &fonts()).unwrap_err();
    let missing = Characters(vec!['👍', '😀', '𰻝']);
    assert_eq!(refused, LettersError::GlyphsMissing(missing));
    let told = "no font has a glyph for 👍 (U+1F44D), 😀 (U+1F600), 𰻝 (U+30EDD)";
    assert_eq!(refused.to_string(), told);
}

#[test]
fn r_sv_7_each_font_must_be_there() {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|end| end == "otf" || end == "ttf")
        {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            files.push((name, std::fs::read(path).unwrap()));
        }
    }
    let without = |name: &str| {
        let files = files.iter().filter(|(each, _)| each != name).cloned();
        Fonts::new(files)
            .map(|_| ())
            .map_err(|error| error.to_string())
    };
    assert_eq!(without("none"), Ok(()));
    for (file, name) in [
        ("FandolFang-Regular", "FandolFang"),
        ("FandolHei-Regular", "FandolHei"),
        ("NotoSerifSC-Light", "Noto Serif SC Light"),
        ("NotoSerifSC-Bold", "Noto Serif SC Bold"),
    ] {
        assert_eq!(without(file), Err(format!("the font `{name}` is missing")));
    }
    let damaged = Fonts::new([("宋.ttf".to_owned(), vec![0; 40])]).unwrap_err();
    assert_eq!(damaged.to_string(), "`宋.ttf` cannot be read as a font");
    let nowhere = Fonts::read(Path::new("/nowhere")).unwrap_err();
    assert_eq!(nowhere.to_string(), "`/nowhere` cannot be read as a font");
}

#[test]
fn r_sv_7_no_part_of_a_letter_may_be_empty() {
    let facts = " \n".to_owned();
    let refused = render(&Letter { facts, ..letter() }, &fonts());
    assert_eq!(refused, Err(LettersError::Empty("facts")));
    let issuer = String::new();
    let refused = render(&Letter { issuer, ..letter() }, &fonts());
    assert_eq!(refused, Err(LettersError::Empty("issuer")));
    // Not every case has evidence apart from its facts.
    let evidence = Vec::new();
    let text = pages(&pdf(&Letter {
        evidence,
        ..letter()
    }))
    .concat();
    assert!(!text.iter().any(|line| line.contains("为证")), "{text:?}");
}

#[test]
fn r_sv_7_long_names_and_titles_fit() {
    let letter = Letter {
        issuer: "泰安市泰山区行政审批服务管理局数字政府建设办公室".to_owned(),
        title: "关于限期办理住房公积金租房提取业务长时间未审核导致多名诉求人三次以上投诉的督办函"
            .to_owned(),
        signed_by: "泰安市泰山区行政审批服务管理局数字政府建设办公室".to_owned(),
        ..letter()
    };
    let lines = lines_on(1, &pdf(&letter));
    let issuer = lines
        .iter()
        .find(|line| line.text == letter.issuer)
        .unwrap();
    assert!(issuer.left > 20.0 && issuer.right < 190.0, "{issuer:?}");
    let title: Vec<_> = lines
        .iter()
        .filter(|line| line.bottom - line.top > 7.0 && line.top > 50.0)
        .collect();
    assert_eq!(
        title
            .iter()
            .map(|line| line.text.as_str())
            .collect::<String>(),
        letter.title
    );
    let lengths: Vec<_> = title.iter().map(|line| line.text.chars().count()).collect();
    assert_eq!(lengths.len(), 2, "{title:?}");
    assert!(
        lengths[0].abs_diff(lengths[1]) < 4,
        "lines of about the same length: {lengths:?}"
    );
}
