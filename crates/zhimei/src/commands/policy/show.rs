//! `zhimei policy show`: the page of a policy, for a reader or for a program.

use anyhow::Result;
use clap::Args;
use engine::point::Standing;
use facts::Date;
use lang::ir::{Condition, Document, Test};
use library::Library;
use serde_json::{Map, Value, json};

use super::page::Reader;
use super::{Destination, brief};
use crate::context::{Context, Status};
use crate::render::json::bilingual;
use crate::render::page::Form;
use crate::{clock, load};

/// 一项政策的说明页:能得到什么、谁可以、怎么申请、什么还不确定 ¦ The page of a policy: what you get, who can, how to apply, what is uncertain
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei policy show cn-hnte-2016\n  zhimei policy show cn-hnte-2016 --out 高企.html\n  zhimei policy show cn-srdi-2022 --on 2025-06-30 --format md ¦ Examples:\n  zhimei policy show cn-hnte-2016\n  zhimei policy show cn-hnte-2016 --out hnte.html\n  zhimei policy show cn-srdi-2022 --on 2025-06-30 --format md"
)]
pub struct Arguments {
    /// 政策编号 ¦ Id of the policy
    #[arg(value_name = "ID")]
    id: String,

    /// 哪一天的版本,默认今天 ¦ The version of which day, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    #[command(flatten)]
    destination: Destination,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let (library, sources) = load::library_with_texts(context)?;
    let newest = load::versions(&library, &arguments.id)?;
    let day = arguments.on.unwrap_or_else(clock::today);
    let standing = library.rulebook.on(&arguments.id, day);
    let entry = standing.map_or(newest, Standing::entry);
    let page = Reader::new(entry, &library.rulebook, &sources, day, context).page();
    if arguments.destination.form() == Form::Json {
        let is_in_force = matches!(standing, Some(Standing::InForce(_)));
        let mut value = full(&entry.document, is_in_force, &library);
        value["page"] = page.to_json();
        arguments.destination.write_json(&value)?;
    } else {
        arguments.destination.write_page(&page, context)?;
    }
    Ok(Status::Fine)
}

fn full(document: &Document, is_in_force: bool, library: &Library) -> Value {
    let condition = |condition: &&Condition| {
        json!({
            "id": condition.id,
            "clause": condition.clause,
            "says": bilingual(&condition.says),
            "rule": condition.rule,
            "manual": matches!(condition.test, Test::Manual(..)),
        })
    };
    let feel: Map<String, Value> = lang::feel::document(document, &library.rulebook.vocabulary)
        .into_iter()
        .map(|(name, rule)| (name, json!(rule)))
        .collect();
    let cases = library.cases.iter().filter(|file| file.id == document.id);
    let mut out = brief(document);
    let more = json!({
        "in_force": is_in_force,
        "summary": bilingual(&document.summary),
        "document": document.legal.document,
        "published": document.legal.published.map(|day| day.to_string()),
        "read": document.legal.read.map(|day| day.to_string()),
        "url": document.legal.url,
        "conditions": document.conditions().iter().map(condition).collect::<Vec<_>>(),
        "facts": document.kinds[0].inputs.iter().map(|input| input.key.as_str()).collect::<Vec<_>>(),
        "feel": feel,
        "exclusive_with": document.exclusive_with,
        "supersedes": document.supersedes,
        "superseded_by": document.superseded_by,
        "open_points": document.open_points.iter().map(bilingual).collect::<Vec<_>>(),
        "examples": cases.map(|file| file.cases.len()).sum::<usize>(),
    });
    if let (Value::Object(out), Value::Object(more)) = (&mut out, more) {
        out.extend(more);
    }
    out
}
