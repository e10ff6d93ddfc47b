//! Sound files with random damage: whatever comes of it, the check ends with findings that lie in their files.

use facts::Language;
use proptest::prelude::*;

use super::sound_files;

/// What is done to a file.
#[derive(Clone, Debug)]
enum Damage {
    /// Characters taken out.
    Delete(usize, usize),
    /// Characters given twice.
    Repeat(usize, usize),
    /// Two stretches change places.
    Swap(usize, usize, usize),
    /// Something put in.
    Insert(usize, &'static str),
    /// A line taken out, given twice, or moved to another place.
    Line(usize, usize, u8),
    /// A word put in the place of another.
    Word(usize, usize),
}

/// Bits of text that meet parsers where they are weak.
const SPLINTERS: [&str; 24] = [
    ":", "- ", "\n", "\t", "  ", "{", "}", "[", "]", "'", "\"", "#", "&a ", "*a", "|", ">-\n", "(", ")", ".",
    "..", "，", "\u{feff}", "%", "\u{0}",
];

fn damage() -> impl Strategy<Value = Damage> {
    let at = || 0..10_000usize;
    prop_oneof![
        (at(), 1..40usize).prop_map(|(at, count)| Damage::Delete(at, count)),
        (at(), 1..40usize).prop_map(|(at, count)| Damage::Repeat(at, count)),
        (at(), at(), 1..12usize).prop_map(|(left, right, count)| Damage::Swap(left, right, count)),
        (at(), prop::sample::select(SPLINTERS.to_vec())).prop_map(|(at, text)| Damage::Insert(at, text)),
        (at(), at(), 0..3u8).prop_map(|(from, to, how)| Damage::Line(from, to, how)),
        (at(), at()).prop_map(|(at, other)| Damage::Word(at, other)),
    ]
}

fn apply(text: &str, damage: &Damage) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return String::new();
    }
    let length = characters.len();
    let stretch = |at: usize, count: usize| (at % length)..(at % length + count).min(length);
    match damage {
        Damage::Delete(at, count) => drop(characters.drain(stretch(*at, *count))),
        Damage::Repeat(at, count) => {
            let again: Vec<char> = characters[stretch(*at, *count)].to_vec();
            let end = stretch(*at, *count).end;
            characters.splice(end..end, again);
        }
        Damage::Swap(left, right, count) => {
            for offset in 0..*count {
                characters.swap((left + offset) % length, (right + offset) % length);
            }
        }
        Damage::Insert(at, splinter) => drop(characters.splice(at % length..at % length, splinter.chars())),
        Damage::Line(from, to, how) => return line(text, *from, *to, *how),
        Damage::Word(at, other) => return word(text, *at, *other),
    }
    characters.into_iter().collect()
}

fn line(text: &str, from: usize, to: usize, how: u8) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let from = from % lines.len().max(1);
    let Some(taken) = lines.get(from).copied() else { return String::new() };
    if how != 1 {
        lines.remove(from);
    }
    if how != 0 {
        lines.insert(to % (lines.len() + 1), taken);
    }
    lines.join("\n")
}

/// Puts a word of the text in the place of another.
fn word(text: &str, at: usize, other: usize) -> String {
    let is_edge = |c: char| c.is_whitespace() || ",:{}[]()\"'.".contains(c);
    let mut words: Vec<(usize, &str)> = Vec::new();
    for piece in text.split(is_edge).filter(|piece| !piece.is_empty()) {
        words.push((piece.as_ptr() as usize - text.as_ptr() as usize, piece));
    }
    if words.is_empty() {
        return text.to_owned();
    }
    let ((start, old), (_, new)) = (words[at % words.len()], words[other % words.len()]);
    format!("{}{new}{}", &text[..start], &text[start + old.len()..])
}

proptest! {
    #![proptest_config(crate::laws::cases(150))]

    #[test]
    fn damaged_files_are_reported_and_never_bring_the_check_down(
        file in 0..5usize,
        damages in prop::collection::vec(damage(), 1..5),
    ) {
        let mut files = sound_files();
        prop_assert_eq!(files.len(), 5);
        for one in &damages {
            files[file].text = apply(&files[file].text, one);
        }
        let checked = library::check(files);
        for finding in &checked.findings {
            let source = &checked.sources[finding.source];
            let span = finding.diagnostic.span;
            prop_assert!(span.start <= span.end && span.start <= source.text.len(), "{:?}", finding);
            prop_assert!(source.text.is_char_boundary(span.start), "{:?}", finding);
            for language in [Language::Chinese, Language::English] {
                prop_assert!(!source.render(&finding.diagnostic, language).is_empty());
            }
        }
        let formatted = lang::document::format(&checked.sources[file].text);
        prop_assert_eq!(lang::document::format(&formatted), formatted, "formatted again it differs");
        // What is left can still be decided by.
        if let Some(library) = checked.library {
            let _ = library.run_cases(None);
        }
    }
}
