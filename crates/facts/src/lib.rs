//! Words and values: numbers, money, days, periods, units, credit codes, the vocabulary and profiles.
//!
//! Everything above this crate speaks in these types. It reads bytes that others hand it and touches no file, clock or network.
//!
//! ```
//! use facts::{Fen, Number};
//! let yuan: Number = "1588888.885".parse().unwrap();
//! assert_eq!(Fen::from_yuan_rounded(&yuan), Some(Fen(158_888_889)));
//! ```

pub mod classification;
mod date;
mod definition;
pub mod diagnostic;
mod display;
mod fen;
mod number;
mod period;
mod profile;
pub mod read;
mod text;
pub mod unit;
mod uscc;
mod value;
pub mod vocabulary;
pub mod write;
pub mod yaml;

pub use date::{Date, NotADate, PartialDate, Precision, YEAR_MAX, days_in_month, is_leap_year};
pub use definition::{
    Change, CodeValue, CollectionDefinition, Disclosure, FactDefinition, FactId, FactType, Grain, Language,
    Mark, OutsideDocument, PeriodLabel, SUBJECT_KINDS, StatusDefinition, Text, Vocabulary,
};
pub use diagnostic::{Diagnostic, Severity, Source, Span};
pub use fen::Fen;
pub use number::{DIGITS_MAX, EXPONENT_MAX, NotANumber, Number};
pub use period::{Period, QuarterEnd, SPAN_YEARS_MAX, SpanAs, YearRef};
pub use profile::{Entry, Holding, Origin, Profile};
pub use text::{half_width, nearest};
pub use unit::{Dimension, Quantity, Unit};
pub use uscc::{Authority, Uscc, UsccError};
pub use value::Value;
