//! Counting at full speed: documents as one circuit of bit planes, columns ranked against all their constants at once.
//!
//! Most documents of a large set compare columns with constants, combine that, and are done. They become the roots of one
//! [`crate::planes`] circuit, and a chunk of rows is decided for all of them together; only counts leave the registers.
//! Documents that hang on others, rank groups, or have unknowns that hang together take the ordinary way, and so does a
//! document in a chunk where something it reads could not be told from bounds.

mod columns;
mod ratio;

use std::collections::BTreeSet;

use facts::FactType;
use population::Population;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use self::columns::{CodeLane, CutLane, SetLane, is_below};
use self::ratio::RatioLane;
use super::bind::Bindings;
use super::eval::ChunkEval;
use super::plan::Plan;
use super::program::{Atom, Comparison, Logical, Numeric, Program, SlotId, SlotKind, TruthId};
use super::reads::{Node, slots_read};
use super::run::{Bands, Chunk, Request};
use super::slots::Rows;
use super::totals::Totals;
use crate::planes::{Builder, Count, Lit, Planes, Program as Circuit, Truth};
use lang::ir::Compare;

/// Chunks of a block that one thread takes at a time.
const BLOCK_CHUNKS: usize = 32;

/// An order comparison of a column or number with a constant, and the atom that it fills: whether the constant is reached,
/// or passed. A comparison that asks for less is the atom turned round, which costs the circuit nothing.
#[derive(Clone, Debug)]
struct Entry {
    truth: TruthId,
    op: Compare,
    number: facts::Number,
    atom: u32,
}

/// A truth that is computed the ordinary way, and its atom, which may be its opposite.
#[derive(Clone, Copy, Debug)]
struct Other {
    truth: TruthId,
    atom: u32,
    is_turned: bool,
}

/// The documents that take the fast way, and how their atoms are filled.
#[derive(Debug)]
pub(super) struct Lanes {
    circuit: Circuit,
    /// Documents, by the place in the plan; roots of the circuit in this order.
    documents: Vec<usize>,
    cuts: Vec<CutLane>,
    ratios: Vec<RatioLane>,
    codes: Vec<CodeLane>,
    sets: Vec<SetLane>,
    /// What is computed the ordinary way.
    others: Vec<Other>,
    /// The documents, as places in `documents`, that read an atom.
    readers: Vec<Vec<u32>>,
}

/// What a thread keeps from chunk to chunk.
struct Worker {
    planes: Planes,
    /// What the circuit counted in the chunks of a block that left no doubt.
    counts: Vec<Count>,
    /// The same for one chunk by itself.
    doubted: Vec<Count>,
    cuts: Vec<Option<columns::Ranked>>,
    ratios: Vec<Option<ratio::Ranked>>,
    codes: Vec<Option<columns::Classed>>,
    sets: Vec<Option<columns::Testing>>,
}

/// Atoms while the circuit is built.
struct Making<'p> {
    program: &'p Program,
    builder: Builder,
    lits: FxHashMap<TruthId, Lit>,
    orders: FxHashMap<(TruthId, Compare), Lit>,
    cuts: FxHashMap<SlotId, Vec<Entry>>,
    bounds: FxHashMap<usize, Vec<Entry>>,
    codes: FxHashMap<SlotId, Vec<(TruthId, u32)>>,
    others: Vec<Other>,
}

