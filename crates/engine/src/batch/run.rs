//! Running a plan over a population: chunk by chunk, on all threads, put together in order.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, OnceLock};

use facts::Fen;
use population::{Bits, Population};
use rayon::prelude::*;

use super::bind::{Binder, Bindings, BoundSlot, Shape};
use super::enclosure::Enclosures;
use super::eval::{ChunkEval, Decided};
use super::filled::certainly_open;
use super::lower::AmountPlan;
use super::outcome::{DocumentOutcomes, Outcomes};
use super::plan::{Plan, Planned};
use super::program::TruthId;
use super::slots::{Rows, SlotChunk, TruthChunk, get, ones, set};
use crate::point::{Band, Brief, Calendar, Member, Money, Outcome, bands_of, member};

/// Rows of a chunk: planes and numbers of a chunk stay in a core's own cache.
const CHUNK_ROWS: usize = 2_048;

/// What to work out beside the outcomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Request {
    /// What is due.
    pub amounts: bool,
    /// Ids of failed conditions, and what is missing.
    pub details: bool,
}

/// The bands of the subjects for each document that ranks a group, by the document's id.
pub type Bands = BTreeMap<String, Vec<Band>>;

/// What one chunk comes to for one document.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub eligible: Vec<u64>,
    pub ineligible: Vec<u64>,
    amounts: Vec<(u32, Money)>,
    ranks: Vec<(u32, u32)>,
    failed: Vec<(u32, Arc<[String]>)>,
    missing: Vec<(u32, Arc<[String]>)>,
    asked: usize,
}

impl Plan<'_> {
    /// Decides everything for everybody. Ranks within a group are among this population.
    pub fn decide(&self, population: &Population, request: Request) -> Outcomes {
        self.decide_ranked(population, request, &self.bands(&self.members(population)))
    }

    /// What is known of each subject for each document that ranks a group: of a population that comes in batches, those
    /// of all batches together give the bands.
    pub fn members(&self, population: &Population) -> BTreeMap<String, Vec<Member>> {
        let grouped = self.documents.iter().filter(|planned| planned.is_grouped());
        grouped
            .filter(|planned| planned.document().subject == population.kind())
            .map(|planned| {
                let of_row = |row: usize| {
                    let profile = population.profile(row, &planned.wanted);
                    member(&self.engine, planned.entry, &profile, self.day)
                };
                let members = (0..population.rows()).into_par_iter().map(of_row).collect();
                (planned.document().id.clone(), members)
            })
            .collect()
    }

    /// The bands of all members.
    pub fn bands(&self, members: &BTreeMap<String, Vec<Member>>) -> Bands {
        let of_document = |(id, members): (&String, &Vec<Member>)| {
            let planned = self.documents.iter().find(|planned| planned.document().id == *id)?;
            match &planned.document().gives.rank.as_ref()?.rule {
                lang::ir::RankRule::InGroup { bands, .. } => Some((id.clone(), bands_of(bands, members))),
                lang::ir::RankRule::First(..) => None,
            }
        };
        members.iter().filter_map(of_document).collect()
    }

    /// The same with the bands of documents that rank a group given.
    pub fn decide_ranked(&self, population: &Population, request: Request, bands: &Bands) -> Outcomes {
        let bound = self.bind(population);
        let rows = population.rows();
        let starts: Vec<usize> = (0..rows).step_by(CHUNK_ROWS).collect();
        let chunks: Vec<Vec<Part>> = starts
            .into_par_iter()
            .map(|start| {
                let rows = Rows { start, end: rows.min(start + CHUNK_ROWS) };
                Chunk { plan: self, population, request, bands }.run(&bound, rows)
            })
            .collect();
        let mut documents: Vec<DocumentOutcomes> = self.documents.iter().map(of_document).collect();
        let mut words: Vec<(Vec<u64>, Vec<u64>)> = vec![Default::default(); documents.len()];
        for chunk in chunks {
            for ((part, document), (eligible, ineligible)) in
                chunk.into_iter().zip(&mut documents).zip(&mut words)
            {
                eligible.extend(part.eligible);
                ineligible.extend(part.ineligible);
                document.amounts.extend(part.amounts);
                document.ranks.extend(part.ranks);
                document.failed.extend(part.failed);
                document.missing.extend(part.missing);
                document.asked += part.asked;
            }
        }
        for (document, (eligible, ineligible)) in documents.iter_mut().zip(words) {
            document.eligible = Bits::from_words(eligible, rows);
            document.ineligible = Bits::from_words(ineligible, rows);
        }
        let documents = self.asked.iter().map(|asked| match asked {
            Ok(place) => documents[*place].clone(),
            Err(entry) => DocumentOutcomes {
                id: entry.document.id.clone(),
                eligible: Bits::new(rows),
                ineligible: Bits::new(rows),
                ..DocumentOutcomes::default()
            },
        });
        Outcomes { rows, documents: documents.collect() }
    }

    pub(super) fn bind<'p>(&self, population: &'p Population) -> Bindings<'p> {
        let binder = Binder {
            vocabulary: &self.engine.rulebook().vocabulary,
            population,
            calendar: Calendar { day: self.day, reference: self.day.year },
            deriving: &|fact| self.deriving(fact),
            reference_years: RefCell::default(),
            latest_years: RefCell::default(),
        };
        let mut slots: Vec<BoundSlot<'p>> = self.program.slots.iter().map(|slot| binder.bind(slot)).collect();
        for slot in &mut slots {
            if let (Shape::Text, Some(place)) = (slot.shape, slot.deriving) {
                for rank in &self.documents[place].ranks {
                    slot.place(rank);
                }
            }
        }
        Bindings { slots, tested: (0..self.program.truths.len()).map(|_| OnceLock::new()).collect() }
    }
}

