//! What a document reads, and how often: worked out once, before any subject is known.

use std::collections::HashMap;

use lang::ir::{Amount, Condition, Document, Expr, InputRef, Kind, RankRule, Test};
use lang::types::KindId;

use super::readers::Readers;

/// How often each input is read, named values counted at every place that reads them.
#[derive(Debug, Default, Clone)]
pub(crate) struct Survey {
    reads: HashMap<(KindId, usize), u32>,
    leanings: super::leaning::Leanings,
    /// Of figures given for a span as a whole, what it consists of.
    spans: HashMap<(KindId, usize), Vec<usize>>,
    readers: Readers,
}

/// Most expression nodes that are walked; documents past that are surveyed in part, which only costs precision.
const NODES_MAX: u32 = 200_000;

impl Survey {
    pub fn of(document: &Document) -> Self {
        let mut survey = Self::default();
        let mut walker = Walker::new(document);
        let mut count = |input: InputRef| {
            let kind = document.vars[input.var.0].kind;
            *survey.reads.entry((kind, input.index)).or_default() += 1;
        };
        document.needs.iter().for_each(|need| walker.condition(need, &mut count));
        match &document.gives.amount {
            Some(Amount::Value(value)) => walker.expr(value, &mut count),
            Some(Amount::Milestones(stages, received)) => {
                for stage in stages {
                    walker.expr(&stage.when, &mut count);
                    walker.expr(&stage.amount, &mut count);
                }
                count(*received);
            }
            None => {}
        }
        if let Some(cap) = &document.gives.at_most {
            walker.expr(cap, &mut count);
        }
        if let Some(rank) = &document.gives.rank
            && let RankRule::First(tiers, _) = &rank.rule
        {
            tiers.iter().for_each(|(when, _)| walker.expr(when, &mut count));
        }
        survey.leanings = super::leaning::Leanings::of(document);
        survey.readers = Readers::of(document);
        for root in super::critical::roots(document) {
            expressions(document, root, &mut |expr| survey.add_span(document, &expr.kind));
        }
        survey
    }

    fn add_span(&mut self, document: &Document, kind: &Kind) {
        let (parts, wholes) = match kind {
            Kind::Span { years, total, mean } => (years, vec![*total, *mean]),
            Kind::QuarterMean(cells, mean) => (cells, vec![*mean]),
            _ => return,
        };
        let parts: Vec<usize> = parts.iter().map(|part| part.index).collect();
        for whole in wholes {
            self.spans.insert((document.vars[whole.var.0].kind, whole.index), parts.clone());
        }
    }

    /// Who reads an input.
    pub fn readers(&self) -> &Readers {
        &self.readers
    }

    /// The years or quarters that a figure for all of them together stands for; none for anything else.
    pub fn parts_of(&self, kind: KindId, index: usize) -> Option<&[usize]> {
        self.spans.get(&(kind, index)).map(Vec::as_slice)
    }

    /// Whether the outcome gains where the input is true or great; none where it is read both ways, or not at all.
    pub fn leaning(&self, kind: KindId, index: usize) -> Option<bool> {
        self.leanings.of_input(kind, index)
    }

    /// Whether several places read the input, so that what they make of it hangs together.
    pub fn is_read_often(&self, kind: KindId, index: usize) -> bool {
        self.reads.get(&(kind, index)).is_some_and(|count| *count > 1)
    }
}

/// Calls `visit` for each input that an expression reads, through named values and scores. Below a score or list that
/// `is_given` by a figure of its own only that figure is read.
pub(super) fn inputs(
    document: &Document,
    expr: &Expr,
    is_given: &dyn Fn(InputRef) -> bool,
    visit: &mut dyn FnMut(InputRef),
) {
    Walker { document, budget: NODES_MAX, is_given }.expr(expr, visit);
}

/// Calls `visit` for each expression below and including one, through named values, scores and tables. What has a name
/// is gone into once, however many places read it.
pub(crate) fn expressions<'d>(document: &'d Document, expr: &'d Expr, visit: &mut dyn FnMut(&'d Expr)) {
    let mut seen: Vec<&'d Kind> = Vec::new();
    let mut open = vec![expr];
    while let Some(expr) = open.pop() {
        visit(expr);
        if matches!(expr.kind, Kind::Let(_) | Kind::Score(..) | Kind::List(_)) {
            if seen.contains(&&expr.kind) {
                continue;
            }
            seen.push(&expr.kind);
        }
        open.extend(children(document, expr).into_iter().rev());
    }
}

/// Goes through expressions and conditions, and whatever they name, once for each place that names it.
pub(super) struct Walker<'d, 'g> {
    document: &'d Document,
    budget: u32,
    is_given: &'g dyn Fn(InputRef) -> bool,
}

