//! The decision: what a person, a page or a program is answered.

use std::cell::RefCell;

use facts::{Date, FactId, Fen, Profile};
use lang::ir::{Document, InputKind, Nature};

use super::condition::{Reason, reason};
use super::eval::Evaluator;
use super::gap::Gap;
use super::inputs::{Inputs, Others};
use super::money::Money;
use super::numbers::Numbers;
use super::refine::{refine, stays_unknown};
use super::rulebook::{Entry, Rulebook, Standing};
use super::score::Scored;
use super::value::{Truth, Value};
use super::verdict::{Band, Verdict};

/// Most documents that may hang on one another.
const DEPTH_MAX: usize = 16;

/// The outcome of a document for a subject on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Outcome {
    /// All conditions hold.
    Eligible,
    /// One condition does not hold.
    Ineligible,
    /// Something that is not known decides.
    Unknown,
    /// No version of the document holds on that day.
    NotInForce,
}

impl Outcome {
    /// All outcomes with their codes.
    pub const CODES: [(&'static str, Outcome); 4] = [
        ("eligible", Outcome::Eligible),
        ("ineligible", Outcome::Ineligible),
        ("unknown", Outcome::Unknown),
        ("not_in_force", Outcome::NotInForce),
    ];

    /// Its code in JSON, CSV and case files.
    pub fn as_code(self) -> &'static str {
        Self::CODES.iter().find(|(_, outcome)| *outcome == self).map_or("unknown", |(code, _)| code)
    }

    /// The outcome of that code.
    pub fn parse_code(code: &str) -> Option<Self> {
        Self::CODES.iter().find(|(known, _)| *known == code).map(|(_, outcome)| *outcome)
    }
}

/// A fact, status or decision whose value can still change the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    /// As the document writes it.
    pub key: String,
    /// The fact, if it is one.
    pub fact: Option<FactId>,
    /// Whether only a person's judgement can tell.
    pub is_manual: bool,
}

/// A named value of the document.
#[derive(Clone, PartialEq, Debug)]
pub struct NamedValue {
    /// Name.
    pub name: String,
    /// What it may be.
    pub value: Value,
    /// Its type, which tells the unit.
    pub ty: lang::types::Type,
}

/// The answer of one document for one subject on one day.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// The version that was decided.
    pub document: &'a Document,
    /// The day.
    pub day: Date,
    /// The outcome.
    pub outcome: Outcome,
    /// The id that took over, where the document is no longer in force.
    pub successor: Option<&'a str>,
    /// The conditions with their reasons.
    pub reasons: Vec<Reason<'a>>,
    /// Ids of the failed conditions.
    pub failed: Vec<String>,
    /// What can still change outcome or amount.
    pub missing: Vec<Missing>,
    /// What is due: nothing if ineligible, undetermined while the outcome is open; none where the document gives no money.
    pub amount: Option<Money>,
    /// What would be due if the conditions held.
    pub amount_if_eligible: Option<Money>,
    /// The same in yuan before it was rounded to the fen.
    pub amount_unrounded: Option<Numbers>,
    /// What the money is.
    pub nature: Option<Nature>,
    /// Ranks still possible; one is the rank.
    pub ranks: Vec<String>,
    /// Scores.
    pub scores: Vec<Scored>,
    /// Intermediate values and further results.
    pub values: Vec<NamedValue>,
    /// How far off the failed conditions are.
    pub gaps: Vec<Gap>,
    /// What a person should know beside.
    pub notes: Vec<Note>,
}

/// Something worth a sentence that changes no outcome.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Note {
    /// No tier fits.
    NoTier,
    /// The rule makes the amount negative, which it has to exclude.
    NegativeAmount,
    /// The score that was given differs from the derived one.
    ScoreDiffers(String),
    /// A total or mean that was given differs from what the years come to; the years win.
    SpanDiffers(String),
    /// A date is known only to the month or year; the start of that period counted.
    ImpreciseDate(String),
}

/// What a decision comes to, without reasons.
#[derive(Clone, Debug)]
pub(crate) struct Brief {
    /// The outcome.
    pub outcome: Outcome,
    /// What would be due.
    pub amount: Option<Money>,
    /// Ranks still possible.
    pub ranks: Vec<String>,
    /// Ids of the failed conditions.
    pub failed: Vec<String>,
    /// What can still change outcome or amount.
    pub missing: Vec<String>,
}

