//! `zhimei policy list`: policies by level, kind, subject, day, benefit, words, facts and how sure they are.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueEnum};
use engine::point::Entry;
use facts::{Date, FactId};
use lang::ir::{Document, InputKind, Nature};
use serde_json::{Value, json};
use wording::policy::diff::in_force;
use wording::policy::json::brief;
use wording::policy::{manual_conditions, unseen_clauses};
use wording::{style, table, words};

use super::gives;
use crate::context::{Context, Status};
use crate::{load, output};

/// 列出政策 ¦ List policies
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei policy list\n  zhimei policy list --level city --gives money --on 2026-06-30\n  zhimei policy list --fact 研发费用 --sort level\n  zhimei policy list --text 高新技术 --format json ¦ Examples:\n  zhimei policy list\n  zhimei policy list --level city --gives money --on 2026-06-30\n  zhimei policy list --fact 研发费用 --sort level\n  zhimei policy list --text high-tech --format json"
)]
pub struct Arguments {
    /// 级别:national、province、city、zone ¦ Level: national, province, city, zone
    #[arg(long, value_name = "LEVEL", value_parser = words::parse_level)]
    level: Option<String>,

    /// 类别:qualification、tax、subsidy、evaluation、space、gate ¦ Kind: qualification, tax, subsidy, evaluation, space, gate
    #[arg(long, value_name = "KIND", value_parser = words::parse_kind)]
    kind: Option<String>,

    /// 面向:enterprise、institution、person、project、parcel ¦ For whom: enterprise, institution, person, project, parcel
    #[arg(long, value_name = "SUBJECT", value_parser = words::parse_subject)]
    subject: Option<String>,

    /// 只列这一天施行的 ¦ Only those in force on this day
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 能得到什么:status(资格)、rank(等级)、money(钱) ¦ What one gets: status, rank, money
    #[arg(long, value_name = "status|rank|money")]
    gives: Option<Given>,

    /// 钱的性质:grant、tax_saved、tax_deferred、credit_limit、interest、in_kind ¦ Nature of the money: grant, tax_saved, tax_deferred, credit_limit, interest, in_kind
    #[arg(long, value_name = "NATURE", value_parser = words::parse_nature)]
    nature: Option<Nature>,

    /// 标题、简称、编号、发布单位里有这个词 ¦ With this word in title, short title, id or issuer
    #[arg(long, value_name = "WORD")]
    text: Option<String>,

    /// 用到这项事实的 ¦ Those that read this fact
    #[arg(long, value_name = "NAME")]
    fact: Option<String>,

    /// 只列还有不确定之处的 ¦ Only those with something uncertain
    #[arg(long)]
    open: bool,

    /// 数字出自:official、press、third_party、none ¦ Where the figures were read: official, press, third_party, none
    #[arg(long, value_name = "GRADE", value_parser = words::parse_grade)]
    grade: Option<String>,

    /// 顺序:id(默认)、title、level、from、to、issuer ¦ Order: id (default), title, level, from, to, issuer
    #[arg(long, value_name = "ORDER", default_value = "id")]
    sort: Order,

    /// 输出:text(默认)、json、csv ¦ Output: text (default), json, csv
    #[arg(long, value_name = "text|json|csv", default_value = "text")]
    format: Format,

