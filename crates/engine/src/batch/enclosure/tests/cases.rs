//! What must be certain, case by case; and how often nothing is.

use facts::Number;
use lang::ir::Compare;

use super::super::*;
use super::twin::{COMPARES, State, Twin};

fn number(text: &str) -> Number {
    text.parse().unwrap()
}

fn known(values: &[i64]) -> Twin {
    let states: Vec<State> = values.iter().map(|value| State::Known(*value)).collect();
    Twin::figures(&states, 0, &Domain::default())
}

fn from_zero() -> Enclosures {
    Enclosures::interval(1, Some(&Number::zero()), None)
}

/// The answer for the first row: yes, no, unknown or undecided.
fn first(op: Compare, left: &Enclosures, right: &str) -> &'static str {
    let mut truth = Comparison::default();
    left.compare_constant(op, &number(right), &mut truth);
    match (truth.yes[0] & 1, truth.no[0] & 1, truth.undecided[0] & 1) {
        (1, 0, 0) => "yes",
        (0, 1, 0) => "no",
        (0, 0, 0) => "unknown",
        _ => "undecided",
    }
}

#[test]
fn an_unknown_count_is_certainly_at_least_nought_and_nobody_knows_whether_it_is_more() {
    let count = from_zero();
    assert_eq!(first(Compare::Ge, &count, "0"), "yes");
    assert_eq!(first(Compare::Lt, &count, "0"), "no");
    assert_eq!(first(Compare::Gt, &count, "0"), "unknown");
    assert_eq!(first(Compare::Eq, &count, "0"), "unknown");
    assert_eq!(first(Compare::Eq, &count, "-1"), "no");
    assert_eq!(first(Compare::Ge, &count.add(&Enclosures::constant(1, &number("3"))), "3"), "yes");
}

#[test]
fn a_tie_of_whole_numbers_is_decided_and_a_tie_of_what_was_rounded_is_not() {
    let (ten, two, twenty) = (known(&[10]).fast, known(&[2]).fast, known(&[20]).fast);
    assert_eq!(first(Compare::Ge, &ten.div(&two), "5"), "yes");
    assert_eq!(first(Compare::Gt, &ten.div(&two), "5"), "no");
    let one_tenth = two.div(&twenty);
    assert_eq!(first(Compare::Ge, &one_tenth, "0.1"), "undecided");
    assert_eq!(first(Compare::Ge, &one_tenth, "0.0999999999999999"), "yes");
    assert_eq!(first(Compare::Gt, &one_tenth, "0.1000000000000001"), "no");
}

#[test]
fn nought_stays_exactly_nought() {
    let (zero, three) = (known(&[0]).fast, known(&[3]).fast);
    for value in [zero.clone(), zero.div(&three), zero.mul(&from_zero()), zero.negate(), three.sub(&three)] {
        assert_eq!(first(Compare::Eq, &value, "0"), "yes", "{value:?}");
    }
}

#[test]
fn a_denominator_that_is_or_may_be_nought_makes_every_comparison_certainly_unknown() {
    let three = known(&[3]).fast;
    for value in [three.div(&known(&[0]).fast), three.div(&from_zero()), known(&[0]).fast.powi(-1)] {
        for op in COMPARES {
            assert_eq!(first(op, &value, "1"), "unknown", "{value:?}");
        }
    }
    // Whether this denominator is nought was lost to rounding, so only exact arithmetic can tell.
    let third = three.div(&known(&[9]).fast);
    let rest = third.sub(&known(&[1]).fast.div(&three));
    assert_eq!(first(Compare::Ge, &three.div(&rest), "1"), "undecided");
}

#[test]
fn nothing_fails_every_order_comparison_and_a_possible_nothing_can() {
    let nothing = Enclosures::absent(1, NOTHING);
    for op in [Compare::Lt, Compare::Le, Compare::Gt, Compare::Ge] {
        assert_eq!(first(op, &nothing, "1"), "no");
        assert_eq!(first(op, &nothing.add(&from_zero()), "1"), "no");
    }
    let domain = Domain { least: Some(number("5")), most: None, is_nothing_allowed: true };
    let either = Enclosures::unknown(1, &domain);
    assert_eq!(first(Compare::Ge, &either, "5"), "unknown");
    assert_eq!(first(Compare::Lt, &either, "5"), "no");
}

