//! `zhimei policy`: which policies there are, what one of them says, and what changed between its versions.
//!
//! | file | what |
//! | --- | --- |
//! | `list.rs` | `policy list`: filters, order, columns |
//! | `show.rs` | `policy show`: the page of a policy |
//! | `diff.rs` | `policy diff`: which two versions, and where the answer goes |
//! | `form.rs` | the forms of a page |

mod diff;
mod form;
mod list;
mod show;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, Subcommand};
use lang::ir::{Amount, Document};
use serde_json::Value;
use wording::Reader;
use wording::page::{Page, Width};
use wording::words;

use self::form::Form;
use crate::context::{Context, Status};
use crate::output;

/// 有哪些政策,一项政策写了什么,改了什么 ¦ Which policies there are, what one says, and what changed in it
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei policy list --level national\n  zhimei policy show cn-hnte-2016\n  zhimei policy show cn-hnte-2016 --out 高企.html\n  zhimei policy diff sz-eng-center ¦ Examples:\n  zhimei policy list --level national\n  zhimei policy show cn-hnte-2016\n  zhimei policy show cn-hnte-2016 --out hnte.html\n  zhimei policy diff sz-eng-center"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(Box<list::Arguments>),
    Show(show::Arguments),
    Diff(diff::Arguments),
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    match &arguments.action {
        Action::List(arguments) => list::run(arguments, context),
        Action::Show(arguments) => show::run(arguments, context),
        Action::Diff(arguments) => diff::run(arguments, context),
    }
}

/// Where a page goes and in which form.
#[derive(Debug, Args)]
struct Destination {
    /// 输出:text(默认)、html、md、json;不写就看 --out 的文件名 ¦ Output: text (default), html, md, json; told by the name of --out if left out
    #[arg(long, value_name = "text|html|md|json")]
    format: Option<Form>,

    /// 写到这个文件,不写到屏幕 ¦ Write to this file instead of the terminal
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Destination {
    fn form(&self) -> Form {
        let ending = self
            .out
            .as_deref()
            .and_then(Path::extension)
            .map(|ending| ending.to_string_lossy().to_lowercase());
        let by_name = match ending.as_deref() {
            Some("html" | "htm") => Form::Html,
            Some("md" | "markdown") => Form::Md,
            Some("json") => Form::Json,
            _ => Form::Text,
        };
        self.format.unwrap_or(by_name)
    }

    fn write_page(&self, page: &Page, context: &Context) -> Result<()> {
        // Colours and the width of the terminal are no business of a file.
        let is_file = self.out.is_some();
        let context = Context {
            reader: Reader { has_colour: context.has_colour && !is_file, ..context.reader },
            columns: context.columns.filter(|_| !is_file),
            ..context.clone()
        };
        let text = self.form().render(page, Width::of(context.columns), &context);
        self.write(text.as_bytes())
    }

    fn write_json(&self, value: &Value) -> Result<()> {
        let mut bytes = Vec::new();
        output::json(&mut bytes, value)?;
        self.write(&bytes)
    }

    fn write(&self, bytes: &[u8]) -> Result<()> {
        match &self.out {
            Some(place) => output::write_file(place, bytes),
            None => {
                let mut out = output::stdout();
                out.write_all(bytes)?;
                Ok(out.flush()?)
            }
        }
    }
}

/// What a document gives, in a few words.
fn gives(document: &Document, context: &Context) -> Vec<String> {
    let given = &document.gives;
    let mut out = Vec::new();
    out.extend(given.status.clone());
    if given.rank.is_some() {
        out.push(context.say("等级", "a rank").to_owned());
    }
    if let Some(amount) = &given.amount {
        let nature = given
            .nature
            .map_or(context.say("金额", "money"), |nature| words::nature(nature, context.language));
        out.push(match amount {
            Amount::Milestones(..) => format!("{nature}{}", context.say("(分阶段)", " (by milestones)")),
            Amount::Value(_) => nature.to_owned(),
        });
    }
    out
}
