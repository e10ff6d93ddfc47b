//! `zhimei backup`: everything that the installation is, in one file, while the server runs.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use platform::backup::{self, BackupError, Beside, Made, Source};
use platform::ground::{Clock as _, OperatingSystem};

use crate::context::{Context, Status};
use crate::output;
use crate::problem::Problem;
use crate::progress::Slow;
use crate::serve::MachineClock;
use crate::serve::place::{self, Place, fault_told, told};
use crate::serve::settings::{DataFlags, Sources};

/// Most bytes of a file with a passphrase.
const PASSPHRASE_BYTES_MAX: usize = 1_024;

/// Fewest characters of a passphrase.
const PASSPHRASE_CHARACTERS_MIN: usize = 12;

/// 备份数据库、上传的文件和链首,服务运行时也可以 ¦ Back up database, uploaded files and filed heads, also while the server runs
///
/// 读取数据库的同一时刻;写完后先恢复到临时数据库并校验审计链,都对了才算备份成功。文件只有本人可读。密钥默认不在备份里,请另外保管:没有密钥,备份里加密的内容读不出来,审计链也不能续写。 ¦ Reads one state of the database. Before it counts as a backup it is restored into a temporary database and its audit chain is verified. Only its owner may read the file. Keys are not in it unless asked for, so keep them elsewhere: without them what is sealed in the backup cannot be read and the audit chain cannot go on.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei backup --out /备份/智美-2026-12-01.backup\n  zhimei backup --out full.backup --passphrase-file 口令.txt --with-keys ¦ Examples:\n  zhimei backup --out /backup/zhimei-2026-12-01.backup\n  zhimei backup --out full.backup --passphrase-file passphrase.txt --with-keys"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: DataFlags,

    /// 备份到哪个文件;不覆盖已有的文件 ¦ Into which file; one that is there is not written over
    #[arg(long, value_name = "FILE")]
    out: PathBuf,

    /// 用这个文件第一行的口令加密(至少 12 个字符) ¦ Encrypt under the passphrase on the first line of this file (at least 12 characters)
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,

    /// 密钥也放进备份;备份必须加密 ¦ Put the keys into it as well; it must be encrypted then
    #[arg(long, requires = "passphrase_file")]
    with_keys: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let settings = Sources::read(arguments.flags.config.as_deref(), &arguments.flags)?.settings()?;
    let place = Place::new(&settings.data);
    let passphrase = arguments.passphrase_file.as_deref().map(passphrase).transpose()?;
    refuse_if_there(&arguments.out)?;
    let mut slow = Slow::new(context, "正在备份,已处理行数", "backing up, rows so far");
    let made = tokio::runtime::Runtime::new()?.block_on(async {
        let store = place::open_beside(&settings).await?;
        let made = async {
            let ground = place::ground_on(&store, &place, settings.algorithm).await?;
            let caller = place::operator("backup");
            backup::announce_backup(&ground, &caller, passphrase.is_some(), arguments.with_keys)
                .await
                .map_err(|fault| fault_told(&fault))?;
            let beside = beside(&place, arguments.with_keys)?;
            let source = Source {
                store: &store,
                schema: &platform::schema(),
                keys: ground.keys(),
                beside: &beside,
                now: MachineClock.now(),
            };
            let tell: backup::Tell<'_> = &mut |rows| slow.tell(rows);
            let made = backup::make(source, &arguments.out, passphrase.as_deref(), &OperatingSystem, tell);
            made.await.map_err(|error| backup_told(&error))
        };
        let made = made.await;
        store.close().await;
        made
    })?;
    say(&arguments.out, &made, slow.end().as_secs_f64(), arguments.with_keys, context);
    Ok(Status::Fine)
}

fn say(out: &Path, made: &Made, seconds: f64, has_keys: bool, context: &Context) {
    let (place, rows, files, entries) = (out.display(), made.rows, made.files, made.manifest.chain_size);
    let megabytes = made.bytes as f64 / 1e6;
    output::note(&if context.is_chinese() {
        format!(
            "{place}:{rows} 行、{files} 个文件、审计 {entries} 条,{megabytes:.1} MB;已试恢复并校验审计链(用时 {seconds:.1} 秒)"
        )
    } else {
        format!(
            "{place}: {rows} rows, {files} files, {entries} audit entries, {megabytes:.1} MB; restored once on trial, audit chain verified ({seconds:.1} seconds)"
        )
    });
    if !has_keys {
        output::note(context.say(
            "备份不含密钥,请另外保管数据目录里的 keys 文件夹。",
            "The keys are not in it: keep the folder keys of the folder of data elsewhere.",
        ));
    }
}

/// An error of a backup as one that ends a command.
pub fn backup_told(error: &BackupError) -> anyhow::Error {
    told(error.message())
}

/// What belongs to the installation beside its database.
pub fn beside(place: &Place, with_keys: bool) -> Result<Vec<Beside>> {
    let mut found = Vec::new();
    let mut roots = vec![place.heads(), place.uploads()];
    if with_keys {
        roots.push(place.keys());
    }
    for root in roots {
        collect(place.folder(), &root, &mut found)?;
    }
    Ok(found)
}

/// A file, or all files of a folder in order of their names. What is neither (a link, a socket) is not ours.
fn collect(folder: &Path, path: &Path, found: &mut Vec<Beside>) -> Result<()> {
    let Ok(kind) = std::fs::symlink_metadata(path) else {
        return Ok(());
    };
    if kind.is_file() {
        let relative = path.strip_prefix(folder).unwrap_or(path);
        let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        found.push(Beside { name: parts.join("/"), path: path.to_owned() });
    } else if kind.is_dir() {
        let failed = |cause| backup_told(&BackupError::File { path: path.to_owned(), cause });
        let entries: std::io::Result<Vec<_>> =
            std::fs::read_dir(path).map_err(failed)?.map(|entry| entry.map(|entry| entry.path())).collect();
        let mut entries = entries.map_err(failed)?;
        entries.sort();
        for entry in entries {
            collect(folder, &entry, found)?;
        }
    }
    Ok(())
}

/// The first line of a file.
pub fn passphrase(file: &Path) -> Result<String> {
    let text = std::fs::read_to_string(file)
        .map_err(|cause| backup_told(&BackupError::File { path: file.to_owned(), cause }))?;
    let line = text.lines().next().unwrap_or_default().to_owned();
    if line.len() <= PASSPHRASE_BYTES_MAX && line.chars().count() >= PASSPHRASE_CHARACTERS_MIN {
        return Ok(line);
    }
    let shown = file.display();
    Err(Problem::new(
        format!("{shown} 第一行不是可用的口令"),
        format!("the first line of {shown} is no passphrase that will do"),
    )
    .with_help(
        format!("口令至少 {PASSPHRASE_CHARACTERS_MIN} 个字符,最多 {PASSPHRASE_BYTES_MAX} 字节"),
        format!(
            "it has at least {PASSPHRASE_CHARACTERS_MIN} characters and at most {PASSPHRASE_BYTES_MAX} bytes"
        ),
    )
    .into())
}

fn refuse_if_there(out: &Path) -> Result<()> {
    if !out.exists() {
        return Ok(());
    }
    let shown = out.display();
    Err(Problem::new(format!("{shown} 已存在"), format!("{shown} is there already"))
        .with_help("换一个文件名;备份从不覆盖", "name another file; a backup is never written over")
        .into())
}
