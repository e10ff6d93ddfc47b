//! `zhimei audit heads`: the heads that were filed.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use platform::ground::chain::FiledHead;

use crate::context::{Context, Status};
use crate::output;
use crate::problem::Problem;
use crate::serve::place::Place;
use crate::serve::settings::{DataFlags, Sources};

/// 查看归档的链首,并核对其签名和前后相接 ¦ Show the filed heads, and check their signatures and that each follows the one before
///
/// 链首每小时及停止服务时各归档一次。把它抄送到别处保存(--json 原样输出),日后才能证明链没有被整体重做。 ¦ A head is filed every hour and when the server stops. Keep copies elsewhere (--json prints the lines as they are): only they prove later that the chain was not made anew as a whole.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei audit heads\n  zhimei audit heads --json > 异地保存的链首.jsonl ¦ Examples:\n  zhimei audit heads\n  zhimei audit heads --json > kept-elsewhere.jsonl"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: DataFlags,

    /// 看哪个链首文件,默认数据目录里的 ¦ Which file of heads; that in the folder of data by default
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,

    /// 只看最近几个,默认 24;0 为全部 ¦ Only the latest so many, 24 by default; 0 for all
    #[arg(long, value_name = "N", default_value_t = 24)]
    last: usize,

    /// 原样输出各行(全部) ¦ Print the lines as they are, all of them
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let settings = Sources::read(arguments.flags.config.as_deref(), &arguments.flags)?.settings()?;
    let place = Place::new(&settings.data);
    let filed = super::filed(arguments.heads.as_deref(), &place.heads(), &place.keys_there()?)?;
    let mut out = output::stdout();
    let from = if arguments.json || arguments.last == 0 {
        0
    } else {
        filed.heads.len().saturating_sub(arguments.last)
    };
    for head in &filed.heads[from..] {
        if arguments.json {
            writeln!(out, "{}", head.line())?;
        } else {
            writeln!(out, "{}", shown(head, context))?;
        }
    }
    out.flush()?;
    if let Some(line) = filed.wrong_line {
        return Err(Problem::new(
            format!("链首文件第 {line} 行被改动、移动或插入,其后的各行不可信"),
            format!("line {line} of the file of heads was altered, moved or put in; what follows cannot be trusted"),
        )
        .with_help(
            "保留该文件,与异地保存的链首对照,并通知审计管理员",
            "keep the file, hold it against heads that were kept elsewhere, and tell the auditor",
        )
        .into());
    }
    if filed.heads.is_empty() {
        output::note(context.say(
            "还没有归档的链首。服务每小时及停止时各归档一次。",
            "No head was filed yet. The server files one every hour and when it stops.",
        ));
    }
    Ok(Status::Fine)
}

fn shown(head: &FiledHead, context: &Context) -> String {
    let (day, seconds) = (head.at.day(), head.at.second_of_day());
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let entries = context.say("条", "entries");
    format!(
        "{day} {hour:02}:{minute:02}:{second:02}  {:>10} {entries}  {} {}",
        head.size,
        head.algorithm.as_code(),
        head.root
    )
}
