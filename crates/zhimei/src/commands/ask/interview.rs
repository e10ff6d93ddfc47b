//! What is known so far, and what to ask next. Answers are kept apart from the start, so that each can be taken back.

use engine::point::{Decision, Engine, Options, Question, questions, reference_year};
use facts::{Date, FactId, Holding, Origin, Period, Profile, Vocabulary};
use lang::ir::{Document, InputKind};
use library::Library;
use wording::{value, words};

use super::answer::Reply;
use crate::context::Context;

/// Something that can be asked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Open {
    /// A fact in a period.
    Fact {
        /// As the documents write it.
        key: String,
        /// The fact.
        fact: FactId,
        /// The period, with its years written out.
        period: Period,
        /// What its answer is worth.
        question: Box<Question>,
    },
    /// Whether a status is held.
    Status(String),
    /// Whether a collection has any items.
    Collection(String),
}

impl Open {
    /// What tells it apart from others.
    fn name(&self) -> String {
        match self {
            Open::Fact { key, .. } => key.clone(),
            Open::Status(name) => format!("status:{name}"),
            Open::Collection(name) => format!("collection:{name}"),
        }
    }
}

/// An interview with one subject.
pub struct Interview<'l> {
    library: &'l Library,
    ids: Vec<String>,
    start: Profile,
    answers: Vec<(Open, Reply)>,
    day: Date,
}

impl<'l> Interview<'l> {
    /// An interview that begins with what is known.
    pub fn new(library: &'l Library, ids: Vec<String>, start: Profile, day: Date) -> Self {
        Self { library, ids, start, answers: Vec::new(), day }
    }

