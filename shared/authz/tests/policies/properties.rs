//! What holds of every request.

use authz::groups;
use cedar_policy::{PolicySet, RequestEnv, ResourceConstraint};
use domain::workflow::words::Action;

use super::solver::{erring, policies, refute, schema, set, without};

/// Something that holds: of the requests that `applies` names, only those are allowed that the
/// claim would allow.
struct Property {
    name: &'static str,
    applies: fn(&RequestEnv) -> bool,
    claim: &'static str,
}

fn is_officer_on_ticket(environment: &RequestEnv) -> bool {
    let (who, what) = (environment.principal(), environment.resource());
    who.to_string() == "Officer" && what.to_string() == "Ticket"
}

fn is(environment: &RequestEnv, actions: &[&str]) -> bool {
    actions.contains(&environment.action().id().unescaped())
}

/// Whether a unit's wish or work is decided on.
fn decides(environment: &RequestEnv) -> bool {
    let action = Action::from_code(environment.action().id().unescaped());
    action.is_some_and(|action| groups(action).contains(&"decision".to_owned()))
}

const EXPORTING: &[&str] = &["askExport", "decideExport", "downloadExport"];

/// On a record of accountability.
const ACCOUNTING: &[&str] = &[
    "openAccountability",
    "readAccountability",
    "decideAccountability",
];

/// On a case of supervision.
const SUPERVISING: &[&str] = &["openCase", "readCase", "superviseCase", "answerCase"];

fn accounts(environment: &RequestEnv) -> bool {
    is(environment, ACCOUNTING) || is(environment, &["listAccountability"])
}

