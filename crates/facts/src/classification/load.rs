//! Classifications, groupings and working days from YAML (`docs/classifications.md`).
//!
//! The kind of a file is told by its first key: `classification`, `grouping` or `year`. Findings carry the codes
//! E0090–E0097, and those of the vocabulary for keys and shapes.

use std::collections::BTreeSet;
use std::collections::btree_map::Entry;

use super::days::is_weekend;
use super::{Classification, Classifications, Code, Group, Grouping, Holiday, Level, WorkingYear};
use crate::vocabulary::section::{Section, Word, with_choices, wrong_shape};
use crate::yaml::{self, Node};
use crate::{Date, Diagnostic, Source, Span, Text};

/// Most codes of a classification.
const CODES_MAX: usize = 100_000;

/// Reads the texts of all files. Each finding comes with the index of its source.
pub fn load(sources: &[Source]) -> (Classifications, Vec<(usize, Diagnostic)>) {
    let mut loader = Loader::default();
    for (index, source) in sources.iter().enumerate() {
        let mut found = Vec::new();
        loader.read_file(index, source, &mut found);
        loader.found.extend(found.into_iter().map(|finding| (index, finding)));
    }
    loader.check_groupings();
    loader.found.sort_by_key(|(index, finding)| (*index, finding.span));
    (loader.all, loader.found)
}

#[derive(Default)]
struct Loader {
    all: Classifications,
    found: Vec<(usize, Diagnostic)>,
    /// What groupings refer to: source, the classification, and each prefix.
    grouped: Vec<(usize, Word, Vec<Word>)>,
}

impl Loader {
    fn read_file(&mut self, index: usize, source: &Source, found: &mut Vec<Diagnostic>) {
        let (root, broken) = yaml::parse(&source.text);
        found.extend(broken);
        let Some(root) = root.filter(|root| !root.is_null()) else { return };
        let has = |key: &str| root.get(key).is_some();
        if has("classification") {
            let Some((read, span)) = read_classification(&root, found) else { return };
            if self.all.classification(&read.name).is_some() {
                found.push(twice(span, &read.name));
            } else {
                self.all.codes.push(read);
            }
        } else if has("grouping") {
            let Some((read, name, of, under)) = read_grouping(&root, found) else { return };
            self.grouped.push((index, of, under));
            if self.all.grouping(&read.name).is_some() {
                found.push(twice(name, &read.name));
            } else {
                self.all.groupings.push(read);
            }
        } else if has("year") {
            let Some((read, span)) = read_year(&root, found) else { return };
            match self.all.years.entry(read.year) {
                Entry::Vacant(free) => drop(free.insert(read)),
                Entry::Occupied(_) => found.push(twice(span, &read.year.to_string())),
            }
        } else {
            let finding = Diagnostic::error(
                "E0090",
                root.span,
                "看不出这是什么:分类、分组还是工作日",
                "this is neither a classification nor a grouping nor a year of working days",
            );
            found.push(finding.with_help(
                "以 classification:、grouping: 或 year: 开头",
                "begin with classification:, grouping: or year:",
            ));
        }
    }

    /// Each grouping is of a classification, and of codes that it may have.
    fn check_groupings(&mut self) {
        for (index, of, under) in std::mem::take(&mut self.grouped) {
            let Some(classification) = self.all.classification(&of.0) else {
                let known: Vec<&str> = self.all.codes.iter().map(|known| known.name.as_str()).collect();
                let finding = Diagnostic::error(
                    "E0091",
                    of.1,
                    format!("没有名为“{}”的分类", of.0),
                    format!("there is no classification “{}”", of.0),
                );
                self.found.push((index, with_choices(finding, &of.0, &known)));
                continue;
            };
            let strange = under.iter().filter(|(code, _)| classification.find(code).is_none());
            let findings = strange.map(|(code, span)| (index, not_listed(*span, code, classification)));
            self.found.extend(findings.collect::<Vec<_>>());
        }
    }
}

fn read_classification(root: &Node, found: &mut Vec<Diagnostic>) -> Option<(Classification, Span)> {
    let keys =
        ["classification", "title", "edition", "source", "levels", "width", "complete", "notes", "codes"];
    let mut section = Section::open(root, &keys, found)?;
    let (name, span) = section.required("classification")?;
    let edition = section.required("edition").map(|(text, _)| text).unwrap_or_default();
    let width = number(&mut section, "width");
    let (title, source) = (section.text("title"), section.text("source"));
    let nodes = ["levels", "notes", "complete", "codes"].map(|key| section.node(key));
    let [levels, notes, complete, codes] = nodes;
    if levels.is_none() {
        section.missing("levels", "写明各级的名称和长度", "give the levels with their names and lengths");
    }
    let mut read = Classification { name, title, edition, source, width, ..Classification::default() };
    read.levels = items(levels).filter_map(|node| read_level(node, found)).collect();
    if let Some(levels) = levels
        && !read.levels.is_sorted_by(|one, next| one.length < next.length)
    {
        found.push(Diagnostic::error(
            "E0092",
            levels.span,
            "各级要从粗到细,长度一级比一级大",
            "levels go from coarse to fine, each longer than the one before",
        ));
    }
    read.notes = items(notes).filter_map(|node| text_of(node, found)).collect();
    read_codes(&mut read, codes, found);
    read_complete(&mut read, complete, found);
    Some((read, span))
}

