//! CEL: programs compiled once, variables found by a resolver, one context a row.

use anyhow::{Result, anyhow};
use cel::common::types::{CelBool, CelDouble, CelInt, CelList, CelNull};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use cel::{Context, Program, Value};

use super::{Engine, Run, locked_version};
use crate::measure::{Slice, Work};
use crate::printing::rows::{Language, document};
use crate::probe::{Probe, word};
use crate::verdicts::{FALSE, TRUE, UNKNOWN, Verdicts};
use crate::workload::fields::{FIELDS, Kind};
use crate::workload::rows::Rows;

/// The Rust interpreter of the Common Expression Language.
#[derive(Clone, Copy, Debug)]
pub struct Cel;

struct Prepared<'w> {
    rows: &'w Rows,
    count: usize,
    programs: Vec<Program>,
}

impl<'w> Prepared<'w> {
    fn new(work: &'w Work, slice: Slice) -> Result<Self> {
        let mut programs = Vec::with_capacity(slice.documents);
        for one in &work.documents.documents[..slice.documents] {
            let text = document(one, &work.documents.atoms, Language::Cel);
            programs.push(Program::compile(&text).map_err(|error| anyhow!("{}: {error}", one.id))?);
        }
        Ok(Self { rows: &work.rows, count: slice.rows, programs })
    }

    fn each(&self, mut visit: impl FnMut(usize, usize, u8)) {
        for row in 0..self.count {
            let values = Values::of(self.rows, row);
            let mut context = Context::default();
            context.set_variable_resolver(&values);
            for (index, program) in self.programs.iter().enumerate() {
                visit(index, row, answer(program, &context).unwrap_or(UNKNOWN));
            }
        }
    }
}

/// Yes or no; nothing where the program ends in an error, which is how CEL says that something is not known.
fn answer(program: &Program, context: &Context) -> Option<u8> {
    let value = Value::resolve_val(program.expression(), context).ok()?;
    let is_yes = *value.downcast_ref::<CelBool>()?.inner();
    Some(if is_yes { TRUE } else { FALSE })
}

/// The values of a row in the order of [`FIELDS`].
struct Values(Vec<Box<dyn Val>>);

impl Values {
    fn of(rows: &Rows, row: usize) -> Self {
        let value = |(field, column): (&crate::workload::fields::Field, &crate::workload::rows::Column)| {
            let Some(value) = column.get(row) else { return Box::new(CelNull) as Box<dyn Val> };
            match field.kind {
                Kind::Bool => Box::new(CelBool::from(value == 1)),
                Kind::Code(_) => Box::new(CelInt::from(value)),
                Kind::Set(count) => {
                    let codes = (0..i64::from(count)).filter(|code| value >> code & 1 == 1);
                    let codes: Vec<Box<dyn Val>> =
                        codes.map(|code| Box::new(CelInt::from(code)) as Box<dyn Val>).collect();
                    Box::new(CelList::from(codes))
                }
                _ => Box::new(CelDouble::from(value as f64)),
            }
        };
        Self(FIELDS.iter().zip(&rows.columns).map(value).collect())
    }
}

impl VariableResolver for Values {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let (kind, digits) = name.split_at_checked(1)?;
        // Where the columns of that letter begin in `FIELDS`.
        let first = match kind {
            "n" => 0,
            "d" => 18,
            "e" => 22,
            "b" => 28,
            "s" => 33,
            _ => return None,
        };
        let index: usize = digits.parse().ok()?;
        self.0.get(first + index).map(|value| CowVal::Borrowed(value.as_ref()))
    }
}

impl Run for Prepared<'_> {
    fn run(&mut self) -> Result<(u64, u64)> {
        let mut counts = [0, 0, 0];
        self.each(|_, _, verdict| counts[usize::from(verdict)] += 1);
        Ok((counts[usize::from(TRUE)], counts[usize::from(FALSE)]))
    }
}

impl Engine for Cel {
    fn name(&self) -> &'static str {
        "cel"
    }

    fn version(&self) -> String {
        locked_version("cel")
    }

    fn form(&self) -> String {
        "compiled programs, a resolver of variables".to_owned()
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
        let mut context = Context::default();
        for name in ["x", "y", "e"] {
            context.add_variable_from_value(name, Value::Null);
        }
        for (name, value) in [("zero", 0.0), ("one", 1.0), ("five", 5.0), ("six", 6.0)] {
            context.add_variable_from_value(name, value);
        }
        let Ok(program) = Program::compile(probe.cel) else { return "error".to_owned() };
        match program.execute(&context) {
            Ok(Value::Bool(yes)) => word(Some(yes)),
            Ok(Value::Null) => word(None),
            Ok(_) => "neither".to_owned(),
            Err(_) => "error".to_owned(),
        }
    }
}
