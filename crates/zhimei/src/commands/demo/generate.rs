//! `zhimei demo generate`: a made-up zone as Parquet files.

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use demo::{ENTERPRISES_MAX, Settings, Zone};
use facts::Date;
use indicatif::{ProgressBar, ProgressStyle};
use lang::ir::Test;
use library::Library;

use super::parquet::{self, Written};
use crate::context::{Context, Status};
use crate::load;
use crate::output::{self, WholeFile};

/// From so many rows on, a progress bar is shown.
const LONG_FROM: u64 = 20_000;

/// The kind whose file has the name that was given.
const ENTERPRISE: &str = "enterprise";

/// 生成一个编造的园区,存成 Parquet ¦ Make up a zone and store it as Parquet
///
/// 企业的规模、行业、年份序列、空缺都仿照实际,但全是编造的:名称是“示例……”,信用代码的登记地 999999 不存在。政策库读到的每一列都有。种子相同,文件一字节不差。 ¦ Sizes, industries, yearly series and gaps look like life, but all of it is made up: names say 示例 (example), and the registrar's area 999999 of the credit codes does not exist. Every column that the library reads is there. The same seed gives the same bytes.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei demo generate --enterprises 100000 --out zone.parquet\n  zhimei demo generate --enterprises 1000 --seed 7 --all-kinds --out zone.parquet ¦ Examples:\n  zhimei demo generate --enterprises 100000 --out zone.parquet\n  zhimei demo generate --enterprises 1000 --seed 7 --all-kinds --out zone.parquet"
)]
pub struct Arguments {
    /// 企业数,最多一千万 ¦ Number of enterprises, at most ten million
    #[arg(long, value_name = "N", value_parser = enterprises)]
    enterprises: u64,

    /// 种子,默认 1;不同的种子是不同的园区 ¦ Seed, 1 by default; another seed is another zone
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,

    /// 存到哪个文件(.parquet) ¦ Into which file (.parquet)
    #[arg(long, value_name = "FILE.parquet")]
    out: PathBuf,

    /// 判断日,决定有哪些年份,默认 2026-06-30 ¦ Day of decision, which tells the years, 2026-06-30 by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day, default_value = "2026-06-30")]
    on: Date,

    /// 也生成机构、个人等其他主体,各存一个文件,如 zone.institution.parquet ¦ Also institutions, persons and other subjects, each in a file of its own, as zone.institution.parquet
    #[arg(long)]
    all_kinds: bool,
}

fn enterprises(text: &str) -> Result<u64, String> {
    let number = text.trim().parse().ok().filter(|number| *number <= ENTERPRISES_MAX);
    number.ok_or_else(|| {
        format!("要一个 0 到 {ENTERPRISES_MAX} 的整数 ¦ a whole number from 0 to {ENTERPRISES_MAX} is wanted")
    })
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    output::require_ending(&arguments.out, &["parquet"])?;
    let library = load::library(context)?;
    let settings = Settings {
        seed: arguments.seed,
        enterprises: arguments.enterprises,
        day: arguments.on,
        asked: library.reads(arguments.on),
        judgements: judgements(&library),
    };
    let zone = Zone::new(&library.rulebook.vocabulary, settings);
    let kinds = if arguments.all_kinds { zone.kinds() } else { vec![ENTERPRISE] };
    output::watch_interrupt();
    let bar = progress(kinds.iter().map(|kind| zone.count(kind)).sum());
    let mut written = Vec::new();
    for kind in kinds {
        let place = place(&arguments.out, kind);
        let file = WholeFile::create(&place)?;
        let note = parquet::Note { seed: arguments.seed, day: arguments.on };
        let (file, counts) = parquet::write(&zone, kind, note, file, &place, &bar)?;
        written.push((place, file, counts));
    }
    bar.finish_and_clear();
    // All of them or none: no file takes its name before the last one is complete.
    for (place, file, counts) in written {
        file.finish()?;
        say(&place, &counts, context);
    }
    let seconds = bar.elapsed().as_secs_f64();
    output::note(context.say(
        &format!("全是编造的示例数据,不属于任何企业。种子 {},用时 {seconds:.1} 秒", arguments.seed),
        &format!(
            "all of it is made-up example data and belongs to nobody; seed {}, {seconds:.1} seconds",
            arguments.seed
        ),
    ));
    Ok(Status::Fine)
}

/// The ids of all conditions on enterprises that persons decide.
fn judgements(library: &Library) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for entry in library.rulebook.entries().iter().filter(|entry| entry.document.subject == ENTERPRISE) {
        for condition in entry.document.conditions() {
            if matches!(condition.test, Test::Manual(..)) && !ids.contains(&condition.id) {
                ids.push(condition.id.clone());
            }
        }
    }
    ids
}

/// The file of a kind, beside that of the enterprises.
fn place(out: &Path, kind: &str) -> PathBuf {
    if kind == ENTERPRISE { out.to_owned() } else { out.with_extension(format!("{kind}.parquet")) }
}

fn progress(rows: u64) -> ProgressBar {
    if rows < LONG_FROM || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(rows);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {per_sec} {eta}");
    bar.set_style(style.expect("the template names only what indicatif knows"));
    bar
}

fn say(place: &Path, written: &Written, context: &Context) {
    let cells = written.rows * written.columns as u64;
    let empty = if cells == 0 { 0.0 } else { 100.0 * written.empty as f64 / cells as f64 };
    let megabytes = std::fs::metadata(place).map_or(0, |file| file.len()) as f64 / 1e6;
    let (rows, columns, place) = (written.rows, written.columns, place.display());
    output::note(context.say(
        &format!("{place}:{rows} 行,{columns} 列,空缺 {empty:.1}%,{megabytes:.1} MB"),
        &format!("{place}: {rows} rows, {columns} columns, {empty:.1}% empty, {megabytes:.1} MB"),
    ));
}