fn of_document(planned: &Planned<'_>) -> DocumentOutcomes {
    DocumentOutcomes {
        id: planned.document().id.clone(),
        is_in_force: true,
        rank_names: planned.ranks.clone(),
        ..DocumentOutcomes::default()
    }
}

/// What a chunk is run with.
pub(super) struct Chunk<'c, 'a> {
    pub plan: &'c Plan<'a>,
    pub population: &'c Population,
    pub request: Request,
    pub bands: &'c Bands,
}

impl Chunk<'_, '_> {
    fn run(&self, bound: &Bindings<'_>, rows: Rows) -> Vec<Part> {
        let plan = self.plan;
        let document_of = |id: &str| plan.place_of(id);
        let words = (&plan.program, &plan.engine.rulebook().vocabulary);
        let mut eval = ChunkEval::new(rows, plan.day, words, bound, plan.documents.len(), &document_of);
        let mut parts = Vec::with_capacity(plan.documents.len());
        for (place, planned) in plan.documents.iter().enumerate() {
            let (part, decided) = self.document(&mut eval, planned);
            eval.decided[place] = Some(Rc::new(decided));
            parts.push(part);
        }
        parts
    }

    pub fn document(&self, eval: &mut ChunkEval<'_, '_>, planned: &Planned<'_>) -> (Part, Decided) {
        let rows = eval.rows;
        if planned.document().subject != self.population.kind() {
            let part = Part {
                eligible: vec![0; rows.words()],
                ineligible: vec![0; rows.words()],
                ..Part::default()
            };
            return (part, Decided::default());
        }
        // Why the ineligible are is told by all conditions in all rows.
        let mut truth = if self.request.details {
            TruthChunk::clone(&eval.truth(planned.lowered.outcome))
        } else {
            eval.all_steps(&planned.steps)
        };
        let mut ask = self.open_in_earnest(eval, planned, &truth);
        let amounts = self.amounts(eval, planned, &truth, &mut ask);
        let mut part = Part::default();
        let mut rank = self.ranks(eval, planned, &truth);
        let mut exact: BTreeMap<usize, Brief> = BTreeMap::new();
        for row in ones(&ask) {
            exact.insert(row, self.exact(planned, rows.start + row, self.request.details));
        }
        part.asked = exact.len();
        for (row, brief) in &exact {
            let (word, bit) = (row / 64, 1u64 << (row % 64));
            truth.yes[word] &= !bit;
            truth.no[word] &= !bit;
            match brief.outcome {
                Outcome::Eligible => truth.yes[word] |= bit,
                Outcome::Ineligible => truth.no[word] |= bit,
                Outcome::Unknown | Outcome::NotInForce => {}
            }
            if let [only] = brief.ranks.as_slice() {
                rank[*row] = planned.ranks.iter().position(|name| name == only).map_or(u32::MAX, place);
            }
        }
        let first = place(rows.start);
        if self.request.amounts {
            part.amounts = self.paid(&truth, &amounts, &exact, first);
        }
        if !planned.ranks.is_empty() {
            let ranked = ones(&truth.yes).filter(|row| rank[*row] != u32::MAX);
            part.ranks = ranked.map(|row| (first + place(row), rank[row])).collect();
        }
        if self.request.details {
            self.details(eval, planned, &truth, &exact, &mut part);
        }
        part.eligible.clone_from(&truth.yes);
        part.ineligible.clone_from(&truth.no);
        truth.odd.iter_mut().for_each(|word| *word = 0);
        (part, Decided { truth, rank, ranks: planned.ranks.clone() })
    }

