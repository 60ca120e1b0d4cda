//! Every key of the tables, in one place; key strings occur nowhere else.
//!
//! | entity | pk | sk | index | who reads it |
//! |---|---|---|---|---|
//! | ticket | `T#<key>` | `A` | `worklist` (`wp` unit, `ws` due), `timer` (`tp` list and shard, `ts` next instant) | every step |
//! | text | `T#<key>` | `B#<hash>` | – | ticket page, track, notify, archive |
//! | listing | `T#<key>` | `L#<unit>#<task>` | `worklist`, while there is something to do | work lists of others than the responsible unit |
//! | suggestion | `T#<key>` | `S` | – | ticket page |
//! | delivery | `T#<key>` | `D#<id>` | – | ticket page |
//! | attachment | `F#<upload>` | `-` | – | intake, ticket page, inspection |
//! | wrong query codes | `T#<key>` | `A#tries` | – | every look-up, before any ticket is read (TTL) |
//! | wrong query codes from one source | `S#<digest>` | `A#tries` | – | with every look-up (TTL) |
//! | nonce of a repeat | `N#<channel>#<digest>` | `-` | – | intake (TTL) |
//! | reference | `R` | `units`, `channels`, `duties`, `calendar#<year>`, `rulebook#<version>` | – | every step, cached |
//! | change of a part of the rules | `RC` | `calendar-<year>`, `rulebook-<version>` | – | rules, recompute |
//! | version of the registry | `R` | `version` | – | registry: who read another version changes nothing |
//! | officers | `O` | `<chunk>` | – | registry |
//! | service items | `I` | `<chunk>` | – | registry |
//! | proposal for the duty list | `P` | `<ticket number>#<version>` | – | registry |
//! | export | `E` | `<id>` | – | export |
//! | record of accountability | `A` | `<id>` | – | accountability |
//! | case of supervision | `V` | `<id>` | `timer` (`S0`, when the unit's time is over), while it is open | supervision, sweep |
//! | number of the last letter | `VN` | `<year>` | – | who sends a letter |
//! | rating that proved true | `Q#<unit>#<service item>` | `<instant>#<ticket number>#<version>` | – | relay |
//! | knowledge entry | `K` | `<id>` | `worklist` (owner's `KO#<unit>` or reviewers' `KR#<desk>`, due), `timer` (`K`, next instant) | knowledge, knowledge-audit, knowledge-index |
//! | version of a knowledge entry | `K#<id>` | `V#<number>` | – | knowledge |
//! | that an appeal was answered with an entry | `K#<id>` | `U#<ticket key>` | – | knowledge |
//! | when what is shown of the knowledge base last changed | `K#change` | `-` | – | knowledge-index |
//! | problem group | `G` | `<id>` | – | problem-group, relay |
//! | member of a problem group | `G#<id>` | `<ticket number>` | – | problem-group, relay |
//! | the problem group that a ticket is in | `GM` | `<ticket number>` | – | problem-group, relay, group-candidates |
//! | titles of a day's appeals | `GT` | `<day>#<chunk>` | – | group-candidates (TTL) |
//! | what is proposed as problem groups | `GC` | `-` | – | problem-group |
//! | the last day whose titles were read | `GC` | `read` | – | group-candidates |
//! | that a ticket was answered with an earlier one | `GR#<earlier number>` | `<ticket number>` | – | problem-group, relay |
//! | what a channel counted | `C#<day>` | `<channel>` | – | reconcile |
//! | vault record (vault table) | `P#<appellant>` | `<record>` | – | notify, reveal; erasure: which tickets |
//! | tombstone of an appellant (erasures table) | `X#<appellant>` | – | – | who opens a record |
//! | key of an appellant (keys table) | `K#<appellant>` | – | – | who seals or opens a record |

use app::ports::{TIMER_SHARDS, TimerList};
use app::rule_changes::RulesPart;
use chrono::NaiveDate;
use data_encoding::HEXLOWER;
use domain::ids::{AppellantId, ChannelCode, TextRef, UnitId, UploadId};
use domain::knowledge::KnowledgeId;
use domain::problem_group::ProblemGroupId;
use domain::ticket::{Listing, TicketKey, TicketNumber};

/// Partition key attribute.
pub const PK: &str = "pk";
/// Sort key attribute.
pub const SK: &str = "sk";
/// Sort key of the ticket itself; the stream's filter looks at it.
pub const TICKET: &str = "A";
/// Sort key of the wrong query codes counted, of a ticket or of a source.
pub const TRIES: &str = "A#tries";
/// Sort key of the suggestion.
pub const SUGGESTION: &str = "S";
/// Sort key of items that stand alone.
pub const ALONE: &str = "-";
/// Partition of the reference data.
pub const REFERENCE: &str = "R";
/// Partition of the changes of the rules.
pub const RULE_CHANGES: &str = "RC";
/// Sort key of the registry's version, which every change raises.
pub const VERSION: &str = "version";
/// Partition of the officers: not the reference data's, which every function reads when it starts.
pub const OFFICERS: &str = "O";
/// Partition of the proposals for the duty list.
pub const PROPOSALS: &str = "P";
/// Partition of the exports: few a day, and their ids begin with it.
pub const EXPORTS: &str = "E";
/// Partition of the records of accountability: few a year, and their ids begin with it.
pub const ACCOUNTABILITY: &str = "A";
/// Partition of the cases of supervision: some a day, and their ids begin with it.
pub const CASES: &str = "V";
/// Timer shard of the open cases: few enough for one.
pub const CASES_TIMER: &str = "S0";
/// Partition of the numbers of letters.
pub const LETTERS: &str = "VN";
/// Partition of the entries of the knowledge base; also their place in the timer index, of which one
/// is enough: notices are few.
pub const KNOWLEDGE: &str = "K";
/// Partition of when what is shown of the knowledge base last changed.
pub const KNOWLEDGE_CHANGE: &str = "K#change";
/// Beginning of the sort keys of the appeals that were answered with a knowledge entry.
pub const KNOWLEDGE_USES: &str = "U#";
/// Partition of the problem groups: some a month, and their ids begin with it.
pub const GROUPS: &str = "G";
/// Partition of the problem groups that tickets are in.
pub const GROUPED: &str = "GM";
/// Partition of the titles that are compared with each other.
pub const TITLES: &str = "GT";
/// Partition of what is proposed as problem groups.
pub const CANDIDATES: &str = "GC";
/// Sort key of the last day whose titles were read.
pub const READ: &str = "read";
/// Partition of the service items.
pub const SERVICE_ITEMS: &str = "I";
/// The work list index.
pub const WORKLIST: &str = "worklist";
/// The timer index.
pub const TIMER: &str = "timer";

