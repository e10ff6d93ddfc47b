//! The vocabulary: what may be known about a subject, and how it is asked for.

use std::collections::{BTreeMap, HashMap};

use crate::classification::{Classification, Classifications};
use crate::{Number, Unit, Value};

/// A text in both languages; English may be missing where a source has none.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Text {
    /// Chinese.
    pub zh: String,
    /// English; empty if there is none.
    pub en: String,
}

/// The language a person reads.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Language {
    /// 中文
    #[default]
    Chinese,
    /// English
    English,
}

impl Text {
    /// In that language; Chinese where English is missing.
    pub fn get(&self, language: Language) -> &str {
        if language == Language::English && !self.en.is_empty() { &self.en } else { &self.zh }
    }
}

/// The type of a fact's values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum FactType {
    /// Money, held in yuan, never finer than a fen.
    Money,
    /// A whole number of people or items.
    Count,
    /// A number with a unit.
    Number,
    /// A pure ratio, `0.05` or `5%`.
    Ratio,
    /// Yes or no.
    Bool,
    /// Something that happened or did not, within a span.
    Event,
    /// A day.
    Date,
    /// A year.
    Year,
    /// One of a list of codes, or a hierarchical code.
    Code,
    /// Several codes.
    Codes,
    /// Free text.
    Text,
}

impl FactType {
    /// All types with their codes.
    pub const CODES: [(&'static str, FactType); 11] = [
        ("money", FactType::Money),
        ("number", FactType::Number),
        ("count", FactType::Count),
        ("ratio", FactType::Ratio),
        ("bool", FactType::Bool),
        ("event", FactType::Event),
        ("date", FactType::Date),
        ("year", FactType::Year),
        ("code", FactType::Code),
        ("codes", FactType::Codes),
        ("text", FactType::Text),
    ];

    /// Its code in vocabularies and in the API.
    pub fn as_code(self) -> &'static str {
        code_of(&Self::CODES, self)
    }
}

/// The code of a value in a list that has all values.
fn code_of<T: PartialEq>(codes: &[(&'static str, T)], value: T) -> &'static str {
    codes.iter().find(|(_, known)| *known == value).map_or("", |(code, _)| code)
}

/// How a fact varies in time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Grain {
    /// Holds until it changes.
    Once,
    /// A figure for a year.
    Year,
    /// Opening and closing figures of each quarter.
    Quarter,
    /// A figure for a month.
    Month,
    /// Happened on a day.
    Event,
    /// A figure at a date.
    Stock,
}

impl Grain {
    /// All grains with their codes.
    pub const CODES: [(&'static str, Grain); 6] = [
        ("once", Grain::Once),
        ("year", Grain::Year),
        ("quarter", Grain::Quarter),
        ("month", Grain::Month),
        ("event", Grain::Event),
        ("stock", Grain::Stock),
    ];

    /// Its code in vocabularies and in the API.
    pub fn as_code(self) -> &'static str {
        code_of(&Self::CODES, self)
    }
}

/// Who or what can change a fact.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Change {
    /// The subject itself.
    Subject,
    /// Only time.
    Time,
    /// Somebody else.
    Others,
    /// Nothing.
    None,
}

/// To whom a value may be disclosed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Disclosure {
    /// Everybody.
    Public,
    /// The subject and the department the value comes from.
    Subject,
    /// Departments.
    Departments,
    /// The zone office only.
    Office,
}

impl Disclosure {
    /// All of them with their codes.
    pub const CODES: [(&'static str, Disclosure); 4] = [
        ("public", Disclosure::Public),
        ("subject", Disclosure::Subject),
        ("departments", Disclosure::Departments),
        ("office", Disclosure::Office),
    ];

    /// Its code in vocabularies and in the API.
    pub fn as_code(self) -> &'static str {
        code_of(&Self::CODES, self)
    }
}

/// What a fact is for beyond its value: data for reviews and breakdowns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Mark {
    /// It tells one subject from all others.
    Identity,
    /// Where a subject is registered, or that it moved there.
    Place,
    /// Tax paid, or what a place takes in through it.
    TaxPaid,
    /// Results are broken down by it unless something else is asked for.
    Breakdown,
}

