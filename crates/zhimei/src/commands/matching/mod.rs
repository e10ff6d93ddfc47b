//! `zhimei match`: all subjects of a file against all documents for their kind.
//!
//! | file | what |
//! | --- | --- |
//! | `row` | one line of the result |
//! | `terminal`, `text`, `workbook` | the result in the terminal, as CSV or JSON, as XLSX |
//! | `bulk` | very many subjects: decided in batches, without reasons |
//! | `outcomes`, `summary` | their result as CSV or Parquet, and what it came to |

pub mod bulk;
mod outcomes;
mod row;
mod summary;
pub mod terminal;
mod text;
mod workbook;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use clap::Args;
use engine::batch::Request;
use engine::point::{Band, Decision, Engine, Options, Outcome, group_bands};
use facts::{Date, Profile, Vocabulary};
use indicatif::{ProgressBar, ProgressStyle};
use library::Library;

use self::bulk::{Job, Sink};
use crate::clock::Stopwatch;
use crate::context::{Context, Status};
use crate::load::parquet::{Zone, is_parquet};
use crate::load::selection::{Selection, select};
use crate::load::{self, FactsArguments};
use crate::problem::Problem;
use crate::{clock, output};

/// From how many decisions on a progress bar is worth its lines.
const LONG_FROM: usize = 5_000;

/// From how many decisions on they are made in bulk, where the result can be had so.
const BULK_FROM: usize = 20_000;

/// 所有主体逐项对照所有政策 ¦ All subjects of a file against all policies for their kind
///
/// 每个主体得到:可享受、不符合(差哪几条)、还需确认(缺什么、先问什么)、金额、得分、等级。有组内排名的政策,以文件里的全部主体为一组。 ¦ Each subject gets: eligible, not eligible (by which conditions), to be confirmed (what is missing, what to ask first), amount, score, rank. Where a policy ranks a group, all subjects of the file are that group's population.
///
/// 事实是 .parquet,或判断超过 2 万次时成批进行:结果相同,给出结果、金额、不符合的条件和还缺的事实,不给得分和先问;终端只给每项政策的汇总。要逐个的全部理由用 --out json 或 xlsx。 ¦ Where the facts are .parquet, or from 20,000 decisions on, they are made in bulk: the same answers, with outcome, amount, failed conditions and missing facts, but no scores and next questions; the terminal shows a summary by policy. For every reason of each subject use --out json or xlsx.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei match --facts 企业.xlsx\n  zhimei match --facts 企业.csv --policies cn-hnte-2016,cn-tech-sme-2017 --on 2026-06-30\n  zhimei match --facts 企业.csv --policies 我的政策.yaml\n  zhimei match --facts 企业.xlsx --out 结果.xlsx\n  zhimei match --facts 企业.xlsx --out csv | head\n  zhimei match --facts zone.parquet --out outcomes.parquet\n  zhimei match --facts zone.parquet --brief --out outcomes.parquet ¦ Examples:\n  zhimei match --facts enterprises.xlsx\n  zhimei match --facts enterprises.csv --policies cn-hnte-2016,cn-tech-sme-2017 --on 2026-06-30\n  zhimei match --facts enterprises.csv --policies my-policy.yaml\n  zhimei match --facts enterprises.xlsx --out result.xlsx\n  zhimei match --facts enterprises.xlsx --out csv | head\n  zhimei match --facts zone.parquet --out outcomes.parquet\n  zhimei match --facts zone.parquet --brief --out outcomes.parquet"
)]
pub struct Arguments {
    /// 主体的事实:.xlsx .csv .json .yaml .parquet;.parquet 可给多次,依次读 ¦ Facts of subjects: .xlsx .csv .json .yaml .parquet; several .parquet files are read one after another
    #[arg(long, value_name = "FILE", required = true)]
    facts: Vec<PathBuf>,

    /// 集合的条目:名称=文件.csv,可多次 ¦ Items of a collection: NAME=FILE.csv, any number of times
    #[arg(long, value_name = "NAME=FILE")]
    items: Vec<String>,

