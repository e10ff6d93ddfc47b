//! `zhimei replay`: a stored decision derived again.

use std::io::Write as _;
use std::num::NonZeroUsize;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use platform::eligibility::{
    DecisionNumber, Engines, Replay, StoredDecision, bundle_by_command, replay_by_command,
};
use platform::policies::Shelf;
use serde_json::{Value, json};
use wording::style;

use crate::context::{Context, Status};
use crate::output;
use crate::problem::Problem;
use crate::serve::place::{self, Place, fault_told};
use crate::serve::settings::{DataFlags, Sources};

/// 用保存的输入重新判定一份决定,说明是否完全一致 ¦ Derive a stored decision again from what it rested on, and say whether it is the same
///
/// 取当时的政策版本、台账位置和日期重新判定,与保存的决定逐项比较;不同之处逐一列出,退出码为 1。依法删除的内容会说明已删除。在服务器上运行,服务运行时也可以用;重放会记入审计。 ¦ From the policies, the position of the ledger and the day of that time; every difference is named, with exit status 1. What was erased by law is said to be erased. Runs on the server, also while it serves; replaying leaves an entry in the audit chain.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei replay 12\n  zhimei replay 12 --bundle decision-12.json\n  zhimei replay 12 --json ¦ Examples:\n  zhimei replay 12\n  zhimei replay 12 --bundle decision-12.json\n  zhimei replay 12 --json"
)]
pub struct Arguments {
    /// 决定的编号 ¦ Number of the decision
    #[arg(value_name = "DECISION")]
    decision: u64,

    #[command(flatten)]
    flags: DataFlags,

    /// 同时把决定取出为一个可独立校验的文件(zhimei verify) ¦ Take the decision out too, as one file that proves itself (zhimei verify)
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,

    /// 输出 JSON ¦ Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let settings = Sources::read(arguments.flags.config.as_deref(), &arguments.flags)?.settings()?;
    let place = Place::new(&settings.data);
    let number = DecisionNumber(arguments.decision);
    let (decision, replay) = tokio::runtime::Runtime::new()?.block_on(async {
        let store = place::open_beside(&settings).await?;
        let derived = async {
            let ground = place::ground_on(&store, &place, settings.algorithm).await?;
            let shelf = Shelf::open(&ground).await.map_err(|fault| fault_told(&fault))?;
            let engines = Engines::new(&shelf, NonZeroUsize::MIN);
            let caller = place::operator("replay");
            let replayed = replay_by_command(&ground, &engines, &caller, number).await;
            let replayed = replayed.map_err(|fault| fault_told(&fault))?.ok_or_else(|| no_such(number))?;
            if let Some(file) = &arguments.bundle {
                let wanted = (number, place.heads());
                let bundle =
                    bundle_by_command(&ground, &engines, &caller, (wanted.0, wanted.1.as_path())).await;
                let bundle = bundle.map_err(|fault| fault_told(&fault))?.ok_or_else(|| erased(number))?;
                output::write_file(file, bundle.to_string().as_bytes())?;
            }
            Ok(replayed)
        };
        let derived: Result<_> = derived.await;
        store.close().await;
        derived
    })?;
    if arguments.json {
        let mut out = output::stdout();
        output::json(&mut out, &told(&decision, &replay))?;
        out.flush()?;
    } else {
        print(&decision, &replay, context)?;
    }
    if let Some(file) = &arguments.bundle {
        let shown = file.display();
        output::note(context.say(&format!("决定文件:{shown}"), &format!("the decision is in {shown}")));
    }
    Ok(Status::wrong_if(matches!(replay, Replay::Different { .. })))
}

fn no_such(number: DecisionNumber) -> anyhow::Error {
    Problem::new(format!("没有编号为 {number} 的决定"), format!("there is no decision {number}")).into()
}

fn erased(number: DecisionNumber) -> anyhow::Error {
    Problem::new(
        format!("决定 {number} 的内容已依法删除,不能取出"),
        format!("the content of decision {number} was erased by law and cannot be taken out"),
    )
    .into()
}

fn told(decision: &StoredDecision, replay: &Replay) -> Value {
    let mut told = json!({
        "decision": decision.number.0,
        "policy": format!("{}@{}", decision.policy, decision.version),
        "on": decision.day.to_string(),
        "position": decision.position,
        "outcome": decision.outcome,
        "result": "same",
    });
    match replay {
        Replay::Same => {}
        Replay::Erased { keys } => {
            told["result"] = json!("erased");
            told["erased"] = json!(keys);
        }
        Replay::Different { differences, semantics_now } => {
            told["result"] = json!("different");
            let one = |it: &platform::eligibility::Difference| json!({ "place": it.place, "then": it.then, "now": it.now });
            told["differences"] = differences.iter().map(one).collect();
            told["semantics_now"] = json!(semantics_now);
        }
    }
    told
}

fn print(decision: &StoredDecision, replay: &Replay, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    let StoredDecision { number, policy, version, day, position, outcome, .. } = decision;
    let of = context
        .say(
            &format!("决定 {number}:{policy}@{version},判断日 {day},台账位置 {position},结果 {outcome}"),
            &format!(
                "decision {number}: {policy}@{version}, on {day}, ledger position {position}: {outcome}"
            ),
        )
        .to_owned();
    writeln!(out, "{of}")?;
    match replay {
        Replay::Same => {
            let said = context.say("重新判定的结果完全一致", "derived again, it is the same").to_owned();
            writeln!(out, "{} {said}", style::good("✓", context))?;
        }
        Replay::Erased { keys } if keys.is_empty() => {
            let said = context
                .say(
                    "其内容已依法删除,不能重放;没有被改动的迹象",
                    "its content was erased by law, so it cannot be replayed; nothing tells of an alteration",
                )
                .to_owned();
            writeln!(out, "{} {said}", style::quiet("○", context))?;
        }
        Replay::Erased { keys } => {
            let keys = keys.join("、");
            let said = context
                .say(
                    &format!("所依据的数值已依法删除,不能重放:{keys}"),
                    &format!("values that it rested on were erased by law, so it cannot be replayed: {keys}"),
                )
                .to_owned();
            writeln!(out, "{} {said}", style::quiet("○", context))?;
        }
        Replay::Different { differences, semantics_now } => {
            let said =
                context.say("重新判定的结果不同:", "derived again, it comes out otherwise:").to_owned();
            writeln!(out, "{} {said}", style::bad("✗", context))?;
            for it in differences {
                writeln!(out, "  {}: {} → {}", it.place, it.then, it.now)?;
            }
            if let Some(now) = semantics_now {
                let then = decision.semantics;
                let said = context
                    .say(
                        &format!("  当时的引擎语义为第 {then} 版,现在为第 {now} 版"),
                        &format!("  the engine's semantics were version {then}, and are {now} now"),
                    )
                    .to_owned();
                writeln!(out, "{said}")?;
            }
        }
    }
    Ok(out.flush()?)
}
