//! The places of a document where conditions stand together: all of a group, one of a group, one after the other.
//!
//! Each site knows what else must hold for anybody who gets there.

use std::rc::Rc;

use facts::{Number, Source, Span};
use lang::ir::{Amount, Compare, Condition, Document, Expr, Kind, Part, Points, RankRule, Test};
use lang::types::Type;

use super::logic::{Formula, Logic};
use super::sets::Ranges;

/// Longest label of a condition without an id, in characters.
const LABEL_CHARS_MAX: usize = 40;

/// A condition where it stands.
#[derive(Debug)]
pub(super) struct Member {
    pub formula: Formula,
    pub span: Span,
    /// Its id, or what is written there.
    pub label: String,
}

/// What must hold for anybody who gets to a place.
pub(super) type Around = Vec<Rc<Member>>;

/// Conditions that stand together.
pub(super) struct Site {
    pub around: Around,
    pub shape: Shape,
    pub span: Span,
}

/// How they stand together.
pub(super) enum Shape {
    /// All must hold.
    All(Vec<Rc<Member>>),
    /// One must hold.
    Any(Vec<Rc<Member>>),
    /// A condition that is no group.
    One(Rc<Member>),
    /// The first that holds decides; and whether something is said of the rest.
    Tiers(Vec<Rc<Member>>, Otherwise),
    /// Bands of a value.
    Bands(Bands),
}

/// Bands of a value, by their bounds in order.
pub(super) struct Bands {
    /// What the value may be.
    pub range: Ranges,
    pub ty: Type,
    pub compare: Compare,
    pub bounds: Vec<Number>,
    pub has_else: bool,
}

/// What stands behind the last tier.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Otherwise {
    /// Nothing.
    Absent,
    /// A last tier that is written in words of its own.
    At(Span),
    /// A last tier; its place has to be looked up.
    Somewhere,
}

/// All sites of a document.
pub(super) fn sites(logic: &Logic<'_>, source: &Source) -> Vec<Site> {
    let mut walk = Walk { logic, source, sites: Vec::new() };
    let document = logic.document;
    let needs = walk.group(&document.needs, &Around::new(), Span::default());
    for named in &document.lets {
        walk.value(&named.value, &Around::new());
    }
    for list in &document.lists {
        walk.value(&list.from, &Around::new());
        list.filter.iter().for_each(|filter| walk.rule(filter, &Around::new()));
    }
    for table in &document.tables {
        for row in &table.rows {
            let reached = row.reach.iter().flat_map(|(fact, bounds)| {
                std::iter::once(fact).chain(bounds.iter().map(|(_, bound)| bound))
            });
            let all: Vec<&Expr> = reached.chain(row.values.iter().map(|(_, value)| value)).collect();
            all.into_iter().for_each(|value| walk.value(value, &Around::new()));
        }
    }
    for score in &document.scores {
        walk.part(&score.root, &Around::new());
    }
    walk.gives(document, &needs);
    walk.sites
}

struct Walk<'w, 'a> {
    logic: &'w Logic<'a>,
    source: &'w Source,
    sites: Vec<Site>,
}

impl Walk<'_, '_> {
    fn add(&mut self, around: &Around, shape: Shape, span: Span) {
        self.sites.push(Site { around: around.clone(), shape, span });
    }

    /// Conditions that must all hold; gives them back, for what stands behind them.
    fn group(&mut self, conditions: &[Condition], around: &Around, span: Span) -> Around {
        let members: Around = conditions.iter().map(|condition| Rc::new(self.member(condition))).collect();
        if members.len() > 1 {
            self.add(around, Shape::All(members.clone()), span);
        }
        for (place, condition) in conditions.iter().enumerate() {
            self.condition(condition, &others(around, &members, place));
        }
        members
    }

    fn member(&self, condition: &Condition) -> Member {
        let span = self.place(condition);
        let label = if condition.id.is_empty() { self.written(span) } else { condition.id.clone() };
        Member { formula: self.logic.condition(condition), span, label }
    }

    fn rule_member(&self, rule: &Expr) -> Rc<Member> {
        Rc::new(Member { formula: self.logic.truth(rule), span: rule.span, label: self.written(rule.span) })
    }

