//! Random profiles.

use std::collections::BTreeSet;

use facts::{
    Date, Entry, FactDefinition, FactType, Holding, Number, Origin, PartialDate, Period, Precision, Profile,
    QuarterEnd, SpanAs, Value, Vocabulary, YearRef,
};
use proptest::collection::{btree_map, btree_set, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};

fn number() -> impl Strategy<Value = Number> {
    let decimal =
        (any::<i64>(), 0i32..24).prop_map(|(m, places)| &Number::from(m) * &Number::power_of_ten(-places));
    let small = (-1_000_000i64..1_000_000, 0i32..4)
        .prop_map(|(m, places)| &Number::from(m) * &Number::power_of_ten(-places));
    let huge = any::<i64>().prop_map(|m| &Number::from(m) * &Number::power_of_ten(30));
    let ratio = (any::<i64>(), 1i64..1000).prop_map(|(n, d)| Number::ratio(n, d).unwrap());
    prop_oneof![6 => small, 2 => decimal, 1 => huge, 1 => ratio]
}

fn date() -> impl Strategy<Value = PartialDate> {
    let precision = select(vec![Precision::Day, Precision::Day, Precision::Month, Precision::Year]);
    let year = prop_oneof![8 => 1900..2100i32, 1 => -999_999_999..999_999_999i32];
    (year, 1u8..=12, 1u8..=28, precision).prop_map(|(year, month, day, precision)| {
        let (month, day) = match precision {
            Precision::Year => (1, 1),
            Precision::Month => (month, 1),
            Precision::Day => (month, day),
        };
        PartialDate { start: Date::new(year, month, day).unwrap(), precision }
    })
}

fn word() -> impl Strategy<Value = String> {
    select(vec!["甲", "乙", "无", "C39", "", "a long text, with, commas"]).prop_map(str::to_owned)
}

fn value(definition: &FactDefinition) -> BoxedStrategy<Value> {
    let plain = match definition.fact_type {
        FactType::Bool | FactType::Event => any::<bool>().prop_map(Value::Bool).boxed(),
        FactType::Date => date().prop_map(Value::Date).boxed(),
        FactType::Code => word().prop_map(Value::Code).boxed(),
        FactType::Text => word().prop_map(Value::Text).boxed(),
        FactType::Codes => btree_set(word(), 0..3).prop_map(Value::Codes).boxed(),
        _ => number().prop_map(Value::Number).boxed(),
    };
    let range = (number(), number())
        .prop_map(|(one, other)| Value::Range(one.clone().min(other.clone()), one.max(other)));
    prop_oneof![8 => plain, 1 => Just(Value::Nothing), 1 => range].boxed()
}

fn period() -> impl Strategy<Value = Period> {
    select(vec![
        Period::Unstated,
        Period::Year(YearRef::Absolute(2025)),
        Period::Year(YearRef::Relative(-1)),
        Period::YearEnd(YearRef::Absolute(2025)),
        Period::LastYears(3, SpanAs::Total),
        Period::Quarter(YearRef::Absolute(2025), 4, QuarterEnd::Closing),
        Period::Label("投资时".to_owned()),
    ])
}

fn holding() -> impl Strategy<Value = Holding> {
    let day = || option::of(date().prop_map(|date| date.start));
    (any::<bool>(), word(), day(), day()).prop_map(|(held, number, from, to)| Holding {
        held,
        number,
        from,
        to,
    })
}

/// A profile of a kind, with items and parties that have their own down to that depth.
pub fn profile(vocabulary: &Vocabulary, kind: &'static str, depth: usize) -> BoxedStrategy<Profile> {
    let definitions: Vec<_> = vocabulary.facts().map(|(id, definition)| (id, definition.clone())).collect();
    let count = definitions.len();
    let fact = (any::<Index>(), vec(period(), 1..4)).prop_flat_map(move |(index, periods)| {
        let (id, definition) = &definitions[index.index(count)];
        let values = vec(value(definition), periods.len());
        (
            Just(*id),
            values.prop_map(move |values| {
                let pairs = periods.iter().cloned().zip(values);
                pairs
                    .map(|(period, value)| Entry { period, value, origin: Origin::default() })
                    .collect::<Vec<_>>()
            }),
        )
    });
    let facts = vec(fact, 0..5).prop_map(|facts| facts.into_iter().collect());
    let name = || select(vec!["", "甲公司", "91410000170001401D"]).prop_map(str::to_owned);
    let holdings = btree_map(select(vec!["高新技术企业".to_owned(), "其他".to_owned()]), holding(), 0..3);
    let manual = btree_map(word(), any::<bool>(), 0..3);
    let (collections, roles) = if depth == 0 {
        (Just(Default::default()).boxed(), Just(Default::default()).boxed())
    } else {
        let items = vec(profile(vocabulary, "investment", depth - 1), 0..3);
        let party = prop_oneof![
            4 => profile(vocabulary, "enterprise", depth - 1),
            1 => profile(vocabulary, "institution", depth - 1)
        ];
        (
            btree_map(select(vec!["投资".to_owned(), "没有声明".to_owned()]), items, 0..3).boxed(),
            btree_map(Just("被投企业".to_owned()), party, 0..2).boxed(),
        )
    };
    (name(), name(), facts, holdings, manual, collections, roles)
        .prop_map(move |(id, name, facts, holdings, manual, collections, roles)| Profile {
            kind: kind.to_owned(),
            id,
            name,
            facts,
            collections,
            roles,
            manual,
            holdings,
        })
        .boxed()
}

/// A set of what a test wants, empty or not.
pub fn some_of<T: Clone + Ord + std::fmt::Debug + 'static>(all: Vec<T>) -> BoxedStrategy<BTreeSet<T>> {
    proptest::sample::subsequence(all.clone(), 0..=all.len())
        .prop_map(|some| some.into_iter().collect())
        .boxed()
}
