//! A simulation in the terminal, as JSON and as CSV.

use std::io::Write;

use anyhow::Result;
use engine::batch::Sum;
use engine::point::Entry;
use facts::FactId;
use serde_json::{Value, json};

use super::Simulation;
use super::compare::{Groups, Tally};
use super::fairness::{Concern, Flag};
use crate::context::Context;
use crate::output;
use crate::render::{json as render_json, style, table, total};

/// Most groups, facts or policies that a list in the terminal shows.
const SHOWN_MAX: usize = 10;

/// Writes it for a person.
pub fn text(simulation: &Simulation<'_>, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    head(&mut out, simulation, context)?;
    changes(&mut out, simulation, context)?;
    missing(&mut out, simulation, context)?;
    for groups in &simulation.comparison.groups {
        breakdown(&mut out, simulation, groups, context)?;
    }
    others(&mut out, simulation, context)?;
    flags(&mut out, &simulation.flags, context)?;
    let milliseconds = simulation.took.as_secs_f64() * 1e3;
    let rows = total::count(simulation.rows as u64);
    let line = context
        .say(
            &format!("两个版本对 {rows} 个主体判断并比较,用时 {milliseconds:.0} 毫秒(不含读文件)"),
            &format!("both versions decided and compared for {rows} subjects in {milliseconds:.0} ms, after the file was read"),
        )
        .to_owned();
    writeln!(out, "{}", style::quiet(&line, context))?;
    Ok(out.flush()?)
}

fn version(entry: &Entry) -> String {
    format!("{}@{}", entry.document.id, entry.document.from)
}

