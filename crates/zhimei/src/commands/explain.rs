//! `zhimei explain`: one policy for one subject, with every reason.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;
use engine::point::{Decision, Engine, Rulebook, Truth, group_bands};
use facts::{Date, Profile};
use lang::ir::{Document, RankRule};
use library::Library;
use serde_json::json;
use wording::phrase::Phrases;
use wording::{decision, json as render_json, reason, style, value, words};

use crate::context::{Context, Status};
use crate::load::{self, FactsArguments, parquet, subject};
use crate::{clock, output, sheet};

/// 一项政策对一个主体:结果、金额、每条理由、还差多少 ¦ One policy for one subject: outcome, amount, every reason, how far off
///
/// 逐条列出条件、条款、用到的数和出处;不符合的写明差多少、何时能符合;不知道的写明还缺什么、先问什么。--set 看改一个数会怎样。 ¦ Lists each condition with its article, the values used and where they came from; for what fails, how far off it is and when it will hold; for what is not known, what is missing and what to ask first. --set shows what another value would change.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei explain --policy cn-tech-sme-2017 --facts 企业.yaml\n  zhimei explain --policy cn-hnte-2016 --facts 企业.xlsx --subject 示例公司 --on 2026-06-30\n  zhimei explain --policy cn-tech-sme-2017 --facts 企业.yaml --set '研发费用.上年=300万元'\n  zhimei explain --policy cn-tech-sme-2017 --facts 企业.yaml --out 计算书.xlsx ¦ Examples:\n  zhimei explain --policy cn-tech-sme-2017 --facts enterprise.yaml\n  zhimei explain --policy cn-hnte-2016 --facts enterprises.xlsx --subject 示例公司 --on 2026-06-30\n  zhimei explain --policy cn-tech-sme-2017 --facts enterprise.yaml --set '研发费用.上年=300万元'\n  zhimei explain --policy cn-tech-sme-2017 --facts enterprise.yaml --out calculation.xlsx"
)]
pub struct Arguments {
    /// 政策编号,见 zhimei policy list ¦ Id of the policy, see zhimei policy list
    #[arg(long, value_name = "ID")]
    policy: String,

    #[command(flatten)]
    facts: FactsArguments,

    /// 判断日,默认今天 ¦ Day of decision, today by default
    #[arg(long, value_name = "DATE", value_parser = crate::args::day)]
    on: Option<Date>,

    /// 看哪个主体:信用代码、id 或名称 ¦ Which subject: credit code, id or name
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,

    /// 假设一个值,可多次 ¦ Suppose a value, any number of times
    #[arg(long, value_name = "FACT=VALUE")]
    set: Vec<String>,

    /// 输出 JSON ¦ Print JSON
    #[arg(long)]
    json: bool,

    /// 另存计算书(.xlsx) ¦ Save a calculation sheet (.xlsx)
    #[arg(long, value_name = "FILE.xlsx")]
    out: Option<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    if let Some(out) = &arguments.out {
        output::require_ending(out, &["xlsx"])?;
    }
    let (library, sources) = load::library_with_texts(context)?;
    let rulebook = &library.rulebook;
    let day = arguments.on.unwrap_or_else(clock::today);
    let document = &load::versions(&library, &arguments.policy)?.document;
    let (profiles, place) = subjects(arguments, rulebook, document, context)?;
    let profile = &profiles[place];
    if profile.kind != document.subject {
        output::note(context.say(
            &format!("注意:这项政策针对 {},而主体是 {}", document.subject, profile.kind),
            &format!("note: the policy is for {}, the subject is of kind {}", document.subject, profile.kind),
        ));
    }
    let before = decide(&library, &arguments.policy, &profiles, (place, profile), day);
    let before = before.expect("the policy has a version, so it is decided");
    let changed = (!arguments.set.is_empty())
        .then(|| {
            subject::with_changes(
                profile,
                &arguments.set,
                before.document,
                &rulebook.vocabulary,
                day,
                context,
            )
        })
        .transpose()?;
    let after = changed
        .as_ref()
        .and_then(|changed| decide(&library, &arguments.policy, &profiles, (place, changed), day));
    let (final_decision, final_profile) = match (&after, &changed) {
        (Some(after), Some(changed)) => (after, changed),
        _ => (&before, profile),
    };
    let mut out = output::stdout();
    if arguments.json {
        let one =
            |decision: &Decision<'_>, profile| render_json::decision(decision, profile, &rulebook.vocabulary);
        let all = match &after {
            Some(after) => json!({"before": one(&before, profile), "after": one(after, final_profile)}),
            None => one(&before, profile),
        };
        output::json(&mut out, &all)?;
    } else {
        if let Some(after) = &after {
            comparison(&mut out, &before, after, &arguments.set, context)?;
        }
        let document = final_decision.document;
        let text = sources.iter().find(|source| source.path == document.path);
        let text = text.map_or("", |source| source.text.as_str());
        let words = Phrases::new(document, rulebook, text, context.language);
        decision::write(&mut out, final_decision, final_profile, &words, context)?;
    }
    out.flush()?;
    if let Some(place) = &arguments.out {
        output::write_file(
            place,
            &sheet::workbook(final_decision, final_profile, &rulebook.vocabulary, context)?,
        )?;
        output::note(context.say(
            &format!("计算书已存为 {}", place.display()),
            &format!("the calculation sheet is in {}", place.display()),
        ));
    }
    Ok(Status::Fine)
}

