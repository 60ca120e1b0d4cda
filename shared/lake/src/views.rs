//! The lake for engines without a catalogue: views over the files that count.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::names::{EVENTS, Part};
use crate::state::State;

/// A DuckDB script: one view a table, of the files that count by these states; and `events`, all that
/// ever came. `location` is where the objects are: a folder, or `s3://<bucket>`.
pub fn duckdb(states: &BTreeMap<Part, State>, location: &str) -> String {
    let mut files = BTreeMap::<&str, Vec<String>>::new();
    for (part, state) in states {
        for (table, its) in &state.tables {
            // A month in the path is a column; a generation is none of anybody's business.
            let of = files.entry(table.as_str()).or_default();
            let month = match part {
                Part::Of(month) => format!("'{month}' AS month"),
                Part::Whole => String::new(),
            };
            let names = its.names().map(|name| format!("'{location}/{name}'"));
            let names: Vec<_> = names.collect();
            let month = if month.is_empty() {
                month
            } else {
                format!(", {month}")
            };
            of.push(format!(
                "SELECT *{month} FROM read_parquet([{}])",
                names.join(", ")
            ));
        }
    }
    let mut script = String::new();
    for (table, selects) in files {
        let selects = selects.join("\n  UNION ALL ");
        let _ = writeln!(script, "CREATE OR REPLACE VIEW {table} AS\n  {selects};");
    }
    let _ = writeln!(
        script,
        "CREATE OR REPLACE VIEW events AS\n  SELECT * FROM read_parquet('{location}/{EVENTS}*/*.parquet', hive_partitioning = true);"
    );
    script
}
