//! The sheets of the form: subjects, remarks, one for each collection.

use anyhow::Result;
use facts::{Date, FactType, SUBJECT_KINDS, Vocabulary};
use rust_xlsxwriter::{DataValidation, DataValidationErrorStyle, Format, FormatAlign, Workbook, Worksheet};

use super::columns::{Column, Form, Holds, header, unit};
use crate::context::Context;

/// Rows that get drop-down lists.
const ROWS_MAX: u32 = 2_000;

/// Longest list of choices that Excel takes in one cell's rule.
const CHOICE_CHARS_MAX: usize = 255;

/// The first columns of every sheet, which say who a row is about.
const WHO: [&str; 2] = ["统一社会信用代码", "名称"];

/// The sheet that keeps long lists of choices.
const CHOICES_SHEET: &str = "选项";

/// The remarks; readers pass over sheets whose name begins so.
const REMARKS_SHEET: &str = "说明";

/// The form as a workbook.
pub fn workbook(
    form: &Form,
    kind: &str,
    vocabulary: &Vocabulary,
    day: Date,
    context: &Context,
) -> Result<Vec<u8>> {
    let mut choices = Choices::default();
    let mut workbook = Workbook::new();
    let kind_word = SUBJECT_KINDS.iter().find(|(code, _)| *code == kind).map_or(kind, |(_, word)| *word);
    // Subjects that are no enterprises have to say so, or be read with --kind.
    let main_who: Vec<&str> =
        if kind == "enterprise" { WHO.into() } else { [WHO[0], WHO[1], "主体"].into() };
    let sheet = workbook.add_worksheet();
    sheet.set_name(kind_word)?;
    fill(sheet, &main_who, &form.main, vocabulary, &mut choices, context)?;
    if main_who.len() > WHO.len() {
        let list = DataValidation::new().allow_list_strings(&[kind_word])?;
        sheet.add_data_validation(3, 2, ROWS_MAX, 2, &list)?;
    }
    remarks(workbook.add_worksheet(), form, vocabulary, day, context)?;
    for (name, columns) in &form.collections {
        let sheet = workbook.add_worksheet();
        sheet.set_name(name)?;
        fill(sheet, &WHO, columns, vocabulary, &mut choices, context)?;
    }
    if !choices.lists.is_empty() {
        let sheet = workbook.add_worksheet();
        sheet.set_name(CHOICES_SHEET)?;
        for (column, list) in (0u16..).zip(&choices.lists) {
            for (row, choice) in (0u32..).zip(list) {
                sheet.write_string(row, column, choice)?;
            }
        }
        sheet.set_hidden(true);
    }
    Ok(workbook.save_to_buffer()?)
}

/// Lists of choices too long for a rule.
#[derive(Default)]
struct Choices {
    lists: Vec<Vec<String>>,
}

impl Choices {
    /// A drop-down list. It only warns: a cell may also hold 不知道 or stay empty.
    fn validation(&mut self, choices: &[String]) -> Result<DataValidation> {
        let length = choices.iter().map(|choice| choice.chars().count() + 1).sum::<usize>();
        let list = DataValidation::new().set_error_style(DataValidationErrorStyle::Warning);
        if length <= CHOICE_CHARS_MAX && choices.iter().all(|choice| !choice.contains(',')) {
            return Ok(list.allow_list_strings(choices)?);
        }
        let at = self.lists.iter().position(|known| known == choices).unwrap_or_else(|| {
            self.lists.push(choices.to_vec());
            self.lists.len() - 1
        });
        let letter = rust_xlsxwriter::utility::column_number_to_name(u16::try_from(at).unwrap_or(u16::MAX));
        let formula = format!("{CHOICES_SHEET}!${letter}$1:${letter}${}", choices.len());
        Ok(list.allow_list_formula(formula.as_str().into()))
    }
}

/// Header, question and definition of each column; the latter two begin with # and are passed over when read back.
fn fill(
    sheet: &mut Worksheet,
    who: &[&str],
    columns: &[Column],
    vocabulary: &Vocabulary,
    choices: &mut Choices,
    context: &Context,
) -> Result<()> {
    let bold =
        Format::new().set_bold().set_background_color("#E8EEF7").set_text_wrap().set_align(FormatAlign::Top);
    let small =
        Format::new().set_font_color("#606060").set_text_wrap().set_align(FormatAlign::Top).set_font_size(9);
    let as_text = Format::new().set_num_format("@");
    for (column, name) in (0u16..).zip(who) {
        sheet.write_string_with_format(0, column, *name, &bold)?;
        sheet.set_column_width(column, 22.0)?;
    }
    // Excel would turn a code of digits into a rounded number.
    sheet.set_column_format(0, &as_text)?;
    let lines = [context.say("# 问什么", "# question"), context.say("# 含义", "# meaning")];
    for (row, line) in (1u32..).zip(lines) {
        sheet.write_string_with_format(row, 0, line, &small)?;
    }
    for (at, column) in (who.len() as u16..).zip(columns) {
        sheet.write_string_with_format(0, at, header(column, vocabulary), &bold)?;
        sheet.set_column_width(at, 20.0)?;
        let (ask, meaning) = texts(column, vocabulary, context);
        sheet.write_string_with_format(1, at, &ask, &small)?;
        sheet.write_string_with_format(2, at, &meaning, &small)?;
        let list = listed(column, vocabulary);
        if !list.is_empty() {
            let list = choices.validation(&list)?;
            sheet.add_data_validation(3, at, ROWS_MAX, at, &list)?;
        }
    }
    sheet.set_row_height(1, 42.0)?;
    sheet.set_row_height(2, 60.0)?;
    sheet.set_freeze_panes(3, 2)?;
    Ok(())
}

