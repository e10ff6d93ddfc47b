//! Tables found by a hierarchical code, and progressive brackets.

use facts::classification::{Grouping, Standing};
use facts::yaml::Node;
use facts::{Diagnostic, Dimension, Number, Quantity, Span, Text};

use super::Checker;
use super::describe::{clause, text};
use crate::ast::{self, ExprKind};
use crate::ir::{self, Expr, Kind};
use crate::suggest;
use crate::types::{Measure, Type};

/// What brackets cut into bands.
const MONEY: Type = Type::Number(Measure::Of(Dimension::of(Quantity::Money)));

/// Keys of a row that are no columns.
const ROW_KEYS: [&str; 3] = ["keys", "says", "clause"];

/// What the keys of a table are.
struct Keys {
    /// The grouping whose groups they are.
    classes: Option<Grouping>,
    /// The edition of the codes.
    edition: Option<String>,
    /// The type of what is looked up.
    ty: Type,
    /// The codes of the rows so far.
    seen: Vec<String>,
}

impl Checker<'_> {
    pub(super) fn read_tables(&mut self) {
        let Some(entries) = self.root.get("tables").and_then(Node::as_map) else { return };
        self.table_names = entries.iter().filter_map(|(key, _)| key.as_text().map(str::to_owned)).collect();
        for (key, node) in entries {
            let table = self.table(key.as_text().unwrap_or_default(), node);
            self.tables.push(table);
        }
    }

    fn table(&mut self, name: &str, node: &Node) -> Option<ir::Table> {
        let key = self.rule(node.get("key")?);
        if !matches!(key.ty, Type::Code(_) | Type::Text | Type::Wrong) {
            self.error("E0441", key.span, "表的键要是代码", "the key of a table has to be a code");
        }
        let mut keys = Keys {
            classes: node.get("classes").and_then(|node| self.grouping(node, &key.ty)),
            edition: node.get("edition").and_then(Node::as_text).map(str::to_owned),
            ty: key.ty.clone(),
            seen: Vec::new(),
        };
        let mut rows: Vec<ir::Row> = Vec::new();
        for row in node.get("rows")?.as_list()? {
            if let Some(row) = self.row(row, &mut keys) {
                self.check_columns(&rows, &row);
                rows.push(row);
            }
        }
        Some(ir::Table { name: name.to_owned(), key, edition: keys.edition, rows })
    }

    /// The grouping whose groups the keys of a table are: of the classification that the table's key is of.
    fn grouping(&mut self, node: &Node, key: &Type) -> Option<Grouping> {
        let name = node.as_text()?;
        let vocabulary = self.vocabulary;
        let lists = &vocabulary.classifications;
        let of = match key {
            Type::Code(fact) => vocabulary.get(*fact).classification.as_deref(),
            _ => None,
        };
        if let Some(found) = lists.grouping(name).filter(|grouping| Some(grouping.of.as_str()) == of) {
            return Some(found.clone());
        }
        let known: Vec<&str> =
            of.iter().flat_map(|of| lists.groupings_of(of)).map(|known| known.name.as_str()).collect();
        let message = Diagnostic::error(
            "E0449",
            node.span,
            format!("表的键没有名为“{name}”的代码分组"),
            format!("the key of the table has no grouping of codes “{name}”"),
        );
        self.report(match known.as_slice() {
            [] => message.with_help(
                "键要是有分类的代码(词汇表里写 codes: 分类名),分组写在 library/classifications/",
                "the key has to be a code of a classification (codes: NAME in the vocabulary), the grouping is declared in library/classifications/",
            ),
            known => message.with_help(format!("可用:{}", known.join("、")), format!("one of: {}", known.join(", "))),
        });
        None
    }

    /// The codes that a key of a row stands for: itself, or all of the group that it names.
    fn codes_of(&mut self, key: &Node, keys: &Keys) -> Vec<String> {
        let Some(text) = key.as_text() else { return Vec::new() };
        let Some(grouping) = &keys.classes else {
            self.check_code(&keys.ty, text, keys.edition.as_deref(), key.span);
            return vec![text.to_owned()];
        };
        if let Some(group) = grouping.group(text) {
            return group.under.clone();
        }
        let names: Vec<&str> = grouping.groups.iter().map(|group| group.name.zh.as_str()).collect();
        let message = Diagnostic::error(
            "E0450",
            key.span,
            format!("分组 {} 里没有“{text}”", grouping.name),
            format!("the grouping {} has no group “{text}”", grouping.name),
        );
        self.report(match suggest::nearest(text, names.iter().copied()) {
            Some(near) => message.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?")),
            None => message
                .with_help(format!("可用:{}", names.join("、")), format!("one of: {}", names.join(", "))),
        });
        Vec::new()
    }

    /// Warns of a code that the edition of its fact's classification does not have. A table of another edition is not
    /// looked at.
    pub(super) fn check_code(&mut self, ty: &Type, code: &str, edition: Option<&str>, span: Span) {
        let (Type::Code(fact) | Type::Codes(fact)) = ty else { return };
        let vocabulary = self.vocabulary;
        let Some(known) = vocabulary.classification(vocabulary.get(*fact)) else { return };
        let is_of_edition = edition.is_none_or(|edition| edition == known.edition);
        if !is_of_edition || known.standing(code) != Standing::Impossible {
            return;
        }
        let message = Diagnostic::warning(
            "W0440",
            span,
            format!("{} 里没有代码“{code}”", known.edition),
            format!("{} has no code “{code}”", known.edition),
        );
        let (zh, en) = match known.nearest(code) {
            Some(near) => (
                format!("相近的是 {} {};zhimei codes 可查", near.code, near.name.zh),
                format!("near it is {} {}; zhimei codes finds others", near.code, near.name.en),
            ),
            None => ("zhimei codes 可查代码".to_owned(), "zhimei codes finds codes".to_owned()),
        };
        self.report(message.with_help(zh, en));
    }

    fn row(&mut self, node: &Node, all: &mut Keys) -> Option<ir::Row> {
        let mut keys = Vec::new();
        for key in node.get("keys")?.as_list()? {
            for code in self.codes_of(key, all) {
                if all.seen.contains(&code) {
                    self.error(
                        "E0442",
                        key.span,
                        format!("代码“{code}”在表里出现两次"),
                        format!("code “{code}” stands twice in the table"),
                    );
                }
                all.seen.push(code.clone());
                keys.push(code);
            }
        }
        let says = node.get("says").map_or_else(Text::default, text);
        let mut row = ir::Row { says, clause: clause(node), keys, reach: Vec::new(), values: Vec::new() };
        for (key, value) in node.as_map()? {
            let Some(name) = key.as_text().filter(|name| !ROW_KEYS.contains(name)) else { continue };
            match value.as_map() {
                Some(columns) => self.reach(&mut row, key, columns),
                None => {
                    let value = self.rule(value);
                    row.values.push((name.to_owned(), value));
                }
            }
        }
        Some(row)
    }

    /// The values of a column have one type in all rows.
    fn check_columns(&mut self, before: &[ir::Row], row: &ir::Row) {
        for (name, value) in &row.values {
            let same = before.iter().flat_map(|row| &row.values).find(|(known, _)| known == name);
            if let Some((_, first)) = same {
                self.meet_at(first, value, value.span);
            }
        }
    }

    /// `营业收入: {大型: 2亿元, …}`: the fact and what it has to reach in each column.
    fn reach(&mut self, row: &mut ir::Row, key: &Node, columns: &[(Node, Node)]) {
        let fact = self.rule(key);
        let mut bounds = Vec::new();
        for (column, bound) in columns {
            let bound = self.rule(bound);
            self.expect(&bound, &fact.ty);
            bounds.push((column.as_text().unwrap_or_default().to_owned(), bound));
        }
        row.reach.push((fact, bounds));
    }

    /// The index of the table that the name in a call means.
    pub(super) fn table_named(&mut self, tree: &ast::Expr) -> Option<usize> {
        let ExprKind::Name(name) = &tree.kind else {
            self.error("E0443", tree.span, "这里要写表的名字", "the name of a table should stand here");
            return None;
        };
        let found = self.table_names.iter().position(|known| known == name);
        if found.is_none() {
            let near = suggest::nearest(name, self.table_names.iter().map(String::as_str)).map(str::to_owned);
            let message = Diagnostic::error(
                "E0444",
                tree.span,
                format!("没有表“{name}”"),
                format!("no table “{name}”"),
            );
            self.report(match near {
                Some(near) => {
                    message.with_help(format!("是不是“{near}”?"), format!("did you mean “{near}”?"))
                }
                None => message,
            });
        }
        found
    }

    pub(super) fn table_column(&mut self, name: &str, trees: &[&ast::Expr], span: Span) -> Expr {
        let Some(table) = self.table_named(trees[0]) else { return self.wrong(span) };
        let ExprKind::Text(column) = &trees[1].kind else {
            self.error(
                "E0423",
                trees[1].span,
                "这里要写引号里的列名",
                "the column's name in quotes should stand here",
            );
            return self.wrong(span);
        };
        let Some(Some(rows)) =
            self.tables.get(table).map(|table| table.as_ref().map(|table| table.rows.clone()))
        else {
            return self.wrong(span);
        };
        let is_reach = name == "全部达到";
        let known = rows.iter().any(|row| {
            if is_reach {
                let named =
                    |(_, columns): &(Expr, Vec<(String, Expr)>)| columns.iter().any(|(c, _)| c == column);
                row.reach.iter().any(named)
            } else {
                row.values.iter().any(|(c, _)| c == column)
            }
        });
        if !known {
            self.error(
                "E0445",
                trees[1].span,
                format!("表“{}”没有列“{column}”", self.table_names[table]),
                format!("table “{}” has no column “{column}”", self.table_names[table]),
            );
            return self.wrong(span);
        }
        if is_reach {
            return super::expr::logic(Kind::TableReached(table, column.clone()), span);
        }
        let mut values = rows.iter().filter_map(|row| row.values.iter().find(|(c, _)| c == column));
        let ty = values.next().map_or(Type::Wrong, |(_, value)| value.ty.clone());
        Expr { kind: Kind::TableValue(table, column.clone()), ty, span }
    }

    pub(super) fn read_brackets(&mut self) {
        let Some(entries) = self.root.get("brackets").and_then(Node::as_map) else { return };
        for (key, node) in entries {
            let mut bands = Vec::new();
            let mut last: Option<Number> = Some(Number::zero());
            for band in node.as_list().unwrap_or_default() {
                let rate = band.get("rate").and_then(|node| self.written(node, &Type::RATIO));
                let bound = band.get("up_to").map(|node| self.written(node, &MONEY));
                let (Some(rate_value), None | Some(Some(_))) = (rate, &bound) else { continue };
                let bound = bound.flatten();
                let rises = match (&last, &bound) {
                    (Some(last), Some(bound)) => bound > last,
                    (Some(_), None) => true,
                    (None, _) => false,
                };
                if !rises {
                    self.error(
                        "E0447",
                        band.span,
                        "分段要从低到高,最后一段不封顶",
                        "bands rise; only the last is open",
                    );
                }
                last = bound.clone();
                bands.push((bound, rate_value));
            }
            let name = key.as_text().unwrap_or_default().to_owned();
            self.brackets.push(ir::Brackets { name, bands });
        }
    }

    /// The number of that type that is written there.
    fn written(&mut self, node: &Node, ty: &Type) -> Option<Number> {
        let value = self.rule(node);
        if !self.expect(&value, ty) {
            return None;
        }
        self.constant(
            &value,
            "E0446",
            ("分段的界限和比例要写成数", "the bound and the rate of a band have to be numbers"),
        )
    }

    pub(super) fn progressive(&mut self, trees: &[&ast::Expr], span: Span) -> Expr {
        let base = self.expr(trees[0]);
        if !self.expect(&base, &MONEY) {
            return self.wrong(span);
        }
        let name = match &trees[1].kind {
            ExprKind::Name(name) => name.as_str(),
            _ => "",
        };
        match self.brackets.iter().position(|known| known.name == name) {
            Some(index) => {
                let ty = base.ty.clone();
                Expr { kind: Kind::Progressive(Box::new(base), index), ty, span }
            }
            None => {
                self.error(
                    "E0448",
                    trees[1].span,
                    format!("没有分段“{name}”,先在 brackets 里写"),
                    format!("no brackets “{name}”; write them under brackets first"),
                );
                self.wrong(span)
            }
        }
    }
}
