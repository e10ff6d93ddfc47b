//! `zhimei policy diff`: what changed between two versions of a policy, as sentences.

use anyhow::Result;
use clap::Args;
use engine::point::Entry;
use facts::{Date, Language, PartialDate, Source};
use library::Library;
use serde_json::{Value, json};

use super::Destination;
use super::changes::{Became, Change, Changes, Pages, Turn, between};
use super::page::Reader;
use crate::context::{Context, Status};
use crate::problem::Problem;
use crate::render::json::bilingual;
use crate::render::page::{Block, Form, Item, Page};
use crate::{clock, load};

/// 一项政策的两个版本有什么不同 ¦ What changed between two versions of a policy
///
/// 版本写它开始施行的日期,也可以写另一项政策的编号,用来与它接替的那一项比较。只写编号时,用现行版本与前一版比较。 ¦ A version is named by its first day in force; the id of another policy compares with that one, as with the policy that this one replaced. With the id alone, the version in force is compared with the one before.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei policy diff sz-eng-center\n  zhimei policy diff sz-eng-center 2024-05 2025 --out 变化.html\n  zhimei policy diff cn-srdi-2026 cn-srdi-2022 ¦ Examples:\n  zhimei policy diff sz-eng-center\n  zhimei policy diff sz-eng-center 2024-05 2025 --out changes.html\n  zhimei policy diff cn-srdi-2026 cn-srdi-2022"
)]
pub struct Arguments {
    /// 政策编号 ¦ Id of the policy
    #[arg(value_name = "ID")]
    id: String,

    /// 旧版:开始施行的日期,或另一项政策的编号;默认是前一版 ¦ Old version: its first day in force, or the id of another policy; the one before by default
    #[arg(value_name = "OLD")]
    old: Option<String>,

    /// 新版:开始施行的日期;默认是现行版本 ¦ New version: its first day in force; the one in force by default
    #[arg(value_name = "NEW")]
    new: Option<String>,

    #[command(flatten)]
    destination: Destination,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let (library, sources) = load::library_with_texts(context)?;
    let (old, new) = chosen(arguments, &library)?;
    let day = clock::today();
    let pages = |entry: &Entry| pages(entry, &library, &sources, day, context);
    let changes = between(&pages(old), &pages(new));
    if arguments.destination.form() == Form::Json {
        arguments.destination.write_json(&to_json(old, new, &changes))?;
    } else {
        arguments.destination.write_page(&page(old, new, &changes, context), context)?;
    }
    Ok(Status::Fine)
}

fn pages(entry: &Entry, library: &Library, sources: &[Source], day: Date, context: &Context) -> Pages {
    let page = |language| {
        let context = Context { language, ..context.clone() };
        Reader::new(entry, &library.rulebook, sources, day, &context).page()
    };
    Pages { zh: page(Language::Chinese), en: page(Language::English) }
}

/// The two versions that are compared.
fn chosen<'l>(arguments: &Arguments, library: &'l Library) -> Result<(&'l Entry, &'l Entry)> {
    let id = &arguments.id;
    let newest = load::versions(library, id)?;
    let new = match &arguments.new {
        Some(wanted) => version(id, wanted, library)?,
        None => library.rulebook.on(id, clock::today()).map_or(newest, |standing| standing.entry()),
    };
    let old = match &arguments.old {
        Some(wanted) => version(id, wanted, library)?,
        None => {
            let before = library.rulebook.versions(id).take_while(|entry| !std::ptr::eq(*entry, new)).last();
            before.ok_or_else(|| only_one(id, new, library))?
        }
    };
    Ok((old, new))
}

/// The version of that first day, the one in force on that day, or the newest of another policy.
fn version<'l>(id: &str, wanted: &str, library: &'l Library) -> Result<&'l Entry> {
    let rulebook = &library.rulebook;
    if let Some(entry) = rulebook.versions(id).find(|entry| entry.document.from.to_string() == wanted) {
        return Ok(entry);
    }
    if let Ok(day) = wanted.parse::<PartialDate>() {
        let in_force = rulebook.versions(id).find(|entry| entry.is_in_force_on(day.start));
        return in_force.ok_or_else(|| {
            Problem::new(format!("{id} 没有版本 {wanted}"), format!("{id} has no version {wanted}"))
                .with_help(listed("版本有:", id, library), listed("versions: ", id, library))
                .into()
        });
    }
    rulebook.versions(wanted).last().ok_or_else(|| {
        let problem = Problem::new(
            format!("“{wanted}”不是 {id} 的版本,也不是政策编号"),
            format!("“{wanted}” is neither a version of {id} nor the id of a policy"),
        );
        match facts::nearest(wanted, rulebook.ids()) {
            Some(near) => problem.with_guess(Some(near)),
            None => problem.with_help(listed("版本有:", id, library), listed("versions: ", id, library)),
        }
        .into()
    })
}