/// Question and definition of a column.
fn texts(column: &Column, vocabulary: &Vocabulary, context: &Context) -> (String, String) {
    match &column.holds {
        Holds::Fact(fact) => {
            let definition = vocabulary.get(*fact);
            let derived = if column.is_derived {
                context.say("(可不填,能推算)", " (can stay empty: it works itself out)")
            } else {
                ""
            };
            (
                format!("{}{derived}", context.text(&definition.ask)),
                context.text(&definition.definition).to_owned(),
            )
        }
        Holds::NoItems => {
            let ask = context.say(
                "一条也没有就写 无;有就填同名的表",
                "无 if there are none; else fill in the sheet of that name",
            );
            (ask.to_owned(), String::new())
        }
        Holds::Status => {
            (context.say("判断日是否持有?", "Held on the day of decision?").to_owned(), String::new())
        }
    }
}

/// What may be chosen; empty where anything may be written. Several codes are written with 、 between them.
fn listed(column: &Column, vocabulary: &Vocabulary) -> Vec<String> {
    let yes_no = || vec!["是".to_owned(), "否".to_owned()];
    match &column.holds {
        Holds::Status => yes_no(),
        Holds::NoItems => vec!["无".to_owned()],
        Holds::Fact(fact) => {
            let definition = vocabulary.get(*fact);
            match definition.fact_type {
                FactType::Bool | FactType::Event => yes_no(),
                FactType::Code => definition.codes.iter().map(|code| code.code.clone()).collect(),
                _ => Vec::new(),
            }
        }
    }
}

/// How the form is filled in, and every column in words.
fn remarks(
    sheet: &mut Worksheet,
    form: &Form,
    vocabulary: &Vocabulary,
    day: Date,
    context: &Context,
) -> Result<()> {
    sheet.set_name(REMARKS_SHEET)?;
    let lines = guidance(day, context);
    for (row, line) in (0u32..).zip(&lines) {
        sheet.write_string(row, 0, line)?;
    }
    let bold = Format::new().set_bold().set_background_color("#E8EEF7");
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let first = u32::try_from(lines.len())? + 1;
    for (at, (zh, en, width)) in (0u16..).zip(REMARK_COLUMNS) {
        sheet.write_string_with_format(first, at, context.say(zh, en), &bold)?;
        sheet.set_column_width(at, width)?;
    }
    let main = form.main.iter().map(|column| ("", column));
    let of_collections = form
        .collections
        .iter()
        .flat_map(|(name, columns)| columns.iter().map(move |column| (name.as_str(), column)));
    let columns =
        main.chain(of_collections).map(|(sheet, column)| remark(sheet, column, vocabulary, context));
    let judgements = form.judgements.iter().map(|judgement| {
        let what =
            format!("{}{}", context.say("由人判断:", "a person decides: "), context.text(&judgement.text));
        let empty = String::new;
        [empty(), judgement.key.clone(), empty(), what, empty(), empty(), empty(), judgement.policy.clone()]
    });
    for (row, cells) in (first + 1..).zip(columns.chain(judgements)) {
        for (at, text) in (0u16..).zip(&cells) {
            sheet.write_string_with_format(row, at, text, &wrap)?;
        }
    }
    Ok(())
}

/// The columns of the remarks, with their widths.
const REMARK_COLUMNS: [(&str, &str, f64); 8] = [
    ("表", "sheet", 14.0),
    ("列", "column", 34.0),
    ("单位", "unit", 8.0),
    ("问什么", "question", 40.0),
    ("含义", "meaning", 48.0),
    ("出自", "from", 24.0),
    ("可填", "choices", 30.0),
    ("哪些政策用到", "read by", 30.0),
];

/// How the form is filled in.
fn guidance(day: Date, context: &Context) -> Vec<String> {
    let lines = [
        ("一行一个主体;以 # 开头的行不读。", "One row a subject; rows that begin with # are not read."),
        (
            "不知道就空着;确知没有,数写 0,其余写 无;只知道大概写区间,如 12..19。",
            "Leave empty what is not known; for known to have none write 0 for a number, else 无; write a range as 12..19.",
        ),
        (
            "数不带单位时按表头的单位;也可以自带单位,如 3800万元。比例写 5% 或 0.05,日期写 2026-06-30。",
            "A bare number is in the header's unit; it may carry its own, as 3800万元. Ratios: 5% or 0.05; days: 2026-06-30.",
        ),
        (
            "集合各有一张表,一行一条,用信用代码或名称说明属于谁;一条也没有,在第一张表的那一列写 无。",
            "Each collection has a sheet, one row an item, with the owner's code or name; where there is none, write 无 in its column of the first sheet.",
        ),
    ];
    let mut out: Vec<String> = lines.into_iter().map(|(zh, en)| context.say(zh, en).to_owned()).collect();
    out.push(if context.is_chinese() {
        format!("年份按判断日 {day} 写出。")
    } else {
        format!("Years are those of the day of decision {day}.")
    });
    out
}

/// A column in words.
fn remark(sheet: &str, column: &Column, vocabulary: &Vocabulary, context: &Context) -> [String; 8] {
    let (ask, meaning) = texts(column, vocabulary, context);
    let (unit, department) = match &column.holds {
        Holds::Fact(fact) => {
            let definition = vocabulary.get(*fact);
            (unit(definition).unwrap_or_default(), context.text(&definition.department))
        }
        Holds::Status | Holds::NoItems => ("", ""),
    };
    [
        sheet.to_owned(),
        column.key.clone(),
        unit.to_owned(),
        ask,
        meaning,
        department.to_owned(),
        listed(column, vocabulary).join("、"),
        column.policies.join("、"),
    ]
}
