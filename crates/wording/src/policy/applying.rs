//! How to apply, with what, what one owes afterwards; and which facts to have ready.

use facts::{FactId, Grain, Period, SpanAs, YearRef};
use lang::ir::{InputKind, Link};

use super::{Writer, capital};
use crate::page::{Block, Item};
use crate::{window, words};

impl Writer<'_> {
    pub(super) fn applying(&self) -> Vec<Block> {
        let (document, reader) = (self.document, self.reader);
        let apply = &document.apply;
        let mut terms = Vec::new();
        let mut put = |zh: &str, en: &str, text: String| {
            if !text.is_empty() {
                terms.push((reader.say(zh, en).to_owned(), text));
            }
        };
        let how = if apply.how.is_empty() { String::new() } else { words::how(&apply.how, reader.language) };
        put("办法", "How", capital(&how));
        put("时间", "When", capital(&window::when(apply, self.day, reader)));
        put("在哪里办", "Where", self.own(&apply.place));
        put("提示", "Mind", self.own(&apply.note));
        let mut blocks = Vec::new();
        if terms.is_empty() {
            let text = reader.say("文件没有写怎么申请。", "The document does not say how to apply.");
            blocks.push(Block::Text(text.to_owned()));
        } else {
            blocks.push(Block::Terms(terms));
        }
        let mut list = |zh: &str, en: &str, items: Vec<Block>| {
            if !items.is_empty() {
                blocks.push(Block::Heading(reader.say(zh, en).to_owned()));
                blocks.extend(items);
            }
        };
        let before = self.prerequisites();
        let before = if before.is_empty() { Vec::new() } else { vec![Block::Items(before)] };
        list("先要有的资格", "Needed first", before);
        list("材料", "Materials", self.plain_items(&document.materials));
        list("以后要做到的", "What you owe afterwards", self.plain_items(&document.obligations));
        blocks
    }

    /// The facts that the rules read, with the question that asks for each and where its figure stands.
    pub(super) fn ready(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        for kind in &self.document.kinds {
            let mut facts: Vec<(FactId, Vec<Period>)> = Vec::new();
            for input in &kind.inputs {
                let InputKind::Fact(fact, period) = &input.kind else { continue };
                match facts.iter_mut().find(|(known, _)| known == fact) {
                    Some((_, periods)) => periods.push(period.clone()),
                    None => facts.push((*fact, vec![period.clone()])),
                }
            }
            let items: Vec<Item> = facts.iter().map(|(fact, periods)| self.fact(*fact, periods)).collect();
            if items.is_empty() {
                continue;
            }
            match &kind.link {
                Link::Root => {}
                Link::Items(_, name) => {
                    let name = self.words.collection(name);
                    blocks.push(Block::Heading(
                        self.either(format!("{name}里的每一项"), format!("For each of {name}")),
                    ));
                }
                Link::Role(_, role) => {
                    blocks
                        .push(Block::Heading(self.either(format!("关于{role}"), format!("About “{role}”"))));
                }
            }
            blocks.push(Block::Items(items));
        }
        if let (false, Some(year)) = (blocks.is_empty(), self.reference_year()) {
            blocks.insert(0, Block::Text(year));
        }
        blocks
    }

    fn fact(&self, fact: FactId, periods: &[Period]) -> Item {
        let definition = self.rulebook.vocabulary.get(fact);
        let is_stock = definition.grain == Grain::Stock;
        let shown: Vec<String> =
            needed(periods, is_stock).iter().map(|period| self.words.period(period)).collect();
        let shown: Vec<String> = shown.into_iter().filter(|period| !period.is_empty()).collect();
        let name = capital(&self.words.label(fact));
        let text = match (shown.is_empty(), self.reader.is_chinese()) {
            (true, _) => name,
            (false, true) => format!("{name}({})", shown.join("、")),
            (false, false) => format!("{name} ({})", shown.join(", ")),
        };
        let ask = self.own(&definition.ask);
        let department = self.own(&definition.department);
        let from = match department.is_empty() {
            true => String::new(),
            false => self.either(format!("出自:{department}。"), format!("From: {department}.")),
        };
        let gap = if ask.is_empty() || from.is_empty() { "" } else { " " };
        let line = format!("{ask}{gap}{from}");
        let details = Some(line).filter(|line| !line.is_empty()).into_iter().collect();
        Item { details, ..Item::keyed(&definition.name, text) }
    }
}

/// The periods that one has to know, in few words: what only stands for others is left out, last years in a row are
/// one span.
fn needed(periods: &[Period], is_stock: bool) -> Vec<Period> {
    let is_taken = |period: &Period| match period {
        Period::LastYears(_, taken) | Period::Years(_, _, taken) => *taken != SpanAs::Years,
        Period::QuarterMean(_) => true,
        Period::Label(label) => {
            let base = ["合计", "累计", "均值"].iter().find_map(|word| label.strip_suffix(word));
            let is_span_of_others = |base: &str| {
                periods
                    .iter()
                    .any(|other| matches!(other, Period::Label(other) if base.contains(other.as_str())))
            };
            base.is_some_and(is_span_of_others)
        }
        _ => false,
    };
    let mut offsets: Vec<i32> = Vec::new();
    let mut out: Vec<Period> = Vec::new();
    let mut has_quarters = false;
    for period in periods.iter().filter(|period| !is_taken(period)) {
        match period {
            Period::Year(YearRef::Relative(offset @ ..=-1))
            | Period::YearEnd(YearRef::Relative(offset @ ..=-1)) => offsets.push(*offset),
            Period::Quarter(year, ..) if !has_quarters => {
                has_quarters = true;
                out.push(Period::Quarters(*year));
            }
            Period::Quarter(..) => {}
            other if out.contains(other) => {}
            other => out.push(other.clone()),
        }
    }
    offsets.sort_unstable();
    offsets.dedup();
    let count = offsets.len();
    let are_last = count > 1 && offsets.iter().rev().zip(1..).all(|(offset, back)| *offset == -back);
    if let (true, Ok(count)) = (are_last && !is_stock, u8::try_from(count)) {
        out.insert(0, Period::LastYears(count, SpanAs::Years));
        return out;
    }
    let year = |offset: &i32| {
        let year = YearRef::Relative(*offset);
        if is_stock { Period::YearEnd(year) } else { Period::Year(year) }
    };
    let mut years: Vec<Period> = offsets.iter().rev().map(year).collect();
    years.extend(out);
    years
}

#[cfg(test)]
mod tests {
    use super::*;

    fn year(offset: i32) -> Period {
        Period::Year(YearRef::Relative(offset))
    }

    #[test]
    fn last_years_in_a_row_are_one_span_and_their_total_is_not_asked_for() {
        let read = [year(-3), year(-2), year(-1), Period::LastYears(3, SpanAs::Total)];
        assert_eq!(needed(&read, false), [Period::LastYears(3, SpanAs::Years)]);
    }

    #[test]
    fn years_with_a_gap_are_named_one_by_one() {
        assert_eq!(needed(&[year(-3), year(-1), year(0)], false), [year(-1), year(-3), year(0)]);
    }
}
