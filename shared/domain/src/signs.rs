//! Signs in the text of an appeal: a first simple version of R-TR-2. The system only suggests and
//! says why; a person decides (人工审核派单, Art. 6(3)).

use chrono::NaiveDate;

use crate::appeal::Subject;
use crate::ids::UnitId;
use crate::registry::{Channel, Registry};
use crate::workflow::words::Ground;

/// Words that speak for a lawful route elsewhere (Art. 11(1)).
const SIGNS: &[(Ground, &[&str])] = &[
    (
        Ground::Emergency119,
        &["着火", "火灾", "起火", "燃气泄漏", "煤气泄漏", "被困"],
    ),
    (
        Ground::Emergency120,
        &[
            "昏迷",
            "大出血",
            "心脏骤停",
            "休克",
            "急救",
            "中毒",
            "想自杀",
            "轻生",
        ],
    ),
    (
        Ground::Emergency110,
        &[
            "抢劫",
            "持刀",
            "绑架",
            "被打伤",
            "正在打人",
            "非法拘禁",
            "报警",
        ],
    ),
    (
        Ground::Emergency122,
        &["车祸", "撞车", "交通事故", "肇事逃逸"],
    ),
    (Ground::Reconsideration, &["行政复议"]),
    (
        Ground::Litigation,
        &["行政诉讼", "已起诉", "法院已立案", "一审", "二审"],
    ),
    (Ground::Arbitration, &["仲裁"]),
    (
        Ground::Discipline,
        &["纪委", "监委", "纪检监察", "受贿", "贪污"],
    ),
    (Ground::Hotline12345, &["12345"]),
    (Ground::Petition, &["信访"]),
    (Ground::EnterpriseTrack, &["接诉即办"]),
];

/// A sign found, with the words that gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sign {
    /// The route it speaks for.
    pub ground: Ground,
    /// The words found.
    pub words: Vec<&'static str>,
}

/// A unit that is likely to be responsible.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LikelyUnit {
    /// The unit.
    pub unit: UnitId,
    /// How strongly: words found, a matching item or area counting more.
    pub score: u32,
    /// What was found.
    pub evidence: Vec<String>,
}

/// What the system suggests to the triage desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Managing unit by channel (R-TR-1).
    pub managing_unit: UnitId,
    /// Emergency and statutory-procedure signs (R-TR-6).
    pub signs: Vec<Sign>,
    /// Likely units, best first, at most three.
    pub units: Vec<LikelyUnit>,
}

/// Signs of an emergency or a statutory procedure in `text` (R-TR-6).
pub fn signs_in(text: &str) -> Vec<Sign> {
    let found = |words: &&'static [&'static str]| -> Vec<&'static str> {
        words
            .iter()
            .copied()
            .filter(|word| text.contains(word))
            .collect()
    };
    let signs = SIGNS.iter().map(|(ground, words)| Sign {
        ground: *ground,
        words: found(words),
    });
    signs.filter(|sign| !sign.words.is_empty()).collect()
}

/// What an appeal says, as far as a suggestion looks at it.
#[derive(Debug, Clone, Copy)]
pub struct Clues<'a> {
    /// Title and text.
    pub text: &'a str,
    /// What it is about.
    pub subject: Subject,
    /// Service item, if named.
    pub service_item: Option<&'a str>,
    /// Area, if named.
    pub area: Option<&'a str>,
}

/// Suggests: managing unit by channel, signs, likely units by the duty list as of `day`.
pub fn suggest(
    registry: &Registry,
    channel: &Channel,
    clues: Clues<'_>,
    day: NaiveDate,
) -> Suggestion {
    let mut units: Vec<LikelyUnit> = Vec::new();
    for duty in registry.duties.iter().filter(|duty| duty.counts_on(day)) {
        let evidence = evidence(duty, clues);
        let score = evidence.iter().map(|(weight, _)| weight).sum();
        if score == 0 {
            continue;
        }
        let evidence = evidence.into_iter().map(|(_, words)| words).collect();
        units.push(LikelyUnit {
            unit: duty.unit.clone(),
            score,
            evidence,
        });
    }
    units.sort_by(|a, b| b.score.cmp(&a.score).then_with(|| a.unit.cmp(&b.unit)));
    units.truncate(3);
    let managing_unit = channel.managing_unit_for(clues.subject).clone();
    Suggestion {
        managing_unit,
        signs: signs_in(clues.text),
        units,
    }
}

fn evidence(duty: &crate::registry::Duty, clues: Clues<'_>) -> Vec<(u32, String)> {
    let mut found: Vec<(u32, String)> = duty
        .words
        .iter()
        .filter(|word| clues.text.contains(word.as_str()))
        .map(|word| (2, format!("文中有“{word}”")))
        .collect();
    if duty.service_item.is_some() && duty.service_item.as_deref() == clues.service_item {
        found.push((5, "事项编码一致".to_owned()));
    }
    if !found.is_empty() && duty.area.is_some() && duty.area.as_deref() == clues.area {
        found.push((1, "区划一致".to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_tr_6_signs_are_found_with_their_words() {
        let found = signs_in("楼下燃气泄漏，已打过12345");
        let grounds: Vec<_> = found
            .iter()
            .map(|sign| (sign.ground, sign.words.clone()))
            .collect();
        assert_eq!(
            grounds,
            [
                (Ground::Emergency119, vec!["燃气泄漏"]),
                (Ground::Hotline12345, vec!["12345"])
            ]
        );
        assert!(signs_in("医保缴费查询不到记录").is_empty());
    }

    #[test]
    fn r_ac_3_a_line_of_the_duty_list_counts_from_its_day() {
        let unit = |id: &str| UnitId::parse(id).unwrap();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let duty = |id: &str, from: Option<&str>| crate::registry::Duty {
            unit: unit(id),
            words: vec!["医保".to_owned()],
            service_item: None,
            area: None,
            effective_on: from.map(day),
        };
        let registry = Registry {
            duties: vec![
                duty("ta-ylbzj", Some("2026-03-02")),
                duty("ta-rsj", None),
                duty("ta-wjw", Some("2026-03-03")),
            ],
            ..Registry::default()
        };
        let channel = Channel {
            code: crate::ids::ChannelCode::parse("mobile").unwrap(),
            name: "移动端".to_owned(),
            managing_unit: unit("ta-bigdata"),
            system_function_unit: None,
        };
        let clues = Clues {
            text: "医保缴费查询不到记录",
            subject: Subject::ServiceItem,
            service_item: None,
            area: None,
        };
        let likely = |on: &str| {
            let units = suggest(&registry, &channel, clues, day(on)).units;
            let units = units.into_iter().map(|likely| likely.unit);
            units.collect::<Vec<_>>()
        };
        assert_eq!(likely("2026-03-01"), [unit("ta-rsj")]);
        assert_eq!(likely("2026-03-02"), [unit("ta-rsj"), unit("ta-ylbzj")]);
        let all = [unit("ta-rsj"), unit("ta-wjw"), unit("ta-ylbzj")];
        assert_eq!(likely("2026-03-03"), all);
    }
}
