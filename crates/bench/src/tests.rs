//! What must be true of the workload and of what it is compared with.

use engine::batch::{Plan, Request};
use engine::point::{Engine, Options, Outcome};

use crate::engines::Engine as _;
use crate::engines::ours::{Bulk, OneByOne};
use crate::exact;
use crate::measure::{Slice, Work};
use crate::policy;
use crate::printing::population::population;
use crate::probe::PROBES;
use crate::verdicts::{FALSE, TRUE, UNKNOWN, Verdicts};
use crate::workload::SEED;
use crate::workload::documents::Documents;
use crate::workload::fields::{FIELDS, Kind, SHARES, day};
use crate::workload::rows::Rows;

#[test]
fn the_same_seed_gives_the_same_workload_whatever_its_size() {
    let few = Rows::generate(SEED, 50);
    let more = Rows::generate(SEED, 200);
    for (few, more) in few.columns.iter().zip(&more.columns) {
        assert_eq!(few.values, more.values[..50]);
        assert_eq!(few.known, more.known[..50]);
    }
    let few = Documents::generate(SEED, 10);
    let more = Documents::generate(SEED, 40).first(10);
    for (few_document, more_document) in few.documents.iter().zip(&more.documents) {
        let text = |documents: &Documents, document| policy::document_text(document, &documents.atoms);
        assert_eq!(text(&few, few_document), text(&more, more_document));
    }
}

#[test]
fn the_workload_is_as_large_and_as_shared_as_it_says() {
    let documents = Documents::generate(SEED, 1_000);
    assert_eq!(documents.documents.len(), 1_000);
    let around = |found: usize, said: usize| found.abs_diff(said) * 20 <= said;
    assert!(around(documents.uses(), 6_000), "{} conditions", documents.uses());
    assert!(around(documents.comparisons(), 1_350), "{} different", documents.comparisons());
    assert!(around(documents.conjunctions(), 1_940), "{} conjunctions", documents.conjunctions());
    let kinds = |wanted: fn(&Kind) -> bool| FIELDS.iter().filter(|field| wanted(&field.kind)).count();
    assert_eq!(kinds(|kind| matches!(kind, Kind::Money { .. } | Kind::Count { .. } | Kind::Part { .. })), 18);
    assert_eq!(kinds(|kind| matches!(kind, Kind::Date)), 4);
    assert_eq!(kinds(|kind| matches!(kind, Kind::Code(_))), 6);
    assert_eq!(kinds(|kind| matches!(kind, Kind::Bool)), 5);
    assert_eq!(kinds(|kind| matches!(kind, Kind::Set(_))), 3);
    assert_eq!(FIELDS.len() + SHARES.len(), 40);
}

#[test]
fn values_are_unknown_as_often_as_said_and_shares_lie_on_thresholds() {
    let rows = Rows::generate(SEED, 5_000);
    for (field, column) in FIELDS.iter().zip(&rows.columns) {
        let unknown = column.known.iter().filter(|is_known| !**is_known).count();
        assert!((600..900).contains(&unknown), "{}: {unknown} of 5000 unknown", field.name);
    }
    for share in SHARES {
        let is_tie = |row: usize, beside: i64| {
            let above = rows.columns[share.numerator].get(row)?;
            let below = rows.columns[share.denominator].get(row)?;
            Some(share.cuts.iter().any(|cut| below > 0 && (above + beside) * 1_000 == below * cut))
        };
        for beside in [-1, 0, 1] {
            let ties = (0..rows.count).filter(|row| is_tie(*row, beside) == Some(true)).count();
            assert!(ties >= 30, "{ties} rows whose share is {beside} beside a threshold");
        }
    }
}

#[test]
fn all_documents_compile_in_our_language_without_a_finding() {
    let documents = Documents::generate(SEED, 1_000);
    let rulebook = policy::rulebook(&documents).unwrap();
    assert_eq!(rulebook.entries().len(), 1_000);
}