    /// The rule of a condition, else its first line.
    fn place(&self, condition: &Condition) -> Span {
        match &condition.test {
            Test::Rule(rule) => rule.span,
            _ => {
                let text = self.source.text.get(condition.span.start..condition.span.end).unwrap_or_default();
                let line = text.split(['\n', '\r']).next().unwrap_or_default().trim_end();
                Span::new(condition.span.start, condition.span.start + line.len())
            }
        }
    }

    fn written(&self, span: Span) -> String {
        let text = self.source.text.get(span.start..span.end).unwrap_or_default();
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(LABEL_CHARS_MAX) {
            Some((at, _)) => format!("{}…", &line[..at]),
            None => line,
        }
    }

    fn condition(&mut self, condition: &Condition, around: &Around) {
        let span = self.place(condition);
        match &condition.test {
            Test::Rule(rule) => self.rule(rule, around),
            Test::Manual(..) | Test::Include(..) => {}
            Test::All(inner) | Test::About(_, _, inner) => {
                self.group(inner, around, span);
            }
            Test::Each(list, var, inner) => {
                self.value(list, &Around::new());
                let logic = self.logic;
                logic.apart(*var, condition.span.start, || self.group(inner, around, span));
            }
            Test::Any(inner) => {
                let members: Around = inner.iter().map(|one| Rc::new(self.member(one))).collect();
                self.add(around, Shape::Any(members), span);
                inner.iter().for_each(|one| self.condition(one, around));
            }
            Test::First(tiers, otherwise) => {
                let whens: Vec<&Expr> = tiers.iter().map(|(when, _)| when).collect();
                let last = match otherwise {
                    Some(last) => Otherwise::At(self.place(last)),
                    None => Otherwise::Absent,
                };
                let ways = self.tiers(&whens, last, around, span);
                for ((when, tier), way) in tiers.iter().zip(&ways) {
                    let both = vec![self.rule_member(when), Rc::new(self.member(tier))];
                    self.add(around, Shape::All(both), self.place(tier));
                    self.condition(tier, way);
                }
                if let (Some(last), Some(way)) = (otherwise, ways.last()) {
                    self.condition(last, way);
                }
            }
        }
    }

    /// Tiers in order; what holds around what stands behind each, and behind the last.
    fn tiers(&mut self, whens: &[&Expr], otherwise: Otherwise, around: &Around, span: Span) -> Vec<Around> {
        let members: Around = whens.iter().map(|when| self.rule_member(when)).collect();
        self.add(around, Shape::Tiers(members.clone(), otherwise), span);
        let mut before = around.clone();
        let mut ways = Vec::new();
        for (when, member) in whens.iter().zip(members) {
            self.rule(when, &before);
            let mut way = before.clone();
            way.push(member.clone());
            ways.push(way);
            before.push(Rc::new(Member {
                formula: Formula::NotTrue(Box::new(member.formula.clone())),
                span: member.span,
                label: member.label.clone(),
            }));
        }
        ways.push(before);
        ways
    }

    /// A rule, true or false.
    fn rule(&mut self, rule: &Expr, around: &Around) {
        match &rule.kind {
            Kind::And(parts) => {
                let members: Around = parts.iter().map(|part| self.rule_member(part)).collect();
                self.add(around, Shape::All(members.clone()), rule.span);
                for (place, part) in parts.iter().enumerate() {
                    self.rule(part, &others(around, &members, place));
                }
            }
            Kind::Or(parts) => {
                let members: Around = parts.iter().map(|part| self.rule_member(part)).collect();
                self.add(around, Shape::Any(members), rule.span);
                parts.iter().for_each(|part| self.rule(part, around));
            }
            Kind::First(branches, otherwise) => {
                self.branches(branches, otherwise.as_deref(), around, rule.span)
            }
            Kind::Not(inner) => self.value(inner, &Around::new()),
            // Who writes true or false means it.
            Kind::Constant(_) => {}
            _ => {
                let member = self.rule_member(rule);
                self.add(around, Shape::One(member), rule.span);
                rule.children().into_iter().for_each(|child| self.value(child, &Around::new()));
            }
        }
    }

