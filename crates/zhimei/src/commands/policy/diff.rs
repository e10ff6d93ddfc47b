//! `zhimei policy diff`: what changed between two versions of a policy, as sentences.

use anyhow::Result;
use clap::Args;
use engine::point::Entry;
use facts::PartialDate;
use library::Library;
use wording::policy::diff::{changes, page, to_json};

use super::Destination;
use super::form::Form;
use crate::context::{Context, Status};
use crate::problem::Problem;
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
    let changes = changes(old, new, &library.rulebook, &sources, day);
    if arguments.destination.form() == Form::Json {
        arguments.destination.write_json(&to_json(old, new, &changes))?;
    } else {
        arguments.destination.write_page(&page(old, new, &changes, context), context)?;
    }
    Ok(Status::Fine)
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
