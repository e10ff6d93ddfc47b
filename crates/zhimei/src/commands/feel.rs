//! `zhimei feel`: rules as standard FEEL, for other engines.

use std::io::Write as _;
use std::path::Path;

use anyhow::Result;
use clap::Args;
use facts::{Severity, Source};
use lang::{Catalog, compile_expression};
use wording::style;

use crate::context::{Context, Status};
use crate::load;
use crate::load::selection::{Selection, select};
use crate::output;

/// 把规则印成标准 FEEL,供别的引擎使用 ¦ Print rules as standard FEEL, for other engines
///
/// 单位换成基本单位的数(元、人、平方米、月),行业代码的“属于”换成 starts with。三值判断在 FEEL 里没有对应:FEEL 只有 null。 ¦ Units become numbers in base units (yuan, people, m², months), “lies under” a code becomes starts with. FEEL has no three values: it knows null only.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei feel '研发费用.上年 / 营业收入.上年 >= 5%'\n  zhimei feel library/policies/national/cn-hnte-2016/2016-01-01.yaml\n  zhimei feel cn-hnte-2016 ¦ Examples:\n  zhimei feel '研发费用.上年 / 营业收入.上年 >= 5%'\n  zhimei feel library/policies/national/cn-hnte-2016/2016-01-01.yaml\n  zhimei feel cn-hnte-2016"
)]
pub struct Arguments {
    /// 政策文件、政策编号或表达式 ¦ A policy file, the id of a policy, or an expression
    #[arg(value_name = "FILE|EXPR", allow_hyphen_values = true)]
    what: String,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let what = &arguments.what;
    let mut out = output::stdout();
    let is_file = Path::new(what).exists() || what.ends_with(".yaml") || what.ends_with(".yml");
    let library = if is_file { None } else { Some(load::library(context)?) };
    let is_id = library.as_ref().is_some_and(|library| library.rulebook.versions(what).next().is_some());
    if is_file || is_id {
        let Selection { library, ids, .. } = select(std::slice::from_ref(what), context)?;
        for id in &ids {
            for entry in library.rulebook.versions(id) {
                let document = &entry.document;
                writeln!(out, "// {} {} {}", document.id, document.from, context.text(&document.title))?;
                for (name, rule) in lang::feel::document(document, &library.rulebook.vocabulary) {
                    writeln!(out, "// {name}\n{rule}")?;
                }
            }
        }
        out.flush()?;
        return Ok(Status::Fine);
    }
    let vocabulary = library.map(|library| library.rulebook.vocabulary).unwrap_or_default();
    let (compiled, found) = compile_expression(what, &vocabulary, &Catalog::default());
    if let Some(compiled) = compiled {
        let document = &compiled.document;
        for named in &document.lets {
            writeln!(out, "{}", lang::feel::expression(&named.value, document, &vocabulary))?;
        }
        out.flush()?;
        return Ok(Status::Fine);
    }
    let source = Source::new(context.say("表达式", "expression"), what.as_str());
    for finding in &found {
        output::note(&style::finding(&source.render(finding, context.language), Severity::Error, context));
    }
    Ok(Status::FoundWrong)
}
