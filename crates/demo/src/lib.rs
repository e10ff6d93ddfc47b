//! A seeded, plausible high-tech zone of made-up subjects, as Arrow columns.
//!
//! The binary writes it to Parquet (`zhimei demo generate`); benchmarks decide it. Nothing in it is real: names are plainly
//! examples, and credit codes bear a registrar's area that no place has (`names`).
//!
//! The columns are those the vocabulary declares for a kind, each fact in the periods of its grain and in those beyond
//! them that documents read, so a vocabulary that grows needs no change here. A row hangs on the seed, its kind and its
//! number alone: batches can be made in any order, on any thread, on any machine, with the same result.
//!
//! | module | what |
//! | --- | --- |
//! | `dice` | chance as a function of its arguments |
//! | `calendar` | the years around the day of decision, the periods of columns |
//! | `firm`, `industry` | an enterprise as the few numbers from which its facts derive |
//! | `models` | how each fact of an enterprise derives |
//! | `items`, `incubation`, `thing` | what is in lists, institutions, everything else |
//! | `generic` | facts without a model, from their definitions |
//! | `plan`, `cells` | columns by the vocabulary, and their arrays |
//!
//! ```
//! # let text = "facts: [{name: 研发费用, type: money, grain: year, of: [enterprise]}]";
//! # let (vocabulary, _) = facts::vocabulary::load(&[facts::Source::new("f", text)]);
//! use demo::{Settings, Zone};
//! let day = facts::Date::new(2026, 6, 30).unwrap();
//! let (asked, judgements) = (Vec::new(), Vec::new());
//! let zone = Zone::new(&vocabulary, Settings { seed: 1, enterprises: 100, day, asked, judgements });
//! let batch = zone.batch("enterprise", 0..100).unwrap();
//! assert_eq!(batch.num_rows(), 100);
//! assert!(batch.column_by_name("研发费用.2025").is_some());
//! ```

mod calendar;
mod cells;
mod dice;
mod firm;
mod generic;
mod incubation;
mod industry;
mod items;
mod models;
mod names;
mod plan;
mod subject;
mod thing;
mod zone;

pub use zone::{ENTERPRISES_MAX, Rows, Settings, Zone};