/// What has failed where no tier fits.
const NO_TIER_ID: &str = "no-tier";

/// What to work out beside the outcome.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Options {
    /// How far off failed conditions are.
    pub gaps: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { gaps: true }
    }
}

/// Decides documents for subjects on days.
#[derive(Clone, Copy, Debug)]
pub struct Engine<'a> {
    rulebook: &'a Rulebook,
    options: Options,
}

impl<'a> Engine<'a> {
    /// An engine over a rulebook.
    pub fn new(rulebook: &'a Rulebook) -> Self {
        Self { rulebook, options: Options::default() }
    }

    /// The same with other options.
    #[must_use]
    pub fn with(self, options: Options) -> Self {
        Self { options, ..self }
    }

    /// The rulebook.
    pub fn rulebook(&self) -> &'a Rulebook {
        self.rulebook
    }

    /// Decides the document of that id; `None` if there is none.
    pub fn decide(&self, id: &str, profile: &Profile, day: Date) -> Option<Decision<'a>> {
        Some(self.decide_standing(self.rulebook.on(id, day)?, profile, day, &None))
    }

    /// The same for a subject whose band in a group somebody worked out.
    pub fn decide_ranked(&self, id: &str, profile: &Profile, day: Date, band: &Band) -> Option<Decision<'a>> {
        Some(self.decide_standing(self.rulebook.on(id, day)?, profile, day, band))
    }

    /// Decides every document for that kind of subject, by id.
    pub fn decide_all(&self, profile: &Profile, day: Date) -> Vec<Decision<'a>> {
        let standings = self.rulebook.ids().into_iter().filter_map(|id| self.rulebook.on(id, day));
        standings
            .filter(|standing| standing.entry().document.subject == profile.kind)
            .map(|standing| self.decide_standing(standing, profile, day, &None))
            .collect()
    }

    /// Lets `read` look at a subject as a version of a document sees it.
    pub(super) fn inspect<T>(
        &self,
        entry: &'a Entry,
        profile: &Profile,
        day: Date,
        read: impl FnOnce(&mut Evaluator<'a>) -> T,
    ) -> T {
        let document = &entry.document;
        let others = Below { engine: self, profile, day, stack: RefCell::new(vec![document.id.clone()]) };
        let inputs = Inputs::new(document, &self.rulebook.vocabulary, profile, day, &others);
        read(&mut Evaluator::new(inputs, Some(entry.survey.readers())))
    }

    /// The first named value of a document over a profile: how an expression on its own is evaluated.
    pub fn value(&self, document: &Document, profile: &Profile, day: Date) -> Value {
        let others = Below { engine: self, profile, day, stack: RefCell::new(Vec::new()) };
        let inputs = Inputs::new(document, &self.rulebook.vocabulary, profile, day, &others);
        let mut evaluator = Evaluator::new(inputs, None);
        document.lets.first().map_or_else(
            || Value::truth(Truth::Unknown, super::causes::Causes::NONE),
            |named| evaluator.eval(&named.value),
        )
    }

    /// What a version comes to, without reasons: for very many subjects.
    pub(crate) fn brief(
        &self,
        entry: &'a Entry,
        profile: &Profile,
        day: Date,
        band: &Band,
        with_details: bool,
    ) -> Brief {
        self.inspect(entry, profile, day, |evaluator| {
            let document: &'a Document = evaluator.document;
            let reasons: Vec<Reason<'a>> =
                document.needs.iter().map(|need| reason(evaluator, need)).collect();
            let plain = Verdict::after(evaluator, band, &reasons);
            if !with_details && stays_unknown(evaluator, &entry.survey, band, &plain) {
                return Brief {
                    outcome: Outcome::Unknown,
                    amount: None,
                    ranks: Vec::new(),
                    failed: Vec::new(),
                    missing: Vec::new(),
                };
            }
            let verdict = refine(evaluator, &entry.survey, band, plain);
            let missing = missing(&evaluator.inputs, &verdict);
            Brief {
                outcome: outcome(&verdict),
                amount: verdict.amount.as_ref().map(|(numbers, _)| Money::of(numbers)),
                ranks: ordered_ranks(document, &verdict),
                failed: failed(&reasons, &verdict),
                missing: missing.into_iter().map(|missing| missing.key).collect(),
            }
        })
    }

    fn decide_standing(
        &self,
        standing: Standing<'a>,
        profile: &Profile,
        day: Date,
        band: &Band,
    ) -> Decision<'a> {
        match standing {
            Standing::InForce(entry) => self.decide_entry(entry, profile, day, band),
            Standing::NotInForce { nearest, .. } => {
                let mut decision = blank(&nearest.document, day, Outcome::NotInForce);
                decision.successor = nearest.document.superseded_by.as_deref();
                decision
            }
        }
    }

    /// Decides one version, in force or not.
    pub fn decide_entry(&self, entry: &'a Entry, profile: &Profile, day: Date, band: &Band) -> Decision<'a> {
        let document = &entry.document;
        let others = Below { engine: self, profile, day, stack: RefCell::new(vec![document.id.clone()]) };
        let inputs = Inputs::new(document, &self.rulebook.vocabulary, profile, day, &others);
        decide_inputs(entry, inputs, band, self.options, day)
    }
}

