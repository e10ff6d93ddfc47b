//! Subjects over the small vocabulary: each thing that can be known of one, known or not.

use std::collections::BTreeMap;

use facts::{
    Date, Entry, Number, Origin, PartialDate, Period, Precision, Profile, SpanAs, Value, Vocabulary,
};

use super::choices::{Choices, Scatter};

/// The day of all decisions.
pub const DAY: Date = Date { year: 2026, month: 6, day: 30 };

/// What can be known of a subject, as `missing` names it.
pub const KEYS: [&str; 23] = [
    "甲",
    "乙",
    "丙",
    "丁",
    "人数",
    "专利",
    "收入",
    "利润",
    "占比",
    "规模",
    "行业",
    "违法",
    "成立",
    "研发.上年",
    "研发.前年",
    "研发.大前年",
    "已获",
    "投资",
    "投资[1].投资额",
    "投资[1].自有",
    "投资[2].投资额",
    "投资[2].自有",
    "研发.当年",
];

/// What is known of one thing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Known {
    /// Nothing.
    No,
    /// It is the value of that number in its domain.
    Exactly(usize),
    /// It lies between these two values of its domain.
    Between(usize, usize),
}

/// A subject, by the order of [`KEYS`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject(pub [Known; KEYS.len()]);

/// Yuan at and around every threshold that grown documents have.
const YUAN: [&str; 13] = [
    "100000",
    "0",
    "0.01",
    "9999.99",
    "10000",
    "10000.01",
    "99999.99",
    "100000.01",
    "300000",
    "499999.99",
    "500000",
    "1000000",
    "1000000.01",
];
const PROFIT: [&str; 8] = ["100000", "-50000", "-0.01", "0", "9999.99", "10000", "500000", "2000000"];
const SHARE: [&str; 8] = ["0.05", "0", "0.0299", "0.03", "0.0499", "0.5", "0.9999", "1"];
const SIZES: [&str; 3] = ["大", "中", "小"];
const INDUSTRIES: [&str; 6] = ["C391", "C39", "C40", "I65", "K", "C"];
const DAYS: [(i32, u8, u8); 8] = [
    (2010, 1, 1),
    (2025, 6, 30),
    (2025, 7, 1),
    (2024, 6, 30),
    (2024, 7, 1),
    (2026, 5, 31),
    (2026, 6, 1),
    (2026, 6, 29),
];

/// Number of values in the domain of a thing.
pub fn domain_size(key: &str) -> usize {
    match key {
        "甲" | "乙" | "丙" | "丁" => 2,
        "人数" | "专利" => 11,
        "利润" => PROFIT.len(),
        "占比" => SHARE.len(),
        "规模" | "违法" | "投资" => 3,
        "行业" => INDUSTRIES.len(),
        "成立" => DAYS.len(),
        _ if key.ends_with("自有") => 2,
        _ => YUAN.len(),
    }
}

fn number(text: &str) -> Number {
    text.parse().expect("a domain holds numbers")
}

/// The numbers of a domain; none where it has others.
fn numbers(key: &str) -> Option<Vec<Number>> {
    match key {
        "人数" | "专利" => Some((0..11).map(Number::from).collect()),
        "利润" => Some(PROFIT.iter().map(|text| number(text)).collect()),
        "占比" => Some(SHARE.iter().map(|text| number(text)).collect()),
        _ if domain_size(key) == YUAN.len() => Some(YUAN.iter().map(|text| number(text)).collect()),
        _ => None,
    }
}

fn value(key: &str, at: usize) -> Value {
    match key {
        "规模" => Value::Code(SIZES[at].to_owned()),
        "行业" => Value::Code(INDUSTRIES[at].to_owned()),
        "成立" => {
            let (year, month, day) = DAYS[at];
            Value::Date(PartialDate { start: Date { year, month, day }, precision: Precision::Day })
        }
        _ => match numbers(key) {
            Some(numbers) => Value::Number(numbers[at].clone()),
            None => Value::Bool(at == 0),
        },
    }
}

impl Subject {
    /// Of whom nothing is known.
    pub fn blank() -> Self {
        Self([Known::No; KEYS.len()])
    }

    /// Grown from choices: some things known, some not, some numbers within bounds.
    pub fn grow(choices: &mut Choices<'_>) -> Self {
        let mut subject = Self::blank();
        for (index, key) in KEYS.iter().enumerate() {
            let size = domain_size(key);
            subject.0[index] = match choices.pick(8) {
                0..=3 => Known::No,
                4 if numbers(key).is_some() => {
                    let (one, other) = (choices.pick(size), choices.pick(size));
                    Known::Between(one, other)
                }
                _ => Known::Exactly(choices.pick(size)),
            };
        }
        subject
    }

    /// What is known of a thing.
    pub fn of(&self, key: &str) -> Known {
        self.0[index(key)]
    }

    /// The same with something known of a thing.
    #[must_use]
    pub fn with(&self, key: &str, known: Known) -> Self {
        let mut other = self.clone();
        other.0[index(key)] = known;
        other
    }

