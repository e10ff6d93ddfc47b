//! The nearest known name to a misspelt one, as a sentence.

pub use facts::nearest;

/// ` (did you mean “x”?)`, or nothing.
pub fn sentence_en<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(wrong, known).map_or_else(String::new, |near| format!(" (did you mean “{near}”?)"))
}
