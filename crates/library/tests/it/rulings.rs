//! The rulings that two builders would decide differently, each as examples in `tests/data/rulings`.

use crate::support::{real_library, test_library};

fn passes(id: &str, least: usize) {
    let results = test_library("rulings").run_cases(Some(id));
    assert!(results.len() >= least, "{id} has {} examples", results.len());
    for result in results {
        let differences: Vec<&str> = result.differences.iter().map(|text| text.en.as_str()).collect();
        assert!(differences.is_empty(), "{}:{} {}: {differences:?}", result.path, result.line, result.name);
    }
}

#[test]
fn a_mean_of_growth_rates_that_is_exactly_the_threshold_meets_it() {
    passes("x-growth", 3);
}

#[test]
fn a_coarse_industry_code_leaves_open_which_of_the_rows_below_it_applies() {
    passes("x-size", 4);
}

#[test]
fn milestones_with_an_unknown_amount_received_give_a_range() {
    passes("x-stages", 5);
}

#[test]
fn every_example_of_the_real_library_comes_out_as_computed_by_hand() {
    let results = real_library().run_cases(None);
    let failed: Vec<String> = results
        .iter()
        .filter(|result| !result.differences.is_empty())
        .map(|result| format!("{}:{} {:?}", result.path, result.line, result.differences))
        .collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), results.len(), failed.join("\n"));
    assert!(results.len() >= 54, "at least three examples a document, got {}", results.len());
}

#[test]
fn every_shape_of_the_language_and_of_documents_comes_out_as_computed_by_hand() {
    let results = test_library("shapes").run_cases(None);
    for result in &results {
        let differences: Vec<&str> = result.differences.iter().map(|text| text.en.as_str()).collect();
        assert!(differences.is_empty(), "{}:{} {}: {differences:?}", result.path, result.line, result.name);
    }
    assert!(results.len() >= 55, "{} examples", results.len());
}
