//! L0402: a fact of one document only whose name looks like another fact's.

use std::collections::{BTreeMap, BTreeSet};

use facts::{FactDefinition, FactId};
use lang::ir::InputKind;

use crate::lint::rule::{Both, Rule};
use crate::lint::{Library, Note};

pub(super) static RULE: Rule = Rule {
    code: "L0402",
    what: Both {
        zh: "只有一份文件用到的事实,名字很像另一份文件用的另一个事实,可能是同一件事",
        en: "a fact that one document alone asks for, named much like another fact that other documents ask for: perhaps the same thing",
    },
    example: "facts: [{name: 研发费用总额, …}, {name: 研发费用, …}]",
    mend: Both {
        zh: "是一件事就并成一个(另一个名字写进 also);不是一件事,在 definition 里点名写明与它有什么不同",
        en: "if they are one thing, keep one and write the other name under also; if not, let the definition name the other fact and say how they differ",
    },
};

/// Share of neighbouring pairs of characters that two names have in common to look alike.
const LIKENESS_LEAST_PERCENT: usize = 70;

/// Words that say no more than that something is measured.
const FILLERS: [&str; 8] = ["总额", "总数", "金额", "数量", "数额", "情况", "额", "数"];

/// Characters that tell two things of a kind apart: how many, which in a row, which level of government, which side.
const TELLING: &str = "0123456789一二三四五六七八九十百千万ⅠⅡⅢⅣⅤ甲乙丙国省市县区内外上下新旧增减进出男女";

/// English words that carry no meaning of their own.
const SMALL_WORDS: [&str; 12] = ["of", "the", "in", "a", "an", "and", "to", "for", "on", "or", "by", "is"];

pub(super) fn check(library: &Library<'_>, notes: &mut Vec<Note>) {
    let mut users: BTreeMap<FactId, BTreeSet<&str>> = BTreeMap::new();
    for text in &library.texts {
        for input in text.document.kinds.iter().flat_map(|kind| &kind.inputs) {
            if let InputKind::Fact(fact, _) = &input.kind {
                users.entry(*fact).or_default().insert(&text.document.id);
            }
        }
    }
    for (fact, own) in users.iter().filter(|(_, own)| own.len() == 1) {
        let definition = library.vocabulary.get(*fact);
        // Whoever asks for both has told them apart. Of two facts that are each asked for once, the later one is new.
        let others = users.iter().filter(|(other, theirs)| {
            *other != fact && own.is_disjoint(theirs) && (theirs.len() > 1 || *other < fact)
        });
        let alike = others
            .map(|(other, _)| *other)
            .find(|other| is_alike(definition, library.vocabulary.get(*other)));
        let Some(other) = alike else { continue };
        let Some((index, name)) = library.fact_place(&definition.name) else { continue };
        let known = &library.vocabulary.get(other).name;
        let finding = RULE.finding(
            name,
            format!("“{}”只有一份文件用到,名字很像“{known}”", definition.name),
            format!("only one document asks for “{}”, which looks like “{known}”", definition.name),
        );
        notes.push(Note::new(index, finding));
    }
}

/// Whether two facts could be one: of the same nature, named alike, and neither definition speaks of the other.
fn is_alike(left: &FactDefinition, right: &FactDefinition) -> bool {
    let dimension = |fact: &FactDefinition| fact.unit.map(|unit| unit.dimension);
    let shares_codes = left.codes.is_empty() && right.codes.is_empty()
        || left.codes.iter().any(|code| right.canonical_code(&code.code).is_some());
    let is_same_nature = left.fact_type == right.fact_type
        && dimension(left) == dimension(right)
        && left.of.iter().any(|kind| right.of.contains(kind))
        && shares_codes;
    let speaks_of = |fact: &FactDefinition, other: &FactDefinition| fact.definition.zh.contains(&other.name);
    let contains = left.name.contains(&right.name) || right.name.contains(&left.name);
    // A name within a longer one is found in any definition of the longer; only naming the longer tells them apart.
    let is_told_apart = match contains {
        true => {
            let (short, long) =
                if left.name.len() < right.name.len() { (left, right) } else { (right, left) };
            speaks_of(short, long) || long.definition.zh.replace(&long.name, "").contains(&short.name)
        }
        false => speaks_of(left, right) || speaks_of(right, left),
    };
    is_same_nature
        && !is_told_apart
        && (names_alike(&left.name, &right.name) || labels_alike(&left.en, &right.en))
}

fn names_alike(left: &str, right: &str) -> bool {
    let telling = |name: &str| name.chars().filter(|letter| TELLING.contains(*letter)).collect::<String>();
    if telling(left) != telling(right) {
        return false;
    }
    let bare = |name: &str| {
        let filler = FILLERS.iter().find(|filler| name.len() > filler.len() && name.ends_with(*filler));
        filler.map_or(name, |filler| &name[..name.len() - filler.len()]).to_owned()
    };
    if bare(left) == bare(right) {
        return true;
    }
    let pairs = |name: &str| {
        let letters: Vec<char> = name.chars().collect();
        letters.windows(2).map(|pair| (pair[0], pair[1])).collect::<BTreeSet<_>>()
    };
    let (left, right) = (pairs(left), pairs(right));
    let common = left.intersection(&right).count();
    !left.is_empty() && 200 * common >= LIKENESS_LEAST_PERCENT * (left.len() + right.len())
}

/// The same English words, whatever their order.
fn labels_alike(left: &str, right: &str) -> bool {
    let words = |label: &str| {
        let lower = label.to_lowercase();
        let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.filter(|word| !SMALL_WORDS.contains(word)).map(str::to_owned).collect::<BTreeSet<String>>()
    };
    let (left, right) = (words(left), words(right));
    !left.is_empty() && left == right
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_by_a_filler_or_a_word_or_two_look_alike() {
        assert!(names_alike("研发费用总额", "研发费用"));
        assert!(names_alike("营业收入增长率", "主营业务收入增长率"));
        assert!(labels_alike("R&D expenditure", "Expenditure of R&D"));
    }

    #[test]
    fn names_that_differ_by_what_tells_two_things_apart_do_not() {
        assert!(!names_alike("国家级科技奖前五", "国家级科技奖前三"));
        assert!(!names_alike("境内研发费用", "境外研发费用"));
        assert!(!names_alike("企业组500强", "企业组50强"));
        assert!(!names_alike("资产总额", "负债总额"));
        assert!(!labels_alike("", ""));
    }
}
