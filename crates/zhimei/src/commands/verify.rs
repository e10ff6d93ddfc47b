//! `zhimei verify`: a decision in one file, checked and decided again without any database.

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use platform::eligibility::bundle::{BUNDLE_BYTES_MAX, Verification, verify};
use platform::ground::parse_verifying_key;
use serde_json::json;
use wording::style;

use crate::context::{Context, Status};
use crate::output;
use crate::problem::Problem;

/// 校验一份取出的决定,不需要数据库 ¦ Verify a decision that was taken out, without any database
///
/// 核对政策文本与发布时一致、数值和理由与保存时一致、决定确在签名的审计链中,并用其中的文本和数值重新判定。不成立之处逐一列出,退出码为 1。用 --key 给出园区公布的公钥(64 个十六进制字符);不给出时用文件自带的,只能证明前后一致,不能证明出自园区。 ¦ Holds texts, values and reasons against their digests and the decision against the signed audit chain, and decides again from what is in the file. Whatever does not hold is named, with exit status 1. Give the key that the zone publishes by --key (64 hexadecimal digits); with the file's own key only that everything fits together is shown, not that it came from the zone.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei verify decision-12.json\n  zhimei verify decision-12.json --key 3b6a27bc… ¦ Examples:\n  zhimei verify decision-12.json\n  zhimei verify decision-12.json --key 3b6a27bc…"
)]
pub struct Arguments {
    /// 决定文件 ¦ The file with the decision
    #[arg(value_name = "FILE")]
    bundle: PathBuf,

    /// 园区公布的公钥 ¦ The key that the zone publishes
    #[arg(long, value_name = "HEX")]
    key: Option<String>,

    /// 输出 JSON ¦ Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let key = match &arguments.key {
        None => None,
        Some(text) => Some(parse_verifying_key(text.trim()).ok_or_else(|| {
            Problem::new("公钥应为 64 个十六进制字符", "the key has 64 hexadecimal digits").with_help(
                "园区公布的公钥见其网站,或由审计管理员提供",
                "the zone publishes it, or its auditor gives it",
            )
        })?),
    };
    let verified = verify(&read(&arguments.bundle)?, key.as_ref());
    if arguments.json {
        print_json(&verified)?
    } else {
        print(&verified, context)?
    }
    Ok(Status::wrong_if(!verified.findings.is_empty()))
}

fn read(path: &Path) -> Result<String> {
    let shown = path.display();
    let file = std::fs::File::open(path).and_then(|file| {
        let mut text = String::new();
        file.take(BUNDLE_BYTES_MAX + 1).read_to_string(&mut text).map(|_| text)
    });
    let text = file.map_err(|error| {
        Problem::new(format!("不能读 {shown}:{error}"), format!("cannot read {shown}: {error}"))
    })?;
    if text.len() as u64 > BUNDLE_BYTES_MAX {
        return Err(Problem::new(format!("{shown} 超过 64 MiB"), format!("{shown} is past 64 MiB")).into());
    }
    Ok(text)
}

fn print(verified: &Verification, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    if let Some(number) = verified.number {
        let (policy, outcome) = (&verified.policy, &verified.outcome);
        let said = context
            .say(
                &format!("决定 {number}:{policy},结果 {outcome}"),
                &format!("decision {number}: {policy}: {outcome}"),
            )
            .to_owned();
        writeln!(out, "{said}")?;
    }
    for finding in &verified.findings {
        writeln!(out, "{} {}", style::bad("✗", context), context.text(&finding.message()))?;
    }
    if verified.findings.is_empty() {
        let said = context
            .say(
                "文本、数值、理由均未改动,重新判定的结果完全一致",
                "texts, values and reasons are as they were kept, and decided again it is the same",
            )
            .to_owned();
        writeln!(out, "{} {said}", style::good("✓", context))?;
        let key = &verified.key;
        let said = match (&verified.head, verified.is_key_known) {
            (None, _) => context
                .say(
                    "  没有审计证明:取出时条目已按保存期限清理",
                    "  There is no proof from the audit chain: its entry was removed after its time",
                )
                .to_owned(),
            (Some(head), true) => {
                let size = head.size;
                context.say(
                    &format!("  决定在审计链中(链首第 {size} 条),签名与所给公钥相符"),
                    &format!("  it stands in the audit chain (head of entry {size}), signed with the key that was given"),
                )
                .to_owned()
            }
            (Some(head), false) => {
                let size = head.size;
                context.say(
                    &format!("  决定在审计链中(链首第 {size} 条),签名所用公钥为 {key};请与园区公布的核对"),
                    &format!("  it stands in the audit chain (head of entry {size}), signed with {key}; compare that with the key that the zone publishes"),
                )
                .to_owned()
            }
        };
        writeln!(out, "{said}")?;
    }
    Ok(out.flush()?)
}

fn print_json(verified: &Verification) -> Result<()> {
    let findings = verified.findings.iter().map(|finding| {
        let message = finding.message();
        json!({ "code": finding.as_code(), "zh": message.zh, "en": message.en })
    });
    let mut out = output::stdout();
    output::json(
        &mut out,
        &json!({
            "decision": verified.number.map(|number| number.0),
            "policy": verified.policy,
            "outcome": verified.outcome,
            "key": verified.key,
            "is_key_known": verified.is_key_known,
            "chain_entries": verified.head.as_ref().map(|head| head.size),
            "findings": findings.collect::<Vec<_>>(),
        }),
    )?;
    Ok(out.flush()?)
}
