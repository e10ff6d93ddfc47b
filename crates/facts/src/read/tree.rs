//! Profiles written as objects: JSON, YAML, and the `facts` of a library's cases.

use std::collections::{BTreeSet, HashMap};

use super::cell::{NOTHING, is_unknown, parse_value};
use super::key::{FACTS_KEY, Key, SUBJECTS_KEY, StatusPart, parse_key, takes_quarters};
use super::problem::CellProblem;
use super::sink::{Given, Sink, put_status};
use crate::yaml::{Node, NodeKind};
use crate::{
    Diagnostic, FactId, FactType, Period, Profile, QuarterEnd, Source, Span, Text, Value, Vocabulary, YearRef,
};

/// Reads one subject from a mapping of keys to values. A sub-mapping `facts` counts as if its keys stood beside it.
///
/// Findings point into `source`, which also names the origin of each value.
pub fn profile_from_node(
    node: &Node,
    source: &Source,
    vocabulary: &Vocabulary,
    kind: &str,
) -> (Profile, Vec<Diagnostic>) {
    let mut reader = TreeReader::new(source, vocabulary);
    let profile = reader.profile(node, kind);
    (profile, reader.found)
}

/// Reads all subjects of a file: one object, a list of them, or `{subjects: [...]}`.
pub(super) fn profiles_from_node(
    root: &Node,
    source: &Source,
    vocabulary: &Vocabulary,
    kind: &str,
) -> (Vec<Profile>, Vec<Diagnostic>) {
    let mut reader = TreeReader::new(source, vocabulary);
    let profiles = match (&root.kind, root.get(SUBJECTS_KEY)) {
        (NodeKind::Map(entries), Some(list)) => {
            for (key, _) in entries.iter().filter(|(key, _)| key.as_text() != Some(SUBJECTS_KEY)) {
                let (zh, en) = ("“subjects”旁边没有别的键", "nothing stands beside “subjects”");
                reader.note(CellProblem::new("E0060", zh, en), key.span);
            }
            reader.profiles(list, kind)
        }
        (NodeKind::List(_), _) => reader.profiles(root, kind),
        _ => vec![reader.profile(root, kind)],
    };
    (profiles, reader.found)
}

struct TreeReader<'a> {
    source: &'a Source,
    vocabulary: &'a Vocabulary,
    found: Vec<Diagnostic>,
    /// What each key means: a list of subjects repeats the same few keys thousands of times.
    keys: HashMap<String, Result<Key, CellProblem>>,
}

impl<'a> TreeReader<'a> {
    fn new(source: &'a Source, vocabulary: &'a Vocabulary) -> Self {
        Self { source, vocabulary, found: Vec::new(), keys: HashMap::new() }
    }

    /// A list of subjects, each only once.
    fn profiles(&mut self, list: &Node, kind: &str) -> Vec<Profile> {
        let Some(items) = list.as_list() else {
            self.note(shape("主体的列表 [...]", "a list of subjects [...]"), list.span);
            return Vec::new();
        };
        let mut lines_by_id: HashMap<String, usize> = HashMap::new();
        let mut profiles = Vec::new();
        for item in items {
            let profile = self.profile(item, kind);
            if let Some(first) = lines_by_id.get(&profile.id) {
                self.note(given_twice(&profile.id, *first), item.span);
                continue;
            }
            if !profile.id.is_empty() {
                lines_by_id.insert(profile.id.clone(), self.source.line(item.span.start));
            }
            profiles.push(profile);
        }
        profiles
    }

    fn profile(&mut self, node: &Node, kind: &str) -> Profile {
        let mut sink = Sink::new(self.vocabulary, kind);
        self.fill(&mut sink, node);
        sink.profile
    }

    fn fill(&mut self, sink: &mut Sink, node: &Node) {
        let Some(entries) = node.as_map() else {
            if !node.is_null() {
                self.note(shape("“事实: 值”", "“fact: value”"), node.span);
            }
            return;
        };
        for (key_node, value) in entries {
            let Some(text) = key_node.as_text() else {
                self.note(shape("事实名称", "the name of a fact"), key_node.span);
                continue;
            };
            if text == FACTS_KEY && (value.as_map().is_some() || value.is_null()) {
                self.fill(sink, value);
                continue;
            }
            match self.key(text) {
                Ok(key) => self.take(sink, &key, value),
                Err(problem) => self.note(problem, key_node.span),
            }
        }
    }

    fn key(&mut self, text: &str) -> Result<Key, CellProblem> {
        if let Some(known) = self.keys.get(text) {
            return known.clone();
        }
        let key = parse_key(self.vocabulary, text);
        self.keys.insert(text.to_owned(), key.clone());
        key
    }