    /// 写到这个文件,不写到屏幕 ¦ Write to this file instead of the terminal
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

/// What a policy gives.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Given {
    Status,
    Rank,
    Money,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Order {
    Id,
    Title,
    Level,
    From,
    To,
    Issuer,
}

/// A condition on what is listed, with the option that sets it.
struct Filter<'a> {
    option: &'static str,
    keeps: Box<dyn Fn(&Entry) -> bool + 'a>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let library = load::library(context)?;
    let rulebook = &library.rulebook;
    let fact =
        arguments.fact.as_deref().map(|name| load::fact_named(name, &rulebook.vocabulary)).transpose()?;
    let filters = filters(arguments, fact);
    let all: Vec<&Entry> = rulebook.ids().into_iter().flat_map(|id| rulebook.versions(id)).collect();
    let mut found: Vec<&Entry> =
        all.iter().copied().filter(|entry| filters.iter().all(|filter| (filter.keeps)(entry))).collect();
    sort(&mut found, arguments.sort, context);
    let documents: Vec<&Document> = found.iter().map(|entry| &entry.document).collect();
    let bytes = match arguments.format {
        Format::Json => {
            let mut bytes = Vec::new();
            let briefs: Vec<Value> = documents.iter().map(|document| brief(document)).collect();
            output::json(&mut bytes, &json!(briefs))?;
            bytes
        }
        Format::Csv => csv(&documents, arguments.out.is_some(), context)?,
        Format::Text => text(&documents, arguments.out.is_some(), context).into_bytes(),
    };
    match &arguments.out {
        Some(place) => output::write_file(place, &bytes)?,
        None => {
            let mut out = output::stdout();
            out.write_all(&bytes)?;
            out.flush()?;
        }
    }
    if found.is_empty() {
        loosen(&all, &filters, context);
    }
    Ok(Status::Fine)
}

fn filters(arguments: &Arguments, fact: Option<FactId>) -> Vec<Filter<'_>> {
    fn filter<'a>(option: &'static str, keeps: impl Fn(&Entry) -> bool + 'a) -> Filter<'a> {
        Filter { option, keeps: Box::new(keeps) }
    }
    let mut out = Vec::new();
    if let Some(level) = &arguments.level {
        out.push(filter("--level", move |entry| entry.document.level == *level));
    }
    if let Some(kind) = &arguments.kind {
        out.push(filter("--kind", move |entry| entry.document.kind == *kind));
    }
    if let Some(subject) = &arguments.subject {
        out.push(filter("--subject", move |entry| entry.document.subject == *subject));
    }
    if let Some(day) = arguments.on {
        out.push(filter("--on", move |entry| entry.is_in_force_on(day)));
    }
    if let Some(given) = arguments.gives {
        out.push(filter("--gives", move |entry| {
            let gives = &entry.document.gives;
            match given {
                Given::Status => gives.status.is_some(),
                Given::Rank => gives.rank.is_some(),
                Given::Money => gives.amount.is_some(),
            }
        }));
    }
    if let Some(nature) = arguments.nature {
        out.push(filter("--nature", move |entry| entry.document.gives.nature == Some(nature)));
    }
    if let Some(word) = &arguments.text {
        let word = word.to_lowercase();
        out.push(filter("--text", move |entry| mentions(&entry.document, &word)));
    }
    if let Some(fact) = fact {
        out.push(filter("--fact", move |entry| reads(&entry.document, fact)));
    }
    if arguments.open {
        out.push(filter("--open", |entry| {
            let document = &entry.document;
            !document.open_points.is_empty() || unseen_clauses(document) > 0
        }));
    }
    if let Some(grade) = &arguments.grade {
        out.push(filter("--grade", move |entry| entry.document.legal.grade == *grade));
    }
    out
}

/// Whether a word, in small letters, stands in what a document is called or who issued it.
fn mentions(document: &Document, word: &str) -> bool {
    let titles = [&document.title, &document.short].into_iter().flat_map(|text| [&text.zh, &text.en]);
    let legal = document.legal.issuer.iter().chain([&document.legal.name, &document.id]);
    titles.chain(legal).any(|text| text.to_lowercase().contains(word))
}

fn reads(document: &Document, fact: FactId) -> bool {
    let mut inputs = document.kinds.iter().flat_map(|kind| &kind.inputs);
    inputs.any(|input| matches!(input.kind, InputKind::Fact(read, _) if read == fact))
}

/// Ids decide between equals, and versions of one policy follow each other.
fn sort(entries: &mut [&Entry], order: Order, context: &Context) {
    let level = |document: &Document| {
        ["national", "province", "city", "zone"].iter().position(|known| *known == document.level)
    };
    entries.sort_by(|left, right| {
        let (left, right) = (&left.document, &right.document);
        match order {
            Order::Id => std::cmp::Ordering::Equal,
            Order::Title => context.text(&left.title).cmp(context.text(&right.title)),
            Order::Level => level(left).cmp(&level(right)),
            Order::From => left.from.start.cmp(&right.from.start),
            // What is in force without end ends last.
            Order::To => {
                let end = |document: &Document| document.to.map(|to| to.end());
                let (left, right) = (end(left), end(right));
                left.is_none().cmp(&right.is_none()).then(left.cmp(&right))
            }
            Order::Issuer => left.legal.issuer.cmp(&right.legal.issuer),
        }
    });
}

