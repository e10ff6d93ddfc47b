//! `zhimei simulate`: what a draft would change for everybody, before it is published.
//!
//! | file | what |
//! | --- | --- |
//! | `draft` | the file of the draft, and which version it is held against |
//! | `show` | the result in the terminal, as JSON, as CSV |
//!
//! What is computed is the crate `effect`.

mod draft;
mod show;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use effect::missing::ASKED_MAX;
use effect::privacy::Seen;
use effect::simulation::marked_dimensions;
use effect::{Effect, Privacy, Simulation, Worlds};
use facts::{Date, FactId, Vocabulary};

use crate::clock::{self, Stopwatch};
use crate::context::{Context, Status};
use crate::{load, output};

/// 一份政策草案会改变什么:谁受益、谁受损、谁还不确定、花多少钱 ¦ What a draft would change: who gains, who loses, who stays open, what it costs
///
/// 对照现行版本(或 --against 指定的版本)判断全部主体:受益、受损、仍不确定及缺哪些事实、金额合计及其上下限,按行业、规模、地区分列;与其他政策重复的户数;点名企业、要求本地注册或纳税的条款列出来供公平竞争审查。 ¦ Decides everybody by the draft and by the version in force (or that of --against): who gains, who loses, who stays open and for want of which facts, the total with its interval, by industry, size and place; how many already get money from other policies; and the rules that name firms or ask for local registration or tax, for the fair-competition review.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei simulate --draft 草案.yaml --facts zone.parquet\n  zhimei simulate --draft 草案.yaml --against cn-srdi-2022@2022-08-01 --facts zone.parquet --by 注册市\n  zhimei simulate --draft 草案.yaml --facts zone.parquet --json ¦ Examples:\n  zhimei simulate --draft draft.yaml --facts zone.parquet\n  zhimei simulate --draft draft.yaml --against cn-srdi-2022@2022-08-01 --facts zone.parquet --by 注册市\n  zhimei simulate --draft draft.yaml --facts zone.parquet --json"
)]
pub struct Arguments {
    /// 草案:新政策,或现有政策的新版本 ¦ The draft: a new policy, or a new version of one
    #[arg(long, value_name = "FILE.yaml")]
    draft: PathBuf,

    /// 对照哪项政策:编号,或 编号@版本起始日;默认同一编号在判断日施行的版本 ¦ What to hold it against: an id, or id@first-day; by default the version of the same id in force on the day
    #[arg(long, value_name = "ID[@DATE]")]
    against: Option<String>,

    /// 主体的事实:.parquet .xlsx .csv .json .yaml ¦ Facts of subjects: .parquet .xlsx .csv .json .yaml
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,

    /// 判断日,默认今天 ¦ Day of decision, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 按这个事实分列,可多次;默认行业、规模、县区 ¦ Break down by this fact, any number of times; industry, size and county by default
    #[arg(long, value_name = "FACT")]
    by: Vec<String>,

    /// 输出 JSON ¦ Print JSON
    #[arg(long, conflicts_with = "out")]
    json: bool,

    /// csv,或以此结尾的文件名:每组一行 ¦ csv, or a file name that ends so: a line for each group
    #[arg(long, value_name = "csv|FILE")]
    out: Option<String>,
}

/// Everything that is told.
struct Outcome<'s> {
    simulation: &'s Simulation<'s>,
    effect: Effect,
    /// Time for the draft and for comparing, after the file was read and everything else decided.
    took: Duration,
}

impl Outcome<'_> {
    /// Whoever has the file may read all of it.
    fn seen(&self) -> Seen {
        self.effect.clone().seen(Privacy::Full)
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let table = arguments.out.as_deref().map(output::Table::parse).transpose()?;
    let library = load::library(context)?;
    let rulebook = &library.rulebook;
    let day = arguments.on.unwrap_or_else(clock::today);
    let draft = draft::read(&arguments.draft, &library, context)?;
    let against = draft::against(&library, &draft.id, arguments.against.as_deref(), day)?;
    let worlds = Worlds::new(rulebook, draft, against, day).map_err(draft::other_subject)?;
    let kind = &worlds.draft().document.subject;
    let dimensions = dimensions(&arguments.by, &rulebook.vocabulary, kind)?;
    let simulation = Simulation::new(&worlds, dimensions, day);
    let population =
        load::population(&arguments.facts, &simulation.wanted(), &rulebook.vocabulary, kind, context)?;
    output::watch_interrupt();
    // What is in force now and what other policies give does not hang on the draft: it is as good as loaded.
    let base = simulation.base(&population);
    let watch = Stopwatch::start();
    let part = simulation.compare(&population, &base);
    let took = watch.elapsed();
    if output::is_interrupted() {
        return Err(output::interrupted());
    }
    let mut sum = simulation.begin();
    sum.add(&population, &base, &part, ASKED_MAX);
    let outcome = Outcome { simulation: &simulation, effect: sum.finish(), took };
    match table {
        Some(table) => show::csv(&outcome, &table)?,
        None if arguments.json => show::json(&outcome)?,
        None => show::text(&outcome, context)?,
    }
    Ok(Status::Fine)
}

/// The facts to break down by: those asked for, else those that the vocabulary marks.
fn dimensions(by: &[String], vocabulary: &Vocabulary, kind: &str) -> Result<Vec<FactId>> {
    if by.is_empty() {
        return Ok(marked_dimensions(vocabulary, kind));
    }
    by.iter().map(|name| load::fact_named(name, vocabulary)).collect()
}
