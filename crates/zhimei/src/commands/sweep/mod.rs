//! `zhimei sweep`: how many are eligible and what it costs, as one number of a condition goes from here to there.
//!
//! | file | what |
//! | --- | --- |
//! | `vary` | the number that is varied, and a document for each of its values |
//! | `curve` | the result in the terminal, as CSV, JSON and SVG |

mod curve;
mod vary;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use engine::batch::{Plan, Request, Totals};
use engine::point::{Entry, Rulebook};
use facts::{Date, Number};
use lang::ir::Document;
use lang::types::Type;

use crate::commands::matching::bulk::progress;
use crate::context::{Context, Status};
use crate::load::parquet::{Batch, Zone, is_parquet};
use crate::problem::Problem;
use crate::{clock, load, output};

/// 一个条件里的数从 A 变到 B:可享受的户数和金额怎样变 ¦ How many are eligible and what it costs, as a number of a condition goes from A to B
///
/// 数的写法与政策里一样,带单位:3%、500人、2000万元。条件里有几个数时用 --constant 指明第几个。 ¦ Numbers are written as in policies, with their units: 3%, 500人, 2000万元. Where the condition has several numbers, --constant says which.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei sweep --policy cn-srdi-2026 --vary rd --from 3% --to 8% --facts zone.parquet\n  zhimei sweep --policy cn-micro-profit-2023 --vary income --from 100万元 --to 500万元 --steps 41 --facts zone.parquet --out 曲线.svg ¦ Examples:\n  zhimei sweep --policy cn-srdi-2026 --vary rd --from 3% --to 8% --facts zone.parquet\n  zhimei sweep --policy cn-micro-profit-2023 --vary income --from 100万元 --to 500万元 --steps 41 --facts zone.parquet --out curve.svg"
)]
pub struct Arguments {
    /// 政策编号 ¦ Id of the policy
    #[arg(long, value_name = "ID")]
    policy: String,

    /// 哪个条件,见 zhimei policy show ¦ Which condition, see zhimei policy show
    #[arg(long, value_name = "CONDITION")]
    vary: String,

    /// 条件里的第几个数,从 1 数起 ¦ Which number of the condition, from 1
    #[arg(long, value_name = "N")]
    constant: Option<usize>,

    /// 从多少 ¦ From
    #[arg(long, value_name = "A", allow_hyphen_values = true)]
    from: String,

    /// 到多少 ¦ To
    #[arg(long, value_name = "B", allow_hyphen_values = true)]
    to: String,

    /// 一共取几个点,2 到 1000,默认 21 ¦ How many points, 2 to 1000, 21 by default
    #[arg(long, value_name = "N", default_value_t = 21, value_parser = steps)]
    steps: usize,

    /// 主体的事实:.parquet .xlsx .csv .json .yaml ¦ Facts of subjects: .parquet .xlsx .csv .json .yaml
    #[arg(long, value_name = "FILE")]
    facts: PathBuf,

    /// 判断日,默认今天 ¦ Day of decision, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// csv、json、svg,或以此结尾的文件名;默认显示表格 ¦ csv, json, svg, or a file name that ends so; a table by default
    #[arg(long, value_name = "csv|json|svg|FILE")]
    out: Option<String>,
}

fn steps(text: &str) -> Result<usize, String> {
    let number = text.trim().parse().ok().filter(|number| (2..=1000).contains(number));
    number.ok_or_else(|| "要一个 2 到 1000 的整数 ¦ a whole number from 2 to 1000 is wanted".to_owned())
}

/// A point of the curve.
#[derive(Clone, Debug)]
struct Point {
    value: Number,
    totals: Totals,
}

