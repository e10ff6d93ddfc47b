//! `zhimei check`: what is wrong in policy documents, vocabulary and examples, each with its place.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anyhow::Result;
use clap::{Args, ValueEnum};
use facts::{Date, Diagnostic, Severity, Source};
use lang::ir::Document;
use library::lint::{RULES, Silenced, lint};
use library::{Finding, Role};
use serde_json::{Value, json};
use wording::policy::{manual_conditions, unseen_clauses};
use wording::style;

use crate::context::{Context, Status};
use crate::load::target::{Target, target};
use crate::problem::Problem;
use crate::{clock, output};

/// How often the files are looked at with `--watch`.
const WATCH_PAUSE: Duration = Duration::from_millis(500);

/// 检查政策文件、词汇表和例子 ¦ Check policy documents, vocabulary and examples
///
/// 每处错误都指出文件、行、列和原文,说明原因和改法。文件能用但看上去不对的地方(矛盾的条件、轮不到的分档、没有文件用的事实……)是警告,代码 L 开头,--rules 列出;改好,或在 lint 里写明理由。有任何错误或警告时退出码为 1。不写路径就检查自带的政策库;单个政策文件对照它所在的政策库,不在政策库里就对照自带的。 ¦ Each mistake is shown with file, line, column and the source underlined, why it is wrong and what to do. What can be decided by and still looks wrong (conditions that contradict, tiers never reached, facts that nobody asks for …) is a warning with a code that begins with L, listed by --rules: mend it, or give the reason under lint. Any mistake or warning ends with status 1. Without a path the library in the binary is checked; a single document is checked within the library it lies in, else within that of the binary.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei check\n  zhimei check library/\n  zhimei check 我的政策.yaml --watch\n  zhimei check library/ --format json\n  zhimei check --rules ¦ Examples:\n  zhimei check\n  zhimei check library/\n  zhimei check my-policy.yaml --watch\n  zhimei check library/ --format json\n  zhimei check --rules"
)]
pub struct Arguments {
    /// 文件或文件夹;默认是自带的政策库 ¦ Files or folders; the library in the binary by default
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// 输出:text(默认)或 json ¦ Output: text (default) or json
    #[arg(long, value_name = "text|json", default_value = "text")]
    format: Format,

    /// 文件一改就重新检查,Ctrl-C 结束 ¦ Check again whenever a file changes, until Ctrl-C
    #[arg(long)]
    watch: bool,

    /// 哪一天看文件是否已失效,默认今天 ¦ The day on which documents have ended or not, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 列出 L 开头的各条规则:查什么、例子、怎样改 ¦ List the rules whose codes begin with L: what, an example, how to mend
    #[arg(long, conflicts_with_all = ["paths", "watch", "on"])]
    rules: bool,
}

/// How results are written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub enum Format {
    /// For a person.
    Text,
    /// For a program.
    Json,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    if arguments.rules {
        return rules(arguments.format, context);
    }
    if !arguments.watch {
        return once(arguments, context);
    }
    let watched: Vec<PathBuf> = match (arguments.paths.as_slice(), &context.library) {
        ([], Some(library)) => vec![library.clone()],
        ([], None) => {
            return Err(Problem::new("--watch 要写明看哪里", "--watch needs to be told what to watch")
                .with_help("如 zhimei check library/ --watch", "such as zhimei check library/ --watch")
                .into());
        }
        (paths, _) => paths.to_vec(),
    };
    output::watch_interrupt();
    let mut seen = None;
    let mut status = Status::Fine;
    while !output::is_interrupted() {
        let now = changes(&watched);
        if seen.as_ref() != Some(&now) {
            seen = Some(now);
            status = match once(arguments, context) {
                Ok(status) => status,
                Err(error) if output::is_closed(&error) => return Err(error),
                Err(error) => {
                    // A file that is just being saved may be missing for a moment.
                    crate::problem::print(&error, context);
                    Status::FoundWrong
                }
            };
            output::note(context.say("── 等待修改,Ctrl-C 结束 ──", "── waiting for changes, Ctrl-C ends ──"));
        }
        std::thread::sleep(WATCH_PAUSE);
    }
    Ok(status)
}

/// When each file was last changed.
fn changes(paths: &[PathBuf]) -> BTreeMap<PathBuf, Option<SystemTime>> {
    let files = crate::load::list(paths).unwrap_or_default();
    let changed = |path: &PathBuf| std::fs::metadata(path).and_then(|about| about.modified()).ok();
    files.into_iter().map(|path| (path.clone(), changed(&path))).collect()
}

fn once(arguments: &Arguments, context: &Context) -> Result<Status> {
    let Target { checked, own, broken } = target(&arguments.paths, context)?;
    let linted = lint(&checked, arguments.on.unwrap_or_else(clock::today));
    let own_findings: Vec<&Finding> = linted.findings.iter().filter(|finding| finding.source < own).collect();
    let silenced: Vec<&Silenced> =
        linted.silenced.iter().filter(|silenced| silenced.finding.source < own).collect();
    let mut found: Vec<(&Source, &Diagnostic)> =
        broken.iter().map(|(source, found)| (source, found)).collect();
    found.extend(own_findings.iter().map(|finding| (&checked.sources[finding.source], &finding.diagnostic)));
    let documents: Vec<&Document> = match &checked.library {
        Some(library) => {
            let paths: Vec<&str> = checked.sources[..own].iter().map(|source| source.path.as_str()).collect();
            let entries = library.rulebook.entries().iter();
            entries
                .map(|entry| &entry.document)
                .filter(|document| paths.contains(&document.path.as_str()))
                .collect()
        }
        None => Vec::new(),
    };
    let summary = Summary::new(&checked.sources[..own], (broken.len(), silenced.len()), &found, &documents);
    let mut out = output::stdout();
    match arguments.format {
        Format::Text => {
            for (source, diagnostic) in &found {
                let shown = source.render(diagnostic, context.language);
                writeln!(out, "{}", style::finding(&shown, diagnostic.severity, context))?;
            }
            writeln!(out, "{}", summary.text(context))?;
        }
        Format::Json => {
            let findings: Vec<Value> =
                found.iter().map(|(source, diagnostic)| finding_json(source, diagnostic)).collect();
            let silenced: Vec<Value> =
                silenced.iter().map(|one| silenced_json(&checked.sources[one.finding.source], one)).collect();
            let all = json!({"findings": findings, "silenced": silenced, "summary": summary.json()});
            output::json(&mut out, &all)?;
        }
    }
    out.flush()?;
    Ok(Status::wrong_if(summary.errors + summary.warnings > 0))
}

