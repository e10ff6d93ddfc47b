//! Published lists that facts and documents refer to: classifications of industries and areas, groupings of their codes,
//! working days.
//!
//! They are data under `library/classifications/` (`docs/classifications.md`), each with the edition or notice it was
//! taken from. A fact names the classification of its codes (`codes: industry`), a table of a document the grouping of its
//! keys; no code, name or day stands in the program.
//!
//! | module | what |
//! | --- | --- |
//! | `codes` | codes that lie under one another, with names |
//! | `grouping` | names for sets of such codes, found by longest prefix |
//! | `days` | which days of a year are worked |
//! | `load` | all of it from YAML, with everything that is wrong |
//!
//! ```
//! let text = "classification: industry\ntitle: {zh: 行业}\nedition: 例\nlevels: [{name: {zh: 门类}, length: 1}]\n\
//!             complete: {to: 1}\ncodes: {C: {zh: 制造业, en: Manufacturing}}\n";
//! let source = facts::Source::new("classifications/industry.yaml", text);
//! let (lists, found) = facts::classification::load(&[source]);
//! assert!(found.is_empty(), "{found:?}");
//! let industries = lists.classification("industry").unwrap();
//! assert_eq!(industries.find("C").unwrap().name.en, "Manufacturing");
//! assert_eq!(industries.standing("Z"), facts::classification::Standing::Impossible);
//! ```

mod codes;
mod days;
mod grouping;
mod load;

use std::collections::BTreeMap;

pub use codes::{Classification, Code, Level, Standing};
pub use days::{DayKind, Holiday, WorkingYear};
pub use grouping::{Group, Grouping};
pub use load::load;

/// Everything under `library/classifications/`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Classifications {
    /// Classifications, in order of reading.
    pub codes: Vec<Classification>,
    /// Groupings of their codes, in order of reading.
    pub groupings: Vec<Grouping>,
    /// Years whose working days are known.
    pub years: BTreeMap<i32, WorkingYear>,
}

impl Classifications {
    /// The classification of that name.
    pub fn classification(&self, name: &str) -> Option<&Classification> {
        self.codes.iter().find(|known| known.name == name)
    }

    /// The grouping of that name.
    pub fn grouping(&self, name: &str) -> Option<&Grouping> {
        self.groupings.iter().find(|known| known.name == name)
    }

    /// The groupings of the codes of a classification.
    pub fn groupings_of<'a>(&'a self, classification: &'a str) -> impl Iterator<Item = &'a Grouping> {
        self.groupings.iter().filter(move |known| known.of == classification)
    }
}
