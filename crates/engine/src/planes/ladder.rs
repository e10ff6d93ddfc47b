//! From binary digits to comparisons: the planes "number ≥ 1", "number ≥ 2", … of many small numbers.
//!
//! Digit by digit from the lowest, a rung "the digits so far ≥ r" becomes two: with the next digit required, or sufficient.
//! So each rung costs one AND or OR of whole words, whatever the number of digits, and all rungs together are made in one go.

use super::run::Planes;
use super::slices::Slices;
use super::vector::{Digits, Work, dispatch};

/// Makes atom `i` true where the lower number is above `i`, and false where the upper is not, for known rows.
pub(super) fn fill_cuts(lower: &Slices, upper: &Slices, at: usize, atoms: &[u32], planes: &mut Planes) {
    let is_exact = std::ptr::eq(lower, upper);
    match planes.words() {
        4 => dispatch(Cuts::<4> { lower, upper, is_exact, at, atoms, planes }),
        8 => dispatch(Cuts::<8> { lower, upper, is_exact, at, atoms, planes }),
        _ => dispatch(Cuts::<16> { lower, upper, is_exact, at, atoms, planes }),
    }
}

/// Makes an atom true where an odd number of its bounds lie at or below the number, and false for all other known rows.
/// Bounds are from 1 to `rungs`; `ends[i]` is where the bounds of atom `i` end.
pub(super) fn fill_unions(
    numbers: &Slices,
    at: usize,
    rungs: usize,
    unions: Unions<'_>,
    atoms: &[u32],
    planes: &mut Planes,
) {
    match planes.words() {
        4 => dispatch(Union::<4> { numbers, at, rungs, unions, atoms, planes }),
        8 => dispatch(Union::<8> { numbers, at, rungs, unions, atoms, planes }),
        _ => dispatch(Union::<16> { numbers, at, rungs, unions, atoms, planes }),
    }
}

/// Sets of numbers, each a union of intervals, given by all the intervals' bounds.
#[derive(Clone, Copy)]
pub(super) struct Unions<'a> {
    pub(super) bounds: &'a [u16],
    pub(super) ends: &'a [u32],
}

/// Rung `r` from 1 to `count` of the block of rows that begins at a word. Rung 0, "≥ 0", is not made.
#[inline(always)]
fn climb<const B: usize>(numbers: &Slices, at: usize, count: usize, rungs: &mut [[u64; B]]) {
    let mut reach = 1;
    for digit in 0..numbers.width() {
        let bits = numbers.digit(digit).as_chunks::<B>().0[at / B];
        let (lower, upper) = rungs[..=count].split_at_mut(reach);
        if let Some((first, upper)) = upper.split_first_mut() {
            *first = bits;
            for (upper, lower) in upper.iter_mut().zip(&lower[1..]) {
                *upper = zip(&bits, lower, |bits, lower| bits & lower);
            }
        }
        for lower in &mut lower[1..] {
            *lower = zip(&bits, lower, |bits, lower| bits | lower);
        }
        reach *= 2;
    }
}

struct Cuts<'a, const B: usize> {
    lower: &'a Slices,
    upper: &'a Slices,
    is_exact: bool,
    at: usize,
    atoms: &'a [u32],
    planes: &'a mut Planes,
}

impl<const B: usize> Work for Cuts<'_, B> {
    type Output = ();

    #[inline(always)]
    fn run<D: Digits>(self, _: D) {
        let Self { lower, upper, is_exact, at, atoms, planes } = self;
        let (count, blocks) = (atoms.len(), planes.words() / B);
        let (rungs, bits) = planes.rungs_and_atoms((count + 1) * B);
        let (rungs, bits) = (rungs.as_chunks_mut::<B>().0, bits.as_chunks_mut::<B>().0);
        for block in 0..blocks {
            let from = at + block * B;
            let known = lower.known().as_chunks::<B>().0[from / B];
            climb(lower, from, count, rungs);
            for (rung, &atom) in rungs[1..].iter().zip(atoms) {
                let place = 2 * atom as usize * blocks + block;
                bits[place] = *rung;
                if is_exact {
                    bits[place + blocks] = except(&known, rung);
                }
            }
            if !is_exact {
                climb(upper, from, count, rungs);
                for (rung, &atom) in rungs[1..].iter().zip(atoms) {
                    bits[(2 * atom as usize + 1) * blocks + block] = except(&known, rung);
                }
            }
        }
    }
}

struct Union<'a, const B: usize> {
    numbers: &'a Slices,
    at: usize,
    rungs: usize,
    unions: Unions<'a>,
    atoms: &'a [u32],
    planes: &'a mut Planes,
}

impl<const B: usize> Work for Union<'_, B> {
    type Output = ();

    #[inline(always)]
    fn run<D: Digits>(self, _: D) {
        let Self { numbers, at, rungs: count, unions, atoms, planes } = self;
        let blocks = planes.words() / B;
        let (rungs, bits) = planes.rungs_and_atoms((count + 1) * B);
        let (rungs, bits) = (rungs.as_chunks_mut::<B>().0, bits.as_chunks_mut::<B>().0);
        for block in 0..blocks {
            let from = at + block * B;
            let known = numbers.known().as_chunks::<B>().0[from / B];
            climb(numbers, from, count, rungs);
            let mut start = 0;
            for (&end, &atom) in unions.ends.iter().zip(atoms) {
                let mut inside = [0; B];
                for &bound in &unions.bounds[start..end as usize] {
                    let rung = &rungs[usize::from(bound)];
                    for word in 0..B {
                        inside[word] ^= rung[word];
                    }
                }
                start = end as usize;
                let place = 2 * atom as usize * blocks + block;
                bits[place] = inside;
                bits[place + blocks] = except(&known, &inside);
            }
        }
    }
}

#[inline(always)]
fn except<const B: usize>(all: &[u64; B], some: &[u64; B]) -> [u64; B] {
    zip(all, some, |all, some| all & !some)
}

/// A loop over local arrays, which becomes whole vectors; `array::from_fn` does not.
#[inline(always)]
fn zip<const B: usize>(a: &[u64; B], b: &[u64; B], join: impl Fn(u64, u64) -> u64) -> [u64; B] {
    let (a, b) = (*a, *b);
    let mut joined = [0; B];
    for word in 0..B {
        joined[word] = join(a[word], b[word]);
    }
    joined
}