    /// 只看这些政策:编号、文件或文件夹,用逗号隔开 ¦ Only these policies: ids, files or folders, separated by commas
    #[arg(long, value_name = "PATH|ID", value_delimiter = ',')]
    policies: Vec<String>,

    /// 判断日,默认今天 ¦ Day of decision, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 没写主体类型的算哪一类,默认 enterprise(企业) ¦ Kind of subjects that do not state theirs, enterprise by default
    #[arg(long, value_name = "KIND", default_value = "enterprise")]
    kind: String,

    /// csv、json、xlsx,或以此结尾的文件名,或 .parquet 文件;默认显示表格 ¦ csv, json, xlsx, or a file name that ends so, or a .parquet file; a table by default
    #[arg(long, value_name = "csv|json|xlsx|FILE")]
    out: Option<String>,

    /// 成批时只要结果和金额,不要不符合的条件和还缺的事实,快得多 ¦ In bulk only outcomes and amounts, without failed conditions and missing facts: much faster
    #[arg(long)]
    brief: bool,
}

/// Takes the decisions of one subject after another, and writes them somewhere.
pub trait Report {
    /// Adds a subject with all decisions about it.
    fn add(&mut self, subject: &Profile, decisions: &[Decision<'_>]) -> Result<()>;
    /// Ends the report; only now a file takes its name.
    fn finish(self: Box<Self>, counts: &Counts) -> Result<()>;
}

/// How many decisions came out how.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    subjects: usize,
    /// Policies for one kind of subject: where kinds are mixed, those of the kind with the most.
    policies: usize,
    outcomes: BTreeMap<&'static str, usize>,
}

impl Counts {
    /// The counts of one subject.
    pub fn of_one(decisions: &[Decision<'_>]) -> Self {
        let mut counts = Self { subjects: 1, policies: decisions.len(), ..Self::default() };
        counts.add(decisions);
        counts
    }

    fn add(&mut self, decisions: &[Decision<'_>]) {
        for decision in decisions {
            *self.outcomes.entry(decision.outcome.as_code()).or_default() += 1;
        }
    }

    /// How many came out so.
    pub fn of(&self, outcome: Outcome) -> usize {
        self.outcomes.get(outcome.as_code()).copied().unwrap_or(0)
    }
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let target = arguments.out.as_deref().map(Target::parse).transpose()?;
    let selection = select(&arguments.policies, context)?;
    let vocabulary = &selection.library.rulebook.vocabulary;
    let kind = known_kind(&arguments.kind, vocabulary)?;
    let day = arguments.on.unwrap_or_else(clock::today);
    let format = target.as_ref().map(|target| target.format);
    let has_reasons = matches!(format, Some(Format::Json | Format::Xlsx));
    let run = Run { arguments, selection: &selection, day, target: target.as_ref(), context };
    if arguments.facts.iter().all(|path| is_parquet(path)) && !has_reasons && arguments.items.is_empty() {
        let zone = Zone::open(&arguments.facts, vocabulary, &kind, context)?;
        output::watch_interrupt();
        return run.zone(&zone);
    }
    let profiles = load::subjects(&run.single_file()?, vocabulary, &kind, context)?;
    output::watch_interrupt();
    let is_many = profiles.len() * selection.ids.len() >= BULK_FROM && !has_reasons;
    if is_many || format == Some(Format::Parquet) { run.many(&profiles) } else { run.one_by_one(&profiles) }
}

/// What a run is made with.
struct Run<'r> {
    arguments: &'r Arguments,
    selection: &'r Selection,
    day: Date,
    target: Option<&'r Target>,
    context: &'r Context,
}

impl<'r> Run<'r> {
    /// Only Parquet files can be several.
    fn single_file(&self) -> Result<FactsArguments> {
        match self.arguments.facts.as_slice() {
            [only] => Ok(FactsArguments { facts: only.clone(), items: self.arguments.items.clone() }),
            _ => Err(Problem::new(
                "只有 .parquet 的事实可以给多个文件,结果要是表格、csv 或 parquet",
                "only .parquet facts can come in several files, and with a table, csv or parquet as the result",
            )
            .into()),
        }
    }

