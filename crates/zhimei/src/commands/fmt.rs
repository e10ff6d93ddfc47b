//! `zhimei fmt`: policy documents in their canonical form.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use facts::Severity;
use wording::style;

use crate::context::{Context, Status};
use crate::load::read_texts;
use crate::output::{self, note};

/// 把政策文件整理成统一的写法 ¦ Bring policy documents into their canonical form
///
/// 规则里的空格、全角符号、括号写成统一的样子;注释、次序和其余文字不动。有错的规则不动,由 check 说明。 ¦ Blanks, full-width signs and brackets of rules take one form; comments, order and everything else stay. A rule with a mistake is left alone: check says why.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei fmt 我的政策.yaml\n  zhimei fmt library/ --check ¦ Examples:\n  zhimei fmt my-policy.yaml\n  zhimei fmt library/ --check"
)]
pub struct Arguments {
    /// 文件或文件夹 ¦ Files or folders
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,

    /// 只列出会改的文件,不改;有就以 1 退出 ¦ Only list files that would change; exit with 1 if there are any
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let texts = read_texts(&arguments.paths)?;
    for (source, finding) in &texts.broken {
        note(&style::finding(&source.render(finding, context.language), Severity::Error, context));
    }
    let mut changed = 0;
    for file in &texts.files {
        let formatted = lang::document::format(&file.text);
        if formatted == file.text {
            continue;
        }
        changed += 1;
        if !arguments.check {
            output::write_file(Path::new(&file.path), formatted.as_bytes())?;
        }
        let word = if arguments.check {
            context.say("会改", "would change")
        } else {
            context.say("已改", "changed")
        };
        note(&format!("{word} {}", file.path));
    }
    let total = texts.files.len();
    note(context.say(
        &format!("{total} 个文件,{}{changed} 个", if arguments.check { "会改 " } else { "改了 " }),
        &format!("{total} files, {changed} {}", if arguments.check { "would change" } else { "changed" }),
    ));
    Ok(Status::wrong_if((arguments.check && changed > 0) || !texts.broken.is_empty()))
}
