//! Made-up columns and conditions of the size and sharing that real collections of policies have.
//!
//! Forty columns (22 amounts and shares, 4 days, 6 codes, 5 yes-or-no, 3 sets of labels), about 15 % of the values unknown.
//! A document is about six conditions: three or four that must all hold, one of them, as a rule, a choice of several.

use engine::planes::{Builder, Circuit, Codes, Cuts, Lit, Planes, Slices};

/// A small generator of numbers that look random: the same seed, the same workload.
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Below a bound.
    pub fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// From 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1u64 << 53) as f64
    }
}

const NUMBERS: usize = 26;
const ENUMS: usize = 6;
const BOOLS: usize = 5;
const SETS: usize = 3;

/// The raw columns.
pub struct Columns {
    /// Rows.
    pub rows: usize,
    numbers: Vec<(Vec<i64>, Vec<u64>)>,
    codes: Vec<(Vec<u32>, Vec<u64>)>,
    bools: Vec<(Vec<u64>, Vec<u64>)>,
}

impl Columns {
    /// So many rows.
    pub fn new(rows: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        let known = |random: &mut Random| -> Vec<u64> {
            let mut known = vec![0u64; rows.div_ceil(64)];
            for row in (0..rows).filter(|_| random.below(100) >= 15) {
                known[row / 64] |= 1 << (row % 64);
            }
            known
        };
        let mut columns = Self { rows, numbers: Vec::new(), codes: Vec::new(), bools: Vec::new() };
        for column in 0..NUMBERS {
            let values = (0..rows).map(|_| value(column, &mut random)).collect();
            columns.numbers.push((values, known(&mut random)));
        }
        for column in 0..ENUMS + SETS {
            let many = code_count(column);
            // The commoner codes come first.
            let values = (0..rows).map(|_| (random.share().powi(2) * many as f64) as u32).collect();
            columns.codes.push((values, known(&mut random)));
        }
        for _ in 0..BOOLS {
            let values = (0..rows.div_ceil(64)).map(|_| random.next()).collect();
            columns.bools.push((values, known(&mut random)));
        }
        columns
    }
}

/// Amounts spread over seven powers of ten, shares evenly, days over forty years.
fn value(column: usize, random: &mut Random) -> i64 {
    match column {
        0..16 => 10f64.powf(random.share() * 7.0 + 3.0) as i64,
        16..22 => (random.share() * 1_000_000.0) as i64,
        _ => random.below(15_000) as i64 + 5000,
    }
}

fn code_count(column: usize) -> usize {
    if column < ENUMS { [12, 30, 97, 473, 40, 8][column] } else { 256 }
}

/// What the documents ask of each column, with their circuit.
pub struct Questions {
    cuts: Vec<(Cuts, Vec<u32>)>,
    codes: Vec<(Codes, Vec<u32>)>,
    bools: Vec<u32>,
    /// The documents.
    pub circuit: Circuit,
}

/// How many conditions the documents choose from, by column.
#[derive(Clone, Copy)]
pub struct Pool {
    cuts: usize,
    sets: usize,
    labels: usize,
}

impl Questions {
    /// So many documents.
    pub fn new(documents: usize, seed: u64) -> Self {
        let pool = match documents {
            0..=2000 => Pool { cuts: 54, sets: 24, labels: 18 },
            2001..=20_000 => Pool { cuts: 120, sets: 60, labels: 40 },
            _ => Pool { cuts: 250, sets: 200, labels: 60 },
        };
        let mut random = Random::new(seed);
        let mut builder = Builder::new();
        let mut lits: Vec<Vec<Lit>> = Vec::new();
        let mut atoms = |builder: &mut Builder, count: usize| -> Vec<u32> {
            let first = builder.atom_count() as u32;
            lits.push((0..count).map(|_| builder.atom()).collect());
            (first..first + count as u32).collect()
        };
        let mut cuts = Vec::new();
        for column in 0..NUMBERS {
            let keys = Cuts::new((0..pool.cuts).map(|_| round(value(column, &mut random))).collect());
            let own = atoms(&mut builder, keys.keys().len());
            cuts.push((keys, own));
        }
        let mut codes = Vec::new();
        for column in 0..ENUMS + SETS {
            let sets = sets(column, pool, &mut random);
            let own = atoms(&mut builder, sets.len());
            codes.push((Codes::new(code_count(column), &sets), own));
        }
        let bools = (0..BOOLS).map(|_| atoms(&mut builder, 1)[0]).collect();
        let roots: Vec<Lit> = (0..documents).map(|_| document(&mut builder, &lits, &mut random)).collect();
        Self { cuts, codes, bools, circuit: builder.finish(&roots) }
    }