    /// The words of the library.
    pub fn vocabulary(&self) -> &'l Vocabulary {
        &self.library.rulebook.vocabulary
    }

    /// How many questions were answered.
    pub fn answered(&self) -> usize {
        self.answers.len()
    }

    /// Everything known now.
    pub fn profile(&self) -> Profile {
        let mut profile = self.start.clone();
        for (open, reply) in &self.answers {
            match (open, reply) {
                (Open::Fact { fact, period, .. }, Reply::Value(value)) => {
                    profile.set(
                        *fact,
                        period.clone(),
                        value.clone(),
                        Origin { text: facts::Text { zh: "回答".to_owned(), en: "answered".to_owned() } },
                    );
                }
                (Open::Status(name), Reply::Value(facts::Value::Bool(held))) => {
                    let holding = Holding { held: *held, number: String::new(), from: None, to: None };
                    profile.holdings.insert(name.clone(), holding);
                }
                (Open::Collection(name), Reply::Nothing) => {
                    profile.collections.entry(name.clone()).or_default();
                }
                _ => {}
            }
        }
        profile
    }

    /// The decisions on what is known now.
    pub fn decisions(&self) -> Vec<Decision<'l>> {
        let profile = self.profile();
        let engine = Engine::new(&self.library.rulebook).with(Options { gaps: false });
        let decided = self.ids.iter().filter_map(|id| engine.decide(id, &profile, self.day));
        decided.filter(|decision| decision.document.subject == profile.kind).collect()
    }

    /// The next best question that was not asked before; facts first, then statuses, then collections.
    pub fn next(&self) -> Option<Open> {
        let decisions = self.decisions();
        let is_new = |open: &Open| !self.answers.iter().any(|(known, _)| known.name() == open.name());
        let facts = questions(&decisions, self.vocabulary()).into_iter().filter_map(|question| {
            let (fact, period) = self.input(&decisions, &question.key)?;
            Some(Open::Fact { key: question.key.clone(), fact, period, question: Box::new(question) })
        });
        let mut others: Vec<Open> = Vec::new();
        for decision in &decisions {
            for missing in
                decision.missing.iter().filter(|missing| missing.fact.is_none() && !missing.is_manual)
            {
                others.extend(own_input(decision.document, &missing.key));
            }
        }
        others.sort_by_key(|open| matches!(open, Open::Collection(_)));
        facts.chain(others).find(is_new)
    }

    /// The fact and period of a key of the subject itself; a related party's or an item's is not asked for here.
    fn input(&self, decisions: &[Decision<'_>], key: &str) -> Option<(FactId, Period)> {
        let reads =
            decisions.iter().filter(|decision| decision.missing.iter().any(|missing| missing.key == key));
        reads.into_iter().find_map(|decision| {
            let document = decision.document;
            let input = document.kinds[0].inputs.iter().find(|input| input.key == key)?;
            let InputKind::Fact(fact, period) = &input.kind else { return None };
            let definition = self.vocabulary().get(*fact);
            let reference = reference_year(document, Some(&self.start), self.day);
            Some((*fact, period.absolute(definition, reference)))
        })
    }

    /// Takes an answer.
    pub fn take(&mut self, open: Open, reply: Reply) {
        self.answers.push((open, reply));
    }

    /// Takes the last answer back; false if there is none.
    pub fn back(&mut self) -> bool {
        self.answers.pop().is_some()
    }

    /// The question in words, with key, period and unit.
    pub fn question(&self, open: &Open, context: &Context) -> String {
        let zh = context.is_chinese();
        match open {
            Open::Status(name) if zh => format!("现在持有“{name}”吗?(是/否)"),
            Open::Status(name) => format!("Is “{name}” held today? (是/否, yes/no)"),
            Open::Collection(name) if zh => format!("有“{name}”吗?没有就回答 没有;有的话请用 template 填表"),
            Open::Collection(name) => {
                format!("Are there any “{name}”? Answer 没有 (none), or fill in the sheet of `template`")
            }
            Open::Fact { key, fact, period, .. } => {
                let definition = self.vocabulary().get(*fact);
                let ask = context.text(&definition.ask);
                let ask = if ask.is_empty() { definition.name.as_str() } else { ask };
                let mut beside = vec![key.clone()];
                let year = period.to_string();
                beside.extend((!year.is_empty() && !key.contains(&year)).then_some(year));
                beside.extend(definition.unit.map(|unit| unit.name.to_owned()));
                let codes: Vec<&str> = definition.codes.iter().map(|code| code.code.as_str()).collect();
                beside.extend((!codes.is_empty()).then(|| codes.join("/")));
                format!("{ask} ({})", beside.join(context.say(",", ", ")))
            }
        }
    }

    /// What the answer is worth.
    pub fn stake(&self, open: &Open, context: &Context) -> String {
        let Open::Fact { question, .. } = open else { return String::new() };
        let zh = context.is_chinese();
        let money = value::fen(question.at_stake, context.language);
        match (question.settles, question.at_stake.0) {
            (0, _) if zh => format!("关系到 {} 项政策", question.helps),
            (0, _) => format!("policies it bears on: {}", question.helps),
            (count, 0) if zh => format!("可定 {count} 项政策"),
            (count, 0) => format!("policies it settles: {count}"),
            (count, _) if zh => format!(
                "可定 {count} 项政策,最高 {money}({})",
                words::amount(question.at_stake, context.language)
            ),
            (count, _) => format!("policies it settles: {count}, up to {money}"),
        }
    }

    /// What a question means.
    pub fn meaning(&self, open: &Open, context: &Context) -> String {
        match open {
            Open::Fact { fact, .. } => {
                let definition = self.vocabulary().get(*fact);
                let (meaning, from) =
                    (context.text(&definition.definition), context.text(&definition.department));
                let parts: Vec<&str> = [meaning, from].into_iter().filter(|part| !part.is_empty()).collect();
                parts.join(" · ")
            }
            Open::Status(name) | Open::Collection(name) => name.clone(),
        }
    }
}

/// A status or a collection of the subject itself.
fn own_input(document: &Document, key: &str) -> Option<Open> {
    let input = document.kinds[0].inputs.iter().find(|input| input.key == key)?;
    match &input.kind {
        InputKind::Status(name) => Some(Open::Status(name.clone())),
        InputKind::Collection(name) => Some(Open::Collection(name.clone())),
        _ => None,
    }
}
