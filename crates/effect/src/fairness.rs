//! Rules that a fair-competition review should look at (公平竞争审查条例): those that name a single firm, ask where a
//! subject is registered, or hang on the tax it pays. What a fact is about, the vocabulary says by its marks. A flag is a
//! question to a person, never a verdict: many a zone's policy may ask for a place.

use std::str::FromStr as _;

use facts::{FactId, Mark, Uscc, Vocabulary};
use lang::ir::{Amount, Condition, Constant, Document, Expr, InputKind, Kind, Test};
use lang::types::Type;

/// Endings of names of firms.
const FIRM_ENDINGS: [&str; 5] = ["公司", "集团", "合伙企业", "事务所", "合作社"];

/// Most expressions that are walked for one place.
const EXPRESSIONS_MAX: usize = 20_000;

/// What is to be looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Concern {
    /// It names a single firm.
    NamesFirm,
    /// It asks where a subject is registered.
    Place,
    /// It hangs on the tax that is paid.
    TaxPaid,
}

impl Concern {
    /// Its code in JSON.
    pub fn as_code(self) -> &'static str {
        match self {
            Concern::NamesFirm => "names_firm",
            Concern::Place => "local_registration",
            Concern::TaxPaid => "tax_paid",
        }
    }
}

/// A rule to look at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flag {
    /// Why.
    pub concern: Concern,
    /// The condition's id; `amount` for what is given.
    pub place: String,
    /// Its article.
    pub clause: Option<String>,
    /// The rule as written.
    pub rule: String,
    /// The fact or the name that it is about.
    pub about: String,
}

/// All rules of a document to look at.
pub fn flags(document: &Document, vocabulary: &Vocabulary) -> Vec<Flag> {
    let finder = Finder { document, vocabulary };
    let mut out = Vec::new();
    for condition in document.conditions() {
        for expr in own_rules(condition) {
            for (concern, about) in finder.concerns(expr) {
                let (place, clause) = (condition.id.clone(), condition.clause.clone());
                out.push(Flag { concern, place, clause, rule: condition.rule.clone(), about });
            }
        }
    }
    let mut given: Vec<&Expr> = document.gives.at_most.iter().collect();
    match &document.gives.amount {
        Some(Amount::Value(value)) => given.push(value),
        Some(Amount::Milestones(stages, _)) => {
            given.extend(stages.iter().flat_map(|stage| [&stage.when, &stage.amount]));
        }
        None => {}
    }
    for (concern, about) in given.into_iter().flat_map(|expr| finder.concerns(expr)) {
        let place = "amount".to_owned();
        out.push(Flag { concern, place, clause: None, rule: String::new(), about });
    }
    out.dedup();
    out
}

fn own_rules(condition: &Condition) -> Vec<&Expr> {
    match &condition.test {
        Test::Rule(rule) => vec![rule],
        Test::First(tiers, _) => tiers.iter().map(|(when, _)| when).collect(),
        _ => Vec::new(),
    }
}

struct Finder<'d> {
    document: &'d Document,
    vocabulary: &'d Vocabulary,
}

impl Finder<'_> {
    /// What an expression raises, through the named values that it reads.
    fn concerns(&self, expr: &Expr) -> Vec<(Concern, String)> {
        let mut out: Vec<(Concern, String)> = Vec::new();
        let mut seen = Vec::new();
        let mut open = vec![expr];
        let mut walked = 0;
        while let Some(expr) = open.pop() {
            walked += 1;
            if walked > EXPRESSIONS_MAX {
                break;
            }
            if let Some(concern) = self.concern(expr)
                && !out.contains(&concern)
            {
                out.push(concern);
            }
            match expr.kind {
                Kind::Let(at) if !seen.contains(&at) => {
                    seen.push(at);
                    open.push(&self.document.lets[at].value);
                }
                _ => open.extend(expr.children()),
            }
        }
        out
    }

    fn concern(&self, expr: &Expr) -> Option<(Concern, String)> {
        match &expr.kind {
            Kind::Constant(Constant::Text(text)) if expr.ty == Type::Text && names_firm(text) => {
                Some((Concern::NamesFirm, text.clone()))
            }
            Kind::Input(input) => {
                let kind = self.document.vars[input.var.0].kind;
                match &self.document.kinds[kind.0].inputs[input.index].kind {
                    InputKind::Fact(fact, _) => self.of_fact(*fact),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn of_fact(&self, fact: FactId) -> Option<(Concern, String)> {
        let definition = self.vocabulary.get(fact);
        let concern = definition.marks.iter().find_map(|mark| match mark {
            Mark::Identity => Some(Concern::NamesFirm),
            Mark::Place => Some(Concern::Place),
            Mark::TaxPaid => Some(Concern::TaxPaid),
            Mark::Breakdown => None,
        })?;
        Some((concern, definition.name.clone()))
    }
}

/// A credit code, or a name that ends as those of firms do.
fn names_firm(text: &str) -> bool {
    let length = text.chars().count();
    let is_name = |ending: &str| text.ends_with(ending) && length > ending.chars().count() + 1;
    Uscc::from_str(text).is_ok() || FIRM_ENDINGS.into_iter().any(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn firms_are_named_by_code_or_by_name() {
        assert!(names_firm("91330100799655058B"));
        assert!(names_firm("某某电子有限公司"));
        assert!(!names_firm("公司"));
        assert!(!names_firm("郑州市"));
    }
}
