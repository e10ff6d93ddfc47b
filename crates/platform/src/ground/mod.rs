//! What every slice stands on.
//!
//! [`Ground`] holds the database, the keys, the clock and the source of chance. A verb begins with [`Ground::begin`], writes
//! through the [`Verb`] that it gets, says with [`Verb::record`] what it changed, and ends with [`Verb::commit`], which puts
//! those entries into the chain and makes everything true at once.
//!
//! INVARIANT: nothing is written without an entry in the same transaction; `commit` refuses a verb that recorded nothing.
//! The one exception is [`Ground::housekeeping`], for what is no act of anybody: leases, a session's last sign of life.

mod caller;
pub mod chain;
mod chance;
mod id;
mod keys;
pub mod once;
#[cfg(test)]
pub mod testing;
mod time;
mod verb;
pub mod worker;

pub use caller::{Actor, Caller, RequestId};
pub use chance::{Chance, OperatingSystem};
pub(crate) use id::id_type;
pub use keys::{Keys, KeysError, parse_verifying_key};
pub(crate) use keys::{bytes_of_hex, from_hex, to_hex};
pub use time::{Clock, Moment};
pub use verb::{Fault, Ground, Verb};
