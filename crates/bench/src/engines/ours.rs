//! Our own engine.
//!
//! `OneByOne` is the exact engine with reasons, which decides one subject at a time.

use anyhow::{Context, Result, anyhow};
use engine::point::{self, Options, Outcome, Rulebook};
use facts::{Number, Origin, Profile, Value};

use super::{Engine, Run};
use crate::measure::{Slice, Work};
use crate::policy;
use crate::probe::{Probe, word};
use crate::verdicts::{FALSE, TRUE, UNKNOWN, Verdicts};
use crate::workload::documents::Documents;
use crate::workload::fields::day;

/// The exact engine, one subject and document after the other.
#[derive(Clone, Copy, Debug)]
pub struct OneByOne;

struct Prepared {
    rulebook: Rulebook,
    ids: Vec<String>,
    profiles: Vec<Profile>,
}

impl Prepared {
    fn new(work: &Work, slice: Slice) -> Result<Self> {
        let documents = work.documents.first(slice.documents);
        let rulebook = policy::rulebook(&documents)?;
        let ids = documents.documents.iter().map(|document| document.id.clone()).collect();
        let profiles =
            (0..slice.rows).map(|row| policy::profile(&work.rows, row, &rulebook.vocabulary)).collect();
        Ok(Self { rulebook, ids, profiles })
    }

    fn each(&self, mut visit: impl FnMut(usize, usize, u8)) -> Result<()> {
        let engine = point::Engine::new(&self.rulebook).with(Options { gaps: false });
        for (row, profile) in self.profiles.iter().enumerate() {
            for (index, id) in self.ids.iter().enumerate() {
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

impl Run for Prepared {
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
        Ok(Box::new(Prepared::new(work, slice)?))
    }

    fn verdicts(&mut self, work: &Work, slice: Slice) -> Result<Verdicts> {
        let mut verdicts = Verdicts::new(slice.documents, slice.rows);
        Prepared::new(work, slice)?.each(|document, row, verdict| verdicts.set(document, row, verdict))?;
        Ok(verdicts)
    }

    fn probe(&mut self, probe: &Probe) -> String {
        ask(probe.ours).unwrap_or_else(|error| format!("error: {error:#}"))
    }
}

/// Decides one rule over a subject with 总收入 6 and 资产总额 5, 纳税总额 1 and 设备投资 0, and nothing else known.
fn ask(rule: &str) -> Result<String> {
    let text = policy::document_of_rules("probe", &[rule.to_owned()]);
    let mut rulebook = policy::rulebook(&Documents::default())?;
    let document = policy::compile("probe", text, &rulebook.vocabulary)?;
    rulebook = Rulebook::new(rulebook.vocabulary, vec![document]);
    let mut profile = Profile::new("enterprise");
    for (name, value) in [("总收入", 6), ("资产总额", 5), ("纳税总额", 1), ("设备投资", 0)] {
        let (fact, period) = policy::key_of(name, &rulebook.vocabulary);
        profile.set(fact, period, Value::Number(Number::from(value)), Origin::default());
    }
    let engine = point::Engine::new(&rulebook).with(Options { gaps: false });
    let decision = engine.decide("probe", &profile, day()).ok_or_else(|| anyhow!("not decided"))?;
    Ok(match decision.outcome {
        Outcome::Eligible => word(Some(true)),
        Outcome::Ineligible => word(Some(false)),
        _ => word(None),
    })
}
