//! The expressions of engines that take one row at a time: CEL and zen.
//!
//! Numbers are doubles in CEL and decimals in zen; codes are numbers, a set is a list of numbers.

use super::{Words, needs};
use crate::workload::documents::{Atom, Document};
use crate::workload::fields::{FIELDS, SHARES, months_ago};

/// Which language.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Common Expression Language.
    Cel,
    /// The expressions of zen.
    Zen,
}

/// A document as one expression.
pub fn document(document: &Document, atoms: &[Atom], language: Language) -> String {
    let words = match language {
        Language::Cel => Words { and: " && ", or: " || ", not: "!" },
        Language::Zen => Words { and: " and ", or: " or ", not: "not " },
    };
    needs(&document.needs, words, &|atom| format!("({})", condition(&atoms[atom], language, words)))
}

fn condition(atom: &Atom, language: Language, words: Words) -> String {
    let name = |field: usize| FIELDS[field].column;
    let number = |value: i64| match language {
        Language::Cel => format!("{value}.0"),
        Language::Zen => value.to_string(),
    };
    let share = |index: usize| {
        let share = SHARES[index];
        format!("{} / {}", name(share.numerator), name(share.denominator))
    };
    let part = |cut: i64| format!("{}.{:03}", cut / 1_000, cut % 1_000);
    match atom {
        Atom::AtLeast { field, cut } => format!("{} >= {}", name(*field), number(*cut)),
        Atom::Below { field, cut } => format!("{} < {}", name(*field), number(*cut)),
        Atom::Within { field, low, high } => {
            format!("{0} >= {1}{2}{0} <= {3}", name(*field), number(*low), words.and, number(*high))
        }
        Atom::ShareAtLeast { share: index, cut } => format!("{} >= {}", share(*index), part(*cut)),
        Atom::ShareAtMost { share: index, cut } => format!("{} <= {}", share(*index), part(*cut)),
        Atom::Young { field, months } => format!("{} >= {}", name(*field), number(months_ago(*months))),
        Atom::Old { field, months } => format!("{} <= {}", name(*field), number(months_ago(*months))),
        Atom::In { field, codes } => {
            let codes: Vec<String> = codes.iter().map(u8::to_string).collect();
            format!("{} in [{}]", name(*field), codes.join(", "))
        }
        Atom::Is { field } => name(*field).to_owned(),
        Atom::Has { field, code } => format!("{code} in {}", name(*field)),
    }
}
