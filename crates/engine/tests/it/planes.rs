//! The planes against their slow twin: every row evaluated by itself, in three values.

use engine::planes::{
    Builder, CHUNK_WORDS, Circuit, Codes, Count, Cuts, Lit, Ordered, Planes, Sets, Slices, Truth, value_of,
};
use proptest::collection::vec;
use proptest::prelude::*;

pub fn truth() -> impl Strategy<Value = Truth> {
    prop_oneof![Just(Truth::False), Just(Truth::Unknown), Just(Truth::True)]
}

/// How to put one more node together from earlier ones, picked by number.
#[derive(Clone, Debug)]
pub enum Recipe {
    And(Vec<(u16, bool)>),
    Or(Vec<(u16, bool)>),
    Choice([(u16, bool); 3]),
}

pub fn recipe() -> impl Strategy<Value = Recipe> {
    prop_oneof![
        vec(any::<(u16, bool)>(), 0..6).prop_map(Recipe::And),
        vec(any::<(u16, bool)>(), 0..6).prop_map(Recipe::Or),
        any::<[(u16, bool); 3]>().prop_map(Recipe::Choice),
    ]
}

pub fn circuit(atoms: usize, recipes: &[Recipe], roots: &[(u16, bool)]) -> Circuit {
    let mut builder = Builder::new();
    let mut lits = vec![Lit::TRUE, Lit::UNKNOWN];
    lits.extend((0..atoms).map(|_| builder.atom()));
    let pick = |lits: &[Lit], &(place, is_negated): &(u16, bool)| {
        let lit = lits[usize::from(place) % lits.len()];
        if is_negated { !lit } else { lit }
    };
    for recipe in recipes {
        let lit = match recipe {
            Recipe::And(parts) => {
                builder.and(&parts.iter().map(|part| pick(&lits, part)).collect::<Vec<_>>())
            }
            Recipe::Or(parts) => builder.or(&parts.iter().map(|part| pick(&lits, part)).collect::<Vec<_>>()),
            Recipe::Choice(parts) => {
                let [when, then, otherwise] = parts.each_ref().map(|part| pick(&lits, part));
                builder.if_then_else(when, then, otherwise)
            }
        };
        lits.push(lit);
    }
    let roots: Vec<Lit> = roots.iter().map(|root| pick(&lits, root)).collect();
    builder.finish(&roots)
}

fn set(planes: &mut Planes, atom: usize, row: usize, value: Truth) {
    let (trues, falses) = planes.atom_mut(atom);
    let bit = 1 << (row % 64);
    trues[row / 64] |= if value == Truth::True { bit } else { 0 };
    falses[row / 64] |= if value == Truth::False { bit } else { 0 };
}

fn get(trues: &[u64], falses: &[u64], row: usize) -> Truth {
    let (is_true, is_false) =
        (trues[row / 64] >> (row % 64) & 1 == 1, falses[row / 64] >> (row % 64) & 1 == 1);
    assert!(!(is_true && is_false), "row {row} is both");
    Truth::from_bits(is_true, is_false)
}