impl Making<'_> {
    fn atom(&mut self) -> (Lit, u32) {
        let number = u32::try_from(self.builder.atom_count()).expect("a circuit has fewer than 2^32 atoms");
        (self.builder.atom(), number)
    }

    fn lit(&mut self, truth: TruthId) -> Lit {
        if let Some(known) = self.lits.get(&truth) {
            return *known;
        }
        let program = self.program;
        let lit = match program.truths.get(truth) {
            Logical::Constant(constant) => self.builder.constant(match constant {
                crate::point::Truth::True => Truth::True,
                crate::point::Truth::False => Truth::False,
                crate::point::Truth::Unknown => Truth::Unknown,
            }),
            Logical::Not(inner) => !self.lit(*inner),
            Logical::And(parts) => {
                let parts: Vec<Lit> = parts.iter().map(|part| self.lit(*part)).collect();
                self.builder.and(&parts)
            }
            Logical::Or(parts) => {
                let parts: Vec<Lit> = parts.iter().map(|part| self.lit(*part)).collect();
                self.builder.or(&parts)
            }
            Logical::Atom(atom) => self.of_atom(truth, atom),
        };
        self.lits.insert(truth, lit);
        lit
    }

    fn of_atom(&mut self, truth: TruthId, atom: &Atom) -> Lit {
        match atom {
            Atom::Cut(slot, Comparison(op), number) => {
                let entry = |making: &mut Self, op| {
                    making.order(truth, op, number, |making| making.cuts.entry(*slot).or_default())
                };
                self.compared(*op, entry)
            }
            Atom::Compare(Comparison(op), left, right) => match self.program.numbers.get(*right) {
                Numeric::Constant(number) if !matches!(op, Compare::Eq | Compare::Ne) => {
                    self.order(truth, *op, number, |making| making.bounds.entry(*left).or_default())
                }
                _ => self.other(truth),
            },
            Atom::CodeIn(slot, _) | Atom::Text(slot, ..) | Atom::Rows(slot, ..) => {
                let (lit, atom) = self.atom();
                self.codes.entry(*slot).or_default().push((truth, atom));
                lit
            }
            _ => self.other(truth),
        }
    }

    /// Equal is: reached, and not passed.
    fn compared(&mut self, op: Compare, mut entry: impl FnMut(&mut Self, Compare) -> Lit) -> Lit {
        match op {
            Compare::Eq | Compare::Ne => {
                let (reached, passed) = (entry(self, Compare::Ge), entry(self, Compare::Gt));
                let equal = self.builder.and(&[reached, !passed]);
                if op == Compare::Ne { !equal } else { equal }
            }
            order => entry(self, order),
        }
    }

    fn order(
        &mut self,
        truth: TruthId,
        op: Compare,
        number: &facts::Number,
        lane: impl FnOnce(&mut Self) -> &mut Vec<Entry>,
    ) -> Lit {
        if let Some(known) = self.orders.get(&(truth, op)) {
            return *known;
        }
        let (lit, atom) = self.atom();
        lane(self).push(Entry { truth, op, number: number.clone(), atom });
        let lit = if is_below(op) { !lit } else { lit };
        self.orders.insert((truth, op), lit);
        lit
    }

    fn other(&mut self, truth: TruthId) -> Lit {
        let (lit, atom) = self.atom();
        self.others.push(Other { truth, atom, is_turned: false });
        lit
    }
}

impl Lanes {
    /// The fast way for those documents of a plan that can take it.
    pub fn new(plan: &Plan<'_>) -> Self {
        let documents: Vec<usize> =
            (0..plan.documents.len()).filter(|place| is_plain(plan, *place)).collect();
        let mut making = Making {
            program: &plan.program,
            builder: Builder::new(),
            lits: FxHashMap::default(),
            orders: FxHashMap::default(),
            cuts: FxHashMap::default(),
            bounds: FxHashMap::default(),
            codes: FxHashMap::default(),
            others: Vec::new(),
        };
        let roots: Vec<Lit> =
            documents.iter().map(|place| making.lit(plan.documents[*place].lowered.outcome)).collect();
        let vocabulary = &plan.engine.rulebook().vocabulary;
        let Making { builder, cuts, bounds, codes, mut others, .. } = making;
        let atoms = builder.atom_count();
        let mut ratios = Vec::new();
        for (number, entries) in bounds {
            match RatioLane::new(&plan.program, vocabulary, number, &entries) {
                Some(lane) => ratios.push(lane),
                None => others.extend(entries.iter().map(|entry| Other {
                    truth: entry.truth,
                    atom: entry.atom,
                    is_turned: is_below(entry.op),
                })),
            }
        }
        let is_of_sets = |slot: &SlotId| match &plan.program.slots.get(*slot).kind {
            SlotKind::Fact { fact, .. } => vocabulary.get(*fact).fact_type == FactType::Codes,
            _ => false,
        };
        let (sets, codes): (Vec<_>, Vec<_>) = codes.into_iter().partition(|(slot, _)| is_of_sets(slot));
        let circuit = builder.finish(&roots);
        let readers = readers(&circuit, atoms, &roots);
        Self {
            circuit: circuit.schedule(),
            documents,
            cuts: cuts.into_iter().map(|(slot, entries)| CutLane { slot, entries }).collect(),
            ratios,
            codes: codes.into_iter().map(|(slot, atoms)| CodeLane { slot, atoms }).collect(),
            sets: sets.into_iter().map(|(slot, atoms)| SetLane { slot, atoms }).collect(),
            others,
            readers,
        }
    }

    fn worker(&self) -> Worker {
        let words = self.circuit.chunk_words();
        Worker {
            planes: self.circuit.planes(words),
            counts: vec![Count::default(); self.circuit.answer_count()],
            doubted: vec![Count::default(); self.circuit.answer_count()],
            cuts: self.cuts.iter().map(|_| None).collect(),
            ratios: self.ratios.iter().map(|_| None).collect(),
            codes: self.codes.iter().map(|_| None).collect(),
            sets: self.sets.iter().map(|_| None).collect(),
        }
    }

