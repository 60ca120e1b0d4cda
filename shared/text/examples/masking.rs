//! How fast texts are masked, as a ratio to reading their characters: `cargo run --release -p text
//! --example masking`. Nine in ten texts hold personal data of some kind.

#![expect(clippy::print_stdout, reason = "prints its figures")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use text::masking::{Known, mask};

const TEXTS: usize = 40_000;
const RUNS: usize = 5;

const OPENINGS: [&str; 4] = [
    "我叫王小明，家住泰山区岱宗大街5号3号楼2单元501室。",
    "本人于2026年3月2日在窗口办理业务，",
    "联系电话13800000000，请尽快回复。",
    "车牌鲁J·A0000，身份证370902190001010012。",
];
const MIDDLES: [&str; 5] = [
    "在手机端缴纳城乡居民医保，扣款成功，至今查询不到缴费记录，多次拨打0538-6991234无人接听。",
    "办事指南与窗口说法不一致，往返三次仍未办成，经办的张先生让我再等等。",
    "自助端打印社保证明时缺一页，工作人员称系统升级，请核实并告知何时恢复。",
    "小区门口路灯不亮已有两周，物业称不归其管理，老人夜间出行不便。",
    "租房提取住房公积金，退款至卡号6222020000000000000，一直没有到账。",
];
const ENDINGS: [&str; 3] = [
    "请予以答复，谢谢。",
    "如不解决将继续反映，邮箱zhang.san@example.com。",
    "希望完善流程，减少群众跑腿次数。",
];

/// Texts of the length that appeals have, in a fixed order of their parts.
fn texts() -> Vec<String> {
    let pick = |parts: &[&str], index: usize| {
        parts
            .iter()
            .cycle()
            .nth(index)
            .map_or_else(String::new, |part| (*part).to_owned())
    };
    (0..TEXTS)
        .map(|index| {
            let middle = pick(&MIDDLES, index % 5) + &pick(&MIDDLES, index / 5 % 5);
            pick(&OPENINGS, index % 4) + &middle + &pick(&ENDINGS, index % 3)
        })
        .collect()
}

/// The least of several runs: what the work itself takes.
fn least(work: impl Fn()) -> Duration {
    let runs = (0..RUNS).map(|_| {
        let began = Instant::now();
        work();
        began.elapsed()
    });
    runs.min().unwrap_or_default()
}

fn main() {
    let texts = texts();
    let bytes: usize = texts.iter().map(String::len).sum();
    let known = Known::default().names(["王小明"]);
    let floor = least(|| {
        for text in &texts {
            black_box(
                text.chars()
                    .fold(0_u32, |sum, each| sum.wrapping_add(u32::from(each))),
            );
        }
    });
    let masking = least(|| {
        for text in &texts {
            black_box(mask(text, &known));
        }
    });
    let found: usize = texts
        .iter()
        .map(|text| mask(text, &known).found.values().sum::<usize>())
        .sum();
    let (floor, masking) = (floor.as_secs_f64(), masking.as_secs_f64());
    let bytes = u32::try_from(bytes).map_or(0.0, f64::from);
    println!(
        "{TEXTS} texts, {:.1} MB, {found} places masked",
        bytes / 1e6
    );
    println!("reading the characters  {:8.1} MB/s", bytes / 1e6 / floor);
    println!(
        "masking                 {:8.1} MB/s, {:.1} times the floor",
        bytes / 1e6 / masking,
        masking / floor
    );
}
