//! Examples beside a document: a profile, a day, and what must come out.

use engine::point::{Decision, Engine, Options, Rulebook, Standing};
use facts::yaml::{self, Node, NodeKind};
use facts::{Date, Diagnostic, Profile, Source, Span};
use lang::Catalog;
use lang::ir::{Condition, Document, Test};

use crate::expect::{Expectation, compare, read_expectations};

/// The examples of one file.
#[derive(Debug)]
pub struct CaseFile {
    /// Path of the file.
    pub path: String,
    /// Id of the document they are for: the folder's name.
    pub id: String,
    /// The examples.
    pub cases: Vec<Case>,
}

/// One example.
#[derive(Debug)]
pub struct Case {
    /// Its sentence.
    pub name: String,
    /// Line in the file, from 1.
    pub line: usize,
    /// The document, if not the folder's.
    pub id: String,
    /// Day of decision.
    pub on: Date,
    /// The subject.
    pub profile: Profile,
    pub(crate) expect: Vec<Expectation>,
}

/// The result of an example.
#[derive(Debug)]
pub struct CaseResult {
    /// Path of the file.
    pub path: String,
    /// Line in it.
    pub line: usize,
    /// Id of the document.
    pub id: String,
    /// The example's sentence.
    pub name: String,
    /// What came out differently; empty if it passed.
    pub differences: Vec<facts::Text>,
}

const KEYS: [&str; 6] = ["case", "on", "policy", "facts", "without", "expect"];

/// Reads a file of examples.
pub(crate) fn read(
    source: &Source,
    rulebook: &Rulebook,
    catalog: &Catalog,
) -> (Option<CaseFile>, Vec<Diagnostic>) {
    let (root, mut found) = yaml::parse(&source.text);
    let Some(root) = root else { return (None, found) };
    let parts: Vec<&str> = source.path.split(['/', '\\']).collect();
    let id = parts.len().checked_sub(2).map_or("", |at| parts[at]).to_owned();
    let (base, list) = match (&root.kind, root.get("cases")) {
        (NodeKind::List(_), _) => (None, Some(&root)),
        (_, cases) => (root.get("base"), cases),
    };
    let Some(items) = list.and_then(Node::as_list).filter(|items| !items.is_empty()) else {
        found.push(Diagnostic::error("E0601", root.span, "缺少 cases: 列表", "the list cases: is missing"));
        return (None, found);
    };
    let mut cases = Vec::new();
    for item in items {
        cases.extend(case(item, base, &id, source, (rulebook, catalog), &mut found));
    }
    // That a document cannot be used is said once a file, at its first example.
    let mut is_first = true;
    found.retain(|diagnostic| diagnostic.code != "W0605" || std::mem::take(&mut is_first));
    (Some(CaseFile { path: source.path.clone(), id, cases }), found)
}

fn case(
    node: &Node,
    base: Option<&Node>,
    id: &str,
    source: &Source,
    (rulebook, catalog): (&Rulebook, &Catalog),
    found: &mut Vec<Diagnostic>,
) -> Option<Case> {
    let Some(entries) = node.as_map() else {
        found.push(Diagnostic::error("E0602", node.span, "每个例子是键值对", "an example is a mapping"));
        return None;
    };
    for (key, _) in entries {
        let name = key.as_text().unwrap_or_default();
        if !KEYS.contains(&name) {
            found.push(Diagnostic::error(
                "E0603",
                key.span,
                format!("例子里没有“{name}”这一项;可用 {}", KEYS.join("、")),
                format!("an example has no “{name}”; it has {}", KEYS.join(", ")),
            ));
        }
    }
    let name = node.get("case").and_then(Node::as_text).unwrap_or("").to_owned();
    let on = day(node, &name, found)?;
    let id = node.get("policy").and_then(Node::as_text).unwrap_or(id);
    let Some(document) = version(id, on, rulebook) else {
        found.push(no_document(node, id, catalog));
        return None;
    };
    let id = id.to_owned();
    check_without(node, base, found);
    let merged = merged(node.get("facts"), base, node.get("without"));
    let (profile, problems) =
        facts::read::profile_from_node(&merged, source, &rulebook.vocabulary, &document.subject);
    found.extend(problems);
    check_manual(node, rulebook, found);
    let Some(wanted) =
        node.get("expect").filter(|node| node.as_map().is_none_or(|entries| !entries.is_empty()))
    else {
        found.push(Diagnostic::error(
            "E0606",
            first_key(node),
            format!("例子“{name}”没有写 expect"),
            format!("the example “{name}” expects nothing"),
        ));
        return None;
    };
    let expect = read_expectations(wanted, document, &rulebook.vocabulary, found);
    let line = source.line_column(node.span.start).0;
    Some(Case { name, line, id, on, profile, expect })
}

/// Where a message about a whole example points: its first key rather than all its lines.
fn first_key(node: &Node) -> Span {
    node.as_map().and_then(|entries| entries.first()).map_or(node.span, |(key, _)| key.span)
}

