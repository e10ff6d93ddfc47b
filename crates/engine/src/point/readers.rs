//! What is to be worked out again when an input changes: found once, before any subject is known.
//!
//! Trying the cases of an unknown evaluates a document hundreds of times, and most of it reads nothing of what differs
//! between two cases. Who reads an input is known beforehand; everything else keeps what it came to.

use lang::ir::{Document, Expr, InputRef, Kind, Part, Points};
use lang::types::KindId;

use super::causes::Causes;
use super::critical;
use super::survey::{self, Walker};

/// A set of inputs, those of a document's kinds numbered one kind after the other.
type Inputs = Causes;

/// What the named values, lists, conditions and scores of a document read, directly or through whatever they name.
#[derive(Debug, Default, Clone)]
pub(crate) struct Readers {
    /// The number of each kind's first input.
    bases: Vec<usize>,
    pub(super) lets: Vec<Inputs>,
    pub(super) lists: Vec<Inputs>,
    pub(super) needs: Vec<Inputs>,
    pub(super) scores: Vec<PartReads>,
}

/// What a part of a score reads, and each of its own parts, where these are worked out one by one and put together.
#[derive(Debug, Default, Clone)]
pub(super) struct PartReads {
    pub inputs: Inputs,
    pub parts: Vec<PartReads>,
}

impl Readers {
    pub fn of(document: &Document) -> Self {
        let mut bases = Vec::with_capacity(document.kinds.len());
        let mut next = 0;
        for kind in &document.kinds {
            bases.push(next);
            next += kind.inputs.len();
        }
        let reading = Reading { document, bases: &bases, count: next, is_tangled: names_passing(document) };
        let scores = document.scores.iter().map(|score| {
            let mut root = reading.part(&score.root);
            score.given.into_iter().for_each(|given| root.inputs.insert(reading.number(given)));
            root
        });
        let lists = document.lists.iter().map(|list| {
            reading.all(|walker, visit| {
                walker.expr(&list.from, visit);
                list.filter.iter().for_each(|filter| walker.expr(filter, visit));
            })
        });
        Self {
            lets: document.lets.iter().map(|named| reading.exprs(&[&named.value])).collect(),
            lists: lists.collect(),
            needs: document
                .needs
                .iter()
                .map(|need| reading.all(|to, visit| to.condition(need, visit)))
                .collect(),
            scores: scores.collect(),
            bases,
        }
    }

    /// The number of an input of a kind.
    pub fn input(&self, kind: KindId, index: usize) -> usize {
        self.bases[kind.0] + index
    }
}

/// Finds what parts of a document read.
struct Reading<'d> {
    document: &'d Document,
    bases: &'d [usize],
    count: usize,
    /// Something reads which items pass the conditions, and with them whatever these read.
    is_tangled: bool,
}

impl<'d> Reading<'d> {
    fn number(&self, input: InputRef) -> usize {
        self.bases[self.document.vars[input.var.0].kind.0] + input.index
    }

    /// What a walk meets; every input where it could not be walked to its end.
    fn all(&self, walk: impl FnOnce(&mut Walker<'d, '_>, &mut dyn FnMut(InputRef))) -> Inputs {
        let mut found = Inputs::NONE;
        let mut walker = Walker::new(self.document);
        walk(&mut walker, &mut |input| found.insert(self.number(input)));
        if self.is_tangled || !walker.is_complete() {
            (0..self.count).for_each(|input| found.insert(input));
        }
        found
    }

    fn exprs(&self, exprs: &[&'d Expr]) -> Inputs {
        self.all(|walker, visit| exprs.iter().for_each(|expr| walker.expr(expr, visit)))
    }

    fn part(&self, part: &'d Part) -> PartReads {
        let parts = match &part.points {
            Points::Sum(parts) | Points::Best(parts) => parts.iter().map(|inner| self.part(inner)).collect(),
            _ => Vec::new(),
        };
        PartReads { inputs: self.exprs(&part.points.expressions()), parts }
    }
}

fn names_passing(document: &Document) -> bool {
    let mut roots = critical::roots(document);
    roots.extend(document.lets.iter().map(|named| &named.value));
    let mut found = false;
    for root in roots {
        survey::expressions(document, root, &mut |expr| found |= matches!(expr.kind, Kind::Passing));
    }
    found
}
