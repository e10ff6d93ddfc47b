//! Chance that hangs on nothing but its arguments: a question about a subject always falls the same way.
//!
//! There is no stream of random numbers. Each question has dice of its own, mixed from the seed, the subject and the
//! question, so subjects can be made in any order and a new column changes no other. Only basic operations of floating
//! point are used, which every machine rounds alike; `exp` of the standard library is not.

/// Weyl constant of splitmix64: 2^64 divided by the golden ratio, odd.
const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

/// Dice thrown once: what they show is fixed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Dice(u64);

/// The finaliser of splitmix64: every bit of the argument reaches every bit of the result.
const fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}

/// The number of a question, from its name (FNV-1a).
pub(crate) const fn question(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0100_0000_01B3);
        at += 1;
    }
    hash
}

impl Dice {
    /// For the subject of that number among its kind.
    pub(crate) fn of(seed: u64, kind: &str, row: u64) -> Self {
        let kind = mix(seed.wrapping_add(GOLDEN) ^ question(kind));
        Self(mix(kind.wrapping_add(row.wrapping_mul(GOLDEN))))
    }

    /// Dice of their own for a question.
    pub(crate) fn about(self, question: u64) -> Self {
        Self(mix(self.0.wrapping_add(question.wrapping_mul(GOLDEN) | 1)))
    }

    /// Dice for a question given by name.
    pub(crate) fn on(self, name: &str) -> Self {
        self.about(question(name))
    }

    /// In 0 ≤ x < 1.
    pub(crate) fn unit(self) -> f64 {
        // The 53 bits that a float holds exactly.
        (self.0 >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }

    /// In `from` ≤ x < `to`.
    pub(crate) fn between(self, from: f64, to: f64) -> f64 {
        from + (to - from) * self.unit()
    }

    /// Yes with that probability.
    pub(crate) fn chance(self, probability: f64) -> bool {
        self.unit() < probability
    }

    /// A whole number below `limit`.
    pub(crate) fn below(self, limit: usize) -> usize {
        ((u128::from(self.0) * limit as u128) >> 64) as usize
    }

    /// A bell curve of mean 0 and variance 1 that ends at ±3.46: the sum of four even pieces.
    pub(crate) fn bell(self) -> f64 {
        let piece = |shift: u32| f64::from((self.0 >> shift) as u16);
        let sum = piece(0) + piece(16) + piece(32) + piece(48);
        // The standard deviation of four pieces of 16 bits is 65536 × √(4/12).
        (sum - 131_070.0) / 37_837.227
    }

    /// How many of many rare things happened, `mean` on average (Poisson; a rounded bell curve where many).
    pub(crate) fn count(self, mean: f64) -> i64 {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 12.0 {
            return (mean + self.bell() * mean.sqrt() + 0.5).max(0.0) as i64;
        }
        let sought = self.unit();
        let mut term = exp(-mean);
        let mut sum = term;
        let mut count = 0;
        // The bound ends a sum that rounding keeps just below one.
        while sum < sought && count < 64 {
            count += 1;
            term *= mean / count as f64;
            sum += term;
        }
        count
    }

    /// One of several, each as likely as its weight says.
    pub(crate) fn pick<T: Copy>(self, choices: &[(T, u32)]) -> T {
        let total: u32 = choices.iter().map(|(_, weight)| weight).sum();
        let mut left = self.below(total as usize) as u32;
        let chosen = choices.iter().find(|(_, weight)| {
            let found = left < *weight;
            left = left.saturating_sub(*weight);
            found
        });
        chosen.unwrap_or(&choices[0]).0
    }
}

/// e to that power, by basic operations alone; arguments past ±40 are held there.
pub(crate) fn exp(power: f64) -> f64 {
    // e^x = (e^(x/1024))^1024: of so small an argument four terms of the series are right to twelve digits.
    let small = power.clamp(-40.0, 40.0) / 1024.0;
    let mut value =
        1.0 + small * (1.0 + small * (0.5 + small * (1.0 / 6.0 + small * (1.0 / 24.0 + small / 120.0))));
    for _ in 0..10 {
        value *= value;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exponential_agrees_with_the_standard_library() {
        for step in -200..=200 {
            let power = f64::from(step) * 0.05;
            assert!((exp(power) / power.exp() - 1.0).abs() < 1e-11, "{power}");
        }
    }

    #[test]
    fn a_bell_curve_has_mean_nought_and_variance_one() {
        let rows = 100_000;
        let throws: Vec<f64> = (0..rows).map(|row| Dice::of(7, "bell", row).bell()).collect();
        let mean = throws.iter().sum::<f64>() / rows as f64;
        let variance = throws.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / rows as f64;
        assert!(mean.abs() < 0.02 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
    }

    #[test]
    fn counts_have_the_mean_that_was_asked_for() {
        for mean in [0.3, 2.0, 11.0, 40.0] {
            let rows = 20_000;
            let sum: i64 = (0..rows).map(|row| Dice::of(7, "count", row).count(mean)).sum();
            assert!((sum as f64 / rows as f64 / mean - 1.0).abs() < 0.05, "{mean}: {sum}");
        }
    }

    #[test]
    fn choices_fall_as_their_weights_say() {
        let choices = [('a', 1), ('b', 0), ('c', 3)];
        let count = |sought: char| {
            (0..10_000).filter(|row| Dice::of(1, "pick", *row).pick(&choices) == sought).count()
        };
        assert_eq!(count('b'), 0);
        assert!((7_200..7_800).contains(&count('c')));
    }
}
