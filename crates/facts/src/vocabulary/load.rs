//! All files of a vocabulary together: sections in order, then what refers across them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::fact::read_fact;
use super::section::{Section, Word, with_choices, wrong_shape};
use crate::classification::Classifications;
use crate::read::RESERVED_KEYS;
use crate::yaml::{self, Node};
use crate::{
    CollectionDefinition, Diagnostic, FactType, OutsideDocument, Period, PeriodLabel, SUBJECT_KINDS, Source,
    Span, StatusDefinition, Vocabulary,
};

/// Reads the texts of all vocabulary files. Each finding comes with the index of its source. The classifications that facts
/// name are taken on trust.
pub fn load(sources: &[Source]) -> (Vocabulary, Vec<(usize, Diagnostic)>) {
    read(sources, Loader::default())
}

/// The same beside the classifications that facts may name.
pub fn load_with(
    sources: &[Source],
    classifications: Classifications,
) -> (Vocabulary, Vec<(usize, Diagnostic)>) {
    let mut loader = Loader { knows_classifications: true, ..Loader::default() };
    loader.vocabulary.classifications = classifications;
    read(sources, loader)
}

fn read(sources: &[Source], mut loader: Loader) -> (Vocabulary, Vec<(usize, Diagnostic)>) {
    for (index, source) in sources.iter().enumerate() {
        loader.source = index;
        loader.read_file(source);
    }
    loader.check_references();
    loader.found.sort_by_key(|(index, finding)| (*index, finding.span));
    (loader.vocabulary, loader.found)
}

/// Characters that have a meaning in the keys of a profile, full-width or not, so no name can hold them.
const SEPARATORS: [char; 6] = ['.', '@', ':', '\u{FF0E}', '\u{FF20}', '\u{FF1A}'];

/// Longest name, in characters.
const NAME_CHARS_MAX: usize = 60;

#[derive(Default)]
struct Loader {
    vocabulary: Vocabulary,
    found: Vec<(usize, Diagnostic)>,
    /// The file being read.
    source: usize,
    /// What a key of a profile can name: facts, collections, roles.
    key_names: HashMap<String, Holder>,
    statuses: BTreeSet<String>,
    labels: BTreeSet<String>,
    documents: BTreeSet<String>,
    references: Vec<Reference>,
    /// Whether every classification is in the vocabulary.
    knows_classifications: bool,
}

/// What holds a name, in Chinese and English.
type Holder = (&'static str, &'static str);

const FACT: Holder = ("事实", "fact");
const COLLECTION: Holder = ("集合", "collection");
const ROLE: Holder = ("关联方", "related party");
const PERIOD: Holder = ("期间", "period");
const STATUS: Holder = ("资格", "status");
const DOCUMENT: Holder = ("文件", "document");

/// A word that must be declared somewhere, perhaps in a later file.
struct Reference {
    source: usize,
    to: Target,
    word: String,
    span: Span,
}

#[derive(Clone, Copy)]
enum Target {
    Kind,
    YearLabel,
    YesNoFact,
    Classification,
}

impl Loader {
    fn read_file(&mut self, source: &Source) {
        let (root, found) = yaml::parse(&source.text);
        self.note_all(found);
        let Some(root) = root.filter(|root| !root.is_null()) else {
            return;
        };
        let mut found = Vec::new();
        let parts = ["facts", "collections", "periods", "statuses", "documents"];
        if let Some(section) = Section::open(&root, &parts, &mut found) {
            let nodes = parts.map(|part| section.node(part));
            let [facts, collections, periods, statuses, documents] =
                nodes.map(|node| list(node, &mut self.found, self.source));
            facts.iter().for_each(|node| self.add_fact(node));
            collections.iter().for_each(|node| self.add_collection(node));
            periods.iter().for_each(|node| self.add_period(node));
            statuses.iter().for_each(|node| self.add_status(node));
            documents.iter().for_each(|node| self.add_document(node));
        }
        self.note_all(found);
    }

    fn note(&mut self, finding: Diagnostic) {
        self.found.push((self.source, finding));
    }

    fn note_all(&mut self, findings: Vec<Diagnostic>) {
        let source = self.source;
        self.found.extend(findings.into_iter().map(|finding| (source, finding)));
    }

    fn refer(&mut self, to: Target, words: impl IntoIterator<Item = Word>) {
        let source = self.source;
        self.references.extend(words.into_iter().map(|(word, span)| Reference { source, to, word, span }));
    }

    fn add_fact(&mut self, node: &Node) {
        let mut found = Vec::new();
        let entry = read_fact(node, &mut found);
        self.note_all(found);
        let Some(mut entry) = entry else { return };
        self.refer(Target::Kind, entry.of);
        self.refer(Target::YesNoFact, entry.any_of);
        self.refer(Target::Classification, entry.classification);
        if !self.claim(&entry.name, FACT) {
            return;
        }
        let also: Vec<Word> = entry.also.into_iter().filter(|word| self.claim(word, FACT)).collect();
        entry.definition.also = also.into_iter().map(|(word, _)| word).collect();
        // `claim` has seen to it that every name is free.
        let _ = self.vocabulary.add(entry.definition);
    }

