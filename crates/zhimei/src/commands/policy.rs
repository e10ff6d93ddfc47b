//! `zhimei policy`: which policies there are, and what stands in one of them.

use std::io::{self, Write};

use anyhow::Result;
use clap::{Args, Subcommand};
use engine::point::{Entry, Standing};
use facts::Date;
use lang::ir::{Amount, Condition, Document, Test};
use library::Library;
use serde_json::{Value, json};

use crate::commands::check::{Format, manual_conditions, unseen_clauses};
use crate::context::{Context, Status};
use crate::problem::Problem;
use crate::render::json::bilingual;
use crate::render::{reason, style, table, window, words};
use crate::{clock, load, output};

/// 有哪些政策,一项政策写了什么 ¦ Which policies there are, and what one of them says
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei policy list --level national\n  zhimei policy show cn-hnte-2016 ¦ Examples:\n  zhimei policy list --level national\n  zhimei policy show cn-hnte-2016"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    List(ListArguments),
    Show(ShowArguments),
}

/// 列出政策 ¦ List policies
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei policy list\n  zhimei policy list --kind subsidy --format json ¦ Examples:\n  zhimei policy list\n  zhimei policy list --kind subsidy --format json"
)]
struct ListArguments {
    /// 级别:national、province、city、zone ¦ Level: national, province, city, zone
    #[arg(long, value_name = "LEVEL", value_parser = words::parse_level)]
    level: Option<String>,

    /// 类别:qualification、tax、subsidy、evaluation、space、gate ¦ Kind: qualification, tax, subsidy, evaluation, space, gate
    #[arg(long, value_name = "KIND", value_parser = words::parse_kind)]
    kind: Option<String>,

    /// 只列这一天施行的 ¦ Only those in force on this day
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 输出:text(默认)或 json ¦ Output: text (default) or json
    #[arg(long, value_name = "text|json", default_value = "text")]
    format: Format,
}

/// 一项政策的条件、所给和出处 ¦ The conditions of a policy, what it gives and where it comes from
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei policy show cn-hnte-2016\n  zhimei policy show cn-srdi-2022 --on 2025-06-30 --format json ¦ Examples:\n  zhimei policy show cn-hnte-2016\n  zhimei policy show cn-srdi-2022 --on 2025-06-30 --format json"
)]
struct ShowArguments {
    /// 政策编号 ¦ Id of the policy
    #[arg(value_name = "ID")]
    id: String,

    /// 哪一天的版本,默认今天 ¦ The version of which day, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 输出:text(默认)或 json ¦ Output: text (default) or json
    #[arg(long, value_name = "text|json", default_value = "text")]
    format: Format,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let library = load::library(context)?;
    match &arguments.action {
        Action::List(arguments) => list(arguments, &library, context),
        Action::Show(arguments) => show(arguments, &library, context),
    }
}

fn list(arguments: &ListArguments, library: &Library, context: &Context) -> Result<Status> {
    let rulebook = &library.rulebook;
    let is_wanted = |entry: &&Entry| {
        let document = &entry.document;
        arguments.level.as_ref().is_none_or(|level| *level == document.level)
            && arguments.kind.as_ref().is_none_or(|kind| *kind == document.kind)
            && arguments.on.is_none_or(|day| entry.is_in_force_on(day))
    };
    let ids = rulebook.ids();
    let entries: Vec<&Entry> = ids.iter().flat_map(|id| rulebook.versions(id)).filter(is_wanted).collect();
    let mut out = output::stdout();
    if arguments.format == Format::Json {
        let all: Vec<Value> = entries.iter().map(|entry| brief(&entry.document)).collect();
        output::json(&mut out, &json!(all))?;
        out.flush()?;
        return Ok(Status::Fine);
    }
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|entry| {
            let document = &entry.document;
            vec![
                document.id.clone(),
                words::level(&document.level, context.language),
                words::kind(&document.kind, context.language),
                context.text(&document.short).to_owned(),
                in_force(document, context),
                gives(document, context).join(context.say("、", ", ")),
            ]
        })
        .collect();
    for line in table::columns(&rows) {
        writeln!(out, "{line}")?;
    }
    let (count, manual) =
        (entries.len(), entries.iter().map(|entry| manual_conditions(&entry.document)).sum::<usize>());
    let unseen: usize = entries.iter().map(|entry| unseen_clauses(&entry.document)).sum();
    let summary = if context.is_chinese() {
        format!("{count} 份文件;由人判断的条件 {manual} 项,条款待核 {unseen} 处")
    } else {
        format!("documents: {count}; manual conditions: {manual}, clauses still to be verified: {unseen}")
    };
    writeln!(out, "{}", style::quiet(&summary, context))?;
    out.flush()?;
    Ok(Status::Fine)
}

