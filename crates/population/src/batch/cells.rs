//! Which rows of an array are to be read, and what was refused in them.

use arrow_array::Array;
use facts::read::{CellProblem, is_unknown};

use crate::Bits;
use crate::problems::{Problems, Rows};

/// The cells of one column, as far as they give trouble.
pub(super) struct Cells<'a> {
    /// Heading.
    pub(super) column: &'a str,
    pub(super) rows: Rows<'a>,
    pub(super) problems: &'a mut Problems,
    /// Rows of which a cell was refused.
    pub(super) refused: Vec<usize>,
    /// Words such as 不知道 say nothing at all, not even that there is such a party.
    pub(super) beside: bool,
}

impl Cells<'_> {
    /// Leaves a row unknown, with the reason.
    pub(super) fn refuse(&mut self, row: usize, problem: impl FnOnce() -> CellProblem) {
        if self.beside {
            self.refused.push(row);
        }
        self.problems.add(|| self.rows.problem(row, self.column, problem()));
    }

    /// Whether a text is passed over before it is read.
    pub(super) fn is_silent(&self, text: &str) -> bool {
        self.beside && is_unknown(text)
    }
}

/// The rows that hold something, among those that count.
pub(super) fn valid(array: &dyn Array, mask: Option<&Bits>) -> Bits {
    let mut valid = match array.logical_nulls() {
        None => Bits::ones(array.len()),
        Some(nulls) => Bits::from_words(nulls.inner().bit_chunks().iter_padded().collect(), array.len()),
    };
    if let Some(mask) = mask {
        valid.intersect(mask);
    }
    valid
}
