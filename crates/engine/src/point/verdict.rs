//! Outcome, rank and amount of one document over one set of inputs, without reasons: what refinement repeats.

use std::collections::BTreeSet;

use facts::Number;
use lang::ir::{Amount, Document, InputRef, RankRule, Stage};

use super::causes::Causes;
use super::condition::Reason;
use super::eval::Evaluator;
use super::numbers::{Absence, End, Interval, Numbers};
use super::value::{Thing, Truth};

/// What a document says of a subject.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    /// Whether the conditions hold and a tier fits.
    pub truth: Truth,
    /// What that hangs on.
    pub causes: Causes,
    /// The same for each condition, in order.
    pub needs: Vec<(Truth, Causes)>,
    /// Yuan, before rounding; none where the document gives no money.
    pub amount: Option<(Numbers, Causes)>,
    /// Ranks still possible; empty where the document gives none.
    pub ranks: BTreeSet<String>,
    /// What the rank hangs on.
    pub rank_causes: Causes,
    /// No tier fits.
    pub no_tier: bool,
    /// It is open whether one does.
    pub may_lack_tier: bool,
    /// The amount came out negative, which a document has to exclude.
    pub is_negative: bool,
}

/// The band of a group that a subject falls into, if somebody ranked the group.
pub type Band = Option<String>;

impl Verdict {
    /// Evaluates conditions, rank and amount.
    pub fn of(evaluator: &mut Evaluator<'_>, band: &Band) -> Self {
        let needs = (0..evaluator.document.needs.len()).map(|need| evaluator.need(need)).collect();
        Self::with(evaluator, band, needs)
    }

    /// Whether the subject is eligible now that more is known than when this verdict came about, and what that hangs on.
    /// What held then holds still.
    pub fn again(&self, evaluator: &mut Evaluator<'_>, band: &Band) -> (Truth, Causes) {
        if self.may_lack_tier {
            let verdict = Self::of(evaluator, band);
            return (verdict.truth, verdict.causes);
        }
        let (mut truth, mut causes) = (Truth::True, Causes::NONE);
        for (need, (before, _)) in self.needs.iter().enumerate() {
            if *before == Truth::True {
                continue;
            }
            let (now, why) = evaluator.need(need);
            truth = truth.and(now);
            match now {
                Truth::True => {}
                Truth::False => return (Truth::False, Causes::NONE),
                Truth::Unknown => causes.add(&why),
            }
        }
        (truth, causes)
    }

