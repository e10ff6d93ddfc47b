//! Codes in the facts of subjects that their classification does not have. They are taken as they are, and told once each:
//! a policy that looks for a code will not find a wrong one.

use std::collections::BTreeMap;

use facts::classification::Standing;
use facts::{FactId, Profile, Value, Vocabulary};
use population::{Key, Population, Values};

use crate::context::Context;
use crate::output::note;

/// Most codes that are told; of more it is told how many.
const SHOWN_MAX: usize = 5;

/// Codes that no edition has, by fact, with how many values hold them.
#[derive(Debug, Default)]
pub struct StrangeCodes(BTreeMap<(FactId, String), usize>);

impl StrangeCodes {
    /// Looks through profiles, their related parties and items.
    pub fn look_at(&mut self, profiles: &[Profile], vocabulary: &Vocabulary) {
        for profile in profiles {
            for (fact, entries) in &profile.facts {
                for entry in entries {
                    match &entry.value {
                        Value::Code(code) => self.meet(*fact, code, 1, vocabulary),
                        Value::Codes(codes) => {
                            codes.iter().for_each(|code| self.meet(*fact, code, 1, vocabulary));
                        }
                        _ => {}
                    }
                }
            }
            profile.roles.values().for_each(|party| self.look_at(std::slice::from_ref(party), vocabulary));
            profile.collections.values().for_each(|items| self.look_at(items, vocabulary));
        }
    }

    /// Looks through the columns of a population, its related parties and items.
    pub fn look_at_columns(&mut self, population: &Population, vocabulary: &Vocabulary) {
        for (key, column) in population.columns() {
            let Key::Fact(fact, _) = key else { continue };
            let Values::Texts { dictionary, indices } = &column.values else { continue };
            if vocabulary.classification(vocabulary.get(*fact)).is_none() {
                continue;
            }
            let mut counts = vec![0usize; dictionary.len()];
            column.known.iter_ones().for_each(|row| counts[indices[row] as usize] += 1);
            for (code, count) in dictionary.iter().zip(counts).filter(|(_, count)| *count > 0) {
                self.meet(*fact, code, count, vocabulary);
            }
        }
        population.roles().values().for_each(|known| self.look_at_columns(&known.parties, vocabulary));
        population.collections().values().for_each(|known| self.look_at_columns(&known.items, vocabulary));
    }

    fn meet(&mut self, fact: FactId, code: &str, count: usize, vocabulary: &Vocabulary) {
        let classification = vocabulary.classification(vocabulary.get(fact));
        if classification.is_some_and(|known| known.standing(code) == Standing::Impossible) {
            *self.0.entry((fact, code.to_owned())).or_default() += count;
        }
    }

    /// Tells what was found.
    pub fn say(&self, vocabulary: &Vocabulary, context: &Context) {
        for ((fact, code), count) in self.0.iter().take(SHOWN_MAX) {
            let definition = vocabulary.get(*fact);
            let Some(list) = vocabulary.classification(definition) else { continue };
            let (name, edition) = (&definition.name, &list.edition);
            let near = list.nearest(code);
            let (zh, en) = near.map_or_else(Default::default, |near| {
                let (number, name) = (&near.code, &near.name);
                (format!(",相近的是 {number} {}", name.zh), format!("; near it is {number} {}", name.en))
            });
            note(context.say(
                &format!("注意:{edition} 里没有{name}“{code}”({count} 处),照原样用{zh}"),
                &format!(
                    "note: {edition} has no {name} “{code}” (in {count} places); it is used as it is{en}"
                ),
            ));
        }
        if let Some(more) = self.0.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
            note(context.say(
                &format!("……还有 {more} 个代码;zhimei codes 可查"),
                &format!("… and {more} more codes; zhimei codes finds them"),
            ));
        }
    }
}
