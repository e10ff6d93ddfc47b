//! Any bytes: the parser neither panics nor hangs, its spans lie in the text, and what it accepts survives formatting.

#![no_main]

use lang::syntax::{NameList, format, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    let names = NameList(vec!["annual income".to_owned(), "profit-and-loss".to_owned()]);
    let (tree, errors) = parse(&text, 0, &names);
    for error in &errors {
        assert!(error.span.start <= error.span.end && error.span.end <= text.len());
    }
    let Some(tree) = tree.filter(|_| errors.is_empty()) else { return };
    let formatted = format(&tree);
    let (again, errors) = parse(&formatted, 0, &names);
    assert!(errors.is_empty(), "{text} became {formatted}: {errors:?}");
    let again = again.expect("no errors, so a tree");
    assert_eq!(format(&again), formatted);
});