    /// Fills all atoms for a chunk; gives the documents, as places in `documents`, that need the ordinary way.
    fn fill(&self, worker: &mut Worker, eval: &mut ChunkEval<'_, '_>) -> BTreeSet<u32> {
        let mut doubtful: BTreeSet<u32> = BTreeSet::new();
        let mut doubt = |atoms: &mut dyn Iterator<Item = u32>| {
            for atom in atoms {
                doubtful.extend(&self.readers[atom as usize]);
            }
        };
        for (lane, ranked) in self.cuts.iter().zip(&mut worker.cuts) {
            if lane.fill(eval, ranked, &mut worker.planes) {
                doubt(&mut lane.entries.iter().map(|entry| entry.atom));
            }
        }
        for (lane, ranked) in self.ratios.iter().zip(&mut worker.ratios) {
            if lane.fill(eval, ranked, &mut worker.planes) {
                doubt(&mut lane.entries.iter().map(|entry| entry.atom));
            }
        }
        for (lane, classed) in self.codes.iter().zip(&mut worker.codes) {
            if lane.fill(eval, classed, &mut worker.planes) {
                doubt(&mut lane.atoms.iter().map(|(_, atom)| *atom));
            }
        }
        for (lane, testing) in self.sets.iter().zip(&mut worker.sets) {
            if lane.fill(eval, testing, &mut worker.planes) {
                doubt(&mut lane.atoms.iter().map(|(_, atom)| *atom));
            }
        }
        for Other { truth, atom, is_turned } in &self.others {
            if columns::copy(eval, *truth, *atom, *is_turned, &mut worker.planes) {
                doubt(&mut std::iter::once(*atom));
            }
        }
        worker.planes.limit(eval.rows.len());
        doubtful
    }
}

/// Whether a document hangs on nothing but columns.
fn is_plain(plan: &Plan<'_>, place: usize) -> bool {
    let planned = &plan.documents[place];
    let hangs_on_others = |slot: &SlotId| match &plan.program.slots.get(*slot).kind {
        SlotKind::Document(_) => true,
        SlotKind::Fact { fact, derived, .. } => *derived && plan.deriving(*fact).is_some(),
        _ => false,
    };
    let slots = slots_read(&plan.program, Node::Truth(planned.lowered.outcome));
    planned.entangled.is_empty()
        && planned.lowered.opaque.is_empty()
        && !planned.is_grouped()
        && !slots.iter().any(hangs_on_others)
}

/// For each atom the roots that read it.
fn readers(circuit: &crate::planes::Circuit, atoms: usize, roots: &[Lit]) -> Vec<Vec<u32>> {
    let mut readers = vec![Vec::new(); atoms];
    for (root, lit) in roots.iter().enumerate() {
        let root = u32::try_from(root).expect("a circuit has fewer than 2^32 roots");
        let mut seen = BTreeSet::new();
        let mut open = vec![lit.node()];
        while let Some(node) = open.pop() {
            if !seen.insert(node) {
                continue;
            }
            match circuit.node(node) {
                crate::planes::Node::Atom(atom) => readers[atom].push(root),
                crate::planes::Node::And(parts) => open.extend(parts.iter().map(|part| part.node())),
                crate::planes::Node::Constant(_) => {}
            }
        }
    }
    readers
}

impl<'a> Plan<'a> {
    /// The documents made ready for counting, again and again.
    pub fn into_counter(self) -> Counter<'a> {
        Counter { lanes: Lanes::new(&self), plan: self }
    }

    /// How many are eligible, ineligible and open for each document: [`Counter::count`], once.
    pub fn count(&self, population: &Population) -> Vec<Totals> {
        Lanes::new(self).count(self, population)
    }
}

/// A plan made ready for counting.
#[derive(Debug)]
pub struct Counter<'a> {
    plan: Plan<'a>,
    lanes: Lanes,
}

impl Counter<'_> {
    /// The share of the documents that take the short way, from 0 to 1.
    #[allow(clippy::cast_precision_loss, reason = "a share of a number of documents")]
    pub fn share(&self) -> f64 {
        self.lanes.documents.len() as f64 / self.plan.documents.len().max(1) as f64
    }

    /// How many are eligible, ineligible and open for each document, in the order asked for; no amounts. The answers are
    /// those of [`Plan::decide`], only faster where there are very many documents.
    pub fn count(&self, population: &Population) -> Vec<Totals> {
        self.lanes.count(&self.plan, population)
    }
}