fn text(documents: &[&Document], is_file: bool, context: &Context) -> String {
    let rows: Vec<Vec<String>> = documents
        .iter()
        .map(|document| {
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
    let mut out = String::new();
    for line in table::columns(&rows) {
        out.push_str(&line);
        out.push('\n');
    }
    let count = documents.len();
    let manual: usize = documents.iter().map(|document| manual_conditions(document)).sum();
    let unseen: usize = documents.iter().map(|document| unseen_clauses(document)).sum();
    let summary = if context.is_chinese() {
        format!("{count} 份文件;由人判断的条件 {manual} 项,条款待核 {unseen} 处")
    } else {
        format!("documents: {count}; manual conditions: {manual}, clauses still to be verified: {unseen}")
    };
    let summary = if is_file { summary } else { style::quiet(&summary, context) };
    out.push_str(&summary);
    out.push('\n');
    out
}

fn csv(documents: &[&Document], is_file: bool, context: &Context) -> Result<Vec<u8>> {
    let header = [
        "policy",
        "version",
        "until",
        "level",
        "kind",
        "subject",
        "title",
        "issuer",
        "document",
        "grade",
        "status",
        "rank",
        "nature",
        "open_points",
        "manual_conditions",
        "unverified_clauses",
    ];
    let mut writer =
        csv::Writer::from_writer(if is_file { output::BYTE_ORDER_MARK.to_vec() } else { Vec::new() });
    writer.write_record(header)?;
    for document in documents {
        let given = &document.gives;
        let rank = given.rank.as_ref().map(|_| "true").unwrap_or_default();
        let row = [
            document.id.clone(),
            document.from.to_string(),
            document.to.map(|day| day.to_string()).unwrap_or_default(),
            document.level.clone(),
            document.kind.clone(),
            document.subject.clone(),
            context.text(&document.title).to_owned(),
            document.legal.issuer.join(";"),
            document.legal.document.join(";"),
            document.legal.grade.clone(),
            given.status.clone().unwrap_or_default(),
            rank.to_owned(),
            given.nature.map(Nature::as_code).unwrap_or_default().to_owned(),
            document.open_points.len().to_string(),
            manual_conditions(document).to_string(),
            unseen_clauses(document).to_string(),
        ];
        writer.write_record(row.iter().map(|cell| output::plain(cell)))?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

/// Nothing was found: which filter to leave out, or that the library is empty.
fn loosen(all: &[&Entry], filters: &[Filter<'_>], context: &Context) {
    if filters.is_empty() {
        output::note(context.say(
            "政策库里没有可用的政策。运行 zhimei check 看有什么错误。",
            "The library has no usable policy. See zhimei check for what is wrong.",
        ));
        return;
    }
    let without: Vec<(&str, usize)> = filters
        .iter()
        .enumerate()
        .map(|(left_out, filter)| {
            let rest = || filters.iter().enumerate().filter(|(at, _)| *at != left_out);
            let count = all.iter().filter(|entry| rest().all(|(_, filter)| (filter.keeps)(entry))).count();
            (filter.option, count)
        })
        .filter(|(_, count)| *count > 0)
        .collect();
    let hints: Vec<String> = without
        .iter()
        .map(|(option, count)| {
            context
                .say(&format!("去掉 {option} 有 {count} 份"), &format!("without {option} there are {count}"))
                .to_owned()
        })
        .collect();
    let line = if hints.is_empty() {
        context
            .say(
                "没有符合的政策;一次去掉一个条件也还是没有,请去掉几个再试。",
                "No policy fits, nor would one with any single filter left out; leave out several.",
            )
            .to_owned()
    } else {
        format!(
            "{}{}",
            context.say("没有符合的政策。", "No policy fits; "),
            hints.join(context.say(";", "; "))
        )
    };
    output::note(&line);
}
