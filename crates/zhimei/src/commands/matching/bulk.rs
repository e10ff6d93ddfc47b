//! Very many decisions: no reasons and no profiles, but outcome, amount, failed conditions and what is missing.
//!
//! Batch after batch is read, decided and written; while one is decided the next is read. Memory hangs on the size of a
//! batch. A document that ranks a group needs all subjects first: for its sake the file is read twice.

use std::collections::BTreeMap;
use std::io::IsTerminal as _;

use anyhow::Result;
use engine::batch::{Bands, Outcomes, Plan, Request, Totals};
use engine::point::{Entry, Member, Outcome, Rulebook, Standing};
use facts::{Date, Profile};
use indicatif::{ProgressBar, ProgressStyle};
use population::Population;

use crate::context::Context;
use crate::load::parquet::{Batch, Zone};
use crate::output;

/// From how many subjects on a progress bar is worth its lines.
const LONG_FROM: u64 = 20_000;

/// Takes the decisions of one batch after another, and writes them somewhere.
pub trait Sink: Send {
    /// Adds a batch; the documents are in the order of the outcomes.
    fn add(&mut self, population: &Population, outcomes: &Outcomes, entries: &[&Entry]) -> Result<()>;
    /// Ends the result; only now a file takes its name.
    fn finish(self: Box<Self>) -> Result<()>;
}

/// Writes nothing: only the summary is wanted.
pub struct Nowhere;

impl Sink for Nowhere {
    fn add(&mut self, _: &Population, _: &Outcomes, _: &[&Entry]) -> Result<()> {
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<()> {
        Ok(())
    }
}

/// What a policy came to.
#[derive(Debug)]
pub struct PolicyTotals<'a> {
    /// The version decided, or the nearest.
    pub entry: &'a Entry,
    /// Whether it was in force.
    pub is_in_force: bool,
    /// Counts and money.
    pub totals: Totals,
}

/// What a run came to.
#[derive(Debug, Default)]
pub struct Summary<'a> {
    /// Subjects decided.
    pub subjects: u64,
    /// Rows that say they are of another kind than the file.
    pub other_kind: u64,
    /// By policy.
    pub policies: Vec<PolicyTotals<'a>>,
}

/// Policies of one kind of subject, on a day.
pub struct Job<'a> {
    rulebook: &'a Rulebook,
    ids: Vec<&'a str>,
    day: Date,
    request: Request,
    plan: Plan<'a>,
    entries: Vec<&'a Entry>,
}

impl<'a> Job<'a> {
    /// The policies among these that are for the kind.
    pub fn new(rulebook: &'a Rulebook, ids: &'a [String], kind: &str, day: Date, request: Request) -> Self {
        let of_kind = ids.iter().filter_map(|id| {
            let entry = rulebook.on(id, day)?.entry();
            (entry.document.subject == kind).then_some((id.as_str(), entry))
        });
        let (ids, entries): (Vec<&str>, Vec<&Entry>) = of_kind.unzip();
        let plan = Plan::new(rulebook, ids.iter().copied(), day);
        Self { rulebook, ids, day, request, plan, entries }
    }

    /// Decides all subjects of a zone.
    pub fn run_zone(&self, zone: &Zone<'_>, sink: &mut dyn Sink, context: &Context) -> Result<Summary<'a>> {
        let mut summary = self.summary();
        let wanted = self.plan.wanted();
        zone.say_missing(&wanted, context);
        let grouped = self.grouped();
        let passes = if grouped.is_empty() { 1 } else { 2 };
        let bar = progress(zone.rows() * passes);
        let bands = self.bands(zone, &grouped, &bar)?;
        let mut batches = zone.batches(&wanted);
        let mut next = batches.next();
        while let Some(batch) = next {
            if output::is_interrupted() {
                return Err(output::interrupted());
            }
            let Batch { population, first } = batch?;
            let bands = slice(&bands, usize::try_from(first).unwrap_or(usize::MAX), population.rows());
            let decide = || self.batch(&population, &bands, sink, &mut summary);
            let (following, done) = rayon::join(|| batches.next(), decide);
            done?;
            bar.inc(population.rows() as u64);
            next = following;
        }
        bar.finish_and_clear();
        batches.say_problems(context);
        Ok(summary)
    }

    /// Decides subjects that were read as profiles, all of the job's kind.
    pub fn run_profiles(
        &self,
        kind: &str,
        profiles: &[&Profile],
        everybody: &[&Profile],
        sink: &mut dyn Sink,
    ) -> Result<Summary<'a>> {
        let mut summary = self.summary();
        let vocabulary = &self.rulebook.vocabulary;
        let population = Population::from_profiles(kind, profiles, vocabulary);
        let mut bands = self.plan.bands(&self.plan.members(&population));
        if everybody.len() > profiles.len() {
            // A group is the population given, those of other kinds included, as in single decisions.
            let engine = engine::point::Engine::new(self.rulebook);
            for (id, of_kind) in &mut bands {
                let all = engine::point::group_bands(&engine, id, everybody, self.day).unwrap_or_default();
                let own = everybody.iter().zip(all).filter(|(profile, _)| profile.kind == kind);
                *of_kind = own.map(|(_, band)| band).collect();
            }
        }
        self.batch(&population, &bands, sink, &mut summary)?;
        Ok(summary)
    }

