//! `zhimei policy show`: the page of a policy, for a reader or for a program.

use anyhow::Result;
use clap::Args;
use engine::point::Standing;
use facts::Date;
use wording::policy::Writer;
use wording::policy::json::full;

use super::Destination;
use super::form::Form;
use crate::context::{Context, Status};
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
    let page = Writer::new(entry, &library.rulebook, &sources, day, context).page();
    if arguments.destination.form() == Form::Json {
        let is_in_force = matches!(standing, Some(Standing::InForce(_)));
        let cases = library.cases.iter().filter(|file| file.id == entry.document.id);
        let examples = cases.map(|file| file.cases.len()).sum();
        let mut value = full(&entry.document, is_in_force, &library.rulebook, examples);
        value["page"] = page.to_json();
        arguments.destination.write_json(&value)?;
    } else {
        arguments.destination.write_page(&page, context)?;
    }
    Ok(Status::Fine)
}
