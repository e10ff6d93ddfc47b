//! `zhimei restore`: a backup into an empty database.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use platform::backup::{self, Restored, Target};
use platform::ground::{Clock as _, Keys, Moment};
use store::Store;

use super::backup::{backup_told, passphrase};
use crate::context::{Context, Status};
use crate::output;
use crate::progress::Slow;
use crate::serve::MachineClock;
use crate::serve::place::{self, Place, fault_told};
use crate::serve::settings::{DataFlags, Settings, Sources};

/// 把备份恢复到空数据库 ¦ Restore a backup into an empty database
///
/// SQLite 与 PostgreSQL 的备份可以互相恢复。服务正在运行或数据库不空时拒绝。行数、摘要、审计链全部核对无误才生效,否则什么都不改。 ¦ A backup of SQLite goes into PostgreSQL and the other way round. Refused while a server runs or the database has anything. Rows, digests and the audit chain must all be right before anything is made true; otherwise nothing is changed.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei restore /备份/智美-2026-12-01.backup --data 新数据目录\n  zhimei restore full.backup --passphrase-file 口令.txt --database postgres://zhimei@localhost/zhimei ¦ Examples:\n  zhimei restore /backup/zhimei-2026-12-01.backup --data new-data\n  zhimei restore full.backup --passphrase-file passphrase.txt --database postgres://zhimei@localhost/zhimei"
)]
pub struct Arguments {
    /// 备份文件 ¦ The backup
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    flags: DataFlags,

    /// 备份的口令在这个文件的第一行 ¦ The backup's passphrase is on the first line of this file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let settings = Sources::read(arguments.flags.config.as_deref(), &arguments.flags)?.settings()?;
    let place = Place::new(&settings.data);
    place.create()?;
    let passphrase = arguments.passphrase_file.as_deref().map(passphrase).transpose()?;
    let mut slow = Slow::new(context, "正在恢复,已处理行数", "restoring, rows so far");
    let runtime = tokio::runtime::Runtime::new()?;
    let restored = runtime.block_on(async {
        let target = Target {
            location: &settings.database,
            folder: place.folder(),
            schema: &platform::schema(),
            now: MachineClock.now(),
        };
        let tell: backup::Tell<'_> = &mut |rows| slow.tell(rows);
        let restored = backup::restore(&arguments.file, passphrase.as_deref(), target, tell).await;
        restored.map_err(|error| backup_told(&error))
    })?;
    say(&restored, slow.end().as_secs_f64(), context);
    let keys = keys(&place, &restored);
    if let (KeysAre::Right, true) = (&keys, restored.missing.is_empty()) {
        runtime.block_on(announce(&settings, &place, &restored))?;
    }
    what_next(&restored, &keys, &place, context);
    Ok(Status::wrong_if(matches!(keys, KeysAre::Others)))
}

enum KeysAre {
    Right,
    Missing,
    Others,
}

fn keys(place: &Place, restored: &Restored) -> KeysAre {
    if !Keys::are_in(&place.keys()) {
        return KeysAre::Missing;
    }
    let is_right = Keys::load(&place.keys())
        .is_ok_and(|keys| keys.verifying_key().to_bytes() == restored.manifest.verifying_key);
    if is_right { KeysAre::Right } else { KeysAre::Others }
}

/// Leaves an entry that the database was restored.
async fn announce(settings: &Settings, place: &Place, restored: &Restored) -> Result<()> {
    let opened = Store::open(&settings.database, &platform::schema(), MachineClock.now().0).await;
    let store = opened.map_err(|error| place::store_told(&error))?;
    let announced = async {
        let ground = place::ground_on(&store, place, settings.algorithm).await?;
        let announced =
            backup::announce_restored(&ground, &place::operator("restore"), &restored.manifest).await;
        announced.map_err(|fault| fault_told(&fault))
    };
    let announced = announced.await;
    store.close().await;
    announced
}

fn say(restored: &Restored, seconds: f64, context: &Context) {
    let (rows, files, entries) = (restored.rows, restored.files.len(), restored.entries);
    let day = Moment(restored.manifest.made_ms).day();
    output::note(&if context.is_chinese() {
        format!(
            "已恢复 {day} 的备份:{rows} 行、{files} 个文件;行数与摘要相符,审计链 {entries} 条校验无误(用时 {seconds:.1} 秒)"
        )
    } else {
        format!(
            "restored the backup of {day}: {rows} rows, {files} files; counts and digests agree, {entries} audit entries verified ({seconds:.1} seconds)"
        )
    });
}

fn what_next(restored: &Restored, keys: &KeysAre, place: &Place, context: &Context) {
    let shown = place.keys();
    let shown = shown.display();
    let mut steps = Vec::new();
    match keys {
        KeysAre::Right => {}
        KeysAre::Missing => steps.push(if context.is_chinese() {
            format!("把原来的密钥放回 {shown}")
        } else {
            format!("put the former keys back into {shown}")
        }),
        KeysAre::Others => steps.push(if context.is_chinese() {
            format!("{shown} 里的密钥不是这份备份的:换成原来的密钥")
        } else {
            format!("the keys in {shown} are not those of this backup: put the former ones there")
        }),
    }
    if !restored.missing.is_empty() {
        let missing = restored.missing.join(", ");
        steps.push(if context.is_chinese() {
            format!("备份来自较早的程序,运行 zhimei migrate 升级({missing})")
        } else {
            format!("the backup is of an earlier program: run zhimei migrate ({missing})")
        });
    }
    steps.push(
        context
            .say(
                "用异地保存的链首运行 zhimei audit verify --heads,看清备份之后少了哪些",
                "run zhimei audit verify --heads with heads kept elsewhere, to see what came after the backup",
            )
            .to_owned(),
    );
    steps.push(context.say("启动服务:zhimei serve", "start the server: zhimei serve").to_owned());
    output::note(context.say("接下来:", "What next:"));
    for (number, step) in (1..).zip(steps) {
        output::note(&format!("  {number}. {step}"));
    }
}
