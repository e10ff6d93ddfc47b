//! What bulk decisions came to, policy by policy, in the terminal.

use std::io::Write;
use std::time::Duration;

use anyhow::Result;
use facts::Date;
use wording::{style, table, total};

use super::bulk::Summary;
use crate::context::Context;
use crate::output;

/// Prints a line for each policy.
pub fn print(summary: &Summary<'_>, day: Date, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    let say = |zh: &'static str, en: &'static str| context.say(zh, en).to_owned();
    let mut rows = vec![vec![
        say("政策", "policy"),
        String::new(),
        say("可享受", "eligible"),
        say("不符合", "not eligible"),
        say("还需确认", "to be confirmed"),
        say("金额合计(至少 – 至多)", "total (least – most)"),
    ]];
    let shown = summary.policies.iter().filter(|policy| policy.is_in_force);
    for policy in shown {
        let document = &policy.entry.document;
        let totals = &policy.totals;
        let pays = document.gives.amount.is_some();
        rows.push(vec![
            context.text(&document.short).to_owned(),
            document.id.clone(),
            total::count(totals.eligible as u64),
            total::count(totals.ineligible as u64),
            total::count(totals.open as u64),
            match document.gives.nature {
                _ if !pays => String::new(),
                Some(nature) if !nature.is_added_up() => say("不合计", "not added up"),
                _ => total::shown(&totals.amount, context),
            },
        ]);
    }
    for (at, line) in table::columns(&rows).into_iter().enumerate() {
        let line = if at == 0 { style::heading(&line, context) } else { line };
        writeln!(out, "{line}")?;
    }
    let resting = summary.policies.iter().filter(|policy| !policy.is_in_force).count();
    if resting > 0 {
        let line = context
            .say(
                &format!("另有 {resting} 项政策在 {day} 没有施行的版本"),
                &format!("policies not in force on {day}: {resting}"),
            )
            .to_owned();
        writeln!(out, "{}", style::quiet(&line, context))?;
    }
    Ok(out.flush()?)
}

/// How many decisions there were and how fast they came.
pub fn say_rate(summary: &Summary<'_>, took: Duration, context: &Context) {
    let policies = summary.policies.len() as u64;
    let decisions = summary.subjects * policies;
    let seconds = took.as_secs_f64();
    let rate = if seconds > 0.0 { decisions as f64 / seconds } else { 0.0 };
    let (subjects, all) = (total::count(summary.subjects), total::count(decisions));
    let rate = total::count(rate as u64);
    output::note(context.say(
        &format!("{subjects} 个主体 × {policies} 项政策 = {all} 次判断,用时 {seconds:.1} 秒,每秒 {rate} 次"),
        &format!(
            "{subjects} subjects × {policies} policies = {all} decisions in {seconds:.1} s, {rate} a second"
        ),
    ));
    if summary.other_kind > 0 {
        let count = summary.other_kind;
        output::note(context.say(
            &format!("注意:{count} 行写明是别的主体类型,没有判断"),
            &format!("note: {count} rows say they are of another kind of subject; they were not decided"),
        ));
    }
}
