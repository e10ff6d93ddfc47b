//! The plan in the terminal, as JSON and as CSV.

use std::io::Write;

use anyhow::Result;
use engine::batch::{DocumentReport, Fallback, Holds, Why};
use facts::Language;
use lang::ir::Document;
use serde_json::{Value, json};
use wording::{style, table, total};

use super::cost::Cost;
use super::{Shares, Told};
use crate::context::Context;
use crate::output;

/// Why something is asked exactly.
fn why_word(why: Why, language: Language) -> &'static str {
    let zh = language == Language::Chinese;
    match why {
        Why::Items => {
            if zh {
                "逐条看清单里的条目"
            } else {
                "it goes through items of a collection"
            }
        }
        Why::Texts => {
            if zh {
                "文字与文字相比"
            } else {
                "it compares texts with each other"
            }
        }
        Why::Function => {
            if zh {
                "用到没有成批算法的函数"
            } else {
                "a function without a bulk form"
            }
        }
        Why::Group => {
            if zh {
                "在组内的名次"
            } else {
                "a place within a group"
            }
        }
        Why::Stages => {
            if zh {
                "分阶段拨付"
            } else {
                "a payment by stages"
            }
        }
        Why::Shape => {
            if zh {
                "写法没有成批算法"
            } else {
                "a form without a bulk way"
            }
        }
    }
}

/// What is asked exactly, each once: a condition may have several parts that are.
fn fallbacks(report: &DocumentReport) -> Vec<&Fallback> {
    let mut out: Vec<&Fallback> = Vec::new();
    for fallback in &report.fallbacks {
        if !out.contains(&fallback) {
            out.push(fallback);
        }
    }
    out
}

fn count(report: &DocumentReport, is: impl Fn(Holds) -> bool) -> usize {
    report.conditions.iter().filter(|condition| is(condition.holds)).count()
}

/// The version that a report is about.
fn document<'t>(told: &'t Told<'_>, id: &str) -> Option<&'t Document> {
    let standing = told.selection.library.rulebook.on(id, told.day)?;
    Some(&standing.entry().document)
}

/// A line for each policy, and below it what is asked exactly.
pub fn text(told: &Told<'_>, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    let say = |zh: &'static str, en: &'static str| context.say(zh, en).to_owned();
    let is_measured = !told.costs.is_empty();
    let mut rows = vec![vec![
        say("政策", "policy"),
        say("位面", "planes"),
        say("上下界", "bounds"),
        say("逐行精确", "exact"),
        say("相连的未知", "entangled unknowns"),
    ]];
    if is_measured {
        rows[0].extend([say("实际逐行", "rows asked"), say("占", "share"), say("用时", "time")]);
    }
    for report in &told.reports {
        let mut row = vec![
            report.id.clone(),
            count(report, |holds| holds == Holds::Planes).to_string(),
            count(report, |holds| holds == Holds::Bounds).to_string(),
            count(report, |holds| matches!(holds, Holds::Exact(_))).to_string(),
            report.entangled.to_string(),
        ];
        if let Some(cost) = told.costs.get(&report.id) {
            row.extend([total::count(cost.asked), share(cost), format!("{:.3} s", cost.took.as_secs_f64())]);
        }
        rows.push(row);
    }
    let mut lines = table::columns(&rows).into_iter();
    if let Some(heading) = lines.next() {
        writeln!(out, "{}", style::heading(&heading, context))?;
    }
    for (line, report) in lines.zip(&told.reports) {
        writeln!(out, "{line}")?;
        for fallback in fallbacks(report) {
            let why = why_word(fallback.why, context.language);
            let colon = context.say(":", ": ");
            let exact = context.say("逐行精确 ", "exactly: ");
            writeln!(
                out,
                "{}",
                style::quiet(&format!("    {exact}{}{colon}{why}", fallback.place), context)
            )?;
        }
    }
    writeln!(out, "\n{}", closing(told.shares, context))?;
    if let Some(cost) = told.costs.values().next() {
        let rows = total::count(cost.rows);
        let line = context
            .say(
                &format!("实测 {rows} 个主体;“实际逐行”是结果或金额靠精确计算定下的行,用时不含读文件"),
                &format!("measured on {rows} subjects; “rows asked” are those whose outcome or amount was decided exactly; time without reading the file"),
            )
            .to_owned();
        writeln!(out, "{}", style::quiet(&line, context))?;
    }
    Ok(out.flush()?)
}

