//! Exact decisions with reasons, one subject at a time.
//!
//! [`Engine::decide`] takes a document's id, a profile and a day, and gives a [`Decision`]: outcome, amount, reason tree,
//! what is missing, how far off. Arithmetic is exact. What is not known stays open: a value is the set of everything it
//! may be, together with the unknown inputs it hangs on, so that an answer is definite exactly when no missing fact can
//! change it.
//!
//! The way of a decision: [`inputs`] finds what the document reads · [`eval`] computes possibilities ·
//! [`condition`] makes reasons · [`verdict`] adds rank and amount · [`refine`] splits unknowns that are read more than
//! once, at the values that [`critical`] finds · [`gap`] says how far off.

mod causes;
mod codes;
mod collections;
mod compare;
mod condition;
mod critical;
mod days;
mod decision;
mod domain;
mod eval;
mod functions;
mod gap;
mod group;
mod inputs;
mod leaning;
mod memo;
mod money;
mod notes;
mod numbers;
mod periods;
mod question;
mod readers;
mod refine;
mod rulebook;
mod score;
mod survey;
mod value;
mod verdict;
mod witness;

pub(crate) use collections::{rows_of, rows_under};
#[cfg(test)]
pub(crate) use compare::compare_numbers;
pub(crate) use compare::{code_in_values, compare_values, text_holds, under};
pub(crate) use critical::may_be_split;
pub(crate) use decision::Brief;
pub(crate) use domain::unknown as unknown_fact;
#[cfg(test)]
pub(crate) use eval::power;
pub(crate) use gap::aged;
pub(crate) use group::member;
pub(crate) use periods::{Calendar, EventSettles};
pub(crate) use survey::expressions;

pub use causes::{Causes, Slot};
pub use condition::{Reason, Used};
pub use decision::{Decision, Engine, Missing, NamedValue, Note, Options, Outcome};
pub use gap::{Cure, Gap};
pub use group::{Member, bands_of, group_bands};
pub use inputs::{Known, reference_year};
pub use money::Money;
pub use numbers::{Absence, End, Interval, Numbers, PIECES_MAX};
pub use question::{Question, questions};
pub use refine::CASES_MAX;
pub use rulebook::{Entry, Rulebook, Standing};
pub use score::Scored;
pub use value::{Days, Element, Presence, Thing, Truth, Value};
pub use verdict::Band;
