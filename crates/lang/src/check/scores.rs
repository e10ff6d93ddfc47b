//! Scores: totals, parts, bands, the best of several bases, an expert's range.

use facts::yaml::{Node, NodeKind};
use facts::{Period, Span, Text};

use super::describe::{clause, text};
use super::{Checker, Progress};
use crate::ast::Name;
use crate::ir::{self, Compare, Constant, Expr, InputKind, Kind, Part, Points, SUBJECT};
use crate::suggest;
use crate::types::Type;

impl Checker<'_> {
    /// `评分` is the total, `评分.分项.小项` a part.
    pub(super) fn score_path(&mut self, index: usize, rest: &[Name], span: Span) -> Expr {
        match &self.scores[index].progress {
            Progress::Running => {
                let name = self.scores[index].name.clone();
                self.cyclic(&name, span);
                return self.wrong(span);
            }
            Progress::Waiting => self.check_score(index),
            Progress::Done(_) => {}
        }
        let Some(score) = self.scores[index].score.clone() else { return self.wrong(span) };
        let mut path = Vec::new();
        let mut part = &score.root;
        for name in rest {
            let parts = part.points.parts();
            match parts.iter().position(|part| part.name == name.text) {
                Some(at) => {
                    path.push(at);
                    part = parts[at];
                }
                None => {
                    let names = || parts.iter().map(|part| part.name.as_str());
                    let help = suggest::nearest(&name.text, names())
                        .map_or_else(|| names().collect::<Vec<_>>().join("、"), str::to_owned);
                    let found = facts::Diagnostic::error(
                        "E0310",
                        name.span,
                        format!("“{}”没有分项“{}”", part.name, name.text),
                        format!("“{}” has no part “{}”", part.name, name.text),
                    );
                    let found = match parts.is_empty() {
                        true => found,
                        false => found.with_help(format!("分项有:{help}"), format!("parts: {help}")),
                    };
                    self.report(found);
                    return self.wrong(span);
                }
            }
        }
        Expr { kind: Kind::Score(index, path), ty: Type::RATIO, span }
    }

    pub(super) fn check_score(&mut self, index: usize) {
        self.scores[index].progress = Progress::Running;
        let (name, node) = (self.scores[index].name.clone(), self.scores[index].node);
        let score = self.outside_bindings(|checker| {
            let given = checker.vocabulary.find(&name).map(|fact| {
                let series = checker.vocabulary.get(fact).grain != facts::Grain::Once;
                let period = checker.default_period.clone().filter(|_| series).unwrap_or(Period::Unstated);
                checker.input(SUBJECT, InputKind::Fact(fact, period), name.clone())
            });
            let root = checker.part(&name, node);
            ir::Score { name, given, root }
        });
        self.scores[index].score = Some(score);
        self.scores[index].progress = Progress::Done(Type::RATIO);
    }

    fn part(&mut self, name: &str, node: &Node) -> Part {
        let points = self.points(node);
        let at_most = node.get("at_most").and_then(|node| {
            let cap = self.rule(node);
            self.expect(&cap, &Type::RATIO);
            self.constant(&cap, "E0455", ("最高分要写成数", "the cap of points has to be a number"))
        });
        let unpublished = node.get("unpublished").and_then(Node::as_text) == Some("true");
        let says = node.get("says").map_or_else(Text::default, text);
        Part { name: name.to_owned(), clause: clause(node), says, points, at_most, unpublished }
    }

    /// Points as a number, a range, an expression or a part's body.
    fn points(&mut self, node: &Node) -> Points {
        match &node.kind {
            NodeKind::Scalar(_) => {
                let value = self.rule(node);
                self.expect(&value, &Type::RATIO);
                Points::Value(Box::new(value))
            }
            NodeKind::List(ends) => self.expert(ends, node.span),
            NodeKind::Map(_) => self.points_body(node),
        }
    }

    fn expert(&mut self, ends: &[Node], span: Span) -> Points {
        let mut numbers = Vec::new();
        for end in ends {
            let value = self.rule(end);
            numbers.push(constant_number(&value).and_then(|value| value.to_i64()));
        }
        match numbers.as_slice() {
            [Some(low), Some(high)] if low <= high => Points::Expert(*low, *high),
            _ => {
                self.error(
                    "E0451",
                    span,
                    "专家给分写成 [最低, 最高],两个整数,先小后大",
                    "an expert's points are [least, greatest], whole numbers, the smaller first",
                );
                Points::Expert(0, 0)
            }
        }
    }

    fn points_body(&mut self, node: &Node) -> Points {
        if let Some(parts) = node.get("parts").and_then(Node::as_map) {
            return Points::Sum(self.parts(parts));
        }
        if let Some(parts) = node.get("best_of").and_then(Node::as_map) {
            return Points::Best(self.parts(parts));
        }
        if let Some(of) = node.get("of") {
            return self.bands(node, of);
        }
        if let Some(tiers) = node.get("first").and_then(Node::as_list) {
            return self.point_tiers(tiers);
        }
        match node.get("points") {
            Some(points) => self.points(points),
            None => Points::Expert(0, 0),
        }
    }

    fn parts(&mut self, entries: &[(Node, Node)]) -> Vec<Part> {
        let part = |(key, node): &(Node, Node)| self.part(key.as_text().unwrap_or_default(), node);
        entries.iter().map(part).collect()
    }

    /// `of: x` with `at_least: {30%: 20, else: 0}` or `up_to: {50%: 5, else: 0}`.
    fn bands(&mut self, node: &Node, of: &Node) -> Points {
        let of = self.rule(of);
        let (entries, compare) = match (node.get("at_least"), node.get("up_to")) {
            (Some(bands), None) => (bands, Compare::Ge),
            (None, Some(bands)) => (bands, Compare::Le),
            _ => {
                self.error(
                    "E0452",
                    node.span,
                    "of 要配 at_least 或 up_to 之一",
                    "of needs at_least or up_to",
                );
                return Points::Expert(0, 0);
            }
        };
        let mut bands = Vec::new();
        let mut otherwise = None;
        for (key, points) in entries.as_map().unwrap_or_default() {
            let points = self.points(points);
            if key.as_text() == Some("else") {
                otherwise = Some(Box::new(points));
                continue;
            }
            let bound = self.rule(key);
            if !self.expect(&bound, &of.ty) {
                continue;
            }
            let number = self.constant(
                &bound,
                "E0454",
                ("分档的界限要写成数", "the bound of a band has to be a number"),
            );
            let Some(value) = number else { continue };
            let in_order = bands
                .last()
                .is_none_or(|(last, _)| if compare == Compare::Ge { value < *last } else { value > *last });
            if !in_order {
                self.error(
                    "E0453",
                    key.span,
                    "分档的次序不对:at_least 从高到低,up_to 从低到高",
                    "bands are out of order: at_least falls, up_to rises",
                );
            }
            bands.push((value, points));
        }
        Points::Bands(Box::new(of), compare, bands, otherwise)
    }

    fn point_tiers(&mut self, tiers: &[Node]) -> Points {
        let mut branches = Vec::new();
        let mut otherwise = None;
        for tier in tiers {
            if let Some(last) = tier.get("else") {
                otherwise = Some(Box::new(self.points(last)));
            } else if let Some(when) = tier.get("when") {
                let when = self.rule_bool(when);
                let points = self.points_body(tier);
                branches.push((when, points));
            }
        }
        Points::First(branches, otherwise)
    }
}

pub(super) fn constant_number(value: &Expr) -> Option<facts::Number> {
    match &value.kind {
        Kind::Constant(Constant::Number(number)) => Some(number.clone()),
        _ => None,
    }
}