    /// Takes a name that can be a key of a profile; notes if it is taken or cannot be a name.
    fn claim(&mut self, (name, span): &Word, what: Holder) -> bool {
        if !self.check_name(name, *span) {
            return false;
        }
        let taken = self.key_names.get(name).copied();
        if let Some(holder) = taken {
            self.note(taken_name(*span, name, holder));
            return false;
        }
        self.key_names.insert(name.clone(), what);
        true
    }

    fn check_name(&mut self, name: &str, span: Span) -> bool {
        let reason = if name.is_empty() {
            ("名称是空的", "the name is empty")
        } else if name.chars().count() > NAME_CHARS_MAX {
            ("名称太长", "the name is too long")
        } else if name.contains(SEPARATORS) || name.contains(char::is_control) {
            ("名称里不能有 . @ : 和换行", "a name cannot hold . @ : or line breaks")
        } else if RESERVED_KEYS.contains(&name) {
            ("这个词在档案里另有用途", "this word has another use in profiles")
        } else {
            return true;
        };
        self.note(Diagnostic::error(
            "E0020",
            span,
            format!("“{name}”:{}", reason.0),
            format!("“{name}”: {}", reason.1),
        ));
        false
    }

    fn add_collection(&mut self, node: &Node) {
        let mut found = Vec::new();
        let opened = Section::open(node, &["name", "also", "item", "en", "of", "roles"], &mut found);
        let read = opened.and_then(|mut section| {
            let (name, item) = (section.required("name"), section.required("item"));
            let roles = section.node("roles").map(|node| read_roles(node, &mut section)).unwrap_or_default();
            Some((name?, section.words("also"), item?.0, section.english(), section.words("of"), roles))
        });
        self.note_all(found);
        let Some((name, also, item, en, of, roles)) = read else {
            return;
        };
        if !self.claim(&name, COLLECTION) {
            return;
        }
        let also =
            also.into_iter().filter(|word| self.claim(word, COLLECTION)).map(|(word, _)| word).collect();
        let mut kept = BTreeMap::new();
        for (role, kind) in roles {
            if self.claim_role(&role, &kind.0) {
                kept.insert(role.0, kind.0.clone());
            }
            self.refer(Target::Kind, [kind]);
        }
        let mut kinds: Vec<String> = of.iter().map(|(word, _)| word.clone()).collect();
        if kinds.is_empty() {
            kinds.push("enterprise".to_owned());
        }
        self.refer(Target::Kind, of);
        let collection = CollectionDefinition { name: name.0, also, en, item, of: kinds, roles: kept };
        self.vocabulary.collections.push(collection);
    }

    /// A role may stand in several collections if it is always of one kind.
    fn claim_role(&mut self, role: &Word, kind: &str) -> bool {
        match self.vocabulary.role(&role.0) {
            None => self.claim(role, ROLE),
            Some(known) if known == kind => true,
            Some(known) => {
                let (zh, en) = (
                    format!("关联方“{}”在别处是 {known}", role.0),
                    format!("the role “{}” is of kind {known} elsewhere", role.0),
                );
                self.note(Diagnostic::error("E0015", role.1, zh, en));
                false
            }
        }
    }

    fn add_period(&mut self, node: &Node) {
        let mut found = Vec::new();
        let opened = Section::open(node, &["name", "en", "years"], &mut found);
        let read = opened.and_then(|mut section| {
            Some((section.required("name")?, section.english(), section.words("years")))
        });
        self.note_all(found);
        let Some((name, en, years)) = read else { return };
        if Period::parse(&name.0).is_some() {
            let (zh, en) = ("这个期间本来就有,不用再写", "this period is built in");
            self.note(Diagnostic::error(
                "E0023",
                name.1,
                format!("“{}”:{zh}", name.0),
                format!("“{}”: {en}", name.0),
            ));
        } else if !self.check_name(&name.0, name.1) {
        } else if !self.labels.insert(name.0.clone()) {
            self.note(taken_name(name.1, &name.0, PERIOD));
        } else {
            let words = years.iter().map(|(word, _)| word.clone()).collect();
            self.vocabulary.periods.push(PeriodLabel { name: name.0, en, years: words });
        }
        self.refer(Target::YearLabel, years);
    }

    fn add_status(&mut self, node: &Node) {
        let mut found = Vec::new();
        let opened = Section::open(node, &["name", "en", "by", "facts"], &mut found);
        let read = opened.and_then(|mut section| {
            let name = section.required("name")?;
            let by = section.word("by").map(|(word, _)| word).unwrap_or_default();
            Some((name, section.english(), by, section.words("facts")))
        });
        self.note_all(found);
        let Some((name, en, by, facts)) = read else { return };
        if self.check_name(&name.0, name.1) {
            if self.statuses.insert(name.0.clone()) {
                let words = facts.iter().map(|(word, _)| word.clone()).collect();
                self.vocabulary.statuses.push(StatusDefinition { name: name.0, en, by, facts: words });
            } else {
                self.note(taken_name(name.1, &name.0, STATUS));
            }
        }
        self.refer(Target::YesNoFact, facts);
    }

