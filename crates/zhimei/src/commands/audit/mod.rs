//! `zhimei audit`: verifying the audit chain, taking entries out with proofs, the heads that were filed.

mod export;
mod heads;
mod verify;

use std::io::Read as _;
use std::path::Path;

use anyhow::Result;
use clap::{Args, Subcommand};
use platform::ground::Keys;
use platform::ground::chain::FiledHeads;

use crate::context::{Context, Status};
use crate::problem::Problem;
use crate::serve::place::fault_told;

/// Most bytes of a file of heads: a line an hour for two centuries.
const HEADS_BYTES_MAX: u64 = 1 << 30;

/// 校验、导出审计链,查看链首 ¦ Verify and export the audit chain, look at its heads
///
/// 在服务器上、用数据目录里的密钥运行;服务运行时也可以用。 ¦ Runs on the server, with the keys in the folder of data; also while the server runs.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei audit verify\n  zhimei audit verify --heads 异地保存的链首.jsonl\n  zhimei audit export --out audit.jsonl ¦ Examples:\n  zhimei audit verify\n  zhimei audit verify --heads heads-kept-elsewhere.jsonl\n  zhimei audit export --out audit.jsonl"
)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Verify(verify::Arguments),
    Export(export::Arguments),
    Heads(heads::Arguments),
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    match &arguments.what {
        What::Verify(arguments) => verify::run(arguments, context),
        What::Export(arguments) => export::run(arguments, context),
        What::Heads(arguments) => heads::run(arguments, context),
    }
}

/// The heads of a file that somebody named, which must be there; or those of ours, which may not have been filed yet.
fn filed(named: Option<&Path>, usual: &Path, keys: &Keys) -> Result<FiledHeads> {
    let key = keys.verifying_key();
    let Some(path) = named else {
        return FiledHeads::read(usual, &key).map_err(|fault| fault_told(&fault));
    };
    let mut text = String::new();
    let read =
        std::fs::File::open(path).and_then(|file| file.take(HEADS_BYTES_MAX).read_to_string(&mut text));
    read.map_err(|error| {
        let shown = path.display();
        Problem::new(format!("不能读 {shown}:{error}"), format!("cannot read {shown}: {error}")).with_help(
            "链首文件每行一个 JSON,由 zhimei serve 写入数据目录的 audit-heads.jsonl",
            "a file of heads has a JSON object a line, as zhimei serve writes audit-heads.jsonl in the folder of data",
        )
    })?;
    Ok(FiledHeads::parse(&text, &key))
}
