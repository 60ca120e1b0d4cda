//! From our words to Cedar's entities, as the schema names them.

use std::collections::{HashMap, HashSet};
use std::fmt::Display;

use app::AppError;
use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, Request, RestrictedExpression,
};
use domain::accountability::AccountabilityRecord;
use domain::audit::Actor;
use domain::export::Taken;
use domain::ids::{OfficerId, UnitId};
use domain::knowledge::KnowledgeEntry;
use domain::ticket::Ticket;
use domain::workflow::rules::RULES;
use domain::workflow::words::Action;
use serde_json::json;

use crate::Principal;
use crate::question::{Question, Resource};

type Attributes = HashMap<String, RestrictedExpression>;

/// A fault of ours: in the policies, or in how they are asked.
pub(crate) fn broken(error: impl Display) -> AppError {
    AppError::Broken(format!("policies: {error}"))
}

/// The types of the schema, their names parsed once.
#[derive(Debug)]
pub(crate) struct Types {
    role: EntityTypeName,
    unit: EntityTypeName,
    officer: EntityTypeName,
    appellant: EntityTypeName,
    channel: EntityTypeName,
    ticket: EntityTypeName,
    work_list: EntityTypeName,
    export: EntityTypeName,
    accountability: EntityTypeName,
    supervision: EntityTypeName,
    knowledge: EntityTypeName,
    knowledge_list: EntityTypeName,
    group: EntityTypeName,
    anybody: EntityTypeName,
    city: EntityTypeName,
    action: EntityTypeName,
}

impl Types {
    pub(crate) fn new() -> Result<Self, String> {
        // By JSON: reading a name as policy text builds a second lexer, half of what parsing costs.
        let name = |text: &str| {
            EntityUid::from_json(json!({ "type": text, "id": "" }))
                .map(|uid| uid.type_name().clone())
                .map_err(|error| error.to_string())
        };
        Ok(Self {
            role: name("Role")?,
            unit: name("Unit")?,
            officer: name("Officer")?,
            appellant: name("Appellant")?,
            channel: name("Channel")?,
            ticket: name("Ticket")?,
            work_list: name("WorkList")?,
            export: name("Export")?,
            accountability: name("AccountabilityRecord")?,
            supervision: name("SupervisionCase")?,
            knowledge: name("KnowledgeEntry")?,
            knowledge_list: name("KnowledgeList")?,
            group: name("ProblemGroup")?,
            anybody: name("Anybody")?,
            city: name("City")?,
            action: name("Action")?,
        })
    }

    /// The question as Cedar reads it.
    pub(crate) fn request(&self, question: &Question<'_>) -> Result<(Request, Entities), AppError> {
        let principal = self.principal(question)?;
        let resource = self.resource(question)?;
        let action = self.action(question);
        let uids = (principal.uid(), action.uid(), resource.uid());
        let purpose = question.intent.purpose().map(|purpose| {
            let code = RestrictedExpression::new_string(purpose.code().to_owned());
            ("purpose".to_owned(), code)
        });
        let context = Context::from_pairs(purpose).map_err(broken)?;
        let request = Request::new(uids.0, uids.1, uids.2, context, None);
        let all = [principal, action, resource];
        let entities = Entities::from_entities(all, None).map_err(broken)?;
        Ok((request.map_err(broken)?, entities))
    }

    fn principal(&self, question: &Question<'_>) -> Result<Entity, AppError> {
        let role = |code| uid(&self.role, code);
        match question.principal {
            Principal::Officer(officer) => {
                let acting = question.role.iter().map(|acting| role(acting.code()));
                let holds = officer.roles.iter().map(|held| role(held.code()));
                let attributes = Attributes::from([
                    attribute("unit", self.unit(officer.unit.as_str())),
                    ("holds".to_owned(), set(holds)),
                    flag("mfa", officer.mfa),
                ]);
                entity(self.officer(&officer.id), attributes, acting.collect())
            }
            Principal::Appellant(number) => {
                let ticket = uid(&self.ticket, number.as_str());
                let attributes = Attributes::from([attribute("ticket", ticket)]);
                let who = uid(&self.appellant, number.as_str());
                entity(who, attributes, HashSet::new())
            }
            Principal::Channel(code) => {
                let who = uid(&self.channel, code.as_str());
                entity(who, Attributes::new(), HashSet::new())
            }
            Principal::Anybody => {
                let who = uid(&self.anybody, "anybody");
                entity(who, Attributes::new(), HashSet::new())
            }
        }
    }

    fn resource(&self, question: &Question<'_>) -> Result<Entity, AppError> {
        let (what, attributes) = match question.intent.resource() {
            Resource::Ticket(ticket) => (
                uid(&self.ticket, ticket.number.as_str()),
                self.ticket(ticket),
            ),
            Resource::WorkList(unit) => (
                uid(&self.work_list, unit.as_str()),
                Attributes::from([attribute("unit", self.unit(unit.as_str()))]),
            ),
            Resource::Export(export) => {
                let list = match &export.extent.taken {
                    Taken::List { unit, .. } => Some(unit),
                    Taken::Periodic(_) => None,
                };
                let mut attributes = Attributes::from([
                    flag("isMasked", export.extent.is_masked()),
                    attribute("askedBy", self.officer(&export.asked.by)),
                    attribute("askedIn", self.unit(export.asked.unit.as_str())),
                ]);
                let list = list.map(|unit| attribute("list", self.unit(unit.as_str())));
                attributes.extend(list);
                (uid(&self.export, export.id.as_str()), attributes)
            }
            Resource::Accountability(record) => (
                uid(&self.accountability, record.id.as_str()),
                self.accountability(record),
            ),
            Resource::Supervision(case) => {
                let attributes = Attributes::from([
                    attribute("unit", self.unit(case.cause.unit.as_str())),
                    attribute("supervisor", self.unit(case.cause.supervisor.as_str())),
                ]);
                (uid(&self.supervision, case.id.as_str()), attributes)
            }
            Resource::Knowledge(entry) => (
                uid(&self.knowledge, entry.id.as_str()),
                self.knowledge(entry),
            ),
            Resource::KnowledgeList(owner, reviewed_by) => (
                uid(&self.knowledge_list, owner.as_str()),
                Attributes::from([
                    attribute("owner", self.unit(owner.as_str())),
                    ("reviewedBy".to_owned(), self.units(reviewed_by)),
                ]),
            ),
            Resource::Group(group) => {
                let attributes = Attributes::from([
                    attribute("unit", self.unit(group.unit.as_str())),
                    attribute("managedBy", self.unit(group.managed_by.as_str())),
                ]);
                (uid(&self.group, group.id.as_str()), attributes)
            }
            Resource::City => (uid(&self.city, "city"), Attributes::new()),
        };
        entity(what, attributes, HashSet::new())
    }

