//! `zhimei audit export`: entries with the proofs that they are in the chain.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use platform::audit::{self, Export, Proven, Range};

use crate::context::{Context, Status};
use crate::output::{self, WholeFile};
use crate::problem::Problem;
use crate::progress::Slow;
use crate::serve::place::{self, Place, fault_told};
use crate::serve::settings::{DataFlags, Sources};

/// 导出审计条目,每条附包含证明 ¦ Export audit entries, each with the proof that it is in the chain
///
/// 每行一个 JSON:先是签名的链首,然后每条一行,附通向链首的路径;不含所附的值。导出本身也记入审计。任何人凭公钥即可校验,不需要数据库。 ¦ A JSON object a line: the signed head first, then the entries, each with the path that leads to the head; the values beside them stay. The export itself leaves an entry. Anybody can verify it with the public key, without the database.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei audit export --out audit.jsonl\n  zhimei audit export --from 1000 --to 2000 --out part.jsonl ¦ Examples:\n  zhimei audit export --out audit.jsonl\n  zhimei audit export --from 1000 --to 2000 --out part.jsonl"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: DataFlags,

    /// 写入哪个文件 ¦ Into which file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// 从第几条起,默认从现存的第一条 ¦ From that entry on; from the first that is there by default
    #[arg(long, value_name = "N")]
    from: Option<u64>,

    /// 到第几条止,默认到最后一条 ¦ Up to that entry; to the last by default
    #[arg(long, value_name = "N")]
    to: Option<u64>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let settings = Sources::read(arguments.flags.config.as_deref(), &arguments.flags)?.settings()?;
    let place = Place::new(&settings.data);
    let range = Range { from: arguments.from, to: arguments.to };
    output::watch_interrupt();
    let (count, seconds) = tokio::runtime::Runtime::new()?.block_on(async {
        let file = WholeFile::create(&arguments.out)?;
        let store = place::open_beside(&settings).await?;
        let written = async {
            let ground = place::ground_on(&store, &place, settings.algorithm).await?;
            let caller = place::operator("audit-export");
            let proven = audit::export_by_command(&ground, &caller, &place.heads(), range).await;
            match proven.map_err(|fault| fault_told(&fault))? {
                Proven::Lines(export) => write(*export, file, arguments, context).await,
                Proven::NoSuchEntries { first, last } => Err(no_such(first, last)),
            }
        };
        let written = written.await;
        store.close().await;
        written
    })?;
    let shown = arguments.out.display();
    output::note(&if context.is_chinese() {
        format!("{shown}:{count} 条,每条附证明(用时 {seconds:.1} 秒)")
    } else {
        format!("{shown}: {count} entries with their proofs ({seconds:.1} seconds)")
    });
    Ok(Status::Fine)
}

fn no_such(first: u64, last: u64) -> anyhow::Error {
    Problem::new("没有这样的条目".to_owned(), "there are no such entries".to_owned())
        .with_help(format!("现存第 {first} 条到第 {last} 条"), format!("entries {first} to {last} are there"))
        .into()
}

async fn write(
    mut export: Export,
    mut file: WholeFile,
    arguments: &Arguments,
    context: &Context,
) -> Result<(u64, f64)> {
    let all = export.left();
    let mut slow = Slow::new(context, "正在导出,已写条数", "exporting, entries so far");
    loop {
        let lines = export.next_lines().await.map_err(|fault| fault_told(&fault))?;
        if lines.is_empty() {
            break;
        }
        if output::is_interrupted() {
            return Err(output::interrupted());
        }
        for line in lines {
            writeln!(file, "{line}").map_err(|error| output::cannot_write(&arguments.out, &error))?;
        }
        slow.tell(all - export.left());
    }
    file.finish()?;
    Ok((all, slow.end().as_secs_f64()))
}