/// The day of an example.
fn day(node: &Node, name: &str, found: &mut Vec<Diagnostic>) -> Option<Date> {
    let Some(on) = node.get("on") else {
        found.push(Diagnostic::error(
            "E0604",
            first_key(node),
            format!("例子“{name}”要写明日期,如 on: 2026-06-30"),
            format!("the example “{name}” needs its day, such as on: 2026-06-30"),
        ));
        return None;
    };
    let text = on.as_text().unwrap_or_default();
    let day = text.parse::<Date>().ok();
    if day.is_none() {
        found.push(
            Diagnostic::error("E0604", on.span, format!("“{text}”不是某一天"), format!("“{text}” is no day"))
                .with_help("写成 2026-06-30", "write it as 2026-06-30"),
        );
    }
    day
}

/// The version of a document on a day, or the nearest one.
fn version<'r>(id: &str, on: Date, rulebook: &'r Rulebook) -> Option<&'r Document> {
    rulebook.on(id, on).map(|standing| match standing {
        Standing::InForce(entry) | Standing::NotInForce { nearest: entry, .. } => &entry.document,
    })
}

/// An example for a document that is not there, or has errors of its own, which are reported with it.
fn no_document(node: &Node, id: &str, catalog: &Catalog) -> Diagnostic {
    let span = node.get("policy").map_or_else(|| first_key(node), |policy| policy.span);
    if !catalog.documents.contains(id) {
        return Diagnostic::error(
            "E0612",
            span,
            format!("没有文件“{id}”"),
            format!("there is no document “{id}”"),
        );
    }
    Diagnostic::warning(
        "W0605",
        span,
        format!("文件“{id}”有错误,例子没有运行"),
        format!("the document “{id}” has errors; its examples were not run"),
    )
}

/// Reports what is taken out of the base though it was never in it.
fn check_without(node: &Node, base: Option<&Node>, found: &mut Vec<Diagnostic>) {
    for key in node.get("without").and_then(Node::as_list).unwrap_or_default() {
        let name = key.as_text().unwrap_or_default();
        if base.is_none_or(|base| base.get(name).is_none()) {
            found.push(Diagnostic::error(
                "E0611",
                key.span,
                format!("base 里没有“{name}”,无从去掉"),
                format!("the base has no “{name}” to take out"),
            ));
        }
    }
}

/// Reports a person's decision on a condition that no document leaves to a person.
fn check_manual(node: &Node, rulebook: &Rulebook, found: &mut Vec<Diagnostic>) {
    for (key, _) in node.get("facts").and_then(Node::as_map).unwrap_or_default() {
        let Some(id) = key.as_text().and_then(|text| text.strip_prefix("manual:")) else { continue };
        let is_manual =
            |condition: &Condition| condition.id == id && matches!(condition.test, Test::Manual(..));
        let mut conditions = rulebook.entries().iter().flat_map(|entry| entry.document.conditions());
        if !conditions.any(is_manual) {
            found.push(Diagnostic::error(
                "E0613",
                key.span,
                format!("没有由人判断的条件“{id}”"),
                format!("no condition “{id}” is left to a person"),
            ));
        }
    }
}

/// The base without what is taken out, with the example's own facts over it.
fn merged(own: Option<&Node>, base: Option<&Node>, without: Option<&Node>) -> Node {
    let entries = |node: Option<&Node>| node.and_then(Node::as_map).unwrap_or_default().to_vec();
    let removed: Vec<&str> =
        without.and_then(Node::as_list).unwrap_or_default().iter().filter_map(Node::as_text).collect();
    let own = entries(own);
    let mut all = entries(base);
    let is_own = |key: &Node| own.iter().any(|(other, _)| other.as_text() == key.as_text());
    all.retain(|(key, _)| !is_own(key) && key.as_text().is_none_or(|text| !removed.contains(&text)));
    all.extend(own);
    Node { kind: NodeKind::Map(all), span: Span::default() }
}

/// Runs one example.
pub(crate) fn run(rulebook: &Rulebook, file: &CaseFile, case: &Case) -> CaseResult {
    let engine = Engine::new(rulebook);
    let differences = match engine.decide(&case.id, &case.profile, case.on) {
        Some(decision) => differences(rulebook, case, &decision),
        None => Vec::new(),
    };
    CaseResult {
        path: file.path.clone(),
        line: case.line,
        id: case.id.clone(),
        name: case.name.clone(),
        differences,
    }
}

/// Whether an example comes out differently. How far off a failed condition is, which no example expects, is left out.
pub(crate) fn differs(rulebook: &Rulebook, case: &Case) -> bool {
    let engine = Engine::new(rulebook).with(Options { gaps: false });
    let decision = engine.decide(&case.id, &case.profile, case.on);
    decision.is_some_and(|decision| !differences(rulebook, case, &decision).is_empty())
}

fn differences(rulebook: &Rulebook, case: &Case, decision: &Decision<'_>) -> Vec<facts::Text> {
    case.expect.iter().filter_map(|expectation| compare(expectation, decision, rulebook, case)).collect()
}
