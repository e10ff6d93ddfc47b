//! What each policy takes on the subjects of a file.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use engine::batch::{Plan, Request};
use engine::point::Rulebook;
use facts::Date;
use population::Wanted;

use crate::clock::Stopwatch;
use crate::commands::matching::bulk::progress;
use crate::context::Context;
use crate::load::parquet::{Batch, Zone};
use crate::output;

/// What a policy took.
#[derive(Clone, Copy, Default, Debug)]
pub struct Cost {
    /// Subjects.
    pub rows: u64,
    /// How many of them were decided exactly, one by one.
    pub asked: u64,
    /// Time for outcomes and amounts, with the policies below it; reading the file is left out.
    pub took: Duration,
}

/// Decides each policy by itself. Where one ranks a group, the group is a batch: ranks are not what is measured.
pub fn measure(
    rulebook: &Rulebook,
    ids: &[&str],
    day: Date,
    zone: &Zone<'_>,
    context: &Context,
) -> Result<BTreeMap<String, Cost>> {
    let plans: Vec<(&str, Plan<'_>)> = ids.iter().map(|id| (*id, Plan::new(rulebook, [*id], day))).collect();
    let wanted: Wanted = Plan::new(rulebook, ids.iter().copied(), day).wanted();
    zone.say_missing(&wanted, context);
    let bar = progress(zone.rows());
    let mut costs: BTreeMap<String, Cost> = BTreeMap::new();
    let mut batches = zone.batches(&wanted);
    for batch in &mut batches {
        if output::is_interrupted() {
            return Err(output::interrupted());
        }
        let Batch { population, .. } = batch?;
        for (id, plan) in &plans {
            let watch = Stopwatch::start();
            let outcomes = plan.decide(&population, Request { amounts: true, details: false });
            let cost = costs.entry((*id).to_owned()).or_default();
            cost.took += watch.elapsed();
            cost.rows += population.rows() as u64;
            cost.asked += outcomes.documents.iter().map(|document| document.asked as u64).sum::<u64>();
        }
        bar.inc(population.rows() as u64);
    }
    bar.finish_and_clear();
    batches.say_problems(context);
    Ok(costs)
}
