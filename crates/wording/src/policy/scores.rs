//! Points: one table for each part, and in words what no table holds.

use lang::ir::{Compare, Part, Points};

use super::Writer;
use crate::page::{Block, Item, Table};
use crate::phrase::quoted;

impl Writer<'_> {
    pub(super) fn scores(&self) -> Vec<Block> {
        let mut out = Vec::new();
        for score in &self.document.scores {
            let name = quoted(&score.name);
            let cap = self.cap(&score.root);
            let given = match score.given {
                Some(_) => self
                    .reader
                    .say("。已有正式评分的,以评分为准", ". A score given officially counts before this"),
                None => "",
            };
            let how = self.combined(&score.root.points);
            out.push(Block::Text(format!("{name}{how}{cap}{given}{}", self.reader.say("。", "."))));
            self.points(&score.root.points, "", &mut out);
        }
        out
    }

    /// How parts make a whole.
    fn combined(&self, points: &Points) -> &'static str {
        match points {
            Points::Sum(_) => self.reader.say(":各项相加", ": the parts are added up"),
            Points::Best(_) => self.reader.say(":取最高的一项", ": the best one counts"),
            _ => "",
        }
    }

    fn cap(&self, part: &Part) -> String {
        part.at_most.as_ref().map_or_else(String::new, |cap| {
            let cap = self.point_count(cap);
            self.either(format!(",最多 {cap} 分"), format!(", at most {cap} points"))
        })
    }

    fn point_count(&self, number: &facts::Number) -> String {
        crate::value::number(number, &lang::types::Type::RATIO, self.reader.language)
    }

    fn points(&self, points: &Points, above: &str, out: &mut Vec<Block>) {
        match points {
            Points::Sum(parts) | Points::Best(parts) => {
                for part in parts {
                    self.part(part, above, out);
                }
            }
            Points::First(tiers, otherwise) => {
                let is_deep = |points: &Points| !points.parts().is_empty();
                for (when, points) in tiers.iter().filter(|(_, points)| is_deep(points)) {
                    let when = self.words.holds(when);
                    out.push(Block::Heading(self.either(format!("{when}的"), format!("If {when}"))));
                    self.points(points, above, out);
                }
                if let Some(points) = otherwise.as_deref().filter(|points| is_deep(points)) {
                    out.push(Block::Heading(self.reader.say("其他的", "Otherwise").to_owned()));
                    self.points(points, above, out);
                }
            }
            _ => out.push(Block::Items(vec![Item::keyed("points", self.point(points, false))])),
        }
    }

    fn part(&self, part: &Part, above: &str, out: &mut Vec<Block>) {
        let name = if above.is_empty() { part.name.clone() } else { format!("{above} › {}", part.name) };
        let clause = self.clause(part.clause.as_ref());
        let clause = match (part.clause.is_some(), self.reader.is_chinese()) {
            // Without an article of its own it stands under that of the part above.
            (false, _) if !above.is_empty() => String::new(),
            (_, true) => format!("〔{clause}〕"),
            (_, false) => format!(" [{clause}]"),
        };
        let says = self.own(&part.says);
        let colon = self.reader.say(":", ": ");
        let says = if says.is_empty() { String::new() } else { format!("{colon}{says}") };
        let head = format!("{name}{clause}{says}{}", self.cap(part));
        match &part.points {
            Points::Sum(_) | Points::Best(_) => {
                let how = self.combined(&part.points);
                out.push(Block::Text(format!("{name}{clause}{says}{how}{}", self.cap(part))));
                self.points(&part.points, &name, out);
            }
            Points::First(..) if !part.points.parts().is_empty() => {
                out.push(Block::Text(head));
                self.points(&part.points, &name, out);
            }
            Points::Bands(of, compare, bands, otherwise) => {
                let of_words = self.words.value(of);
                let caption = self.either(format!("{head}(看{of_words})"), format!("{head} (by {of_words})"));
                let mut rows: Vec<Vec<String>> = bands
                    .iter()
                    .map(|(bound, points)| {
                        let bound = self.words.number_of(bound, of);
                        let reach = match compare {
                            Compare::Le => self.either(format!("不超过 {bound}"), format!("up to {bound}")),
                            _ => self.either(format!("不低于 {bound}"), format!("at least {bound}")),
                        };
                        vec![reach, self.point(points, part.unpublished)]
                    })
                    .collect();
                rows.extend(otherwise.as_ref().map(|last| self.rest(last, part)));
                out.push(Block::Table(self.table(&name, caption, rows)));
            }
            Points::First(tiers, otherwise) => {
                let mut rows: Vec<Vec<String>> = tiers
                    .iter()
                    .map(|(when, points)| vec![self.words.holds(when), self.point(points, part.unpublished)])
                    .collect();
                rows.extend(otherwise.as_ref().map(|last| self.rest(last, part)));
                out.push(Block::Table(self.table(&name, head, rows)));
            }
            Points::Value(_) | Points::Expert(..) => {
                let points = self.point(&part.points, part.unpublished);
                let text = format!("{head}{colon}{points}");
                out.push(Block::Items(vec![Item::keyed(&name, text)]));
            }
        }
    }

    fn rest(&self, points: &Points, part: &Part) -> Vec<String> {
        vec![self.reader.say("其他", "otherwise").to_owned(), self.point(points, part.unpublished)]
    }

    fn table(&self, key: &str, caption: String, rows: Vec<Vec<String>>) -> Table {
        let say = |zh: &str, en: &str| self.reader.say(zh, en).to_owned();
        Table {
            key: key.to_owned(), caption, head: vec![say("情形", "Case"), say("得分", "Points")], rows
        }
    }

    /// Points in a cell.
    fn point(&self, points: &Points, is_unpublished: bool) -> String {
        match points {
            Points::Value(value) => {
                let shown = self.words.value(value);
                shown.trim_end_matches('分').trim_end_matches(" points").trim_end_matches(" point").to_owned()
            }
            Points::Expert(low, high) => {
                let who = if is_unpublished {
                    self.reader.say("计分办法没有公布", "how is not published")
                } else {
                    self.reader.say("由专家打分", "given by experts")
                };
                self.either(format!("{low} 至 {high}({who})"), format!("{low} to {high} ({who})"))
            }
            _ => self.reader.say("见各项", "see the parts").to_owned(),
        }
    }
}
