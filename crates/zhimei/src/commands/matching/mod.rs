//! `zhimei match`: all subjects of a file against all documents for their kind.
//!
//! | file | what |
//! | --- | --- |
//! | `row` | one line of the result |
//! | `terminal`, `text`, `workbook` | the result in the terminal, as CSV or JSON, as XLSX |

mod row;
pub mod terminal;
mod text;
mod workbook;

use std::collections::BTreeMap;
use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use engine::point::{Band, Decision, Engine, Options, Outcome, group_bands};
use facts::{Date, Profile, Vocabulary};
use indicatif::{ProgressBar, ProgressStyle};
use library::Library;

use crate::context::{Context, Status};
use crate::load::selection::{Selection, select};
use crate::load::{self, FactsArguments};
use crate::problem::Problem;
use crate::{clock, output};

/// From how many decisions on a progress bar is worth its lines.
const LONG_FROM: usize = 5_000;

/// 所有主体逐项对照所有政策 ¦ All subjects of a file against all policies for their kind
///
/// 每个主体得到:可享受、不符合(差哪几条)、还需确认(缺什么、先问什么)、金额、得分、等级。有组内排名的政策,以文件里的全部主体为一组。 ¦ Each subject gets: eligible, not eligible (by which conditions), to be confirmed (what is missing, what to ask first), amount, score, rank. Where a policy ranks a group, all subjects of the file are that group's population.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei match --facts 企业.xlsx\n  zhimei match --facts 企业.csv --policies cn-hnte-2016,cn-tech-sme-2017 --on 2026-06-30\n  zhimei match --facts 企业.csv --policies 我的政策.yaml\n  zhimei match --facts 企业.xlsx --out 结果.xlsx\n  zhimei match --facts 企业.xlsx --out csv | head ¦ Examples:\n  zhimei match --facts enterprises.xlsx\n  zhimei match --facts enterprises.csv --policies cn-hnte-2016,cn-tech-sme-2017 --on 2026-06-30\n  zhimei match --facts enterprises.csv --policies my-policy.yaml\n  zhimei match --facts enterprises.xlsx --out result.xlsx\n  zhimei match --facts enterprises.xlsx --out csv | head"
)]
pub struct Arguments {
    #[command(flatten)]
    facts: FactsArguments,

    /// 只看这些政策:编号、文件或文件夹,用逗号隔开 ¦ Only these policies: ids, files or folders, separated by commas
    #[arg(long, value_name = "PATH|ID", value_delimiter = ',')]
    policies: Vec<String>,

    /// 判断日,默认今天 ¦ Day of decision, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 没写主体类型的算哪一类,默认 enterprise(企业) ¦ Kind of subjects that do not state theirs, enterprise by default
    #[arg(long, value_name = "KIND", default_value = "enterprise")]
    kind: String,

    /// csv、json、xlsx,或以此结尾的文件名;默认显示表格 ¦ csv, json, xlsx, or a file name that ends so; a table by default
    #[arg(long, value_name = "csv|json|xlsx|FILE")]
    out: Option<String>,
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
    let Selection { library, ids } = select(&arguments.policies, context)?;
    let rulebook = &library.rulebook;
    let kind = known_kind(&arguments.kind, &rulebook.vocabulary)?;
    let day = arguments.on.unwrap_or_else(clock::today);
    let profiles = load::subjects(&arguments.facts, &rulebook.vocabulary, &kind, context)?;
    output::watch_interrupt();
    let needs_gaps = matches!(&target, Some(Target { format: Format::Json, .. }));
    let engine = Engine::new(rulebook).with(Options { gaps: needs_gaps });
    let report = report(target.as_ref(), &library, &ids, context)?;
    let counts = decide_all(&engine, &ids, &profiles, day, report)?;
    if let Some(place) = target.and_then(|target| target.file) {
        let all: usize = counts.outcomes.values().sum();
        output::note(context.say(
            &format!(
                "{} 个主体、{} 项政策,{all} 次判断的结果在 {}",
                counts.subjects,
                counts.policies,
                place.display()
            ),
            &format!(
                "{} subjects, {} policies: the results are in {}",
                counts.subjects,
                counts.policies,
                place.display()
            ),
        ));
    }
    Ok(Status::Fine)
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
            return Err(Problem::new("中断了,没有写出结果", "interrupted; no result was written").into());
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
        let ending = output::require_ending(Path::new(text), &["csv", "json", "xlsx"])?;
        let format = match ending.as_str() {
            "csv" => Format::Csv,
            "json" => Format::Json,
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
        Some(Target { format: Format::Xlsx, file }) => {
            let place = file.as_deref().unwrap_or(Path::new(WORKBOOK_NAME));
            Box::new(workbook::Results::new(place, vocabulary, context))
        }
    })
}
