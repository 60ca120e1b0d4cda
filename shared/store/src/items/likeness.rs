//! Titles and candidates as JSON: what is compared, and what is proposed (R-AN-3).

use app::AppError;
use chrono::{DateTime, Utc};
use domain::ids::{InvalidId, UnitId};
use domain::problem_group::{Candidate, Like, ProblemGroupId, Title};
use domain::ticket::TicketNumber;
use serde::{Deserialize, Serialize};

use crate::table::broken;

/// Number, milliseconds, area, service item, county, words.
#[derive(Serialize, Deserialize)]
struct TitleJson(
    String,
    i64,
    Option<String>,
    Option<String>,
    Option<String>,
    String,
);

#[derive(Serialize, Deserialize)]
struct CandidateJson {
    first: String,
    words: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    area: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    item: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    group: Option<String>,
    size: usize,
    tickets: Vec<(String, u8, Option<String>)>,
}

/// A county, if there is one.
fn county(id: Option<String>) -> Result<Option<UnitId>, InvalidId> {
    id.map(|id| UnitId::parse(&id)).transpose()
}

/// Titles as JSON.
pub(crate) fn titles(titles: &[Title]) -> Result<Vec<u8>, AppError> {
    let lines = titles.iter().map(|title| {
        TitleJson(
            title.number.to_string(),
            title.received_at.timestamp_millis(),
            title.area.clone(),
            title.service_item.clone(),
            title.county.as_ref().map(ToString::to_string),
            title.words.clone(),
        )
    });
    serde_json::to_vec(&lines.collect::<Vec<_>>()).map_err(broken)
}

/// Reads titles; none where they are not titles.
pub(crate) fn read_titles(json: &[u8]) -> Option<Vec<Title>> {
    let lines: Vec<TitleJson> = serde_json::from_slice(json).ok()?;
    let lines = lines.into_iter().map(|line| {
        Some(Title {
            number: TicketNumber::parse(&line.0).ok()?,
            received_at: DateTime::<Utc>::from_timestamp_millis(line.1)?,
            area: line.2,
            service_item: line.3,
            county: county(line.4).ok()?,
            words: line.5,
        })
    });
    lines.collect()
}

/// Candidates as JSON.
pub(crate) fn candidates(found: &[Candidate]) -> Result<Vec<u8>, AppError> {
    let lines = found.iter().map(|candidate| {
        let tickets = candidate.tickets.iter();
        CandidateJson {
            first: candidate.first.to_string(),
            words: candidate.words.clone(),
            area: candidate.area.clone(),
            item: candidate.service_item.clone(),
            group: candidate.group.as_ref().map(ToString::to_string),
            size: candidate.size,
            tickets: tickets
                .map(|like| {
                    let county = like.county.as_ref().map(ToString::to_string);
                    (like.number.to_string(), like.likeness, county)
                })
                .collect(),
        }
    });
    serde_json::to_vec(&lines.collect::<Vec<_>>()).map_err(broken)
}

/// Reads candidates; none where they are not candidates.
pub(crate) fn read_candidates(json: &[u8]) -> Option<Vec<Candidate>> {
    let lines: Vec<CandidateJson> = serde_json::from_slice(json).ok()?;
    let lines = lines.into_iter().map(|line| {
        let tickets = line.tickets.into_iter().map(|(number, likeness, of)| {
            Some(Like {
                number: TicketNumber::parse(&number).ok()?,
                likeness,
                county: county(of).ok()?,
            })
        });
        let group = line.group.map(|id| ProblemGroupId::parse(&id).ok_or(()));
        Some(Candidate {
            first: TicketNumber::parse(&line.first).ok()?,
            words: line.words,
            area: line.area,
            service_item: line.item,
            group: group.transpose().ok()?,
            size: line.size,
            tickets: tickets.collect::<Option<_>>()?,
        })
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r_an_3_titles_and_candidates_are_read_as_they_were_written() {
        let number = TicketNumber::parse("TA26112428T5CY4TZ").unwrap();
        let at: DateTime<Utc> = "2026-03-02T01:00:00Z".parse().unwrap();
        let title = Title {
            number: number.clone(),
            received_at: at,
            area: Some("370902".to_owned()),
            service_item: None,
            county: UnitId::parse("taishan-bigdata").ok(),
            words: "缴费后查不到记录".to_owned(),
        };
        let both = [
            title.clone(),
            Title {
                area: None,
                county: None,
                service_item: Some("11370900".to_owned()),
                ..title
            },
        ];
        let json = titles(&both).unwrap();
        assert_eq!(read_titles(&json).unwrap(), both);
        let candidate = Candidate {
            first: number.clone(),
            words: "缴费后查不到记录".to_owned(),
            area: None,
            service_item: Some("11370900".to_owned()),
            group: Some(ProblemGroupId::new(at, b"group")),
            size: 1,
            tickets: vec![Like {
                number,
                likeness: 87,
                county: UnitId::parse("taishan-bigdata").ok(),
            }],
        };
        let json = candidates(std::slice::from_ref(&candidate)).unwrap();
        assert_eq!(read_candidates(&json).unwrap(), [candidate]);
        assert!(read_titles(&json).is_none() && read_candidates(b"[1]").is_none());
    }
}