    /// Room for the ranks of so many rows.
    pub fn ranks(&self, rows: usize) -> Vec<Slices> {
        let cuts = self.cuts.iter().map(|(cuts, _)| cuts.slices(rows));
        cuts.chain(self.codes.iter().map(|(codes, _)| codes.slices(rows))).collect()
    }

    /// Ranks the rows of `from..to` into slices that begin there.
    pub fn rank(&self, columns: &Columns, from: usize, to: usize, ranks: &mut [Slices]) {
        let (words, numbers) = (from / 64..to.div_ceil(64), self.cuts.len());
        for (((cuts, _), (values, known)), ranks) in
            self.cuts.iter().zip(&columns.numbers).zip(&mut ranks[..])
        {
            cuts.rank(&values[from..to], &known[words.clone()], ranks, 0);
        }
        for (((codes, _), (values, known)), ranks) in
            self.codes.iter().zip(&columns.codes).zip(&mut ranks[numbers..])
        {
            codes.rank(&values[from..to], &known[words.clone()], ranks, 0);
        }
    }

    /// Fills all atoms of a chunk: `at` is its first word in the ranks, `row` its first row in the columns.
    pub fn fill(&self, columns: &Columns, ranks: &[Slices], at: usize, row: usize, planes: &mut Planes) {
        for ((cuts, atoms), ranks) in self.cuts.iter().zip(ranks) {
            cuts.fill(ranks, at, atoms, planes);
        }
        for ((codes, atoms), ranks) in self.codes.iter().zip(&ranks[self.cuts.len()..]) {
            codes.fill(ranks, at, atoms, planes);
        }
        for (&atom, (values, known)) in self.bools.iter().zip(&columns.bools) {
            planes.set_bools(atom as usize, &values[row / 64..], &known[row / 64..]);
        }
    }
}

/// Two leading digits, as people write thresholds.
fn round(value: i64) -> i64 {
    let mut unit = 1;
    while value / unit >= 100 {
        unit *= 10;
    }
    value / unit * unit
}

/// Codes are asked for one by one, by a few, and by whole branches; labels one by one and by pairs.
fn sets(column: usize, pool: Pool, random: &mut Random) -> Vec<Vec<u64>> {
    let many = code_count(column);
    let bits = |inside: &dyn Fn(usize) -> bool| {
        let mut bits = vec![0u64; many.div_ceil(64)];
        (0..many).filter(|&code| inside(code)).for_each(|code| bits[code / 64] |= 1 << (code % 64));
        bits
    };
    if column >= ENUMS {
        let labels = (0..pool.labels).map(|_| 1 << random.below(8) | 1 << random.below(8));
        return labels.map(|labels| bits(&|code| code & labels != 0)).collect();
    }
    (0..pool.sets)
        .map(|_| {
            let (first, span) = (random.below(many), 1 + random.below(1 + many / 8));
            let more = [random.below(many), random.below(many)];
            bits(&|code| (first..first + span).contains(&code) || more.contains(&code))
        })
        .collect()
}

/// One condition: columns evenly, within a column some thresholds far oftener than others.
fn condition(lits: &[Vec<Lit>], random: &mut Random) -> Lit {
    let column = &lits[random.below(lits.len())];
    let lit = column[(random.share().powf(1.2) * column.len() as f64) as usize];
    if random.below(2) == 0 { lit } else { !lit }
}

fn document(builder: &mut Builder, lits: &[Vec<Lit>], random: &mut Random) -> Lit {
    let mut terms: Vec<Lit> = (0..3 + random.below(2)).map(|_| condition(lits, random)).collect();
    match random.below(20) {
        0..13 => {
            let choices: Vec<Lit> = (0..2 + random.below(3)).map(|_| condition(lits, random)).collect();
            terms.push(builder.or(&choices));
        }
        13..16 => {
            let range = [condition(lits, random), condition(lits, random)];
            let range = builder.and(&range);
            let other = condition(lits, random);
            terms.push(builder.or(&[range, other]));
        }
        _ => {}
    }
    builder.and(&terms)
}