const PROPERTIES: &[Property] = &[
    Property {
        name: "art_16_an_analyst_reaches_no_ticket_whatever_other_roles_they_hold",
        applies: is_officer_on_ticket,
        claim: r#"permit (principal is Officer, action, resource)
            unless { principal.holds.contains(Role::"analyst") };"#,
    },
    Property {
        // Gathering shows kind and time and no content, and has a property of its own.
        name: "art_16_a_ticket_is_for_its_units_and_the_auditor",
        applies: |it| is_officer_on_ticket(it) && !is(it, &["gatherTicket"]),
        claim: r#"permit (principal is Officer, action, resource is Ticket) when {
            resource.managing == principal.unit ||
            resource.participants.contains(principal.unit) ||
            (resource has county && resource.county == principal.unit) ||
            (resource has caller && resource.caller == principal.unit) ||
            principal in Role::"auditor"
        };"#,
    },
    Property {
        name: "art_16_every_unmasked_read_has_a_purpose_several_factors_and_the_readers_own_unit",
        applies: |it| is(it, &["reveal"]),
        claim: r"permit (principal is Officer, action, resource is Ticket) when {
            context has purpose && principal.mfa &&
            (resource.managing == principal.unit ||
            resource.participants.contains(principal.unit) ||
            (resource has county && resource.county == principal.unit) ||
            (resource has caller && resource.caller == principal.unit))
        };",
    },
    Property {
        name: "art_16_units_look_to_handle",
        applies: |it| is(it, &["reveal"]),
        claim: r#"permit (principal is Officer, action, resource is Ticket) when {
            context has purpose && ["contact", "verify", "deliver"].contains(context.purpose)
        } ;
        permit (principal is Officer, action, resource is Ticket)
        unless { principal in Role::"liaison" };"#,
    },
    Property {
        name: "art_16_who_calls_back_looks_to_call",
        applies: |it| is(it, &["reveal"]),
        claim: r#"permit (principal is Officer, action, resource is Ticket)
            when { context has purpose && context.purpose == "call_back" };
        permit (principal is Officer, action, resource is Ticket)
            unless { principal in Role::"callback_agent" };"#,
    },
    Property {
        name: "art_14_a_unit_calls_back_none_of_its_own_tickets",
        applies: |it| is(it, &["try_callback", "complete_callback"]),
        claim: r"permit (principal is Officer, action, resource is Ticket) when {
            resource has caller && resource.caller == principal.unit &&
            resource.holder != principal.unit &&
            !resource.participants.contains(principal.unit)
        };",
    },
    Property {
        name: "art_11_2_locked_content_is_for_the_few",
        applies: |it| is(it, &["readContent", "reveal", "draftFromTicket"]),
        claim: r#"permit (principal, action, resource is Ticket) when {
            !resource.isLocked || principal in Role::"city_manager" || principal in Role::"auditor"
        };"#,
    },
    Property {
        name: "art_12_no_unit_decides_on_its_own_wishes",
        applies: decides,
        claim: r"permit (principal is Officer, action, resource is Ticket)
            unless { principal.unit == resource.holder };",
    },
    Property {
        name: "art_12_who_asked_does_not_decide",
        applies: decides,
        claim: r"permit (principal is Officer, action, resource is Ticket)
            unless { resource has askedBy && resource.askedBy == principal };",
    },
    Property {
        name: "art_16_the_citys_managers_alone_erase_and_with_several_factors",
        applies: |it| is(it, &["erase"]),
        claim: r#"permit (principal is Officer in Role::"city_manager", action, resource is Ticket)
            when { principal.mfa && principal.unit == resource.managing };"#,
    },
    Property {
        name: "art_16_nobody_exports_what_is_not_masked",
        applies: |it| is(it, EXPORTING),
        claim: r"permit (principal, action, resource is Export) when { resource.isMasked };",
    },
    Property {
        name: "art_16_nobody_decides_on_an_export_of_their_own",
        applies: |it| is(it, &["decideExport"]),
        claim: r"permit (principal, action, resource is Export)
            unless { principal == resource.askedBy };",
    },
    Property {
        name: "art_16_exports_take_several_factors",
        applies: |it| is(it, EXPORTING),
        claim: r"permit (principal is Officer, action, resource) when { principal.mfa };",
    },
    Property {
        name: "art_16_who_asked_takes_it_out_and_nobody_else",
        applies: |it| is(it, &["downloadExport"]),
        claim: r"permit (principal is Officer, action, resource is Export)
            when { principal == resource.askedBy && principal.unit == resource.askedIn };",
    },
    Property {
        name: "art_19_who_opened_a_record_does_not_decide",
        applies: |it| is(it, &["decideAccountability"]),
        claim: r"permit (principal, action, resource is AccountabilityRecord)
            unless { principal == resource.openedBy };",
    },
    Property {
        name: "art_19_nobody_reaches_a_record_about_themselves",
        applies: |it| is(it, ACCOUNTING),
        claim: r"permit (principal, action, resource is AccountabilityRecord)
            unless { resource has officer && resource.officer == principal };",
    },
    Property {
        name: "art_19_nobody_reaches_a_record_about_their_own_unit",
        applies: |it| is(it, ACCOUNTING),
        claim: r"permit (principal is Officer, action, resource is AccountabilityRecord)
            unless { principal.unit == resource.unit };",
    },
    Property {
        name: "art_19_accountability_is_for_city_managers_and_read_by_auditors",
        applies: accounts,
        claim: r#"permit (principal in Role::"city_manager", action, resource);
        permit (
            principal in Role::"auditor",
            action in [Action::"readAccountability", Action::"listAccountability"],
            resource
        );"#,
    },
    Property {
        name: "art_19_an_analyst_sees_no_accountability_whatever_other_roles_they_hold",
        applies: accounts,
        claim: r#"permit (principal is Officer, action, resource)
            unless { principal.holds.contains(Role::"analyst") };"#,
    },
    Property {
        name: "art_17_no_unit_supervises_itself",
        applies: |it| is(it, &["openCase", "superviseCase"]),
        claim: r"permit (principal is Officer, action, resource is SupervisionCase) when {
            principal.unit == resource.supervisor && principal.unit != resource.unit
        };",
    },
    Property {
        name: "art_17_a_case_is_for_its_two_units_and_the_auditor",
        applies: |it| is(it, SUPERVISING),
        claim: r#"permit (principal is Officer, action, resource is SupervisionCase) when {
            principal.unit == resource.supervisor || principal.unit == resource.unit
        };
        permit (
            principal in Role::"auditor", action == Action::"readCase", resource is SupervisionCase
        );"#,
    },
    Property {
        name: "art_17_an_analyst_sees_no_case_whatever_other_roles_they_hold",
        applies: |it| is(it, SUPERVISING) || is(it, &["listCases"]),
        claim: r#"permit (principal is Officer, action, resource)
            unless { principal.holds.contains(Role::"analyst") };"#,
    },
    Property {
        name: "art_15_the_managing_unit_alone_confirms_and_verifies",
        applies: |it| is(it, &["openGroup", "manageGroup"]),
        claim: r"permit (principal is Officer, action, resource is ProblemGroup) when {
            principal.unit == resource.managedBy
        };",
    },
    Property {
        name: "art_7_2_a_county_gathers_what_it_has",
        applies: |it| is(it, &["gatherTicket"]),
        claim: r#"permit (principal is Officer, action, resource is Ticket) when {
            principal in Role::"triage_officer" || principal in Role::"city_manager" ||
            resource.participants.contains(principal.unit) ||
            (resource has county && resource.county == principal.unit)
        };"#,
    },
    Property {
        name: "art_8_5_a_problem_is_for_its_two_units_and_the_auditor",
        applies: |it| {
            is(
                it,
                &["openGroup", "readGroup", "manageGroup", "rectifyGroup"],
            )
        },
        claim: r#"permit (principal is Officer, action, resource is ProblemGroup) when {
            principal.unit == resource.managedBy || principal.unit == resource.unit
        };
        permit (
            principal in Role::"auditor", action == Action::"readGroup", resource is ProblemGroup
        );"#,
    },
    Property {
        name: "art_6_4_who_wrote_a_draft_does_not_review_it",
        applies: |it| is(it, &["reviewKnowledge"]),
        claim: r"permit (principal, action, resource is KnowledgeEntry)
            unless { resource has draftedBy && resource.draftedBy == principal };",
    },
    Property {
        name: "art_7_3_reviewers_of_the_managing_units_alone_review",
        applies: |it| is(it, &["reviewKnowledge"]),
        claim: r#"permit (
            principal is Officer in Role::"knowledge_reviewer", action, resource is KnowledgeEntry
        ) when { resource.reviewedBy.contains(principal.unit) };"#,
    },
    Property {
        name: "r_kb_1_what_is_not_shown_is_for_its_units_and_the_auditor",
        applies: |it| it.resource().to_string() == "KnowledgeEntry" && !is(it, &["draftKnowledge"]),
        claim: r#"permit (principal is Officer, action, resource is KnowledgeEntry) when {
            resource.isPublished || principal.unit == resource.owner ||
            resource.reviewedBy.contains(principal.unit) || principal in Role::"auditor"
        };"#,
    },
    Property {
        name: "r_kb_1_what_is_being_written_is_for_its_units_and_the_auditor",
        applies: |it| is(it, &["readDraft"]),
        claim: r#"permit (principal is Officer, action, resource is KnowledgeEntry) when {
            principal.unit == resource.owner ||
            resource.reviewedBy.contains(principal.unit) || principal in Role::"auditor"
        };"#,
    },
    Property {
        name: "art_8_6_who_writes_is_of_the_owner_or_of_who_decides",
        applies: |it| is(it, &["draftKnowledge", "withdrawKnowledge"]),
        claim: r"permit (principal is Officer, action, resource is KnowledgeEntry) when {
            principal.unit == resource.owner || resource.reviewedBy.contains(principal.unit)
        };",
    },
    Property {
        name: "r_kb_2_who_comes_without_a_name_searches_and_nothing_else",
        applies: |it| it.principal().to_string() == "Anybody",
        claim: r#"permit (principal is Anybody, action == Action::"searchKnowledge", resource is City);"#,
    },
    Property {
        name: "r_ac_2_an_appellant_reaches_their_own_ticket_only",
        applies: |it| it.principal().to_string() == "Appellant",
        claim: r"permit (principal is Appellant, action, resource is Ticket)
            when { principal.ticket == resource };",
    },
    Property {
        name: "r_ac_3_and_r_rule_1_the_administrator_alone_changes_registry_and_rules",
        applies: |it| is(it, &["changeRegistry", "changeRules"]),
        claim: r#"permit (principal in Role::"administrator", action, resource);"#,
    },
    Property {
        name: "art_16_an_analyst_reaches_figures_reports_and_exports_of_them_only",
        applies: |it| {
            let analysing = ["askFigures", "lookBehind", "readReports", "orderReport"];
            let taking = ["readExports", "readExport", "downloadExport", "readRules"];
            it.principal().to_string() == "Officer" && !is(it, &analysing) && !is(it, &taking)
        },
        claim: r#"permit (principal, action, resource)
            unless { principal in Role::"analyst" && !(principal in [
                Role::"triage_officer", Role::"city_manager", Role::"county_manager",
                Role::"liaison", Role::"responsible_leader", Role::"auditor", Role::"administrator", Role::"project_approver",
                Role::"callback_agent", Role::"knowledge_editor", Role::"knowledge_reviewer"
            ]) };
        permit (principal, action == Action::"askExport", resource is Export)
            unless { resource has list };"#,
    },
    Property {
        name: "art_16_the_tickets_behind_a_figure_are_for_the_few",
        applies: |it| is(it, &["lookBehind"]),
        claim: r#"permit (principal, action, resource) when {
            principal in [Role::"city_manager", Role::"analyst", Role::"auditor"]
        };"#,
    },
    Property {
        name: "r_ac_1_who_acts_in_no_role_reaches_the_rules_only",
        applies: |it| it.principal().to_string() == "Officer" && !is(it, &["readRules"]),
        claim: r#"permit (principal, action, resource) when {
            principal in [
                Role::"analyst",
                Role::"triage_officer", Role::"city_manager", Role::"county_manager",
                Role::"liaison", Role::"responsible_leader", Role::"auditor", Role::"administrator", Role::"project_approver",
                Role::"callback_agent", Role::"knowledge_editor", Role::"knowledge_reviewer"
            ]
        };"#,
    },
];