    fn add_document(&mut self, node: &Node) {
        let mut found = Vec::new();
        let opened = Section::open(node, &["id", "title"], &mut found);
        let read = opened.and_then(|mut section| {
            let id = section.required("id")?;
            let title = section.text("title");
            if title.zh.is_empty() {
                section.missing("title", "写明文件名称", "give the document's title");
            }
            Some((id, title))
        });
        self.note_all(found);
        let Some((id, title)) = read else { return };
        if self.documents.insert(id.0.clone()) {
            self.vocabulary.documents.push(OutsideDocument { id: id.0, title });
        } else {
            self.note(taken_name(id.1, &id.0, DOCUMENT));
        }
    }

    fn check_references(&mut self) {
        for reference in std::mem::take(&mut self.references) {
            let Reference { source, to, word, span } = reference;
            let finding = match to {
                Target::Kind => self.check_kind(&word, span),
                Target::YearLabel => self.check_year_label(&word, span),
                Target::YesNoFact => self.check_yes_no_fact(&word, span),
                Target::Classification => self.check_classification(&word, span),
            };
            self.found.extend(finding.map(|finding| (source, finding)));
        }
    }

    /// Kinds are written as codes here; their Chinese words are for people who fill in tables.
    fn check_kind(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let subjects = SUBJECT_KINDS.iter().map(|(code, _)| *code);
        let known: Vec<&str> =
            subjects.chain(self.vocabulary.collections.iter().map(|c| c.item.as_str())).collect();
        (!known.contains(&word))
            .then(|| undeclared(span, word, "主体类型", "kind of subject or item", &known))
    }

    fn check_year_label(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let is_known = self.labels.contains(word) || matches!(Period::parse(word), Some(Period::Year(_)));
        let known: Vec<&str> = self.labels.iter().map(String::as_str).collect();
        (!is_known).then(|| undeclared(span, word, "年度期间", "period of one year", &known))
    }

    fn check_classification(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let lists = &self.vocabulary.classifications;
        if !self.knows_classifications || lists.classification(word).is_some() {
            return None;
        }
        let known: Vec<&str> = lists.codes.iter().map(|known| known.name.as_str()).collect();
        let finding = undeclared(span, word, "分类", "classification", &known);
        Some(if known.is_empty() {
            finding.with_help(
                "把分类表放进政策库的 classifications 文件夹,或去掉 codes 而写 hierarchy: true",
                "put the classification into the library's folder classifications, or write hierarchy: true alone",
            )
        } else {
            finding
        })
    }

    fn check_yes_no_fact(&self, word: &str, span: Span) -> Option<Diagnostic> {
        let facts = self.vocabulary.facts().map(|(_, definition)| definition);
        let known: Vec<&str> =
            facts.filter(|fact| fact.fact_type == FactType::Bool).map(|fact| fact.name.as_str()).collect();
        let is_known =
            self.vocabulary.find(word).is_some_and(|id| self.vocabulary.get(id).fact_type == FactType::Bool);
        (!is_known).then(|| undeclared(span, word, "是否型的事实", "yes-or-no fact", &known))
    }
}

/// The entries of a part of a file.
fn list<'n>(node: Option<&'n Node>, found: &mut Vec<(usize, Diagnostic)>, source: usize) -> &'n [Node] {
    let Some(node) = node else { return &[] };
    node.as_list().unwrap_or_else(|| {
        found.push((
            source,
            wrong_shape(node.span, "一个列表,每项以“- ”开头", "a list of entries that begin with “- ”"),
        ));
        &[]
    })
}

/// Role names with the kinds of their parties.
fn read_roles(node: &Node, section: &mut Section) -> Vec<(Word, Word)> {
    let Some(entries) = node.as_map() else {
        section.note(wrong_shape(node.span, "“关联方: 类型”", "“role: kind”"));
        return Vec::new();
    };
    let word = |node: &Node| Some((node.as_text()?.trim().to_owned(), node.span));
    let mut roles = Vec::new();
    for (role, kind) in entries {
        match (word(role), word(kind)) {
            (Some(role), Some(kind)) => roles.push((role, kind)),
            _ => section.note(wrong_shape(kind.span, "主体类型", "a kind of subject")),
        }
    }
    roles
}

fn taken_name(span: Span, name: &str, (zh, en): Holder) -> Diagnostic {
    Diagnostic::error(
        "E0015",
        span,
        format!("“{name}”已是一个{zh}的名称"),
        format!("“{name}” is already the name of a {en}"),
    )
}

fn undeclared(span: Span, word: &str, zh: &str, en: &str, known: &[&str]) -> Diagnostic {
    let finding = Diagnostic::error(
        "E0022",
        span,
        format!("没有名为“{word}”的{zh}"),
        format!("there is no {en} named “{word}”"),
    );
    if known.len() > 20 && crate::nearest(word, known.iter().copied()).is_none() {
        return finding;
    }
    with_choices(finding, word, known)
}
