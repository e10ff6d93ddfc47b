//! Searches and changes against their slow twin: evaluating everything.

use engine::delta::{Flip, Readers, Standing};
use engine::index::{Found, Index, Odds, Subject};
use engine::planes::{Builder, Circuit, Lit, Truth, value_of};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::planes::{circuit, recipe, truth};

const ATOMS: usize = 6;

fn answers(circuit: &Circuit, atoms: &[Truth]) -> Vec<Truth> {
    let values = circuit.evaluate(atoms);
    circuit.roots().iter().map(|&root| value_of(root, &values)).collect()
}

fn with_answer(answers: &[Truth], wanted: Truth) -> Vec<u32> {
    let numbered = answers.iter().enumerate().filter(|&(_, &answer)| answer == wanted);
    numbered.map(|(root, _)| root as u32).collect()
}

proptest! {
    #[test]
    fn a_search_finds_what_evaluating_every_document_finds(
        recipes in vec(recipe(), 0..40),
        roots in vec(any::<(u16, bool)>(), 0..60),
        odds in vec((0f32..=1.0, 0f32..=1.0), ATOMS),
        has_odds in any::<bool>(),
        subjects in vec(vec(truth(), ATOMS), 1..8),
        removed in proptest::option::of(any::<u16>()),
    ) {
        let circuit = circuit(ATOMS, &recipes, &roots);
        let odds: Vec<Odds> = odds.iter().map(|&(trues, falses)| Odds { trues, falses }).collect();
        let mut index = Index::new(&circuit, if has_odds { &odds } else { &[] });
        let removed = removed.filter(|_| !roots.is_empty()).map(|root| usize::from(root) % roots.len());
        if let Some(removed) = removed {
            index.remove(removed);
        }
        let mut found = Found::default();
        for atoms in &subjects {
            let mut subject = Subject::new(ATOMS);
            for (atom, &state) in atoms.iter().enumerate() {
                subject.set(atom, state);
                prop_assert_eq!(subject.get(atom), state);
            }
            index.search(&subject, &mut found);
            found.trues.sort_unstable();
            found.unknowns.sort_unstable();
            let mut answers = answers(&circuit, atoms);
            if let Some(removed) = removed {
                answers[removed] = Truth::False;
            }
            prop_assert_eq!(&found.trues, &with_answer(&answers, Truth::True));
            prop_assert_eq!(&found.unknowns, &with_answer(&answers, Truth::Unknown));
        }
    }

    #[test]
    fn after_any_changes_a_standing_is_what_evaluating_anew_gives(
        recipes in vec(recipe(), 0..40),
        roots in vec(any::<(u16, bool)>(), 0..40),
        mut atoms in vec(truth(), ATOMS),
        changes in vec(vec((0..ATOMS, truth()), 0..4), 1..20),
    ) {
        let circuit = circuit(ATOMS, &recipes, &roots);
        let readers = Readers::new(&circuit);
        let mut standing = Standing::new(&circuit, &atoms);
        let mut flips = Vec::new();
        for change in changes {
            let before = answers(&circuit, &atoms);
            change.iter().for_each(|&(atom, state)| atoms[atom] = state);
            let after = answers(&circuit, &atoms);
            standing.change(&readers, change, &mut flips);
            flips.sort_unstable();
            let slow: Vec<Flip> = (0..roots.len())
                .filter(|&root| before[root] != after[root])
                .map(|root| Flip { root: root as u32, from: before[root], to: after[root] })
                .collect();
            prop_assert_eq!(&flips, &slow);
            for (root, &answer) in after.iter().enumerate() {
                prop_assert_eq!(standing.root(&readers, root), answer);
            }
        }
    }

    #[test]
    fn a_rank_sets_all_cuts_of_a_column_at_once(
        before in 0usize..5,
        cuts in 0usize..10,
        rank in proptest::option::of(0usize..10),
    ) {
        let mut subject = Subject::new(before + cuts + 2);
        let rank = rank.map(|rank| rank.min(cuts));
        (0..before + cuts + 2).for_each(|atom| subject.set(atom, Truth::False));
        subject.set_cuts(before..before + cuts, rank);
        for atom in 0..before + cuts + 2 {
            let slow = match atom.checked_sub(before) {
                Some(cut) if cut < cuts => rank.map_or(Truth::Unknown, |rank| (cut < rank).into()),
                _ => Truth::False,
            };
            prop_assert_eq!(subject.get(atom), slow);
        }
    }
}

/// Wide and deep conditions, which do not stand where they are used.
#[test]
fn documents_of_hundreds_of_conditions_are_searched_to_the_last_one() {
    for width in [1, 2, 20, 62, 63, 64, 65, 66, 67, 130, 300] {
        let mut builder = Builder::new();
        let atoms: Vec<Lit> = (0..width + 1).map(|_| builder.atom()).collect();
        let any = builder.or(&atoms[..width]);
        let mut deep = any;
        for &atom in &atoms {
            let both = builder.and(&[deep, atom]);
            deep = builder.or(&[both, !atom]);
        }
        let roots = [builder.and(&[any, atoms[width]]), any, deep, builder.and(&[deep, !any]), Lit::UNKNOWN];
        let circuit = builder.finish(&roots);
        let index = Index::new(&circuit, &[]);
        let mut found = Found::default();
        for odd in 0..=width {
            for state in Truth::ALL {
                let mut states = vec![Truth::False; width + 1];
                states[odd] = state;
                let mut subject = Subject::new(width + 1);
                states.iter().enumerate().for_each(|(atom, &state)| subject.set(atom, state));
                index.search(&subject, &mut found);
                found.trues.sort_unstable();
                found.unknowns.sort_unstable();
                let answers = answers(&circuit, &states);
                assert_eq!(found.trues, with_answer(&answers, Truth::True), "{width} wide, {odd} {state:?}");
                assert_eq!(
                    found.unknowns,
                    with_answer(&answers, Truth::Unknown),
                    "{width} wide, {odd} {state:?}"
                );
            }
        }
    }
}