    /// A value, in which conditions may stand.
    fn value(&mut self, value: &Expr, around: &Around) {
        match &value.kind {
            Kind::First(branches, otherwise) => {
                self.branches(branches, otherwise.as_deref(), around, value.span);
            }
            Kind::And(_) | Kind::Or(_) => self.rule(value, around),
            Kind::FilterItems(list, _, body) | Kind::FilterValues(list, _, body) => {
                self.value(list, around);
                self.rule(body, &Around::new());
            }
            _ => value.children().into_iter().for_each(|child| self.value(child, around)),
        }
    }

    fn branches(&mut self, branches: &[(Expr, Expr)], otherwise: Option<&Expr>, around: &Around, span: Span) {
        let whens: Vec<&Expr> = branches.iter().map(|(when, _)| when).collect();
        let last = otherwise.map_or(Otherwise::Absent, |last| Otherwise::At(last.span));
        let ways = self.tiers(&whens, last, around, span);
        for (then, way) in branches.iter().map(|(_, then)| then).chain(otherwise).zip(&ways) {
            if then.ty == Type::Bool { self.rule(then, way) } else { self.value(then, way) }
        }
    }

    fn part(&mut self, part: &Part, around: &Around) {
        self.points(&part.points, around);
    }

    fn points(&mut self, points: &Points, around: &Around) {
        match points {
            Points::Sum(parts) | Points::Best(parts) => parts.iter().for_each(|part| self.part(part, around)),
            Points::Bands(of, compare, bands, otherwise) => {
                let bounds = bands.iter().map(|(bound, _)| bound.clone()).collect();
                let bands_of = Bands {
                    range: self.logic.range(of),
                    ty: of.ty.clone(),
                    compare: *compare,
                    bounds,
                    has_else: otherwise.is_some(),
                };
                self.add(around, Shape::Bands(bands_of), of.span);
                self.value(of, around);
                let all = bands.iter().map(|(_, points)| points).chain(otherwise.as_deref());
                all.for_each(|points| self.points(points, around));
            }
            Points::First(tiers, otherwise) => {
                let whens: Vec<&Expr> = tiers.iter().map(|(when, _)| when).collect();
                let last = if otherwise.is_some() { Otherwise::Somewhere } else { Otherwise::Absent };
                let span = whens.first().map_or_else(Span::default, |when| when.span);
                let ways = self.tiers(&whens, last, around, span);
                let all = tiers.iter().map(|(_, points)| points).chain(otherwise.as_deref());
                all.zip(&ways).for_each(|(points, way)| self.points(points, way));
            }
            Points::Value(value) => self.value(value, around),
            Points::Expert(..) => {}
        }
    }

    /// What is given is of interest for those who meet the conditions; a rank is itself often a condition elsewhere.
    fn gives(&mut self, document: &Document, needs: &Around) {
        let gives = &document.gives;
        match gives.rank.as_ref().map(|rank| &rank.rule) {
            Some(RankRule::First(tiers, otherwise)) => {
                let whens: Vec<&Expr> = tiers.iter().map(|(when, _)| when).collect();
                let last = if otherwise.is_some() { Otherwise::Somewhere } else { Otherwise::Absent };
                let span = whens.first().map_or_else(Span::default, |when| when.span);
                self.tiers(&whens, last, &Around::new(), span);
            }
            Some(RankRule::InGroup { outside: Some((when, _)), .. }) => self.rule(when, &Around::new()),
            Some(RankRule::InGroup { outside: None, .. }) | None => {}
        }
        match &gives.amount {
            Some(Amount::Value(value)) => self.value(value, needs),
            Some(Amount::Milestones(stages, _)) => {
                for stage in stages {
                    self.rule(&stage.when, needs);
                    self.value(&stage.amount, needs);
                }
            }
            None => {}
        }
        gives.at_most.iter().for_each(|cap| self.value(cap, needs));
        gives.also.iter().for_each(|named| self.value(&named.value, &Around::new()));
    }
}

/// What holds around a member of a group: what holds around the group, and the other members.
fn others(around: &Around, members: &Around, place: usize) -> Around {
    let rest = members.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, member)| member.clone());
    around.iter().cloned().chain(rest).collect()
}