    /// Rows that are open and may not be: what bounds could not tell, and unknowns that hang together.
    fn open_in_earnest(
        &self,
        eval: &mut ChunkEval<'_, '_>,
        planned: &Planned<'_>,
        truth: &TruthChunk,
    ) -> Vec<u64> {
        let rows = eval.rows;
        let mut open = rows.all();
        for (at, open) in open.iter_mut().enumerate() {
            *open &= !truth.yes[at] & !truth.no[at];
        }
        let mut ask: Vec<u64> = open.iter().zip(&truth.odd).map(|(open, odd)| open & odd).collect();
        if open.iter().zip(&ask).all(|(open, ask)| open == ask) {
            return ask;
        }
        let hangs = eval.any_unsettled(&planned.entangled);
        for at in 0..ask.len() {
            ask[at] |= open[at] & hangs[at];
        }
        if ask.iter().any(|word| *word != 0) {
            let vocabulary = &self.plan.engine.rulebook().vocabulary;
            let proved = certainly_open(eval, vocabulary, planned, &ask);
            ask.iter_mut().zip(proved).for_each(|(ask, proved)| *ask &= !proved);
        }
        ask
    }

    /// A row decided exactly: where it is open and bounds could not tell, where unknowns hang together (the exact decision
    /// tries their cases), and where an amount is not one number.
    fn exact(&self, planned: &Planned<'_>, row: usize, with_details: bool) -> Brief {
        let bands = self.bands.get(&planned.document().id);
        let band = bands.and_then(|bands| bands.get(row)).cloned().flatten();
        let plan = self.plan;
        let profile = self.population.profile(row, &planned.wanted);
        plan.engine.brief(planned.entry, &profile, plan.day, &band, with_details)
    }

    /// The numbers of the amount; rows whose amount they cannot tell to the fen are asked.
    fn amounts(
        &self,
        eval: &mut ChunkEval<'_, '_>,
        planned: &Planned<'_>,
        truth: &TruthChunk,
        ask: &mut [u64],
    ) -> Vec<(usize, Money)> {
        if !self.request.amounts || truth.yes.iter().all(|word| *word == 0) {
            return Vec::new();
        }
        let mut out = Vec::new();
        match &planned.lowered.amount {
            AmountPlan::None => {}
            AmountPlan::Exact => ask.iter_mut().zip(&truth.yes).for_each(|(ask, yes)| *ask |= yes),
            AmountPlan::Number { yuan, up_to, reads, split } => {
                let rows: Vec<usize> = ones(&truth.yes).collect();
                let numbers: Rc<Enclosures> = eval.number_of_rows(*yuan, &rows, reads);
                let mut open = Vec::new();
                for (at, row) in rows.into_iter().enumerate() {
                    match numbers.fen(at).map(Fen) {
                        Some(fen) if *up_to => out.push((row, Money::between(Some(Fen::ZERO), Some(fen)))),
                        Some(fen) => out.push((row, Money::Exact(fen))),
                        None => open.push((at, row)),
                    }
                }
                if open.is_empty() {
                    return out;
                }
                let may_be_split = match split {
                    // What an open amount lacks is told by the exact decision alone.
                    Some(slots) if !self.request.details => eval.any_unsettled(slots),
                    _ => truth.yes.clone(),
                };
                for (at, row) in open {
                    match numbers.fen_between(at).filter(|_| !get(&may_be_split, row)) {
                        Some((low, high)) => {
                            let low = if *up_to { Fen::ZERO } else { Fen(low) };
                            out.push((row, Money::between(Some(low), high.map(Fen))));
                        }
                        None => set(ask, row),
                    }
                }
            }
        }
        out
    }

