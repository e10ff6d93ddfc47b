//! `zhimei sweep`: how many are eligible and what it costs, as one number of a condition goes from here to there.
//!
//! What is computed is the crate `effect`; `curve` shows it in the terminal, as CSV, JSON and SVG.

mod curve;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use effect::Sweep;
use effect::sweep::{Curve, POINTS, Varied};
use effect::vary::{self, Wrong};
use facts::{Date, Number, Vocabulary};
use lang::ir::Document;
use wording::value;

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
    let number = text.trim().parse().ok().filter(|number| POINTS.contains(number));
    number.ok_or_else(|| "要一个 2 到 1000 的整数 ¦ a whole number from 2 to 1000 is wanted".to_owned())
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
    let varied = Varied {
        condition: &arguments.vary,
        constant: arguments.constant,
        from: &arguments.from,
        to: &arguments.to,
        steps: arguments.steps,
    };
    let sweep =
        Sweep::new(rulebook, document, varied, day).map_err(|wrong| refused(&wrong, document, context))?;
    let curve = decide(arguments, &sweep, &rulebook.vocabulary, context)?;
    curve::write(&curve, target.as_ref(), context)?;
    Ok(Status::Fine)
}

/// Decides all subjects, of a zone batch by batch.
fn decide(arguments: &Arguments, sweep: &Sweep, vocabulary: &Vocabulary, context: &Context) -> Result<Curve> {
    let kind = &sweep.document().subject;
    let mut running = sweep.begin();
    let wanted = running.wanted();
    output::watch_interrupt();
    if !is_parquet(&arguments.facts) || sweep.needs_everybody() {
        running.decide(&load::population(&arguments.facts, &wanted, vocabulary, kind, context)?);
        return Ok(running.finish());
    }
    let zone = Zone::open(std::slice::from_ref(&arguments.facts), vocabulary, kind, context)?;
    zone.say_missing(&wanted, context);
    let bar = progress(zone.rows());
    let mut batches = zone.batches(&wanted);
    for batch in &mut batches {
        if output::is_interrupted() {
            return Err(output::interrupted());
        }
        let Batch { population, .. } = batch?;
        running.decide(&population);
        bar.inc(population.rows() as u64);
    }
    bar.finish_and_clear();
    batches.say_problems(context);
    Ok(running.finish())
}

/// A file whose name ends in one of these.
fn ending(place: &Path) -> Result<String> {
    output::require_ending(place, &["csv", "json", "svg"])
}

/// Why nothing can be varied, and what to write instead.
fn refused(wrong: &Wrong, document: &Document, context: &Context) -> anyhow::Error {
    let message = wrong.message();
    let problem = Problem::new(message.zh, message.en);
    let with_numbers = vary::ids(document);
    let listed = |problem: Problem| {
        let all = with_numbers.join("、");
        problem.with_help(format!("带数的条件:{all}"), format!("conditions with a number: {all}"))
    };
    match wrong {
        Wrong::NoCondition { wanted, .. } => {
            match facts::nearest(wanted, with_numbers.iter().map(String::as_str)) {
                Some(near) => problem.with_guess(Some(near)),
                None => listed(problem),
            }
        }
        Wrong::NoNumber { .. } => listed(problem),
        Wrong::Which { constants, .. } => {
            let each = constants.iter().enumerate().map(|(at, constant)| {
                let shown = value::number(&constant.value, &constant.ty, context.language);
                format!("{} = {shown}", at + 1)
            });
            let all = each.collect::<Vec<_>>().join(context.say("、", ", "));
            problem.with_help(format!("加 --constant N:{all}"), format!("add --constant N: {all}"))
        }
        Wrong::Unit { like, .. } => {
            let now = value::number(&Number::one(), like, context.language);
            problem.with_help(format!("那里的单位如 {now}"), format!("there the unit is that of {now}"))
        }
        Wrong::NotRead { .. } | Wrong::NotOne { .. } => {
            problem.with_help("写成 3%、500人、2000万元", "write 3%, 500人, 2000万元")
        }
    }
    .into()
}
