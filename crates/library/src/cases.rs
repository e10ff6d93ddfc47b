//! Examples beside a document: a profile, a day, and what must come out.

use engine::point::{Decision, Engine, Rulebook};
use facts::yaml::{self, Node, NodeKind};
use facts::{Date, Diagnostic, Profile, Source, Span};

use crate::Library;
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
pub(crate) fn read(source: &Source, rulebook: &Rulebook) -> (Option<CaseFile>, Vec<Diagnostic>) {
    let (root, mut found) = yaml::parse(&source.text);
    let Some(root) = root else { return (None, found) };
    let parts: Vec<&str> = source.path.split(['/', '\\']).collect();
    let id = parts.len().checked_sub(2).map_or("", |at| parts[at]).to_owned();
    let (base, list) = match (&root.kind, root.get("cases")) {
        (NodeKind::List(_), _) => (None, Some(&root)),
        (_, cases) => (root.get("base"), cases),
    };
    let Some(items) = list.and_then(Node::as_list) else {
        found.push(Diagnostic::error("E0601", root.span, "缺少 cases: 列表", "the list cases: is missing"));
        return (None, found);
    };
    let mut cases = Vec::new();
    for item in items {
        cases.extend(case(item, base, &id, source, rulebook, &mut found));
    }
    (Some(CaseFile { path: source.path.clone(), id, cases }), found)
}

fn case(
    node: &Node,
    base: Option<&Node>,
    id: &str,
    source: &Source,
    rulebook: &Rulebook,
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
    let on = node.get("on").and_then(Node::as_text).and_then(|text| text.parse::<Date>().ok());
    let Some(on) = on else {
        let span = node.get("on").map_or(node.span, |node| node.span);
        found.push(Diagnostic::error(
            "E0604",
            span,
            format!("例子“{name}”要写明日期,如 on: 2026-06-30"),
            format!("the example “{name}” needs its day, such as on: 2026-06-30"),
        ));
        return None;
    };
    let id = node.get("policy").and_then(Node::as_text).unwrap_or(id).to_owned();
    let Some(document) = rulebook.versions(&id).next().map(|entry| &entry.document) else {
        found.push(Diagnostic::warning(
            "W0605",
            node.span,
            format!("没有可用的文件“{id}”,例子没有运行"),
            format!("no usable document “{id}”; the example was not run"),
        ));
        return None;
    };
    let merged = merged(node.get("facts"), base, node.get("without"));
    let (profile, problems) =
        facts::read::profile_from_node(&merged, source, &rulebook.vocabulary, &document.subject);
    found.extend(problems);
    let expect = node.get("expect").map(|node| read_expectations(node, found)).unwrap_or_default();
    if expect.is_empty() {
        found.push(Diagnostic::error(
            "E0606",
            node.span,
            format!("例子“{name}”没有写 expect"),
            format!("the example “{name}” expects nothing"),
        ));
        return None;
    }
    let line = source.line_column(node.span.start).0;
    Some(Case { name, line, id, on, profile, expect })
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
pub(crate) fn run(library: &Library, file: &CaseFile, case: &Case) -> CaseResult {
    let engine = Engine::new(&library.rulebook);
    let differences = match engine.decide(&case.id, &case.profile, case.on) {
        Some(decision) => differences(library, case, &decision),
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

fn differences(library: &Library, case: &Case, decision: &Decision<'_>) -> Vec<facts::Text> {
    case.expect.iter().filter_map(|expectation| compare(expectation, decision, &library.rulebook, case)).collect()
}
