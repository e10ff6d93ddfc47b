//! Our own engine: in bulk, from typed columns to a bitmap a document, and exactly with reasons, one by one.

use std::cell::Cell;
use std::rc::Rc;

use anyhow::{Context, Result, ensure};
use engine::batch::{Counter, Plan, Request, Totals};
use engine::point::{self, Options, Outcome, Rulebook};
use facts::{Number, Origin, Profile, Value};
use population::Population;
use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Engine, Run};
use crate::measure::{Slice, Work};
use crate::policy;
use crate::printing::population as columns;
use crate::probe::{Probe, word};
use crate::verdicts::{FALSE, TRUE, UNKNOWN, Verdicts};
use crate::workload::documents::Documents;
use crate::workload::fields::day;

/// The id of the document that a probe becomes.
const PROBE: &str = "probe";

/// The bulk engine, on one thread.
#[derive(Clone, Default, Debug)]
pub struct Bulk {
    /// How many decisions of the checked slice were made one by one by the exact engine.
    asked: Rc<Cell<usize>>,
}

struct PreparedBulk<'w> {
    counter: Counter<'w>,
    subjects: Population,
    thread: ThreadPool,
}

impl<'w> PreparedBulk<'w> {
    fn new(work: &'w Work, slice: Slice) -> Result<Self> {
        let subjects = columns::population(&work.rows, slice.rows, &work.rulebook.vocabulary)?;
        let plan = Plan::new(&work.rulebook, work.ids(slice.documents), day());
        let thread = ThreadPoolBuilder::new().num_threads(1).build().context("starting a thread")?;
        Ok(Self { counter: plan.into_counter(), subjects, thread })
    }
}

impl Run for PreparedBulk<'_> {
    fn run(&mut self) -> Result<(u64, u64)> {
        let totals = self.thread.install(|| self.counter.count(&self.subjects));
        let sum = |of: fn(&Totals) -> usize| totals.iter().map(|totals| of(totals) as u64).sum();
        Ok((sum(|totals| totals.eligible), sum(|totals| totals.ineligible)))
    }
}

impl Engine for Bulk {
    fn name(&self) -> &'static str {
        "zhimei"
    }

    fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    fn form(&self) -> String {
        let asked = self.asked.get();
        format!(
            "plan and circuit made once, from typed columns to counts a document; {asked} decisions of the checked \
             slice made one by one"
        )
    }

    fn rows_first(&self) -> usize {
        2_048
    }

    fn prepare<'w>(&mut self, work: &'w Work, slice: Slice) -> Result<Box<dyn Run + 'w>> {
        Ok(Box::new(PreparedBulk::new(work, slice)?))
    }

    fn verdicts(&mut self, work: &Work, slice: Slice) -> Result<Verdicts> {
        let mut verdicts = Verdicts::new(slice.documents, slice.rows);
        let subjects = columns::population(&work.rows, slice.rows, &work.rulebook.vocabulary)?;
        let plan = Plan::new(&work.rulebook, work.ids(slice.documents), day());
        let outcomes = plan.decide(&subjects, Request::default());
        self.asked.set(outcomes.documents.iter().map(|document| document.asked).sum());
        for (document, counted) in outcomes.documents.iter().zip(plan.count(&subjects)) {
            ensure!(document.totals() == counted, "counting and deciding {} differ", document.id);
        }
        for (index, document) in outcomes.documents.iter().enumerate() {
            (0..slice.rows).for_each(|row| verdicts.set(index, row, verdict(document.outcome(row))));
        }
        Ok(verdicts)
    }

    fn probe(&mut self, probe: &Probe) -> String {
        said(ask_in_bulk(probe.ours))
    }
}

/// The exact engine, one subject and document after the other.
#[derive(Clone, Copy, Debug)]
pub struct OneByOne;

struct PreparedOne<'w> {
    work: &'w Work,
    documents: usize,
    profiles: Vec<Profile>,
}