fn in_force(document: &Document, context: &Context) -> String {
    match (document.to, context.is_chinese()) {
        (None, true) => format!("{} 起", document.from),
        (None, false) => format!("from {}", document.from),
        (Some(to), true) => format!("{} 至 {to}", document.from),
        (Some(to), false) => format!("{} to {to}", document.from),
    }
}

/// What a document gives, in words.
fn gives(document: &Document, context: &Context) -> Vec<String> {
    let given = &document.gives;
    let mut out = Vec::new();
    out.extend(given.status.clone());
    if given.rank.is_some() {
        out.push(context.say("等级", "a rank").to_owned());
    }
    if let Some(amount) = &given.amount {
        let nature = given
            .nature
            .map_or(context.say("金额", "money"), |nature| words::nature(nature, context.language));
        out.push(match amount {
            Amount::Milestones(..) => format!("{nature}{}", context.say("(分阶段)", " (by milestones)")),
            Amount::Value(_) => nature.to_owned(),
        });
    }
    out
}

fn brief(document: &Document) -> Value {
    json!({
        "policy": document.id,
        "version": document.from.to_string(),
        "until": document.to.map(|day| day.to_string()),
        "level": document.level,
        "kind": document.kind,
        "subject": document.subject,
        "title": bilingual(&document.title),
        "short": bilingual(&document.short),
        "status": document.gives.status,
        "nature": document.gives.nature.map(lang::ir::Nature::as_code),
        "manual_conditions": manual_conditions(document),
        "unverified_clauses": unseen_clauses(document),
    })
}

fn show(arguments: &ShowArguments, library: &Library, context: &Context) -> Result<Status> {
    load::versions(library, &arguments.id)?;
    let day = arguments.on.unwrap_or_else(clock::today);
    let standing = library.rulebook.on(&arguments.id, day);
    let (document, is_in_force) = match standing {
        Some(Standing::InForce(entry)) => (&entry.document, true),
        Some(Standing::NotInForce { nearest, .. }) => (&nearest.document, false),
        None => {
            let id = &arguments.id;
            return Err(Problem::new(format!("没有政策“{id}”"), format!("there is no policy “{id}”")).into());
        }
    };
    let mut out = output::stdout();
    match arguments.format {
        Format::Json => output::json(&mut out, &full(document, is_in_force, library))?,
        Format::Text => text(&mut out, document, is_in_force, day, library, context)?,
    }
    out.flush()?;
    Ok(Status::Fine)
}

fn full(document: &Document, is_in_force: bool, library: &Library) -> Value {
    let condition = |condition: &&Condition| {
        json!({
            "id": condition.id,
            "clause": condition.clause,
            "says": bilingual(&condition.says),
            "rule": condition.rule,
            "manual": matches!(condition.test, Test::Manual(..)),
        })
    };
    let feel: serde_json::Map<String, Value> = lang::feel::document(document, &library.rulebook.vocabulary)
        .into_iter()
        .map(|(name, rule)| (name, json!(rule)))
        .collect();
    let mut out = brief(document);
    let more = json!({
        "in_force": is_in_force,
        "summary": bilingual(&document.summary),
        "issuer": document.legal.issuer,
        "document": document.legal.document,
        "published": document.legal.published.map(|day| day.to_string()),
        "grade": document.legal.grade,
        "read": document.legal.read.map(|day| day.to_string()),
        "url": document.legal.url,
        "conditions": document.conditions().iter().map(condition).collect::<Vec<_>>(),
        "facts": facts_read(document),
        "feel": feel,
        "exclusive_with": document.exclusive_with,
        "supersedes": document.supersedes,
        "superseded_by": document.superseded_by,
        "open_points": document.open_points.iter().map(bilingual).collect::<Vec<_>>(),
    });
    if let (Value::Object(out), Value::Object(more)) = (&mut out, more) {
        out.extend(more);
    }
    out
}

