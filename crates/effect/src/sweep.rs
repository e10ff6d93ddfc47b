//! How many are eligible and what it costs, as one number of a condition goes from here to there.

use engine::batch::{Plan, Request, Totals};
use engine::point::{Entry, Rulebook};
use facts::{Date, Language, Number};
use lang::ir::Document;
use lang::types::Type;
use population::{Population, Wanted};
use wording::value;

use crate::vary::{self, Chosen, Wrong};

/// Decimal places of a value that has no finite decimal.
const PLACES: u32 = 6;

/// Fewest and most points of a curve.
pub const POINTS: std::ops::RangeInclusive<usize> = 2..=1000;

/// What varies, and from where to where.
#[derive(Clone, Copy, Debug)]
pub struct Varied<'a> {
    /// The condition.
    pub condition: &'a str,
    /// Which of its numbers, from 1; may be left out where it has one.
    pub constant: Option<usize>,
    /// The first value, as policies write numbers.
    pub from: &'a str,
    /// The last value.
    pub to: &'a str,
    /// How many points, within [`POINTS`].
    pub steps: usize,
}

/// A document with, beside it, one for each value of a number.
#[derive(Debug)]
pub struct Sweep {
    rulebook: Rulebook,
    id: String,
    chosen: Chosen,
    values: Vec<Number>,
    ty: Type,
    /// Rates are shown in percent, as they were given.
    is_percent: bool,
    day: Date,
}

/// A point of the curve.
#[derive(Clone, Debug)]
pub struct Point {
    /// The value of the number.
    pub value: Number,
    /// What it comes to; `None` where it may not be told.
    pub totals: Option<Totals>,
}

/// The curve.
#[derive(Clone, Debug)]
pub struct Curve {
    /// The document as it is.
    pub document: Document,
    /// The condition.
    pub condition: String,
    /// What the document itself says.
    pub current: Point,
    /// In order, both ends included.
    pub points: Vec<Point>,
    /// Subjects.
    pub subjects: u64,
    /// The day of decision.
    pub day: Date,
    ty: Type,
    is_percent: bool,
}

impl Sweep {
    /// Prepares a document for each value.
    pub fn new(
        library: &Rulebook,
        document: &Document,
        varied: Varied<'_>,
        day: Date,
    ) -> Result<Self, Wrong> {
        let chosen = vary::choose(document, varied.condition, varied.constant)?;
        let (from, ty) = vary::parse(varied.from, &chosen.constant.ty, library, day)?;
        let (to, _) = vary::parse(varied.to, &ty, library, day)?;
        let values = vary::values(&from, &to, varied.steps);
        let rulebook = vary::rulebook(library, document, &chosen, &values);
        let is_percent = varied.from.contains(['%', '\u{FF05}']);
        Ok(Self { rulebook, id: document.id.clone(), chosen, values, ty, is_percent, day })
    }

    /// The document as it is, then one for each value.
    fn entries(&self) -> Vec<&Entry> {
        self.rulebook.versions(&self.id).collect()
    }

    /// The document as it is.
    pub fn document(&self) -> &Document {
        let first = self.rulebook.versions(&self.id).next();
        &first.expect("the document stands before its variants").document
    }

    /// Whether subjects are ranked within a group, so that all of them are needed in one chunk.
    pub fn needs_everybody(&self) -> bool {
        self.document().ranks_a_group()
    }

    /// Begins to decide. What it needs of the subjects, [`Running::wanted`] says.
    pub fn begin(&self) -> Running<'_> {
        let entries = self.entries();
        let plan = Plan::of_entries(&self.rulebook, &entries, self.day);
        Running { sweep: self, plan, totals: vec![Totals::default(); entries.len()], subjects: 0 }
    }
}

/// A sweep as it goes from chunk to chunk.
#[derive(Debug)]
pub struct Running<'s> {
    sweep: &'s Sweep,
    plan: Plan<'s>,
    totals: Vec<Totals>,
    subjects: u64,
}

impl Running<'_> {
    /// All that the document reads.
    pub fn wanted(&self) -> Wanted {
        self.plan.wanted()
    }

    /// Decides a chunk and adds it.
    pub fn decide(&mut self, population: &Population) {
        let outcomes = self.plan.decide(population, Request { amounts: true, details: false });
        self.totals.iter_mut().zip(&outcomes.documents).for_each(|(sum, one)| sum.merge(&one.totals()));
        self.subjects += population.rows() as u64;
    }

    /// The curve.
    pub fn finish(self) -> Curve {
        let Self { sweep, totals, subjects, .. } = self;
        let values = std::iter::once(&sweep.chosen.constant.value).chain(&sweep.values);
        let mut points =
            values.zip(totals).map(|(value, totals)| Point { value: value.clone(), totals: Some(totals) });
        let current = points.next().expect("the document as it is comes first");
        Curve {
            document: sweep.document().clone(),
            condition: sweep.chosen.condition.clone(),
            current,
            points: points.collect(),
            subjects,
            day: sweep.day,
            ty: sweep.ty.clone(),
            is_percent: sweep.is_percent,
        }
    }
}

impl Curve {
    /// Whether the document gives money.
    pub fn pays(&self) -> bool {
        self.document.gives.amount.is_some()
    }

    /// A value of the number as a person reads it.
    pub fn shown(&self, number: &Number, language: Language) -> String {
        if self.is_percent {
            return format!("{}%", decimal(&(number * &Number::from(100))));
        }
        value::number(number, &self.ty, language)
    }
}

/// A value as a table holds it.
pub fn decimal(number: &Number) -> String {
    number.to_decimal(PLACES).unwrap_or_else(|| number.to_fixed(PLACES))
}
