//! The workload in our own language: one vocabulary, one policy document each, and the rows as profiles.

use std::collections::BTreeSet;

use anyhow::{Result, bail};
use engine::point::Rulebook;
use facts::{
    Date, FactId, Language, Number, Origin, PartialDate, Period, Precision, Profile, Source, Value,
    Vocabulary, vocabulary,
};
use lang::Catalog;

use crate::workload::documents::{Atom, Document, Documents, Node};
use crate::workload::fields::{FEN, FIELDS, Field, Kind, SHARES, WAN};
use crate::workload::rows::Rows;

/// The code of that number, as vocabulary, documents and profiles write it.
pub fn code(number: u8) -> String {
    format!("C{number:02}")
}

/// The vocabulary as YAML.
pub fn vocabulary_text() -> String {
    let mut text = "facts:\n".to_owned();
    for field in FIELDS {
        let codes = |count: u8| (0..count).map(code).collect::<Vec<_>>().join(", ");
        let ty = match field.kind {
            Kind::Money { .. } | Kind::Part { is_money: true, .. } => {
                "type: money, unit: 万元, grain: year, least: 0".to_owned()
            }
            Kind::Count { .. } | Kind::Part { .. } => {
                "type: count, unit: 项, grain: year, least: 0".to_owned()
            }
            Kind::Date => "type: date, change: time".to_owned(),
            Kind::Code(count) => format!("type: code, codes: [{}]", codes(count)),
            Kind::Bool => "type: bool".to_owned(),
            Kind::Set(count) => format!("type: codes, codes: [{}]", codes(count)),
        };
        text += &format!("  - {{name: {}, en: {}, {ty}}}\n", field.name, field.column);
    }
    text
}

/// One document as YAML.
pub fn document_text(document: &Document, atoms: &[Atom]) -> String {
    let rules: Vec<String> = document.needs.iter().map(|need| rule(need, atoms)).collect();
    document_of_rules(&document.id, &rules)
}

/// A document of rules that must all hold, as YAML.
pub fn document_of_rules(id: &str, rules: &[String]) -> String {
    let mut text = format!(
        "id: {id}\ntitle: {{zh: 测量, en: Benchmark}}\nkind: subsidy\nsubject: enterprise\n\
         source: {{issuer: [测量], document: [], grade: none, read: 2026-06-30}}\n\
         in_force: {{from: 2020-01-01}}\ndefault_period: 上年\ngives: {{status: 测量}}\nneeds:\n"
    );
    for (index, rule) in rules.iter().enumerate() {
        text += &format!("  - {{id: need-{index}, clause: 待核, rule: '{rule}'}}\n");
    }
    text
}

/// A node as an expression of our language.
pub fn rule(node: &Node, atoms: &[Atom]) -> String {
    let joined = |members: &[Node], word: &str| {
        let members: Vec<String> = members.iter().map(|member| rule(member, atoms)).collect();
        format!("({})", members.join(word))
    };
    match node {
        Node::Atom(atom) => condition(&atoms[*atom]),
        Node::Not(inner) => format!("not({})", rule(inner, atoms)),
        Node::All(members) => joined(members, " and "),
        Node::Any(members) => joined(members, " or "),
    }
}

fn condition(atom: &Atom) -> String {
    let name = |field: usize| FIELDS[field].name;
    match atom {
        Atom::AtLeast { field, cut } => format!("{} >= {}", name(*field), quantity(*field, *cut)),
        Atom::Below { field, cut } => format!("{} < {}", name(*field), quantity(*field, *cut)),
        Atom::Within { field, low, high } => {
            format!("{} in [{}..{}]", name(*field), quantity(*field, *low), quantity(*field, *high))
        }
        Atom::ShareAtLeast { share, cut } => format!("{} >= {}", share_text(*share), percent(*cut)),
        Atom::ShareAtMost { share, cut } => format!("{} <= {}", share_text(*share), percent(*cut)),
        Atom::Young { field, months } => format!("{} >= 申请日 - {months}个月", name(*field)),
        Atom::Old { field, months } => format!("{} <= 申请日 - {months}个月", name(*field)),
        Atom::In { field, codes } => {
            let codes: Vec<String> = codes.iter().map(|number| format!("\"{}\"", code(*number))).collect();
            format!("{} in ({})", name(*field), codes.join(", "))
        }
        Atom::Is { field } => name(*field).to_owned(),
        Atom::Has { field, code: number } => format!("{} in (\"{}\")", name(*field), code(*number)),
    }
}

