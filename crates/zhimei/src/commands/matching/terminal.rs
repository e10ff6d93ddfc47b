//! The result in the terminal: a table for each subject, and counts at the end.

use std::io::{BufWriter, StdoutLock, Write};

use anyhow::Result;
use engine::point::{Decision, Outcome, questions};
use facts::{Profile, Vocabulary};
use library::Library;
use wording::table::{pad, width};
use wording::{decision, style, value};

use super::{Counts, Report};
use crate::context::Context;
use crate::output;

/// Most entries of a list that a line shows.
const SHOWN_MAX: usize = 3;

/// Writes each subject as it comes.
pub struct Table<'v> {
    out: BufWriter<StdoutLock<'static>>,
    vocabulary: &'v Vocabulary,
    context: &'v Context,
    title_width: usize,
    outcome_width: usize,
}

impl<'v> Table<'v> {
    pub fn new(library: &'v Library, ids: &[String], context: &'v Context) -> Self {
        let entries = library.rulebook.entries().iter().filter(|entry| ids.contains(&entry.document.id));
        let titles = entries.map(|entry| width(context.text(&entry.document.short)));
        let outcomes =
            Outcome::CODES.iter().map(|(_, outcome)| width(&decision::outcome_plain(*outcome, context)));
        Self {
            out: output::stdout(),
            vocabulary: &library.rulebook.vocabulary,
            context,
            title_width: titles.max().unwrap_or(0),
            outcome_width: outcomes.max().unwrap_or(0),
        }
    }

    fn line(&mut self, decision: &Decision<'_>, result_width: usize) -> Result<()> {
        let context = self.context;
        let outcome = decision.outcome;
        let plain = decision::outcome_plain(outcome, context);
        let padding = " ".repeat(self.outcome_width.saturating_sub(width(&plain)));
        let title = pad(context.text(&decision.document.short), self.title_width);
        let result = pad(&result(decision, context), result_width);
        let line = format!(
            "  {}{padding}  {title}  {result}  {}",
            decision::outcome(outcome, context),
            why(decision, context)
        );
        writeln!(self.out, "{}", line.trim_end())?;
        Ok(())
    }
}

/// What it gives: money, rank or status, and the score.
fn result(decision: &Decision<'_>, context: &Context) -> String {
    let mut parts = Vec::new();
    if decision.outcome != Outcome::Ineligible {
        match decision.outcome {
            Outcome::Unknown => {
                let money = decision.amount_if_eligible.as_ref().filter(|money| money.greatest().is_some());
                let money = money.map(|money| value::money(money, context.language));
                parts.extend(money.map(|money| {
                    context.say(&format!("或 {money}"), &format!("perhaps {money}")).to_owned()
                }));
            }
            _ => parts.extend(decision.amount.as_ref().map(|money| value::money(money, context.language))),
        }
        if !decision.ranks.is_empty() {
            parts.push(decision.ranks.join("/"));
        }
    }
    parts.extend(decision.scores.first().map(|score| value::points(&score.points, context.language)));
    parts.join(context.say(",", ", "))
}

/// What stands in the way, or is missing.
fn why(decision: &Decision<'_>, context: &Context) -> String {
    let missing: Vec<String> = decision.missing.iter().map(|missing| missing.key.clone()).collect();
    match decision.outcome {
        Outcome::Ineligible => {
            format!("{}{}", context.say("不符合:", "fails: "), shortened(&decision.failed, context))
        }
        _ if missing.is_empty() => String::new(),
        _ => format!("{}{}", context.say("还缺:", "missing: "), shortened(&missing, context)),
    }
}

fn shortened(entries: &[String], context: &Context) -> String {
    let shown = entries.iter().take(SHOWN_MAX).cloned().collect::<Vec<_>>().join(context.say("、", ", "));
    match entries.len() {
        all if all <= SHOWN_MAX => shown,
        all if context.is_chinese() => format!("{shown}等 {all} 项"),
        all => format!("{shown} and {} more", all - SHOWN_MAX),
    }
}

impl Report for Table<'_> {
    fn add(&mut self, subject: &Profile, decisions: &[Decision<'_>]) -> Result<()> {
        let context = self.context;
        writeln!(self.out, "{}", style::heading(&decision::subject_name(subject, context), context))?;
        let shown: Vec<&Decision<'_>> =
            decisions.iter().filter(|decision| decision.outcome != Outcome::NotInForce).collect();
        let result_width = shown.iter().map(|decision| width(&result(decision, context))).max().unwrap_or(0);
        for decision in shown {
            self.line(decision, result_width)?;
        }
        if let Some(question) = questions(decisions, self.vocabulary).first() {
            let ask = context.text(&self.vocabulary.get(question.fact).ask);
            let stake = value::fen(question.at_stake, context.language);
            let what = match (question.settles, question.at_stake.0, context.is_chinese()) {
                (0, _, true) => format!("关系到 {} 项", question.helps),
                (0, _, false) => format!("bears on {}", question.helps),
                (count, 0, true) => format!("可定 {count} 项"),
                (count, 0, false) => format!("settles {count}"),
                (count, _, true) => format!("可定 {count} 项,最高 {stake}"),
                (count, _, false) => format!("settles {count}, up to {stake}"),
            };
            let label = context.say("先问:", "ask first: ");
            writeln!(
                self.out,
                "  {}",
                style::quiet(&format!("{label}{ask} ({}; {what})", question.key), context)
            )?;
        }
        writeln!(self.out)?;
        Ok(())
    }

    fn finish(mut self: Box<Self>, counts: &Counts) -> Result<()> {
        let context = self.context;
        let shown: Vec<String> = Outcome::CODES
            .iter()
            .filter(|(_, outcome)| counts.of(*outcome) > 0)
            .map(|(_, outcome)| format!("{} {}", decision::outcome(*outcome, context), counts.of(*outcome)))
            .collect();
        let outcomes = shown.join(context.say(",", ", "));
        if context.is_chinese() {
            writeln!(self.out, "{} 个主体,{} 项政策:{outcomes}", counts.subjects, counts.policies)?;
        } else {
            writeln!(self.out, "subjects: {}, policies: {}; {outcomes}", counts.subjects, counts.policies)?;
        }
        Ok(self.out.flush()?)
    }
}