    fn take(&mut self, sink: &mut Sink, key: &Key, value: &Node) {
        if value.is_null() {
            return;
        }
        match (key, &value.kind) {
            (Key::Collection(name), NodeKind::List(items)) => self.take_items(sink, name, items),
            (Key::Role(role, kind), NodeKind::Map(_)) => {
                let party = self.profile(value, kind);
                if sink.profile.roles.insert(role.clone(), party).is_some() {
                    let (zh, en) =
                        ("关联方写了两处,只用 {…} 里的", "the party is given twice; only {…} is used");
                    self.note(CellProblem::new("E0063", zh, en), value.span);
                }
            }
            (Key::Status(name, StatusPart::Held), NodeKind::Map(entries)) => {
                self.take_status(sink, name, entries)
            }
            (Key::Fact(fact, Period::Quarters(year)), NodeKind::List(quarters)) => {
                self.take_quarters(sink, *fact, *year, quarters, value.span);
            }
            (Key::Fact(fact, _), NodeKind::List(items))
                if self.vocabulary.get(*fact).fact_type == FactType::Codes =>
            {
                self.take_codes(sink, key, items, value.span);
            }
            (_, NodeKind::Scalar(scalar)) => self.put(sink, key, &scalar.text, value.span),
            (Key::Collection(_), _) => {
                self.note(shape("条目的列表 [...]", "a list of items [...]"), value.span)
            }
            _ => self.note(shape("一个值", "a single value"), value.span),
        }
    }

    fn put(&mut self, sink: &mut Sink, key: &Key, text: &str, span: Span) {
        let origin = self.origin(span);
        if let Err(problem) = sink.put(key, Given { text, unit: None, origin: &origin }) {
            self.note(problem, span);
        }
    }

    fn take_items(&mut self, sink: &mut Sink, name: &str, items: &[Node]) {
        let Some(collection) = self.vocabulary.collection(name) else {
            return;
        };
        let item_kind = collection.item.clone();
        let items = items.iter().map(|item| self.profile(item, &item_kind)).collect();
        sink.profile.collections.insert(name.to_owned(), items);
    }

    /// `{number, from, to}`, perhaps with `held: false`.
    fn take_status(&mut self, sink: &mut Sink, name: &str, entries: &[(Node, Node)]) {
        for (key, value) in entries {
            let word = key.as_text().unwrap_or_default();
            let part = if word == "held" { Some(StatusPart::Held) } else { StatusPart::parse(word) };
            let (Some(part), Some(text)) = (part, value.as_text()) else {
                self.note(shape("number、from、to 或 held", "number, from, to or held"), key.span);
                continue;
            };
            if value.is_null() {
                continue;
            }
            if let Err(problem) = put_status(&mut sink.profile, name, part, text) {
                self.note(problem, value.span);
            }
        }
    }

    /// `[[初,末],[初,末],[初,末],[初,末]]`; a null cell, pair or both is unknown.
    fn take_quarters(&mut self, sink: &mut Sink, fact: FactId, year: YearRef, quarters: &[Node], span: Span) {
        let definition = self.vocabulary.get(fact);
        let is_pair = |node: &Node| node.is_null() || node.as_list().is_some_and(|pair| pair.len() == 2);
        if quarters.len() != 4 || !quarters.iter().all(is_pair) || !takes_quarters(definition) {
            let name = &definition.name;
            let problem = CellProblem::new(
                "E0065",
                format!("“{name}”按季应是四对 [初,末]"),
                format!("“{name}” by quarter is four pairs [opening, closing]"),
            );
            let help = "[[110,114],[114,120],[120,126],[126,null]]";
            self.note(problem.with_help(format!("如 {help}"), format!("such as {help}")), span);
            return;
        }
        for (quarter, pair) in (1u8..).zip(quarters) {
            let ends = [QuarterEnd::Opening, QuarterEnd::Closing];
            for (end, cell) in ends.into_iter().zip(pair.as_list().unwrap_or_default()) {
                let key = Key::Fact(fact, Period::Quarter(year, quarter, end));
                match cell.as_text() {
                    Some(text) => self.put(sink, &key, text, cell.span),
                    None => self.note(shape("一个值", "a single value"), cell.span),
                }
            }
        }
    }

    /// A list of codes; an empty one says that there are none.
    fn take_codes(&mut self, sink: &mut Sink, key: &Key, items: &[Node], span: Span) {
        let Key::Fact(fact, period) = key else { return };
        let definition = self.vocabulary.get(*fact);
        let mut codes = BTreeSet::new();
        for item in items {
            let Some(text) = item.as_text().filter(|text| !is_unknown(text) && *text != NOTHING) else {
                return self.note(shape("一个代码", "a code"), item.span);
            };
            match parse_value(definition, text, None) {
                Ok(Some(Value::Codes(more))) => codes.extend(more),
                Ok(_) => {}
                Err(problem) => return self.note(problem, item.span),
            }
        }
        let origin = self.origin(span);
        if let Err(problem) = sink.put_value(&[], *fact, period, Value::Codes(codes), &origin) {
            self.note(problem, span);
        }
    }

    fn origin(&self, span: Span) -> Text {
        let (path, line) = (&self.source.path, self.source.line(span.start));
        Text { zh: format!("{path} 第 {line} 行"), en: format!("{path}, line {line}") }
    }

    fn note(&mut self, problem: CellProblem, span: Span) {
        self.found.push(problem.in_source(span));
    }
}

fn given_twice(id: &str, first_line: usize) -> CellProblem {
    CellProblem::new(
        "E0073",
        format!("“{id}”在第 {first_line} 行已经有了,这一个没有采用"),
        format!("“{id}” already stands in line {first_line}; this one is not used"),
    )
}

fn shape(zh: &str, en: &str) -> CellProblem {
    CellProblem::new("E0064", format!("这里应是{zh}"), format!("{en} belongs here"))
}