/// The property that fails for these policies, with what shows it.
async fn fails(property: &Property, policies: &PolicySet) -> Option<(&'static str, String)> {
    let found = refute(policies, &set(property.claim), property.applies).await;
    let found = found.first()?;
    Some((property.name, format!("{}: {}", found.kind, found.shown)))
}

/// The first of the properties that fails without the policy that goes by `id`: one is enough. Of
/// requests about what the policy is not about nothing else is decided than with it.
async fn first_failing_without(id: &str) -> Option<(&'static str, String)> {
    let policies = without(id);
    let all = super::solver::policies();
    let missing = all.policies().find(|it| it.annotation("id") == Some(id));
    let about = missing.unwrap().resource_constraint();
    let concerns = |environment: &RequestEnv| match &about {
        ResourceConstraint::Is(kind) => environment.resource() == kind,
        _ => true,
    };
    for property in PROPERTIES {
        let applies =
            |environment: &RequestEnv| (property.applies)(environment) && concerns(environment);
        if !schema().request_envs().any(|it| applies(&it)) {
            continue;
        }
        let found = refute(&policies, &set(property.claim), applies).await;
        if let Some(found) = found.first() {
            return Some((property.name, format!("{}: {}", found.kind, found.shown)));
        }
    }
    None
}

#[tokio::test]
async fn every_property_holds_for_every_request() {
    let (policies, mut failing) = (policies(), Vec::new());
    for property in PROPERTIES {
        failing.extend(fails(property, &policies).await);
    }
    assert!(failing.is_empty(), "{failing:#?}");
}

#[tokio::test]
async fn no_policy_ever_errs() {
    let found = erring(&policies()).await;
    assert!(found.is_empty(), "{found:#?}");
    // And one that does is found.
    let overflows = r#"@id("overflows") permit (principal, action, resource) when { 9223372036854775807 + 1 > 0 };"#;
    let found = erring(&set(overflows)).await;
    assert!(found.iter().all(|it| it.starts_with("overflows")) && !found.is_empty());
}

#[tokio::test]
async fn each_forbid_is_needed_and_a_request_shows_what_it_keeps_out() {
    let policies = policies();
    let forbids = policies
        .policies()
        .filter(|policy| policy.effect() == cedar_policy::Effect::Forbid);
    let ids = forbids.map(|policy| policy.annotation("id").unwrap());
    let mut count = 0;
    for id in ids {
        let shown = first_failing_without(id).await;
        let shown = shown.unwrap_or_else(|| panic!("without `{id}` all holds"));
        assert!(shown.1.contains("Officer"), "{shown:?}");
        count += 1;
    }
    assert_eq!(count, authz::FORBIDS.matches("\nforbid").count());
}
