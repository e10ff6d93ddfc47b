//! The number that is varied, and a document for each of its values.

use anyhow::Result;
use engine::point::{Engine, Rulebook, Thing};
use facts::{Date, Number, Profile};
use lang::ir::{Document, NumberConstant};
use lang::types::Type;
use lang::{Catalog, compile_expression};

use super::no_condition;
use crate::context::Context;
use crate::problem::Problem;
use crate::render::value;

/// A number of a condition.
pub struct Chosen {
    /// The condition's id.
    pub condition: String,
    /// Its place among the numbers of the condition.
    pub index: usize,
    /// The number.
    pub constant: NumberConstant,
}

/// Ids of the conditions that are written with a number.
pub fn ids(document: &Document) -> Vec<String> {
    let conditions = document.conditions().into_iter();
    let has_number = |id: &str| document.constants(id).is_some_and(|constants| !constants.is_empty());
    conditions.filter(|condition| has_number(&condition.id)).map(|condition| condition.id.clone()).collect()
}

/// The number that is meant; of several, `which` says the one, counted from 1.
pub fn choose(document: &Document, id: &str, which: Option<usize>, context: &Context) -> Result<Chosen> {
    let constants = document.constants(id).ok_or_else(|| no_condition(document, id))?;
    let listed = || {
        let each = constants.iter().enumerate().map(|(at, constant)| {
            let shown = value::number(&constant.value, &constant.ty, context.language);
            format!("{} = {shown}", at + 1)
        });
        each.collect::<Vec<_>>().join(context.say("、", ", "))
    };
    let place = match (which, constants.len()) {
        (_, 0) => {
            let with_numbers = ids(document).join("、");
            return Err(Problem::new(
                format!("条件“{id}”里没有写数"),
                format!("no number is written in the condition “{id}”"),
            )
            .with_help(
                format!("带数的条件:{with_numbers}"),
                format!("conditions with a number: {with_numbers}"),
            )
            .into());
        }
        (None, 1) => 1,
        (Some(place), count) if (1..=count).contains(&place) => place,
        (_, count) => {
            return Err(Problem::new(
                format!("条件“{id}”里有 {count} 个数,要说明变哪一个"),
                format!("the condition “{id}” has {count} numbers; say which one varies"),
            )
            .with_help(format!("加 --constant N:{}", listed()), format!("add --constant N: {}", listed()))
            .into());
        }
    };
    Ok(Chosen { condition: id.to_owned(), index: place - 1, constant: constants[place - 1].clone() })
}

/// A number as the language writes it, in base units, with the type that it shares with the one it stands for.
pub fn parse(
    text: &str,
    like: &Type,
    rulebook: &Rulebook,
    day: Date,
    context: &Context,
) -> Result<(Number, Type)> {
    let (compiled, found) = compile_expression(text, &rulebook.vocabulary, &Catalog::default());
    let Some(compiled) = compiled else {
        let why = found.first().map(|finding| finding.message.clone()).unwrap_or_default();
        return Err(Problem::new(
            format!("“{text}”不是数:{}", why.zh),
            format!("“{text}” is no number: {}", why.en),
        )
        .with_help("写成 3%、500人、2000万元", "write 3%, 500人, 2000万元")
        .into());
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
        (Some(_), None) => {
            let now = value::number(&Number::one(), like, context.language);
            Err(Problem::new(
                format!("“{text}”的单位与条件里的数不合"),
                format!("the unit of “{text}” does not fit the number of the condition"),
            )
            .with_help(format!("那里的单位如 {now}"), format!("there the unit is that of {now}"))
            .into())
        }
        (None, _) => Err(Problem::new(format!("“{text}”不是一个数"), format!("“{text}” is no number"))
            .with_help("写成 3%、500人、2000万元", "write 3%, 500人, 2000万元")
            .into()),
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
pub fn rulebook(
    library: &Rulebook,
    document: &Document,
    chosen: &Chosen,
    values: &[Number],
) -> Result<Rulebook> {
    let others =
        library.entries().iter().map(|entry| &entry.document).filter(|known| known.id != document.id);
    let mut documents: Vec<Document> = others.cloned().collect();
    documents.push(document.clone());
    for value in values {
        let varied = document.with_constant(&chosen.condition, chosen.index, value);
        documents.push(varied.ok_or_else(|| anyhow::anyhow!("the number was chosen among those there are"))?);
    }
    Ok(Rulebook::new(library.vocabulary.clone(), documents))
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