#[test]
fn the_exact_reference_and_the_products_exact_engine_agree() {
    let documents = Documents::generate(SEED, 300);
    let rulebook = policy::rulebook(&documents).unwrap();
    let rows = Rows::generate(SEED, 60);
    let truth = exact::decide(&documents, &rows, rows.count);
    let engine = Engine::new(&rulebook).with(Options { gaps: false });
    let mut seen = [0; 3];
    for row in 0..rows.count {
        let profile = policy::profile(&rows, row, &rulebook.vocabulary);
        for (index, document) in documents.documents.iter().enumerate() {
            let outcome = engine.decide(&document.id, &profile, day()).unwrap().outcome;
            let verdict = match outcome {
                Outcome::Eligible => TRUE,
                Outcome::Ineligible => FALSE,
                _ => UNKNOWN,
            };
            seen[usize::from(verdict)] += 1;
            let text = policy::document_text(document, &documents.atoms);
            assert_eq!(truth.get(index, row), verdict, "row {row}: {profile:#?}\n{text}");
        }
    }
    assert!(seen.iter().all(|count| *count > 300), "{seen:?}");
}

#[test]
fn the_bulk_engine_decides_the_workload_as_it_is_true() {
    let work = Work::new(SEED, 500, 200).unwrap();
    let truth = exact::decide(&work.documents, &work.rows, work.rows.count);
    let verdicts = Bulk::default().verdicts(&work, Slice { rows: 500, documents: 200 }).unwrap();
    let difference = verdicts.against(&truth);
    assert_eq!((difference.wrong, difference.guessed, difference.withheld), (0, 0, 0));
    for document in 0..200 {
        assert_eq!(verdicts.counts(document), truth.counts(document));
    }
}

#[test]
fn our_two_engines_answer_every_probe_alike() {
    for probe in PROBES {
        let answer = OneByOne.probe(&probe);
        assert!(["yes", "no", "unknown"].contains(&answer.as_str()), "{}: {answer}", probe.name);
        assert_eq!(Bulk::default().probe(&probe), answer, "{}", probe.name);
    }
}

#[test]
fn wrong_guessed_and_withheld_answers_are_told_apart() {
    let mut truth = Verdicts::new(1, 4);
    let mut answers = Verdicts::new(1, 4);
    for (row, (is, said)) in
        [(TRUE, FALSE), (UNKNOWN, FALSE), (FALSE, UNKNOWN), (TRUE, TRUE)].into_iter().enumerate()
    {
        truth.set(0, row, is);
        answers.set(0, row, said);
    }
    let difference = answers.against(&truth);
    let found = (difference.compared, difference.wrong, difference.guessed, difference.withheld);
    assert_eq!(found, (4, 1, 1, 1));
    assert_eq!(answers.counts(0), (1, 2));
}

#[test]
fn no_document_of_the_workload_needs_more_than_planes_and_bounds() {
    let work = Work::new(SEED, 4_096, 1_000).unwrap();
    let plan = Plan::new(&work.rulebook, work.ids(1_000), day());
    let held: Vec<String> = plan
        .report()
        .into_iter()
        .filter(|report| report.entangled > 0 || !report.fallbacks.is_empty())
        .map(|report| format!("{} {} {:?}", report.id, report.entangled, report.fallbacks))
        .collect();
    assert!(held.is_empty(), "{} documents:\n{}", held.len(), held[..held.len().min(10)].join("\n"));
    let subjects = population(&work.rows, 4_096, &work.rulebook.vocabulary).unwrap();
    let outcomes = plan.decide(&subjects, Request::default());
    let asked: usize = outcomes.documents.iter().map(|document| document.asked).sum();
    assert!(asked * 1_000 < 4_096 * 1_000, "{asked} decisions one by one");
    assert!(plan.into_counter().share() == 1.0, "every document is counted on planes");
}
