//! From a column and its subjects to an Arrow array.

use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, DictionaryArray, Int32Array, Int64Array, ListArray,
    PrimitiveArray, StringArray,
};
use arrow_buffer::{BooleanBufferBuilder, NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field};
use population::{DECIMAL_PRECISION, DECIMAL_SCALE};

use crate::dice::Dice;
use crate::generic::Generic;
use crate::plan::{Column, Fact, Holder, Model, Part, Source};
use crate::subject::{Block, How, Subject};

/// Share of persons' decisions that were made, and of those that were yes.
const JUDGED: f64 = 0.85;
const JUDGED_YES: f64 = 0.6;

/// Share of subjects that hold a status of which nothing else is known.
const HOLDING: f64 = 0.15;

/// The column for these subjects.
pub(crate) fn array<S: Subject>(column: &Column<S>, subjects: &[S], today: i32) -> ArrayRef {
    match &column.source {
        Source::Identity(text) => {
            Arc::new(subjects.iter().map(|subject| Some(text(subject))).collect::<StringArray>())
        }
        Source::Fact(fact) => of_fact(fact, column.field.data_type(), subjects, today),
        Source::Title(holder, part, number) => of_title(holder, *part, *number, subjects, today),
        Source::Judgement(number) => {
            let decided = |subject: &S| {
                let dice = subject.dice().about(*number);
                dice.on("judged").chance(JUDGED).then(|| dice.chance(JUDGED_YES))
            };
            Arc::new(subjects.iter().map(decided).collect::<BooleanArray>())
        }
        Source::Items(items) => items.array(subjects, today),
    }
}

fn of_fact<S: Subject>(fact: &Fact<S>, data_type: &DataType, subjects: &[S], today: i32) -> ArrayRef {
    match data_type {
        DataType::Boolean => {
            Arc::new(subjects.iter().map(|subject| truth(fact, subject, today)).collect::<BooleanArray>())
        }
        DataType::Date32 => {
            Arc::new(subjects.iter().map(|subject| day(fact, subject, today)).collect::<Date32Array>())
        }
        DataType::List(_) => sets(fact, subjects),
        DataType::Dictionary(..) if fact.shape.is_text => figure_texts(fact, subjects),
        DataType::Dictionary(..) => words(fact, subjects),
        number => figures(fact, number, subjects, today),
    }
}

/// The dice of a fact if the subject has and gives a value of it there.
fn given<S: Subject>(fact: &Fact<S>, subject: &S) -> Option<Dice> {
    if subject.began() > fact.until || !is_reported(subject, fact.block, fact.gap) {
        return None;
    }
    if let Some((block, date)) = fact.instead_of
        && is_reported(subject, block, date)
    {
        return None;
    }
    Some(subject.dice().about(fact.question))
}

fn is_reported<S: Subject>(subject: &S, block: Block, cell: u64) -> bool {
    let reporting = subject.reporting();
    !reporting.is_silent(block) && !subject.dice().about(cell).on("gap").chance(reporting.gap())
}

fn figure<S: Subject>(fact: &Fact<S>, subject: &S) -> Option<i64> {
    let dice = given(fact, subject)?;
    let figure = match &fact.model {
        Model::Hand(How::Figure(model)) => model(subject, fact.when, dice),
        Model::Generic(generic) => {
            generic.figure(subject, fact.when, dice, (fact.shape.least, fact.shape.most))
        }
        Model::Hand(_) => None,
    };
    figure.map(|figure| fact.shape.allowed(figure))
}

fn figures<S: Subject>(fact: &Fact<S>, data_type: &DataType, subjects: &[S], today: i32) -> ArrayRef {
    if let (Model::Generic(Generic::Year), DataType::Int32) = (&fact.model, data_type) {
        let year = |subject: &S| {
            given(fact, subject).and_then(|dice| Generic::Day.day(subject, dice, today)).map(year_of)
        };
        return Arc::new(subjects.iter().map(year).collect::<Int32Array>());
    }
    let mut known = BooleanBufferBuilder::new(subjects.len());
    let mut values = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let figure = figure(fact, subject);
        known.append(figure.is_some());
        values.push(figure.unwrap_or_default());
    }
    let nulls = Some(NullBuffer::new(known.finish()));
    match data_type {
        DataType::Int64 => Arc::new(Int64Array::new(values.into(), nulls)),
        DataType::Int32 => {
            let values: Vec<i32> = values.into_iter().map(|value| value as i32).collect();
            Arc::new(Int32Array::new(values.into(), nulls))
        }
        _ => {
            let scale = i128::from(fact.shape.scale);
            let values: Vec<i128> = values.into_iter().map(|value| i128::from(value) * scale).collect();
            let array = Decimal128Array::new(values.into(), nulls);
            let array = array.with_precision_and_scale(DECIMAL_PRECISION, DECIMAL_SCALE);
            Arc::new(array.expect("the precision and scale of the product are valid ones"))
        }
    }
}

fn year_of(day: i32) -> i32 {
    facts::Date::from_epoch_days(i64::from(day)).map_or(0, |date| date.year)
}

