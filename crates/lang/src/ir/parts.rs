//! Named values, lists, tables, brackets and scores of a document.

use facts::{Number, Text};

use super::expr::{Compare, Expr};
use super::input::{InputRef, ScopeVar};

/// A named intermediate value.
#[derive(Clone, PartialEq, Debug)]
pub struct Named {
    /// Name.
    pub name: String,
    /// Value.
    pub value: Expr,
}

/// A value set by others within bounds.
#[derive(Clone, PartialEq, Debug)]
pub struct Param {
    /// Name.
    pub name: String,
    /// Least and greatest value; equal where it is set.
    pub between: (Number, Number),
    /// Who sets it.
    pub set_by: Text,
    /// What else is to be said of it.
    pub note: Text,
}

/// A list selected from a collection.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemList {
    /// Name.
    pub name: String,
    /// From which list.
    pub from: Expr,
    /// Bound to each item.
    pub var: ScopeVar,
    /// Those that it holds for; all if absent.
    pub filter: Option<Expr>,
    /// The fact that gives the number of items where the items themselves are not known.
    pub count: Option<InputRef>,
}

/// A row of a table.
#[derive(Clone, PartialEq, Debug)]
pub struct Row {
    /// In words.
    pub says: Text,
    /// Article; `None` is 待核.
    pub clause: Option<String>,
    /// Codes it is for.
    pub keys: Vec<String>,
    /// Facts and the value each must reach, by column.
    pub reach: Vec<(Expr, Vec<(String, Expr)>)>,
    /// Plain values by column.
    pub values: Vec<(String, Expr)>,
}

/// A table found by the longest code that the key lies under.
#[derive(Clone, PartialEq, Debug)]
pub struct Table {
    /// Name.
    pub name: String,
    /// The key.
    pub key: Expr,
    /// The edition of the codes, where the document names it.
    pub edition: Option<String>,
    /// Rows.
    pub rows: Vec<Row>,
}

/// Progressive bands: up to that amount (none: without end) at that rate.
#[derive(Clone, PartialEq, Debug)]
pub struct Brackets {
    /// Name.
    pub name: String,
    /// Bands, lowest first.
    pub bands: Vec<(Option<Number>, Number)>,
}

/// A score.
#[derive(Clone, PartialEq, Debug)]
pub struct Score {
    /// Name.
    pub name: String,
    /// The fact that gives it, and wins over the derivation.
    pub given: Option<InputRef>,
    /// Total and parts; index path `[]` is the total.
    pub root: Part,
}

/// A part of a score.
#[derive(Clone, PartialEq, Debug)]
pub struct Part {
    /// Name.
    pub name: String,
    /// Article; `None` is 待核.
    pub clause: Option<String>,
    /// In words.
    pub says: Text,
    /// How its points come about.
    pub points: Points,
    /// Cap.
    pub at_most: Option<Number>,
    /// The scoring function is not published.
    pub unpublished: bool,
}

/// How points come about.
#[derive(Clone, PartialEq, Debug)]
pub enum Points {
    /// Sum of the parts.
    Sum(Vec<Part>),
    /// The best of several bases.
    Best(Vec<Part>),
    /// Bands: the first bound that the value reaches (`Ge`) or keeps within (`Le`).
    Bands(Box<Expr>, Compare, Vec<(Number, Points)>, Option<Box<Points>>),
    /// The first branch whose condition holds.
    First(Vec<(Expr, Points)>, Option<Box<Points>>),
    /// A computed number of points.
    Value(Box<Expr>),
    /// Whole points that an expert gives between the two.
    Expert(i64, i64),
}

impl Points {
    /// The named parts right below; those of tiers are the parts of all tiers.
    pub fn parts(&self) -> Vec<&Part> {
        match self {
            Points::Sum(parts) | Points::Best(parts) => parts.iter().collect(),
            Points::First(tiers, otherwise) => {
                let all = tiers.iter().map(|(_, points)| points).chain(otherwise.as_deref());
                all.flat_map(Points::parts).collect()
            }
            Points::Bands(..) | Points::Value(_) | Points::Expert(..) => Vec::new(),
        }
    }

    /// The expressions that they are worked out with, those of parts and tiers among them.
    pub fn expressions(&self) -> Vec<&Expr> {
        let mut out = Vec::new();
        self.add_expressions(&mut out);
        out
    }

    fn add_expressions<'p>(&'p self, out: &mut Vec<&'p Expr>) {
        match self {
            Points::Sum(parts) | Points::Best(parts) => {
                parts.iter().for_each(|part| part.points.add_expressions(out));
            }
            Points::Bands(of, _, bands, otherwise) => {
                out.push(of);
                let all = bands.iter().map(|(_, points)| points).chain(otherwise.as_deref());
                all.for_each(|points| points.add_expressions(out));
            }
            Points::First(tiers, otherwise) => {
                for (when, points) in tiers {
                    out.push(when);
                    points.add_expressions(out);
                }
                otherwise.iter().for_each(|points| points.add_expressions(out));
            }
            Points::Value(value) => out.push(value),
            Points::Expert(..) => {}
        }
    }
}

impl Part {
    /// The part at a path of indices of named parts, as [`super::Kind::Score`] holds it; itself for an empty path.
    pub fn at(&self, path: &[usize]) -> Option<&Part> {
        path.iter().try_fold(self, |part, at| part.points.parts().get(*at).copied())
    }
}
