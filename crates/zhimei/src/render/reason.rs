//! The reason tree: each condition with its mark, its clause, the values used and how far off it is.

use std::io::{self, Write};

use engine::point::{Decision, Reason, Truth, Used};
use facts::Vocabulary;
use lang::ir::{Condition, Test};

use crate::context::Context;
use crate::render::phrase::Phrases;
use crate::render::{gap, style, value, words};

/// Indentation of one level.
const INDENT: &str = "  ";

/// A condition in words: what the document says, else what stands in the rule.
pub fn says(condition: &Condition, context: &Context) -> String {
    let said = context.text(&condition.says);
    if !said.is_empty() {
        return said.to_owned();
    }
    let zh = context.is_chinese();
    match &condition.test {
        Test::Manual(text, _) => context.text(text).to_owned(),
        Test::All(_) => context.say("以下全部符合", "all of these").to_owned(),
        Test::Any(_) => context.say("以下至少符合一项", "at least one of these").to_owned(),
        Test::First(..) => context.say("按档次", "by tier").to_owned(),
        Test::Include(id, _) if zh => format!("符合 {id} 的全部条件"),
        Test::Include(id, _) => format!("all conditions of {id}"),
        Test::About(_, role, _) if zh => format!("{role}符合以下各项"),
        Test::About(_, role, _) => format!("of {role}, all of these"),
        Test::Each(..) => context.say("逐项看,至少一项符合", "item by item, at least one passes").to_owned(),
        Test::Rule(_) => condition.rule.clone(),
    }
}

/// The article of a condition, or that nobody saw it; nothing for a group.
pub fn clause(condition: &Condition, context: &Context) -> Option<String> {
    match (&condition.clause, &condition.test) {
        (Some(clause), _) => Some(clause.clone()),
        (None, Test::Rule(_) | Test::Manual(..) | Test::First(..)) => {
            Some(context.say("条款待核", "clause to be verified").to_owned())
        }
        (None, _) => None,
    }
}

/// Writes the tree of a decision; the words are those of its document.
pub fn write(
    out: &mut impl Write,
    decision: &Decision<'_>,
    words: &Phrases<'_>,
    context: &Context,
) -> io::Result<()> {
    let tree = Tree { decision, words, vocabulary: &words.rulebook.vocabulary, context };
    decision.reasons.iter().try_for_each(|reason| tree.write(out, reason, 1))
}

struct Tree<'a> {
    decision: &'a Decision<'a>,
    words: &'a Phrases<'a>,
    vocabulary: &'a Vocabulary,
    context: &'a Context,
}

impl Tree<'_> {
    fn write(&self, out: &mut impl Write, reason: &Reason<'_>, depth: usize) -> io::Result<()> {
        let context = self.context;
        let indent = INDENT.repeat(depth);
        let mark = paint(words::mark(reason.truth), reason.truth, context);
        writeln!(out, "{indent}{mark} {}", self.heading(reason))?;
        let below = format!("{indent}{INDENT}");
        if let Some(line) = self.reckoned(reason) {
            writeln!(out, "{below}{}", style::quiet(&line, context))?;
        }
        for used in &reason.used {
            writeln!(out, "{below}{}", self.used(used))?;
        }
        if reason.truth == Truth::False && reason.members.is_empty() {
            for sentence in gap::sentences(reason, &self.decision.gaps, self.vocabulary, context) {
                writeln!(
                    out,
                    "{below}{} {sentence}",
                    style::bad(context.say("差距", "how far off:"), context)
                )?;
            }
        }
        reason.members.iter().try_for_each(|member| self.write(out, member, depth + 1))
    }

    /// How the rule that decides reckons, where it does not hold and the heading does not say it already.
    fn reckoned(&self, reason: &Reason<'_>) -> Option<String> {
        if reason.truth == Truth::True || reason.item.is_some() {
            return None;
        }
        let deciding = reason.applied.unwrap_or(reason.condition);
        let Test::Rule(rule) = &deciding.test else { return None };
        let is_heading = reason.applied.is_none() && self.context.text(&deciding.says).is_empty();
        if is_heading { None } else { self.words.reckons(rule) }
    }

    /// The condition in the document's words, else its rule in ours.
    fn says(&self, condition: &Condition) -> String {
        match &condition.test {
            Test::Rule(rule) if self.context.text(&condition.says).is_empty() => self.words.holds(rule),
            _ => says(condition, self.context),
        }
    }

    fn heading(&self, reason: &Reason<'_>) -> String {
        let context = self.context;
        match reason.item {
            Some(0) => return context.say("还不知道有哪些条目", "the items are not known yet").to_owned(),
            Some(place) if context.is_chinese() => return format!("第 {place} 项"),
            Some(place) => return format!("item {place}"),
            None => {}
        }
        let condition = reason.condition;
        let said = match &condition.test {
            Test::Manual(..) => {
                format!("{}{}", self.says(condition), context.say("(由人判断)", " (a person decides)"))
            }
            _ => self.says(condition),
        };
        let brackets =
            |text: String| if context.is_chinese() { format!("〔{text}〕") } else { format!(" [{text}]") };
        let clause = clause(condition, context).map(brackets).unwrap_or_default();
        let id = if condition.id.is_empty() {
            String::new()
        } else {
            style::quiet(&format!(" {}", condition.id), context)
        };
        format!("{said}{clause}{id}")
    }

    fn used(&self, used: &Used) -> String {
        let context = self.context;
        let period = if used.period.is_empty() || used.key.contains(&used.period) {
            String::new()
        } else if context.is_chinese() {
            format!("({})", used.period)
        } else {
            format!(" ({})", used.period)
        };
        let Some(known) = &used.known else {
            if let Some(score) = self.decision.scores.iter().find(|score| score.name == used.key) {
                let points = value::points(&score.points, context.language);
                return format!("{} = {points}{}", used.key, context.say("(推算)", " (derived)"));
            }
            let unknown = style::open(context.say("还不知道", "not known"), context);
            return format!("{}{period}{}{unknown}", used.key, context.say(":", ": "));
        };
        let value = match used.fact {
            Some(fact) => self.vocabulary.show(fact, &known.value, context.language),
            None => value::of_no_fact(&known.value, context.language),
        };
        let origin = if known.origin.text.zh.is_empty() {
            String::new()
        } else {
            style::quiet(&format!("  ← {}", known.origin.text.get(context.language)), context)
        };
        format!("{}{period} = {value}{origin}", used.key)
    }
}

/// Something in the colour of its truth.
pub fn paint(text: &str, truth: Truth, context: &Context) -> String {
    match truth {
        Truth::True => style::good(text, context),
        Truth::False => style::bad(text, context),
        Truth::Unknown => style::open(text, context),
    }
}
