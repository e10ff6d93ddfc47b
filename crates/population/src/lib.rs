//! Many subjects of one kind, in columns.

mod bits;
mod builder;
mod canonical;
mod column;
mod numbers;
mod population;
mod profiles;
mod strings;

pub use bits::{Bits, WORD_BITS};
pub use canonical::{DECIMAL_PRECISION, DECIMAL_SCALE, arrow_type};
pub use column::{Column, Key, SCALE_MAX, TextsAre, Values, number};
pub use population::{Items, Parties, Population, Wanted};
