//! The calculation sheet: each step of a decision with its article, values and rounding, as a workbook.

use anyhow::{Context as _, Result};
use engine::point::{Decision, Reason, Scored, Truth};
use facts::{Profile, Vocabulary};
use lang::ir::Part;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, Worksheet};

use crate::context::Context;
use crate::render::decision::{inner_part, notes, outcome_plain, subject_name};
use crate::render::{gap, reason, value, window, words};

const COLUMN_WIDTHS: [f64; 7] = [6.0, 10.0, 44.0, 16.0, 48.0, 48.0, 22.0];

/// A step of the calculation.
struct Step {
    part: &'static str,
    what: String,
    clause: String,
    rule: String,
    values: String,
    result: String,
}

/// The workbook of a decision.
pub fn calculation(
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
    let steps = Steps { decision, vocabulary, context }.all();
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (number, (row, step)) in (row..).zip(&steps).enumerate() {
        sheet.write_number_with_format(row, 0, (number + 1) as f64, &wrap)?;
        let cells = [step.part, &step.what, &step.clause, &step.rule, &step.values, &step.result];
        for (column, text) in (1u16..).zip(cells) {
            sheet.write_string_with_format(row, column, text, &wrap)?;
        }
    }
    let count = u32::try_from(steps.len()).context("a decision has fewer steps than a sheet has rows")?;
    for (row, line) in (row + count + 1..).zip(closing(decision, context)) {
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
    let outcome = outcome_plain(decision.outcome, context);
    let lines = [
        (context.say("主体", "Subject"), subject_name(profile, context)),
        (context.say("判断日", "Day"), decision.day.to_string()),
        (context.say("版本", "Version"), document.from.to_string()),
        (context.say("来源", "Source"), words::grade(&document.legal.grade, context.language)),
        (context.say("结果", "Outcome"), outcome),
    ];
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

struct Steps<'d> {
    decision: &'d Decision<'d>,
    vocabulary: &'d Vocabulary,
    context: &'d Context,
}

impl Steps<'_> {
    fn all(&self) -> Vec<Step> {
        let mut out = Vec::new();
        self.decision.reasons.iter().for_each(|reason| self.condition(reason, "", &mut out));
        for (scored, score) in self.decision.scores.iter().zip(&self.decision.document.scores) {
            self.score(scored, Some(&score.root), "", &mut out);
        }
        let language = self.context.language;
        for named in &self.decision.values {
            out.push(Step {
                part: self.context.say("中间值", "value"),
                what: named.name.clone(),
                clause: String::new(),
                rule: String::new(),
                values: String::new(),
                result: value::value(&named.value, &named.ty, language),
            });
        }
        self.amount(&mut out);
        out
    }

    fn condition(&self, reason: &Reason<'_>, prefix: &str, out: &mut Vec<Step>) {
        let context = self.context;
        let what = match reason.item {
            Some(place) => format!("{prefix}{} {place}", context.say("第几项:", "item")),
            None => format!("{prefix}{}", reason::says(reason.condition, context)),
        };
        let values: Vec<String> = reason.used.iter().map(|used| self.used(used)).collect();
        let mut result =
            format!("{} {}", words::mark(reason.truth), value::truth(reason.truth, context.language));
        if reason.truth == Truth::False && reason.members.is_empty() {
            for sentence in gap::sentences(reason, &self.decision.gaps, self.vocabulary, context) {
                result.push('\n');
                result.push_str(&sentence);
            }
        }
        let rule = reason.applied.unwrap_or(reason.condition).rule.clone();
        let clause = match reason.item {
            None => reason::clause(reason.condition, context).unwrap_or_default(),
            Some(_) => String::new(),
        };
        out.push(Step {
            part: context.say("条件", "condition"),
            what,
            clause,
            rule,
            values: values.join("\n"),
            result,
        });
        let inner = format!("{prefix}  ");
        reason.members.iter().for_each(|member| self.condition(member, &inner, out));
    }

    fn used(&self, used: &engine::point::Used) -> String {
        let context = self.context;
        let Some(known) = &used.known else {
            return format!("{} = {}", used.key, context.say("还不知道", "not known"));
        };
        let shown = match used.fact {
            Some(fact) => self.vocabulary.show(fact, &known.value, context.language),
            None => value::of_no_fact(&known.value, context.language),
        };
        match known.origin.text.get(context.language) {
            "" => format!("{} = {shown}", used.key),
            origin => format!("{} = {shown} ← {origin}", used.key),
        }
    }

    fn score(&self, scored: &Scored, known: Option<&Part>, prefix: &str, out: &mut Vec<Step>) {
        let context = self.context;
        out.push(Step {
            part: context.say("得分", "score"),
            what: format!("{prefix}{}", scored.name),
            clause: known.and_then(|part| part.clause.clone()).unwrap_or_default(),
            rule: known.map(|part| context.text(&part.says).to_owned()).unwrap_or_default(),
            values: String::new(),
            result: value::points(&scored.points, context.language),
        });
        let inner = format!("{prefix}  ");
        for part in &scored.parts {
            self.score(part, known.and_then(|known| inner_part(&known.points, &part.name)), &inner, out);
        }
    }

    fn amount(&self, out: &mut Vec<Step>) {
        let (decision, context) = (self.decision, self.context);
        let mut step = |what: &str, rule: &str, result: String| {
            out.push(Step {
                part: context.say("金额", "amount"),
                what: what.to_owned(),
                clause: String::new(),
                rule: rule.to_owned(),
                values: String::new(),
                result,
            });
        };
        if let Some(unrounded) = &decision.amount_unrounded {
            let money = lang::types::Type::Number(lang::types::Measure::Of(facts::Dimension::of(
                facts::Quantity::Money,
            )));
            let shown = value::possible_numbers(unrounded, &money, context.language);
            let exact = unrounded
                .as_exact()
                .map_or(shown, |number| format!("{number} {}", context.say("元", "yuan")));
            step(
                context.say("取整前", "before rounding"),
                context.say("精确到分数,封顶之后", "exact, after caps"),
                exact,
            );
        }
        if let Some(money) = &decision.amount_if_eligible {
            let rule = context.say("四舍五入到分,只在这里取整一次", "rounded half up to the fen, only here");
            step(
                context.say("条件都符合时", "if all conditions hold"),
                rule,
                value::money(money, context.language),
            );
        }
        if let Some(money) = &decision.amount {
            let rule = context
                .say("不符合的为 0;还需确认的未定", "nothing if not eligible; not determined while open");
            step(context.say("应得", "due"), rule, value::money(money, context.language));
        }
    }
}

/// What stands below the steps.
fn closing(decision: &Decision<'_>, context: &Context) -> Vec<String> {
    let document = decision.document;
    let mut out = Vec::new();
    let applying = window::sentence(&document.apply, decision.day, context);
    if !applying.is_empty() {
        out.push(format!("{}{applying}", context.say("办理:", "Applying: ")));
    }
    if !decision.missing.is_empty() {
        let keys: Vec<&str> = decision.missing.iter().map(|missing| missing.key.as_str()).collect();
        out.push(format!("{}{}", context.say("还缺:", "Still missing: "), keys.join("、")));
    }
    out.extend(
        notes(decision, context).into_iter().map(|note| format!("{}{note}", context.say("说明:", "Note: "))),
    );
    let open = document
        .open_points
        .iter()
        .map(|point| format!("{}{}", context.say("尚不确定:", "Uncertain: "), context.text(point)));
    out.extend(open);
    out
}
