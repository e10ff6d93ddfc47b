//! What differs between the pages of two versions. Pages are compared in both languages at once, so that every change
//! can be told in either.

use facts::Text;

use crate::page::{Block, Item, Page, Table};
use crate::phrase::Bound;

/// Sections that say nothing about the rules of a version.
const LEFT_OUT: [&str; 1] = ["versions"];

/// What became of a part.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Became {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
}

impl Became {
    /// Its code in JSON.
    pub fn as_code(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Changed => "changed",
        }
    }
}

/// Which way a threshold moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    /// Fewer meet it.
    Tighter,
    /// More meet it.
    Looser,
}

impl Turn {
    /// Its code in JSON.
    pub fn as_code(self) -> &'static str {
        match self {
            Self::Tighter => "tighter",
            Self::Looser => "looser",
        }
    }
}

/// A change.
#[derive(Clone, PartialEq, Debug)]
pub struct Change {
    /// Stable name of the part.
    pub key: String,
    /// What happened to it.
    pub became: Became,
    /// What it said; empty if it is new.
    pub old: Text,
    /// What it says; empty if it is gone.
    pub new: Text,
    /// Where it stands, for a cell of a table or a term: said before both.
    pub place: Text,
    /// What stood beside it and no longer does: an article, how it reckons.
    pub old_more: Text,
    /// What now stands beside it and did not.
    pub new_more: Text,
    /// For a threshold.
    pub turn: Option<Turn>,
}

/// The changes of a section.
#[derive(Clone, PartialEq, Debug)]
pub struct Changes {
    /// The section's stable name.
    pub key: &'static str,
    /// Its title.
    pub title: Text,
    /// Its changes, in the order of the old page, then what is new.
    pub changes: Vec<Change>,
}

/// A page in both languages.
#[derive(Clone, PartialEq, Debug)]
pub struct Pages {
    /// Chinese.
    pub zh: Page,
    /// English, of the same structure.
    pub en: Page,
}

/// Something that a page says, by a name that stays.
#[derive(Clone, PartialEq, Debug)]
struct Statement {
    key: String,
    place: Text,
    text: Text,
    /// Beside what it says: how it reckons, its article.
    more: Vec<Text>,
    bound: Option<Bound>,
}

/// Everything that differs.
pub fn between(old: &Pages, new: &Pages) -> Vec<Changes> {
    let (before, after) = (sections(old), sections(new));
    let mut out = Vec::new();
    for (key, title, statements) in &before {
        let now =
            after.iter().find(|(other, ..)| other == key).map(|(_, _, statements)| statements.as_slice());
        let changes = compare(statements, now.unwrap_or_default());
        out.push(Changes { key, title: title.clone(), changes });
    }
    for (key, title, statements) in &after {
        if before.iter().all(|(other, ..)| other != key) {
            out.push(Changes { key, title: title.clone(), changes: compare(&[], statements) });
        }
    }
    out.retain(|section| !section.changes.is_empty());
    out
}

fn compare(old: &[Statement], new: &[Statement]) -> Vec<Change> {
    let mut out = Vec::new();
    // A statement under another name that says the same is the same.
    let same = |one: &Statement, other: &Statement| {
        one.text == other.text && one.place == other.place && !one.text.zh.is_empty()
    };
    for was in old {
        let now = new.iter().find(|now| now.key == was.key).or_else(|| new.iter().find(|now| same(was, now)));
        match now {
            None => out.push(change(Became::Removed, Some(was), None)),
            Some(now) if now.text != was.text || now.more != was.more => {
                out.push(change(Became::Changed, Some(was), Some(now)));
            }
            Some(_) => {}
        }
    }
    for now in new {
        if !old.iter().any(|was| was.key == now.key || same(was, now)) {
            out.push(change(Became::Added, None, Some(now)));
        }
    }
    out
}

fn change(became: Became, old: Option<&Statement>, new: Option<&Statement>) -> Change {
    // Where only what stands beside it differs, that is what is told.
    let tells_more = matches!((old, new), (Some(old), Some(new)) if old.text == new.text);
    let more = |of: Option<&Statement>, other: Option<&Statement>| {
        let (Some(of), Some(other)) = (of, other) else { return Text::default() };
        let own: Vec<&Text> = of.more.iter().filter(|piece| !other.more.contains(piece)).collect();
        let join = |pick: &dyn Fn(&Text) -> String, between: &str| {
            own.iter().map(|piece| pick(piece)).collect::<Vec<_>>().join(between)
        };
        Text { zh: join(&|piece| piece.zh.clone(), ";"), en: join(&|piece| piece.en.clone(), "; ") }
    };
    let (old_more, new_more) = (more(old, new), more(new, old));
    let text = |statement: Option<&Statement>, more: &Text| match statement {
        None => Text::default(),
        Some(_) if tells_more => more.clone(),
        Some(statement) => statement.text.clone(),
    };
    let any = new.or(old);
    let place = match any {
        Some(statement) if tells_more => joined(&statement.place, &statement.text),
        Some(statement) => statement.place.clone(),
        None => Text::default(),
    };
    let beside = |more: Text| if tells_more { Text::default() } else { more };
    Change {
        key: any.map(|statement| statement.key.clone()).unwrap_or_default(),
        became,
        old: text(old, &old_more),
        new: text(new, &new_more),
        place,
        old_more: beside(old_more),
        new_more: beside(new_more),
        turn: turn(old.and_then(|old| old.bound.as_ref()), new.and_then(|new| new.bound.as_ref())),
    }
}

