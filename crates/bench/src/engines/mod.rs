//! The engines that run in this process, each behind the same face; [`python`] runs those that live in Python.

#[cfg(feature = "peers")]
mod cel;
#[cfg(feature = "peers")]
mod datafusion;
pub mod ours;
pub mod python;
#[cfg(feature = "peers")]
mod zen;

use anyhow::Result;

use crate::measure::{Slice, Work};
use crate::probe::Probe;
use crate::verdicts::Verdicts;

/// An engine of this process.
pub trait Engine {
    /// Its name in the table and for `--only`.
    fn name(&self) -> &'static str;

    /// The version of the crate.
    fn version(&self) -> String;

    /// In which form it gets the work.
    fn form(&self) -> String;

    /// Rows of the first trial.
    fn rows_first(&self) -> usize;

    /// Most documents that it is given.
    fn documents_max(&self) -> usize {
        usize::MAX
    }

    /// Everything that need not be timed: columns as the engine holds them, documents compiled.
    fn prepare<'w>(&mut self, work: &'w Work, slice: Slice) -> Result<Box<dyn Run + 'w>>;

    /// The answers one by one.
    fn verdicts(&mut self, work: &Work, slice: Slice) -> Result<Verdicts>;

    /// The answer to a probe: yes, no, unknown, or an error in a word.
    fn probe(&mut self, probe: &Probe) -> String;
}

/// A slice that is ready to be decided, as often as wished.
pub trait Run {
    /// Decides it all and gives for how many pairs the answer is yes, and for how many no.
    fn run(&mut self) -> Result<(u64, u64)>;
}

/// All engines of this process, ours first.
pub fn all() -> Vec<Box<dyn Engine>> {
    #[allow(unused_mut, reason = "without peers there is nothing to add")]
    let mut engines: Vec<Box<dyn Engine>> = vec![Box::new(ours::Bulk::default()), Box::new(ours::OneByOne)];
    #[cfg(feature = "peers")]
    {
        engines.push(Box::new(datafusion::DataFusion::new()));
        engines.push(Box::new(cel::Cel));
        engines.push(Box::new(zen::Zen));
    }
    engines
}

/// The version of a crate in the lock file of the repository; empty if it has none.
pub fn locked_version(name: &str) -> String {
    const LOCK: &str = include_str!("../../../../Cargo.lock");
    let wanted = format!("name = \"{name}\"");
    let mut lines = LOCK.lines().skip_while(|line| *line != wanted).skip(1);
    let version = lines.next().and_then(|line| line.strip_prefix("version = \""));
    version.map(|version| version.trim_end_matches('"').to_owned()).unwrap_or_default()
}
