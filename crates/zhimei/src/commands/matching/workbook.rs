//! The result as a workbook: one row a decision, and a count for each policy.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::Result;
use engine::point::{Decision, Outcome};
use facts::{Profile, Vocabulary};
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use wording::words;

use super::row::{COLUMNS, COLUMNS_ZH, Cell, Row};
use super::{Counts, Report};
use crate::context::Context;
use crate::output;
use crate::problem::Problem;

/// Most rows of a sheet, the header aside.
const ROWS_MAX: usize = 1_048_575;

/// Where the outcome stands.
const OUTCOME_COLUMN: usize = 5;

const WIDTHS: [f64; COLUMNS.len()] =
    [21.0, 24.0, 20.0, 22.0, 11.0, 14.0, 12.0, 14.0, 14.0, 12.0, 8.0, 9.0, 9.0, 12.0, 30.0, 36.0, 24.0];

/// Collects the rows; the workbook is written at the end.
pub struct Results<'v> {
    place: PathBuf,
    vocabulary: &'v Vocabulary,
    context: &'v Context,
    rows: Vec<Row>,
    by_policy: BTreeMap<String, BTreeMap<&'static str, usize>>,
}

impl<'v> Results<'v> {
    pub fn new(place: &Path, vocabulary: &'v Vocabulary, context: &'v Context) -> Self {
        Self { place: place.to_owned(), vocabulary, context, rows: Vec::new(), by_policy: BTreeMap::new() }
    }

    fn results(&self, sheet: &mut Worksheet) -> Result<()> {
        let context = self.context;
        sheet.set_name(context.say("结果", "results"))?;
        let names = if context.is_chinese() { COLUMNS_ZH } else { COLUMNS };
        let bold = Format::new().set_bold().set_background_color("#E8EEF7");
        for (column, (name, width)) in (0u16..).zip(names.iter().zip(WIDTHS)) {
            sheet.write_string_with_format(0, column, *name, &bold)?;
            sheet.set_column_width(column, width)?;
        }
        for (row, line) in (1u32..).zip(&self.rows) {
            for (at, cell) in line.cells.iter().enumerate() {
                let column = at as u16;
                match cell {
                    Cell::Text(text) if at == OUTCOME_COLUMN => {
                        let outcome = Outcome::parse_code(text).unwrap_or(Outcome::Unknown);
                        let word = words::outcome(outcome, context.language);
                        sheet.write_string(row, column, format!("{} {word}", words::shape(outcome)))?;
                    }
                    Cell::Text(text) if !text.is_empty() => {
                        sheet.write_string(row, column, text)?;
                    }
                    // A workbook holds numbers as floats; the exact ones are in CSV and JSON.
                    Cell::Number(Some(number)) => {
                        sheet.write_number(row, column, number.parse::<f64>().unwrap_or_default())?;
                    }
                    Cell::Text(_) | Cell::Number(None) => {}
                }
            }
        }
        sheet.set_freeze_panes(1, 2)?;
        let last = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        sheet.autofilter(0, 0, last, COLUMNS.len() as u16 - 1)?;
        Ok(())
    }

    fn summary(&self, sheet: &mut Worksheet) -> Result<()> {
        let context = self.context;
        sheet.set_name(context.say("汇总", "summary"))?;
        let bold = Format::new().set_bold().set_background_color("#E8EEF7");
        sheet.write_string_with_format(0, 0, context.say("政策编号", "policy"), &bold)?;
        sheet.set_column_width(0, 26.0)?;
        for (column, (_, outcome)) in (1u16..).zip(Outcome::CODES) {
            sheet.write_string_with_format(0, column, words::outcome(outcome, context.language), &bold)?;
            sheet.set_column_width(column, 16.0)?;
        }
        for (row, (policy, outcomes)) in (1u32..).zip(&self.by_policy) {
            sheet.write_string(row, 0, policy)?;
            for (column, (code, _)) in (1u16..).zip(Outcome::CODES) {
                sheet.write_number(row, column, outcomes.get(code).copied().unwrap_or(0) as f64)?;
            }
        }
        Ok(())
    }
}

impl Report for Results<'_> {
    fn add(&mut self, subject: &Profile, decisions: &[Decision<'_>]) -> Result<()> {
        for decision in decisions {
            self.rows.push(Row::new(subject, decision, self.vocabulary));
            let outcomes = self.by_policy.entry(decision.document.id.clone()).or_default();
            *outcomes.entry(decision.outcome.as_code()).or_default() += 1;
        }
        if self.rows.len() > ROWS_MAX {
            return Err(Problem::new(
                format!("结果超过 {ROWS_MAX} 行,一张工作表放不下"),
                format!("the result has more than {ROWS_MAX} rows, which no sheet holds"),
            )
            .with_help("用 --out 结果.csv", "use --out result.csv")
            .into());
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Counts) -> Result<()> {
        let mut workbook = Workbook::new();
        self.results(workbook.add_worksheet())?;
        self.summary(workbook.add_worksheet())?;
        output::write_file(&self.place, &workbook.save_to_buffer()?)
    }
}