    fn one_by_one(&self, profiles: &[Profile]) -> Result<Status> {
        let Selection { library, ids, .. } = self.selection;
        let needs_gaps = matches!(self.target, Some(Target { format: Format::Json, .. }));
        let engine = Engine::new(&library.rulebook).with(Options { gaps: needs_gaps });
        let report = report(self.target, library, ids, self.context)?;
        let counts = decide_all(&engine, ids, profiles, self.day, report)?;
        if let Some(place) = self.target.and_then(|target| target.file.as_deref()) {
            let all: usize = counts.outcomes.values().sum();
            let (subjects, policies, place) = (counts.subjects, counts.policies, place.display());
            output::note(self.context.say(
                &format!("{subjects} 个主体、{policies} 项政策,{all} 次判断的结果在 {place}"),
                &format!("{subjects} subjects, {policies} policies: the results are in {place}"),
            ));
        }
        Ok(Status::Fine)
    }

    /// Decides a zone in bulk.
    fn zone(&self, zone: &Zone<'_>) -> Result<Status> {
        let watch = Stopwatch::start();
        let job = self.job(zone.kind());
        let mut sink = self.sink(zone.example())?;
        let summary = job.run_zone(zone, sink.as_mut(), self.context)?;
        sink.finish()?;
        self.say(&[summary], watch.elapsed())
    }

    /// Decides many profiles in bulk, kind by kind.
    fn many(&self, profiles: &[Profile]) -> Result<Status> {
        let watch = Stopwatch::start();
        let everybody: Vec<&Profile> = profiles.iter().collect();
        let mut kinds: Vec<&str> = Vec::new();
        for profile in profiles {
            if !kinds.contains(&profile.kind.as_str()) {
                kinds.push(&profile.kind);
            }
        }
        let mut sink = self.sink(None)?;
        let mut summaries = Vec::new();
        for kind in kinds {
            let own: Vec<&Profile> =
                everybody.iter().copied().filter(|profile| profile.kind == kind).collect();
            summaries.push(self.job(kind).run_profiles(kind, &own, &everybody, sink.as_mut())?);
        }
        sink.finish()?;
        self.say(&summaries, watch.elapsed())
    }

    fn job(&self, kind: &str) -> Job<'r> {
        let details = self.target.is_some() && !self.arguments.brief;
        let request = Request { amounts: true, details };
        Job::new(&self.selection.library.rulebook, &self.selection.ids, kind, self.day, request)
    }

    fn sink(&self, example: Option<String>) -> Result<Box<dyn Sink>> {
        let brief = self.arguments.brief;
        Ok(match self.target {
            Some(Target { format: Format::Csv, file }) => {
                Box::new(outcomes::Csv::new(file.as_deref(), self.day, brief)?)
            }
            Some(Target { format: Format::Parquet, file: Some(place) }) => {
                let digest = self.selection.digest.clone();
                let about = outcomes::About { day: self.day, digest, example };
                Box::new(outcomes::Parquet::create(place, &about, brief)?)
            }
            _ => Box::new(bulk::Nowhere),
        })
    }

