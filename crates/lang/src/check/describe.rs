//! The document as a whole: its parts in the order in which one may read another, and everything that only describes.

use facts::yaml::Node;
use facts::{Date, FactType, PartialDate, Period, Source, Text};

use super::{Checker, LetSlot, ListSlot, Progress, ScoreSlot};
use crate::document::shape::LEVELS;
use crate::ir::{self, Apply, Document, InputKind, Kind, Legal, ReferenceYear, SUBJECT, Window};
use crate::suggest;
use crate::types::Type;

impl<'a> Checker<'a> {
    /// Reads the whole document.
    pub(super) fn document(&mut self, source: &Source) -> Option<Document> {
        let root = self.root;
        let place = place(&source.path);
        self.read_default_period();
        let reference = self.reference_year();
        self.declare_names();
        self.read_params();
        self.read_each();
        self.read_tables();
        self.read_brackets();
        for index in 0..self.lets.len() {
            let span = self.lets[index].node.span;
            self.check_let(index, span);
        }
        for index in 0..self.scores.len() {
            if matches!(self.scores[index].progress, Progress::Waiting) {
                self.check_score(index);
            }
        }
        for index in 0..self.lists.len() {
            let span = self.lists[index].node.span;
            self.list_value(index, span);
        }
        let needs = root.get("needs").map(|node| self.needs(node)).unwrap_or_default();
        let gives = root.get("gives").map(|node| self.gives(node)).unwrap_or_default();
        self.check_id(&place);
        self.check_references();
        let id = root.get("id").and_then(Node::as_text)?.to_owned();
        let from = date_at(root.get("in_force")?, "from")?;
        let mut document = self.empty_document(&id);
        document.level = place.level;
        document.path = source.path.clone();
        document.from = from;
        document.to = root.get("in_force").and_then(|node| date_at(node, "to"));
        document.reference = reference;
        document.needs = needs;
        document.gives = gives;
        describe(root, &mut document);
        document.lets = self.lets.iter().filter_map(named).collect();
        document.scores = self.scores.iter().filter_map(|slot| slot.score.clone()).collect();
        document.lists = self.lists.iter().filter_map(|slot| slot.list.clone()).collect();
        document.tables = self.tables.iter().flatten().cloned().collect();
        document.brackets = self.brackets.clone();
        document.params = self.params.iter().map(|(param, _)| param.clone()).collect();
        Some(document)
    }

