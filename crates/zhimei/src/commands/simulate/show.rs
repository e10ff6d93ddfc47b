//! A simulation in the terminal, as JSON and as CSV.

use std::io::Write;

use anyhow::Result;
use effect::compare::Groups;
use effect::fairness::{Concern, Flag};
use effect::json::version;
use effect::others::Other;
use engine::point::Entry;
use serde_json::json;
use wording::{style, table, total};

use super::Outcome;
use crate::context::Context;
use crate::output;

/// Most groups, facts or policies that a list in the terminal shows.
const SHOWN_MAX: usize = 10;

/// Writes it for a person.
pub fn text(outcome: &Outcome<'_>, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    head(&mut out, outcome, context)?;
    changes(&mut out, outcome, context)?;
    missing(&mut out, outcome, context)?;
    for groups in &outcome.effect.groups {
        breakdown(&mut out, outcome, groups, context)?;
    }
    others(&mut out, outcome, context)?;
    flags(&mut out, &outcome.effect.flags, context)?;
    let milliseconds = outcome.took.as_secs_f64() * 1e3;
    let rows = total::count(outcome.effect.all.subjects as u64);
    let line = context
        .say(
            &format!("两个版本对 {rows} 个主体判断并比较,用时 {milliseconds:.0} 毫秒(不含读文件)"),
            &format!("both versions decided and compared for {rows} subjects in {milliseconds:.0} ms, after the file was read"),
        )
        .to_owned();
    writeln!(out, "{}", style::quiet(&line, context))?;
    Ok(out.flush()?)
}

fn head(out: &mut impl Write, outcome: &Outcome<'_>, context: &Context) -> Result<()> {
    let document = &outcome.simulation.draft().document;
    let title = format!("{} ({})", context.text(&document.title), document.id);
    writeln!(out, "{}", style::heading(&title, context))?;
    let day = outcome.simulation.day();
    let line = match outcome.simulation.against() {
        Some(now) => {
            let now = version(now);
            context
                .say(&format!("草案对照 {now},判断日 {day}"), &format!("draft against {now}, on {day}"))
                .to_owned()
        }
        None => context
            .say(
                &format!("草案是新政策,没有对照,判断日 {day}"),
                &format!("the draft is a new policy, held against nothing, on {day}"),
            )
            .to_owned(),
    };
    writeln!(out, "{line}\n")?;
    Ok(())
}

fn changes(out: &mut impl Write, outcome: &Outcome<'_>, context: &Context) -> Result<()> {
    let all = &outcome.effect.all;
    let say = |zh: &str, en: &str| context.say(zh, en).to_owned();
    let count = |number: usize| total::count(number as u64);
    let mut rows = vec![
        vec![say("现在可享受", "eligible now"), count(all.eligible_now())],
        vec![say("草案下可享受", "eligible by the draft"), count(all.eligible_then())],
        vec![say("新受益", "gain"), count(all.gain())],
        vec![say("不再享受", "lose"), count(all.lose())],
        vec![say("由可享受变为不确定", "eligible now, open then"), count(all.become_open())],
        vec![say("两边都可享受,金额增加", "eligible under both, get more"), count(all.more)],
        vec![say("两边都可享受,金额减少", "eligible under both, get less"), count(all.less)],
        vec![say("草案下仍不确定", "open by the draft"), count(all.open())],
    ];
    if pays(outcome) {
        rows.push(vec![
            say("现在合计(至少 – 至多)", "total now (least – most)"),
            total::shown(&all.now, context),
        ]);
        rows.push(vec![
            say("草案合计(至少 – 至多)", "total by the draft (least – most)"),
            total::shown(&all.then, context),
        ]);
    }
    for line in table::columns(&rows) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    Ok(())
}

/// Whether either version gives money.
fn pays(outcome: &Outcome<'_>) -> bool {
    let gives = |entry: &Entry| entry.document.gives.amount.is_some();
    gives(outcome.simulation.draft()) || outcome.simulation.against().is_some_and(gives)
}

fn missing(out: &mut impl Write, outcome: &Outcome<'_>, context: &Context) -> Result<()> {
    let missing = &outcome.effect.missing;
    if missing.facts.is_empty() {
        return Ok(());
    }
    let (asked, open) = (total::count(missing.asked as u64), total::count(missing.open as u64));
    let heading = if missing.asked == missing.open {
        context
            .say(&format!("不确定的 {open} 户缺什么"), &format!("What the {open} open ones lack"))
            .to_owned()
    } else {
        context
            .say(
                &format!("不确定的 {open} 户缺什么(均匀抽 {asked} 户)"),
                &format!("What the {open} open ones lack ({asked} of them, spread evenly)"),
            )
            .to_owned()
    };
    writeln!(out, "{}", style::heading(&heading, context))?;
    let shown = missing.facts.iter().take(SHOWN_MAX);
    let rows: Vec<Vec<String>> =
        shown.map(|(key, count)| vec![format!("  {key}"), total::count(*count as u64)]).collect();
    for line in table::columns(&rows) {
        writeln!(out, "{line}")?;
    }
    writeln!(out)?;
    Ok(())
}