impl Mark {
    /// All marks with their codes.
    pub const CODES: [(&'static str, Mark); 4] = [
        ("identity", Mark::Identity),
        ("place", Mark::Place),
        ("tax_paid", Mark::TaxPaid),
        ("breakdown", Mark::Breakdown),
    ];
}

/// An allowed value of a code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CodeValue {
    /// The code itself.
    pub code: String,
    /// Other spellings that load as this one.
    pub also: Vec<String>,
    /// English label; may be empty.
    pub en: String,
}

/// The index of a definition in its [`Vocabulary`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct FactId(pub u32);

/// The definition of a fact.
#[derive(Clone, PartialEq, Debug)]
pub struct FactDefinition {
    /// Canonical Chinese name.
    pub name: String,
    /// Old or outside names.
    pub also: Vec<String>,
    /// English label.
    pub en: String,
    /// Type of its values.
    pub fact_type: FactType,
    /// Unit of bare numbers.
    pub unit: Option<&'static Unit>,
    /// Allowed codes, in order; empty for a hierarchical code.
    pub codes: Vec<CodeValue>,
    /// Codes lie under one another by prefix.
    pub hierarchy: bool,
    /// The classification that its codes are of.
    pub classification: Option<String>,
    /// How it varies in time.
    pub grain: Grain,
    /// Kinds of subject or item that have it.
    pub of: Vec<String>,
    /// Where the value comes from.
    pub department: Text,
    /// What counts and what does not.
    pub definition: Text,
    /// The question that asks for it.
    pub ask: Text,
    /// Who can change it.
    pub change: Change,
    /// How fast it can be changed: `day`, `month`, `year`; empty if not said.
    pub pace: String,
    /// Personal data.
    pub personal: bool,
    /// Who may see it.
    pub disclosure: Disclosure,
    /// Least value, in base units.
    pub least: Option<Number>,
    /// Greatest value, in base units.
    pub most: Option<Number>,
    /// 无 may be given.
    pub none_allowed: bool,
    /// The day before which the subject did not exist, so that years before it are not unknown.
    pub founding: bool,
    /// The date whose age on the day of decision this is; it then follows from that date.
    pub since: Option<String>,
    /// For a yes or no: the facts of which it says that one at least holds; it then follows from them.
    pub any_of: Vec<String>,
    /// What it is for beyond its value.
    pub marks: Vec<Mark>,
}

impl FactDefinition {
    /// The code of that spelling, as its canonical text.
    pub fn canonical_code(&self, text: &str) -> Option<&str> {
        self.codes
            .iter()
            .find(|value| value.code == text || value.also.iter().any(|other| other == text))
            .map(|value| value.code.as_str())
    }

    /// Whether values are numbers.
    pub fn is_numeric(&self) -> bool {
        matches!(self.fact_type, FactType::Money | FactType::Count | FactType::Number | FactType::Ratio)
    }

    /// The smallest step of its values in base units: a fen, a person, a point in a hundred of a ratio's percent.
    pub fn grain_step(&self) -> Number {
        let scale = |unit: Option<&'static Unit>| unit.map_or_else(Number::one, Unit::scale);
        match self.fact_type {
            FactType::Money => Number::power_of_ten(-2),
            FactType::Ratio => Number::power_of_ten(-4),
            FactType::Number => {
                let whole = self
                    .unit
                    .is_some_and(|unit| matches!(unit.name, "分" | "年" | "月" | "个月" | "天" | "级"));
                let step = if whole { Number::one() } else { Number::power_of_ten(-2) };
                &step * &scale(self.unit)
            }
            _ => Number::one(),
        }
    }
}

/// A named collection of items a subject can have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CollectionDefinition {
    /// Canonical name.
    pub name: String,
    /// Other names.
    pub also: Vec<String>,
    /// English label.
    pub en: String,
    /// Kind of its items; item facts name it in `of`.
    pub item: String,
    /// Kinds of subject that have it.
    pub of: Vec<String>,
    /// Related parties of an item or subject: role name → kind of subject.
    pub roles: BTreeMap<String, String>,
}

/// A period label tied to an event.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PeriodLabel {
    /// As written.
    pub name: String,
    /// English label.
    pub en: String,
    /// For a span: the labels of its years, oldest first.
    pub years: Vec<String>,
}