fn turn(old: Option<&Bound>, new: Option<&Bound>) -> Option<Turn> {
    let (old, new) = (old?, new?);
    if old.of != new.of || old.is_floor != new.is_floor || old.number == new.number {
        return None;
    }
    let is_tighter = (new.number > old.number) == new.is_floor;
    Some(if is_tighter { Turn::Tighter } else { Turn::Looser })
}

type Told = (&'static str, Text, Vec<Statement>);

fn sections(pages: &Pages) -> Vec<Told> {
    let mut head = vec![statement("title", text(&pages.zh.title, &pages.en.title))];
    for (zh, en) in pages.zh.lead.iter().zip(&pages.en.lead) {
        if let (Block::Terms(zh), Block::Terms(en)) = (zh, en) {
            head.extend(terms(zh, en));
        }
    }
    let mut out = vec![("head", text("名称、发布和施行", "Title, issuer and validity"), head)];
    for (zh, en) in pages.zh.sections.iter().zip(&pages.en.sections) {
        if LEFT_OUT.contains(&zh.key) {
            continue;
        }
        let mut statements = Vec::new();
        for (at, (zh, en)) in zh.blocks.iter().zip(&en.blocks).enumerate() {
            block(zh, en, at, &mut statements);
        }
        out.push((zh.key, text(&zh.title, &en.title), statements));
    }
    out
}

fn block(zh: &Block, en: &Block, at: usize, out: &mut Vec<Statement>) {
    match (zh, en) {
        (Block::Items(zh), Block::Items(en)) => items(zh, en, "", out),
        (Block::Terms(zh), Block::Terms(en)) => out.extend(terms(zh, en)),
        (Block::Table(zh), Block::Table(en)) => table(zh, en, out),
        (Block::Strong(zh), Block::Strong(en)) => out.push(statement("headline", text(zh, en))),
        (Block::Text(zh), Block::Text(en)) => out.push(statement(&format!("text-{at}"), text(zh, en))),
        _ => {}
    }
}

fn items(zh: &[Item], en: &[Item], above: &str, out: &mut Vec<Statement>) {
    for (zh, en) in zh.iter().zip(en) {
        let name = if zh.key.is_empty() { &zh.text } else { &zh.key };
        // Conditions keep their names wherever they stand; tiers are named by what they hang on, within their group.
        let key =
            if zh.bound.is_some() || above.is_empty() { name.clone() } else { format!("{above}/{name}") };
        let pieces = |item: &Item| {
            let ask = Some(item.ask.clone()).filter(|ask| !ask.is_empty());
            item.details.iter().chain(&item.tags).cloned().chain(ask).collect::<Vec<_>>()
        };
        let more = pieces(zh).iter().zip(&pieces(en)).map(|(zh, en)| text(zh, en)).collect();
        out.push(Statement { more, bound: zh.bound.clone(), ..statement(&key, text(&zh.text, &en.text)) });
        items(&zh.inner, &en.inner, &key, out);
    }
}

fn terms(zh: &[(String, String)], en: &[(String, String)]) -> Vec<Statement> {
    let pairs = zh.iter().zip(en);
    pairs
        .map(|(zh, en)| Statement { place: text(&zh.0, &en.0), ..statement(&zh.0, text(&zh.1, &en.1)) })
        .collect()
}

fn table(zh: &Table, en: &Table, out: &mut Vec<Statement>) {
    if !zh.caption.is_empty() {
        out.push(statement(&format!("{}/caption", zh.key), text(&zh.caption, &en.caption)));
    }
    // Where several rows are about one thing, the second column tells them apart.
    let firsts: Vec<&String> = zh.rows.iter().filter_map(|row| row.first()).collect();
    let is_paired = (1..firsts.len()).any(|at| firsts[..at].contains(&firsts[at]));
    let names = if is_paired { 2 } else { 1 };
    for (zh_row, en_row) in zh.rows.iter().zip(&en.rows) {
        let name = |row: &[String]| row[..names.min(row.len())].join(" · ");
        let only = zh_row.len() == names + 1;
        for column in names..zh_row.len() {
            let head = |head: &[String], row: &[String]| match only {
                true => name(row),
                false => format!("{} · {}", name(row), head[column]),
            };
            let place = Text { zh: head(&zh.head, zh_row), en: head(&en.head, en_row) };
            let place = match zh.key.is_empty() {
                true => place,
                false => Text {
                    zh: format!("{} · {}", zh.key, place.zh),
                    en: format!("“{}” · {}", zh.key, place.en),
                },
            };
            out.push(Statement {
                key: place.zh.clone(),
                place,
                text: text(&zh_row[column], &en_row[column]),
                more: Vec::new(),
                bound: None,
            });
        }
    }
}

fn statement(key: &str, text: Text) -> Statement {
    Statement { key: key.to_owned(), place: Text::default(), text, more: Vec::new(), bound: None }
}

fn text(zh: &str, en: &str) -> Text {
    Text { zh: zh.to_owned(), en: en.to_owned() }
}

/// One behind the other.
fn joined(first: &Text, second: &Text) -> Text {
    let join = |first: &str, second: &str| match first.is_empty() {
        true => second.to_owned(),
        false => format!("{first} · {second}"),
    };
    Text { zh: join(&first.zh, &second.zh), en: join(&first.en, &second.en) }
}