    /// The values a thing can still have.
    pub fn open(&self, key: &str) -> Vec<usize> {
        let all = 0..domain_size(key);
        match self.of(key) {
            Known::Exactly(at) if key == "行业" && INDUSTRIES[at] == "C" => vec![0, 1, 2, at],
            Known::Exactly(at) if key == "行业" && INDUSTRIES[at] == "C39" => vec![0, at],
            Known::Exactly(at) => vec![at],
            Known::No => all.collect(),
            Known::Between(one, other) => {
                let numbers = numbers(key).expect("only numbers lie between others");
                let (low, high) = ends(&numbers, one, other);
                all.filter(|at| low <= numbers[*at] && numbers[*at] <= high).collect()
            }
        }
    }

    /// Subjects that could be this one with more known: all of them if they are few, else so many, scattered.
    pub fn completions(&self, keys: &[&str], most: usize, scatter: &mut Scatter) -> Vec<Self> {
        let open: Vec<(&str, Vec<usize>)> = keys.iter().map(|key| (*key, self.open(key))).collect();
        let count = open.iter().try_fold(1usize, |count, (_, values)| count.checked_mul(values.len()));
        let complete = |pick: &mut dyn FnMut(usize) -> usize| {
            open.iter().fold(self.clone(), |subject, (key, values)| {
                subject.with(key, Known::Exactly(values[pick(values.len())]))
            })
        };
        match count.filter(|count| *count <= most) {
            Some(count) => (0..count)
                .map(|number| {
                    let mut rest = number;
                    complete(&mut |size| {
                        let at = rest % size;
                        rest /= size;
                        at
                    })
                })
                .collect(),
            None => (0..most).map(|_| complete(&mut |size| scatter.below(size))).collect(),
        }
    }

    /// As a profile. Periods are relative, so that the subject is the same on every day.
    pub fn profile(&self, vocabulary: &Vocabulary) -> Profile {
        let mut profile = Profile::new("enterprise");
        let mut items: Vec<Profile> = vec![Profile::new("investment"), Profile::new("investment")];
        for key in KEYS {
            let Some(known) = self.value(key) else { continue };
            match key {
                "投资" => {}
                "违法" => set_event(&mut profile, vocabulary, self.of(key)),
                _ => {
                    let (target, name) = match key.strip_prefix("投资[") {
                        Some(rest) => {
                            let (number, name) = rest.split_once("].").expect("an item's key");
                            (&mut items[usize::from(number == "2")], name)
                        }
                        None => (&mut profile, key),
                    };
                    set(target, vocabulary, name, known);
                }
            }
        }
        if let Known::Exactly(count) = self.of("投资") {
            items.truncate(count);
            profile.collections = BTreeMap::from([("投资".to_owned(), items)]);
        }
        profile
    }

    /// The value of a thing as a profile holds it.
    pub fn value(&self, key: &str) -> Option<Value> {
        match self.of(key) {
            Known::No => None,
            Known::Exactly(at) => Some(value(key, at)),
            Known::Between(one, other) => {
                let (low, high) = ends(&numbers(key).expect("only numbers lie between others"), one, other);
                Some(if low == high { Value::Number(low) } else { Value::Range(low, high) })
            }
        }
    }
}

fn ends(numbers: &[Number], one: usize, other: usize) -> (Number, Number) {
    let (one, other) = (numbers[one].clone(), numbers[other].clone());
    if one <= other { (one, other) } else { (other, one) }
}

fn index(key: &str) -> usize {
    KEYS.iter().position(|known| *known == key).expect("a key of the small vocabulary")
}

/// Sets a fact with its period: `研发.上年`.
pub fn set(profile: &mut Profile, vocabulary: &Vocabulary, key: &str, value: Value) {
    let (name, period) = match key.split_once('.') {
        Some((name, period)) => (name, Period::parse(period).expect("a built-in period")),
        None => (key, Period::Unstated),
    };
    let fact = vocabulary.find(name).expect("a fact of the small vocabulary");
    profile.set(fact, period, value, Origin::default());
}

/// An offence: never in three years, within two, or in the year before those.
fn set_event(profile: &mut Profile, vocabulary: &Vocabulary, known: Known) {
    let Known::Exactly(at) = known else { return };
    let fact = vocabulary.find("违法").expect("a fact of the small vocabulary");
    let entry = |years: u8, happened: bool| {
        let period = Period::LastYears(years, SpanAs::Years);
        Entry { period, value: Value::Bool(happened), origin: Origin::default() }
    };
    let entries = match at {
        0 => vec![entry(3, false)],
        1 => vec![entry(2, true)],
        _ => vec![entry(3, true), entry(2, false)],
    };
    profile.facts.insert(fact, entries);
}

/// The things that a document's text reads. What was received before is bounded by the stages of the same document, so
/// it is not among what may take any value.
pub fn keys_read(text: &str) -> Vec<&'static str> {
    let body = super::document::body(text);
    let reads = |key: &&str| match *key {
        "研发.上年" | "研发.前年" | "研发.大前年" | "研发.当年" => body.contains("研发"),
        "已获" => false,
        "行业" => body.contains("行业") || body.contains("表"),
        "人数" | "收入" => body.contains(*key) || body.contains("全部达到"),
        other => match (*other).strip_prefix("投资[") {
            Some(_) => body.contains("投资"),
            None => body.contains(other),
        },
    };
    KEYS.iter().filter(|key| reads(key)).copied().collect()
}