fn blank(document: &Document, day: Date, outcome: Outcome) -> Decision<'_> {
    Decision {
        document,
        day,
        outcome,
        successor: None,
        reasons: Vec::new(),
        failed: Vec::new(),
        missing: Vec::new(),
        amount: None,
        amount_if_eligible: None,
        amount_unrounded: None,
        nature: document.gives.nature,
        ranks: Vec::new(),
        scores: Vec::new(),
        values: Vec::new(),
        gaps: Vec::new(),
        notes: Vec::new(),
    }
}

fn decide_inputs<'a>(
    entry: &'a Entry,
    inputs: Inputs<'a>,
    band: &Band,
    options: Options,
    day: Date,
) -> Decision<'a> {
    let document: &'a Document = &entry.document;
    let mut evaluator = Evaluator::new(inputs, Some(entry.survey.readers()));
    evaluator.with_reasons = true;
    let reasons: Vec<Reason<'a>> = document.needs.iter().map(|need| reason(&mut evaluator, need)).collect();
    evaluator.with_reasons = false;
    let plain = Verdict::after(&mut evaluator, band, &reasons);
    let verdict = refine(&mut evaluator, &entry.survey, band, plain);
    let mut decision = blank(document, day, outcome(&verdict));
    decision.failed = failed(&reasons, &verdict);
    decision.missing = missing(&evaluator.inputs, &verdict);
    if decision.outcome != Outcome::Ineligible || verdict.ranks.len() == 1 {
        decision.ranks = ordered_ranks(document, &verdict);
    }
    if let Some((numbers, _)) = &verdict.amount {
        let money = Money::of(numbers);
        decision.amount = Some(match decision.outcome {
            Outcome::Ineligible => Money::Exact(Fen::ZERO),
            Outcome::Eligible => money.clone(),
            Outcome::Unknown | Outcome::NotInForce => Money::Undetermined,
        });
        decision.amount_if_eligible = Some(money);
        decision.amount_unrounded = Some(numbers.clone());
    }
    decision.scores = (0..document.scores.len()).map(|index| evaluator.score(index).clone()).collect();
    let named = document.lets.iter().chain(&document.gives.also);
    decision.values = named
        .map(|named| NamedValue {
            name: named.name.clone(),
            value: evaluator.eval(&named.value),
            ty: named.value.ty.clone(),
        })
        .collect();
    if verdict.no_tier && reasons.iter().all(|reason| reason.failed().is_empty()) {
        decision.notes.push(Note::NoTier);
    }
    if verdict.is_negative {
        decision.notes.push(Note::NegativeAmount);
    }
    let differs = decision.scores.iter().filter(|score| score.contradicted.is_some());
    decision.notes.extend(differs.map(|score| Note::ScoreDiffers(score.name.clone())));
    decision.notes.extend(super::notes::of_inputs(&mut evaluator));
    if options.gaps {
        decision.gaps = super::gap::gaps(&mut evaluator, &reasons);
    }
    decision.reasons = reasons;
    decision
}

