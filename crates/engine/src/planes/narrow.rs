//! Ranks of a column with not too many cuts, 32 rows to a step.
//!
//! A key becomes a **place** of 16 bits that never falls as the key grows, and the places of the cuts fit into a few
//! registers, where a search by halves finds how many of them are reached. Of a place that holds a cut somewhere in its
//! middle, places cannot tell; such rows are few, and are compared with the cut itself.

use super::cuts::{FLOAT_PLACE_MAX, ONE_BITS, Ordered, logarithm};
use super::vector::Digits;

/// Most cuts: what seven halvings tell apart.
pub(super) const CUTS_MAX: usize = 127;

/// The last place that a key can have; the one above is never reached.
const PLACE_MAX: u64 = u16::MAX as u64 - 1;

/// For each rank the places at which it ends.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    /// The least place whose keys all reach the cut of that rank.
    pub(super) reached: [u16; CUTS_MAX + 1],
    /// The least place with a key that may reach it.
    pub(super) doubtful: [u16; CUTS_MAX + 1],
    /// There are more cuts than six halvings tell apart.
    pub(super) is_wide: bool,
}

/// How keys become places, and where the cuts lie among them.
#[derive(Clone, Debug)]
pub(super) struct Narrow {
    scale: Scale,
    pub(super) steps: Steps,
}

/// Keys are counted from `least`, and pulled in to lie between it and `most`: nothing is cut beyond them.
#[derive(Clone, Copy, Debug)]
struct Scale {
    least: i64,
    most: i64,
    is_logarithmic: bool,
    shift: u32,
}

impl Scale {
    #[inline(always)]
    fn above(self, key: i64) -> u64 {
        key.max(self.least).min(self.most).wrapping_sub(self.least).cast_unsigned()
    }

    /// INVARIANT: never falls as the key grows.
    #[inline(always)]
    fn place<const LOGARITHMIC: bool>(self, above: u64) -> u64 {
        if LOGARITHMIC { logarithm(above, self.shift) as u64 } else { above >> self.shift }
    }

    fn place_of(self, above: u64) -> u64 {
        if self.is_logarithmic { self.place::<true>(above) } else { self.place::<false>(above) }
    }

    /// The least number of that place, or of one behind it.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and far below 2^64")]
    fn start_of(self, place: u64) -> u64 {
        if self.is_logarithmic {
            f64::from_bits(ONE_BITS + (place << self.shift)).ceil() as u64 - 1
        } else {
            place << self.shift
        }
    }

    /// A scale for cuts between two, of values that are off by up to `reach`.
    fn new((first, last): (i64, i64), reach: i64, is_logarithmic: bool) -> Option<Self> {
        (0..48).find_map(|shift| {
            // Before the first place that a cut touches there is one more.
            let spare = if is_logarithmic { 1 } else { 1i64 << shift };
            let least = first.checked_sub(reach)?.checked_sub(spare)?;
            let span = u64::try_from(i128::from(last) - i128::from(least)).ok()?;
            let scale = Self { least, most: last, is_logarithmic, shift };
            if is_logarithmic && span >= FLOAT_PLACE_MAX {
                return None;
            }
            let end = scale.place_of(span) + 1;
            if end > PLACE_MAX {
                return None;
            }
            let above = scale.start_of(end);
            let is_fit = !is_logarithmic || above < FLOAT_PLACE_MAX;
            let most = i64::try_from(i128::from(least) + i128::from(above)).ok().filter(|_| is_fit)?;
            Some(Self { most, ..scale })
        })
    }

    /// How wide the places are in which a key has to be compared, each beside the key's own size.
    fn doubt(self, keys: &[i64]) -> u128 {
        let of = |key: &i64| {
            let above = self.above(*key);
            let place = self.place_of(above);
            let (start, end) = (self.start_of(place), self.start_of(place + 1));
            let width = if start == above { 0 } else { end - start };
            (u128::from(width) << 32) / (u128::from(above) + 1)
        };
        keys.iter().map(of).sum()
    }
}

