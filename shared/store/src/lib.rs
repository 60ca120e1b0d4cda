//! DynamoDB: the only crate that knows attribute values. It maps items to the domain and back,
//! reads, and writes conditionally; it decides nothing.

mod accountability;
mod attributes;
mod commit;
mod cursor;
mod exports;
mod items;
pub mod keys;
mod knowledge;
mod lake;
mod problem_groups;
mod proposals;
mod reconciliation;
pub mod reference;
mod registry;
mod rule_changes;
mod supervision;
mod table;
mod texts;
mod tickets;
mod vault;

pub use knowledge::{KnowledgeList, KnowledgePage, KnowledgeRow};
pub use registry::{RegistryVersion, officers_from_json, service_items_from_json};
pub use rule_changes::{both, proposed};
pub use tickets::{DynamoStore, Page, PageStart};
pub use vault::{DynamoVault, OpenVault, VaultErasures, VaultKey, VaultTables};

pub use items::knowledge::entry_from_image;
pub use items::problem_group::group_from_image;
pub use items::supervision::case_from_image;
pub use items::ticket::{new_item, ticket_from_image};
