//! The next best question: the unknown fact whose answer settles most.

use std::collections::BTreeMap;

use facts::{Change, FactId, Fen, Vocabulary};
use lang::ir::Nature;

use super::decision::{Decision, Outcome};

/// A question worth asking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// What to ask for, as a document writes it.
    pub key: String,
    /// The fact.
    pub fact: FactId,
    /// The most money that the answer alone can settle.
    pub at_stake: Fen,
    /// How many documents it alone can settle.
    pub settles: usize,
    /// How many documents read it among other unknowns.
    pub helps: usize,
}

/// The questions that these decisions leave open, best first: by money at stake in documents which the answer alone
/// settles, then by their number, then by how many documents it helps, then in the order of the vocabulary. What a
/// person has to judge, or only time changes, is not asked.
pub fn questions(decisions: &[Decision<'_>], vocabulary: &Vocabulary) -> Vec<Question> {
    let mut found: BTreeMap<(FactId, String), Question> = BTreeMap::new();
    for decision in decisions {
        if !matches!(decision.outcome, Outcome::Unknown | Outcome::Eligible) {
            continue;
        }
        let greatest = match decision.nature {
            None | Some(Nature::Grant | Nature::TaxSaved) => {
                decision.amount_if_eligible.as_ref().and_then(super::money::Money::greatest)
            }
            Some(_) => None,
        };
        for missing in &decision.missing {
            let Some(fact) = missing.fact.filter(|_| !missing.is_manual) else { continue };
            let definition = vocabulary.get(fact);
            if definition.change == Change::Time && definition.fact_type != facts::FactType::Date {
                continue;
            }
            let key = (fact, missing.key.clone());
            let question = found.entry(key).or_insert_with(|| Question {
                key: missing.key.clone(),
                fact,
                at_stake: Fen::ZERO,
                settles: 0,
                helps: 0,
            });
            question.helps += 1;
            if decision.missing.len() == 1 {
                question.settles += 1;
                let more = greatest.unwrap_or(Fen::ZERO);
                question.at_stake = question.at_stake.checked_add(more).unwrap_or(Fen(i64::MAX));
            }
        }
    }
    let mut questions: Vec<Question> = found.into_values().collect();
    questions.sort_by(|left, right| {
        let order = |question: &Question| (question.at_stake, question.settles, question.helps);
        order(right).cmp(&order(left)).then_with(|| (left.fact, &left.key).cmp(&(right.fact, &right.key)))
    });
    questions
}
