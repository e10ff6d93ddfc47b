//! `zhimei migrate`: brings the database up to this program, after a backup.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use platform::backup::{self, Made, Source};
use platform::ground::{Clock as _, OperatingSystem};
use store::{Plan, Store};

use super::backup::{backup_told, beside, passphrase};
use crate::context::{Context, Status};
use crate::output;
use crate::progress::Slow;
use crate::serve::MachineClock;
use crate::serve::place::{self, Place, fault_told, store_told};
use crate::serve::settings::{DataFlags, Settings, Sources};

/// 把数据库升级到本程序的版本,先自动备份 ¦ Bring the database up to this program, with a backup first
///
/// 先停止服务。列出要执行的升级,备份到数据目录的 backups 文件夹并试恢复,然后在一个事务里全部执行;中途失败则什么都没有变。 ¦ Stop the server first. Lists what will be done, makes a backup in the folder backups of the data and restores it once on trial, then does everything in one transaction; if that fails, nothing has changed.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei migrate --plan\n  zhimei migrate ¦ Examples:\n  zhimei migrate --plan\n  zhimei migrate"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: DataFlags,

    /// 只列出要做什么,不执行;有未执行的升级时退出码为 1 ¦ Only list what would be done; exit status 1 if there is anything
    #[arg(long)]
    plan: bool,

    /// 备份用这个文件第一行的口令加密 ¦ Encrypt the backup under the passphrase on the first line of this file
    #[arg(long, value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let settings = Sources::read(arguments.flags.config.as_deref(), &arguments.flags)?.settings()?;
    let place = Place::new(&settings.data);
    let passphrase = arguments.passphrase_file.as_deref().map(passphrase).transpose()?;
    tokio::runtime::Runtime::new()?.block_on(async {
        place::must_be_there(&settings)?;
        let opened = Store::open_to_migrate(&settings.database, &platform::schema()).await;
        let (store, plan) = opened.map_err(|error| store_told(&error))?;
        let done = async {
            print_plan(&plan, context)?;
            if arguments.plan || plan.missing.is_empty() {
                return Ok(Status::wrong_if(!plan.missing.is_empty()));
            }
            migrate(&store, &plan, &settings, &place, passphrase.as_deref(), context).await
        };
        let done = done.await;
        store.close().await;
        done
    })
}

fn print_plan(plan: &Plan, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    let count = plan.missing.len();
    match (count, context.is_chinese()) {
        (0, true) => writeln!(out, "数据库已是本程序的版本,无需升级。")?,
        (0, false) => writeln!(out, "The database is of this program's version; there is nothing to do.")?,
        (_, true) => writeln!(out, "要执行 {count} 项升级:")?,
        (_, false) => writeln!(out, "{count} migrations are to be done:")?,
    }
    for name in &plan.missing {
        writeln!(out, "  {name}")?;
    }
    Ok(out.flush()?)
}

async fn migrate(
    store: &Store,
    plan: &Plan,
    settings: &Settings,
    place: &Place,
    passphrase: Option<&str>,
    context: &Context,
) -> Result<Status> {
    // In a database without any table there is nothing to save.
    let saved = if plan.is_first { None } else { Some(save(store, place, passphrase, context).await?) };
    let done = store.migrate(&platform::schema(), MachineClock.now().0).await;
    let done = done.map_err(|error| store_told(&error))?;
    if !plan.is_first {
        let ground = place::ground_on(store, place, settings.algorithm).await?;
        let caller = place::operator("migrate");
        backup::announce_migration(&ground, &caller, &done.missing, saved.as_ref())
            .await
            .map_err(|fault| fault_told(&fault))?;
    }
    output::note(context.say("升级完成。接下来:zhimei serve", "Done. What next: zhimei serve"));
    Ok(Status::Fine)
}

async fn save(store: &Store, place: &Place, passphrase: Option<&str>, context: &Context) -> Result<Made> {
    let now = MachineClock.now();
    let folder = place.backups();
    std::fs::create_dir_all(&folder).map_err(|error| output::cannot_write(&folder, &error))?;
    let out = folder.join(format!("before-migration-{}-{:05}.backup", now.day(), now.second_of_day()));
    let (keys, beside) = (place.keys_there()?, beside(place, false)?);
    let source = Source { store, schema: &platform::schema(), keys: &keys, beside: &beside, now };
    let mut slow = Slow::new(context, "正在备份,已处理行数", "backing up, rows so far");
    let tell: backup::Tell<'_> = &mut |rows| slow.tell(rows);
    let made = backup::make(source, &out, passphrase, &OperatingSystem, tell).await;
    let made = made.map_err(|error| backup_told(&error))?;
    let seconds = slow.end().as_secs_f64();
    let shown = out.display();
    output::note(&if context.is_chinese() {
        format!("已备份到 {shown},并试恢复无误(用时 {seconds:.1} 秒)")
    } else {
        format!("backed up to {shown} and restored once on trial ({seconds:.1} seconds)")
    });
    Ok(made)
}
