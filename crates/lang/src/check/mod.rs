//! From a YAML tree to a checked document: resolves names, types expressions, and reports everything wrong at once.
//!
//! [`compile`] is the only way in. A document with an error gives none: a type error stops publication, it never becomes unknown.

mod builtin;
mod conditions;
mod degree;
mod describe;
mod expr;
mod gives;
mod iterate;
mod lists;
mod names;
mod operators;
mod reports;
mod scores;
mod tables;

use std::collections::{BTreeSet, HashMap};

use facts::yaml::{self, Node};
use facts::{Diagnostic, FactId, Period, Severity, Source, Span, Vocabulary};

use crate::ast;
use crate::document::{shape, validate};
use crate::ir::{self, Input, InputKind, InputRef, Link, ScopeKind, ScopeVar};
use crate::syntax;
use crate::types::{KindId, Type};

/// What lies around a document: ids that it may refer to.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Ids of documents in the library and of declared outside documents.
    pub documents: BTreeSet<String>,
    /// Statuses that documents of the library give.
    pub statuses: BTreeSet<String>,
}

/// Checks a document. The path of the source tells level, id and first day in force where it lies in a library.
pub fn compile(
    source: &Source,
    vocabulary: &Vocabulary,
    catalog: &Catalog,
) -> (Option<ir::Document>, Vec<Diagnostic>) {
    let (root, mut found) = yaml::parse(&source.text);
    explain_yaml(&mut found);
    let Some(root) = root else {
        if found.is_empty() {
            found.push(Diagnostic::error("E0200", Span::default(), "文件是空的", "the file is empty"));
        }
        return (None, found);
    };
    validate::validate(&root, &shape::DOCUMENT, &mut found);
    let mut checker = Checker::new(&root, vocabulary, catalog);
    let document = checker.document(source);
    found.append(&mut checker.found);
    sort_and_dedup(&mut found);
    let is_wrong = found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    (if is_wrong { None } else { document }, found)
}

/// An expression on its own, typed against a vocabulary whose facts it may read.
#[derive(Debug)]
pub struct Standalone {
    /// A document with no conditions whose only named value is the expression.
    pub document: ir::Document,
}

/// Checks one expression, as `zhimei eval` and `zhimei feel` read it.
pub fn compile_expression(
    text: &str,
    vocabulary: &Vocabulary,
    catalog: &Catalog,
) -> (Option<Standalone>, Vec<Diagnostic>) {
    let root = Node { kind: yaml::NodeKind::Map(Vec::new()), span: Span::default() };
    let mut checker = Checker::new(&root, vocabulary, catalog);
    checker.default_period = Some(Period::Unstated);
    let value = checker.parse(text, 0).map(|tree| checker.expr(&tree));
    let is_wrong = checker.found.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    let found = std::mem::take(&mut checker.found);
    let Some(value) = value.filter(|_| !is_wrong) else { return (None, found) };
    let lets = vec![ir::Named { name: "value".to_owned(), value }];
    let document = ir::Document { lets, ..checker.empty_document("") };
    (Some(Standalone { document }), found)
}

/// What most often lies behind YAML that does not parse: a rule with signs that mean something to YAML itself.
fn explain_yaml(found: &mut [Diagnostic]) {
    for diagnostic in
        found.iter_mut().filter(|diagnostic| diagnostic.code == "E0001" && diagnostic.help.zh.is_empty())
    {
        diagnostic.help = facts::Text {
            zh: "规则里有引号、方括号、花括号、冒号或逗号时,整条放进单引号".to_owned(),
            en: "put a rule that has quotes, brackets, braces, colons or commas into single quotes"
                .to_owned(),
        };
    }
}

fn sort_and_dedup(found: &mut Vec<Diagnostic>) {
    found.sort_by_key(|diagnostic| (diagnostic.span, diagnostic.code));
    found.dedup_by(|left, right| {
        left.span == right.span && left.code == right.code && left.message == right.message
    });
}

/// A name bound while an expression is read.
#[derive(Clone, Debug)]
enum Binding {
    /// A value of a list.
    Local(String, usize, Type),
    /// An item.
    Item(String, ScopeVar),
    /// A year, or a label that stands for one.
    Year(String, Period),
    /// A name for an expression: the members of a list whose length is known.
    Alias(String, ir::Expr),
    /// Names are first looked up among the facts of this item.
    Scope(ScopeVar),
    /// A name whose source was reported: whatever is made of it is no further mistake.
    Wrong(String),
}

/// How far a named value has been checked.
enum Progress {
    Waiting,
    Running,
    Done(Type),
}

struct LetSlot<'a> {
    name: String,
    node: &'a Node,
    progress: Progress,
    value: Option<ir::Expr>,
    /// The highest power of a fact in it.
    degree: u64,
}

struct ScoreSlot<'a> {
    name: String,
    node: &'a Node,
    progress: Progress,
    score: Option<ir::Score>,
}

struct ListSlot<'a> {
    name: String,
    node: &'a Node,
    progress: Progress,
    list: Option<ir::ItemList>,
}

/// The state of checking one document.
pub(crate) struct Checker<'a> {
    vocabulary: &'a Vocabulary,
    catalog: &'a Catalog,
    root: &'a Node,
    found: Vec<Diagnostic>,
    kinds: Vec<ScopeKind>,
    input_index: HashMap<(KindId, InputKind), usize>,
    vars: Vec<ir::Binding>,
    locals: usize,
    /// Bodies of iterations written out so far.
    written_out: usize,
    bindings: Vec<Binding>,
    lets: Vec<LetSlot<'a>>,
    scores: Vec<ScoreSlot<'a>>,
    lists: Vec<ListSlot<'a>>,
    tables: Vec<Option<ir::Table>>,
    table_names: Vec<String>,
    brackets: Vec<ir::Brackets>,
    params: Vec<(ir::Param, Type)>,
    each: Option<(ir::Expr, ScopeVar)>,
    default_period: Option<Period>,
    ids: HashMap<String, Span>,
    /// Where an expression stands whose letters do not stand in the source one by one.
    forced_span: Option<Span>,
}

