//! What tests of codes come to, once for each text that occurs instead of once a row.

use facts::FactType;

use super::ChunkEval;
use crate::batch::program::{Atom, Logical, TruthId};
use crate::point::{Truth, code_in_values, rows_of, text_holds, unknown_fact};

/// What a test of a code comes to.
#[derive(Debug)]
pub(in crate::batch) struct Tested {
    /// For each text of the dictionary.
    pub of_code: Vec<Truth>,
    /// Where nothing is known.
    pub unknown: Truth,
    /// For 无.
    pub nothing: Truth,
}

impl<'e> ChunkEval<'e, '_> {
    /// What a test of a code comes to for each text of its slot, of a set whether that code suffices; none for other atoms.
    pub fn tested(&self, truth: TruthId) -> Option<&'e Tested> {
        self.bound.tested[truth].get_or_init(|| self.test(truth)).as_ref()
    }

    fn test(&self, truth: TruthId) -> Option<Tested> {
        let Logical::Atom(atom) = self.program.truths.get(truth) else { return None };
        match atom {
            Atom::CodeIn(slot, codes) => {
                let definition = self.definition(*slot)?;
                let unknown = code_in_values(&unknown_fact(definition), codes, definition.hierarchy);
                let texts = self.bound.slots[*slot].dictionary.iter();
                // A set holds a code or does not; what lies under a code is asked of single codes only.
                let of_code = if definition.fact_type == FactType::Codes {
                    texts.map(|text| Truth::known(codes.contains(text))).collect()
                } else {
                    texts.map(|text| crate::point::under(text, codes, definition.hierarchy)).collect()
                };
                Some(Tested { of_code, unknown, nothing: Truth::False })
            }
            Atom::Text(slot, test, part) => {
                let holds = |text: &str| test.holds(text, part);
                let unknown = text_holds(&unknown_fact(self.definition(*slot)?), holds);
                let of_code =
                    self.bound.slots[*slot].dictionary.iter().map(|text| Truth::known(holds(text))).collect();
                Some(Tested { of_code, unknown, nothing: Truth::False })
            }
            Atom::Rows(slot, keys, wanted, may_be_none) => {
                let is_wanted =
                    |found: (Vec<usize>, bool)| Truth::known(found.0 == *wanted && found.1 == *may_be_none);
                let of_text = |text: &String| is_wanted(rows_of(keys.len(), |row| &keys[row], text));
                let of_code = self.bound.slots[*slot].dictionary.iter().map(of_text).collect();
                let nothing = is_wanted((Vec::new(), true));
                Some(Tested { of_code, unknown: Truth::False, nothing })
            }
            _ => None,
        }
    }
}
