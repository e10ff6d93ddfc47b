//! Conditions: rules, groups, tiers, related parties, item by item, what a person decides.

use facts::yaml::Node;
use facts::{Diagnostic, Text};

use super::describe::{clause, text};
use super::{Binding, Checker};
use crate::ir::{Condition, InputKind, Link, SUBJECT, ScopeVar, Test};

/// What is written where the article was not seen.
const UNSEEN: &str = "待核";

impl Checker<'_> {
    pub(super) fn needs(&mut self, node: &Node) -> Vec<Condition> {
        self.conditions(node, None)
    }

    /// Conditions of a list; those without a clause inherit the group's.
    fn conditions(&mut self, node: &Node, group: Option<&Node>) -> Vec<Condition> {
        let items = node.as_list().unwrap_or_default();
        items.iter().filter_map(|item| self.condition(item, group)).collect()
    }

    fn condition(&mut self, node: &Node, group: Option<&Node>) -> Option<Condition> {
        node.as_map()?;
        let id = self.id(node);
        let with_clause = if node.get("clause").is_some() { Some(node) } else { group };
        let (test, rule) = self.test(node, &id, with_clause)?;
        let says = node.get("says").map_or_else(Text::default, text);
        if matches!(test, Test::Rule(_) | Test::Manual(..) | Test::First(..)) {
            self.require_id_and_clause(node, &id, with_clause.is_some());
        }
        let clause = with_clause.and_then(clause);
        Some(Condition { id, clause, says, rule, test, span: node.span })
    }

    fn id(&mut self, node: &Node) -> String {
        let Some(id) = node.get("id") else { return String::new() };
        let text = id.as_text().unwrap_or_default().to_owned();
        if self.ids.insert(text.clone(), id.span).is_some() {
            self.error(
                "E0307",
                id.span,
                format!("名字“{text}”用了两次"),
                format!("the id “{text}” is used twice"),
            );
        }
        text
    }

    fn require_id_and_clause(&mut self, node: &Node, id: &str, has_clause: bool) {
        let first_key =
            node.as_map().and_then(|entries| entries.first()).map_or(node.span, |(key, _)| key.span);
        if id.is_empty() {
            self.report(
                Diagnostic::error("E0209", first_key, "条件缺少 id", "the condition has no id")
                    .with_help("写上文件内唯一的名字,如 id: staff", "give it a name, such as id: staff"),
            );
        }
        if !has_clause {
            self.report(
                Diagnostic::error("E0210", first_key, "条件缺少 clause(条款)", "the condition has no clause")
                    .with_help(
                        format!("写原文条款;没有见到写 clause: {UNSEEN}"),
                        format!("write the article; where it was not seen, clause: {UNSEEN}"),
                    ),
            );
        }
    }

    fn test(&mut self, node: &Node, id: &str, group: Option<&Node>) -> Option<(Test, String)> {
        let plain = |test| Some((test, String::new()));
        if let Some(rule) = node.get("rule") {
            let typed = self.rule_bool(rule);
            return Some((Test::Rule(typed), rule.as_text().unwrap_or_default().to_owned()));
        }
        if let Some(manual) = node.get("manual") {
            let key = format!("manual:{id}");
            let input = self.input(SUBJECT, InputKind::Manual(id.to_owned()), key);
            return plain(Test::Manual(text(manual), input));
        }
        if let Some(about) = node.get("about") {
            return plain(self.about(about, node.get("all")?, group)?);
        }
        if let Some(inner) = node.get("any") {
            return plain(Test::Any(self.conditions(inner, group)));
        }
        if let Some(inner) = node.get("all") {
            return plain(Test::All(self.conditions(inner, group)));
        }
        if let Some(tiers) = node.get("first").and_then(Node::as_list) {
            return plain(self.tiers(tiers, group));
        }
        if let Some(include) = node.get("include") {
            let target = include.as_text().unwrap_or_default().to_owned();
            self.known_document(&target, include.span);
            let input = self.input(SUBJECT, InputKind::Document(target.clone()), target.clone());
            return plain(Test::Include(target, input));
        }
        let (key, inner) = node.as_map()?.iter().find(|(key, _)| key.as_text() == Some("each"))?;
        let Some((list, var)) = self.each.clone() else {
            // An each at the top that is no collection was reported there.
            if self.root.get("each").is_some() {
                return None;
            }
            self.error(
                "E0461",
                key.span,
                "逐项条件要在文件开头写 each: 集合名",
                "conditions on each item need each: at the top of the document",
            );
            return None;
        };
        self.bindings.push(Binding::Scope(var));
        let conditions = self.conditions(inner, group);
        self.bindings.pop();
        plain(Test::Each(Box::new(list), var, conditions))
    }

    fn tiers(&mut self, tiers: &[Node], group: Option<&Node>) -> Test {
        let mut branches = Vec::new();
        let mut otherwise = None;
        for tier in tiers {
            let is_last = tier.get("else").is_some();
            let Some(rule) = tier.get("else").or_else(|| tier.get("rule")) else {
                continue;
            };
            let when = tier.get("when").map(|when| self.rule_bool(when));
            let typed = self.rule_bool(rule);
            let from = if tier.get("clause").is_some() { Some(tier) } else { group };
            let condition = Condition {
                id: self.id(tier),
                clause: from.and_then(clause),
                says: tier.get("says").map_or_else(Text::default, text),
                rule: rule.as_text().unwrap_or_default().to_owned(),
                test: Test::Rule(typed),
                span: tier.span,
            };
            match (is_last, when) {
                (true, _) => otherwise = Some(Box::new(condition)),
                (false, Some(when)) => branches.push((when, condition)),
                (false, None) => {}
            }
        }
        Test::First(branches, otherwise)
    }

    /// Conditions on a related party of the innermost item or of the subject.
    fn about(&mut self, about: &Node, all: &Node, group: Option<&Node>) -> Option<Test> {
        let role = about.as_text()?.to_owned();
        let scopes = self.bindings.iter().rev().filter_map(|binding| match binding {
            Binding::Scope(var) => Some(*var),
            _ => None,
        });
        let scopes: Vec<ScopeVar> = scopes.chain([SUBJECT]).collect();
        let of = scopes.into_iter().find_map(|var| self.role_of(var, &role).map(|subject| (var, subject)));
        let Some((var, subject)) = of else {
            self.error(
                "E0462",
                about.span,
                format!("没有关联主体“{role}”"),
                format!("there is no related party “{role}”"),
            );
            return None;
        };
        let kind = self.kind_below(Link::Role(self.kind_of(var), role.clone()), &subject);
        let party = self.new_var(kind, Some(var));
        self.bindings.push(Binding::Scope(party));
        let conditions = self.conditions(all, group);
        self.bindings.pop();
        Some(Test::About(party, role, conditions))
    }
}
