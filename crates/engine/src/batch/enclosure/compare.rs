//! Comparison of bounds: what holds, what fails, what nobody can know, and what must be asked exactly.

use facts::Number;
use lang::ir::Compare;

use super::{ABSENCES, EMPTY, Enclosures, Flags, NOTHING, ODD, PIECES, Row, ZERO_DENOMINATOR, words};
use crate::planes::wide;

/// The truth of each row, a bit a row. A row in none of the three is certainly unknown.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Comparison {
    /// It holds.
    pub yes: Vec<u64>,
    /// It does not.
    pub no: Vec<u64>,
    /// The bounds cannot tell, not even whether it is unknown.
    pub undecided: Vec<u64>,
}

impl Comparison {
    fn clear(&mut self, rows: usize) {
        for lane in [&mut self.yes, &mut self.no, &mut self.undecided] {
            lane.clear();
            lane.resize(words(rows), 0);
        }
    }

    fn set(&mut self, row: usize, answer: Answer) {
        let bit = 1_u64 << (row % 64);
        for (lane, own) in [
            (&mut self.yes, Answer::Yes),
            (&mut self.no, Answer::No),
            (&mut self.undecided, Answer::Undecided),
        ] {
            lane[row / 64] = (lane[row / 64] & !bit) | if answer == own { bit } else { 0 };
        }
    }
}

/// What a comparison of one row comes to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Answer {
    Yes,
    No,
    Unknown,
    Undecided,
}

/// What is certain of a comparison: whether some pair of possible numbers makes it true, and whether some makes it false.
/// Neither `can` nor `cannot` is "perhaps".
#[derive(Clone, Copy)]
struct Certain {
    can_hold: bool,
    cannot_hold: bool,
    can_fail: bool,
    cannot_fail: bool,
}

impl Certain {
    /// Of the opposite.
    #[inline(always)]
    fn negate(self) -> Self {
        let Self { can_hold, cannot_hold, can_fail, cannot_fail } = self;
        Self { can_hold: can_fail, cannot_hold: cannot_fail, can_fail: can_hold, cannot_fail: cannot_hold }
    }

    fn answer(self) -> Answer {
        match self {
            Self { can_hold: true, cannot_fail: true, .. } => Answer::Yes,
            Self { can_fail: true, cannot_hold: true, .. } => Answer::No,
            Self { can_hold: true, can_fail: true, .. } => Answer::Unknown,
            Self { cannot_hold: true, cannot_fail: true, .. } => Answer::Unknown,
            _ => Answer::Undecided,
        }
    }
}

/// `a < b`.
#[inline(always)]
fn less(a: Row, b: Row) -> Certain {
    Certain {
        can_hold: a.low_in < b.high_in,
        cannot_hold: a.low_out >= b.high_out,
        can_fail: a.high_in >= b.low_in,
        cannot_fail: a.high_out < b.low_out,
    }
}

/// `a = b`. That two ranges overlap proves a common number only if neither has holes.
#[inline(always)]
fn equal(a: Row, b: Row) -> Certain {
    let overlaps = (a.low_in <= b.high_in) & (b.low_in <= a.high_in);
    Certain {
        can_hold: overlaps & ((a.flags | b.flags) & PIECES == 0),
        cannot_hold: (a.high_out < b.low_out) | (b.high_out < a.low_out),
        can_fail: (a.low_in < b.high_in) | (b.low_in < a.high_in),
        cannot_fail: (a.low_out >= b.high_out) & (b.low_out >= a.high_out),
    }
}

impl Enclosures {
    /// Compares each row with the same row of another.
    pub(crate) fn compare(&self, op: Compare, other: &Self, out: &mut Comparison) {
        debug_assert_eq!(self.rows(), other.rows());
        self.compare_with(op, other.any, |at| other.row(at), out);
    }

    /// Compares each row with one number.
    pub(crate) fn compare_constant(&self, op: Compare, number: &Number, out: &mut Comparison) {
        let row = Row::interval(Some(number), Some(number)).settled();
        self.compare_with(op, row.flags, |_| row, out);
    }

    #[inline(always)]
    fn compare_with(&self, op: Compare, any: Flags, right: impl Fn(usize) -> Row, out: &mut Comparison) {
        out.clear(self.rows());
        match op {
            Compare::Lt => wide(|| self.fill(&right, out, less)),
            Compare::Ge => wide(|| self.fill(&right, out, |a, b| less(a, b).negate())),
            Compare::Gt => wide(|| self.fill(&right, out, |a, b| less(b, a))),
            Compare::Le => wide(|| self.fill(&right, out, |a, b| less(b, a).negate())),
            Compare::Eq => wide(|| self.fill(&right, out, equal)),
            Compare::Ne => wide(|| self.fill(&right, out, |a, b| equal(a, b).negate())),
        }
        if (self.any | any) & SPECIAL == 0 {
            return;
        }
        for at in 0..self.rows() {
            let right = right(at);
            if (self.flags[at] | right.flags) & SPECIAL != 0 {
                out.set(at, special(op, self.row(at), right));
            }
        }
    }

    /// All rows, as if each had a number and certainly so.
    #[inline(always)]
    fn fill(
        &self,
        right: impl Fn(usize) -> Row,
        out: &mut Comparison,
        certain: impl Fn(Row, Row) -> Certain,
    ) {
        let rows = self.rows();
        for word in 0..words(rows) {
            let (mut yes, mut no, mut open) = (0_u64, 0_u64, 0_u64);
            let first = word * 64;
            for at in first..rows.min(first + 64) {
                let Certain { can_hold, cannot_hold, can_fail, cannot_fail } =
                    certain(self.row(at), right(at));
                let bit = at - first;
                yes |= u64::from(cannot_fail) << bit;
                no |= u64::from(cannot_hold) << bit;
                open |= u64::from(cannot_fail | cannot_hold | (can_hold & can_fail)) << bit;
            }
            let all = if rows - first >= 64 { !0 } else { !(!0 << (rows - first)) };
            (out.yes[word], out.no[word], out.undecided[word]) = (yes, no, all & !open);
        }
    }
}

/// Flags of rows that are not simply some number.
const SPECIAL: Flags = ODD | EMPTY | ABSENCES;

/// Rows that may be absent, or of which nothing can be said, as the exact comparison has them.
fn special(op: Compare, a: Row, b: Row) -> Answer {
    let both = a.flags | b.flags;
    if both & ODD != 0 {
        return Answer::Undecided;
    }
    if both & ZERO_DENOMINATOR != 0 {
        return Answer::Unknown;
    }
    let mut certain = match op {
        Compare::Lt => less(a, b),
        Compare::Ge => less(a, b).negate(),
        Compare::Gt => less(b, a),
        Compare::Le => less(b, a).negate(),
        Compare::Eq | Compare::Ne => equal(a, b),
    };
    if both & EMPTY == 0 {
        certain.can_hold |= certain.cannot_fail;
        certain.can_fail |= certain.cannot_hold;
    } else {
        certain = Certain { can_hold: false, cannot_hold: true, can_fail: false, cannot_fail: true };
    }
    let is_order = !matches!(op, Compare::Eq | Compare::Ne);
    if both & ABSENCES != 0 {
        let both_nothing = a.has(NOTHING) && b.has(NOTHING);
        if !is_order && both_nothing {
            (certain.can_hold, certain.cannot_hold) = (true, false);
        }
        if is_order || !(both_nothing && a.has(EMPTY) && b.has(EMPTY)) {
            (certain.can_fail, certain.cannot_fail) = (true, false);
        }
    }
    if op == Compare::Ne { certain.negate().answer() } else { certain.answer() }
}
