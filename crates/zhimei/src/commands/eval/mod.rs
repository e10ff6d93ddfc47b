//! `zhimei eval`: expressions on their own, in the rule language or as standard FEEL.

mod names;
mod typed;

use std::io::{BufRead as _, Write as _};
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use engine::feel;
use facts::Date;
use lang::syntax::{NameList, parse};

use crate::context::{Context, Status};
use crate::{clock, output};

/// 计算表达式,每个结果一行 JSON ¦ Evaluate expressions, one line of JSON each
///
/// 默认按规则语言算:有单位、精确到分数,不知道的给出 {"unknown": […]}。--null-mode 按标准 FEEL 算:错误是 null。不写表达式就从标准输入逐行读。 ¦ By default in the rule language: with units, exact, what is not known comes out as {"unknown": […]}. --null-mode evaluates as standard FEEL does: an error is null. Without an expression, one a line is read from standard input.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei eval '300万元 / 6000万元 >= 5%'\n  zhimei eval '研发费用.上年 / 营业收入.上年' --context 企业.yaml\n  zhimei eval --null-mode 'for i in 1..3 return i ** 2'\n  zhimei eval --null-mode < 表达式.txt ¦ Examples:\n  zhimei eval '300万元 / 6000万元 >= 5%'\n  zhimei eval '研发费用.上年 / 营业收入.上年' --context enterprise.yaml\n  zhimei eval --null-mode 'for i in 1..3 return i ** 2'\n  zhimei eval --null-mode < expressions.txt"
)]
pub struct Arguments {
    /// 表达式;不写就从标准输入逐行读 ¦ The expression; one a line from standard input without it
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    expression: Option<String>,

    /// 按标准 FEEL 计算:null 而不是未知,错误是 null ¦ As standard FEEL: null instead of unknown, an error is null
    #[arg(long)]
    null_mode: bool,

    /// 名称和值:.json 或 .yaml ¦ Names and values: .json or .yaml
    #[arg(long, value_name = "FILE")]
    context: Option<PathBuf>,

    /// “申请日”和 today() 是哪一天,默认今天 ¦ The day of 申请日 and today(), today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 在标准错误上说明每个 null 的原因 ¦ Say on standard error why something is null
    #[arg(long, short)]
    verbose: bool,
}

/// An evaluated line.
struct Answer {
    json: String,
    is_error: bool,
    /// Why something is null.
    problems: Vec<String>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let given = arguments.context.as_deref().map(names::read).transpose()?;
    let day = arguments.on.unwrap_or_else(clock::today);
    let evaluate: Box<dyn Fn(&str) -> Answer> = if arguments.null_mode {
        let given = given.as_ref().map(|given| given.to_json());
        Box::new(move |text| null_mode(text, given.as_ref(), day, context))
    } else {
        let typed = typed::Typed::new(given.as_ref(), day, context)?;
        Box::new(move |text| typed.evaluate(text))
    };
    let mut out = output::stdout();
    let mut has_error = false;
    let mut answer = |text: &str| -> Result<()> {
        let answer = evaluate(text);
        has_error |= answer.is_error;
        writeln!(out, "{}", answer.json)?;
        // A line at a time, so that a program that waits for each answer gets it.
        out.flush()?;
        if arguments.verbose {
            answer.problems.iter().for_each(|problem| output::note(problem));
        }
        Ok(())
    };
    match &arguments.expression {
        Some(text) => answer(text)?,
        None => {
            for line in std::io::stdin().lock().lines() {
                let line = line?;
                if !line.trim().is_empty() {
                    answer(&line)?;
                }
            }
        }
    }
    Ok(Status::wrong_if(has_error))
}

/// Evaluates as standard FEEL: whatever goes wrong is null.
fn null_mode(text: &str, given: Option<&serde_json::Value>, day: Date, context: &Context) -> Answer {
    let names = match given {
        Some(serde_json::Value::Object(entries)) => entries.keys().cloned().collect(),
        _ => Vec::new(),
    };
    let (tree, errors) = parse(text, 0, &NameList(names));
    let Some(tree) = tree.filter(|_| errors.is_empty()) else {
        let told = errors.iter().map(|error| {
            if context.is_chinese() { error.kind.message_zh() } else { error.kind.message_en() }
        });
        return Answer { json: "null".to_owned(), is_error: false, problems: told.collect() };
    };
    let scope = match given.map(feel::from_json) {
        Some(feel::Value::Context(entries)) => feel::Scope::of(entries),
        _ => feel::Scope::default(),
    };
    let (value, problems) = feel::evaluate(&tree, &scope.on(day));
    Answer {
        json: feel::to_json_text(&value),
        is_error: false,
        problems: problems.iter().map(|problem| problem.kind.to_string()).collect(),
    }
}
