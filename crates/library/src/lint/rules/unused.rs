//! L0401: a fact of the vocabulary that no document asks for.

use std::collections::BTreeSet;

use facts::FactId;
use lang::ir::InputKind;

use crate::lint::rule::{Both, Rule};
use crate::lint::{Library, Note};

pub(super) static RULE: Rule = Rule {
    code: "L0401",
    what: Both {
        zh: "词汇表里的事实没有一份文件用到",
        en: "a fact of the vocabulary that no document asks for",
    },
    example: "facts: [{name: 综合能耗, type: number, …}]   # 没有文件读它",
    mend: Both {
        zh: "用到它的文件写好以前先删去,或写明为什么留着",
        en: "drop it until a document needs it, or silence it with the reason for keeping it",
    },
};

pub(super) fn check(library: &Library<'_>, notes: &mut Vec<Note>) {
    let vocabulary = library.vocabulary;
    let mut asked: BTreeSet<FactId> = BTreeSet::new();
    let mut statuses: BTreeSet<&str> = BTreeSet::new();
    for text in &library.texts {
        for input in text.document.kinds.iter().flat_map(|kind| &kind.inputs) {
            match &input.kind {
                InputKind::Fact(fact, _) => drop(asked.insert(*fact)),
                InputKind::Status(status) => drop(statuses.insert(status)),
                InputKind::Collection(_) | InputKind::Manual(_) | InputKind::Document(_) => {}
            }
        }
    }
    // What another fact follows from, or what tells that a title is held, is asked for through it.
    let since = asked.iter().filter_map(|fact| vocabulary.get(*fact).since.as_deref());
    let held = vocabulary.statuses.iter().filter(|status| statuses.contains(status.name.as_str()));
    let parts = asked.iter().flat_map(|fact| vocabulary.get(*fact).any_of.iter().map(String::as_str));
    let through = held.flat_map(|status| status.facts.iter().map(String::as_str)).chain(since).chain(parts);
    let through: Vec<FactId> = through.filter_map(|name| vocabulary.find(name)).collect();
    asked.extend(through);
    for (fact, definition) in vocabulary.facts() {
        // Marked facts and the day of founding serve the program itself.
        if asked.contains(&fact) || !definition.marks.is_empty() || definition.founding {
            continue;
        }
        let Some((index, name)) = library.fact_place(&definition.name) else { continue };
        let finding = RULE.finding(
            name,
            format!("没有文件用到“{}”", definition.name),
            format!("no document asks for “{}”", definition.name),
        );
        notes.push(Note::new(index, finding));
    }
}