fn breakdown(out: &mut impl Write, outcome: &Outcome<'_>, groups: &Groups, context: &Context) -> Result<()> {
    let definition = outcome.simulation.vocabulary().get(groups.fact);
    let name =
        if context.is_chinese() || definition.en.is_empty() { &definition.name } else { &definition.en };
    let say = |zh: &str, en: &str| context.say(zh, en).to_owned();
    let mut rows = vec![vec![
        say(&format!("按{name}"), &format!("by {}", name.to_lowercase())),
        say("现在", "now"),
        say("草案", "draft"),
        say("受益", "gain"),
        say("受损", "lose"),
        say("不确定", "open"),
        if pays(outcome) { say("草案合计", "total by the draft") } else { String::new() },
    ]];
    let count = |number: usize| total::count(number as u64);
    for (value, tally) in groups.tallies.iter().take(SHOWN_MAX) {
        rows.push(vec![
            format!("  {}", group_name(outcome, groups, value.as_deref(), context)),
            count(tally.eligible_now()),
            count(tally.eligible_then()),
            count(tally.gain()),
            count(tally.lose()),
            count(tally.open()),
            if pays(outcome) { total::shown(&tally.then, context) } else { String::new() },
        ]);
    }
    for (at, line) in table::columns(&rows).into_iter().enumerate() {
        writeln!(out, "{}", if at == 0 { style::heading(&line, context) } else { line })?;
    }
    if let Some(more) = groups.tallies.len().checked_sub(SHOWN_MAX).filter(|more| *more > 0) {
        let line = context
            .say(
                &format!("  ……还有 {more} 组,--out csv 全部列出"),
                &format!("  … and {more} more; --out csv has all"),
            )
            .to_owned();
        writeln!(out, "{}", style::quiet(&line, context))?;
    }
    writeln!(out)?;
    Ok(())
}

/// The value of a group with its label.
fn group_name(outcome: &Outcome<'_>, groups: &Groups, value: Option<&str>, context: &Context) -> String {
    let Some(value) = value else { return context.say("(不知道)", "(not known)").to_owned() };
    let definition = outcome.simulation.vocabulary().get(groups.fact);
    if let Some(label) = outcome
        .simulation
        .vocabulary()
        .classification(definition)
        .and_then(|known| known.label(value, context.language))
    {
        return format!("{value} {label}");
    }
    let codes = &definition.codes;
    let label = codes.iter().find(|code| code.code == value).map_or("", |code| code.en.as_str());
    if context.is_chinese() || label.is_empty() { value.to_owned() } else { format!("{value} {label}") }
}

fn others(out: &mut impl Write, outcome: &Outcome<'_>, context: &Context) -> Result<()> {
    if outcome.effect.others.is_empty() {
        return Ok(());
    }
    let heading =
        context.say("新受益者已从其他政策得到的", "What those who gain already get from other policies");
    writeln!(out, "{}", style::heading(heading, context))?;
    let row = |other: &Other| {
        let mut relation = Vec::new();
        if other.is_exclusive {
            relation.push(context.say("不能同时享受", "cannot be had beside the draft"));
        }
        if !other.is_known {
            relation.push(context.say("不在库中或未施行", "not in the library, or not in force"));
        }
        vec![
            format!("  {}", other.id),
            total::count(other.gainers as u64),
            total::shown(&other.paid, context),
            relation.join(context.say(",", ", ")),
        ]
    };
    let rows: Vec<Vec<String>> = outcome.effect.others.iter().take(SHOWN_MAX).map(row).collect();
    for line in table::columns(&rows) {
        writeln!(out, "{line}")?;
    }
    let stacking = context.text(&outcome.simulation.draft().document.stacking);
    if !stacking.is_empty() {
        writeln!(out, "  {}{stacking}", context.say("草案关于叠加:", "the draft on stacking: "))?;
    }
    writeln!(out)?;
    Ok(())
}

fn flags(out: &mut impl Write, flags: &[Flag], context: &Context) -> Result<()> {
    let heading = context.say("供公平竞争审查", "For the fair-competition review");
    writeln!(out, "{}", style::heading(heading, context))?;
    if flags.is_empty() {
        let none = "  没有发现点名企业、要求本地注册或与纳税挂钩的规则";
        writeln!(
            out,
            "{}",
            context.say(none, "  no rule names a firm, asks for a place, or hangs on tax paid")
        )?;
    }
    for flag in flags {
        let word = match flag.concern {
            Concern::NamesFirm => context.say("点名企业", "names a firm"),
            Concern::Place => context.say("看注册地或迁入", "asks for a place"),
            Concern::TaxPaid => context.say("与纳税挂钩", "hangs on tax paid"),
        };
        let clause = flag.clause.as_deref().unwrap_or(context.say("条款待核", "article not verified"));
        let rule = if flag.rule.is_empty() { &flag.about } else { &flag.rule };
        writeln!(out, "  {word}  {}  {clause}  {rule}", flag.place)?;
    }
    writeln!(out)?;
    Ok(())
}

/// Writes it for a program.
pub fn json(outcome: &Outcome<'_>) -> Result<()> {
    let mut all = effect::json::effect(outcome.simulation, &outcome.seen(), &outcome.effect.flags);
    all["milliseconds"] = json!(outcome.took.as_secs_f64() * 1e3);
    let mut out = output::stdout();
    output::json(&mut out, &all)?;
    Ok(out.flush()?)
}

/// A line for everybody and one for each group.
pub fn csv(outcome: &Outcome<'_>, place: &output::Table) -> Result<()> {
    place.write(
        &effect::table::EFFECT,
        &effect::table::effect(&outcome.seen(), outcome.simulation.vocabulary()),
    )
}
