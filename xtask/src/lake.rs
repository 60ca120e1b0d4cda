//! The lake's pages: its data dictionary, and its tables in the catalogue of the template.

use std::fmt::Write as _;

use lake::compact::MONTHLY;
use lake::rows::EventRow;
use lake::schema::{Division, Row as _, Table};
use lake::whole::WHOLE;

use crate::root;

/// Where the catalogue stands in the template.
const BEGIN: &str = "  # ---- The lake's tables (cargo xtask catalogue).\n";
const END: &str = "  # ---- The end of the lake's tables.\n";

fn tables() -> impl Iterator<Item = Table> {
    let events = [EventRow::TABLE].into_iter();
    events.chain(MONTHLY).chain(WHOLE)
}

/// 数据字典: every table and column, with its class, in both languages.
pub(crate) fn dictionary() -> String {
    let mut page = String::from(
        "# 数据湖字典 · Data dictionary of the lake\n\n\
         本页由 `cargo xtask lake` 从 `shared/lake/src/rows.rs` 生成，请勿手改。\n\
         Made from the tables in code; files, catalogue and this page follow from them.\n\n\
         入湖前已去标识化：文本为脱敏文本，地点不细于县级，诉求人只有带钥摘要（第十六条）。\n\
         De-identified before it is written: masked texts, places no finer than a county, appellants as keyed digests.\n",
    );
    for table in tables() {
        let division = match table.division {
            Division::Day => "按事件日期 `dt` 分区 · by day of the event",
            Division::Month => "按受理月份 `month` 分区 · by month of acceptance",
            Division::Whole => "不分区 · not divided",
        };
        let _ = write!(
            page,
            "\n## `{}`\n\n{}。{}.\n{division}.\n\n| 列 | 类型 | 必有 | 级别 | 含义 | Meaning |\n|---|---|---|---|---|---|\n",
            table.name, table.zh, table.en
        );
        for column in table.columns {
            let required = if column.is_required { "是" } else { "" };
            let _ = writeln!(
                page,
                "| `{}` | {}（`{}`） | {required} | {} | {} | {} |",
                column.name,
                column.kind.zh(),
                column.kind.catalogue(),
                column.class.zh(),
                column.zh,
                column.en
            );
        }
    }
    page
}

/// The template with the tables as code has them.
pub(crate) fn template() -> Result<String, String> {
    let file = root().join("infra/template.yaml");
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let missing = || "the template has no place for the lake's tables".to_owned();
    let (before, rest) = text.split_once(BEGIN).ok_or_else(missing)?;
    let (_, after) = rest.split_once(END).ok_or_else(missing)?;
    let mut made = format!("{before}{BEGIN}");
    for table in tables() {
        made.push_str(&entry(&table));
    }
    made.push('\n');
    Ok(made + END + after)
}

/// `Lake` and the table's name as one word.
fn resource(table: &Table) -> String {
    let words = table.name.split('_');
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    format!("Lake{}Table", words.map(capital).collect::<String>())
}

/// A table as Glue wants it. The files of those that are made anew are named by manifests, so that one
/// write of one object switches a partition; events lie in their folders.
fn entry(table: &Table) -> String {
    let name = table.name;
    let (folder, input, output) = match table.division {
        Division::Day => (
            "events".to_owned(),
            "parquet.MapredParquetInputFormat",
            "parquet.MapredParquetOutputFormat",
        ),
        Division::Month | Division::Whole => (
            format!("catalogue/{name}"),
            "SymlinkTextInputFormat",
            "HiveIgnoreKeyTextOutputFormat",
        ),
    };
    let mut text = format!(
        "\n  {}:\n    Type: AWS::Glue::Table\n    Properties:\n      CatalogId: !Ref AWS::AccountId\n      \
         DatabaseName: !Ref LakeDatabase\n      TableInput:\n        Name: {name}\n        \
         Description: \"{}\"\n        TableType: EXTERNAL_TABLE\n        Parameters:\n          \
         EXTERNAL: \"TRUE\"\n",
        resource(table),
        table.en
    );
    let projection = match table.division {
        Division::Day => Some(("dt", "yyyy-MM-dd", "2026-01-01", "DAYS")),
        Division::Month => Some(("month", "yyyy-MM", "2026-01", "MONTHS")),
        Division::Whole => None,
    };
    if let Some((column, format, first, unit)) = projection {
        let _ = write!(
            text,
            "          projection.enabled: \"true\"\n          projection.{column}.type: date\n          \
             projection.{column}.format: {format}\n          projection.{column}.range: \"{first},NOW\"\n          \
             projection.{column}.interval: \"1\"\n          projection.{column}.interval.unit: {unit}\n          \
             storage.location.template: !Sub \"s3://${{LakeBucket}}/{folder}/{column}=${{!{column}}}/\"\n        \
             PartitionKeys: [{{ Name: {column}, Type: string }}]\n"
        );
    }
    let _ = write!(
        text,
        "        StorageDescriptor:\n          Location: !Sub \"s3://${{LakeBucket}}/{folder}/\"\n          \
         InputFormat: org.apache.hadoop.hive.ql.io.{input}\n          \
         OutputFormat: org.apache.hadoop.hive.ql.io.{output}\n          \
         SerdeInfo: {{ SerializationLibrary: org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe }}\n          \
         Columns:\n"
    );
    for column in table.columns {
        let _ = writeln!(
            text,
            "            - {{ Name: {}, Type: {}, Comment: \"{}\" }}",
            column.name,
            column.kind.catalogue(),
            column.en
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use domain::export::DataClass;

    use super::*;

    #[test]
    fn art_16_no_column_of_the_lake_is_about_a_person() {
        for table in tables() {
            for column in table.columns {
                assert!(
                    column.class < DataClass::Personal,
                    "{}.{}",
                    table.name,
                    column.name
                );
            }
        }
    }
}
