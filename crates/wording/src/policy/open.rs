//! What is not certain: what the document says so of itself, and what follows from how it was read.

use lang::ir::Part;

use super::{Writer, manual_conditions, unseen_clauses};
use crate::page::{Block, Item};
use crate::words;

impl Writer<'_> {
    pub(super) fn open(&self) -> Vec<Block> {
        let document = self.document;
        let mut items: Vec<Item> =
            document.open_points.iter().map(|text| Item::keyed(&text.zh, self.own(text))).collect();
        let unseen = unseen_clauses(document);
        if unseen > 0 {
            items.push(Item::keyed(
                "clauses",
                self.either(
                    format!("有 {unseen} 处没有见到原文的条款,标作“条款待核”。"),
                    format!(
                        "Places where the article was not seen, marked “article not verified”: {unseen}."
                    ),
                ),
            ));
        }
        let manual = manual_conditions(document);
        if manual > 0 {
            items.push(Item::keyed(
                "manual",
                self.either(
                    format!("有 {manual} 条要由专家或部门认定,自己算不出来。"),
                    format!("Conditions that a person decides, so that nobody can work them out: {manual}."),
                ),
            ));
        }
        let unpublished: usize = document.scores.iter().map(|score| unpublished(&score.root)).sum();
        if unpublished > 0 {
            items.push(Item::keyed(
                "unpublished",
                self.either(
                    format!("有 {unpublished} 项的计分办法没有公布,分数只能给出范围。"),
                    format!("Parts whose scoring is not published, so that points can only be a range: {unpublished}."),
                ),
            ));
        }
        if document.legal.grade != "official" {
            let grade = words::grade(&document.legal.grade, self.reader.language);
            items.push(Item::keyed(
                "grade",
                self.either(
                    format!("{grade},办理前请核对原文。"),
                    format!("{}; check the text itself before you apply.", super::capital(&grade)),
                ),
            ));
        }
        if items.is_empty() {
            let text = self.reader.say("没有。", "Nothing.");
            return vec![Block::Text(text.to_owned())];
        }
        vec![Block::Items(items)]
    }
}

/// Parts of a score whose function is not published.
fn unpublished(part: &Part) -> usize {
    usize::from(part.unpublished) + part.points.parts().into_iter().map(unpublished).sum::<usize>()
}
