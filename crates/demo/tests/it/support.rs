//! A zone of the real vocabulary, and its cells.

use std::path::Path;
use std::sync::OnceLock;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{Date32Type, Decimal128Type, Int32Type, Int64Type};
use arrow_array::{Array as _, RecordBatch};
use arrow_schema::DataType;
use demo::{Settings, Zone};
use facts::{Date, FactId, Period, Source, Vocabulary};

/// The day of all tests.
pub fn day() -> Date {
    Date::new(2026, 6, 30).unwrap()
}

/// The vocabulary of the library.
pub fn vocabulary() -> &'static Vocabulary {
    static WORDS: OnceLock<Vocabulary> = OnceLock::new();
    WORDS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library/facts");
        let mut paths: Vec<_> =
            std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let texts =
            paths.iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()));
        let sources: Vec<Source> = texts.map(|(name, text)| Source::new(name, text)).collect();
        words(&sources)
    })
}

/// A vocabulary from its text.
pub fn of_text(text: &str) -> Vocabulary {
    words(&[Source::new("facts.yaml", text)])
}

fn words(sources: &[Source]) -> Vocabulary {
    let (vocabulary, findings) = facts::vocabulary::load(sources);
    assert!(findings.is_empty(), "{findings:?}");
    vocabulary
}

/// A series that goes further back than the usual ones, and a year in which something may have happened.
fn asked(vocabulary: &Vocabulary) -> Vec<(FactId, Period)> {
    let years = (2015..=2020).map(|year| ("未弥补亏损额", year));
    let all = years.chain([("重大安全质量环境违法", 2025)]);
    let period = |year: i32| Period::parse(&year.to_string()).unwrap();
    all.filter_map(|(name, year)| Some((vocabulary.find(name)?, period(year)))).collect()
}

/// A zone of that seed and size.
pub fn zone_of(vocabulary: &Vocabulary, seed: u64, enterprises: u64) -> Zone {
    let judgements = vec!["市场占有率靠前".to_owned()];
    Zone::new(vocabulary, Settings { seed, enterprises, day: day(), asked: asked(vocabulary), judgements })
}

/// Enterprises of the first seed.
pub fn enterprises(count: u64) -> Cells {
    Cells(zone_of(vocabulary(), 1, count).batch("enterprise", 0..count).unwrap())
}

/// Cells by header and row.
pub struct Cells(pub RecordBatch);

impl Cells {
    pub fn rows(&self) -> usize {
        self.0.num_rows()
    }

    /// A number: decimals in millionths, days since 1970, all else in ones.
    #[track_caller]
    pub fn number(&self, header: &str, row: usize) -> Option<i128> {
        let array = self.0.column_by_name(header).unwrap_or_else(|| panic!("no column {header}"));
        let value = match array.data_type() {
            DataType::Decimal128(..) => array.as_primitive::<Decimal128Type>().value(row),
            DataType::Int64 => array.as_primitive::<Int64Type>().value(row).into(),
            DataType::Int32 => array.as_primitive::<Int32Type>().value(row).into(),
            DataType::Date32 => array.as_primitive::<Date32Type>().value(row).into(),
            other => panic!("{header} is {other}"),
        };
        array.is_valid(row).then_some(value)
    }

    /// Yes or no.
    #[track_caller]
    pub fn truth(&self, header: &str, row: usize) -> Option<bool> {
        let array =
            self.0.column_by_name(header).unwrap_or_else(|| panic!("no column {header}")).as_boolean();
        array.is_valid(row).then(|| array.value(row))
    }

    /// A text.
    #[track_caller]
    pub fn text(&self, header: &str, row: usize) -> Option<&str> {
        let array = self.0.column_by_name(header).unwrap_or_else(|| panic!("no column {header}"));
        if array.is_null(row) {
            return None;
        }
        match array.data_type() {
            DataType::Utf8 => Some(array.as_string::<i32>().value(row)),
            _ => {
                let array = array.as_dictionary::<Int32Type>();
                let key = usize::try_from(array.keys().value(row)).unwrap();
                Some(array.values().as_string::<i32>().value(key))
            }
        }
    }

    /// The share of yes among the rows that say yes or no.
    pub fn share(&self, header: &str) -> f64 {
        let said: Vec<bool> = (0..self.rows()).filter_map(|row| self.truth(header, row)).collect();
        said.iter().filter(|yes| **yes).count() as f64 / said.len() as f64
    }
}
