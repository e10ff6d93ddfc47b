//! `zhimei simulate`: what a draft would change for everybody, before it is published.
//!
//! | file | what |
//! | --- | --- |
//! | `draft` | the draft and what it is held against, each in a library of its own |
//! | `compare` | who gains, who loses, by group |
//! | `others` | what the gainers already get from other policies |
//! | `fairness` | rules that a fair-competition review should look at |
//! | `show` | the result in the terminal, as JSON, as CSV |

mod compare;
mod draft;
mod fairness;
mod others;
mod show;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use engine::batch::{Plan, Request};
use engine::point::{Entry, Rulebook};
use facts::{Date, FactId, Mark, Vocabulary};
use population::{Key, Population, Wanted};

use crate::clock::{self, Stopwatch};
use crate::context::{Context, Status};
use crate::load::{self, parquet, parquet::Zone};
use crate::output;
use compare::{Comparison, Dimension, Missing};
use draft::Worlds;

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
struct Simulation<'s> {
    day: Date,
    then: &'s Entry,
    now: Option<&'s Entry>,
    rows: usize,
    comparison: Comparison,
    missing: Missing,
    others: Vec<others::Other>,
    flags: Vec<fairness::Flag>,
    /// Time for the draft and for comparing, after the file was read and everything else decided.
    took: Duration,
    vocabulary: &'s Vocabulary,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let table = arguments.out.as_deref().map(output::Table::parse).transpose()?;
    let library = load::library(context)?;
    let day = arguments.on.unwrap_or_else(clock::today);
    let draft = draft::read(&arguments.draft, &library, context)?;
    let worlds = Worlds::new(&library, draft, arguments.against.as_deref(), day)?;
    let then = worlds.draft();
    let now = worlds.against();
    let vocabulary = &library.rulebook.vocabulary;
    let dimensions = dimensions(&arguments.by, vocabulary, &then.document.subject)?;
    let plans = Plans {
        now: now.map(|entry| Plan::of_entries(&library.rulebook, &[entry], day)),
        then: Plan::of_entries(&worlds.with_draft, &[then], day),
        others: others::plan(&library.rulebook, then, day),
    };
    let population = population(arguments, &plans.wanted(&dimensions), vocabulary, then, context)?;
    output::watch_interrupt();
    let dimensions: Vec<Dimension> =
        dimensions.into_iter().filter_map(|fact| Dimension::of(fact, &population, vocabulary)).collect();
    // What is in force now and what other policies give does not hang on the draft: it is as good as loaded.
    let given = plans.others.decide(&population, Request { amounts: true, details: false });
    let request = Request { amounts: true, details: false };
    let decided_now = plans.now.as_ref().map(|plan| plan.decide(&population, request));
    let watch = Stopwatch::start();
    let decided_then = plans.then.decide(&population, request);
    let now_outcomes = decided_now.as_ref().and_then(|outcomes| outcomes.documents.first());
    let then_outcomes = decided_then.documents.first().expect("the draft is what was asked for");
    let comparison = Comparison::new(now_outcomes, then_outcomes, population.rows(), &dimensions);
    let took = watch.elapsed();
    if output::is_interrupted() {
        return Err(output::interrupted());
    }
    let missing =
        Missing::of(&worlds.with_draft, then, &population, then_outcomes, &plans.then.wanted(), day);
    let others = others::of(&library.rulebook, then, day, &given, &comparison.gainers);
    let flags = fairness::flags(&then.document, vocabulary);
    let rows = population.rows();
    let simulation =
        Simulation { day, then, now, rows, comparison, missing, others, flags, took, vocabulary };
    match table {
        Some(table) => show::csv(&simulation, &table)?,
        None if arguments.json => show::json(&simulation)?,
        None => show::text(&simulation, context)?,
    }
    Ok(Status::Fine)
}

struct Plans<'p> {
    now: Option<Plan<'p>>,
    then: Plan<'p>,
    others: Plan<'p>,
}

impl Plans<'_> {
    /// All that any of them reads, and what is broken down by.
    fn wanted(&self, dimensions: &[FactId]) -> Wanted {
        let mut wanted = self.then.wanted();
        merge(&mut wanted, self.others.wanted());
        if let Some(now) = &self.now {
            merge(&mut wanted, now.wanted());
        }
        dimensions.iter().for_each(|fact| wanted.add_fact(*fact));
        wanted
    }
}

/// Adds what is wanted in `more`.
fn merge(into: &mut Wanted, more: Wanted) {
    more.facts.into_iter().flatten().for_each(|fact| into.add_fact(fact));
    more.statuses.into_iter().flatten().for_each(|name| into.add_status(&name));
    more.manual.into_iter().flatten().for_each(|id| into.add_manual(&id));
    for (name, inside) in more.collections.into_iter().flatten() {
        if let Some(known) = into.collection(&name) {
            merge(known, inside);
        }
    }
    for (role, inside) in more.roles.into_iter().flatten() {
        if let Some(known) = into.role(&role) {
            merge(known, inside);
        }
    }
}

/// The facts to break down by: those asked for, else those that the vocabulary marks.
fn dimensions(by: &[String], vocabulary: &Vocabulary, kind: &str) -> Result<Vec<FactId>> {
    if by.is_empty() {
        let marked = vocabulary.facts().filter(|(_, definition)| {
            definition.marks.contains(&Mark::Breakdown) && definition.of.iter().any(|of| of == kind)
        });
        return Ok(marked.map(|(fact, _)| fact).collect());
    }
    by.iter().map(|name| load::fact_named(name, vocabulary)).collect()
}

fn population(
    arguments: &Arguments,
    wanted: &Wanted,
    vocabulary: &Vocabulary,
    then: &Entry,
    context: &Context,
) -> Result<Population> {
    let kind = &then.document.subject;
    if parquet::is_parquet(&arguments.facts) {
        let zone = Zone::open(std::slice::from_ref(&arguments.facts), vocabulary, kind, context)?;
        zone.say_missing(wanted, context);
        return zone.whole(wanted, context);
    }
    let files = load::FactsArguments { facts: arguments.facts.clone(), items: Vec::new() };
    let profiles = load::subjects(&files, vocabulary, kind, context)?;
    let own: Vec<_> = profiles.iter().filter(|profile| profile.kind == *kind).collect();
    Ok(Population::from_profiles(kind, &own, vocabulary))
}

/// The column of a fact that is broken down by: of several periods the last.
fn column(population: &Population, fact: FactId) -> Option<&population::Column> {
    population
        .fact(fact)
        .next_back()
        .filter(|(key, _)| matches!(key, Key::Fact(..)))
        .map(|(_, column)| column)
}

/// The versions of an id that are in force on a day, or none.
fn in_force<'r>(rulebook: &'r Rulebook, id: &str, day: Date) -> Option<&'r Entry> {
    rulebook.versions(id).find(|entry| entry.is_in_force_on(day))
}
