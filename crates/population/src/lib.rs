//! Many subjects of one kind, in columns: what decides millions of them reads them here.
//!
//! A [`Population`] holds what [`facts::Profile`]s hold, but for the origins of values: a [`Column`] for each fact in a
//! period, each status and each condition that a person decides; collections as one population of all items; related
//! parties as a population beside. It comes from profiles or from Arrow record batches, and gives any row back as a
//! profile, so that bulk answers can be told exactly, one by one.
//!
//! Always true: a value stands either in the plain form of its column (`known`), or in `special`, or is unknown. Numbers
//! are exact and in base units. A cell that is not understood leaves its fact unknown and is told with its row and column.
//!
//! ```
//! use std::sync::Arc;
//! use arrow_array::{ArrayRef, Int64Array, RecordBatch};
//! use population::{BatchPlace, Header, Population, Problems};
//! let text = "facts: [{name: 研发费用, type: money, grain: year, least: 0}]";
//! let (words, _) = facts::vocabulary::load(&[facts::Source::new("facts.yaml", text)]);
//! let amounts: ArrayRef = Arc::new(Int64Array::from(vec![Some(380), None, Some(-1)]));
//! let batch = RecordBatch::try_from_iter([("研发费用.2025", amounts)]).unwrap();
//! let (header, found) = Header::parse(&batch.schema(), &words, "enterprise");
//! assert!(found.is_empty());
//! let (place, mut problems) = (BatchPlace { vocabulary: &words, first_row: 0 }, Problems::default());
//! let population = Population::from_batch(&batch, &header, place, &mut problems).unwrap();
//! let (_, column) = &population.columns()[0];
//! assert_eq!(column.value(0).unwrap().to_string(), "3800000");
//! assert_eq!((column.value(1), problems.listed()[0].problem.code), (None, "E0035"));
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | `population`, `column`, `bits`, `sets` | what there is, and a row of it as a profile |
//! | `profiles`, `builder`, `numbers`, `strings` | from profiles |
//! | `header`, `accept`, `canonical` | what columns are about, and the types they may have |
//! | `batch`, `problems` | from record batches |
//! | `take` | rows picked out |
//!
//! Codes of its own, beside those of `facts::read`: E0080 a column of a wrong type, E0081 too many columns, rows or
//! levels, E0082 moments of another time zone.

mod accept;
mod batch;
mod bits;
mod builder;
mod canonical;
mod column;
mod header;
mod numbers;
mod population;
mod problems;
mod profiles;
mod sets;
mod strings;
mod take;

pub use batch::{BATCH_ITEMS_MAX, BATCH_ROWS_MAX, BatchPlace};
pub use bits::{Bits, WORD_BITS, ones};
pub use canonical::{DECIMAL_PRECISION, DECIMAL_SCALE, arrow_type};
pub use column::{Column, Key, SCALE_MAX, TextsAre, Values, number};
pub use header::{Finding, Header, NESTING_DEPTH_MAX};
pub use population::{Items, Parties, Population, Wanted};
pub use problems::{Problem, Problems};
pub use sets::Sets;
