//! The reason tree: each condition with its mark, its clause, the values used and how far off it is.

use std::io::{self, Write};

use engine::point::{Decision, Reason, Truth, Used};
use facts::Vocabulary;
use lang::ir::{Condition, Test};

use crate::Reader;
use crate::phrase::Phrases;
use crate::{gap, style, value, words};

/// Indentation of one level.
const INDENT: &str = "  ";

/// A condition in words: what the document says, else what stands in the rule.
pub fn says(condition: &Condition, reader: &Reader) -> String {
    let said = reader.text(&condition.says);
    if !said.is_empty() {
        return said.to_owned();
    }
    let zh = reader.is_chinese();
    match &condition.test {
        Test::Manual(text, _) => reader.text(text).to_owned(),
        Test::All(_) => reader.say("以下全部符合", "all of these").to_owned(),
        Test::Any(_) => reader.say("以下至少符合一项", "at least one of these").to_owned(),
        Test::First(..) => reader.say("按档次", "by tier").to_owned(),
        Test::Include(id, _) if zh => format!("符合 {id} 的全部条件"),
        Test::Include(id, _) => format!("all conditions of {id}"),
        Test::About(_, role, _) if zh => format!("{role}符合以下各项"),
        Test::About(_, role, _) => format!("of {role}, all of these"),
        Test::Each(..) => reader.say("逐项看,至少一项符合", "item by item, at least one passes").to_owned(),
        Test::Rule(_) => condition.rule.clone(),
    }
}

/// The article of a condition, or that nobody saw it; nothing for a group.
pub fn clause(condition: &Condition, reader: &Reader) -> Option<String> {
    match (&condition.clause, &condition.test) {
        (Some(clause), _) => Some(clause.clone()),
        (None, Test::Rule(_) | Test::Manual(..) | Test::First(..)) => {
            Some(reader.say("条款待核", "clause to be verified").to_owned())
        }
        (None, _) => None,
    }
}

/// Writes the tree of a decision; the words are those of its document.
pub fn write(
    out: &mut impl Write,
    decision: &Decision<'_>,
    words: &Phrases<'_>,
    reader: &Reader,
) -> io::Result<()> {
    let tree = Tree { decision, words, vocabulary: &words.rulebook.vocabulary, reader };
    decision.reasons.iter().try_for_each(|reason| tree.write(out, reason, 1))
}

struct Tree<'a> {
    decision: &'a Decision<'a>,
    words: &'a Phrases<'a>,
    vocabulary: &'a Vocabulary,
    reader: &'a Reader,
}

impl Tree<'_> {
    fn write(&self, out: &mut impl Write, reason: &Reason<'_>, depth: usize) -> io::Result<()> {
        let reader = self.reader;
        let indent = INDENT.repeat(depth);
        let mark = paint(words::mark(reason.truth), reason.truth, reader);
        writeln!(out, "{indent}{mark} {}", self.heading(reason))?;
        let below = format!("{indent}{INDENT}");
        if let Some(line) = self.reckoned(reason) {
            writeln!(out, "{below}{}", style::quiet(&line, reader))?;
        }
        for used in &reason.used {
            writeln!(out, "{below}{}", self.used(used))?;
        }
        if reason.truth == Truth::False && reason.members.is_empty() {
            for sentence in gap::sentences(reason, &self.decision.gaps, self.vocabulary, reader) {
                writeln!(
                    out,
                    "{below}{} {sentence}",
                    style::bad(reader.say("差距", "how far off:"), reader)
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
        let is_heading = reason.applied.is_none() && self.reader.text(&deciding.says).is_empty();
        if is_heading { None } else { self.words.reckons(rule) }
    }

    /// The condition in the document's words, else its rule in ours.
    fn says(&self, condition: &Condition) -> String {
        match &condition.test {
            Test::Rule(rule) if self.reader.text(&condition.says).is_empty() => self.words.holds(rule),
            _ => says(condition, self.reader),
        }
    }

    fn heading(&self, reason: &Reason<'_>) -> String {
        let reader = self.reader;
        match reason.item {
            Some(0) => return reader.say("还不知道有哪些条目", "the items are not known yet").to_owned(),
            Some(place) if reader.is_chinese() => return format!("第 {place} 项"),
            Some(place) => return format!("item {place}"),
            None => {}
        }
        let condition = reason.condition;
        let said = match &condition.test {
            Test::Manual(..) => {
                format!("{}{}", self.says(condition), reader.say("(由人判断)", " (a person decides)"))
            }
            _ => self.says(condition),
        };
        let brackets =
            |text: String| if reader.is_chinese() { format!("〔{text}〕") } else { format!(" [{text}]") };
        let clause = clause(condition, reader).map(brackets).unwrap_or_default();
        let id = if condition.id.is_empty() {
            String::new()
        } else {
            style::quiet(&format!(" {}", condition.id), reader)
        };
        format!("{said}{clause}{id}")
    }

    fn used(&self, used: &Used) -> String {
        let reader = self.reader;
        let period = if used.period.is_empty() || used.key.contains(&used.period) {
            String::new()
        } else if reader.is_chinese() {
            format!("({})", used.period)
        } else {
            format!(" ({})", used.period)
        };
        let Some(known) = &used.known else {
            if let Some(score) = self.decision.scores.iter().find(|score| score.name == used.key) {
                let points = value::points(&score.points, reader.language);
                return format!("{} = {points}{}", used.key, reader.say("(推算)", " (derived)"));
            }
            let unknown = style::open(reader.say("还不知道", "not known"), reader);
            return format!("{}{period}{}{unknown}", used.key, reader.say(":", ": "));
        };
        let value = match used.fact {
            Some(fact) => self.vocabulary.show(fact, &known.value, reader.language),
            None => value::of_no_fact(&known.value, reader.language),
        };
        let origin = if known.origin.text.zh.is_empty() {
            String::new()
        } else {
            style::quiet(&format!("  ← {}", known.origin.text.get(reader.language)), reader)
        };
        format!("{}{period} = {value}{origin}", used.key)
    }
}

/// Something in the colour of its truth.
pub fn paint(text: &str, truth: Truth, reader: &Reader) -> String {
    match truth {
        Truth::True => style::good(text, reader),
        Truth::False => style::bad(text, reader),
        Truth::Unknown => style::open(text, reader),
    }
}