#[test]
fn a_number_in_a_hole_is_left_to_the_exact_comparison_until_the_hull_fills_it() {
    let (ten, twenty) = (known(&[10]).fast, known(&[20]).fast);
    let either = Enclosures::select(&[0], &[0], &ten, &twenty);
    assert_eq!(either.flags(0), PIECES | OPEN);
    assert_eq!(first(Compare::Eq, &either, "15"), "undecided");
    assert_eq!(first(Compare::Ge, &either, "10"), "yes");
    assert_eq!(first(Compare::Gt, &either, "10"), "unknown");
    assert_eq!(first(Compare::Eq, &either.clone().hull(), "15"), "unknown");
    assert_eq!(Enclosures::select(&[0], &[0], &ten, &ten).flags(0), 0);
    assert_eq!(Enclosures::select(&[0], &[0], &from_zero(), &ten).flags(0), OPEN);
    assert_eq!(first(Compare::Ge, &Enclosures::select(&[1], &[0], &ten, &twenty), "11"), "no");
    assert_eq!(first(Compare::Ge, &Enclosures::select(&[0], &[1], &ten, &twenty), "11"), "yes");
}

#[test]
fn what_is_odd_stays_odd_unless_it_is_not_chosen() {
    let (odd, ten) = (Enclosures::odd(1), known(&[10]).fast);
    for value in [odd.add(&ten), ten.div(&odd), odd.min(&ten), odd.mul(&known(&[0]).fast), odd.floor()] {
        assert!(value.flags(0) & ODD != 0 && value.any() & ODD != 0, "{value:?}");
        assert_eq!(first(Compare::Ge, &value, "1"), "undecided");
        assert_eq!(value.fen(0), None);
    }
    assert_eq!(Enclosures::select(&[1], &[0], &ten, &odd).flags(0), 0);
    assert!(Enclosures::select(&[0], &[0], &ten, &odd).flags(0) & ODD != 0);
    assert!(ten.powi(65).flags(0) & ODD != 0);
}

#[test]
fn endless_ends_never_meet_in_nan() {
    let ends =
        [None, Some(number("0")), Some(number("1e308")), Some(number("-1e400")), Some(number("1e-400"))];
    let mut values = vec![known(&[0]), known(&[i64::MAX]), known(&[i64::MIN])];
    for low in &ends {
        for high in &ends {
            values.push(Twin::interval(1, low.as_ref(), high.as_ref()));
        }
    }
    for left in &values {
        for right in &values {
            use crate::point::Numbers;
            let (a, b) = (&left.fast, &right.fast);
            for twin in [
                left.with(right, a.add(b), Numbers::add),
                left.with(right, a.sub(b), Numbers::sub),
                left.with(right, a.mul(b), Numbers::mul),
                left.with(right, a.div(b), Numbers::div),
                left.with(right, a.min(b), Numbers::min),
                left.with(right, a.max(b), Numbers::max),
            ] {
                twin.check();
                COMPARES.iter().for_each(|op| _ = twin.check_compare(*op, left));
            }
        }
    }
}

#[test]
fn marked_rows_are_absent_or_odd_and_the_others_are_untouched() {
    let mut value = known(&[1, 2, 3]).fast;
    value.mark_absent(&[0b010], BEFORE_FOUNDING);
    value.mark_odd(&[0b100]);
    assert_eq!(value.flags(0), 0);
    assert_eq!(value.flags(1), EMPTY | BEFORE_FOUNDING);
    assert!(value.flags(2) & ODD != 0);
    let mut truth = Comparison::default();
    value.compare_constant(Compare::Ge, &number("1"), &mut truth);
    assert_eq!((truth.yes[0], truth.no[0], truth.undecided[0]), (0b001, 0b010, 0b100));
}