    /// A document with nothing in it but what the checker has seen so far.
    pub(super) fn empty_document(&self, id: &str) -> Document {
        let start = Date { year: 1, month: 1, day: 1 };
        Document {
            id: id.to_owned(),
            level: String::new(),
            path: String::new(),
            title: Text::default(),
            short: Text::default(),
            summary: Text::default(),
            kind: String::new(),
            subject: self.kinds[0].subject.clone(),
            legal: Legal::default(),
            from: PartialDate { start, precision: facts::Precision::Day },
            to: None,
            supersedes: Vec::new(),
            superseded_by: None,
            transition: Text::default(),
            reference: ReferenceYear::Calendar,
            default_period: self.default_period.clone(),
            actual_years: false,
            kinds: self.kinds.clone(),
            vars: self.vars.clone(),
            params: Vec::new(),
            lets: Vec::new(),
            lists: Vec::new(),
            tables: Vec::new(),
            brackets: Vec::new(),
            scores: Vec::new(),
            needs: Vec::new(),
            gives: ir::Gives::default(),
            materials: Vec::new(),
            apply: Apply::default(),
            implied_status: Vec::new(),
            exclusive_with: Vec::new(),
            stacking: Text::default(),
            obligations: Vec::new(),
            open_points: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn read_default_period(&mut self) {
        let Some(node) = self.root.get("default_period") else { return };
        let text = node.as_text().unwrap_or_default();
        self.default_period = Period::parse(text);
        if self.default_period.is_none() {
            self.error(
                "E0302",
                node.span,
                format!("不认识的期间“{text}”"),
                format!("unknown period “{text}”"),
            );
            // Some year, so that not every fact without a period is reported as well.
            self.default_period = Some(Period::Year(facts::YearRef::Relative(-1)));
        }
    }

    fn reference_year(&mut self) -> ReferenceYear {
        let Some(node) = self.root.get("reference_year") else { return ReferenceYear::Calendar };
        let text = node.as_text().unwrap_or_default();
        if text == "calendar" {
            return ReferenceYear::Calendar;
        }
        let fact = self.vocabulary.find(text);
        match fact.filter(|fact| self.vocabulary.get(*fact).fact_type == FactType::Year) {
            Some(fact) => {
                let name = self.vocabulary.get(fact).name.clone();
                ReferenceYear::Fact(self.input(SUBJECT, InputKind::Fact(fact, Period::Unstated), name))
            }
            None => {
                let years = self.vocabulary.facts().filter(|(_, fact)| fact.fact_type == FactType::Year);
                let near = suggest::sentence_en(text, years.map(|(_, fact)| fact.name.as_str()));
                self.error(
                    "E0313",
                    node.span,
                    format!("“{text}”不是年份事实,也不是 calendar"),
                    format!("“{text}” is no fact of type year, nor calendar{near}"),
                );
                ReferenceYear::Calendar
            }
        }
    }

    fn declare_names(&mut self) {
        let entries = |key: &str| self.root.get(key).and_then(Node::as_map).unwrap_or_default();
        let name = |key: &Node| key.as_text().unwrap_or_default().to_owned();
        self.lets = entries("let")
            .iter()
            .map(|(key, node)| LetSlot {
                name: name(key),
                node,
                progress: Progress::Waiting,
                value: None,
                degree: 0,
            })
            .collect();
        self.scores = entries("scores")
            .iter()
            .map(|(key, node)| ScoreSlot { name: name(key), node, progress: Progress::Waiting, score: None })
            .collect();
        self.lists = entries("lists")
            .iter()
            .map(|(key, node)| ListSlot { name: name(key), node, progress: Progress::Waiting, list: None })
            .collect();
        self.check_names();
    }

    /// Reports names of the document that mean something already. A score may be named like the fact that gives it.
    fn check_names(&mut self) {
        let mut seen: Vec<&str> = vec![super::names::TODAY, super::names::PASSING];
        for section in ["params", "let", "scores", "lists"] {
            for (key, _) in self.root.get(section).and_then(Node::as_map).unwrap_or_default() {
                let text = key.as_text().unwrap_or_default();
                if section != "scores" && self.vocabulary.find(text).is_some() {
                    self.error(
                        "E0314",
                        key.span,
                        format!("“{text}”已经是一个事实的名字"),
                        format!("“{text}” is already the name of a fact"),
                    );
                } else if seen.contains(&text) {
                    self.error(
                        "E0316",
                        key.span,
                        format!("“{text}”在规则里已有所指"),
                        format!("“{text}” means something else in rules already"),
                    );
                }
                seen.push(text);
            }
        }
    }

    fn read_each(&mut self) {
        let Some(node) = self.root.get("each") else { return };
        let list = self.rule(node);
        let Type::List(item) = &list.ty else {
            self.expect(&list, &Type::List(Box::new(Type::Wrong)));
            return;
        };
        match **item {
            Type::Item(kind) => {
                let var = self.new_var(kind, None);
                self.each = Some((list, var));
            }
            Type::Wrong => {}
            _ => self.error("E0463", node.span, "逐项判断的要是集合", "item by item goes over a collection"),
        }
    }

    fn check_id(&mut self, place: &Place) {
        let Some(node) = self.root.get("id") else { return };
        let id = node.as_text().unwrap_or_default();
        if !place.id.is_empty() && place.id != id {
            self.error(
                "E0211",
                node.span,
                format!("编号“{id}”与文件夹“{}”不同", place.id),
                format!("the id “{id}” differs from its folder “{}”", place.id),
            );
        }
        if !place.level.is_empty() && !LEVELS.contains(&place.level.as_str()) {
            let levels = LEVELS.join("、");
            self.report(
                facts::Diagnostic::error(
                    "E0215",
                    node.span,
                    format!("没有层级“{}”", place.level),
                    format!("there is no level “{}”", place.level),
                )
                .with_help(
                    format!("文件放在 policies/<层级>/{id}/ 下,层级可用 {levels}"),
                    format!("the file lies in policies/<level>/{id}/; levels are {}", LEVELS.join(", ")),
                ),
            );
        }
        let from = self.root.get("in_force").and_then(|node| node.get("from"));
        if let Some(from) = from
            && !place.from.is_empty()
            && let Ok(day) = from.as_text().unwrap_or_default().parse::<PartialDate>()
            && day.to_string() != place.from
            && day.start.to_string() != place.from
        {
            self.error(
                "E0212",
                from.span,
                format!("施行之日与文件名“{}”不同", place.from),
                format!("the first day in force differs from the file name “{}”", place.from),
            );
        }
        let window = self.root.get("apply").and_then(|node| node.get("window"));
        self.check_span(self.root.get("in_force"), "E0213", ("失效早于施行", "it ends before it begins"));
        self.check_span(window, "E0214", ("截止早于开始", "it closes before it opens"));
    }

    /// Reports a `to` that lies before its `from`.
    fn check_span(&mut self, node: Option<&Node>, code: &'static str, (zh, en): (&str, &str)) {
        if let Some(node) = node
            && let (Some(from), Some(to)) = (date_at(node, "from"), date_at(node, "to"))
            && to.end() < from.start
        {
            self.error(code, node.get("to").map_or(node.span, |to| to.span), zh, en);
        }
    }

    /// Ids of other documents and conditions that this one names.
    fn check_references(&mut self) {
        for key in ["supersedes", "exclusive_with"] {
            for node in self.root.get(key).and_then(Node::as_list).unwrap_or_default() {
                self.known_document(node.as_text().unwrap_or_default(), node.span);
            }
        }
        if let Some(node) = self.root.get("superseded_by") {
            self.known_document(node.as_text().unwrap_or_default(), node.span);
        }
        for node in self.root.get("implied_status").and_then(Node::as_list).unwrap_or_default() {
            if let Some(status) = node.get("status") {
                self.known_status(status.as_text().unwrap_or_default(), status.span);
            }
            let Some(by) = node.get("by") else { continue };
            let id = by.as_text().unwrap_or_default();
            if !self.ids.contains_key(id) {
                self.error(
                    "E0315",
                    by.span,
                    format!("没有条件“{id}”"),
                    format!("there is no condition “{id}”"),
                );
            }
        }
    }
}

fn named(slot: &LetSlot<'_>) -> Option<ir::Named> {
    let value = slot.value.clone()?;
    (!matches!(value.kind, Kind::Constant(ir::Constant::Nothing) if value.ty == Type::Wrong))
        .then(|| ir::Named { name: slot.name.clone(), value })
}

/// What the path of a file in a library says.
struct Place {
    level: String,
    id: String,
    from: String,
}

/// `…/policies/<level>/<id>/<from>.yaml`; empty strings where the file lies elsewhere.
fn place(path: &str) -> Place {
    let parts: Vec<&str> = path.split(['/', '\\']).collect();
    let nowhere = Place { level: String::new(), id: String::new(), from: String::new() };
    let [.., policies, level, id, file] = parts.as_slice() else { return nowhere };
    if *policies != "policies" {
        return nowhere;
    }
    let from = file.trim_end_matches(".yaml").trim_end_matches(".yml");
    Place { level: (*level).to_owned(), id: (*id).to_owned(), from: from.to_owned() }
}

/// A text in both languages.
pub(super) fn text(node: &Node) -> Text {
    let part = |key: &str| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
    match node.as_text() {
        Some(zh) => Text { zh: zh.to_owned(), en: String::new() },
        None => Text { zh: part("zh"), en: part("en") },
    }
}

/// The article; none where it was not seen.
pub(super) fn clause(node: &Node) -> Option<String> {
    let clause = node.get("clause")?.as_text()?.trim();
    (clause != "待核" && !clause.is_empty()).then(|| clause.to_owned())
}

fn date_at(node: &Node, key: &str) -> Option<PartialDate> {
    node.get(key)?.as_text()?.parse().ok()
}

fn texts(root: &Node, key: &str) -> Vec<Text> {
    root.get(key).and_then(Node::as_list).unwrap_or_default().iter().map(text).collect()
}

fn words(node: Option<&Node>) -> Vec<String> {
    match node {
        Some(node) => match node.as_list() {
            Some(items) => items.iter().filter_map(Node::as_text).map(str::to_owned).collect(),
            None => node.as_text().map(str::to_owned).into_iter().collect(),
        },
        None => Vec::new(),
    }
}

fn describe(root: &Node, document: &mut Document) {
    let word = |key: &str| root.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
    let said = |key: &str| root.get(key).map_or_else(Text::default, text);
    document.title = said("title");
    document.short = if root.get("short").is_some() { said("short") } else { said("title") };
    document.summary = said("summary");
    document.kind = word("kind");
    document.supersedes = words(root.get("supersedes"));
    document.superseded_by = root.get("superseded_by").and_then(Node::as_text).map(str::to_owned);
    document.transition = said("transition");
    document.actual_years = word("actual_years") == "true";
    document.materials = texts(root, "materials");
    document.exclusive_with = words(root.get("exclusive_with"));
    document.stacking = said("stacking");
    document.obligations = texts(root, "obligations");
    document.open_points = texts(root, "open_points");
    document.notes = texts(root, "notes");
    document.implied_status = root
        .get("implied_status")
        .and_then(Node::as_list)
        .unwrap_or_default()
        .iter()
        .filter_map(|node| {
            Some((node.get("status")?.as_text()?.to_owned(), node.get("by")?.as_text()?.to_owned()))
        })
        .collect();
    if let Some(node) = root.get("source") {
        document.legal = legal(node);
    }
    if let Some(node) = root.get("apply") {
        document.apply = apply(node);
    }
}

fn legal(node: &Node) -> Legal {
    let word = |key: &str| node.get(key).and_then(Node::as_text).unwrap_or_default().to_owned();
    Legal {
        issuer: words(node.get("issuer")),
        document: words(node.get("document")),
        name: word("name"),
        published: date_at(node, "published"),
        grade: word("grade"),
        read: date_at(node, "read").map(|date| date.start),
        url: word("url"),
    }
}

fn apply(node: &Node) -> Apply {
    let said = |key: &str| node.get(key).map_or_else(Text::default, text);
    let window = match node.get("window") {
        None => Window::ByNotice,
        Some(window) => match (window.as_text(), date_at(window, "from"), date_at(window, "to")) {
            (Some("all_year"), ..) => Window::AllYear,
            (_, Some(from), Some(to)) => Window::Between(from.start, to.start),
            _ => Window::ByNotice,
        },
    };
    let how = node.get("how").and_then(Node::as_text).unwrap_or_default().to_owned();
    Apply { how, place: said("where"), window, note: said("note") }
}