fn share(cost: &Cost) -> String {
    let percent = if cost.rows == 0 { 0.0 } else { 100.0 * cost.asked as f64 / cost.rows as f64 };
    format!("{percent:.2}%")
}

/// The shares of all different conditions.
fn closing(shares: Shares, context: &Context) -> String {
    let [planes, bounds, exact] =
        [shares.planes, shares.bounds, shares.exact].map(|part| format!("{:.1}%", shares.percent(part)));
    let all = shares.all();
    context
        .say(
            &format!("不同的条件 {all} 个:位面 {planes},上下界 {bounds},逐行精确 {exact}"),
            &format!(
                "different conditions: {all}; on planes {planes}, between bounds {bounds}, exact {exact}"
            ),
        )
        .to_owned()
}

/// Everything, for programs.
pub fn json(told: &Told<'_>) -> Result<()> {
    let documents: Vec<Value> = told.reports.iter().map(|report| of_document(told, report)).collect();
    let (slots, numbers, truths) = told.plan.size();
    let shares = told.shares;
    let all = json!({
        "on": told.day.to_string(),
        "policies": documents,
        "distinct_conditions": {
            "all": shares.all(),
            "planes": shares.planes,
            "bounds": shares.bounds,
            "exact": shares.exact,
            "planes_percent": shares.percent(shares.planes),
        },
        "program": {"slots": slots, "numbers": numbers, "truths": truths},
    });
    let mut out = output::stdout();
    output::json(&mut out, &all)?;
    Ok(out.flush()?)
}

fn of_document(told: &Told<'_>, report: &DocumentReport) -> Value {
    let conditions: Vec<Value> = report
        .conditions
        .iter()
        .map(|condition| {
            json!({
                "id": condition.id,
                "holds": condition.holds.as_code(),
                "why": why(condition.holds).map(Why::as_code),
                "number": condition.number,
            })
        })
        .collect();
    let fallbacks: Vec<Value> = fallbacks(report)
        .into_iter()
        .map(|fallback| json!({"place": fallback.place, "why": fallback.why.as_code()}))
        .collect();
    let cost = told
        .costs
        .get(&report.id)
        .map(|cost| json!({"rows": cost.rows, "asked": cost.asked, "seconds": cost.took.as_secs_f64()}));
    json!({
        "policy": report.id,
        "version": document(told, &report.id).map(|document| document.from.to_string()),
        "conditions": conditions,
        "fallbacks": fallbacks,
        "entangled": report.entangled,
        "cost": cost,
    })
}

fn why(holds: Holds) -> Option<Why> {
    if let Holds::Exact(why) = holds { Some(why) } else { None }
}

/// A line for each condition, and for each amount or rank that is asked exactly.
pub fn csv(told: &Told<'_>, place: &output::Table) -> Result<()> {
    let header = ["policy", "place", "holds", "why", "number", "clause", "rule"];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for report in &told.reports {
        let conditions = document(told, &report.id).map(Document::conditions).unwrap_or_default();
        for condition in &report.conditions {
            let written = conditions.iter().find(|known| known.id == condition.id);
            rows.push(vec![
                report.id.clone(),
                condition.id.clone(),
                condition.holds.as_code().to_owned(),
                why(condition.holds).map_or("", Why::as_code).to_owned(),
                condition.number.to_string(),
                written.and_then(|condition| condition.clause.clone()).unwrap_or_default(),
                written.map(|condition| condition.rule.clone()).unwrap_or_default(),
            ]);
        }
        let is_condition = |place: &str| report.conditions.iter().any(|condition| condition.id == place);
        for fallback in fallbacks(report).into_iter().filter(|fallback| !is_condition(&fallback.place)) {
            let (place, why) = (fallback.place.clone(), fallback.why.as_code().to_owned());
            let cells = [report.id.clone(), place, "exact".to_owned(), why];
            rows.push(cells.into_iter().chain(std::iter::repeat_n(String::new(), 3)).collect());
        }
    }
    place.write(&header, &rows)
}
