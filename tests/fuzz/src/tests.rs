//! The bodies on samples of the contract, of the events and of real files, damaged at random.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// Samples longer than this would only make the run slow.
const LONGEST: usize = 16_384;

const TABLES: [&str; 5] = [
    "id,name,kind,parent,area\nta-bigdata,测试大数据局,city_managing,,370900\n",
    "id,name,unit,roles,contact\nta-ylbzj-liaison,测试甲,ta-ylbzj,liaison,\n",
    "unit,words,service_item,area,effective_on\nta-ylbzj,医保；报销,,,2026-12-01\n",
    "code,name,unit\n370900-ylbz-001,参保,ta-ylbzj\n",
    "code,name,managing_unit\npc,PC端,ta-bigdata\n",
];

const OWN: [&str; 10] = [
    "TA2611249E0RZ7SKM",
    "TA261124-9E0RZ7SK-M",
    "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.AAAA",
    "eyJhbGciOiJub25lIiwia2lkIjoiMSJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIn0.",
    "POST\n/appeals\na=1&b=%E4%B8%AD\nnonce-nonce-nonce\nkey-00000001\nv1=00ff",
    "我叫测试甲，身份证370902198706050213，电话13877770001，住岱宗大街778号3号楼2单元501室。",
    "外部编号,诉求类型,诉求对象,诉求内容,诉求人类型,姓名或名称,答复方式\n1,求助,服务事项,无法查询。,个人,测试甲,电话\n",
    r#"{"form":1,"sealedAt":"2026-11-24T02:00:00Z","root":"00","leaves":[["TA2611249E0RZ7SKM",1,"00"]]}"#,
    r#"{"level":1,"solved":false,"words":"没有解决"}"#,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
];

fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let each = |path: PathBuf| {
        if path.is_dir() {
            below(&path)
        } else {
            vec![path]
        }
    };
    let mut all: Vec<_> = entries.flat_map(|it| each(it.unwrap().path())).collect();
    all.sort();
    all
}

/// What the samples of the functions have as their bodies, real files, and some of our own.
static SAMPLES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../events");
    let mut samples: Vec<_> = OWN
        .iter()
        .chain(&TABLES)
        .map(|it| it.as_bytes().to_vec())
        .collect();
    for path in below(&root) {
        let bytes = fs::read(&path).unwrap();
        let event = serde_json::from_slice::<serde_json::Value>(&bytes).ok();
        let body = event.and_then(|event| Some(event.get("body")?.as_str()?.as_bytes().to_vec()));
        samples.push(body.unwrap_or(bytes));
    }
    samples.retain(|sample| sample.len() <= LONGEST);
    assert!(samples.len() > 60, "{}", samples.len());
    samples
});

/// One thing that happens to a sample.
#[derive(Debug, Clone)]
enum Damage {
    Sets(Index, u8),
    Cuts(Index),
    Doubles(Index, Index),
    Inserts(Index, String),
    Nests(u8, u16),
}

fn damage() -> impl Strategy<Value = Damage> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Damage::Sets(at, byte)),
        any::<Index>().prop_map(Damage::Cuts),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Damage::Doubles(from, to)),
        (
            any::<Index>(),
            "\\PC{0,12}|[0-9]{10,20}|[\"',;\\r\\n|=&%]{1,3}"
        )
            .prop_map(|(at, text)| Damage::Inserts(at, text)),
        (any::<u8>(), 0..2000_u16).prop_map(|(kind, depth)| Damage::Nests(kind, depth)),
    ]
}

fn suffer(bytes: &mut Vec<u8>, damage: &Damage) {
    let length = bytes.len();
    match damage {
        Damage::Inserts(at, text) => {
            let at = at.index(length + 1);
            bytes.splice(at..at, text.bytes());
        }
        Damage::Nests(kind, depth) => {
            let (open, close) = if kind % 2 == 0 {
                ("[", "]")
            } else {
                ("{\"a\":", "}")
            };
            let depth = usize::from(*depth);
            let inner = String::from_utf8_lossy(bytes).into_owned();
            *bytes = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth)).into();
        }
        _ if length == 0 => {}
        Damage::Sets(at, byte) => bytes[at.index(length)] = *byte,
        Damage::Cuts(at) => bytes.truncate(at.index(length)),
        Damage::Doubles(from, to) => {
            let (from, to) = (from.index(length), to.index(length));
            let piece = bytes[from.min(to)..from.max(to)].to_vec();
            bytes.splice(to..to, piece);
        }
    }
}

#[test]
fn every_sample_goes_through_every_body() {
    for sample in SAMPLES.iter() {
        for (_, body) in BODIES {
            body(sample);
        }
    }
}

/// The samples get past the doors of what they are for, so that what lies behind is tried as well.
#[test]
fn the_samples_are_taken() {
    for (part, table) in Part::ALL.into_iter().zip(TABLES) {
        let taken = import(part, &small_registry(), table.as_bytes());
        assert!(taken.is_ok(), "{part:?}: {taken:?}");
    }
    let is = |taken: fn(&[u8]) -> bool| SAMPLES.iter().any(|sample| taken(sample));
    assert!(is(|it| form::parse::<form::AppealBody>(it).is_ok()));
    assert!(is(|it| form::parse::<form::CloseBody>(it).is_ok()));
    assert!(is(|it| appeals(it).is_ok_and(|rows| !rows.is_empty())));
    assert!(is(|it| identify(it).is_ok()));
    assert!(is(
        |it| TicketNumber::parse(&String::from_utf8_lossy(it)).is_ok()
    ));
}

/// Each body has its target for `cargo fuzz`, and no target is of another.
#[test]
fn every_body_has_its_target() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("targets/fuzz_targets");
    let targets: Vec<_> = below(&folder)
        .iter()
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect();
    let mut names: Vec<_> = BODIES.iter().map(|(name, _)| (*name).to_owned()).collect();
    names.sort();
    assert_eq!(targets, names);
    let manifest = fs::read_to_string(folder.join("../Cargo.toml")).unwrap();
    for name in names {
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn art_16_no_damage_of_a_sample_makes_a_parser_panic(
        sample in any::<Index>(),
        damages in proptest::collection::vec(damage(), 1..6),
    ) {
        let mut bytes = SAMPLES[sample.index(SAMPLES.len())].clone();
        for damage in &damages {
            suffer(&mut bytes, damage);
        }
        for (_, body) in BODIES {
            body(&bytes);
        }
    }

    #[test]
    fn art_16_no_bytes_make_a_parser_panic(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        text in "\\PC{0,200}",
    ) {
        for (_, body) in BODIES {
            body(&bytes);
            body(text.as_bytes());
        }
    }
}
