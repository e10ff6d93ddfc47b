//! Mutants: a document with one small mistake in it, to see whether some example notices.
//!
//! An example table is worth what it catches. [`Checked::mutants`] makes every mistake of one grain that a person could
//! make while typing a document; a [`Trial`] puts one into the library, checks that document again and runs the examples
//! that hang on it until the first one differs. A mutant that no example notices is a line of the policy that nobody
//! has tested.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `sites.rs` | where in a document's tree rules, numbers and conditions stand |
//! | `edits.rs` | the mistakes that can be made in one expression |
//! | `conditions.rs` | the mistakes that can be made among conditions: one forgotten, all for any |
//! | `grain.rs` | by how much a number is mistyped |
//! | `same.rs`, `points.rs` | mistakes that provably change no answer |
//! | `trial.rs` | trying one out |
//!
//! Always true of it: a mutant is an edit of the text at its place, so what is shown is what was tried; a mutant is called
//! the same as the original only by a proof, never because no example noticed it.
//!
//! [`Checked::mutants`]: crate::Checked::mutants

mod conditions;
mod edits;
mod grain;
mod points;
mod same;
mod sites;
mod trial;

use facts::yaml;
use facts::{Source, Span, Text};

pub use trial::{Trial, Tried};

use crate::{Checked, Role, role};

/// What kind of mistake it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum MutantKind {
    /// A number, day or span of years one grain higher or lower.
    Grain,
    /// A bound that belongs to what it bounds or not: `>=` and `>`, `[` and `(`.
    Bound,
    /// `=` and `!=`.
    Equality,
    /// `and` and `or`, `every` and `some`, `all` and `any`, a `not` forgotten.
    Logic,
    /// A condition forgotten.
    Removal,
}

impl MutantKind {
    /// All kinds with their codes.
    pub const CODES: [(&'static str, MutantKind); 5] = [
        ("grain", Self::Grain),
        ("bound", Self::Bound),
        ("equality", Self::Equality),
        ("logic", Self::Logic),
        ("removal", Self::Removal),
    ];

    /// Its code in JSON.
    pub fn as_code(self) -> &'static str {
        Self::CODES.iter().find(|(_, kind)| *kind == self).map_or("grain", |(code, _)| code)
    }

    /// The kind of that code.
    pub fn parse_code(code: &str) -> Option<Self> {
        Self::CODES.iter().find(|(known, _)| *known == code).map(|(_, kind)| *kind)
    }
}

/// A document with one mistake.
#[derive(Clone, Debug)]
pub struct Mutant {
    /// Index into [`Checked::sources`] of the document.
    pub source: usize,
    /// Id of the document.
    pub id: String,
    /// What is replaced.
    pub span: Span,
    /// What kind of mistake it is.
    pub kind: MutantKind,
    /// What stands there.
    pub old: String,
    /// What stands there instead: the first of these that the checker takes, the finest first.
    pub new: Vec<String>,
    /// Which example would notice it.
    pub wanted: Text,
}

/// What became of a mutant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// An example came out differently.
    Caught {
        /// Path of the file of examples.
        path: String,
        /// Its line, from 1.
        line: usize,
    },
    /// The checker does not take the document; the code of the first error.
    Refused(&'static str),
    /// It provably gives the same answers as the original.
    Same,
    /// No example noticed it.
    Survived,
}

impl Verdict {
    /// Its code in JSON.
    pub fn as_code(&self) -> &'static str {
        match self {
            Self::Caught { .. } => "caught",
            Self::Refused(_) => "refused",
            Self::Same => "same",
            Self::Survived => "survived",
        }
    }

    /// Whether somebody notices: an example or the checker.
    pub fn is_noticed(&self) -> bool {
        matches!(self, Self::Caught { .. } | Self::Refused(_))
    }
}

/// An edit of a document's text, before it is known of which document.
#[derive(Clone, Debug)]
struct Edit {
    span: Span,
    kind: MutantKind,
    new: Vec<String>,
    wanted: Text,
}

impl Checked {
    /// Every mutant of every document, or of the documents of one id, in the order of files and places.
    pub fn mutants(&self, id: Option<&str>) -> Vec<Mutant> {
        let documents =
            (0..self.sources.len()).filter(|index| role(&self.sources[*index].path) == Role::Policy);
        documents.flat_map(|index| mutants_of(&self.sources[index], index, id)).collect()
    }
}

fn mutants_of(source: &Source, index: usize, wanted: Option<&str>) -> Vec<Mutant> {
    let (Some(root), _) = yaml::parse(&source.text) else { return Vec::new() };
    let id = root.get("id").and_then(yaml::Node::as_text).unwrap_or_default();
    if wanted.is_some_and(|wanted| wanted != id) {
        return Vec::new();
    }
    let mut edits = Vec::new();
    sites::in_force(&root, &mut edits);
    sites::rules(&root, &mut |node| edits::of_rule(node, &source.text, &mut edits));
    conditions::of_document(&root, &source.text, &mut edits);
    edits.sort_by_key(|edit| edit.span);
    let text = |span: Span| source.text[span.start..span.end].to_owned();
    let edits = edits.into_iter().filter(|edit| !edit.new.is_empty());
    edits
        .map(|Edit { span, kind, new, wanted }| Mutant {
            source: index,
            id: id.to_owned(),
            span,
            kind,
            old: text(span),
            new,
            wanted,
        })
        .collect()
}