impl<'a> Checker<'a> {
    fn new(root: &'a Node, vocabulary: &'a Vocabulary, catalog: &'a Catalog) -> Self {
        let subject =
            root.get("subject").and_then(Node::as_text).filter(|kind| shape::SUBJECTS.contains(kind));
        let subject = subject.unwrap_or("enterprise").to_owned();
        Self {
            vocabulary,
            catalog,
            root,
            found: Vec::new(),
            kinds: vec![ScopeKind { link: Link::Root, subject, inputs: Vec::new() }],
            input_index: HashMap::new(),
            vars: vec![ir::Binding { kind: KindId(0), role_of: None }],
            locals: 0,
            written_out: 0,
            bindings: Vec::new(),
            lets: Vec::new(),
            scores: Vec::new(),
            lists: Vec::new(),
            tables: Vec::new(),
            table_names: Vec::new(),
            brackets: Vec::new(),
            params: Vec::new(),
            each: None,
            default_period: None,
            ids: HashMap::new(),
            forced_span: None,
        }
    }

    fn report(&mut self, mut diagnostic: Diagnostic) {
        if let Some(span) = self.forced_span {
            diagnostic.span = span;
        }
        self.found.push(diagnostic);
    }

    fn error(&mut self, code: &'static str, span: Span, zh: impl Into<String>, en: impl Into<String>) {
        self.report(Diagnostic::error(code, span, zh, en));
    }

    /// The input of a kind, made if nothing read it before.
    fn input(&mut self, var: ScopeVar, kind: InputKind, key: String) -> InputRef {
        let of = self.kind_of(var);
        let inputs = &mut self.kinds[of.0].inputs;
        let index = *self.input_index.entry((of, kind.clone())).or_insert_with(|| {
            inputs.push(Input { kind, key });
            inputs.len() - 1
        });
        InputRef { var, index }
    }

    fn kind_of(&self, var: ScopeVar) -> KindId {
        self.vars[var.0].kind
    }

    fn new_var(&mut self, kind: KindId, role_of: Option<ScopeVar>) -> ScopeVar {
        self.vars.push(ir::Binding { kind, role_of });
        ScopeVar(self.vars.len() - 1)
    }

    /// The kind below another, which is made if nothing read it before.
    fn kind_below(&mut self, link: Link, subject: &str) -> KindId {
        let kind = self.kinds.iter().position(|known| known.link == link).unwrap_or_else(|| {
            self.kinds.push(ScopeKind { link, subject: subject.to_owned(), inputs: Vec::new() });
            self.kinds.len() - 1
        });
        KindId(kind)
    }

    /// Reads the expression that stands in a scalar, and types it.
    fn rule(&mut self, node: &Node) -> ir::Expr {
        let wrong =
            || ir::Expr { kind: ir::Kind::Constant(ir::Constant::Nothing), ty: Type::Wrong, span: node.span };
        let Some(scalar) = node.as_scalar() else { return wrong() };
        if scalar.text.trim().is_empty() {
            self.found.push(validate::empty(node));
            return wrong();
        }
        let outer = self.forced_span;
        if scalar.text_start.is_none() {
            self.forced_span = Some(node.span);
        }
        let tree = self.parse(&scalar.text, scalar.text_start.unwrap_or(node.span.start));
        let typed = tree.map_or_else(wrong, |tree| self.expr(&tree));
        self.limit_degree(&typed);
        self.forced_span = outer;
        typed
    }

    fn parse(&mut self, text: &str, base: usize) -> Option<ast::Expr> {
        let (tree, errors) = syntax::parse(text, base, &syntax::NoNames);
        let failed = !errors.is_empty();
        for error in errors {
            let (zh, en) = (error.kind.message_zh(), error.kind.message_en());
            let mut diagnostic = Diagnostic::error(error.kind.code(), error.span, zh, en);
            if let (Some(zh), Some(en)) = (error.kind.help_zh(), error.kind.help_en()) {
                diagnostic = diagnostic.with_help(zh, en);
            }
            self.report(diagnostic);
        }
        tree.filter(|_| !failed)
    }

    /// An expression that must be true or false.
    fn rule_bool(&mut self, node: &Node) -> ir::Expr {
        let value = self.rule(node);
        self.expect(&value, &Type::Bool);
        value
    }

    /// Reports a value that does not have the type.
    fn expect(&mut self, value: &ir::Expr, wanted: &Type) -> bool {
        if value.ty.meet(wanted).is_some() {
            return true;
        }
        use facts::Language::{Chinese, English};
        let name = |ty: &Type, language| ty.name(self.vocabulary, language);
        let (zh, en) = (
            format!("这里应为{},现在是{}", name(wanted, Chinese), name(&value.ty, Chinese)),
            format!("{} should stand here, not {}", name(wanted, English), name(&value.ty, English)),
        );
        let found = Diagnostic::error("E0401", value.span, zh, en);
        let lacks_unit = matches!(wanted, Type::Number(_)) && expr::is_bare(&value.ty);
        self.report(if lacks_unit { expr::with_unit_help(found) } else { found });
        false
    }

    /// The fact of that name, or an error where the key of a document names it.
    fn fact_named(&mut self, node: &Node) -> Option<FactId> {
        let name = node.as_text()?;
        let fact = self.vocabulary.find(name);
        if fact.is_none() {
            self.unknown_name(name, node.span);
        }
        fact
    }
}