/// The rules of the lint.
fn rules(format: Format, context: &Context) -> Result<Status> {
    let mut out = output::stdout();
    match format {
        Format::Text => {
            let (example, mend) = (context.say("例", "example"), context.say("改法", "to mend"));
            for rule in RULES {
                writeln!(out, "{}  {}", style::heading(rule.code, context), rule.what.get(context.language))?;
                writeln!(out, "       {example}: {}", rule.example)?;
                writeln!(out, "       {mend}: {}", rule.mend.get(context.language))?;
            }
            let silence = context.say(
                "要接受一处提示,在政策文件里或事实下写 lint: [{allow: 代码, reason: 理由}];用不上的说明本身也会被指出。",
                "To accept a finding, write lint: [{allow: CODE, reason: why}] in the document or at the fact; an entry that is not needed is itself pointed out.",
            );
            writeln!(out, "\n{silence}")?;
        }
        Format::Json => {
            let text = |both: &library::lint::Both| json!({"zh": both.zh, "en": both.en});
            let rules: Vec<Value> = RULES
                .iter()
                .map(|rule| {
                    json!({"code": rule.code, "what": text(&rule.what), "example": rule.example, "mend": text(&rule.mend)})
                })
                .collect();
            output::json(&mut out, &json!({ "rules": rules }))?;
        }
    }
    out.flush()?;
    Ok(Status::Fine)
}

/// A finding that was accepted, with why.
fn silenced_json(source: &Source, silenced: &Silenced) -> Value {
    let mut finding = finding_json(source, &silenced.finding.diagnostic);
    finding["reason"] = json!({"zh": silenced.reason.zh, "en": silenced.reason.en});
    finding
}

/// A finding with its stable keys.
pub fn finding_json(source: &Source, diagnostic: &Diagnostic) -> Value {
    let (line, column) = source.line_column(diagnostic.span.start);
    let (end_line, end_column) = source.line_column(diagnostic.span.end.max(diagnostic.span.start));
    let text = |text: &facts::Text| json!({"zh": text.zh, "en": text.en});
    let severity = if diagnostic.severity == Severity::Error { "error" } else { "warning" };
    json!({
        "path": source.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "code": diagnostic.code,
        "severity": severity,
        "message": text(&diagnostic.message),
        "help": text(&diagnostic.help),
    })
}

/// What was checked, counted.
struct Summary {
    files: usize,
    documents: usize,
    usable: usize,
    errors: usize,
    warnings: usize,
    silenced: usize,
    manual: usize,
    unseen_clauses: usize,
}

impl Summary {
    fn new(
        own: &[Source],
        (broken, silenced): (usize, usize),
        found: &[(&Source, &Diagnostic)],
        documents: &[&Document],
    ) -> Self {
        let of = |severity| found.iter().filter(|(_, diagnostic)| diagnostic.severity == severity).count();
        let is_policy = |source: &&Source| library::role(&source.path) == Role::Policy;
        Self {
            files: own.len() + broken,
            documents: own.iter().filter(is_policy).count(),
            usable: documents.len(),
            errors: of(Severity::Error),
            warnings: of(Severity::Warning),
            silenced,
            manual: documents.iter().map(|document| manual_conditions(document)).sum(),
            unseen_clauses: documents.iter().map(|document| unseen_clauses(document)).sum(),
        }
    }

    fn text(&self, context: &Context) -> String {
        let Self { files, documents, usable, errors, warnings, silenced, manual, unseen_clauses } = self;
        let verdict = if *errors == 0 {
            style::good(context.say("没有错误", "no errors"), context)
        } else {
            style::bad(context.say(&format!("{errors} 处错误"), &format!("errors: {errors}")), context)
        };
        let accepted = match silenced {
            0 => String::new(),
            _ => context
                .say(
                    &format!(",另有 {silenced} 处已写明理由"),
                    &format!(", accepted with a reason: {silenced}"),
                )
                .to_owned(),
        };
        if context.is_chinese() {
            format!(
                "{files} 个文件:{verdict},{warnings} 处警告{accepted}。政策文件 {documents} 个,可用 {usable} 个;由人判断的条件 {manual} 项,条款待核 {unseen_clauses} 处。"
            )
        } else {
            format!(
                "files: {files}, {verdict}, warnings: {warnings}{accepted}. Policy documents: {documents}, usable: {usable}; manual conditions: {manual}, clauses still to be verified: {unseen_clauses}."
            )
        }
    }

    fn json(&self) -> Value {
        json!({
            "files": self.files,
            "documents": self.documents,
            "usable": self.usable,
            "errors": self.errors,
            "warnings": self.warnings,
            "silenced": self.silenced,
            "manual_conditions": self.manual,
            "unverified_clauses": self.unseen_clauses,
        })
    }
}
