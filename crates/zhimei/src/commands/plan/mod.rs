//! `zhimei plan`: how bulk decisions are made of each policy, and what that costs.
//!
//! | file | what |
//! | --- | --- |
//! | `cost` | what a policy takes on the subjects of a file |
//! | `show` | the plan in the terminal, as JSON, as CSV |

mod cost;
mod show;

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use engine::batch::{DocumentReport, Holds, Plan};
use facts::Date;

use crate::clock;
use crate::context::{Context, Status};
use crate::load::parquet::Zone;
use crate::load::selection::{Selection, select};
use crate::output;
use cost::Cost;

/// 成批判断时每项政策怎样算,哪些要逐行精确计算,代价多少 ¦ How each policy is decided in bulk, what is asked exactly row by row, and what that costs
///
/// 一个条件可以:在位面上(列与常数比较)、在上下界之间(导出的数,临界的行再精确计算)、或逐行精确计算。加 --facts 实测每项政策逐行计算了多少行、用了多久。结果与逐个判断完全相同。 ¦ A condition is decided on planes (columns against constants), between bounds (derived numbers; rows too close to tell are decided exactly), or exactly row by row. With --facts it measures how many rows each policy asked exactly and how long it took. The answers are those of single decisions.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei plan\n  zhimei plan --policies cn-vc-70-2018 --facts zone.parquet\n  zhimei plan --json ¦ Examples:\n  zhimei plan\n  zhimei plan --policies cn-vc-70-2018 --facts zone.parquet\n  zhimei plan --json"
)]
pub struct Arguments {
    /// 只看这些政策:编号、文件或文件夹,用逗号隔开 ¦ Only these policies: ids, files or folders, separated by commas
    #[arg(long, value_name = "PATH|ID", value_delimiter = ',')]
    policies: Vec<String>,

    /// 在这个 .parquet 上实测,可多次 ¦ Measure on this .parquet, any number of times
    #[arg(long, value_name = "FILE.parquet")]
    facts: Vec<PathBuf>,

    /// 判断日,默认今天 ¦ Day of decision, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 文件里的主体是哪一类,默认 enterprise(企业) ¦ Kind of the subjects of the file, enterprise by default
    #[arg(long, value_name = "KIND", default_value = "enterprise")]
    kind: String,

    /// 输出 JSON ¦ Print JSON
    #[arg(long, conflicts_with = "out")]
    json: bool,

    /// csv,或以此结尾的文件名:每个条件一行 ¦ csv, or a file name that ends so: a line for each condition
    #[arg(long, value_name = "csv|FILE")]
    out: Option<String>,
}

/// What is told of all policies.
struct Told<'p> {
    day: Date,
    reports: Vec<DocumentReport>,
    costs: BTreeMap<String, Cost>,
    shares: Shares,
    plan: &'p Plan<'p>,
    selection: &'p Selection,
}

/// How many different conditions are decided how.
#[derive(Clone, Copy, Default)]
struct Shares {
    planes: usize,
    bounds: usize,
    exact: usize,
}

impl Shares {
    fn of(reports: &[DocumentReport]) -> Self {
        let conditions = reports.iter().flat_map(|report| &report.conditions);
        let distinct: BTreeMap<usize, Holds> =
            conditions.map(|condition| (condition.number, condition.holds)).collect();
        let mut shares = Self::default();
        for holds in distinct.values() {
            match holds {
                Holds::Planes => shares.planes += 1,
                Holds::Bounds => shares.bounds += 1,
                Holds::Exact(_) => shares.exact += 1,
            }
        }
        shares
    }

    fn all(self) -> usize {
        self.planes + self.bounds + self.exact
    }

    /// In percent of all; nought of none.
    fn percent(self, part: usize) -> f64 {
        if self.all() == 0 { 0.0 } else { 100.0 * part as f64 / self.all() as f64 }
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let csv = arguments.out.as_deref().map(crate::output::Table::parse).transpose()?;
    let selection = select(&arguments.policies, context)?;
    let rulebook = &selection.library.rulebook;
    let day = arguments.on.unwrap_or_else(clock::today);
    let plan = Plan::new(rulebook, selection.ids.iter().map(String::as_str), day);
    let reports = plan.report();
    let mut costs = BTreeMap::new();
    if !arguments.facts.is_empty() {
        let kind = super::matching::known_kind(&arguments.kind, &rulebook.vocabulary)?;
        let zone = Zone::open(&arguments.facts, &rulebook.vocabulary, &kind, context)?;
        output::watch_interrupt();
        let of_kind = reports.iter().filter(|report| {
            rulebook.on(&report.id, day).is_some_and(|standing| standing.entry().document.subject == kind)
        });
        let ids: Vec<&str> = of_kind.map(|report| report.id.as_str()).collect();
        costs = cost::measure(rulebook, &ids, day, &zone, context)?;
    }
    let shares = Shares::of(&reports);
    let told = Told { day, reports, costs, shares, plan: &plan, selection: &selection };
    match csv {
        Some(table) => show::csv(&told, &table)?,
        None if arguments.json => show::json(&told)?,
        None => show::text(&told, context)?,
    }
    Ok(Status::Fine)
}