#[test]
fn money_is_given_to_the_fen_only_where_both_bounds_round_to_it() {
    let fen = |text: &str| Enclosures::constant(1, &number(text)).fen(0);
    assert_eq!(fen("1234.56"), Some(123_456));
    assert_eq!(fen("1234.5649999"), Some(123_456));
    assert_eq!(fen("1234.565"), None);
    assert_eq!(fen("0.125"), Some(13));
    assert_eq!(fen("-7.3"), Some(0));
    assert_eq!(fen("90000000000000.1"), None);
    assert_eq!(from_zero().fen(0), None);
    assert_eq!(Enclosures::absent(1, NO_TIER).fen(0), None);
}

/// Numbers without pattern, the same in every run.
struct Series(u64);

impl Series {
    fn below(&mut self, bound: u64) -> i64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        i64::try_from((self.0 >> 11) % bound).unwrap()
    }

    /// Fen, of which one row in ten is unknown.
    fn money(&mut self, rows: usize, most_fen: u64) -> Twin {
        let domain = Domain { least: Some(Number::zero()), most: None, is_nothing_allowed: false };
        let states: Vec<State> = (0..rows)
            .map(
                |_| if self.below(10) == 0 { State::Unknown } else { State::Known(1 + self.below(most_fen)) },
            )
            .collect();
        Twin::figures(&states, 2, &domain)
    }
}

#[test]
fn less_than_one_row_in_a_hundred_is_undecided_where_figures_do_not_tie() {
    use crate::point::Numbers;
    const ROWS: usize = 2_000;
    let mut series = Series(7);
    let [cost, before, turnover] =
        [3_000_000_007, 200_000_000_003, 200_000_000_009].map(|most_fen| series.money(ROWS, most_fen));
    let share = cost.with(&turnover, cost.fast.div(&turnover.fast), Numbers::div);
    let rise = turnover.with(&before, turnover.fast.sub(&before.fast), Numbers::sub);
    let growth = rise.with(&before, rise.fast.div(&before.fast), Numbers::div);
    let constant = |text| Twin::constant(ROWS, &number(text));
    let points = |value: &Twin, bound, full, half| {
        Twin::select(Compare::Ge, value, &constant(bound), &constant(full), &constant(half)).hull()
    };
    let (one, other) = (points(&share, "0.013", "30", "12.5"), points(&growth, "0.07", "40.5", "0"));
    let score = one.with(&other, one.fast.add(&other.fast), Numbers::add);
    let amount = cost.with(&cost, cost.fast.mul(&constant("0.123").fast), |cost, _| {
        cost.mul(&Numbers::exact(number("0.123")))
    });
    let capped = amount.with(&cost, amount.fast.min(&constant("1000000").fast), |amount, _| {
        amount.min(&Numbers::exact(number("1000000")))
    });
    let mut undecided = 0;
    let asked = [(&share, "0.03"), (&growth, "0.2"), (&score, "60"), (&capped, "333333")];
    for (value, bound) in asked {
        value.check();
        undecided += value.check_compare_constant(Compare::Ge, &number(bound));
    }
    undecided += turnover.check_compare(Compare::Lt, &before);
    assert!(undecided * 100 < ROWS * (asked.len() + 1), "{undecided} undecided");
    let is_known = |row: &usize| capped.fast.flags(*row) == 0;
    let known = (0..ROWS).filter(is_known).count();
    let open = (0..ROWS).filter(is_known).filter(|row| capped.fast.fen(*row).is_none()).count();
    assert!(known > ROWS / 2 && open * 100 < known, "{open} of {known} amounts open");
}

#[test]
fn the_float_beside_another_is_the_one_that_the_standard_library_names() {
    let positive = [0.0, 5e-324, 1e-310, f64::MIN_POSITIVE, 0.1, 1.0, 1e300, f64::MAX, f64::INFINITY];
    for float in positive.into_iter().flat_map(|float| [float, -float]) {
        assert_eq!(directed::next_up(float), float.next_up(), "{float}");
        assert_eq!(directed::next_down(float), float.next_down(), "{float}");
    }
}