    fn paid(
        &self,
        truth: &TruthChunk,
        amounts: &[(usize, Money)],
        exact: &BTreeMap<usize, Brief>,
        first: u32,
    ) -> Vec<(u32, Money)> {
        let mut out: Vec<(u32, Money)> = amounts
            .iter()
            .filter(|(row, _)| get(&truth.yes, *row) && !exact.contains_key(row))
            .map(|(row, money)| (first + place(*row), money.clone()))
            .collect();
        for (row, brief) in exact {
            if let (Outcome::Eligible, Some(money)) = (brief.outcome, &brief.amount) {
                out.push((first + place(*row), money.clone()));
            }
        }
        out.sort_unstable_by_key(|(row, _)| *row);
        out
    }

    /// The rank of each row that has one, as far as the planes tell.
    fn ranks(&self, eval: &mut ChunkEval<'_, '_>, planned: &Planned<'_>, truth: &TruthChunk) -> Vec<u32> {
        let Some(plan) = &planned.lowered.rank else { return Vec::new() };
        let mut out = vec![u32::MAX; eval.rows.len()];
        let mut open = truth.yes.clone();
        if let Some(given) = plan.given
            && let SlotChunk::Text(chunk) = &*eval.slot(given)
        {
            let names = eval.dictionary(given);
            for row in ones(&truth.yes) {
                if get(&chunk.known, row) {
                    let name = &names[chunk.indices[row] as usize];
                    out[row] = planned.ranks.iter().position(|rank| rank == name).map_or(u32::MAX, place);
                    open[row / 64] &= !(1 << (row % 64));
                }
            }
        }
        let mut take = |open: &mut Vec<u64>, holds: &[u64], name: &str| {
            let rank = planned.ranks.iter().position(|rank| rank == name).map_or(u32::MAX, place);
            for at in 0..open.len() {
                let hit = open[at] & holds[at];
                open[at] &= !hit;
                ones(&[hit]).for_each(|bit| out[at * 64 + bit] = rank);
            }
        };
        for (when, name) in &plan.tiers {
            let when: TruthId = *when;
            let holds = eval.truth(when);
            take(&mut open, &holds.yes, name);
        }
        if let Some(name) = &plan.otherwise {
            let all = eval.rows.all();
            take(&mut open, &all, name);
        }
        out
    }

    /// Why the ineligible are, and what the open lack.
    fn details(
        &self,
        eval: &mut ChunkEval<'_, '_>,
        planned: &Planned<'_>,
        truth: &TruthChunk,
        exact: &BTreeMap<usize, Brief>,
        part: &mut Part,
    ) {
        let rows = eval.rows;
        for row in 0..rows.len() {
            if get(&truth.yes, row) {
                // An amount that is open lacks something too.
                if let Some(brief) = exact.get(&row).filter(|brief| !brief.missing.is_empty()) {
                    part.missing.push((place(rows.start + row), brief.missing.clone().into()));
                }
                continue;
            }
            let brief = match exact.get(&row) {
                Some(brief) => brief.clone(),
                None => self.exact(planned, rows.start + row, true),
            };
            let at = place(rows.start + row);
            if get(&truth.no, row) {
                part.failed.push((at, brief.failed.into()));
            } else {
                part.missing.push((at, brief.missing.into()));
            }
        }
    }
}

/// A row or place as it is stored.
fn place(row: usize) -> u32 {
    u32::try_from(row).expect("a population has fewer than 2^32 rows")
}