fn share_text(share: usize) -> String {
    let share = SHARES[share];
    format!("{} / {}", FIELDS[share.numerator].name, FIELDS[share.denominator].name)
}

/// Thousandths as per cent: `125` is `12.5%`.
fn percent(thousandths: i64) -> String {
    match thousandths % 10 {
        0 => format!("{}%", thousandths / 10),
        tenth => format!("{}.{tenth}%", thousandths / 10),
    }
}

fn quantity(field: usize, value: i64) -> String {
    if is_money(&FIELDS[field]) { format!("{}万元", value / WAN) } else { format!("{value}项") }
}

/// Whether a stored number is fen.
pub fn is_money(field: &Field) -> bool {
    matches!(field.kind, Kind::Money { .. } | Kind::Part { is_money: true, .. })
}

/// The documents checked and compiled. An error with the first finding, if there is one.
pub fn rulebook(documents: &Documents) -> Result<Rulebook> {
    let (words, found) = vocabulary::load(&[Source::new("facts.yaml", vocabulary_text())]);
    if let Some((_, first)) = found.first() {
        bail!("the vocabulary of the workload: {}", first.message.get(Language::English));
    }
    let mut compiled = Vec::with_capacity(documents.documents.len());
    for document in &documents.documents {
        let text = document_text(document, &documents.atoms);
        compiled.push(compile(&document.id, text, &words)?);
    }
    Ok(Rulebook::new(words, compiled))
}

/// A document checked; an error with the first finding, if there is one.
pub fn compile(id: &str, text: String, words: &Vocabulary) -> Result<lang::ir::Document> {
    let source = Source::new(format!("policies/zone/{id}/2020-01-01.yaml"), text);
    let (compiled, found) = lang::compile(&source, words, &Catalog::default());
    if let Some(first) = found.first() {
        bail!("{}", source.render(first, Language::English));
    }
    compiled.ok_or_else(|| anyhow::anyhow!("the document {id} did not compile"))
}

/// One row as a profile.
pub fn profile(rows: &Rows, row: usize, words: &Vocabulary) -> Profile {
    let mut profile = Profile::new("enterprise");
    profile.id = format!("{row}");
    for (index, field) in FIELDS.iter().enumerate() {
        if let Some(value) = rows.columns[index].get(row) {
            let (fact, period) = key(field, words);
            profile.set(fact, period, fact_value(field, value), Origin::default());
        }
    }
    profile
}

/// Which fact and period a column holds: figures are of the year before the day of decision.
pub fn key(field: &Field, words: &Vocabulary) -> (FactId, Period) {
    let fact = words.find(field.name).expect("the workload's vocabulary has all its fields");
    let is_yearly = matches!(field.kind, Kind::Money { .. } | Kind::Count { .. } | Kind::Part { .. });
    let last_year = || Period::parse("2025").expect("a year is a period");
    (fact, if is_yearly { last_year() } else { Period::Unstated })
}

/// The same for the field of that name.
pub fn key_of(name: &str, words: &Vocabulary) -> (FactId, Period) {
    let field = FIELDS.iter().find(|field| field.name == name).expect("a field of the workload");
    key(field, words)
}

fn fact_value(field: &Field, value: i64) -> Value {
    match field.kind {
        Kind::Money { .. } | Kind::Part { is_money: true, .. } => {
            Value::Number(Number::ratio(value, FEN).expect("a hundred is not nought"))
        }
        Kind::Count { .. } | Kind::Part { .. } => Value::Number(Number::from(value)),
        Kind::Date => {
            let start = Date::from_epoch_days(value).expect("the workload's days are in the calendar");
            Value::Date(PartialDate { start, precision: Precision::Day })
        }
        Kind::Code(_) => Value::Code(code(value as u8)),
        Kind::Bool => Value::Bool(value == 1),
        Kind::Set(count) => {
            let codes: BTreeSet<String> =
                (0..count).filter(|number| value >> number & 1 == 1).map(code).collect();
            Value::Codes(codes)
        }
    }
}