    fn summary(&self) -> Summary<'a> {
        let policy = |entry: &&'a Entry| PolicyTotals {
            entry,
            is_in_force: entry.is_in_force_on(self.day),
            totals: Totals::default(),
        };
        Summary { subjects: 0, other_kind: 0, policies: self.entries.iter().map(policy).collect() }
    }

    fn batch(
        &self,
        population: &Population,
        bands: &Bands,
        sink: &mut dyn Sink,
        summary: &mut Summary<'a>,
    ) -> Result<()> {
        let outcomes = self.plan.decide_ranked(population, self.request, bands);
        summary.subjects += (population.rows() - population.other_kinds().len()) as u64;
        summary.other_kind += population.other_kinds().len() as u64;
        for (policy, outcomes) in summary.policies.iter_mut().zip(&outcomes.documents) {
            if policy.is_in_force {
                policy.totals.merge(&own_totals(population, outcomes));
            }
        }
        sink.add(population, &outcomes, &self.entries)
    }

    /// The policies in force that rank a group.
    fn grouped(&self) -> Vec<&'a str> {
        let ranks = |id: &&str| match self.rulebook.on(id, self.day) {
            Some(Standing::InForce(entry)) => entry.document.ranks_a_group(),
            _ => false,
        };
        self.ids.iter().copied().filter(ranks).collect()
    }

    fn bands(&self, zone: &Zone<'_>, grouped: &[&str], bar: &ProgressBar) -> Result<Bands> {
        if grouped.is_empty() {
            return Ok(Bands::new());
        }
        let plan = Plan::new(self.rulebook, grouped.iter().copied(), self.day);
        let mut members: BTreeMap<String, Vec<Member>> = BTreeMap::new();
        for batch in zone.batches(&plan.wanted()) {
            if output::is_interrupted() {
                return Err(output::interrupted());
            }
            let Batch { population, .. } = batch?;
            for (id, some) in plan.members(&population) {
                members.entry(id).or_default().extend(some);
            }
            bar.inc(population.rows() as u64);
        }
        Ok(plan.bands(&members))
    }
}

/// The bands of some of the rows.
fn slice(bands: &Bands, first: usize, rows: usize) -> Bands {
    let some = |all: &Vec<_>| all.get(first..first + rows).map(<[_]>::to_vec).unwrap_or_default();
    bands.iter().map(|(id, all)| (id.clone(), some(all))).collect()
}

/// The totals without rows of another kind.
fn own_totals(population: &Population, outcomes: &engine::batch::DocumentOutcomes) -> Totals {
    let mut totals = outcomes.totals();
    if population.other_kinds().is_empty() {
        return totals;
    }
    totals.amount = engine::batch::Sum::default();
    let is_other = |row: usize| population.other_kinds().contains_key(&row);
    for (row, money) in outcomes.amounts.iter().filter(|(row, _)| !is_other(*row as usize)) {
        debug_assert!(outcomes.eligible.get(*row as usize));
        totals.amount.add(money);
    }
    for row in population.other_kinds().keys() {
        match outcomes.outcome(*row) {
            Outcome::Eligible => totals.eligible -= 1,
            Outcome::Ineligible => totals.ineligible -= 1,
            Outcome::Unknown | Outcome::NotInForce => totals.open -= 1,
        }
    }
    totals
}

/// A bar with rate and time left where somebody is watching and it takes long.
pub fn progress(rows: u64) -> ProgressBar {
    if rows < LONG_FROM || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(rows);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}");
    bar.set_style(style.expect("the template names only what indicatif knows"));
    bar
}
