//! `zhimei test --mutants`: every mistake of one grain in every document, tried on all processors.

use std::io::IsTerminal as _;
use std::io::Write as _;
use std::time::Instant;

use anyhow::Result;
use indicatif::{ProgressBar, ProgressStyle};
use library::Library;
use library::mutants::{Mutant, Trial, Tried};
use rayon::prelude::*;

use super::survivors::{self, Found, Report};
use super::{Arguments, unusable};
use crate::commands::check::Format;
use crate::context::{Context, Status};
use crate::load::target::Target;
use crate::output;
use crate::problem::Problem;

/// From how many mutants on a bar is shown: about two seconds of work.
const LONG_FROM: usize = 200;

/// Mutants that one thread tries before others may take the rest from it.
const BATCH: usize = 8;

/// Runs the command for a library that was read.
#[allow(clippy::disallowed_methods, reason = "a person is told how long it took; nothing is decided by it")]
pub fn run(arguments: &Arguments, target: &Target, library: &Library, context: &Context) -> Result<Status> {
    let start = Instant::now();
    if let Some(place) = &arguments.json {
        output::require_ending(place, &["json"])?;
    }
    require_sound(arguments, target, library)?;
    let mut mutants = target.checked.mutants(arguments.policy.as_deref());
    mutants.retain(|mutant| mutant.source < target.own);
    output::watch_interrupt();
    let Some(tried) = try_all(&mutants, target) else { return Err(output::interrupted()) };
    let found = mutants.iter().zip(&tried);
    let found = found.filter_map(|(mutant, tried)| Some(Found { mutant, tried: tried.as_ref()? })).collect();
    let report = Report {
        found,
        sources: &target.checked.sources,
        at_least: arguments.at_least,
        seconds: start.elapsed().as_secs_f64(),
        threads: rayon::current_num_threads(),
    };
    if let Some(place) = &arguments.json {
        let mut bytes = Vec::new();
        output::json(&mut bytes, &report.json())?;
        output::write_file(place, &bytes)?;
    }
    let mut out = output::stdout();
    match arguments.format {
        Format::Text => survivors::show(&mut out, &report, context)?,
        Format::Json => output::json(&mut out, &report.json())?,
    }
    out.flush()?;
    Ok(Status::wrong_if(!report.is_enough()))
}

/// What the examples notice means nothing while they do not hold as they stand.
fn require_sound(arguments: &Arguments, target: &Target, library: &Library) -> Result<()> {
    let results = library.run_cases(arguments.policy.as_deref());
    let wrong = results.iter().filter(|result| !result.differences.is_empty()).count();
    let unusable = unusable(target).len();
    if wrong + unusable == 0 {
        return Ok(());
    }
    Err(Problem::new(
        format!("{wrong} 个例子不符、{unusable} 处错误,先改正才能看例子能发现什么"),
        format!("examples that differ: {wrong}, errors: {unusable}; what examples notice can be seen once they hold"),
    )
    .with_help("运行不带 --mutants 的 zhimei test 查看", "run zhimei test without --mutants to see them")
    .into())
}

/// What became of each, in their order; none if somebody pressed Ctrl-C.
fn try_all(mutants: &[Mutant], target: &Target) -> Option<Vec<Option<Tried>>> {
    let bar = progress(mutants.len());
    let tried = mutants.par_chunks(BATCH).map_init(
        || Trial::new(&target.checked),
        |trial, batch| {
            let one = |mutant: &Mutant| {
                if output::is_interrupted() {
                    return None;
                }
                let tried = trial.as_mut().and_then(|trial| trial.run(mutant));
                bar.inc(1);
                tried
            };
            batch.iter().map(one).collect::<Vec<_>>()
        },
    );
    let tried: Vec<Vec<Option<Tried>>> = tried.collect();
    bar.finish_and_clear();
    (!output::is_interrupted()).then(|| tried.into_iter().flatten().collect())
}

fn progress(count: usize) -> ProgressBar {
    if count < LONG_FROM || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(count as u64);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}");
    bar.set_style(style.expect("the template names only what indicatif knows"));
    bar
}