proptest! {
    #[test]
    fn a_program_gives_every_row_what_evaluating_it_alone_gives(
        recipes in vec(recipe(), 0..30),
        roots in vec(any::<(u16, bool)>(), 1..12),
        rows in vec(vec(truth(), 5), 1..300),
        words in proptest::sample::select(&CHUNK_WORDS[..]),
    ) {
        let circuit = circuit(5, &recipes, &roots);
        let program = circuit.schedule();
        let mut counts = vec![Count::default(); program.answer_count()];
        let mut planes = program.planes(words);
        let mut expected = vec![Count::default(); circuit.roots().len()];
        for chunk in rows.chunks(words * 64) {
            planes.atoms_mut().fill(0);
            for (row, values) in chunk.iter().enumerate() {
                for (atom, &value) in values.iter().enumerate() {
                    set(&mut planes, atom, row, value);
                }
            }
            planes.limit(chunk.len());
            program.count(&mut planes, &mut counts);
            let mut out = vec![0; program.answer_count() * 2 * words];
            program.write(&mut planes, &mut out);
            for row in 0..words * 64 {
                let values = chunk.get(row).map(|atoms| circuit.evaluate(atoms));
                for (index, (root, &lit)) in program.roots().iter().zip(circuit.roots()).enumerate() {
                    let answer = &out[2 * root.answer * words..][..2 * words];
                    let (trues, falses) = answer.split_at(words);
                    let answer = get(trues, falses, row);
                    let answer = if root.is_negated { !answer } else { answer };
                    let alone = values.as_ref().map_or(Truth::Unknown, |values| value_of(lit, values));
                    prop_assert_eq!(answer, alone);
                    expected[index].trues += u64::from(alone == Truth::True);
                    expected[index].falses += u64::from(alone == Truth::False);
                }
            }
        }
        for (root, expected) in program.roots().iter().zip(&expected) {
            let Count { trues, falses } = counts[root.answer];
            let (trues, falses) = if root.is_negated { (falses, trues) } else { (trues, falses) };
            prop_assert_eq!(Count { trues, falses }, *expected);
        }
    }

    #[test]
    fn every_cut_is_compared_as_one_by_one(
        cuts in cut_keys(),
        picks in vec(pick(), 1..200),
        words in proptest::sample::select(&CHUNK_WORDS[..]),
    ) {
        let cuts = Cuts::new(cuts);
        let values: Vec<Option<i64>> = picks.iter().map(|pick| pick.near(cuts.keys())).collect();
        hold_exact(&cuts, &values, |value| value, words)?;
    }

    #[test]
    fn floats_are_compared_in_their_own_order(
        cuts in vec(any::<f64>().prop_filter("not a number", |float| !float.is_nan()), 0..40),
        values in vec(proptest::option::of(any::<f64>().prop_filter("not a number", |float| !float.is_nan())), 0..200),
        picks in vec(0usize..40, 0..50),
    ) {
        let keys = Cuts::new(cuts.iter().map(|cut| cut.key()).collect());
        let mut values = values;
        values.extend(picks.iter().filter_map(|&pick| cuts.get(pick)).map(|&cut| Some(cut)));
        values.extend([Some(0.0), Some(-0.0), Some(f64::MAX), Some(f64::NEG_INFINITY)]);
        hold_exact(&keys, &values, |float| float.key(), 4)?;
        for cut in &cuts {
            for value in values.iter().flatten() {
                prop_assert_eq!(value >= cut, value.key() >= cut.key());
            }
        }
    }

    #[test]
    fn an_enclosure_is_settled_where_both_its_ends_agree(
        cuts in cut_keys(),
        picks in vec((pick(), pick()), 1..200),
    ) {
        let cuts = Cuts::new(cuts);
        let bounds: Vec<Option<(i64, i64)>> = picks
            .iter()
            .map(|(a, b)| Some((a.near(cuts.keys())?, b.near(cuts.keys())?)))
            .map(|bounds| bounds.map(|(a, b)| (a.min(b), a.max(b))))
            .collect();
        let (lower, upper) = (slices(&cuts, &bounds, |b| b.0), slices(&cuts, &bounds, |b| b.1));
        let (program, atoms) = plain(cuts.keys().len());
        let mut planes = program.planes(8);
        cuts.fill_between(&lower, &upper, 0, &atoms, &mut planes);
        for (atom, &cut) in cuts.keys().iter().enumerate() {
            let (trues, falses) = planes.atom_mut(atom);
            for row in 0..512 {
                let slow = match bounds.get(row).copied().flatten() {
                    Some((lower, _)) if lower >= cut => Truth::True,
                    Some((_, upper)) if upper < cut => Truth::False,
                    _ => Truth::Unknown,
                };
                prop_assert_eq!(get(trues, falses, row), slow);
            }
        }
    }

    #[test]
    fn a_code_is_in_exactly_its_sets(
        codes in 1usize..300,
        picks in vec(vec(any::<u16>(), 0..40), 0..150),
        intervals in vec((any::<u16>(), any::<u16>()), 0..40),
        rows in vec(proptest::option::of(any::<u16>()), 1..400),
        words in proptest::sample::select(&CHUNK_WORDS[..]),
    ) {
        let mut sets: Vec<Vec<usize>> =
            picks.iter().map(|set| set.iter().map(|&code| usize::from(code) % codes).collect()).collect();
        sets.extend(intervals.iter().map(|&(a, b)| {
            let (a, b) = (usize::from(a) % codes, usize::from(b) % codes);
            (a.min(b)..=a.max(b)).collect()
        }));
        hold_codes(codes, &sets, &rows, words)?;
        // With few sets of intervals the classes are numbered; with many at random the memberships are kept.
        hold_codes(codes, &sets[picks.len()..], &rows, words)?;
    }
}

