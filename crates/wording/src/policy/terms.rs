//! Named values, parameters, lists, bands and tables: what the other sections name in quotes, each explained once.

use lang::ir::{Brackets, Kind, Param, ReferenceYear, Row, Table as Rows};
use lang::types::Type;

use super::{Writer, every_expr};
use crate::page::{Block, Item, Table};
use crate::phrase::quoted;
use crate::value;

impl Writer<'_> {
    pub(super) fn terms(&self) -> Vec<Block> {
        let document = self.document;
        let mut items: Vec<Item> =
            document.params.iter().enumerate().map(|(at, param)| self.param(at, param)).collect();
        for named in &document.lets {
            let head = quoted(&named.name);
            items.push(match &named.value.ty {
                Type::Bool => {
                    let holds = self.words.holds(&named.value);
                    Item::keyed(
                        &named.name,
                        self.either(format!("{head}:{holds}"), format!("{head}: {holds}")),
                    )
                }
                _ => self.tiered(&named.name, &head, &named.value),
            });
        }
        for list in &document.lists {
            let (name, from) = (quoted(&list.name), self.words.value(&list.from));
            let which = list.filter.as_ref().map(|filter| self.words.holds(filter));
            let text = match which {
                Some(which) => self.either(
                    format!("{name}:{from}中,{which}的"),
                    format!("{name}: those of {from} where {which}"),
                ),
                None => self.either(format!("{name}:全部{from}"), format!("{name}: all of {from}")),
            };
            items.push(Item::keyed(&list.name, text));
        }
        let mut blocks = Vec::new();
        if !items.is_empty() {
            blocks.push(Block::Items(items));
        }
        blocks.extend(
            (0..document.brackets.len()).map(|at| Block::Table(self.bands(at, &document.brackets[at]))),
        );
        blocks.extend(document.tables.iter().map(|table| Block::Table(self.rows(table))));
        blocks
    }

    /// Which year 当年 is, where a fact says so.
    pub(super) fn reference_year(&self) -> Option<String> {
        let ReferenceYear::Fact(input) = self.document.reference else { return None };
        let kind = self.document.vars[input.var.0].kind;
        let name = match &self.document.kinds[kind.0].inputs[input.index].kind {
            lang::ir::InputKind::Fact(fact, _) => self.words.label(*fact),
            _ => return None,
        };
        Some(self.either(
            format!("“当年”指{name}的那一年,“上年”是它的前一年。"),
            format!("“This year” is the {name}; “last year” is the year before it."),
        ))
    }

    fn param(&self, at: usize, param: &Param) -> Item {
        let mut ty = Type::RATIO;
        every_expr(self.document, &mut |expr| {
            if expr.kind == Kind::Param(at) {
                ty = expr.ty.clone();
            }
        });
        // A factor up to one is a share.
        let is_share = ty == Type::RATIO && param.between.1 <= facts::Number::one();
        let show = |number: &facts::Number| match is_share {
            true => self.words.share(number),
            false => value::number(number, &ty, self.reader.language),
        };
        let (low, high) = (show(&param.between.0), show(&param.between.1));
        let size = match low == high {
            true => low,
            false => self.either(format!("{low} 至 {high}"), format!("{low} to {high}")),
        };
        let set_by = self.own(&param.set_by);
        let set_by = match set_by.is_empty() {
            true => String::new(),
            false => self.either(format!(",由{set_by}确定"), format!(", set by {set_by}")),
        };
        let name = quoted(&param.name);
        let text = self.either(format!("{name}:{size}{set_by}"), format!("{name}: {size}{set_by}"));
        let note = Some(self.own(&param.note)).filter(|note| !note.is_empty());
        Item { details: note.into_iter().collect(), ..Item::keyed(&param.name, text) }
    }

    fn bands(&self, at: usize, brackets: &Brackets) -> Table {
        let mut ty = Type::Number(lang::types::Measure::Of(facts::Dimension::of(facts::Quantity::Money)));
        every_expr(self.document, &mut |expr| {
            if let Kind::Progressive(base, index) = &expr.kind
                && *index == at
            {
                ty = base.ty.clone();
            }
        });
        let show = |number: &facts::Number| value::number(number, &ty, self.reader.language);
        let mut low: Option<String> = None;
        let mut rows = Vec::new();
        for (up_to, rate) in &brackets.bands {
            let high = up_to.as_ref().map(show);
            let part = match (&low, &high) {
                (None, Some(high)) => {
                    self.either(format!("{high} 以内的部分"), format!("the part up to {high}"))
                }
                (Some(low), Some(high)) => self.either(
                    format!("超过 {low}、到 {high} 的部分"),
                    format!("the part above {low} up to {high}"),
                ),
                (Some(low), None) => {
                    self.either(format!("超过 {low} 的部分"), format!("the part above {low}"))
                }
                (None, None) => self.reader.say("全部", "all of it").to_owned(),
            };
            rows.push(vec![part, self.words.share(rate)]);
            low = high;
        }
        let say = |zh: &str, en: &str| self.reader.say(zh, en).to_owned();
        let name = quoted(&brackets.name);
        Table {
            key: brackets.name.clone(),
            caption: self.either(format!("{name}:分段累进"), format!("{name}, band by band")),
            head: vec![say("部分", "Part"), say("比例", "Rate")],
            rows,
        }
    }

    fn rows(&self, table: &Rows) -> Table {
        let mut columns: Vec<&str> = Vec::new();
        for row in &table.rows {
            let reach = row.reach.iter().flat_map(|(_, cells)| cells);
            for (name, _) in reach.chain(&row.values) {
                if !columns.contains(&name.as_str()) {
                    columns.push(name);
                }
            }
        }
        let has_figures = table.rows.iter().any(|row| !row.reach.is_empty());
        let say = |zh: &str, en: &str| self.reader.say(zh, en).to_owned();
        let mut head = vec![say("类别", "Class")];
        if has_figures {
            head.push(say("指标", "Figure"));
        }
        head.extend(columns.iter().map(|column| (*column).to_owned()));
        if columns.is_empty() {
            head.push(say("代码", "Codes"));
        }
        let rows = table.rows.iter().flat_map(|row| self.row(row, &columns)).collect();
        let (name, key) = (quoted(&table.name), self.words.value(&table.key));
        let edition = table.edition.as_ref().map_or_else(String::new, |edition| {
            self.either(format!("(代码按 {edition})"), format!(" (codes of {edition})"))
        });
        Table {
            key: table.name.clone(),
            caption: self.either(
                format!("表{name}:按{key}查{edition}"),
                format!("Table {name}, found by {key}{edition}"),
            ),
            head,
            rows,
        }
    }

    /// A line for each figure of a row, or one for its plain values.
    fn row(&self, row: &Row, columns: &[&str]) -> Vec<Vec<String>> {
        let says = self.own(&row.says);
        let codes = row.keys.join(self.reader.say("、", ", "));
        let clause = match (&row.clause, self.reader.is_chinese()) {
            (Some(clause), true) => format!("〔{clause}〕"),
            (Some(clause), false) => format!(" [{clause}]"),
            (None, _) => String::new(),
        };
        if columns.is_empty() {
            return vec![vec![format!("{says}{clause}"), codes]];
        }
        let codes = self.either(format!("({codes})"), format!(" ({codes})"));
        let name = format!("{says}{codes}{clause}");
        let cells = |cells: &[(String, lang::ir::Expr)]| -> Vec<String> {
            let cell = |column: &&str| {
                let found = cells.iter().find(|(name, _)| name == column);
                found.map_or_else(|| "–".to_owned(), |(_, value)| self.words.value(value))
            };
            columns.iter().map(cell).collect()
        };
        let mut out: Vec<Vec<String>> = Vec::new();
        for (figure, bounds) in &row.reach {
            let mut line = vec![name.clone(), self.words.value(figure)];
            line.extend(cells(bounds));
            out.push(line);
        }
        if !row.values.is_empty() {
            let mut line = vec![name];
            line.extend(cells(&row.values));
            out.push(line);
        }
        out
    }
}