/// The keys of the subject's own inputs.
fn facts_read(document: &Document) -> Vec<&str> {
    document.kinds[0].inputs.iter().map(|input| input.key.as_str()).collect()
}

fn text(
    out: &mut impl Write,
    document: &Document,
    is_in_force: bool,
    day: Date,
    library: &Library,
    context: &Context,
) -> io::Result<()> {
    let language = context.language;
    writeln!(out, "{} ({})", style::heading(context.text(&document.title), context), document.id)?;
    let state = if is_in_force {
        String::new()
    } else {
        context.say("(现在不施行)", " (not in force today)").to_owned()
    };
    let kinds =
        format!("{} · {}", words::level(&document.level, language), words::kind(&document.kind, language));
    writeln!(out, "{kinds} · {}{state}", in_force(document, context))?;
    let mut source = document.legal.issuer.join("、");
    for part in &document.legal.document {
        source.push_str(&format!(" · {part}"));
    }
    writeln!(
        out,
        "{source} · {}{}",
        context.say("数字出自", "numbers from "),
        words::grade(&document.legal.grade, language)
    )?;
    if !document.legal.url.is_empty() {
        writeln!(out, "{}", document.legal.url)?;
    }
    let summary = context.text(&document.summary);
    if !summary.is_empty() {
        writeln!(out, "\n{summary}")?;
    }
    writeln!(out, "\n{}", style::heading(context.say("条件", "Conditions"), context))?;
    conditions(out, &document.needs, 1, context)?;
    let given = gives(document, context);
    if !given.is_empty() {
        writeln!(out, "\n{}{}", context.say("给予:", "Gives: "), given.join(context.say("、", ", ")))?;
    }
    let applying = window::sentence(&document.apply, day, context);
    if !applying.is_empty() {
        writeln!(out, "{}{applying}", context.say("办理:", "Applying: "))?;
    }
    let read: Vec<&str> = facts_read(document);
    writeln!(out, "{}{}", context.say("要用到:", "Reads: "), read.join(context.say("、", ", ")))?;
    let cases: usize =
        library.cases.iter().filter(|file| file.id == document.id).map(|file| file.cases.len()).sum();
    writeln!(out, "{}{cases}", context.say("例子:", "Examples: "))?;
    for point in &document.open_points {
        writeln!(out, "{}{}", context.say("尚不确定:", "Uncertain: "), context.text(point))?;
    }
    Ok(())
}

fn conditions(out: &mut impl Write, needs: &[Condition], depth: usize, context: &Context) -> io::Result<()> {
    let indent = "  ".repeat(depth);
    for condition in needs {
        let brackets = |text: String| {
            if context.is_chinese() { format!("〔{text}〕") } else { format!(" [{text}]") }
        };
        let clause = reason::clause(condition, context).map(brackets).unwrap_or_default();
        let manual = if matches!(condition.test, Test::Manual(..)) {
            context.say("(由人判断)", " (a person decides)")
        } else {
            ""
        };
        writeln!(
            out,
            "{indent}· {}{manual}{clause} {}",
            reason::says(condition, context),
            style::quiet(&condition.id, context)
        )?;
        if !condition.rule.is_empty() && reason::says(condition, context) != condition.rule {
            writeln!(out, "{indent}    {}", style::quiet(&condition.rule, context))?;
        }
        match &condition.test {
            Test::All(inner) | Test::Any(inner) | Test::About(_, _, inner) | Test::Each(_, _, inner) => {
                conditions(out, inner, depth + 1, context)?;
            }
            Test::First(tiers, otherwise) => {
                for (_, tier) in tiers {
                    conditions(out, std::slice::from_ref(tier), depth + 1, context)?;
                }
                if let Some(last) = otherwise {
                    conditions(out, std::slice::from_ref(last), depth + 1, context)?;
                }
            }
            Test::Rule(_) | Test::Manual(..) | Test::Include(..) => {}
        }
    }
    Ok(())
}