impl Narrow {
    /// For cuts in ascending order, and values that are off by up to `reach`; none where the cuts are too many or too far
    /// apart.
    pub(super) fn new(keys: &[i64], reach: i64) -> Option<Self> {
        let (first, last) = (*keys.first()?, *keys.last()?);
        if keys.len() > CUTS_MAX {
            return None;
        }
        let scales = [false, true].into_iter().filter_map(|log| Scale::new((first, last), reach, log));
        let scale = scales.min_by_key(|scale| scale.doubt(keys))?;
        let never = [u16::MAX; CUTS_MAX + 1];
        let mut steps = Steps { reached: never, doubtful: never, is_wide: keys.len() > CUTS_MAX / 2 };
        let narrow = |place: u64| u16::try_from(place).expect("a place has 16 bits");
        for (rank, key) in keys.iter().enumerate() {
            let above = scale.above(*key);
            let place = scale.place_of(above);
            steps.reached[rank] = narrow(place + u64::from(scale.start_of(place) < above));
            steps.doubtful[rank] = narrow(scale.place_of(above - reach.cast_unsigned()));
        }
        Some(Self { scale, steps })
    }

    /// The ranks of 64 values, and which rows are known whose value is below a cut by no more than `reach`.
    #[inline(always)]
    pub(super) fn rank<D: Digits, V: Ordered>(
        &self,
        digits: D,
        values: &[V; 64],
        known: u64,
        (keys, reach): (&[i64], i64),
    ) -> ([u8; 64], u64) {
        let mut places = [0u16; 64];
        let scale = self.scale;
        if scale.is_logarithmic {
            places_of::<V, true>(scale, values, &mut places);
        } else {
            places_of::<V, false>(scale, values, &mut places);
        }
        let (mut ranks, doubtful) = digits.search(&self.steps, &places);
        let (mut doubtful, mut near) = (doubtful & known, 0);
        while doubtful != 0 {
            let row = doubtful.trailing_zeros() as usize;
            doubtful &= doubtful - 1;
            let key = values[row].key();
            let cut = |rank: u8| keys.get(usize::from(rank));
            while cut(ranks[row]).is_some_and(|cut| *cut <= key) {
                ranks[row] += 1;
            }
            near |= u64::from(cut(ranks[row]).is_some_and(|cut| *cut <= key.saturating_add(reach))) << row;
        }
        (ranks, near)
    }
}

/// A function, since what stands in a closure is not built for wide vectors.
#[inline(always)]
fn places_of<V: Ordered, const LOGARITHMIC: bool>(scale: Scale, values: &[V; 64], places: &mut [u16; 64]) {
    for row in 0..64 {
        places[row] = scale.place::<LOGARITHMIC>(scale.above(values[row].key())) as u16;
    }
}

impl Steps {
    /// The search for one place: what every quicker way has to find.
    #[inline(always)]
    pub(super) fn find(&self, place: u16) -> (u8, bool) {
        let mut rank = 0usize;
        for step in [64, 32, 16, 8, 4, 2, 1] {
            if self.reached[rank + step - 1] <= place {
                rank += step;
            }
        }
        (rank as u8, self.doubtful[rank] <= place)
    }
}

#[cfg(test)]
mod tests {
    use super::super::cuts::Cuts;
    use super::super::slices::Slices;
    use super::super::vector::Portable;
    use super::*;

    /// Numbers that look like chance and are the same each time.
    struct Chance(u64);

    impl Chance {
        fn next(&mut self) -> u64 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            self.0 >> 17
        }

