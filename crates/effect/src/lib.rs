//! What a draft, or another number in a condition, would change for everybody. The command line and the server compute it here; both
//! bring the subjects, as one population or in chunks.
//!
//! | module | what |
//! | --- | --- |
//! | [`draft`] | a draft checked within a library, and the library with it beside the one without |
//! | [`simulation`] | decides chunks by the draft and by what it is held against; puts the parts together |
//! | [`compare`] | who gains, who loses, by group |
//! | [`missing`] | what the open lack |
//! | [`others`] | what the gainers already get from other policies |
//! | [`fairness`] | rules that a fair-competition review should look at |
//! | [`sweep`], [`vary`] | how many are eligible and what it costs as one number goes from here to there |
//! | [`privacy`] | what may be told to somebody who may not read the facts |
//! | [`json`], [`table`] | the result for programs and as lines of a table |
//!
//! *Always true:* parts of chunks put together are what all rows at once would have given, but for policies that rank subjects within a
//! group, which need all rows at once ([`Simulation::needs_everybody`]).

pub mod compare;
pub mod draft;
pub mod fairness;
pub mod json;
pub mod missing;
pub mod others;
pub mod privacy;
pub mod simulation;
pub mod sweep;
pub mod table;
pub mod vary;

use engine::point::{Entry, Rulebook};
use facts::Date;

pub use compare::Tally;
pub use draft::Worlds;
pub use privacy::Privacy;
pub use simulation::{Effect, Simulation};
pub use sweep::Sweep;

/// The version of an id that is in force on a day, if there is one.
pub fn in_force<'r>(rulebook: &'r Rulebook, id: &str, day: Date) -> Option<&'r Entry> {
    rulebook.versions(id).find(|entry| entry.is_in_force_on(day))
}