/// The ids of what failed; where all conditions hold, that no tier fits.
fn failed(reasons: &[Reason<'_>], verdict: &Verdict) -> Vec<String> {
    let mut failed: Vec<String> = reasons.iter().flat_map(Reason::failed).collect();
    failed.dedup();
    if verdict.no_tier && failed.is_empty() {
        failed.push(NO_TIER_ID.to_owned());
    }
    failed
}

fn outcome(verdict: &Verdict) -> Outcome {
    match verdict.truth {
        Truth::False => Outcome::Ineligible,
        Truth::Unknown => Outcome::Unknown,
        Truth::True if verdict.ranks.len() > 1 => Outcome::Unknown,
        Truth::True => Outcome::Eligible,
    }
}

/// In the order in which the document gives its ranks.
fn ordered_ranks(document: &Document, verdict: &Verdict) -> Vec<String> {
    let Some(rank) = &document.gives.rank else { return Vec::new() };
    let order: Vec<&String> = match &rank.rule {
        lang::ir::RankRule::First(tiers, otherwise) => {
            tiers.iter().map(|(_, name)| name).chain(otherwise).collect()
        }
        lang::ir::RankRule::InGroup { bands, .. } => bands.iter().map(|(name, _)| name).collect(),
    };
    let mut ranks: Vec<String> = verdict.ranks.iter().cloned().collect();
    ranks.sort_by_key(|rank| order.iter().position(|known| *known == rank).unwrap_or(usize::MAX));
    ranks
}

fn missing(inputs: &Inputs<'_>, verdict: &Verdict) -> Vec<Missing> {
    let mut out: Vec<Missing> = Vec::new();
    for slot in verdict.missing().iter() {
        let state = &inputs.slots[slot];
        let fact = match &state.kind {
            InputKind::Fact(fact, _) => Some(*fact),
            _ => None,
        };
        let is_manual = matches!(state.kind, InputKind::Manual(_));
        let keys = if state.through.is_empty() { std::slice::from_ref(&state.key) } else { &state.through };
        for key in keys {
            if !out.iter().any(|known| known.key == *key) {
                out.push(Missing { key: key.clone(), fact, is_manual });
            }
        }
    }
    out
}

/// Other documents, decided for the same subject on the same day.
struct Below<'e, 'a, 'p> {
    engine: &'e Engine<'a>,
    profile: &'p Profile,
    day: Date,
    /// Ids being decided, outermost first: one that hangs on itself stays unknown.
    stack: RefCell<Vec<String>>,
}

impl<'a> Below<'_, 'a, '_> {
    fn decide(&self, entry: &'a Entry) -> Option<Decision<'a>> {
        let id = &entry.document.id;
        if self.stack.borrow().contains(id) || self.stack.borrow().len() >= DEPTH_MAX {
            return None;
        }
        self.stack.borrow_mut().push(id.clone());
        let inputs =
            Inputs::new(&entry.document, &self.engine.rulebook.vocabulary, self.profile, self.day, self);
        let decision = decide_inputs(entry, inputs, &None, Options { gaps: false }, self.day);
        self.stack.borrow_mut().pop();
        Some(decision)
    }
}

impl Others for Below<'_, '_, '_> {
    fn satisfied(&self, id: &str) -> (Truth, Vec<String>) {
        let Some(Standing::InForce(entry)) = self.engine.rulebook.on(id, self.day) else {
            return (Truth::Unknown, Vec::new());
        };
        let Some(decision) = self.decide(entry) else { return (Truth::Unknown, Vec::new()) };
        match decision.outcome {
            Outcome::Eligible => (Truth::True, Vec::new()),
            Outcome::Ineligible => (Truth::False, Vec::new()),
            _ => (Truth::Unknown, decision.missing.into_iter().map(|missing| missing.key).collect()),
        }
    }

    fn ranks(&self, fact: FactId) -> Option<Vec<String>> {
        let entry = self.engine.rulebook.deriving(fact, self.day)?;
        let decision = self.decide(entry)?;
        match decision.outcome {
            Outcome::Eligible => Some(decision.ranks),
            // Where it is open whether the classification applies at all, any rank or none remains possible.
            _ => None,
        }
    }
}
