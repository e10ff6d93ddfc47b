//! zen-expression: expressions compiled once, run by one isolate, one environment a row.

use anyhow::{Result, anyhow};
use serde_json::{Map, Value};
use zen_expression::expression::Standard;
use zen_expression::{Expression, Isolate, Variable};

use super::{Engine, Run, locked_version};
use crate::measure::{Slice, Work};
use crate::printing::rows::{Language, document};
use crate::probe::{Probe, word};
use crate::verdicts::{FALSE, TRUE, UNKNOWN, Verdicts};
use crate::workload::fields::{FIELDS, Kind};
use crate::workload::rows::Rows;

/// The expression engine of zen.
#[derive(Clone, Copy, Debug)]
pub struct Zen;

struct Prepared<'w> {
    rows: &'w Rows,
    count: usize,
    isolate: Isolate,
    expressions: Vec<Expression<Standard>>,
}

impl<'w> Prepared<'w> {
    fn new(work: &'w Work, slice: Slice) -> Result<Self> {
        let mut isolate = Isolate::new();
        let mut expressions = Vec::with_capacity(slice.documents);
        for one in &work.documents.documents[..slice.documents] {
            let text = document(one, &work.documents.atoms, Language::Zen);
            let compiled = isolate.compile_standard(&text);
            expressions.push(compiled.map_err(|error| anyhow!("{}: {error}", one.id))?);
        }
        Ok(Self { rows: &work.rows, count: slice.rows, isolate, expressions })
    }

    fn each(&mut self, mut visit: impl FnMut(usize, usize, u8)) {
        for row in 0..self.count {
            self.isolate.set_environment(environment(self.rows, row));
            for (index, expression) in self.expressions.iter().enumerate() {
                // An error is how this engine says that something is not known.
                let answer = self.isolate.run_compiled(expression.bytecode());
                let verdict = match answer.ok().and_then(|value| value.as_bool()) {
                    Some(true) => TRUE,
                    Some(false) => FALSE,
                    None => UNKNOWN,
                };
                visit(index, row, verdict);
            }
        }
    }
}

fn environment(rows: &Rows, row: usize) -> Variable {
    let mut map = Map::new();
    for (field, column) in FIELDS.iter().zip(&rows.columns) {
        let value = column.get(row).map_or(Value::Null, |value| match field.kind {
            Kind::Bool => Value::Bool(value == 1),
            Kind::Set(count) => (0..count).filter(|code| value >> code & 1 == 1).collect(),
            _ => Value::from(value),
        });
        map.insert(field.column.to_owned(), value);
    }
    Variable::from(Value::Object(map))
}

impl Run for Prepared<'_> {
    fn run(&mut self) -> Result<(u64, u64)> {
        let mut counts = [0, 0, 0];
        self.each(|_, _, verdict| counts[usize::from(verdict)] += 1);
        Ok((counts[usize::from(TRUE)], counts[usize::from(FALSE)]))
    }
}

impl Engine for Zen {
    fn name(&self) -> &'static str {
        "zen-expression"
    }

    fn version(&self) -> String {
        locked_version("zen-expression")
    }

    fn form(&self) -> String {
        "compiled expressions, one isolate".to_owned()
    }

    fn rows_first(&self) -> usize {
        50
    }

    fn prepare<'w>(&mut self, work: &'w Work, slice: Slice) -> Result<Box<dyn Run + 'w>> {
        Ok(Box::new(Prepared::new(work, slice)?))
    }

    fn verdicts(&mut self, work: &Work, slice: Slice) -> Result<Verdicts> {
        let mut verdicts = Verdicts::new(slice.documents, slice.rows);
        Prepared::new(work, slice)?.each(|document, row, verdict| verdicts.set(document, row, verdict));
        Ok(verdicts)
    }

    fn probe(&mut self, probe: &Probe) -> String {
        let known =
            serde_json::json!({"x": null, "y": null, "e": null, "zero": 0, "one": 1, "five": 5, "six": 6});
        let mut isolate = Isolate::with_environment(Variable::from(known));
        match isolate.run_standard(probe.zen) {
            Ok(Variable::Null) => word(None),
            Ok(value) => value.as_bool().map_or_else(|| "neither".to_owned(), |yes| word(Some(yes))),
            Err(_) => "error".to_owned(),
        }
    }
}
