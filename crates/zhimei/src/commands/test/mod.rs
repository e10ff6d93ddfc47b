//! `zhimei test`: runs the examples that stand beside the documents, and tells what they would not notice.

mod mutants;
mod survivors;

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use clap::Args;
use facts::{Severity, Source};
use library::CaseResult;
use serde_json::{Value, json};
use wording::style;

use crate::commands::check::{Format, finding_json};
use crate::context::{Context, Status};
use crate::load::target::{Target, target};
use crate::output;
use crate::problem::Problem;

/// 运行政策旁边的例子(cases.yaml) ¦ Run the examples that stand beside the documents (cases.yaml)
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei test\n  zhimei test library/\n  zhimei test library/policies/national/cn-hnte-2016\n  zhimei test --policy cn-hnte-2016 --format json\n  zhimei test library/ --policy cn-hnte-2016 --mutants ¦ Examples:\n  zhimei test\n  zhimei test library/\n  zhimei test library/policies/national/cn-hnte-2016\n  zhimei test --policy cn-hnte-2016 --format json\n  zhimei test library/ --policy cn-hnte-2016 --mutants"
)]
pub struct Arguments {
    /// 政策库、政策文件夹或 cases.yaml;默认是自带的政策库 ¦ A library, a policy's folder or a cases.yaml; the library in the binary by default
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// 只运行这项政策的例子 ¦ Only the examples of this policy
    #[arg(long, value_name = "ID")]
    policy: Option<String>,

    /// 输出:text(默认)或 json ¦ Output: text (default) or json
    #[arg(long, value_name = "text|json", default_value = "text")]
    format: Format,

    /// 逐处把数字改动一步、把比较改错,看有没有例子发现 ¦ Mistype each number by one step and each comparison, and see whether an example notices
    #[arg(long)]
    mutants: bool,

    /// 至少百分之几的改动要被发现(默认 100) ¦ Which percentage of the mistakes has to be noticed (100 by default)
    #[arg(long, value_name = "PERCENT", requires = "mutants", default_value_t = 100, value_parser = clap::value_parser!(u8).range(0..=100))]
    at_least: u8,

    /// 每处改动及其结果另写入这个 JSON 文件 ¦ Writes every mistake and what became of it to this JSON file too
    #[arg(long, value_name = "FILE", requires = "mutants")]
    json: Option<PathBuf>,
}

/// Runs the command.
#[allow(clippy::disallowed_methods, reason = "a person is told how long it took; nothing is decided by it")]
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let start = Instant::now();
    let target = target(&arguments.paths, context)?;
    let Some(library) = &target.checked.library else {
        return Err(Problem::new(
            "词汇表有错误,例子不能运行",
            "the vocabulary has errors, so no example can be run",
        )
        .with_help("先运行 zhimei check 改正", "run zhimei check and correct them first")
        .into());
    };
    if let Some(id) =
        arguments.policy.as_deref().filter(|id| !library.cases.iter().any(|file| file.id == *id))
    {
        let known = library.cases.iter().map(|file| file.id.as_str());
        return Err(Problem::new(format!("没有“{id}”的例子"), format!("there are no examples of “{id}”"))
            .with_guess(facts::nearest(id, known))
            .into());
    }
    if arguments.mutants {
        return mutants::run(arguments, &target, library, context);
    }
    let own: Vec<&str> =
        target.checked.sources[..target.own].iter().map(|source| source.path.as_str()).collect();
    let mut results = library.run_cases(arguments.policy.as_deref());
    results.retain(|result| own.contains(&result.path.as_str()));
    let seconds = start.elapsed().as_secs_f64();
    let failed = results.iter().filter(|result| !result.differences.is_empty()).count();
    let unusable = unusable(&target);
    let mut out = output::stdout();
    match arguments.format {
        Format::Text => {
            for (source, finding) in &unusable {
                let shown = source.render(finding, context.language);
                writeln!(out, "{}", style::finding(&shown, finding.severity, context))?;
            }
            results
                .iter()
                .filter(|result| !result.differences.is_empty())
                .try_for_each(|result| failure(&mut out, result, context))?;
            writeln!(out, "{}", summary(results.len(), failed, unusable.len(), seconds, context))?;
        }
        Format::Json => {
            let all = json!({
                "cases": results.iter().map(case_json).collect::<Vec<_>>(),
                "findings": unusable.iter().map(|(source, finding)| finding_json(source, finding)).collect::<Vec<_>>(),
                "summary": {"run": results.len(), "passed": results.len() - failed, "failed": failed, "findings": unusable.len()},
            });
            output::json(&mut out, &all)?;
        }
    }
    out.flush()?;
    if results.is_empty() && unusable.is_empty() {
        output::note(context.say(
            "没有例子:例子写在政策旁边的 cases.yaml 里",
            "no examples: they stand in cases.yaml beside a policy",
        ));
    }
    Ok(Status::wrong_if(failed > 0 || !unusable.is_empty()))
}

/// Errors that kept documents or examples from being used: an example that was not run must not pass for one that holds.
fn unusable(target: &Target) -> Vec<(&Source, &facts::Diagnostic)> {
    let of_files = target.checked.findings.iter().filter(|finding| finding.source < target.own);
    let mut found: Vec<_> =
        of_files.map(|finding| (&target.checked.sources[finding.source], &finding.diagnostic)).collect();
    found.retain(|(_, finding)| finding.severity == Severity::Error || finding.code == "W0605");
    found.extend(target.broken.iter().map(|(source, finding)| (source, finding)));
    found
}

fn failure(out: &mut impl Write, result: &CaseResult, context: &Context) -> std::io::Result<()> {
    let word = style::bad(context.say("不符", "differs"), context);
    writeln!(out, "{word} {}:{} {} · {}", result.path, result.line, result.id, result.name)?;
    for difference in &result.differences {
        writeln!(out, "    {}", context.text(difference))?;
    }
    Ok(())
}

fn summary(run: usize, failed: usize, unusable: usize, seconds: f64, context: &Context) -> String {
    let passed = run - failed;
    let verdict = if failed == 0 && unusable == 0 {
        style::good(
            context.say(&format!("全部 {run} 个例子相符"), &format!("all examples hold: {run}")),
            context,
        )
    } else {
        style::bad(
            context.say(
                &format!("{run} 个例子:{passed} 个相符,{failed} 个不符,另有 {unusable} 处错误"),
                &format!(
                    "examples: {run}, holding: {passed}, differing: {failed}; errors besides: {unusable}"
                ),
            ),
            context,
        )
    };
    if context.is_chinese() {
        format!("{verdict}(用时 {seconds:.2} 秒)")
    } else {
        format!("{verdict} ({seconds:.2} s)")
    }
}

fn case_json(result: &CaseResult) -> Value {
    let text = |text: &facts::Text| json!({"zh": text.zh, "en": text.en});
    json!({
        "path": result.path,
        "line": result.line,
        "policy": result.id,
        "case": result.name,
        "passed": result.differences.is_empty(),
        "differences": result.differences.iter().map(text).collect::<Vec<_>>(),
    })
}