/// The curve.
struct Curve<'c> {
    document: &'c Document,
    condition: String,
    /// What the document itself says.
    current: Point,
    points: Vec<Point>,
    ty: Type,
    /// Rates are shown in percent, as they were given.
    is_percent: bool,
    subjects: u64,
    day: Date,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let target = arguments.out.as_deref().map(curve::Target::parse).transpose()?;
    let library = load::library(context)?;
    let rulebook = &library.rulebook;
    let day = arguments.on.unwrap_or_else(clock::today);
    let newest = load::versions(&library, &arguments.policy)?;
    let in_force = rulebook.versions(&arguments.policy).find(|entry| entry.is_in_force_on(day));
    if in_force.is_none() {
        output::note(context.say(
            &format!(
                "注意:{} 在 {day} 没有施行的版本,按自 {} 起的版本计算",
                arguments.policy, newest.document.from
            ),
            &format!(
                "note: {} is not in force on {day}; the version from {} is used",
                arguments.policy, newest.document.from
            ),
        ));
    }
    let document = &in_force.unwrap_or(newest).document;
    let chosen = vary::choose(document, &arguments.vary, arguments.constant, context)?;
    let (from, ty) = vary::parse(&arguments.from, &chosen.constant.ty, rulebook, day, context)?;
    let (to, _) = vary::parse(&arguments.to, &ty, rulebook, day, context)?;
    let values = vary::values(&from, &to, arguments.steps);
    let varied = vary::rulebook(rulebook, document, &chosen, &values)?;
    let (totals, subjects) = decide(arguments, &varied, document, day, context)?;
    // The first version is the document as it is.
    let values = std::iter::once(chosen.constant.value).chain(values);
    let mut points = values.zip(totals).map(|(value, totals)| Point { value, totals });
    let current = points.next().ok_or_else(|| anyhow::anyhow!("a sweep has points"))?;
    let curve = Curve {
        document,
        condition: arguments.vary.clone(),
        current,
        points: points.collect(),
        ty,
        is_percent: arguments.from.contains(['%', '\u{FF05}']),
        subjects,
        day,
    };
    curve::write(&curve, target.as_ref(), context)?;
    Ok(Status::Fine)
}

/// The totals of each version in the rulebook, and the number of subjects.
fn decide(
    arguments: &Arguments,
    varied: &Rulebook,
    document: &Document,
    day: Date,
    context: &Context,
) -> Result<(Vec<Totals>, u64)> {
    let entries: Vec<&Entry> = varied.versions(&document.id).collect();
    let plan = Plan::of_entries(varied, &entries, day);
    let request = Request { amounts: true, details: false };
    let mut totals = vec![Totals::default(); entries.len()];
    let kind = &document.subject;
    let vocabulary = &varied.vocabulary;
    output::watch_interrupt();
    if !is_parquet(&arguments.facts) {
        let files = load::FactsArguments { facts: arguments.facts.clone(), items: Vec::new() };
        let profiles = load::subjects(&files, vocabulary, kind, context)?;
        let own: Vec<_> = profiles.iter().filter(|profile| profile.kind == *kind).collect();
        let population = population::Population::from_profiles(kind, &own, vocabulary);
        let outcomes = plan.decide(&population, request);
        totals.iter_mut().zip(&outcomes.documents).for_each(|(sum, one)| sum.merge(&one.totals()));
        return Ok((totals, own.len() as u64));
    }
    let zone = Zone::open(std::slice::from_ref(&arguments.facts), vocabulary, kind, context)?;
    let wanted = plan.wanted();
    zone.say_missing(&wanted, context);
    let is_grouped = document.gives.rank.as_ref();
    if is_grouped.is_some_and(|rank| matches!(rank.rule, lang::ir::RankRule::InGroup { .. })) {
        // A group is everybody, so all of them are needed at once.
        let outcomes = plan.decide(&zone.whole(&wanted, context)?, request);
        totals.iter_mut().zip(&outcomes.documents).for_each(|(sum, one)| sum.merge(&one.totals()));
        return Ok((totals, zone.rows()));
    }
    let bar = progress(zone.rows());
    let mut batches = zone.batches(&wanted);
    for batch in &mut batches {
        if output::is_interrupted() {
            return Err(output::interrupted());
        }
        let Batch { population, .. } = batch?;
        let outcomes = plan.decide(&population, request);
        totals.iter_mut().zip(&outcomes.documents).for_each(|(sum, one)| sum.merge(&one.totals()));
        bar.inc(population.rows() as u64);
    }
    bar.finish_and_clear();
    batches.say_problems(context);
    Ok((totals, zone.rows()))
}

/// A file whose name ends in one of these.
fn ending(place: &Path) -> Result<String> {
    output::require_ending(place, &["csv", "json", "svg"])
}

fn no_condition(document: &Document, wanted: &str) -> anyhow::Error {
    let with_numbers = vary::ids(document);
    let problem = Problem::new(
        format!("{} 没有条件“{wanted}”", document.id),
        format!("{} has no condition “{wanted}”", document.id),
    );
    match facts::nearest(wanted, with_numbers.iter().map(String::as_str)) {
        Some(near) => problem.with_guess(Some(near)).into(),
        None => {
            let all = with_numbers.join("、");
            problem.with_help(format!("带数的条件:{all}"), format!("conditions with a number: {all}")).into()
        }
    }
}