/// Partition of a ticket and all under it.
pub fn ticket(key: &TicketKey) -> String {
    format!("T#{}", key.as_str())
}

/// Sort key of a text.
pub fn text(name: &TextRef) -> String {
    format!("B#{}", name.as_str())
}

/// Sort key of an entry on the work list of another unit than the responsible one.
pub fn listing(listing: &Listing) -> String {
    format!("L#{}#{}", listing.unit, listing.task.code())
}

/// Sort key of a delivery.
pub fn delivery(id: &str) -> String {
    format!("D#{id}")
}

/// Partition of an attachment.
pub fn attachment(id: &UploadId) -> String {
    format!("F#{id}")
}

/// Partition of the nonce of a request that made nothing new.
pub fn nonce(channel: &ChannelCode, nonce: &[u8; 12]) -> String {
    format!("N#{channel}#{}", HEXLOWER.encode(nonce))
}

/// Partition of the ratings of a unit and service item that proved true.
pub fn proved(unit: &UnitId, item: Option<&str>) -> String {
    format!("Q#{unit}#{}", item.unwrap_or("-"))
}

/// Partition of a day's counts of the channels.
pub fn counts(day: NaiveDate) -> String {
    format!("C#{day}")
}

/// Partition of the wrong query codes that came from a source.
pub fn source(digest: &[u8; 12]) -> String {
    format!("S#{}", HEXLOWER.encode(digest))
}

/// Sort key of a chunk of the officers or of the service items.
pub fn chunk(index: usize) -> String {
    format!("{index:03}")
}

/// Partition of all that the vault keeps of an appellant.
pub fn vault(appellant: &AppellantId) -> String {
    format!("P#{}", appellant.as_str())
}

/// Partition of a appellant's key.
pub fn appellant_key(appellant: &AppellantId) -> String {
    format!("K#{}", appellant.as_str())
}

/// Partition of what is on record of an appellant's erasure.
pub fn tombstone(appellant: &AppellantId) -> String {
    format!("X#{}", appellant.as_str())
}

/// Partition of a unit's work list.
pub fn worklist(unit: &UnitId) -> String {
    unit.to_string()
}

/// Partition of what belongs to a knowledge entry besides itself.
pub fn knowledge_entry(id: &KnowledgeId) -> String {
    format!("K#{id}")
}

/// Sort key of a version of a knowledge entry.
pub fn knowledge_version(number: u32) -> String {
    format!("V#{number:05}")
}

/// Sort key of that an appeal was answered with a knowledge entry.
pub fn knowledge_use(ticket: &TicketKey) -> String {
    format!("{KNOWLEDGE_USES}{}", ticket.as_str())
}

/// Whether this is the sort key of a version of a knowledge entry.
pub fn is_knowledge_version(sk: &str) -> bool {
    sk.starts_with("V#")
}

/// Partition of a unit's knowledge entries in the work list index.
pub fn knowledge_list(owner: &UnitId) -> String {
    format!("KO#{owner}")
}

/// Partition of what waits for the reviewers at a desk, in the work list index.
pub fn knowledge_review(desk: &UnitId) -> String {
    format!("KR#{desk}")
}

/// Partition of the members of a problem group.
pub fn group_members(id: &ProblemGroupId) -> String {
    format!("G#{id}")
}

/// Sort key of a chunk of a day's titles.
pub fn titles(day: NaiveDate, chunk: usize) -> String {
    format!("{day}#{chunk:03}")
}

/// Partition of what was answered with an earlier ticket.
pub fn repeats(earlier: &TicketNumber) -> String {
    format!("GR#{earlier}")
}

/// Partition of a timer shard.
pub fn timer(list: TimerList, shard: u8) -> String {
    match list {
        TimerList::Deadlines => format!("D{shard}"),
        TimerList::Archive => format!("A{shard}"),
    }
}

/// Timer shard of a ticket.
pub fn shard(key: &TicketKey) -> u8 {
    key.shard(TIMER_SHARDS)
}

/// The ticket's key within its partition key.
pub fn read_ticket(pk: &str) -> Option<TicketKey> {
    pk.strip_prefix("T#").and_then(TicketKey::parse)
}

/// Sort key of a part of the rules among the reference data.
pub fn rules_section(part: RulesPart) -> String {
    match part {
        RulesPart::Calendar(year) => format!("calendar#{year}"),
        RulesPart::Rulebook(version) => format!("rulebook#{version}"),
    }
}
