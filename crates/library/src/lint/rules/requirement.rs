//! L0302: titles that can only be had by somebody who holds them, directly or through one another.

use std::collections::{BTreeMap, BTreeSet};

use facts::Vocabulary;
use lang::ir::{Condition, Document, Expr, InputKind, InputRef, Kind, Test};

use super::Text;
use crate::lint::rule::{Both, Rule};
use crate::lint::{Library, Note, places};

pub(super) static RULE: Rule = Rule {
    code: "L0302",
    what: Both {
        zh: "资格互为前提:取得它要先持有另一个资格,而那个资格又要先持有它",
        en: "titles that require one another: to gain one a subject must hold another, which requires the first",
    },
    example: "needs: [{id: held, rule: '持有(\"示范企业\")'}]   gives: {status: 示范企业}",
    mend: Both {
        zh: "区分首次认定与复核,如放进 any 的一支;或改正引错的资格",
        en: "tell the first award from its renewal, for example as one branch of any; or correct the title that is named",
    },
};

pub(super) fn check(library: &Library<'_>, notes: &mut Vec<Note>) {
    let needed: Vec<BTreeSet<String>> =
        library.texts.iter().map(|text| titles_needed(text.document, library.vocabulary)).collect();
    let mut givers: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (place, text) in library.texts.iter().enumerate() {
        if let Some(status) = &text.document.gives.status {
            givers.entry(status).or_default().push(place);
        }
    }
    // A title that no document here gives comes from elsewhere; one that is given can be had once one of its givers can
    // be met, so what is never found to be within reach waits for itself.
    let mut within_reach: BTreeSet<usize> = BTreeSet::new();
    let can_be_had = |status: &String, within: &BTreeSet<usize>| {
        givers.get(status.as_str()).is_none_or(|givers| givers.iter().any(|giver| within.contains(giver)))
    };
    while let Some(next) = (0..needed.len()).find(|place| {
        !within_reach.contains(place) && needed[*place].iter().all(|one| can_be_had(one, &within_reach))
    }) {
        within_reach.insert(next);
    }
    for (place, text) in library.texts.iter().enumerate() {
        if within_reach.contains(&place) {
            continue;
        }
        if let Some(way) = way_back(place, &needed, &givers, &within_reach, &library.texts) {
            let names = way.join(" → ");
            let finding = RULE.finding(
                span(text, &way),
                format!("资格互为前提:{names}"),
                format!("titles that require one another: {names}"),
            );
            notes.push(Note::new(text.index, finding));
        }
    }
}

fn span(text: &Text<'_>, way: &[String]) -> facts::Span {
    let quoted = way
        .get(1)
        .map(|title| text.source.text.find(&format!("\"{title}\"")).map(|at| (at, title.len() + 2)));
    match quoted.flatten() {
        Some((at, length)) => facts::Span::new(at, at + length),
        None => places::at(text.root, &["id"]).unwrap_or_default(),
    }
}

/// The way from a document over the titles that it needs back to itself.
fn way_back(
    start: usize,
    needed: &[BTreeSet<String>],
    givers: &BTreeMap<&str, Vec<usize>>,
    within_reach: &BTreeSet<usize>,
    texts: &[Text<'_>],
) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut open = vec![(start, vec![texts[start].document.id.clone()])];
    while let Some((place, way)) = open.pop() {
        for title in &needed[place] {
            for giver in
                givers.get(title.as_str()).into_iter().flatten().filter(|one| !within_reach.contains(one))
            {
                let id = texts[*giver].document.id.clone();
                let further: Vec<String> = way.iter().cloned().chain([title.clone(), id]).collect();
                if *giver == start {
                    return Some(further);
                }
                if seen.insert(*giver) {
                    open.push((*giver, further));
                }
            }
        }
    }
    None
}

/// The titles that nobody can do without who meets the conditions.
fn titles_needed(document: &Document, vocabulary: &Vocabulary) -> BTreeSet<String> {
    let reader = Reader { document, vocabulary };
    reader.all(&document.needs)
}

struct Reader<'a> {
    document: &'a Document,
    vocabulary: &'a Vocabulary,
}

impl Reader<'_> {
    fn all(&self, conditions: &[Condition]) -> BTreeSet<String> {
        conditions.iter().flat_map(|condition| self.condition(condition)).collect()
    }

    fn condition(&self, condition: &Condition) -> BTreeSet<String> {
        match &condition.test {
            Test::Rule(rule) => self.rule(rule),
            Test::All(inner) => self.all(inner),
            Test::Any(inner) => common(inner.iter().map(|one| self.condition(one))),
            Test::First(tiers, otherwise) => {
                let tiers = tiers.iter().map(|(when, tier)| &self.rule(when) | &self.condition(tier));
                common(tiers.chain(otherwise.as_deref().map(|last| self.condition(last))))
            }
            // Titles of others, and what another document asks for, are not this subject's own.
            Test::About(..) | Test::Each(..) | Test::Manual(..) | Test::Include(..) => BTreeSet::new(),
        }
    }

    fn rule(&self, rule: &Expr) -> BTreeSet<String> {
        match &rule.kind {
            Kind::Input(input) => self.title(*input).into_iter().collect(),
            Kind::And(parts) => parts.iter().flat_map(|part| self.rule(part)).collect(),
            Kind::Or(parts) => common(parts.iter().map(|part| self.rule(part))),
            Kind::Let(index) => {
                self.document.lets.get(*index).map(|named| self.rule(&named.value)).unwrap_or_default()
            }
            _ => BTreeSet::new(),
        }
    }

    /// The title that an input means: a status, or a fact that means it is held today.
    fn title(&self, input: InputRef) -> Option<String> {
        let kind = self.document.vars.get(input.var.0)?.kind;
        match &self.document.kinds.get(kind.0)?.inputs.get(input.index)?.kind {
            InputKind::Status(status) => Some(status.clone()),
            InputKind::Fact(fact, _) => {
                let name = &self.vocabulary.get(*fact).name;
                let means = self.vocabulary.statuses.iter().find(|status| status.facts.contains(name));
                means.map(|status| status.name.clone())
            }
            _ => None,
        }
    }
}

fn common(sets: impl Iterator<Item = BTreeSet<String>>) -> BTreeSet<String> {
    sets.reduce(|left, right| &left & &right).unwrap_or_default()
}
