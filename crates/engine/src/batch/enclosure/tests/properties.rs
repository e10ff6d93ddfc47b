//! Random expressions over random rows.

use facts::Number;
use lang::ir::Compare;
use proptest::prelude::*;

use super::super::Domain;
use super::twin::{COMPARES, State, Twin};

const ROWS: usize = 70;

/// An expression over the columns.
#[derive(Clone, Debug)]
enum Tree {
    Column(usize),
    Constant(Number),
    Interval(Option<Number>, Option<Number>),
    Absent(usize),
    Unary(Unary, Box<Tree>),
    Binary(Binary, Box<Tree>, Box<Tree>),
    Select(Compare, Box<[Tree; 4]>),
}

#[derive(Clone, Copy, Debug)]
enum Unary {
    Power(i32),
    Abs,
    Floor,
    Ceiling,
    Round(i32),
    Negate,
    Progressive,
    Hull,
}

#[derive(Clone, Copy, Debug)]
enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    Min,
    Max,
}

fn ratio(numerator: i64, denominator: i64) -> Number {
    Number::ratio(numerator, denominator).unwrap()
}

fn bands() -> Vec<(Option<Number>, Number)> {
    vec![
        (Some(ratio(36_000, 1)), ratio(3, 100)),
        (Some(ratio(1_440_001, 10)), ratio(1, 10)),
        (Some(ratio(1_000_000, 3)), ratio(0, 1)),
        (None, ratio(45, 100)),
    ]
}

impl Tree {
    fn eval(&self, columns: &[Twin]) -> Twin {
        let twin = match self {
            Tree::Column(index) => columns[index % columns.len()].clone(),
            Tree::Constant(number) => Twin::constant(ROWS, number),
            Tree::Interval(low, high) => Twin::interval(ROWS, low.as_ref(), high.as_ref()),
            Tree::Absent(way) => Twin::absent(ROWS, *way),
            Tree::Unary(op, inner) => unary(*op, &inner.eval(columns)),
            Tree::Binary(op, left, right) => binary(*op, &left.eval(columns), &right.eval(columns)),
            Tree::Select(op, parts) => {
                let [left, right, then, otherwise] = parts.as_ref();
                let (left, right) = (left.eval(columns), right.eval(columns));
                Twin::select(*op, &left, &right, &then.eval(columns), &otherwise.eval(columns))
            }
        };
        twin.check();
        twin
    }
}

fn unary(op: Unary, a: &Twin) -> Twin {
    match op {
        Unary::Power(exponent) => a.powi(exponent),
        Unary::Abs => a.abs(),
        Unary::Floor => a.map(a.fast.floor(), |numbers| numbers.map_rising(Number::floor)),
        Unary::Ceiling => a.map(a.fast.ceiling(), |numbers| numbers.map_rising(Number::ceiling)),
        Unary::Round(places) => a.round_half_up(places),
        Unary::Negate => {
            let zero = Twin::constant(ROWS, &Number::zero());
            zero.with(a, a.fast.negate(), |zero, numbers| zero.sub(numbers))
        }
        Unary::Progressive => a.progressive(&bands()),
        Unary::Hull => a.hull(),
    }
}

fn binary(op: Binary, a: &Twin, b: &Twin) -> Twin {
    use crate::point::Numbers;
    match op {
        Binary::Add => a.with(b, a.fast.add(&b.fast), Numbers::add),
        Binary::Sub => a.with(b, a.fast.sub(&b.fast), Numbers::sub),
        Binary::Mul => a.with(b, a.fast.mul(&b.fast), Numbers::mul),
        Binary::Div => a.with(b, a.fast.div(&b.fast), Numbers::div),
        Binary::Min => a.with(b, a.fast.min(&b.fast), Numbers::min),
        Binary::Max => a.with(b, a.fast.max(&b.fast), Numbers::max),
    }
}

fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        3 => (-6_i64..=6).prop_map(Number::from),
        3 => (-400_i64..4_000, prop_oneof![Just(100_i64), Just(3), Just(20), Just(7)])
            .prop_map(|(numerator, denominator)| ratio(numerator, denominator)),
        2 => (0_i64..9_000_000_000).prop_map(|fen| ratio(fen, 100)),
        1 => (any::<i64>(), -340_i32..320)
            .prop_map(|(mantissa, exponent)| &Number::from(mantissa) * &Number::power_of_ten(exponent)),
    ]
}

fn mantissa() -> impl Strategy<Value = i64> {
    prop_oneof![
        3 => -6_i64..=6,
        3 => (-50_i64..50).prop_map(|twentieth| twentieth * 20),
        3 => 0_i64..900_000_000_000,
        1 => any::<i64>(),
        1 => prop_oneof![Just(i64::MAX), Just(i64::MIN), Just((1_i64 << 53) + 1), Just(0)],
    ]
}

fn state() -> impl Strategy<Value = State> {
    prop_oneof![
        8 => mantissa().prop_map(State::Known),
        3 => Just(State::Unknown),
        1 => Just(State::Nothing),
    ]
}

/// Ends in order, or none.
fn domain() -> impl Strategy<Value = Domain> {
    let end = || prop_oneof![2 => Just(None), 2 => Just(Some(Number::zero())), 3 => number().prop_map(Some)];
    (end(), end(), any::<bool>()).prop_map(|(one, other, is_nothing_allowed)| {
        let (least, most) = match (one, other) {
            (Some(one), Some(other)) if one > other => (Some(other), Some(one)),
            ends => ends,
        };
        Domain { least, most, is_nothing_allowed }
    })
}

fn column() -> impl Strategy<Value = Twin> {
    let states = prop::collection::vec(state(), ROWS);
    let scale = prop_oneof![4 => Just(2_u8), 2 => Just(0_u8), 1 => 0_u8..40];
    (states, scale, domain(), prop::bool::weighted(0.05)).prop_map(|(mut states, scale, domain, has_odd)| {
        if has_odd {
            states[3] = State::Odd;
        }
        Twin::figures(&states, scale, &domain)
    })
}

fn tree() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        8 => (0_usize..3).prop_map(Tree::Column),
        3 => number().prop_map(Tree::Constant),
        1 => domain().prop_map(|domain| Tree::Interval(domain.least, domain.most)),
        1 => (0_usize..4).prop_map(Tree::Absent),
    ];
    let unary = prop_oneof![
        (-3_i32..=4).prop_map(Unary::Power),
        Just(Unary::Abs),
        Just(Unary::Floor),
        Just(Unary::Ceiling),
        (-6_i32..=6).prop_map(Unary::Round),
        Just(Unary::Negate),
        Just(Unary::Progressive),
        Just(Unary::Hull),
    ];
    let binary = prop::sample::select(vec![
        Binary::Add,
        Binary::Sub,
        Binary::Mul,
        Binary::Div,
        Binary::Div,
        Binary::Min,
        Binary::Max,
    ]);
    leaf.prop_recursive(4, 16, 4, move |inner| {
        let pair = (binary.clone(), inner.clone(), inner.clone());
        let four = [inner.clone(), inner.clone(), inner.clone(), inner.clone()];
        prop_oneof![
            3 => (unary.clone(), inner).prop_map(|(op, a)| Tree::Unary(op, Box::new(a))),
            6 => pair.prop_map(|(op, a, b)| Tree::Binary(op, Box::new(a), Box::new(b))),
            2 => (prop::sample::select(COMPARES.to_vec()), four)
                .prop_map(|(op, parts)| Tree::Select(op, Box::new(parts))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn bounds_lie_around_the_exact_value_and_certain_answers_are_the_exact_ones(
        columns in prop::collection::vec(column(), 3),
        left in tree(),
        right in tree(),
        threshold in number(),
    ) {
        let (left, right) = (left.eval(&columns), right.eval(&columns));
        for op in COMPARES {
            left.check_compare(op, &right);
            left.check_compare(op, &left);
            left.check_compare_constant(op, &threshold);
        }
    }
}