fn read_level(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Level> {
    let mut section = Section::open(node, &["name", "length"], found)?;
    let name = section.text("name");
    let length = number(&mut section, "length");
    if length.is_none() {
        section.missing("length", "写明代码的长度", "give the length of its codes");
    }
    Some(Level { name, length: length? })
}

fn read_codes(read: &mut Classification, codes: Option<&Node>, found: &mut Vec<Diagnostic>) {
    let Some(node) = codes else { return };
    let Some(entries) = node.as_map() else {
        found.push(wrong_shape(node.span, "“代码: {zh: …, en: …}”", "“code: {zh: …, en: …}”"));
        return;
    };
    if entries.len() > CODES_MAX {
        found.push(Diagnostic::error(
            "E0097",
            node.span,
            format!("代码超过 {CODES_MAX} 个"),
            format!("there are more than {CODES_MAX} codes"),
        ));
        return;
    }
    let mut spans = Vec::new();
    for (key, value) in entries {
        let code = key.as_text().unwrap_or_default().trim().to_owned();
        let Some(mut section) = Section::open(value, &["zh", "en", "note"], found) else { continue };
        let name = Text {
            zh: section.required("zh").map(|(text, _)| text).unwrap_or_default(),
            en: section.english(),
        };
        let note = section.text("note");
        let Some(plain) = read.significant(&code).filter(|_| read.level(&code).is_some()) else {
            let (name, edition) = (&read.name, &read.edition);
            found.push(Diagnostic::error(
                "E0093",
                key.span,
                format!("“{code}”的长度不是 {name}({edition})任何一级的长度"),
                format!("“{code}” has the length of no level of {name} ({edition})"),
            ));
            continue;
        };
        let plain = plain.to_owned();
        spans.push((plain.clone(), key.span));
        read.codes.insert(plain, Code { code, name, note });
    }
    for (plain, span) in spans {
        if let Some(above) = read.above(&plain)
            && !read.codes.contains_key(above)
        {
            found.push(Diagnostic::error(
                "E0094",
                span,
                format!("它的上一级“{above}”没有列出"),
                format!("“{above}”, which it lies under, is not listed"),
            ));
        }
    }
}

/// Down to where the codes are complete.
fn read_complete(read: &mut Classification, complete: Option<&Node>, found: &mut Vec<Diagnostic>) {
    let Some(node) = complete else { return };
    let Some(mut section) = Section::open(node, &["to", "below"], found) else { return };
    read.complete_to = number(&mut section, "to").unwrap_or_default();
    for (code, span) in section.words("below") {
        match read.significant(&code).filter(|plain| read.codes.contains_key(*plain)) {
            Some(plain) => {
                let plain = plain.to_owned();
                read.complete_below.insert(plain);
            }
            None => section.note(not_listed(span, &code, read)),
        }
    }
}

type ReadGrouping = (Grouping, Span, Word, Vec<Word>);

fn read_grouping(root: &Node, found: &mut Vec<Diagnostic>) -> Option<ReadGrouping> {
    let keys = ["grouping", "title", "source", "of", "groups", "notes"];
    let mut section = Section::open(root, &keys, found)?;
    let (name, span) = section.required("grouping")?;
    let of = section.required("of")?;
    let (title, source) = (section.text("title"), section.text("source"));
    let [groups, notes] = ["groups", "notes"].map(|key| section.node(key));
    let mut read = Grouping { name, title, source, of: of.0.clone(), notes: Vec::new(), groups: Vec::new() };
    read.notes = items(notes).filter_map(|node| text_of(node, found)).collect();
    let (mut all, mut seen) = (Vec::new(), BTreeSet::new());
    for (key, value) in groups.and_then(Node::as_map).unwrap_or_default() {
        let zh = key.as_text().unwrap_or_default().trim().to_owned();
        let Some(mut section) = Section::open(value, &["en", "under"], found) else { continue };
        let en = section.english();
        let under = section.words("under");
        if under.is_empty() {
            section.missing("under", "写明这一组含哪些代码", "say which codes the group holds");
        }
        for (code, span) in &under {
            if !seen.insert(code.clone()) {
                section.note(twice(*span, code));
            }
        }
        read.groups.push(Group {
            name: Text { zh, en },
            under: under.iter().map(|(code, _)| code.clone()).collect(),
        });
        all.extend(under);
    }
    Some((read, span, of, all))
}

fn read_year(root: &Node, found: &mut Vec<Diagnostic>) -> Option<(WorkingYear, Span)> {
    let mut section = Section::open(root, &["year", "source", "holidays"], found)?;
    let (text, span) = section.required("year")?;
    let [source, holidays] = ["source", "holidays"].map(|key| section.node(key));
    let Some(year) = text.parse::<i32>().ok().filter(|_| text.len() == 4) else {
        section.note(wrong_shape(span, "四位的年份", "a year of four digits"));
        return None;
    };
    let mut read = WorkingYear {
        year,
        title: Text::default(),
        document: String::new(),
        published: None,
        holidays: Vec::new(),
    };
    if let Some(node) = source
        && let Some(mut section) = Section::open(node, &["title", "document", "published"], found)
    {
        read.title = section.text("title");
        read.document = section.required("document").map(|(text, _)| text).unwrap_or_default();
        let published = section.word("published");
        read.published = day(&mut section, published);
    } else if source.is_none() {
        let missing = Diagnostic::error("E0011", span, "缺少“source”", "“source” is missing");
        found.push(missing.with_help(
            "写明放假通知的文号:source: {document: …}",
            "give the number of the notice: source: {document: …}",
        ));
    }
    read.holidays = items(holidays).filter_map(|node| read_holiday(node, year, found)).collect();
    Some((read, span))
}

fn read_holiday(node: &Node, year: i32, found: &mut Vec<Diagnostic>) -> Option<Holiday> {
    let mut section = Section::open(node, &["zh", "en", "from", "to", "work"], found)?;
    let name =
        Text { zh: section.required("zh").map(|(text, _)| text).unwrap_or_default(), en: section.english() };
    let (from, to) = (section.required("from"), section.required("to"));
    let (from, to) = (day(&mut section, from)?, day(&mut section, to)?);
    let mut work = Vec::new();
    for (text, span) in section.words("work") {
        match text.parse::<Date>() {
            Ok(day) if is_weekend(day) && day.year == year => work.push(day),
            Ok(_) => section.note(Diagnostic::error(
                "E0096",
                span,
                format!("{text} 不是 {year} 年的周六或周日,不用调休"),
                format!("{text} is no Saturday or Sunday of {year}, so it is worked anyway"),
            )),
            Err(_) => section.note(not_a_day(span, &text)),
        }
    }
    if from > to || from.year != year || to.year != year {
        let span = section.head;
        section.note(Diagnostic::error(
            "E0096",
            span,
            format!("假期要在 {year} 年之内,先起后止"),
            format!("a holiday lies within {year} and ends after it begins"),
        ));
        return None;
    }
    Some(Holiday { name, from, to, work })
}

fn items(node: Option<&Node>) -> impl Iterator<Item = &Node> {
    node.and_then(Node::as_list).unwrap_or_default().iter()
}

/// A text in both languages that stands in a list.
fn text_of(node: &Node, found: &mut Vec<Diagnostic>) -> Option<Text> {
    let mut section = Section::open(node, &["zh", "en"], found)?;
    let (zh, _) = section.required("zh")?;
    Some(Text { zh, en: section.english() })
}

/// A small number under a key.
fn number(section: &mut Section, key: &str) -> Option<usize> {
    let (text, span) = section.word(key)?;
    let read = text.parse::<usize>().ok().filter(|number| (1..=32).contains(number));
    if read.is_none() {
        section.note(wrong_shape(span, "1 到 32 的整数", "a whole number from 1 to 32"));
    }
    read
}

fn day(section: &mut Section, word: Option<Word>) -> Option<Date> {
    let (text, span) = word?;
    let read = text.parse::<Date>().ok();
    if read.is_none() {
        section.note(not_a_day(span, &text));
    }
    read
}

fn not_a_day(span: Span, text: &str) -> Diagnostic {
    Diagnostic::error("E0096", span, format!("“{text}”不是日期"), format!("“{text}” is no day"))
        .with_help("日期写成 2026-06-30", "a day is written 2026-06-30")
}

fn twice(span: Span, name: &str) -> Diagnostic {
    Diagnostic::error("E0095", span, format!("“{name}”已经有了"), format!("there is a “{name}” already"))
}

fn not_listed(span: Span, code: &str, classification: &Classification) -> Diagnostic {
    let (name, edition) = (&classification.name, &classification.edition);
    Diagnostic::error(
        "E0093",
        span,
        format!("{name}({edition})里没有列出“{code}”"),
        format!("{name} ({edition}) does not list “{code}”"),
    )
}
