//! The number that is varied, and a document for each of its values.

use engine::point::{Engine, Rulebook, Thing};
use facts::{Date, Number, Profile, Text};
use lang::ir::{Document, NumberConstant};
use lang::types::Type;
use lang::{Catalog, compile_expression};

/// A number of a condition.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The condition's id.
    pub condition: String,
    /// Its place among the numbers of the condition.
    pub index: usize,
    /// The number.
    pub constant: NumberConstant,
}

/// Why there is nothing to vary, or nothing to vary it to.
#[derive(Clone, Debug)]
pub enum Wrong {
    /// The document has no such condition.
    NoCondition {
        /// The document's id.
        document: String,
        /// What was asked for.
        wanted: String,
    },
    /// The condition is written without a number.
    NoNumber {
        /// Its id.
        condition: String,
    },
    /// It has several numbers and nobody said which, or it has none of that place.
    Which {
        /// Its id.
        condition: String,
        /// Its numbers, in order.
        constants: Vec<NumberConstant>,
    },
    /// The text cannot be understood.
    NotRead {
        /// The text.
        text: String,
        /// Why.
        why: Text,
    },
    /// The number's unit is not that of the number in the condition.
    Unit {
        /// The text.
        text: String,
        /// The type of the number in the condition.
        like: Type,
    },
    /// The text is no single number.
    NotOne {
        /// The text.
        text: String,
    },
}

impl Wrong {
    /// What is wrong, in a sentence.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::NoCondition { document, wanted } => {
                (format!("{document} 没有条件“{wanted}”"), format!("{document} has no condition “{wanted}”"))
            }
            Self::NoNumber { condition } => (
                format!("条件“{condition}”里没有写数"),
                format!("no number is written in the condition “{condition}”"),
            ),
            Self::Which { condition, constants } => {
                let count = constants.len();
                (
                    format!("条件“{condition}”里有 {count} 个数,要说明变哪一个"),
                    format!("the condition “{condition}” has {count} numbers; say which one varies"),
                )
            }
            Self::NotRead { text, why } => {
                (format!("“{text}”不是数:{}", why.zh), format!("“{text}” is no number: {}", why.en))
            }
            Self::Unit { text, .. } => (
                format!("“{text}”的单位与条件里的数不合"),
                format!("the unit of “{text}” does not fit the number of the condition"),
            ),
            Self::NotOne { text } => (format!("“{text}”不是一个数"), format!("“{text}” is no number")),
        };
        Text { zh, en }
    }
}

/// Ids of the conditions that are written with a number.
pub fn ids(document: &Document) -> Vec<String> {
    let conditions = document.conditions().into_iter();
    let has_number = |id: &str| document.constants(id).is_some_and(|constants| !constants.is_empty());
    conditions.filter(|condition| has_number(&condition.id)).map(|condition| condition.id.clone()).collect()
}

/// The number that is meant; of several, `which` says the one, counted from 1.
pub fn choose(document: &Document, id: &str, which: Option<usize>) -> Result<Chosen, Wrong> {
    let Some(constants) = document.constants(id) else {
        return Err(Wrong::NoCondition { document: document.id.clone(), wanted: id.to_owned() });
    };
    let condition = id.to_owned();
    let place = match (which, constants.len()) {
        (_, 0) => return Err(Wrong::NoNumber { condition }),
        (None, 1) => 1,
        (Some(place), count) if (1..=count).contains(&place) => place,
        _ => return Err(Wrong::Which { condition, constants }),
    };
    Ok(Chosen { condition, index: place - 1, constant: constants[place - 1].clone() })
}

/// A number as the language writes it, in base units, with the type that it shares with the one it stands for.
pub fn parse(text: &str, like: &Type, rulebook: &Rulebook, day: Date) -> Result<(Number, Type), Wrong> {
    let (compiled, found) = compile_expression(text, &rulebook.vocabulary, &Catalog::default());
    let text = text.to_owned();
    let Some(compiled) = compiled else {
        let why = found.first().map(|finding| finding.message.clone()).unwrap_or_default();
        return Err(Wrong::NotRead { text, why });
    };
    let document = &compiled.document;
    let ty = document.lets.first().map_or(Type::Wrong, |named| named.value.ty.clone());
    let shared = match (&ty, like) {
        (Type::Number(_), Type::Number(_)) => ty.meet(like),
        _ => None,
    };
    let evaluated = Engine::new(rulebook).value(document, &Profile::new(""), day);
    let number = match &evaluated.thing {
        Thing::Numbers(numbers) => numbers.as_exact().cloned(),
        _ => None,
    };
    match (number, shared) {
        (Some(number), Some(shared)) => Ok((number, shared)),
        (Some(_), None) => Err(Wrong::Unit { text, like: like.clone() }),
        (None, _) => Err(Wrong::NotOne { text }),
    }
}

/// Values at equal distances, both ends included.
pub fn values(from: &Number, to: &Number, count: usize) -> Vec<Number> {
    let last = i64::try_from(count.max(2) - 1).unwrap_or(1);
    let width = to - from;
    let at = |step: i64| from + &(&width * &Number::ratio(step, last).unwrap_or_default());
    (0..=last).map(at).collect()
}

/// The library with, in place of all versions of the document, one as it is and one for each of the values, in order.
pub fn rulebook(library: &Rulebook, document: &Document, chosen: &Chosen, values: &[Number]) -> Rulebook {
    let others =
        library.entries().iter().map(|entry| &entry.document).filter(|known| known.id != document.id);
    let mut documents: Vec<Document> = others.cloned().collect();
    documents.push(document.clone());
    for value in values {
        let varied = document.with_constant(&chosen.condition, chosen.index, value);
        documents.push(varied.expect("the number was chosen among those there are"));
    }
    Rulebook::new(library.vocabulary.clone(), documents)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_stand_at_equal_distances_and_include_both_ends() {
        let percent = |number: i64| Number::ratio(number, 100).unwrap();
        let shown: Vec<String> =
            values(&percent(3), &percent(8), 6).iter().map(|value| value.to_string()).collect();
        assert_eq!(shown, ["0.03", "0.04", "0.05", "0.06", "0.07", "0.08"]);
        assert_eq!(values(&percent(8), &percent(3), 2), [percent(8), percent(3)]);
    }
}