    /// Adds rank and amount to conditions that are decided already.
    pub fn after(evaluator: &mut Evaluator<'_>, band: &Band, reasons: &[Reason<'_>]) -> Self {
        let needs: Vec<_> = reasons.iter().map(|reason| (reason.truth, reason.causes.clone())).collect();
        evaluator.keep_needs(&needs);
        Self::with(evaluator, band, needs)
    }

    fn with(evaluator: &mut Evaluator<'_>, band: &Band, needs: Vec<(Truth, Causes)>) -> Self {
        let (truth, causes) = all_of(&needs);
        let mut verdict = Self {
            truth,
            causes,
            needs,
            amount: None,
            ranks: BTreeSet::new(),
            rank_causes: Causes::NONE,
            no_tier: false,
            may_lack_tier: false,
            is_negative: false,
        };
        verdict.rank(evaluator, band);
        verdict.money(evaluator);
        verdict
    }

    fn rank<'a>(&mut self, evaluator: &mut Evaluator<'a>, band: &Band) {
        let document: &'a Document = evaluator.document;
        let Some(rank) = &document.gives.rank else { return };
        let given = evaluator.input(rank.given).clone();
        let own = |evaluator: &Evaluator<'a>| evaluator.slot_of(rank.given);
        if let (true, Thing::Texts(Some(texts), _)) = (given.causes.is_empty(), &given.thing) {
            self.ranks.clone_from(texts);
            return;
        }
        match &rank.rule {
            RankRule::First(tiers, otherwise) => {
                for (when, name) in tiers {
                    let (truth, causes) = evaluator.truth(when);
                    if truth == Truth::False {
                        continue;
                    }
                    self.ranks.insert(name.clone());
                    if truth == Truth::True {
                        return self.settle_rank();
                    }
                    self.rank_causes.add(&causes);
                }
                match otherwise {
                    Some(name) => {
                        self.ranks.insert(name.clone());
                    }
                    None => self.no_tier(Truth::possible(true, !self.ranks.is_empty())),
                }
                self.settle_rank();
            }
            RankRule::InGroup { bands, outside, .. } => {
                let (is_outside, causes) = match outside {
                    Some((when, _)) => evaluator.truth(when),
                    None => (Truth::False, Causes::NONE),
                };
                if let (Some((_, name)), true) = (outside, is_outside.can_be_true()) {
                    self.ranks.insert(name.clone());
                }
                if is_outside.can_be_false() {
                    match band {
                        Some(band) => {
                            self.ranks.insert(band.clone());
                        }
                        None => {
                            self.ranks.extend(bands.iter().map(|(name, _)| name.clone()));
                            self.rank_causes.insert(own(evaluator));
                        }
                    }
                }
                self.rank_causes.add(&causes);
                self.settle_rank();
            }
        }
    }

    fn settle_rank(&mut self) {
        if self.ranks.len() == 1 {
            self.rank_causes = Causes::NONE;
        }
    }

    /// No tier fits (true), or perhaps none does (unknown).
    fn no_tier(&mut self, truth: Truth) {
        self.no_tier |= truth == Truth::True;
        self.may_lack_tier |= truth == Truth::Unknown;
        self.truth = self.truth.and(truth.negate());
    }

    fn money<'a>(&mut self, evaluator: &mut Evaluator<'a>) {
        let document: &'a Document = evaluator.document;
        let gives = &document.gives;
        let Some(amount) = &gives.amount else { return };
        let (mut numbers, mut causes) = match amount {
            Amount::Value(value) => evaluator.numbers(value),
            Amount::Milestones(stages, received) => milestones(evaluator, stages, *received),
        };
        if let Some(cap) = &gives.at_most {
            let (cap, why) = evaluator.numbers(cap);
            numbers = numbers.min(&cap);
            causes.add(&why);
        }
        if let (true, Some(hull)) = (gives.up_to, numbers.hull()) {
            let low = End::Closed(Number::zero());
            numbers = Numbers::from_pieces(vec![Interval { low, high: hull.high }], numbers.absence);
        }
        if numbers.absence.has(Absence::NO_TIER) {
            self.causes.add(&causes);
            self.no_tier(if numbers.pieces().is_empty() { Truth::True } else { Truth::Unknown });
            numbers.absence = numbers.absence.without(Absence::NO_TIER);
        }
        self.is_negative = numbers.as_exact().is_some_and(Number::is_negative);
        let exact = numbers.as_exact().is_some();
        self.amount = Some((numbers, if exact { Causes::NONE } else { causes }));
    }

    /// Everything that is still open and would change what is answered.
    pub fn missing(&self) -> Causes {
        if self.truth == Truth::False {
            return Causes::NONE;
        }
        let mut causes = if self.truth == Truth::Unknown { self.causes.clone() } else { Causes::NONE };
        causes.add(&self.rank_causes);
        if let Some((_, why)) = &self.amount {
            causes.add(why);
        }
        causes
    }
}

/// Whether all conditions hold, and what that hangs on.
fn all_of(needs: &[(Truth, Causes)]) -> (Truth, Causes) {
    let truth = needs.iter().fold(Truth::True, |truth, (need, _)| truth.and(*need));
    let mut causes = Causes::NONE;
    if truth == Truth::Unknown {
        needs.iter().for_each(|(_, why)| causes.add(why));
    }
    (truth, causes)
}

/// Entitlement of the stages reached, less what was received. A stage that lifts brings the entitlement up to its total.
/// Where nobody said what was received, it lies between nothing and the entitlement of the stages before the last one
/// that may have been reached.
fn milestones<'a>(
    evaluator: &mut Evaluator<'a>,
    stages: &'a [Stage],
    received: InputRef,
) -> (Numbers, Causes) {
    let zero = || Numbers::exact(Number::zero());
    let (mut entitlement, mut causes) = (zero(), Causes::NONE);
    let (mut earlier, mut earlier_at_last) = (zero(), zero());
    for stage in stages {
        let (amount, amount_causes) = evaluator.numbers(&stage.amount);
        let lifted = |before: &Numbers| if stage.lifts { before.max(&amount) } else { before.add(&amount) };
        let (truth, why) = evaluator.truth(&stage.when);
        if truth != Truth::False {
            earlier_at_last = earlier.clone();
            let with = lifted(&entitlement);
            entitlement = if truth == Truth::True { with } else { entitlement.union(&with) };
            causes.add(&amount_causes);
            causes.add(&why);
        }
        earlier = lifted(&earlier);
        // A total that covers all that came before makes it of no account.
        if entitlement.as_exact().is_some() {
            causes = Causes::NONE;
        }
    }
    let bound = earlier_at_last.hull().map_or(End::Open, |hull| hull.high);
    let limits = Interval { low: End::Closed(Number::zero()), high: bound };
    let given = evaluator.input(received).clone();
    let is_given = evaluator.inputs.slots[evaluator.slot_of(received)].known.is_some();
    let received = if is_given { given.as_numbers() } else { given.as_numbers().within(&limits) };
    causes.add(&given.causes);
    (entitlement.sub(&received).max(&zero()), causes)
}