        fn below(&mut self, bound: i64) -> i64 {
            (self.next() % bound.cast_unsigned()).cast_signed()
        }
    }

    const KNOWN: u64 = 0xFFFB_FFFF_FFFF_7FFF;

    /// Every way of ranking gives what counting the cuts gives, on, beside and far from them.
    fn ranks_hold(keys: &[i64], reach: u32, chance: &mut Chance) {
        let cuts = Cuts::reaching(keys.to_vec(), reach);
        let mut values: Vec<i64> =
            keys.iter().flat_map(|key| (-4..=4).map(|by| key.saturating_add(by))).collect();
        let span = keys.iter().max().zip(keys.iter().min()).map_or(1, |(most, least)| (most - least).max(1));
        let least = keys.iter().min().copied().unwrap_or(0);
        values
            .extend((0..300).map(|_| least.saturating_add(chance.below(span.saturating_mul(2)) - span / 2)));
        values.extend([i64::MIN, -1, 0, 1, i64::MAX]);
        let known = vec![KNOWN; values.len().div_ceil(64)];
        let mut found = vec![ranked(&cuts, Portable, &values, &known)];
        #[cfg(target_arch = "x86_64")]
        {
            found.extend(pulp::x86::V3::try_new().map(|simd| ranked(&cuts, simd, &values, &known)));
            found.extend(pulp::x86::V4::try_new().map(|simd| ranked(&cuts, simd, &values, &known)));
            found.push(ranked(&cuts, Searching, &values, &known));
        }
        for (slices, near) in found {
            for (row, value) in values.iter().enumerate() {
                let is_known = KNOWN >> (row % 64) & 1 == 1;
                let rank = cuts.rank_of(*value);
                let next = cuts.keys().get(rank);
                let is_near = next.is_some_and(|key| *key <= value.saturating_add(i64::from(reach)));
                let bit = |words: &[u64]| words[row / 64] >> (row % 64) & 1 == 1;
                let number: usize =
                    (0..slices.width()).map(|digit| usize::from(bit(slices.digit(digit))) << digit).sum();
                assert_eq!(number, if is_known { rank } else { 0 }, "{value} among {keys:?}");
                assert_eq!(bit(&near), is_known && is_near, "{value} near {keys:?} by {reach}");
            }
        }
    }

    fn ranked(cuts: &Cuts, digits: impl Digits, values: &[i64], known: &[u64]) -> (Slices, Vec<u64>) {
        let (mut slices, mut near) = (cuts.slices(values.len()), vec![0; known.len()]);
        cuts.rank_by(digits, (values, known), &mut slices, &mut near);
        (slices, near)
    }

    /// The search in its slow form, on any machine.
    #[derive(Clone, Copy)]
    struct Searching;

    impl Digits for Searching {
        fn split(self, bytes: &[u8; 64], width: usize, put: impl FnMut(usize, u64)) {
            Portable.split(bytes, width, put);
        }

        fn ones<const B: usize>(self, planes: [&[u64; B]; 2]) -> [u64; 2] {
            Portable.ones(planes)
        }

        const SEARCHES: bool = true;
    }

    #[test]
    fn every_way_of_ranking_counts_the_cuts_that_a_value_reaches() {
        let mut chance = Chance(7);
        for count in [1, 2, 5, 40, 63, 64, 65, 90, 127, 128, 300] {
            for size in [1_000, 65_000, 3_000_000, 1_000_000_000_000, i64::MAX / 8] {
                let evenly: Vec<i64> = (0..count).map(|_| chance.below(size)).collect();
                let below_nought: Vec<i64> = evenly.iter().map(|key| key - size / 2).collect();
                let round: Vec<i64> =
                    evenly.iter().map(|key| (key >> chance.below(40)) / 1_000 * 1_000).collect();
                for keys in [evenly, below_nought, round] {
                    ranks_hold(&keys, 0, &mut chance);
                    ranks_hold(&keys, 2, &mut chance);
                }
            }
        }
    }

    #[test]
    fn floats_close_together_and_cuts_as_far_apart_as_keys_can_be_are_ranked_all_the_same() {
        let mut chance = Chance(11);
        let shares: Vec<i64> = (1..40).map(|part| (f64::from(part) / 100.0).key()).collect();
        let neighbours: Vec<i64> = (0..9).map(|by| 0.03f64.key() + by).collect();
        for keys in [shares, neighbours, vec![i64::MIN + 9, 0, i64::MAX - 9], vec![5; 3], vec![]] {
            if keys.iter().all(|key| key.unsigned_abs() < 1 << 62) {
                ranks_hold(&keys, 2, &mut chance);
                ranks_hold(&keys, 77, &mut chance);
            }
            let values = [i64::MIN, i64::MIN + 9, -1, 0, 1, i64::MAX - 10, i64::MAX];
            let cuts = Cuts::new(keys);
            for (slices, _) in
                [ranked(&cuts, Portable, &values, &[127]), ranked(&cuts, Searching, &values, &[127])]
            {
                for (row, value) in values.iter().enumerate() {
                    let number: usize = (0..slices.width())
                        .map(|digit| usize::from(slices.digit(digit)[0] >> row & 1 == 1) << digit)
                        .sum();
                    assert_eq!(number, cuts.rank_of(*value));
                }
            }
        }
    }

    #[test]
    fn the_search_in_registers_finds_what_the_slow_one_finds_for_every_place() {
        for count in [1, 30, 63, 64, 127] {
            let mut chance = Chance(count);
            let keys: Vec<i64> = (0..count).map(|_| chance.below(9_000_000)).collect();
            let cuts: Vec<i64> = Cuts::new(keys).keys().to_vec();
            let steps = Narrow::new(&cuts, 0).expect("they are few").steps;
            for first in (0..u16::MAX - 64).step_by(64) {
                let places: [u16; 64] = std::array::from_fn(|row| first + row as u16);
                let slow = Portable.search(&steps, &places);
                #[cfg(target_arch = "x86_64")]
                if let Some(simd) = pulp::x86::V4::try_new() {
                    assert_eq!(simd.search(&steps, &places), slow);
                }
            }
        }
    }
}
