//! The nearest known name to a misspelt one.

/// The known name most like `wrong`, if any is like enough to be meant.
pub fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const LIKE_ENOUGH: f64 = 0.55;
    let lower = wrong.to_lowercase();
    known
        .map(|name| (likeness(&lower, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= LIKE_ENOUGH)
        .max_by(|left, right| left.0.total_cmp(&right.0).then_with(|| right.1.cmp(left.1)))
        .map(|(_, name)| name)
}

/// ` (did you mean “x”?)`, or nothing.
pub fn sentence_en<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> String {
    nearest(wrong, known).map_or_else(String::new, |near| format!(" (did you mean “{near}”?)"))
}

/// Chinese names are short, so shared letters count as much as their order.
fn likeness(left: &str, right: &str) -> f64 {
    let edit = strsim::normalized_damerau_levenshtein(left, right);
    edit.max(strsim::sorensen_dice(left, right) * 0.95)
}
