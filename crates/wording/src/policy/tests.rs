//! The page of every policy of the library, in every form and both languages.

use std::path::Path;

use facts::Language;
use library::{File, Library};

use super::*;
use crate::page::Width;

/// Elements that do not close.
const VOID: [&str; 1] = ["meta"];

/// A form in which a page is written.
#[derive(Clone, Copy)]
enum Form {
    Text,
    Html,
    Md,
}

/// The library of the repository, with its texts.
fn library() -> (Library, Vec<Source>) {
    let mut files = Vec::new();
    collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../library"), "library", &mut files);
    files.sort_by(|left, right| left.path.cmp(&right.path));
    let checked = library::check(files);
    assert!(!checked.has_errors(), "the library can be used");
    let sources = checked.sources.clone();
    (checked.library.expect("a library without errors"), sources)
}

fn collect(folder: &Path, name: &str, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(folder).expect("the folder of the library can be listed") {
        let path = entry.expect("a listed entry can be read").path();
        let file = path.file_name().expect("it has a name").to_string_lossy();
        let name = format!("{name}/{file}");
        if path.is_dir() {
            collect(&path, &name, files);
        } else if name.ends_with(".yaml") {
            files.push(File::new(name, std::fs::read_to_string(&path).expect("it is UTF-8")));
        }
    }
}

/// Calls `look` with every version of every policy, in a language, as it is written in a form.
fn each_page(form: Form, language: Language, look: impl Fn(&Document, &str)) {
    let (library, sources) = library();
    let reader = Reader::of(language);
    assert!(library.rulebook.entries().len() > 50, "all of the library was read");
    for entry in library.rulebook.entries() {
        let day = entry.document.from.start;
        let page = Writer::new(entry, &library.rulebook, &sources, day, &reader).page();
        let written = match form {
            Form::Text => page.to_text(Width::of(None), &reader),
            Form::Html => page.to_html(language),
            Form::Md => page.to_markdown(language),
        };
        look(&entry.document, &written);
    }
}

/// What the rule language writes and no person says.
fn no_rule_language(document: &Document, text: &str) {
    let lines = text.lines().filter(|line| !line.contains("http"));
    for line in lines {
        for sign in [">=", "<=", "!=", " satisfies ", "not(", "_", "sum(", "\"", "**", "manual:", "status:"] {
            assert!(!line.contains(sign), "{} has {sign}: {line}", document.id);
        }
    }
}

#[test]
fn every_page_for_the_terminal_is_in_words_and_within_its_width() {
    for language in [Language::Chinese, Language::English] {
        each_page(Form::Text, language, |document, text| {
            no_rule_language(document, text);
            for line in text.lines().filter(|line| !line.contains("http")) {
                let joined = line.contains(" and ") || line.contains(" or ");
                assert!(language == Language::English || !joined, "{}: {line}", document.id);
                assert!(crate::table::width(line) <= 80, "{}: {line}", document.id);
            }
        });
    }
}

#[test]
fn what_is_said_of_a_parameter_and_the_edition_of_a_table_stand_on_the_page() {
    let seen = std::cell::Cell::new((0, 0));
    let joined = |text: &str| text.split_whitespace().collect::<String>();
    each_page(Form::Text, Language::Chinese, |document, text| {
        let text = joined(text);
        for param in document.params.iter().filter(|param| !param.note.zh.is_empty()) {
            assert!(text.contains(&joined(&param.note.zh)), "{}: {}", document.id, param.name);
            seen.set((seen.get().0 + 1, seen.get().1));
        }
        for edition in document.tables.iter().filter_map(|table| table.edition.as_ref()) {
            assert!(text.contains(&joined(edition)), "{}: {edition}", document.id);
            seen.set((seen.get().0, seen.get().1 + 1));
        }
    });
    assert!(seen.get().0 > 0 && seen.get().1 > 0, "{seen:?}");
}

#[test]
fn every_page_answers_the_reader_in_the_order_of_the_questions() {
    let (library, sources) = library();
    let reader = Reader::of(Language::Chinese);
    for entry in library.rulebook.entries() {
        let page = Writer::new(entry, &library.rulebook, &sources, entry.document.from.start, &reader).page();
        let keys: Vec<&str> = page.sections.iter().map(|section| section.key).collect();
        let of = |key: &str| keys.iter().position(|known| *known == key);
        let wanted = ["benefit", "conditions", "apply", "open", "versions"].map(of);
        assert!(wanted.iter().all(Option::is_some) && wanted.is_sorted(), "{}: {keys:?}", entry.document.id);
        assert!(page.state.is_some_and(|state| state.is_good), "{}", entry.document.id);
    }
}

