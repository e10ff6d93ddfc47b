//! Names of several words, and how they are found in the text.

use super::chars::{continues_name, is_name_symbol, is_space};

/// Who knows which names of several words, or with signs in them, exist. Names of one word need no declaration.
pub trait Names {
    /// `text` is the rest of the source, at the start of a name. How many of its bytes does the longest
    /// declared name take? White space inside a name may differ; [`match_name`] does the comparison.
    fn longest(&self, text: &str) -> Option<usize>;
}

/// No declared names: every name is one word.
pub struct NoNames;

impl Names for NoNames {
    fn longest(&self, _text: &str) -> Option<usize> {
        None
    }
}

/// A plain list of declared names.
pub struct NameList(pub Vec<String>);

impl Names for NameList {
    fn longest(&self, text: &str) -> Option<usize> {
        longest_of(self.0.iter().map(String::as_str), text)
    }
}

/// Functions and properties of FEEL that have more than one word.
const BUILTIN_NAMES: &[&str] = &[
    "context merge",
    "context put",
    "day of week",
    "day of year",
    "distinct values",
    "end included",
    "ends with",
    "finished by",
    "get entries",
    "get value",
    "index of",
    "insert before",
    "list contains",
    "list replace",
    "lower case",
    "met by",
    "month of year",
    "overlaps after",
    "overlaps before",
    "round down",
    "round half down",
    "round half up",
    "round up",
    "start included",
    "started by",
    "starts with",
    "string join",
    "string length",
    "substring after",
    "substring before",
    "time offset",
    "upper case",
    "week of year",
];

/// Builtin functions with `and` in their name. They are names only before `(`, for elsewhere `and` is an operator.
const BUILTIN_NAMES_WITH_AND: &[&str] =
    &["date and time", "years and months duration", "days and time duration"];

/// The longest builtin name of several words at the start of `text`.
pub(super) fn longest_builtin(text: &str) -> Option<usize> {
    let called = |length: &usize| text[*length..].trim_start_matches(is_space).starts_with(['(', '（']);
    let with_and = longest_of(BUILTIN_NAMES_WITH_AND.iter().copied(), text).filter(called);
    with_and.or_else(|| longest_of(BUILTIN_NAMES.iter().copied(), text))
}

/// The longest of `names` at the start of `text`.
pub(super) fn longest_of<'a>(names: impl Iterator<Item = &'a str>, text: &str) -> Option<usize> {
    names.filter_map(|name| match_name(name, text)).max()
}

/// If `text` begins with `name`, how many bytes the name takes there. A blank in the name stands for any white
/// space, signs may have white space around them, and the name must not end inside a longer word.
pub fn match_name(name: &str, text: &str) -> Option<usize> {
    let mut rest = text;
    let mut last: Option<char> = None;
    let mut blank_before = false;
    for c in name.chars() {
        if is_space(c) {
            blank_before = true;
            continue;
        }
        let skipped = rest.trim_start_matches(is_space);
        let at_sign = is_name_symbol(c) || last.is_some_and(is_name_symbol);
        let has_blank = skipped.len() < rest.len();
        match last {
            Some(_) if at_sign => rest = skipped,
            Some(_) if blank_before && has_blank => rest = skipped,
            Some(_) if blank_before || has_blank => return None,
            _ => {}
        }
        rest = rest.strip_prefix(c)?;
        (last, blank_before) = (Some(c), false);
    }
    let ends_in_word = last.is_some_and(continues_name) && rest.starts_with(continues_name);
    (last.is_some() && !ends_in_word).then_some(text.len() - rest.len())
}