impl Lanes {
    fn count(&self, plan: &Plan<'_>, population: &Population) -> Vec<Totals> {
        let lanes = self;
        let bands = plan.bands(&plan.members(population));
        let bound = plan.bind(population);
        let chunk_rows = lanes.circuit.chunk_words() * 64;
        let block = chunk_rows * BLOCK_CHUNKS;
        let starts: Vec<usize> = (0..population.rows()).step_by(block).collect();
        let documents = plan.documents.len();
        let is_of_kind = |place: &usize| plan.documents[*place].document().subject == population.kind();
        let of_kind: Vec<bool> = lanes.documents.iter().map(is_of_kind).collect();
        let counting = Counting { plan, population, bands: &bands, lanes, bound: &bound, of_kind: &of_kind };
        let sums = starts
            .into_par_iter()
            .map_init(
                || lanes.worker(),
                |worker, start| {
                    let end = population.rows().min(start + block);
                    let mut counts = vec![(0usize, 0usize); documents];
                    for start in (start..end).step_by(chunk_rows) {
                        counting.chunk(worker, Rows { start, end: end.min(start + chunk_rows) }, &mut counts);
                    }
                    counting.add(&worker.counts, &BTreeSet::new(), &mut counts);
                    worker.counts.fill(Count::default());
                    counts
                },
            )
            .reduce(
                || vec![(0, 0); documents],
                |left, right| left.iter().zip(right).map(|(a, b)| (a.0 + b.0, a.1 + b.1)).collect(),
            );
        let totals = |place: usize| {
            let (eligible, ineligible) = sums[place];
            let open = population.rows() - eligible - ineligible;
            Totals { eligible, ineligible, open, ..Totals::default() }
        };
        let asked = plan.asked.iter();
        asked.map(|asked| asked.as_ref().map_or_else(|_| Totals::default(), |at| totals(*at))).collect()
    }
}

/// What counting is done with.
struct Counting<'c, 'a, 'p> {
    plan: &'c Plan<'a>,
    population: &'c Population,
    bands: &'c Bands,
    lanes: &'c Lanes,
    bound: &'c Bindings<'p>,
    /// Whether a document of the lanes is about this kind of subject.
    of_kind: &'c [bool],
}

impl Counting<'_, '_, '_> {
    fn chunk(&self, worker: &mut Worker, rows: Rows, counts: &mut [(usize, usize)]) {
        let (plan, lanes) = (self.plan, self.lanes);
        let document_of = |id: &str| plan.place_of(id);
        let words = (&plan.program, &plan.engine.rulebook().vocabulary);
        let mut eval = ChunkEval::new(rows, plan.day, words, self.bound, plan.documents.len(), &document_of);
        let doubtful = lanes.fill(worker, &mut eval);
        if doubtful.is_empty() {
            lanes.circuit.count(&mut worker.planes, &mut worker.counts);
        } else {
            worker.doubted.fill(Count::default());
            lanes.circuit.count(&mut worker.planes, &mut worker.doubted);
            self.add(&worker.doubted, &doubtful, counts);
        }
        self.others(&mut eval, &doubtful, counts);
    }

    /// Adds what the circuit counted for each document but the doubtful ones.
    fn add(&self, counted: &[Count], doubtful: &BTreeSet<u32>, counts: &mut [(usize, usize)]) {
        let lanes = self.lanes;
        let documents = lanes.documents.iter().zip(lanes.circuit.roots()).zip(self.of_kind);
        for (((place, root), is_of_kind), number) in documents.zip(0u32..) {
            if !is_of_kind || doubtful.contains(&number) {
                continue;
            }
            let Count { trues, falses } = counted[root.answer];
            let (yes, no) = if root.is_negated { (falses, trues) } else { (trues, falses) };
            let size = |count: u64| usize::try_from(count).expect("no more than there are rows");
            counts[*place].0 += size(yes);
            counts[*place].1 += size(no);
        }
    }

    /// The documents that take the ordinary way.
    fn others(&self, eval: &mut ChunkEval<'_, '_>, doubtful: &BTreeSet<u32>, counts: &mut [(usize, usize)]) {
        let (plan, lanes) = (self.plan, self.lanes);
        let is_counted = |place: usize| match lanes.documents.binary_search(&place) {
            Ok(number) => !u32::try_from(number).is_ok_and(|number| doubtful.contains(&number)),
            Err(_) => false,
        };
        if lanes.documents.len() == plan.documents.len() && doubtful.is_empty() {
            return;
        }
        let request = Request::default();
        let chunk = Chunk { plan, population: self.population, request, bands: self.bands };
        for (place, planned) in plan.documents.iter().enumerate() {
            // What others hang on is decided too, though it is counted already.
            let is_wanted = plan.is_below_others(place);
            if is_counted(place) && !is_wanted {
                continue;
            }
            let (part, decided) = chunk.document(eval, planned);
            if !is_counted(place) {
                let ones = |words: &[u64]| words.iter().map(|word| word.count_ones() as usize).sum::<usize>();
                counts[place].0 += ones(&part.eligible);
                counts[place].1 += ones(&part.ineligible);
            }
            eval.decided[place] = Some(std::rc::Rc::new(decided));
        }
    }
}
