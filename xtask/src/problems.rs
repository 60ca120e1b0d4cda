//! `docs/problems.md`: every problem of `api::problem::Code`, under a heading that is its code.

use std::fmt::Write as _;

use api::problem::Code;
use domain::workflow::rules::RULES;
use domain::workflow::words::Role;

/// The whole page.
pub(crate) fn page() -> String {
    let mut page = String::from(
        "# Problems\n\n\
         Made by `cargo xtask problems` from `shared/api/src/problem/catalogue.rs`; do not edit.\n\n\
         Whatever is refused or fails is answered with `application/problem+json` (RFC 9457).\n\
         Its `type` is `/problems/<code>`, and `#<code>` is the section here; a code never changes.\n\
         `title` and `detail` are Chinese and can be shown to people as they are; `errors` lists each wrong field with its `pointer`; `traceId` finds the log.\n\n\
         | Code | Status | Title |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let (name, status, title) = (code.as_str(), code.status(), code.title());
        let _ = writeln!(page, "| [`{name}`](#{name}) | {status} | {title} |");
    }
    for code in Code::ALL {
        section(&mut page, *code);
    }
    page
}

fn section(page: &mut String, code: Code) {
    let (name, status, title) = (code.as_str(), code.status(), code.title());
    let _ = write!(page, "\n## {name}\n\n{status} {title}\n\n");
    let _ = writeln!(page, "- When: {}", code.when());
    let _ = writeln!(page, "- Caller: {}", code.caller());
    if let Some(detail) = code.detail() {
        let _ = writeln!(page, "- `detail`: {detail}");
    }
    if code == Code::Incomplete {
        page.push_str("- `article`: of the action's row in [the workflow](workflow.md):\n\n");
        requirements(page);
    }
}

/// What each action of people requires, under its article.
fn requirements(page: &mut String) {
    page.push_str("| `article` | 动作 | 须具备 |\n|---|---|---|\n");
    let asked = RULES.iter().filter(|row| row.by != [Role::System]);
    for row in asked.filter(|row| !row.needs.is_empty()) {
        let needs: Vec<_> = row.needs.iter().map(|need| need.zh()).collect();
        let (article, action, needs) = (row.article, row.action.zh(), needs.join("、"));
        let _ = writeln!(page, "| {article} | {action} | {needs} |");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use api::problem::Code;

    use crate::read;

    /// What follows each `mark`, up to `end`.
    fn found(text: &str, mark: &str, end: char) -> BTreeSet<String> {
        let parts = text.split(mark).skip(1);
        let codes = parts.filter_map(|part| part.split(end).next());
        codes.map(str::to_owned).collect()
    }

    fn catalogue() -> BTreeSet<String> {
        let codes = Code::ALL.iter().map(|code| code.as_str().to_owned());
        codes.collect()
    }

    #[test]
    fn r_ux_2_no_code_stands_twice() {
        assert_eq!(catalogue().len(), Code::ALL.len());
    }

    #[test]
    fn r_ux_2_the_contract_lists_every_code_with_an_example_and_no_other() {
        let contract = read("infra/openapi.yaml");
        let (_, listed) = contract.split_once("\n    ProblemCode:").unwrap();
        let listed = listed.split(['[', ']']).nth(1).unwrap();
        let listed: BTreeSet<_> = listed.split(", ").map(str::to_owned).collect();
        assert_eq!(listed, catalogue());
        let examples = contract.split("type: /problems/").skip(1);
        let code = |part: &str| part.split([',', '\n']).next().map(str::to_owned);
        assert_eq!(examples.filter_map(code).collect::<BTreeSet<_>>(), listed);
    }

    #[test]
    fn r_ux_2_front_doors_answer_with_codes_of_the_catalogue() {
        let cloud = found(&read("infra/template.yaml"), "\"type\":\"/problems/", '"');
        let laptop = found(&read("local/src/gateway/problem.rs"), "code: \"", '"');
        for codes in [cloud, laptop] {
            assert!(codes.len() > 3, "{codes:?}");
            assert!(codes.is_subset(&catalogue()), "{codes:?}");
        }
    }
}
