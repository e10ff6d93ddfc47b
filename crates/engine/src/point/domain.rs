//! What a fact may be: a given value as possibilities, and everything that its definition allows.

use facts::{FactDefinition, FactType, Number};

use super::numbers::{Absence, End, Interval, Numbers};
use super::value::{Days, Thing, Truth};

/// A given value.
pub(crate) fn of_value(definition: &FactDefinition, value: &facts::Value) -> Thing {
    use facts::Value;
    match value {
        Value::Nothing => match definition.fact_type {
            FactType::Code | FactType::Text => Thing::Texts(Some([].into()), Absence::NOTHING),
            FactType::Codes => Thing::CodeSet(Some([].into())),
            _ => Thing::Numbers(Numbers::absent(Absence::NOTHING)),
        },
        Value::Bool(known) => Thing::Truth(Truth::known(*known)),
        Value::Number(number) => Thing::Numbers(Numbers::exact(number.clone())),
        Value::Range(low, high) => {
            Thing::Numbers(Numbers::interval(Interval::closed(low.clone(), high.clone())))
        }
        Value::Code(code) => Thing::Texts(Some([code.clone()].into()), Absence::NEVER),
        Value::Text(text) => Thing::Texts(Some([text.clone()].into()), Absence::NEVER),
        Value::Codes(codes) => Thing::CodeSet(Some(codes.clone())),
        Value::Date(date) => Thing::Days(Days::exact(date.start)),
    }
}

/// Everything an unknown fact may be.
pub(crate) fn unknown(definition: &FactDefinition) -> Thing {
    let absence = if definition.none_allowed { Absence::NOTHING } else { Absence::NEVER };
    match definition.fact_type {
        FactType::Bool | FactType::Event => Thing::Truth(Truth::Unknown),
        FactType::Money | FactType::Count | FactType::Number | FactType::Ratio => {
            Thing::Numbers(Numbers::from_pieces(vec![bounds(definition)], absence))
        }
        FactType::Year => Thing::Numbers(Numbers::interval(Interval::all())),
        FactType::Date => Thing::Days(Days { from: None, to: None }),
        FactType::Code if !definition.codes.is_empty() => {
            let codes = definition.codes.iter().map(|code| code.code.clone()).collect();
            Thing::Texts(Some(codes), absence)
        }
        FactType::Code | FactType::Text => Thing::Texts(None, absence),
        FactType::Codes => Thing::CodeSet(None),
    }
}

/// Between the least and the greatest value of the definition.
pub(super) fn bounds(definition: &FactDefinition) -> Interval {
    let end = |bound: &Option<Number>| bound.clone().map_or(End::Open, End::Closed);
    Interval { low: end(&definition.least), high: end(&definition.most) }
}