    fn say(&self, summaries: &[bulk::Summary<'_>], took: Duration) -> Result<Status> {
        let file = self.target.and_then(|target| target.file.as_deref());
        for summary in summaries {
            if self.target.is_none() || file.is_some() {
                summary::print(summary, self.day, self.context)?;
            }
            summary::say_rate(summary, took, self.context);
        }
        if let Some(place) = file.map(Path::display) {
            output::note(
                self.context.say(&format!("结果在 {place}"), &format!("the results are in {place}")),
            );
        }
        Ok(Status::Fine)
    }
}

/// The code of a kind of subject given as an argument.
pub fn known_kind(text: &str, vocabulary: &Vocabulary) -> Result<String> {
    vocabulary.kind(text).map(str::to_owned).ok_or_else(|| {
        let known = facts::SUBJECT_KINDS
            .iter()
            .map(|(code, word)| format!("{code}({word})"))
            .collect::<Vec<_>>()
            .join("、");
        Problem::new(format!("没有“{text}”这类主体"), format!("there is no kind of subject “{text}”"))
            .with_help(format!("可写:{known}"), format!("one of: {known}"))
            .into()
    })
}

/// Decides every subject and hands the decisions on; stops in good order when somebody presses Ctrl-C.
fn decide_all(
    engine: &Engine<'_>,
    ids: &[String],
    profiles: &[Profile],
    day: Date,
    mut report: Box<dyn Report + '_>,
) -> Result<Counts> {
    let population: Vec<&Profile> = profiles.iter().collect();
    let bands: BTreeMap<&str, Vec<Band>> =
        ids.iter().filter_map(|id| Some((id.as_str(), group_bands(engine, id, &population, day)?))).collect();
    let mut counts = Counts::default();
    let bar = progress(profiles.len(), ids.len());
    for (place, profile) in profiles.iter().enumerate() {
        if output::is_interrupted() {
            return Err(output::interrupted());
        }
        let decide = |id: &String| {
            let band = bands.get(id.as_str()).and_then(|bands| bands[place].clone());
            engine
                .decide_ranked(id, profile, day, &band)
                .filter(|decision| decision.document.subject == profile.kind)
        };
        let decisions: Vec<Decision<'_>> = ids.iter().filter_map(decide).collect();
        counts.add(&decisions);
        counts.subjects += 1;
        counts.policies = counts.policies.max(decisions.len());
        report.add(profile, &decisions)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    report.finish(&counts)?;
    Ok(counts)
}

fn progress(subjects: usize, policies: usize) -> ProgressBar {
    if subjects * policies < LONG_FROM || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(subjects as u64);
    let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}");
    bar.set_style(style.expect("the template names only what indicatif knows"));
    bar
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Csv,
    Json,
    Xlsx,
    Parquet,
}

/// Where the result goes.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Target {
    format: Format,
    /// None is standard output.
    file: Option<PathBuf>,
}

/// The workbook of `--out xlsx`, which no terminal can show.
const WORKBOOK_NAME: &str = "match.xlsx";

impl Target {
    fn parse(text: &str) -> Result<Self> {
        match text {
            "csv" => return Ok(Self { format: Format::Csv, file: None }),
            "json" => return Ok(Self { format: Format::Json, file: None }),
            "xlsx" => return Ok(Self { format: Format::Xlsx, file: Some(WORKBOOK_NAME.into()) }),
            _ => {}
        }
        let ending = output::require_ending(Path::new(text), &["csv", "json", "xlsx", "parquet"])?;
        let format = match ending.as_str() {
            "csv" => Format::Csv,
            "json" => Format::Json,
            "parquet" => Format::Parquet,
            _ => Format::Xlsx,
        };
        Ok(Self { format, file: Some(text.into()) })
    }
}

fn report<'r>(
    target: Option<&Target>,
    library: &'r Library,
    ids: &[String],
    context: &'r Context,
) -> Result<Box<dyn Report + 'r>> {
    let vocabulary = &library.rulebook.vocabulary;
    Ok(match target {
        None => Box::new(terminal::Table::new(library, ids, context)),
        Some(Target { format: Format::Csv, file }) => Box::new(text::Csv::new(file.as_deref(), vocabulary)?),
        Some(Target { format: Format::Json, file }) => {
            Box::new(text::Json::new(file.as_deref(), vocabulary)?)
        }
        Some(Target { format: Format::Parquet, .. }) => {
            return Err(anyhow::anyhow!("Parquet is written in bulk"));
        }
        Some(Target { format: Format::Xlsx, file }) => {
            let place = file.as_deref().unwrap_or(Path::new(WORKBOOK_NAME));
            Box::new(workbook::Results::new(place, vocabulary, context))
        }
    })
}
