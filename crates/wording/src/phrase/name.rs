//! Names in words: facts in their periods, statuses, codes, collections, other documents.

use facts::{FactDefinition, FactId, FactType, Period, QuarterEnd, SpanAs, YearRef};
use lang::ir::{Input, InputKind, InputRef};

use super::Phrases;

impl Phrases<'_> {
    pub(super) fn input_of(&self, input: InputRef) -> &Input {
        let kind = self.document.vars[input.var.0].kind;
        &self.document.kinds[kind.0].inputs[input.index]
    }

    /// An input as a thing: `上年研发费用` · `R&D expenditure last year`.
    pub(super) fn input(&self, input: InputRef) -> String {
        match &self.input_of(input).kind {
            InputKind::Fact(fact, period) => self.fact(*fact, period),
            InputKind::Collection(name) => self.collection(name),
            InputKind::Status(name) => format!("“{}”", self.status(name)),
            InputKind::Document(id) => format!("“{}”", self.title(id)),
            InputKind::Manual(_) => self.say("专家或部门的认定", "what a person finds").to_owned(),
        }
    }

    /// A fact in its period.
    pub fn fact(&self, fact: FactId, period: &Period) -> String {
        let name = self.label(fact);
        let period = self.period(period);
        if period.is_empty() || name.contains(&period) {
            return name;
        }
        self.either(format!("{period}{name}"), format!("{name} {period}"))
    }

    /// What a fact is called.
    pub fn label(&self, fact: FactId) -> String {
        let definition = self.vocabulary().get(fact);
        if self.is_chinese() {
            definition.name.clone()
        } else if definition.en.is_empty() {
            format!("“{}”", definition.name)
        } else {
            self.mid_sentence(&definition.en)
        }
    }

    /// An English label within a sentence: its first letter small, unless it is a name. A word is taken for a name if
    /// the vocabulary has it with a capital behind another word.
    fn mid_sentence(&self, label: &str) -> String {
        let word = label.split([' ', ',', '-', '’']).next().unwrap_or_default();
        let is_plain = word.chars().skip(1).all(|letter| letter.is_ascii_lowercase()) && !word.is_empty();
        let behind = format!(" {word}");
        let is_name = || {
            let facts = self.vocabulary().facts().map(|(_, fact)| fact);
            facts.flat_map(|fact| [&fact.en]).any(|text| {
                text.match_indices(&behind).any(|(at, _)| {
                    let rest = text[at + behind.len()..].chars().next();
                    !rest.is_some_and(char::is_alphanumeric)
                })
            })
        };
        match label.chars().next() {
            Some(first) if is_plain && !is_name() => {
                format!("{}{}", first.to_ascii_lowercase(), &label[first.len_utf8()..])
            }
            _ => label.to_owned(),
        }
    }

    /// That a yes-or-no fact is so or not.
    pub(super) fn fact_truth(&self, fact: FactId, period: &Period, is_true: bool) -> String {
        let definition = self.vocabulary().get(fact);
        let is_event = definition.fact_type == FactType::Event;
        let period = self.period(period);
        let period = if definition.name.contains(&period) { String::new() } else { period };
        if self.is_chinese() {
            let verb = match (is_event, is_true) {
                (true, true) => "发生过",
                (true, false) => "没有",
                (false, true) => "符合",
                (false, false) => "不是",
            };
            return format!("{period}{verb}“{}”", definition.name);
        }
        let label = if definition.en.is_empty() { &definition.name } else { &definition.en };
        let gap = if period.is_empty() { "" } else { " " };
        let negation = if is_true { "" } else { "not " };
        format!("{negation}“{label}”{gap}{period}")
    }

    /// A code of a fact.
    pub(super) fn code(&self, fact: Option<&FactDefinition>, code: &str) -> String {
        let known = fact.and_then(|fact| fact.codes.iter().find(|value| value.code == code));
        match known {
            Some(value) if !self.is_chinese() && !value.en.is_empty() => value.en.clone(),
            _ if fact.is_some_and(|fact| fact.hierarchy) => code.to_owned(),
            _ => format!("“{code}”"),
        }
    }

    /// A rank that a document gives.
    pub fn rank(&self, fact: FactId, code: &str) -> String {
        self.code(Some(self.vocabulary().get(fact)), code)
    }

    /// A collection.
    pub fn collection(&self, name: &str) -> String {
        match self.vocabulary().collection(name) {
            Some(known) if !self.is_chinese() && !known.en.is_empty() => self.mid_sentence(&known.en),
            _ => format!("“{name}”"),
        }
    }

    /// A status.
    pub fn status(&self, name: &str) -> String {
        match self.vocabulary().status(name) {
            Some(known) if !self.is_chinese() && !known.en.is_empty() => known.en.clone(),
            _ => name.to_owned(),
        }
    }

    /// The title of a document, in the library or outside of it; its id where nobody knows it.
    pub fn title(&self, id: &str) -> String {
        if let Some(entry) = self.rulebook.versions(id).last() {
            return entry.document.title.get(self.language).to_owned();
        }
        let outside = self.vocabulary().documents.iter().find(|known| known.id == id);
        outside.map_or(id, |known| known.title.get(self.language)).to_owned()
    }

    /// A period; nothing for none.
    pub fn period(&self, period: &Period) -> String {
        let is_year = matches!(period, Period::Year(_) | Period::YearEnd(_));
        if self.is_undated && is_year {
            return String::new();
        }
        match period {
            Period::SinceYear(year) if self.is_chinese() => format!("{year}和当年"),
            Period::Quarters(year) if self.is_chinese() => format!("{year}各季度初和季度末"),
            _ if self.is_chinese() => period.to_string(),
            Period::Unstated => String::new(),
            Period::Year(year) => english_year(*year),
            Period::YearEnd(year) => format!("at the end of {}", english_year_name(*year)),
            Period::LastYears(count, taken) => {
                let years =
                    if *count == 1 { "the last year".to_owned() } else { format!("the last {count} years") };
                format!("{}over {years}", english_taken(*taken))
            }
            Period::YearAndBefore(before, taken) => {
                let years = match before {
                    0 => "this year".to_owned(),
                    1 => "this year and the year before".to_owned(),
                    more => format!("this year and the {more} before"),
                };
                format!("{}over {years}", english_taken(*taken))
            }
            Period::Years(from, to, taken) => format!("{}from {from} to {to}", english_taken(*taken)),
            Period::SinceYear(year) => format!("since the start of {}", english_year_name(*year)),
            Period::Quarters(year) => format!("in the quarters of {}", english_year_name(*year)),
            Period::Quarter(year, quarter, end) => {
                let end = if *end == QuarterEnd::Opening { "start" } else { "end" };
                format!("at the {end} of quarter {quarter} of {}", english_year_name(*year))
            }
            Period::QuarterMean(year) => {
                format!("on average over the quarters of {}", english_year_name(*year))
            }
            Period::Label(label) => self.period_label(label),
        }
    }

    /// A declared period; of one that is the total or mean of a span, the span's words.
    fn period_label(&self, label: &str) -> String {
        let english = |name: &str| self.vocabulary().period(name).map(|known| known.en.clone());
        let taken = [("合计", SpanAs::Total), ("累计", SpanAs::Total), ("均值", SpanAs::Mean)];
        let of_span = || {
            let known = taken.iter().find_map(|(word, taken)| Some((label.strip_suffix(word)?, *taken)));
            known.and_then(|(base, taken)| Some(format!("{}in {}", english_taken(taken), english(base)?)))
        };
        match english(label).filter(|words| !words.is_empty()).or_else(of_span) {
            Some(words) if words.starts_with("the ") => format!("in {words}"),
            Some(words) => words,
            None => format!("(“{label}”)"),
        }
    }
}

fn english_taken(taken: SpanAs) -> &'static str {
    match taken {
        SpanAs::Years => "",
        SpanAs::Total => "in total ",
        SpanAs::Mean => "on average ",
    }
}

fn english_year(year: YearRef) -> String {
    match year {
        YearRef::Relative(offset @ ..=-3) => format!("{} years ago", offset.unsigned_abs()),
        YearRef::Absolute(year) => format!("in {year}"),
        other => english_year_name(other),
    }
}

fn english_year_name(year: YearRef) -> String {
    match year {
        YearRef::Relative(0) => "this year".to_owned(),
        YearRef::Relative(-1) => "last year".to_owned(),
        YearRef::Relative(-2) => "the year before last".to_owned(),
        YearRef::Relative(1) => "next year".to_owned(),
        YearRef::Relative(offset) if offset < 0 => format!("the year {} years ago", offset.unsigned_abs()),
        YearRef::Relative(offset) => format!("the year in {offset} years"),
        YearRef::Absolute(year) => year.to_string(),
    }
}
