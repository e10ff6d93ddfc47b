//! The platform: what people and other programs use over a network, one folder a slice over a shared ground.
//!
//! - [`ground`]: what every slice stands on: verbs that are one transaction with its audit entries, the chain of those
//!   entries, keys, time and chance as arguments.
//! - [`web`]: the shell that every door of HTTP stands in: requests, problems, limits, the order of layers.
//! - [`identity`]: organisations, accounts, roles, sign-in, and the one table that says who may do what.
//! - [`registry`]: enterprises, institutions, people, projects, parcels, and the append-only ledger of facts about them.
//! - [`audit`]: reading the chain, proving what is in it, removing what is past its time.
//! - [`backup`]: all of an installation in one file, and back into a database of either kind.
//! - [`policies`]: published texts by their content, releases of them, and the compiled library in memory.
//! - [`eligibility`]: what subjects may have, from facts that are handed in or from the ledger; decisions that are kept.
//! - [`desk`]: what a draft, or another number in a condition, would change for everybody.
//! - [`operations`]: jobs that were given up, and the state of the whole.
//! - [`doors`]: all slices' doors put together, and the description of them.
//!
//! A slice calls only the ground and slices listed before it. Its `mod.rs` names its only public items; its statements
//! stand in its `sql.rs`, its verbs in its `service.rs`, its doors in its `api.rs`.

pub mod audit;
pub mod backup;
pub mod desk;
pub mod doors;
pub mod eligibility;
pub mod ground;
pub mod identity;
pub mod operations;
pub mod policies;
pub mod registry;
pub mod web;

#[cfg(test)]
mod tests;

use store::Schema;

/// The tables of everybody, in the order in which they came to be.
pub fn schema() -> Schema {
    Schema::new([
        store::jobs::MIGRATION,
        ground::chain::MIGRATION,
        identity::MIGRATION,
        ground::once::MIGRATION,
        identity::MIGRATION_2,
        registry::MIGRATION,
        policies::MIGRATION,
        eligibility::MIGRATION,
        registry::imports::MIGRATION,
    ])
}
