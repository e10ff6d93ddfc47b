//! The words of the library do not stand in the sources of `lang` and `engine`: what a policy says is data.

use std::collections::BTreeMap;

use saphyr::{LoadableYamlNode, Yaml};

use super::Finding;
use super::rust::{RustFile, TokenKind};
use super::sources::TextFile;

/// Shorter words are part of ordinary ones.
const CHARS_MIN: usize = 3;

/// The words of a library: each with where it is declared.
pub type Words = BTreeMap<String, String>;

/// Ids of documents; names of facts, collections, roles, statuses and period labels, with the names they also go by.
pub fn collect(library: &[TextFile]) -> Words {
    let mut words = Words::new();
    for file in library.iter().filter(|file| !file.path.ends_with("/cases.yaml")) {
        // A file that is not YAML is reported by `zhimei check`, with its place.
        let Ok(documents) = Yaml::load_from_str(&file.text) else {
            continue;
        };
        for document in &documents {
            add(&mut words, document, "id", &file.path);
            for section in ["facts", "collections", "statuses", "periods", "documents"] {
                for entry in list(document, section) {
                    add(&mut words, entry, "name", &file.path);
                    add(&mut words, entry, "id", &file.path);
                    list(entry, "also").iter().for_each(|word| insert(&mut words, word, &file.path));
                    roles(entry).for_each(|word| insert(&mut words, word, &file.path));
                }
            }
        }
    }
    words
}

fn list<'a, 'i>(node: &'a Yaml<'i>, key: &str) -> &'a [Yaml<'i>] {
    node.as_mapping_get(key).and_then(|found| found.as_vec()).map_or(&[], |found| found)
}

fn roles<'a, 'i>(entry: &'a Yaml<'i>) -> impl Iterator<Item = &'a Yaml<'i>> {
    entry.as_mapping_get("roles").and_then(|found| found.as_mapping()).into_iter().flat_map(|map| map.keys())
}

fn add(words: &mut Words, node: &Yaml<'_>, key: &str, path: &str) {
    if let Some(word) = node.as_mapping_get(key) {
        insert(words, word, path);
    }
}

fn insert(words: &mut Words, word: &Yaml<'_>, path: &str) {
    let Some(word) = word.as_str() else { return };
    if word.chars().count() >= CHARS_MIN {
        words.entry(word.to_owned()).or_insert_with(|| path.to_owned());
    }
}

/// Looks for the words in names and text literals, tests and documentation aside.
pub fn check(files: &[RustFile], words: &Words) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_source_of(&["lang", "engine"])) {
        for token in &file.tokens {
            let (TokenKind::Word(text) | TokenKind::Text(text)) = &token.kind else {
                continue;
            };
            findings.extend(longest_in(text, words).into_iter().map(|(word, declared)| Finding {
                path: file.path.clone(),
                line: token.line,
                rule: "library-word",
                item: word.to_owned(),
                what: format!("holds “{word}”, a word of {declared}"),
                why: "the language and the engine serve every policy; a word of one makes it a special case",
                todo:
                    "let the document or the vocabulary say it, by a key that any policy can use".to_owned(),
            }));
        }
    }
    findings
}

/// The words in the text that do not lie in a longer one found there.
fn longest_in<'w>(text: &str, words: &'w Words) -> Vec<(&'w str, &'w str)> {
    if text.chars().count() < CHARS_MIN {
        return Vec::new();
    }
    let inside: Vec<(&str, &str)> = words
        .iter()
        .filter(|(word, _)| contains_word(text, word))
        .map(|(word, declared)| (word.as_str(), declared.as_str()))
        .collect();
    let is_part = |word: &str| inside.iter().any(|(other, _)| *other != word && other.contains(word));
    inside.iter().copied().filter(|(word, _)| !is_part(word)).collect()
}

/// Chinese has no blanks between words, so any occurrence counts; a Latin word must stand by itself.
fn contains_word(text: &str, word: &str) -> bool {
    let is_latin = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let goes_on_before = word.starts_with(is_latin) && before.is_some_and(is_latin);
        let goes_on_after = word.ends_with(is_latin) && after.is_some_and(is_latin);
        !goes_on_before && !goes_on_after
    })
}

#[cfg(test)]
mod tests {
    use super::super::rust::parse_one;
    use super::*;

    fn library() -> Words {
        collect(&[
            TextFile::new(
                "library/facts/a.yaml",
                "facts:\n- {name: 研发费用, also: [研究开发费用]}\ncollections:\n- {name: 投资, roles: {被投企业: enterprise}}\n",
            ),
            TextFile::new("library/policies/city/zz-demo-2024/2024-01-01.yaml", "id: zz-demo-2024\n"),
        ])
    }

    fn found(text: &str) -> Vec<String> {
        let files = parse_one("crates/engine/src/a.rs", text);
        check(&files, &library()).into_iter().map(|finding| finding.item).collect()
    }

    #[test]
    fn ids_names_aliases_and_roles_are_collected_and_short_words_are_not() {
        let words: Vec<String> = library().into_keys().collect();
        assert_eq!(words, ["zz-demo-2024", "研发费用", "研究开发费用", "被投企业"]);
    }

    #[test]
    fn a_word_of_the_library_in_a_literal_or_a_name_is_found() {
        assert_eq!(found("const A: &str = \"上年研发费用合计\";"), ["研发费用"]);
        assert_eq!(found("fn 被投企业() {}"), ["被投企业"]);
        assert_eq!(found("fn a(id: &str) -> bool { id == \"zz-demo-2024\" }"), ["zz-demo-2024"]);
    }

    #[test]
    fn a_comment_a_test_and_a_longer_id_are_not() {
        assert!(found("/// `研发费用.上年`\nfn a() {} // 研发费用").is_empty());
        assert!(found("#[test]\nfn a() { let x = \"研发费用\"; }").is_empty());
        assert!(found("const A: &str = \"zz-demo-2024-b\";").is_empty());
    }
}