proptest! {
    #[test]
    fn sets_of_codes_hold_what_their_masks_say(
        width in 1usize..3,
        tests in vec(vec(0u32..192, 0..6), 1..70),
        rows in vec(proptest::option::of([any::<u64>(), any::<u64>(), any::<u64>()]), 1..300),
        words in proptest::sample::select(&CHUNK_WORDS[..]),
    ) {
        let tests: Vec<Vec<u32>> =
            tests.into_iter().map(|test| test.into_iter().map(|code| code % (64 * width as u32)).collect()).collect();
        let (program, atoms) = plain(tests.len());
        let mut planes = program.planes(words);
        let mut column = Sets::new(width, tests.clone());
        for chunk in rows.chunks(words * 64) {
            // The mask of a row that is not known may be anything.
            let masks: Vec<u64> =
                chunk.iter().flat_map(|row| row.unwrap_or([u64::MAX; 3])[..width].to_vec()).collect();
            column.fill(&masks, &known(chunk), &atoms, &mut planes);
            for (atom, codes) in tests.iter().enumerate() {
                let (trues, falses) = planes.atom_mut(atom);
                for row in 0..words * 64 {
                    let held = |mask: &[u64; 3]| codes.iter().any(|code| mask[*code as usize / 64] >> (code % 64) & 1 == 1);
                    let slow = chunk.get(row).copied().flatten().map_or(Truth::Unknown, |mask| held(&mask).into());
                    prop_assert_eq!(get(trues, falses, row), slow);
                }
            }
        }
    }
}

/// Keys close together, far apart, and at the ends of the range.
fn cut_keys() -> impl Strategy<Value = Vec<i64>> {
    let key = prop_oneof![
        -1000i64..1000,
        1i64..100_000,
        (0u32..62, any::<u8>()).prop_map(|(power, more)| (1i64 << power) + i64::from(more)),
        any::<i64>(),
        Just(i64::MIN),
        Just(i64::MAX),
    ];
    prop_oneof![
        vec(1i64..100_000_000, 0..80),
        vec((0u32..40, 0i64..100).prop_map(|(power, more)| (1i64 << power) * (100 + more)), 0..80),
        vec(key, 0..80),
        vec(0i64..5000, 250..700),
    ]
}

#[derive(Clone, Debug)]
struct Pick {
    is_known: bool,
    any: i64,
    cut: Option<(usize, i64)>,
}

impl Pick {
    fn near(&self, cuts: &[i64]) -> Option<i64> {
        let value = match self.cut {
            Some((cut, off)) if !cuts.is_empty() => cuts[cut % cuts.len()].saturating_add(off),
            _ => self.any,
        };
        self.is_known.then_some(value)
    }
}

fn pick() -> impl Strategy<Value = Pick> {
    let any_value = prop_oneof![any::<i64>(), -10_000i64..10_000, Just(i64::MIN), Just(i64::MAX)];
    let cut = proptest::option::weighted(0.7, (0usize..1000, -1i64..=1));
    (proptest::bool::weighted(0.8), any_value, cut).prop_map(|(is_known, any, cut)| Pick {
        is_known,
        any,
        cut,
    })
}

/// A program of so many atoms, and their numbers in order.
fn plain(atoms: usize) -> (engine::planes::Program, Vec<u32>) {
    let mut builder = Builder::new();
    let roots: Vec<Lit> = (0..atoms).map(|_| builder.atom()).collect();
    (builder.finish(&roots).schedule(), (0..atoms as u32).collect())
}

#[test]
fn cuts_as_far_apart_as_keys_can_be_are_compared_all_the_same() {
    let cuts = Cuts::new(vec![i64::MIN, 0, i64::MAX]);
    let values = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX].map(Some);
    hold_exact(&cuts, &values, |value| value, 4).unwrap();
}

#[test]
fn what_lies_as_little_below_a_cut_as_values_may_be_off_is_marked() {
    let cuts = Cuts::reaching(vec![100, 1_000_000], 2);
    let values = [97i64, 98, 99, 100, 101, 999_997, 999_998, 1_000_000, i64::MIN, i64::MAX];
    let (mut slices, mut near) = (cuts.slices(values.len()), [0]);
    cuts.rank_near(&values, &[u64::MAX], &mut slices, 0, &mut near);
    let marked: Vec<i64> =
        (0..values.len()).filter(|row| near[0] >> row & 1 == 1).map(|row| values[row]).collect();
    assert_eq!(marked, [98, 99, 999_998]);
}