fn head(out: &mut impl Write, simulation: &Simulation<'_>, context: &Context) -> Result<()> {
    let document = &simulation.then.document;
    let title = format!("{} ({})", context.text(&document.title), document.id);
    writeln!(out, "{}", style::heading(&title, context))?;
    let day = simulation.day;
    let line = match simulation.now {
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

fn changes(out: &mut impl Write, simulation: &Simulation<'_>, context: &Context) -> Result<()> {
    let all = &simulation.comparison.all;
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
    if pays(simulation) {
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
fn pays(simulation: &Simulation<'_>) -> bool {
    let gives = |entry: &Entry| entry.document.gives.amount.is_some();
    gives(simulation.then) || simulation.now.is_some_and(gives)
}

fn missing(out: &mut impl Write, simulation: &Simulation<'_>, context: &Context) -> Result<()> {
    let missing = &simulation.missing;
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

fn breakdown(
    out: &mut impl Write,
    simulation: &Simulation<'_>,
    groups: &Groups,
    context: &Context,
) -> Result<()> {
    let definition = simulation.vocabulary.get(groups.fact);
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
        if pays(simulation) { say("草案合计", "total by the draft") } else { String::new() },
    ]];
    let count = |number: usize| total::count(number as u64);
    for (value, tally) in groups.tallies.iter().take(SHOWN_MAX) {
        rows.push(vec![
            format!("  {}", group_name(simulation, groups, value.as_deref(), context)),
            count(tally.eligible_now()),
            count(tally.eligible_then()),
            count(tally.gain()),
            count(tally.lose()),
            count(tally.open()),
            if pays(simulation) { total::shown(&tally.then, context) } else { String::new() },
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
fn group_name(
    simulation: &Simulation<'_>,
    groups: &Groups,
    value: Option<&str>,
    context: &Context,
) -> String {
    let Some(value) = value else { return context.say("(不知道)", "(not known)").to_owned() };
    let definition = simulation.vocabulary.get(groups.fact);
    if let Some(label) = simulation
        .vocabulary
        .classification(definition)
        .and_then(|known| known.label(value, context.language))
    {
        return format!("{value} {label}");
    }
    let codes = &definition.codes;
    let label = codes.iter().find(|code| code.code == value).map_or("", |code| code.en.as_str());
    if context.is_chinese() || label.is_empty() { value.to_owned() } else { format!("{value} {label}") }
}

fn others(out: &mut impl Write, simulation: &Simulation<'_>, context: &Context) -> Result<()> {
    if simulation.others.is_empty() {
        return Ok(());
    }
    let heading =
        context.say("新受益者已从其他政策得到的", "What those who gain already get from other policies");
    writeln!(out, "{}", style::heading(heading, context))?;
    let row = |other: &super::others::Other| {
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
    let rows: Vec<Vec<String>> = simulation.others.iter().take(SHOWN_MAX).map(row).collect();
    for line in table::columns(&rows) {
        writeln!(out, "{line}")?;
    }
    let stacking = context.text(&simulation.then.document.stacking);
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
pub fn json(simulation: &Simulation<'_>) -> Result<()> {
    let label = |value: Option<&str>, fact: FactId| {
        let known = simulation.vocabulary.classification(simulation.vocabulary.get(fact));
        let code = known.zip(value).and_then(|(known, value)| known.find(value));
        code.map_or(Value::Null, |code| render_json::bilingual(&code.name))
    };
    let groups = |groups: &Groups| {
        let rows = groups.tallies.iter().map(|(value, tally)| {
            let mut row = tally_json(tally);
            row["value"] = json!(value);
            row["label"] = label(value.as_deref(), groups.fact);
            row
        });
        json!({
            "fact": simulation.vocabulary.get(groups.fact).name,
            "groups": rows.collect::<Vec<Value>>(),
        })
    };
    let missing = &simulation.missing;
    let lacking: Vec<Value> =
        missing.facts.iter().map(|(key, count)| json!({"key": key, "count": count})).collect();
    let others = simulation.others.iter().map(|other| {
        json!({
            "policy": other.id,
            "gainers": other.gainers,
            "paid": total::to_json(&other.paid),
            "exclusive": other.is_exclusive,
            "in_library": other.is_known,
        })
    });
    let flags = simulation.flags.iter().map(|flag| {
        json!({
            "concern": flag.concern.as_code(),
            "place": flag.place,
            "clause": flag.clause,
            "rule": flag.rule,
            "about": flag.about,
        })
    });
    let all = json!({
        "draft": version(simulation.then),
        "against": simulation.now.map(version),
        "title": render_json::bilingual(&simulation.then.document.title),
        "on": simulation.day.to_string(),
        "all": tally_json(&simulation.comparison.all),
        "missing": {"open": missing.open, "asked": missing.asked, "facts": lacking},
        "by": simulation.comparison.groups.iter().map(groups).collect::<Vec<Value>>(),
        "others": others.collect::<Vec<Value>>(),
        "stacking": render_json::bilingual(&simulation.then.document.stacking),
        "fair_competition": flags.collect::<Vec<Value>>(),
        "milliseconds": simulation.took.as_secs_f64() * 1e3,
    });
    let mut out = output::stdout();
    output::json(&mut out, &all)?;
    Ok(out.flush()?)
}

fn tally_json(tally: &Tally) -> Value {
    json!({
        "subjects": tally.subjects,
        "eligible_now": tally.eligible_now(),
        "eligible_then": tally.eligible_then(),
        "gain": tally.gain(),
        "lose": tally.lose(),
        "become_open": tally.become_open(),
        "more": tally.more,
        "less": tally.less,
        "open": tally.open(),
        "paid_now": total::to_json(&tally.now),
        "paid_then": total::to_json(&tally.then),
    })
}

/// A line for everybody and one for each group.
pub fn csv(simulation: &Simulation<'_>, place: &output::Table) -> Result<()> {
    let header = [
        "by",
        "value",
        "subjects",
        "eligible_now",
        "eligible_then",
        "gain",
        "lose",
        "become_open",
        "more",
        "less",
        "open",
        "now_least_wan",
        "now_most_wan",
        "then_least_wan",
        "then_most_wan",
    ];
    let row = |by: &str, value: &str, tally: &Tally| {
        let counts = [
            tally.subjects,
            tally.eligible_now(),
            tally.eligible_then(),
            tally.gain(),
            tally.lose(),
            tally.become_open(),
            tally.more,
            tally.less,
            tally.open(),
        ];
        let ends = |sum: &Sum| [total::wan_text(sum.least), total::wan_text(sum.most)];
        let mut cells = vec![by.to_owned(), value.to_owned()];
        cells.extend(counts.iter().map(usize::to_string));
        cells.extend(ends(&tally.now));
        cells.extend(ends(&tally.then));
        cells
    };
    let mut rows = vec![row("", "", &simulation.comparison.all)];
    for groups in &simulation.comparison.groups {
        let by = &simulation.vocabulary.get(groups.fact).name;
        let tallies = groups.tallies.iter();
        rows.extend(tallies.map(|(value, tally)| row(by, value.as_deref().unwrap_or_default(), tally)));
    }
    place.write(&header, &rows)
}
