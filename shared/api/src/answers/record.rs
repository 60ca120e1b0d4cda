//! Whether a record is the one that was sealed (Art. 9; R-DP-5).

use app::seals::{Checked, Proof};
use chrono::{DateTime, Utc};
use domain::audit::verify::Break;
use domain::ids::hex;
use domain::ticket::Ticket;
use serde::Serialize;

/// The appellant's check.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RecordPage {
    number: String,
    version: u32,
    /// Head of the hash chain now, in hex: who keeps it can hold the record against it later.
    head: String,
    intact: bool,
    sealed_version: u32,
    /// What it means, in words.
    said: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    proof: Option<ProofView>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ProofView {
    version: u32,
    sealed_at: DateTime<Utc>,
    root: String,
    index: usize,
    count: usize,
    path: Vec<String>,
}

/// What the check found.
pub fn record_page(ticket: &Ticket, checked: &Checked) -> RecordPage {
    let verdict = checked.verdict;
    RecordPage {
        number: ticket.number.to_string(),
        version: ticket.version(),
        head: hex(&ticket.chain.0),
        intact: verdict.broken.is_none(),
        sealed_version: verdict.sealed,
        said: said(ticket.version(), checked),
        proof: checked.proof.as_ref().map(proof),
    }
}

fn proof(proof: &Proof) -> ProofView {
    ProofView {
        version: proof.version,
        sealed_at: proof.sealed_at,
        root: proof.root.clone(),
        index: proof.index,
        count: proof.count,
        path: proof.path.clone(),
    }
}

fn said(all: u32, checked: &Checked) -> String {
    let sealed = checked.verdict.sealed;
    let broken = "，请持本页向受理单位的上级管理单位反映。";
    match checked.verdict.broken {
        None if sealed == 0 => {
            format!("办理记录共{all}条，尚未封存；每小时封存一次，请稍后再核对。")
        }
        None if sealed == all => format!("办理记录共{all}条，均已封存，与封存时一致，未被改动。"),
        None => {
            format!(
                "办理记录共{all}条，前{sealed}条已封存，与封存时一致，未被改动；其余将在一小时内封存。"
            )
        }
        Some(Break::Changed { from, to }) if from == to => {
            format!("第{from}条记录与封存时不一致{broken}")
        }
        Some(Break::Changed { from, to }) => {
            format!("第{from}条至第{to}条记录与封存时不一致{broken}")
        }
        Some(Break::Missing(from)) => format!("第{from}条记录已封存，现已缺失{broken}"),
        Some(Break::Head) => format!("记录的校验值与记录不符{broken}"),
    }
}