fn known<V>(values: &[Option<V>]) -> Vec<u64> {
    let bits =
        |values: &[Option<V>]| values.iter().rev().fold(0, |bits, v| bits << 1 | u64::from(v.is_some()));
    values.chunks(64).map(bits).collect()
}

fn slices<V: Copy>(cuts: &Cuts, values: &[Option<V>], part: impl Fn(V) -> i64) -> Slices {
    let plain: Vec<i64> = values.iter().map(|value| value.map_or(77, &part)).collect();
    let mut slices = cuts.slices(values.len());
    cuts.rank(&plain, &known(values), &mut slices, 0);
    slices
}

fn hold_exact<V: Ordered>(
    cuts: &Cuts,
    values: &[Option<V>],
    key: impl Fn(V) -> i64,
    words: usize,
) -> Result<(), TestCaseError> {
    let Some(filler) = values.iter().flatten().next().copied() else { return Ok(()) };
    let plain_values: Vec<V> = values.iter().map(|value| value.unwrap_or(filler)).collect();
    let mut slices = cuts.slices(values.len());
    cuts.rank(&plain_values, &known(values), &mut slices, 0);
    let (program, atoms) = plain(cuts.keys().len());
    let mut planes = program.planes(words);
    for at in (0..slices.words()).step_by(words) {
        cuts.fill(&slices, at, &atoms, &mut planes);
        for (atom, &cut) in cuts.keys().iter().enumerate() {
            let (trues, falses) = planes.atom_mut(atom);
            // Past the end a few rows are looked at, not all the room there is.
            for row in 0..(values.len() + 70).saturating_sub(at * 64).min(words * 64) {
                let value = values.get(at * 64 + row).copied().flatten();
                let slow = value.map_or(Truth::Unknown, |value| (key(value) >= cut).into());
                prop_assert_eq!(get(trues, falses, row), slow);
            }
        }
    }
    for value in values.iter().flatten() {
        prop_assert_eq!(
            cuts.rank_of(key(*value)),
            cuts.keys().iter().filter(|&&cut| cut <= key(*value)).count()
        );
    }
    Ok(())
}

fn hold_codes(
    codes: usize,
    sets: &[Vec<usize>],
    rows: &[Option<u16>],
    words: usize,
) -> Result<(), TestCaseError> {
    let bits: Vec<Vec<u64>> = sets
        .iter()
        .map(|set| {
            let mut bits = vec![0; codes.div_ceil(64)];
            set.iter().for_each(|code| bits[code / 64] |= 1 << (code % 64));
            bits
        })
        .collect();
    let column = Codes::new(codes, &bits);
    // Some codes lie past the last.
    let values: Vec<Option<u32>> =
        rows.iter().map(|row| row.map(|row| u32::from(row) % (codes as u32 + 3))).collect();
    let plain_values: Vec<u32> = values.iter().map(|value| value.unwrap_or(u32::MAX)).collect();
    let mut slices = column.slices(values.len());
    column.rank(&plain_values, &known(&values), &mut slices, 0);
    let (program, atoms) = plain(sets.len());
    let mut planes = program.planes(words);
    for at in (0..slices.words()).step_by(words) {
        column.fill(&slices, at, &atoms, &mut planes);
        for (atom, set) in sets.iter().enumerate() {
            let (trues, falses) = planes.atom_mut(atom);
            // Past the end a few rows are looked at, not all the room there is.
            for row in 0..(values.len() + 70).saturating_sub(at * 64).min(words * 64) {
                let value = values.get(at * 64 + row).copied().flatten();
                let slow = value.map_or(Truth::Unknown, |code| set.contains(&(code as usize)).into());
                prop_assert_eq!(value.is_some_and(|code| column.is_in(atom, code)), slow == Truth::True);
                prop_assert_eq!(get(trues, falses, row), slow);
            }
        }
    }
    Ok(())
}

#[test]
fn bits_become_an_atom_and_rows_past_their_end_are_unknown() {
    let (program, _) = plain(1);
    let mut planes = program.planes(4);
    planes.set_bools(0, &[0b0011], &[0b0101]);
    let (trues, falses) = planes.atom_mut(0);
    assert_eq!((trues[0], falses[0]), (0b0001, 0b0100));
    assert_eq!((trues[1..].to_vec(), falses[1..].to_vec()), (vec![0; 3], vec![0; 3]));
}
