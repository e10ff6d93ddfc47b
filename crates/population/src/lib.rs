//! Many subjects of one kind, in columns.

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
mod strings;
mod take;

pub use batch::{BATCH_ITEMS_MAX, BATCH_ROWS_MAX, BatchPlace};
pub use bits::{Bits, WORD_BITS};
pub use canonical::{DECIMAL_PRECISION, DECIMAL_SCALE, arrow_type};
pub use column::{Column, Key, SCALE_MAX, TextsAre, Values, number};
pub use header::{Finding, Header, NESTING_DEPTH_MAX};
pub use population::{Items, Parties, Population, Wanted};
pub use problems::{Problem, Problems};