impl<'w> PreparedOne<'w> {
    fn new(work: &'w Work, slice: Slice) -> Self {
        let words = &work.rulebook.vocabulary;
        let profiles = (0..slice.rows).map(|row| policy::profile(&work.rows, row, words)).collect();
        Self { work, documents: slice.documents, profiles }
    }

    fn each(&self, mut visit: impl FnMut(usize, usize, u8)) -> Result<()> {
        let engine = point::Engine::new(&self.work.rulebook).with(Options { gaps: false });
        for (row, profile) in self.profiles.iter().enumerate() {
            for (index, id) in self.work.ids(self.documents).enumerate() {
                let decision =
                    engine.decide(id, profile, day()).context("the document is in the rulebook")?;
                visit(index, row, verdict(decision.outcome));
            }
        }
        Ok(())
    }
}

/// An outcome as a verdict.
pub fn verdict(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Eligible => TRUE,
        Outcome::Ineligible => FALSE,
        Outcome::Unknown | Outcome::NotInForce => UNKNOWN,
    }
}

impl Run for PreparedOne<'_> {
    fn run(&mut self) -> Result<(u64, u64)> {
        let mut counts = [0, 0, 0];
        self.each(|_, _, verdict| counts[usize::from(verdict)] += 1)?;
        Ok((counts[usize::from(TRUE)], counts[usize::from(FALSE)]))
    }
}

impl Engine for OneByOne {
    fn name(&self) -> &'static str {
        "zhimei-exact"
    }

    fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }

    fn form(&self) -> String {
        "exact, with reasons, one by one".to_owned()
    }

    fn rows_first(&self) -> usize {
        10
    }

    fn prepare<'w>(&mut self, work: &'w Work, slice: Slice) -> Result<Box<dyn Run + 'w>> {
        Ok(Box::new(PreparedOne::new(work, slice)))
    }

    fn verdicts(&mut self, work: &Work, slice: Slice) -> Result<Verdicts> {
        let mut verdicts = Verdicts::new(slice.documents, slice.rows);
        PreparedOne::new(work, slice).each(|document, row, verdict| verdicts.set(document, row, verdict))?;
        Ok(verdicts)
    }

    fn probe(&mut self, probe: &Probe) -> String {
        said(ask_one_by_one(probe.ours))
    }
}

/// A rulebook of one rule, and a subject with 总收入 6 and 资产总额 5, 纳税总额 1 and 设备投资 0, and nothing else known.
fn probe_of(rule: &str) -> Result<(Rulebook, Profile)> {
    let text = policy::document_of_rules(PROBE, &[rule.to_owned()]);
    let words = policy::rulebook(&Documents::default())?.vocabulary;
    let document = policy::compile(PROBE, text, &words)?;
    let mut profile = Profile::new("enterprise");
    for (name, value) in [("总收入", 6), ("资产总额", 5), ("纳税总额", 1), ("设备投资", 0)] {
        let (fact, period) = policy::key_of(name, &words);
        profile.set(fact, period, Value::Number(Number::from(value)), Origin::default());
    }
    Ok((Rulebook::new(words, vec![document]), profile))
}

fn ask_one_by_one(rule: &str) -> Result<Outcome> {
    let (rulebook, profile) = probe_of(rule)?;
    let engine = point::Engine::new(&rulebook).with(Options { gaps: false });
    Ok(engine.decide(PROBE, &profile, day()).context("the probe is in the rulebook")?.outcome)
}

fn ask_in_bulk(rule: &str) -> Result<Outcome> {
    let (rulebook, profile) = probe_of(rule)?;
    let subjects = Population::from_profiles("enterprise", &[&profile], &rulebook.vocabulary);
    let outcomes = Plan::new(&rulebook, [PROBE], day()).decide(&subjects, Request::default());
    Ok(outcomes.documents.first().context("the probe is in the rulebook")?.outcome(0))
}

/// The answer of either engine as a word.
fn said(answer: Result<Outcome>) -> String {
    match answer {
        Ok(Outcome::Eligible) => word(Some(true)),
        Ok(Outcome::Ineligible) => word(Some(false)),
        Ok(_) => word(None),
        Err(error) => format!("error: {error:#}"),
    }
}
