//! Rounding to whole numbers, to decimals and to the fen, and rates by bands.

use facts::Number;

use super::directed::{add_down, add_up, around, mul_down, mul_up};
use super::{Enclosures, OPEN, Row};
use crate::planes::wide;

/// Most decimals either side of the point; past that the exact evaluation does not round either.
const PLACES_MAX: i32 = 40;

/// Largest number of fen that is given out; all whole numbers up to here are floats.
const FEN_MAX: f64 = 9e15;

impl Enclosures {
    /// The largest whole number not above.
    pub(crate) fn floor(&self) -> Self {
        self.rising(f64::floor)
    }

    /// The smallest whole number not below.
    pub(crate) fn ceiling(&self) -> Self {
        self.rising(f64::ceil)
    }

    /// Rounded to so many decimals, halves away from nought (四舍五入).
    pub(crate) fn round_half_up(&self, places: i32) -> Self {
        if places.abs() > PLACES_MAX {
            return Self::interval(self.rows(), None, None);
        }
        let power = |places| Self::constant(self.rows(), &Number::power_of_ten(places));
        let whole = if places == 0 { self.clone() } else { self.mul(&power(places)) };
        let whole = whole.rising(f64::round);
        if places == 0 { whole } else { whole.mul(&power(-places)) }
    }

    /// Each bound mapped by a function that never falls and makes no error.
    #[inline(always)]
    fn rising(&self, map: impl Fn(f64) -> f64) -> Self {
        let lane = |bounds: &[f64]| {
            let mut out = vec![0.0; bounds.len()];
            wide(|| out.iter_mut().zip(bounds).for_each(|(out, bound)| *out = map(*bound)));
            out
        };
        Self {
            low_out: lane(&self.low_out),
            low_in: lane(&self.low_in),
            high_in: lane(&self.high_in),
            high_out: lane(&self.high_out),
            flags: self.flags.clone(),
            any: 0,
        }
        .settled()
    }

    /// Each band's rate on the part that lies in it; a band is its upper end, if it has one, and its rate.
    pub(crate) fn progressive(&self, bands: &[(Option<Number>, Number)]) -> Self {
        if bands.iter().any(|(_, rate)| rate.is_negative()) {
            return Self::odd(self.rows());
        }
        let bands: Vec<Band> = bands
            .iter()
            .map(|(up_to, rate)| Band { up_to: up_to.as_ref().map(around), rate: around(rate) })
            .collect();
        self.each(|row| {
            let (low, high) = (progressive_down(&bands, row.low_out), progressive_up(&bands, row.high_out));
            if !row.has(OPEN) {
                return Row { flags: row.flags, ..Row::single(low, high) };
            }
            let (low_in, high_in) =
                (progressive_up(&bands, row.low_in), progressive_down(&bands, row.high_in));
            Row { low_out: low, low_in, high_in, high_out: high, flags: row.flags }
        })
    }

    /// Money in yuan rounded once to the fen, half up, never below nought. None unless the row is one number, always
    /// there, and both its bounds round to the same fen.
    pub(crate) fn fen(&self, row: usize) -> Option<i64> {
        if self.flags[row] != 0 {
            return None;
        }
        fen_of(self.low_out[row], self.high_out[row])
    }

    /// The least and the greatest, each rounded so; the greatest is none where there is no end above. None where the row
    /// may be absent, has holes, or an end is not known to the fen.
    pub(crate) fn fen_between(&self, row: usize) -> Option<(i64, Option<i64>)> {
        if self.flags[row] & !OPEN != 0 {
            return None;
        }
        let Row { low_out, low_in, high_in, high_out, .. } = self.row(row);
        let low = if low_in == f64::NEG_INFINITY { 0 } else { fen_of(low_out, low_in)? };
        let high = if high_in == f64::INFINITY { None } else { Some(fen_of(high_in, high_out)?) };
        Some((low, high))
    }
}

/// What both of two yuan round to in fen, half up, never below nought; none where they differ or are past all bounds.
fn fen_of(low: f64, high: f64) -> Option<i64> {
    let (low, high) = (mul_down(low, 100.0), mul_up(high, 100.0));
    if low.abs() > FEN_MAX || high.abs() > FEN_MAX {
        return None;
    }
    let (low, high) = (low.round().max(0.0), high.round().max(0.0));
    (low == high).then_some(low as i64)
}

/// A band between floats: its upper end and its rate.
struct Band {
    up_to: Option<(f64, f64)>,
    rate: (f64, f64),
}

/// Not above what the bands come to. What has no end comes to what has no end.
fn progressive_down(bands: &[Band], number: f64) -> f64 {
    if number.is_infinite() {
        return number;
    }
    let (mut reached, mut total) = (0.0_f64, 0.0);
    for Band { up_to, rate } in bands {
        let top = up_to.map_or(number, |(low, _)| low.min(number));
        let part = add_down(top, -reached, 0.0).max(0.0);
        total = add_down(total, mul_down(part, rate.0), 0.0);
        // What lies below has been counted already, up to the upper bound of where the band before may end.
        reached = reached.max(up_to.map_or(number, |(_, high)| high.min(number)));
    }
    total
}

/// Not below what the bands come to.
fn progressive_up(bands: &[Band], number: f64) -> f64 {
    if number.is_infinite() {
        return number;
    }
    let (mut reached, mut total) = (0.0_f64, 0.0);
    for Band { up_to, rate } in bands {
        let top = up_to.map_or(number, |(_, high)| high.min(number));
        let part = add_up(top, -reached, 0.0).max(0.0);
        total = add_up(total, mul_up(part, rate.1), 0.0);
        reached = reached.max(up_to.map_or(number, |(low, _)| low.min(number)));
    }
    total
}
