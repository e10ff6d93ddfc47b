//! The server: its settings, its log, and how it starts, runs and ends.
//!
//! | file | what |
//! | --- | --- |
//! | `settings` | every setting with its limits, where its value comes from, and the flags |
//! | `place` | the data folder: database, keys, filed heads |
//! | `run` | from an empty folder to a server, and to its end |
//! | `chores` | what is done by the clock: heads are filed, keys of requests forgotten |
//! | `log` | lines for machines or for people |

mod chores;
mod log;
pub mod place;
pub mod run;
pub mod settings;

use std::time::{SystemTime, UNIX_EPOCH};

use platform::ground::{Clock, Moment};

/// The machine's clock.
pub struct MachineClock;

impl Clock for MachineClock {
    #[allow(clippy::disallowed_methods, reason = "the one clock that the ground is given")]
    fn now(&self) -> Moment {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Moment(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }
}
