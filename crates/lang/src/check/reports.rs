//! What is said of names that mean nothing, or nothing here.

use facts::{Diagnostic, FactDefinition, FactId, Span};

use super::Checker;
use crate::ast::Name;
use crate::suggest;

impl Checker<'_> {
    /// Reports a fact that only items have, read of the subject: it would never be known.
    pub(super) fn not_of_subject(&mut self, fact: FactId, span: Span) {
        let definition = self.vocabulary.get(fact);
        let holders = self.vocabulary.collections.iter().filter(|known| definition.of.contains(&known.item));
        let holders: Vec<&str> = holders.map(|known| known.name.as_str()).collect();
        let (name, zh, en) = (&definition.name, holders.join("、"), holders.join(", "));
        let found = Diagnostic::error(
            "E0318",
            span,
            format!("“{name}”不是申报主体的事实"),
            format!("“{name}” is no fact of the subject"),
        );
        let found = match holders.is_empty() {
            true => found,
            false => found.with_help(
                format!("它是“{zh}”里每一项的事实,在集合里读取,如 sum({zh}.{name})"),
                format!("each item of “{en}” has it; read it there, for example sum({en}.{name})"),
            ),
        };
        self.report(found);
    }

    pub(super) fn needs_period(&mut self, definition: &FactDefinition, span: Span) {
        let name = &definition.name;
        let found = Diagnostic::error(
            "E0303",
            span,
            format!("“{name}”逐期变化,要写明期间"),
            format!("“{name}” changes from period to period; say which one"),
        )
        .with_help(
            format!("例如 {name}.上年,或在文件里写 default_period: 上年"),
            format!("for example {name}.上年, or default_period: 上年 in the document"),
        );
        self.report(found);
    }

    /// Reports names that stand behind something that has no parts.
    pub(super) fn no_more(&mut self, rest: &[Name]) {
        if let Some(name) = rest.first() {
            self.error(
                "E0309",
                name.span,
                format!("这里没有“{}”这一项", name.text),
                format!("there is no “{}” here", name.text),
            );
        }
    }

    /// Reports a name that nothing declares, with the nearest one.
    pub(super) fn unknown_name(&mut self, name: &str, span: Span) {
        let own = self.lets.iter().map(|slot| slot.name.as_str());
        let own = own.chain(self.params.iter().map(|(param, _)| param.name.as_str()));
        let own = own.chain(self.scores.iter().map(|slot| slot.name.as_str()));
        let own = own.chain(self.lists.iter().map(|slot| slot.name.as_str()));
        let facts = self.vocabulary.facts().flat_map(|(_, fact)| {
            std::iter::once(fact.name.as_str()).chain(fact.also.iter().map(String::as_str))
        });
        let collections = self.vocabulary.collections.iter().map(|known| known.name.as_str());
        let near = suggest::nearest(name, own.chain(facts).chain(collections)).map(str::to_owned);
        let found = Diagnostic::error(
            "E0301",
            span,
            format!("不认识的名字“{name}”"),
            format!("unknown name “{name}”"),
        );
        let found = match near {
            Some(near) => found.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
            None => found.with_help(
                "先在 library/facts/ 里定义这个事实,或在本文件的 let 里定义",
                "define the fact in library/facts/, or the value under let",
            ),
        };
        self.report(found);
    }
}
