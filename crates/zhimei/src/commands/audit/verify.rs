//! `zhimei audit verify`: the whole chain computed again.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use platform::audit;
use platform::ground::chain::Verified;
use serde_json::json;
use wording::style;

use crate::context::{Context, Status};
use crate::output;
use crate::progress::Slow;
use crate::serve::place::{self, Place, fault_told};
use crate::serve::settings::{DataFlags, Sources};

/// 重新计算整条审计链,指出第一处被改动、缺失、调换或截断的地方 ¦ Compute the whole audit chain again and name the first entry that was altered, is missing, was moved or cut off
///
/// 与数据库中签名的链首、与归档的链首文件逐一核对。用 --heads 给出异地保存的链首,才能发现连同链首文件一起退回旧状态的情况。有问题时退出码为 1。 ¦ Held against the signed head in the database and against every filed head. Only heads that were kept elsewhere (--heads) tell when database and file were both put back to an older state. Exit status 1 if something is wrong.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei audit verify\n  zhimei audit verify --database postgres://zhimei@localhost/zhimei --heads kept.jsonl ¦ Examples:\n  zhimei audit verify\n  zhimei audit verify --database postgres://zhimei@localhost/zhimei --heads kept.jsonl"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: DataFlags,

    /// 异地保存的链首文件,默认用数据目录里的 ¦ File of heads that was kept elsewhere; that in the folder of data by default
    #[arg(long, value_name = "FILE")]
    heads: Option<PathBuf>,

    /// 输出 JSON ¦ Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let settings = Sources::read(arguments.flags.config.as_deref(), &arguments.flags)?.settings()?;
    let place = Place::new(&settings.data);
    let mut slow = Slow::new(context, "正在校验,已核对条数", "verifying, entries so far");
    let verified = tokio::runtime::Runtime::new()?.block_on(async {
        let store = place::open_beside(&settings).await?;
        let keys = place.keys_there()?;
        let filed = super::filed(arguments.heads.as_deref(), &place.heads(), &keys)?;
        let verified = audit::verify_by_command(&store, &keys, &filed, &mut |count| slow.tell(count)).await;
        store.close().await;
        verified.map_err(|fault| fault_told(&fault))
    })?;
    let seconds = slow.end().as_secs_f64();
    if arguments.json {
        print_json(&verified)?;
    } else {
        print(&verified, seconds, context)?;
    }
    Ok(Status::wrong_if(verified.finding.is_some()))
}

fn print(verified: &Verified, seconds: f64, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    let Verified { entries, heads, pruned_up_to, .. } = verified;
    let erased = verified.erased.len();
    match &verified.finding {
        None => {
            let said = if context.is_chinese() {
                format!("审计链完整:核对 {entries} 条、链首 {heads} 个(用时 {seconds:.1} 秒)")
            } else {
                format!(
                    "the audit chain is whole: {entries} entries and {heads} filed heads ({seconds:.1} seconds)"
                )
            };
            writeln!(out, "{} {said}", style::good("✓", context))?;
        }
        Some(finding) => {
            let said = finding.message();
            writeln!(out, "{} {}", style::bad("✗", context), context.text(&said))?;
            writeln!(
                out,
                "  {}",
                context.say(
                    "请保留现场:不要再写入,备份数据库和链首文件,并通知审计管理员。",
                    "Keep everything as it is: write no more, copy the database and the file of heads, and tell the auditor."
                )
            )?;
        }
    }
    if *heads == 0 && verified.finding.is_none() {
        let said = context.say(
            "  没有归档的链首可以对照,因此看不出链尾是否被整体退回。",
            "  No filed head was met, so a chain that was put back as a whole would not be noticed.",
        );
        writeln!(out, "{said}")?;
    }
    if *pruned_up_to > 0 {
        let said = if context.is_chinese() {
            format!("  前 {pruned_up_to} 条已按保存期限清理")
        } else {
            format!("  entries up to {pruned_up_to} were removed after their time")
        };
        writeln!(out, "{said}")?;
    }
    if erased > 0 {
        let said = if context.is_chinese() {
            format!("  {erased} 条所附的值已依法删除")
        } else {
            format!("  the values of {erased} entries were erased on a ground of law")
        };
        writeln!(out, "{said}")?;
    }
    out.flush()?;
    Ok(())
}

fn print_json(verified: &Verified) -> Result<()> {
    let erased = verified.erased.iter().map(
        |(position, erased)| json!({ "position": position, "at_ms": erased.at.0, "ground": erased.ground }),
    );
    let finding = verified.finding.as_ref().map(|finding| {
        let message = finding.message();
        json!({ "code": finding.as_code(), "position": finding.position(), "zh": message.zh, "en": message.en })
    });
    let mut out = output::stdout();
    output::json(
        &mut out,
        &json!({
            "entries": verified.entries,
            "pruned_up_to": verified.pruned_up_to,
            "filed_heads": verified.heads,
            "erased": erased.collect::<Vec<_>>(),
            "finding": finding,
        }),
    )?;
    Ok(out.flush()?)
}