impl<'d> Walker<'d, '_> {
    /// One for which nothing is given by a figure of its own.
    pub fn new(document: &'d Document) -> Self {
        Self { document, budget: NODES_MAX, is_given: &|_| false }
    }

    /// Whether everything was gone through.
    pub fn is_complete(&self) -> bool {
        self.budget > 0
    }

    pub fn condition(&mut self, condition: &'d Condition, visit: &mut dyn FnMut(InputRef)) {
        match &condition.test {
            Test::Rule(rule) => self.expr(rule, visit),
            Test::Manual(_, input) | Test::Include(_, input) => visit(*input),
            Test::All(inner) | Test::Any(inner) | Test::About(_, _, inner) => {
                inner.iter().for_each(|inner| self.condition(inner, visit));
            }
            Test::Each(list, _, inner) => {
                self.expr(list, visit);
                inner.iter().for_each(|inner| self.condition(inner, visit));
            }
            Test::First(tiers, otherwise) => {
                for (when, tier) in tiers {
                    self.expr(when, visit);
                    self.condition(tier, visit);
                }
                if let Some(last) = otherwise {
                    self.condition(last, visit);
                }
            }
        }
    }

    /// The input that gives a score's total or a list's count as a figure of its own.
    fn given(&self, kind: &Kind) -> Option<InputRef> {
        match kind {
            Kind::Score(index, path) if path.is_empty() => self.document.scores[*index].given,
            Kind::List(index) => self.document.lists[*index].count,
            _ => None,
        }
    }

    pub fn expr(&mut self, expr: &'d Expr, visit: &mut dyn FnMut(InputRef)) {
        if self.budget == 0 {
            return;
        }
        self.budget -= 1;
        match &expr.kind {
            Kind::Input(input) | Kind::Collection(input, _) => visit(*input),
            Kind::Span { years, total, mean } => {
                years.iter().for_each(|year| visit(*year));
                visit(*total);
                visit(*mean);
            }
            Kind::QuarterMean(cells, mean) => {
                cells.iter().for_each(|cell| visit(*cell));
                visit(*mean);
            }
            Kind::Score(..) | Kind::List(_) => {
                let given = self.given(&expr.kind);
                given.into_iter().for_each(&mut *visit);
                if given.is_some_and(self.is_given) {
                    return;
                }
            }
            _ => {}
        }
        for child in children(self.document, expr) {
            self.expr(child, visit);
        }
    }
}

/// The expressions directly below one; those of named values, scores and tables count as below what reads them.
fn children<'d>(document: &'d Document, expr: &'d Expr) -> Vec<&'d Expr> {
    match &expr.kind {
        Kind::Let(index) => vec![&document.lets[*index].value],
        Kind::Score(index, path) => {
            let root = &document.scores[*index].root;
            root.at(path).unwrap_or(root).points.expressions()
        }
        Kind::List(index) => {
            let list = &document.lists[*index];
            std::iter::once(&list.from).chain(&list.filter).collect()
        }
        Kind::Not(inner) | Kind::Index(inner, _) | Kind::CodeIn(inner, _) | Kind::Progressive(inner, _) => {
            vec![inner]
        }
        Kind::And(parts) | Kind::Or(parts) | Kind::Items(parts) | Kind::Call(_, parts) => {
            parts.iter().collect()
        }
        Kind::Arithmetic(_, left, right) | Kind::Compare(_, left, right) => vec![left, right],
        Kind::First(branches, otherwise) => {
            let both = branches.iter().flat_map(|(when, then)| [when, then]);
            both.chain(otherwise.as_deref()).collect()
        }
        Kind::ForItems(list, _, body)
        | Kind::ForValues(list, _, body)
        | Kind::FilterItems(list, _, body)
        | Kind::FilterValues(list, _, body) => vec![list, body],
        Kind::TableMatch(table) => vec![&document.tables[*table].key],
        Kind::TableReached(table, column) => {
            let table = &document.tables[*table];
            let mut out = vec![&table.key];
            let mut seen: Vec<&Expr> = Vec::new();
            for (fact, bounds) in table.rows.iter().flat_map(|row| &row.reach) {
                let has_column = bounds.iter().any(|(name, _)| name == column);
                if has_column && !seen.iter().any(|known| known.kind == fact.kind) {
                    seen.push(fact);
                }
            }
            out.extend(seen);
            out
        }
        Kind::TableValue(table, column) => {
            let table = &document.tables[*table];
            let values = table.rows.iter().flat_map(|row| &row.values).filter(|(name, _)| name == column);
            std::iter::once(&table.key).chain(values.map(|(_, value)| value)).collect()
        }
        _ => Vec::new(),
    }
}