fn listed(head: &str, id: &str, library: &Library) -> String {
    let versions: Vec<String> =
        library.rulebook.versions(id).map(|entry| entry.document.from.to_string()).collect();
    format!("{head}{}", versions.join(if head.is_ascii() { ", " } else { "、" }))
}

/// Nothing to compare with, unless the policy replaced another.
fn only_one(id: &str, new: &Entry, library: &Library) -> anyhow::Error {
    let from = new.document.from;
    let problem = Problem::new(
        format!("{id} 在 {from} 之前没有别的版本,没有可比的"),
        format!("{id} has no version before {from} to compare with"),
    );
    let replaced =
        new.document.supersedes.iter().find(|other| library.rulebook.versions(other).next().is_some());
    match replaced {
        Some(other) => problem.with_help(
            format!("它接替了 {other}:zhimei policy diff {id} {other}"),
            format!("it replaced {other}: zhimei policy diff {id} {other}"),
        ),
        None => problem.with_help(
            "也可以与另一项政策比较:zhimei policy diff ID 另一项的编号",
            "it can be compared with another policy: zhimei policy diff ID OTHER-ID",
        ),
    }
    .into()
}

fn to_json(old: &Entry, new: &Entry, changes: &[Changes]) -> Value {
    let side = |entry: &Entry| json!({"policy": entry.document.id, "version": entry.document.from.to_string(), "until": entry.document.to.map(|day| day.to_string())});
    let all: Vec<Value> = changes
        .iter()
        .flat_map(|section| {
            section.changes.iter().map(move |change| {
                json!({
                    "section": section.key,
                    "key": change.key,
                    "change": change.became.as_code(),
                    "turn": change.turn.map(Turn::as_code),
                    "place": bilingual(&change.place),
                    "old": bilingual(&change.old),
                    "new": bilingual(&change.new),
                "old_more": bilingual(&change.old_more),
                "new_more": bilingual(&change.new_more),
                })
            })
        })
        .collect();
    json!({"old": side(old), "new": side(new), "changes": all})
}

fn page(old: &Entry, new: &Entry, changes: &[Changes], context: &Context) -> Page {
    let name = |entry: &Entry| {
        let document = &entry.document;
        let number = document.legal.document.join(context.say("、", ", "));
        let number = if number.is_empty() { String::new() } else { format!(" · {number}") };
        format!("{} · {}{number}", document.id, super::in_force(document, context))
    };
    let title = context.text(&new.document.short);
    let count: usize = changes.iter().map(|section| section.changes.len()).sum();
    let mut page = Page {
        title: context.say(&format!("{title}:改了什么"), &format!("{title}: what changed")).to_owned(),
        lead: vec![
            Block::Terms(vec![
                (context.say("旧版", "Old").to_owned(), name(old)),
                (context.say("新版", "New").to_owned(), name(new)),
            ]),
            Block::Text(match count {
                0 => context.say("两版的内容没有不同。", "The two say the same.").to_owned(),
                _ => {
                    context.say(&format!("共 {count} 处不同。"), &format!("Differences: {count}.")).to_owned()
                }
            }),
        ],
        ..Page::default()
    };
    for section in changes {
        let items = section.changes.iter().map(|change| item(change, context)).collect();
        page.push(section.key, context.text(&section.title), vec![Block::Items(items)]);
    }
    page
}

fn item(change: &Change, context: &Context) -> Item {
    let (old, new) = (context.text(&change.old), context.text(&change.new));
    let none = context.say("(没有)", "(nothing)");
    let or_none = |text: &str| if text.is_empty() { none.to_owned() } else { text.to_owned() };
    let (word, says) = match change.became {
        Became::Added => (context.say("新增", "Added"), new.to_owned()),
        Became::Removed => (context.say("取消", "Removed"), old.to_owned()),
        Became::Changed => (context.say("改变", "Changed"), format!("{} → {}", or_none(old), or_none(new))),
    };
    let place = context.text(&change.place);
    let colon = context.say(":", ": ");
    let says = if place.is_empty() { says } else { format!("{place}{colon}{says}") };
    let mut tags = Vec::new();
    tags.extend(change.turn.map(|turn| {
        match turn {
            Turn::Tighter => context.say("收紧", "tighter"),
            Turn::Looser => context.say("放宽", "looser"),
        }
        .to_owned()
    }));
    let (old, new) = (context.text(&change.old_more), context.text(&change.new_more));
    let more = if old.is_empty() && new.is_empty() {
        None
    } else {
        Some(format!("{} → {}", or_none(old), or_none(new)))
    };
    let details = more.into_iter().collect();
    Item { tags, details, ..Item::keyed(&change.key, format!("{word}{colon}{says}")) }
}
