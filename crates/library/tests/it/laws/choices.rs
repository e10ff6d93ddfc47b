//! A stream of choices from which documents and subjects are grown. Shorter streams and smaller numbers grow simpler
//! things, so that what proptest shrinks is readable.

use proptest::prelude::*;

/// Choices not yet made; past the end every choice is the first alternative.
#[derive(Debug)]
pub struct Choices<'c> {
    rest: &'c [u16],
}

impl<'c> Choices<'c> {
    /// All choices of a stream.
    pub fn new(stream: &'c [u16]) -> Self {
        Self { rest: stream }
    }

    /// One of `count` alternatives.
    pub fn pick(&mut self, count: usize) -> usize {
        match self.rest.split_first() {
            Some((first, rest)) => {
                self.rest = rest;
                usize::from(*first) % count
            }
            None => 0,
        }
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, alternatives: &[T]) -> T {
        alternatives[self.pick(alternatives.len())]
    }

    /// Yes once in so many times, no when choices run out.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.pick(times) == times - 1
    }
}

/// Streams of choices.
pub fn streams() -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(0..5_040u16, 0..160)
}

/// A sequence of numbers that looks random and is the same each time.
#[derive(Debug)]
pub struct Scatter(pub u64);

impl Scatter {
    /// A number below `count`.
    pub fn below(&mut self, count: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits fit") % count
    }
}
