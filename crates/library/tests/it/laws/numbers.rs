//! Sets of possible numbers: whatever two members come to lies among what the two sets come to.

use engine::point::{Absence, End, Interval, Numbers};
use facts::Number;
use proptest::prelude::*;

fn end(open: bool, closed: bool, value: i64, scale: i64) -> End {
    let number = Number::ratio(value, scale).expect("the scale is no nought");
    match (open, closed) {
        (true, _) => End::Open,
        (false, true) => End::Closed(number),
        (false, false) => End::Excluded(number),
    }
}

fn interval() -> impl Strategy<Value = Interval> {
    (-8..9i64, 0..6i64, 1..4i64, 0..8u8, 0..8u8, any::<(bool, bool)>()).prop_map(
        |(low, width, scale, low_open, high_open, (low_closed, high_closed))| Interval {
            low: end(low_open == 0, low_closed, low, scale),
            high: end(high_open == 0, high_closed, low + width, scale),
        },
    )
}

fn set() -> impl Strategy<Value = Numbers> {
    prop::collection::vec(interval(), 1..4).prop_map(|pieces| Numbers::from_pieces(pieces, Absence::NEVER))
}

/// Numbers around the ends of all pieces and well inside and outside of them; those that the set holds.
fn members(set: &Numbers) -> Vec<Number> {
    let near = Number::ratio(1, 1_000).expect("a thousandth");
    let mut candidates: Vec<Number> = [-1_000, -1, 0, 1, 1_000].map(Number::from).to_vec();
    for piece in set.pieces() {
        let ends: Vec<&Number> = [piece.low.value(), piece.high.value()].into_iter().flatten().collect();
        for at in &ends {
            candidates.extend([(*at).clone(), *at + &near, *at - &near]);
        }
        if let [low, high] = ends.as_slice() {
            candidates.extend((*low + *high).checked_div(&Number::from(2)));
        }
    }
    candidates.retain(|number| holds(set, number));
    candidates
}

fn holds(set: &Numbers, number: &Number) -> bool {
    set.pieces().iter().any(|piece| piece.contains(number))
}

proptest! {
    #![proptest_config(super::cases(300))]

    #[test]
    fn what_members_come_to_is_among_what_sets_come_to(left in set(), right in set()) {
        let (sum, difference, product, quotient) = (left.add(&right), left.sub(&right), left.mul(&right), left.div(&right));
        let (least, greatest, either) = (left.min(&right), left.max(&right), left.union(&right));
        for a in members(&left) {
            prop_assert!(holds(&either, &a));
            for b in members(&right) {
                prop_assert!(holds(&sum, &(&a + &b)), "{a} + {b} in {left:?} + {right:?} = {sum:?}");
                prop_assert!(holds(&difference, &(&a - &b)), "{a} - {b} in {left:?} - {right:?} = {difference:?}");
                prop_assert!(holds(&product, &(&a * &b)), "{a} * {b} in {left:?} * {right:?} = {product:?}");
                prop_assert!(holds(&least, if a < b { &a } else { &b }), "min({a}, {b}) in {left:?}, {right:?}: {least:?}");
                prop_assert!(holds(&greatest, if a < b { &b } else { &a }), "max({a}, {b}) in {left:?}, {right:?}: {greatest:?}");
                match a.checked_div(&b) {
                    Some(value) => prop_assert!(holds(&quotient, &value), "{a} / {b} in {left:?} / {right:?} = {quotient:?}"),
                    None => prop_assert!(quotient.absence.has(Absence::ZERO_DENOMINATOR)),
                }
            }
        }
    }

    #[test]
    fn a_union_holds_what_its_sets_hold_and_nothing_else(left in set(), right in set()) {
        let either = left.union(&right);
        for number in members(&left).into_iter().chain(members(&right)).chain(members(&either)) {
            prop_assert_eq!(holds(&either, &number), holds(&left, &number) || holds(&right, &number), "{}", number);
        }
        // Pieces rise and do not touch.
        for pair in either.pieces().windows(2) {
            let (high, low) = (pair[0].high.value().expect("an inner end"), pair[1].low.value().expect("an inner end"));
            prop_assert!(high < low || (high == low && !holds(&either, high)), "{either:?}");
        }
    }

    #[test]
    fn what_lies_within_is_what_both_hold(set in set(), interval in interval()) {
        let within = set.within(&interval);
        let all = Numbers::interval(interval.clone());
        for number in members(&set).into_iter().chain(members(&all)).chain(members(&within)) {
            prop_assert_eq!(holds(&within, &number), holds(&set, &number) && interval.contains(&number));
        }
    }

    #[test]
    fn a_rising_function_of_a_member_is_among_what_it_makes_of_the_set(set in set()) {
        let (down, up) = (set.map_rising(Number::floor), set.map_rising(Number::ceiling));
        for number in members(&set) {
            prop_assert!(holds(&down, &number.floor()), "floor({number}) in {set:?}: {down:?}");
            prop_assert!(holds(&up, &number.ceiling()), "ceiling({number}) in {set:?}: {up:?}");
        }
    }

    #[test]
    fn the_sum_of_members_alone_is_exact(left in -50..50i64, right in -50..50i64) {
        let (a, b) = (Numbers::exact(Number::from(left)), Numbers::exact(Number::from(right)));
        prop_assert_eq!(a.add(&b).as_exact().cloned(), Some(Number::from(left + right)));
        prop_assert_eq!(a.mul(&b).as_exact().cloned(), Some(Number::from(left * right)));
        prop_assert_eq!(a.sub(&b).as_exact().cloned(), Some(Number::from(left - right)));
    }
}