    fn ticket(&self, ticket: &Ticket) -> Attributes {
        let unit = |unit: &domain::ids::UnitId| self.unit(unit.as_str());
        let participants = ticket.taking_part().map(unit);
        let mut attributes = Attributes::from([
            attribute("managing", unit(&ticket.submission.managing_unit)),
            attribute("holder", unit(&ticket.responsible_unit)),
            ("participants".to_owned(), set(participants)),
            flag("isLocked", ticket.is_locked()),
        ]);
        let caller = ticket.caller().into_iter();
        attributes.extend(caller.map(|it| attribute("caller", unit(it))));
        attributes.extend(ticket.county.iter().map(|it| attribute("county", unit(it))));
        let asked_by = asked_by(ticket).map(|id| attribute("askedBy", self.officer(id)));
        attributes.extend(asked_by);
        attributes
    }

    fn accountability(&self, record: &AccountabilityRecord) -> Attributes {
        let matter = &record.matter;
        let mut attributes = Attributes::from([
            attribute("unit", self.unit(matter.unit.as_str())),
            attribute("openedBy", self.officer(&record.opened_by)),
        ]);
        let officer = matter.officer.iter();
        attributes.extend(officer.map(|id| attribute("officer", self.officer(id))));
        attributes
    }

    fn knowledge(&self, entry: &KnowledgeEntry) -> Attributes {
        let mut attributes = Attributes::from([
            attribute("owner", self.unit(entry.unit.as_str())),
            ("reviewedBy".to_owned(), self.units(&entry.reviewed_by)),
            flag("isPublished", entry.shown().is_some()),
        ]);
        let drafted_by = entry.draft.iter().map(|draft| &draft.drafted.by);
        attributes.extend(drafted_by.map(|id| attribute("draftedBy", self.officer(id))));
        attributes
    }

    /// The action with the groups it belongs to: the roles that the workflow table names.
    fn action(&self, question: &Question<'_>) -> Entity {
        let own = uid(&self.action, question.intent.action());
        let groups = question.intent.acts().into_iter().flat_map(groups);
        let groups = groups.map(|group| uid(&self.action, &group));
        Entity::new_no_attrs(own, groups.collect())
    }

    fn units(&self, units: &[UnitId]) -> RestrictedExpression {
        set(units.iter().map(|unit| self.unit(unit.as_str())))
    }

    fn unit(&self, code: &str) -> EntityUid {
        uid(&self.unit, code)
    }

    fn officer(&self, id: &OfficerId) -> EntityUid {
        uid(&self.officer, id.as_str())
    }
}

/// The groups of an action of the workflow, as the schema names them: one for each role that the
/// table names, and one for what decides on another unit's wish or work.
pub fn groups(action: Action) -> Vec<String> {
    let rows = RULES.iter().filter(|row| row.action == action);
    let roles = rows.flat_map(|row| row.by);
    let mut groups: Vec<_> = roles.map(|role| format!("as_{}", role.code())).collect();
    let decides = matches!(
        action,
        Action::AcceptReturn
            | Action::RefuseReturn
            | Action::GrantExtension
            | Action::RefuseExtension
            | Action::GrantDeferral
            | Action::RefuseDeferral
            | Action::VerifyRectification
            | Action::SendBack
    );
    groups.extend(decides.then(|| "decision".to_owned()));
    groups
}

/// Who asked for what waits for a decision.
fn asked_by(ticket: &Ticket) -> Option<&OfficerId> {
    ticket.pending.as_ref()?;
    let asks = |action| {
        matches!(
            action,
            Action::AskReturn | Action::AskExtension | Action::AskDeferral
        )
    };
    let mut latest = ticket.events.iter().rev();
    match &latest.find(|event| asks(event.happening.action()))?.by {
        Actor::Officer { id, .. } => Some(id),
        Actor::Channel(_) | Actor::Appellant | Actor::System => None,
    }
}

fn uid(name: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(name.clone(), EntityId::new(id))
}

fn attribute(name: &str, value: EntityUid) -> (String, RestrictedExpression) {
    (name.to_owned(), RestrictedExpression::new_entity_uid(value))
}

fn flag(name: &str, value: bool) -> (String, RestrictedExpression) {
    (name.to_owned(), RestrictedExpression::new_bool(value))
}

fn set(values: impl Iterator<Item = EntityUid>) -> RestrictedExpression {
    RestrictedExpression::new_set(values.map(RestrictedExpression::new_entity_uid))
}

fn entity(
    uid: EntityUid,
    attributes: Attributes,
    parents: HashSet<EntityUid>,
) -> Result<Entity, AppError> {
    Entity::new(uid, attributes, parents).map_err(broken)
}
