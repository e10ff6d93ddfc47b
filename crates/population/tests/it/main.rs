//! What the crate promises, in one test binary.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

mod arrays;
mod as_csv;
mod headers;
mod random;
mod round_trip;

use std::sync::{Arc, LazyLock};

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema};
use facts::{Origin, Period, Profile, Source, Text, Value, Vocabulary, YearRef};
use population::{BatchPlace, Header, Population, Problems, Wanted};

/// The vocabulary of `data/vocabulary.yaml`.
pub fn words() -> &'static Vocabulary {
    static WORDS: LazyLock<Vocabulary> = LazyLock::new(load);
    &WORDS
}

fn load() -> Vocabulary {
    let source = Source::new("vocabulary.yaml", include_str!("data/vocabulary.yaml"));
    let (vocabulary, found) = facts::vocabulary::load(std::slice::from_ref(&source));
    let rendered: Vec<String> =
        found.iter().map(|(_, finding)| source.render(finding, facts::Language::English)).collect();
    assert!(rendered.is_empty(), "{}", rendered.join("\n"));
    vocabulary
}

/// A batch of columns with these headers.
pub fn batch(columns: Vec<(&str, ArrayRef)>) -> RecordBatch {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

/// A batch read as enterprises, with no finding about its columns.
pub fn read(batch: &RecordBatch) -> (Population, Problems) {
    let words = words();
    let (header, found) = Header::parse(&batch.schema(), words, "enterprise");
    assert_eq!(found, []);
    let mut problems = Problems::default();
    let place = BatchPlace { vocabulary: words, first_row: 0 };
    let population = Population::from_batch(batch, &header, place, &mut problems).unwrap();
    (population, problems)
}

/// All rows as profiles.
pub fn profiles(population: &Population) -> Vec<Profile> {
    (0..population.rows()).map(|row| population.profile(row, &Wanted::all())).collect()
}

/// A profile without what says where its values were read, which columns do not keep.
pub fn without_origins(mut profile: Profile) -> Profile {
    for entry in profile.facts.values_mut().flatten() {
        entry.origin = Origin::default();
    }
    for items in profile.collections.values_mut() {
        *items = std::mem::take(items).into_iter().map(without_origins).collect();
    }
    for party in profile.roles.values_mut() {
        *party = without_origins(std::mem::take(party));
    }
    profile
}

/// The problems as code and Chinese place.
pub fn told(problems: &Problems) -> Vec<(&'static str, String)> {
    let place = |text: Text| text.zh;
    problems.listed().iter().map(|it| (it.problem.code, place(it.clone().at("f").place))).collect()
}

/// The value of a fact in a row, in whatever period comes first.
pub fn value(population: &Population, row: usize, fact: &str) -> Option<Value> {
    let fact = words().find(fact).unwrap();
    population.fact(fact).find_map(|(_, column)| column.value(row))
}

/// A year.
pub fn year(year: i32) -> Period {
    Period::Year(YearRef::Absolute(year))
}

/// The type of dictionary-encoded texts.
pub fn dictionary() -> DataType {
    DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
}