fn truth<S: Subject>(fact: &Fact<S>, subject: &S, today: i32) -> Option<bool> {
    let dice = given(fact, subject)?;
    match &fact.model {
        Model::Hand(How::Truth(model)) => Some(model(subject, fact.when, dice)),
        Model::Generic(generic) => generic.truth(subject, fact.when, dice, today),
        Model::Hand(_) => None,
    }
}

fn day<S: Subject>(fact: &Fact<S>, subject: &S, today: i32) -> Option<i32> {
    let dice = given(fact, subject)?;
    match &fact.model {
        Model::Hand(How::Day(model)) => Some(model(subject, dice)),
        Model::Generic(generic) => generic.day(subject, dice, today),
        Model::Hand(_) => None,
    }
}

/// Codes and texts. Codes keep the order of the definition, so every batch has one dictionary; what is not among them
/// is left out.
fn words<S: Subject>(fact: &Fact<S>, subjects: &[S]) -> ArrayRef {
    let mut dictionary: Vec<&str> = fact.shape.words.iter().map(String::as_str).collect();
    let is_free = dictionary.is_empty();
    let mut keys = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let key = given(fact, subject).and_then(|dice| match &fact.model {
            Model::Hand(How::Word(model)) => place(model(subject, dice), &mut dictionary, is_free),
            Model::Generic(Generic::Text) => place("示例", &mut dictionary, is_free),
            Model::Generic(generic) => generic.word(dice),
            Model::Hand(_) => None,
        });
        keys.push(key.map(|key| key as i32));
    }
    dictionary_array(keys, &dictionary)
}

fn place<'t>(word: &'t str, dictionary: &mut Vec<&'t str>, is_free: bool) -> Option<usize> {
    if word.is_empty() {
        return None;
    }
    let found = dictionary.iter().position(|known| *known == word);
    if found.is_none() && is_free {
        dictionary.push(word);
        return Some(dictionary.len() - 1);
    }
    found
}

fn dictionary_array(keys: Vec<Option<i32>>, values: &[&str]) -> ArrayRef {
    let keys: PrimitiveArray<Int32Type> = keys.into_iter().collect();
    let values = Arc::new(StringArray::from(values.to_vec()));
    Arc::new(DictionaryArray::new(keys, values))
}

/// Figures among which 无 may stand: it does where nothing applies.
fn figure_texts<S: Subject>(fact: &Fact<S>, subjects: &[S]) -> ArrayRef {
    let mut texts: Vec<String> = Vec::new();
    let mut places = std::collections::BTreeMap::new();
    let mut keys = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let key = given(fact, subject).map(|_| {
            let text = figure(fact, subject)
                .map_or_else(|| "无".to_owned(), |figure| decimal(figure, fact.shape.fine));
            *places.entry(text.clone()).or_insert_with(|| {
                texts.push(text);
                texts.len() as i32 - 1
            })
        });
        keys.push(key);
    }
    dictionary_array(keys, &texts.iter().map(String::as_str).collect::<Vec<_>>())
}

/// A figure as a person writes it.
fn decimal(figure: i64, fine: i64) -> String {
    let (sign, figure) = (if figure < 0 { "-" } else { "" }, figure.unsigned_abs());
    let fine = fine.unsigned_abs();
    let rest = format!("{:06}", figure % fine);
    match rest.trim_end_matches('0') {
        "" => format!("{sign}{}", figure / fine),
        rest => format!("{sign}{}.{rest}", figure / fine),
    }
}

fn sets<S: Subject>(fact: &Fact<S>, subjects: &[S]) -> ArrayRef {
    let mut codes: Vec<&str> = Vec::new();
    let mut lengths = Vec::with_capacity(subjects.len());
    let mut known = BooleanBufferBuilder::new(subjects.len());
    for subject in subjects {
        let dice = given(fact, subject);
        let chosen = match (&fact.model, dice) {
            (Model::Generic(generic), Some(dice)) => generic.words(dice),
            _ => Vec::new(),
        };
        known.append(dice.is_some());
        lengths.push(chosen.len());
        codes.extend(chosen);
    }
    let field = Arc::new(Field::new_list_field(DataType::Utf8, true));
    let nulls = Some(NullBuffer::new(known.finish()));
    Arc::new(ListArray::new(
        field,
        OffsetBuffer::from_lengths(lengths),
        Arc::new(StringArray::from(codes)),
        nulls,
    ))
}

fn of_title<S: Subject>(holder: &Holder<S>, part: Part, number: u64, subjects: &[S], today: i32) -> ArrayRef {
    let held = |subject: &S| match holder {
        Holder::Model(model) => model(subject),
        Holder::Generic(number) => {
            let dice = subject.dice().about(*number);
            let from = today - dice.on("from").below(900) as i32;
            (dice.chance(HOLDING) && subject.began() < from).then_some((from, from + 1_095))
        }
    };
    let reported = |subject: &S| is_reported(subject, Block::Titles, number);
    if part == Part::Held {
        let cell = |subject: &S| reported(subject).then(|| held(subject).is_some());
        return Arc::new(subjects.iter().map(cell).collect::<BooleanArray>());
    }
    let cell = |subject: &S| {
        let (from, to) = held(subject).filter(|_| reported(subject))?;
        Some(if part == Part::From { from } else { to })
    };
    Arc::new(subjects.iter().map(cell).collect::<Date32Array>())
}
