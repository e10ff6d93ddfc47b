//! The vocabulary read from YAML (`docs/vocabulary-format.md`): what `library/facts/` declares becomes a
//! [`Vocabulary`](crate::Vocabulary).
//!
//! The caller reads the files; [`load`] reads the texts. Everything wrong is reported at once, with its place, and
//! whatever can be understood is loaded, so that one slip does not make every rule that reads a fact wrong as well.
//! A vocabulary that came with an error must not be used to decide anything.
//! Findings carry the codes E0010–E0026; what is no YAML at all has those of [`yaml`](crate::yaml), E0001–E0006.
//!
//! ```
//! use facts::{Source, vocabulary};
//! let text = "facts: [{name: 研发费用, type: money, grain: year}]";
//! let (words, found) = vocabulary::load(&[Source::new("facts.yaml", text)]);
//! assert!(found.is_empty());
//! assert!(words.find("研发费用").is_some());
//! ```

mod fact;
mod load;
pub(crate) mod section;

pub use load::{load, load_with};