#[test]
fn every_condition_stands_on_the_page_of_its_policy() {
    fn keys<'p>(items: &'p [Item], out: &mut Vec<&'p str>) {
        for item in items {
            out.push(&item.key);
            keys(&item.inner, out);
        }
    }
    let (library, sources) = library();
    let reader = Reader::of(Language::English);
    for entry in library.rulebook.entries() {
        let writer = Writer::new(entry, &library.rulebook, &sources, entry.document.from.start, &reader);
        let blocks = writer.conditions();
        let mut found = Vec::new();
        for block in &blocks {
            if let Block::Items(items) = block {
                keys(items, &mut found);
            }
        }
        for condition in entry.document.conditions().into_iter().filter(|condition| !condition.id.is_empty())
        {
            assert!(found.contains(&condition.id.as_str()), "{}: {}", entry.document.id, condition.id);
        }
    }
}

#[test]
fn every_html_page_is_well_formed_without_script_or_anything_from_elsewhere() {
    for language in [Language::Chinese, Language::English] {
        each_page(Form::Html, language, |document, html| {
            well_formed(&document.id, html);
            for wrong in ["<script", "src=", "@import", "url(", "javascript:", "style=\"", "onclick"] {
                assert!(!html.contains(wrong), "{} has {wrong}", document.id);
            }
            assert_eq!(html.matches("<h1>").count(), 1, "{}", document.id);
        });
    }
}

/// Every element closes in its turn, and no name of a place is used twice.
fn well_formed(id: &str, html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut places: Vec<&str> = Vec::new();
    let mut rest = html.strip_prefix("<!DOCTYPE html>").expect("it says that it is HTML");
    while let Some(at) = rest.find('<') {
        let end = at + rest[at..].find('>').unwrap_or_else(|| panic!("{id}: a tag does not end"));
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{id}: {name} closes out of turn");
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default();
        assert!(name.chars().all(|letter| letter.is_ascii_alphanumeric()), "{id}: <{tag}>");
        if let Some((_, place)) = tag.split_once(" id=\"") {
            let place = place.split('"').next().unwrap_or_default();
            assert!(!places.contains(&place), "{id}: two places are called {place}");
            places.push(place);
        }
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert_eq!(open, Vec::<&str>::new(), "{id}");
}

#[test]
fn in_english_html_every_chinese_word_is_marked_as_chinese() {
    each_page(Form::Html, Language::English, |document, html| {
        let body = &html[html.find("<body>").expect("a page has a body")..];
        let mut rest = body;
        let mut unmarked = String::new();
        while let Some(at) = rest.find("<span lang=\"zh\">") {
            unmarked.push_str(&rest[..at]);
            let end = rest[at..].find("</span>").expect("a mark ends");
            rest = &rest[at + end..];
        }
        unmarked.push_str(rest);
        let chinese = unmarked.chars().find(|letter| ('\u{4E00}'..='\u{9FFF}').contains(letter));
        assert_eq!(chinese, None, "{}", document.id);
    });
}

#[test]
fn every_markdown_table_has_as_many_cells_in_each_row() {
    for language in [Language::Chinese, Language::English] {
        each_page(Form::Md, language, |document, text| {
            let mut before: Option<usize> = None;
            for line in text.lines() {
                let cells = line.starts_with("| ").then(|| line.replace("\\|", "").matches('|').count());
                if let (Some(before), Some(cells)) = (before, cells) {
                    assert_eq!(before, cells, "{}: {line}", document.id);
                }
                before = cells;
            }
            assert!(text.starts_with("# ") && text.matches("\n# ").count() == 0, "{}", document.id);
        });
    }
}

#[test]
fn figures_in_the_conditions_of_the_library_keep_the_unit_they_are_written_in() {
    let (library, sources) = library();
    let reader = Reader::of(Language::Chinese);
    let mut bare = Vec::new();
    for entry in library.rulebook.entries() {
        let writer = Writer::new(entry, &library.rulebook, &sources, entry.document.from.start, &reader);
        for condition in entry.document.conditions() {
            let Test::Rule(rule) = &condition.test else { continue };
            let said = writer.words.holds(rule);
            // A percentage in the rule is one in the sentence, and so is an amount of money.
            for unit in ["%", "万元", "亿元", "亩", "个月", "纳米"] {
                if condition.rule.contains(unit) && !said.contains(unit) {
                    bare.push(format!("{} {}: {said}", entry.document.id, condition.id));
                }
            }
        }
    }
    assert_eq!(bare, Vec::<String>::new());
}
