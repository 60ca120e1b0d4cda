//! The workflow's table and the statutory words as JSON, for the pages: they know no rule and no
//! term by themselves (R-UX-1).

use std::fmt::Write as _;

use domain::workflow::rules::{RULES, To};
use domain::workflow::words::{self, Need, Role, State};
use domain::{
    accountability, answer, appeal, export, knowledge, problem_group, registry, supervision, ticket,
};

macro_rules! vocabularies {
    ($($name:literal $kind:ty),+ $(,)?) => {
        [$(($name, <$kind>::ALL.iter().map(|it| (it.code(), it.zh())).collect::<Vec<_>>())),+]
    };
}

/// `web/src/generated/workflow.json`.
pub(crate) fn workflow() -> String {
    let classes = export::Column::ALL.iter();
    let classes = classes.map(|it| format!("\"{}\": \"{}\"", it.code(), it.class().code()));
    let classes = classes.collect::<Vec<_>>().join(", ");
    let (words, rules) = (words(), rules());
    format!(
        "{{\n  \"words\": {{\n{words}\n  }},\n  \"columnClasses\": {{ {classes} }},\n  \"rules\": [\n{rules}\n  ]\n}}\n"
    )
}

fn words() -> String {
    let vocabularies = vocabularies![
        "State" State,
        "Role" Role,
        "Action" words::Action,
        "Need" Need,
        "Clock" words::Clock,
        "LockGround" words::LockGround,
        "ReturnReason" words::ReturnReason,
        "JointCause" words::JointCause,
        "Ground" words::Ground,
        "Purpose" words::Purpose,
        "ErasureGround" words::ErasureGround,
        "DrawGround" words::DrawGround,
        "RatedAspect" words::RatedAspect,
        "RatingFinding" words::RatingFinding,
        "ContactWay" words::ContactWay,
        "ContactOutcome" words::ContactOutcome,
        "Task" ticket::Task,
        "Kind" appeal::Kind,
        "Subject" appeal::Subject,
        "AppellantKind" appeal::AppellantKind,
        "ReplyWay" appeal::ReplyWay,
        "Outcome" answer::Outcome,
        "Trigger" supervision::Trigger,
        "Method" supervision::Method,
        "UnitKind" registry::UnitKind,
        "Gap" registry::Gap,
        "DataClass" export::DataClass,
        "ExportColumn" export::Column,
        "ExportStanding" export::Standing,
        "EntryKind" knowledge::EntryKind,
        "EntryStanding" knowledge::Standing,
        "Stale" knowledge::Stale,
        "NoticeCause" knowledge::NoticeCause,
        "Conduct" accountability::Conduct,
        "AccountabilityOutcome" accountability::Outcome,
        "GroupStage" problem_group::Stage,
    ];
    let vocabularies = vocabularies.iter().map(|(name, pairs)| {
        let pairs = pairs
            .iter()
            .map(|(code, zh)| format!("\"{code}\": \"{zh}\""));
        format!(
            "    \"{name}\": {{ {} }}",
            pairs.collect::<Vec<_>>().join(", ")
        )
    });
    vocabularies.collect::<Vec<_>>().join(",\n")
}

fn rules() -> String {
    let rules = RULES.iter().map(|row| {
        let to = match row.to {
            To::Same => "same",
            To::Go(state) => state.code(),
            To::Back => "back",
        };
        let mut line = String::new();
        let _ = write!(
            line,
            "    {{ \"action\": \"{}\", \"article\": \"{}\", \"by\": {}, \"at\": \"{}\", \"from\": {}, \"to\": \"{to}\", \"needs\": {} }}",
            row.action.code(),
            row.article,
            codes(row.by, Role::code),
            row.at.zh(),
            codes(row.from, State::code),
            codes(row.needs, Need::code),
        );
        line
    });
    rules.collect::<Vec<_>>().join(",\n")
}

fn codes<T: Copy>(list: &[T], code: fn(T) -> &'static str) -> String {
    let quoted: Vec<_> = list
        .iter()
        .map(|each| format!("\"{}\"", code(*each)))
        .collect();
    format!("[{}]", quoted.join(", "))
}