/// A status somebody can hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusDefinition {
    /// Name.
    pub name: String,
    /// English label.
    pub en: String,
    /// The document that grants it; empty if none is known.
    pub by: String,
    /// Boolean facts that mean "holds it today".
    pub facts: Vec<String>,
}

/// A document outside the library that others refer to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutsideDocument {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: Text,
}

/// The kinds of subject, by code and Chinese word; the items of a collection have kinds of their own.
pub const SUBJECT_KINDS: [(&str, &str); 5] = [
    ("enterprise", "企业"),
    ("institution", "机构"),
    ("person", "个人"),
    ("project", "项目"),
    ("parcel", "地块"),
];

/// Everything declared under `library/facts/`.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary {
    facts: Vec<FactDefinition>,
    by_name: HashMap<String, FactId>,
    /// Collections by declaration order.
    pub collections: Vec<CollectionDefinition>,
    /// Period labels.
    pub periods: Vec<PeriodLabel>,
    /// Statuses.
    pub statuses: Vec<StatusDefinition>,
    /// Outside documents.
    pub documents: Vec<OutsideDocument>,
    /// Published lists that facts and documents refer to.
    pub classifications: Classifications,
}

impl Vocabulary {
    /// Adds a definition; `Err` with the name that is already taken.
    pub fn add(&mut self, definition: FactDefinition) -> Result<FactId, String> {
        let names = std::iter::once(&definition.name).chain(&definition.also);
        if let Some(taken) = names.clone().find(|name| self.by_name.contains_key(*name)) {
            return Err(taken.clone());
        }
        let id = FactId(u32::try_from(self.facts.len()).expect("a vocabulary has fewer than 2^32 facts"));
        for name in names.cloned().collect::<Vec<_>>() {
            self.by_name.insert(name, id);
        }
        self.facts.push(definition);
        Ok(id)
    }

    /// The fact of that name or alias.
    pub fn find(&self, name: &str) -> Option<FactId> {
        self.by_name.get(name).copied()
    }

    /// The definition.
    pub fn get(&self, id: FactId) -> &FactDefinition {
        &self.facts[id.0 as usize]
    }

    /// All definitions, in order of declaration.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &FactDefinition)> {
        self.facts.iter().enumerate().map(|(index, definition)| (FactId(index as u32), definition))
    }

    /// Number of facts.
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// Whether nothing is declared.
    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The collection of that name or alias.
    pub fn collection(&self, name: &str) -> Option<&CollectionDefinition> {
        self.collections.iter().find(|known| known.name == name || known.also.iter().any(|also| also == name))
    }

    /// The status of that name.
    pub fn status(&self, name: &str) -> Option<&StatusDefinition> {
        self.statuses.iter().find(|known| known.name == name)
    }

    /// The kind of the related party that plays that role, in whichever collection the role is declared.
    pub fn role(&self, name: &str) -> Option<&str> {
        self.collections.iter().find_map(|known| known.roles.get(name)).map(String::as_str)
    }

    /// The code of a kind of subject or item, given its code or its Chinese word.
    pub fn kind(&self, text: &str) -> Option<&str> {
        let subject =
            SUBJECT_KINDS.iter().find(|(code, word)| *code == text || *word == text).map(|(code, _)| *code);
        subject
            .or_else(|| self.collections.iter().map(|known| known.item.as_str()).find(|item| *item == text))
    }

    /// The classification that a fact's codes are of, if it is known.
    pub fn classification(&self, definition: &FactDefinition) -> Option<&Classification> {
        self.classifications.classification(definition.classification.as_deref()?)
    }

    /// A value of a fact as a person reads it; a code of a classification with its name: `C39 计算机、通信和其他电子设备制造业`.
    pub fn show(&self, fact: FactId, value: &Value, language: Language) -> String {
        let definition = self.get(fact);
        let shown = definition.show(value, language);
        let Value::Code(code) = value else { return shown };
        match self.classification(definition).and_then(|known| known.label(code, language)) {
            Some(label) => format!("{shown} {label}"),
            None => shown,
        }
    }

    /// The period label of that name.
    pub fn period(&self, name: &str) -> Option<&PeriodLabel> {
        self.periods.iter().find(|known| known.name == name)
    }
}
