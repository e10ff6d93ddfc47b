//! The calculation sheet: each step of a decision with its article, values and rounding, as a workbook.

use anyhow::{Context as _, Result};
use engine::point::Decision;
use facts::{Profile, Vocabulary};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet};
use wording::calculation;

use crate::context::Context;

const COLUMN_WIDTHS: [f64; 7] = [6.0, 10.0, 44.0, 16.0, 48.0, 48.0, 22.0];

/// The workbook of a decision.
pub fn workbook(
    decision: &Decision<'_>,
    profile: &Profile,
    vocabulary: &Vocabulary,
    context: &Context,
) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(context.say("计算书", "calculation"))?;
    for (column, width) in (0u16..).zip(COLUMN_WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    let row = head(sheet, decision, profile, context)?;
    let steps = calculation::steps(decision, vocabulary, context);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (number, (row, step)) in (row..).zip(&steps).enumerate() {
        sheet.write_number_with_format(row, 0, (number + 1) as f64, &wrap)?;
        let cells = [step.part, &step.what, &step.clause, &step.rule, &step.values, &step.result];
        for (column, text) in (1u16..).zip(cells) {
            sheet.write_string_with_format(row, column, text, &wrap)?;
        }
    }
    let count = u32::try_from(steps.len()).context("a decision has fewer steps than a sheet has rows")?;
    for (row, line) in (row + count + 1..).zip(calculation::closing(decision, context)) {
        sheet.write_string(row, 0, &line)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// What was decided for whom; gives the first row of the steps.
fn head(sheet: &mut Worksheet, decision: &Decision<'_>, profile: &Profile, context: &Context) -> Result<u32> {
    let document = decision.document;
    let bold = Format::new().set_bold();
    let title = format!("{} ({})", context.text(&document.title), document.id);
    sheet.write_string_with_format(0, 0, &title, &Format::new().set_bold().set_font_size(14))?;
    let lines = calculation::heading(decision, profile, context);
    for (row, (name, text)) in (1u32..).zip(&lines) {
        sheet.write_string_with_format(row, 0, *name, &bold)?;
        sheet.write_string(row, 2, text)?;
    }
    let header = lines.len() as u32 + 2;
    let names = [
        context.say("序号", "No."),
        context.say("部分", "Part"),
        context.say("内容", "What"),
        context.say("条款", "Clause"),
        context.say("规则", "Rule"),
        context.say("用到的值与出处", "Values and their sources"),
        context.say("结果", "Result"),
    ];
    let format = Format::new().set_bold().set_background_color("#E8EEF7").set_text_wrap();
    for (column, name) in (0u16..).zip(names) {
        sheet.write_string_with_format(header, column, name, &format)?;
    }
    sheet.set_freeze_panes(header + 1, 0)?;
    Ok(header + 1)
}