/// The subjects that bear on the decision, and which of them is meant. Of a Parquet file it is that one alone, unless the
/// policy ranks a group: then all are needed.
fn subjects(
    arguments: &Arguments,
    rulebook: &Rulebook,
    document: &Document,
    context: &Context,
) -> Result<(Vec<Profile>, usize)> {
    let (vocabulary, kind) = (&rulebook.vocabulary, &document.subject);
    let wanted = arguments.subject.as_deref();
    let rank = document.gives.rank.as_ref().map(|rank| &rank.rule);
    let is_ranked = matches!(rank, Some(RankRule::InGroup { .. }));
    let facts = &arguments.facts;
    if parquet::is_parquet(&facts.facts) && facts.items.is_empty() && !is_ranked {
        let zone = parquet::Zone::open(std::slice::from_ref(&facts.facts), vocabulary, kind, context)?;
        let profile = subject::pick_in_zone(&zone, wanted)?;
        return Ok((vec![profile], 0));
    }
    let profiles = load::subjects(facts, vocabulary, kind, context)?;
    let (place, _) = subject::pick(&profiles, wanted, context)?;
    Ok((profiles, place))
}

/// Decides for one of the subjects; where the policy ranks a group, the others of the file are its population.
fn decide<'a>(
    library: &'a Library,
    id: &str,
    profiles: &[Profile],
    (place, profile): (usize, &Profile),
    day: Date,
) -> Option<Decision<'a>> {
    let engine = Engine::new(&library.rulebook);
    let others = profiles.iter().enumerate();
    let group: Vec<&Profile> = others.map(|(at, other)| if at == place { profile } else { other }).collect();
    let bands = group_bands(&engine, id, &group, day);
    let band = bands.and_then(|bands| bands.into_iter().nth(place)).flatten();
    engine.decide_ranked(id, profile, day, &band)
}

/// What the supposed values change.
fn comparison(
    out: &mut impl Write,
    before: &Decision<'_>,
    after: &Decision<'_>,
    changes: &[String],
    context: &Context,
) -> Result<()> {
    let arrow = |name: &str, old: String, new: String| {
        let colon = context.say(":", ": ");
        if old == new {
            format!("{name}{colon}{old}{}", context.say("(不变)", " (unchanged)"))
        } else {
            format!("{name}{colon}{old} → {new}")
        }
    };
    writeln!(
        out,
        "{}{}",
        style::heading(context.say("假设:", "Suppose: "), context),
        changes.join(context.say("、", ", "))
    )?;
    let outcome = |decision: &Decision<'_>| decision::outcome_plain(decision.outcome, context);
    writeln!(out, "{}", arrow(context.say("结果", "Outcome"), outcome(before), outcome(after)))?;
    if let (Some(old), Some(new)) = (&before.amount, &after.amount) {
        let show = |money| value::money(money, context.language);
        writeln!(out, "{}", arrow(context.say("金额", "Amount"), show(old), show(new)))?;
    }
    for (old, new) in before.scores.iter().zip(&after.scores) {
        let show = |points| value::points(points, context.language);
        writeln!(out, "{}", arrow(&old.name, show(&old.points), show(&new.points)))?;
    }
    if before.ranks != after.ranks {
        writeln!(
            out,
            "{}",
            arrow(context.say("等级", "Rank"), before.ranks.join("/"), after.ranks.join("/"))
        )?;
    }
    for (id, old, new) in decision::changed(before, after) {
        let mark = |truth: Truth| reason::paint(words::mark(truth), truth, context);
        let conditions = after.document.conditions();
        let said = conditions
            .iter()
            .find(|condition| condition.id == id)
            .map_or_else(String::new, |condition| reason::says(condition, context));
        writeln!(out, "  {} → {}  {said} {}", mark(old), mark(new), style::quiet(&id, context))?;
    }
    writeln!(
        out,
        "\n{}\n",
        style::quiet(
            context.say("── 以下是假设后的全部理由 ──", "── every reason with these values ──"),
            context
        )
    )?;
    Ok(())
}
