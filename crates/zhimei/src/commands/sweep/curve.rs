//! The curve in the terminal, as CSV, JSON and SVG. A picture goes with its table: the CSV has the same points.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use charts_rs::{Align, LineChart, Series};
use facts::{Language, Number};
use serde_json::{Value, json};

use super::{Curve, Point};
use crate::context::Context;
use crate::output;
use crate::problem::Problem;
use crate::render::{json as render_json, style, table, total, value};

/// Decimal places of a value that has no finite decimal.
const PLACES: u32 = 6;

/// Labels below the picture, at most.
const LABELS_MAX: usize = 11;

/// Fonts that have Chinese characters, by what most systems call them.
const FONTS: &str = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei',sans-serif";

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Format {
    Csv,
    Json,
    Svg,
}

/// Where the curve goes, and as what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    format: Format,
    file: Option<PathBuf>,
}

impl Target {
    /// Understands a format, or the name of a file that ends in one.
    pub fn parse(text: &str) -> Result<Self> {
        let format = |name: &str| match name {
            "json" => Format::Json,
            "svg" => Format::Svg,
            _ => Format::Csv,
        };
        if matches!(text, "csv" | "json" | "svg") {
            return Ok(Self { format: format(text), file: None });
        }
        let place = PathBuf::from(text);
        Ok(Self { format: format(&super::ending(&place)?), file: Some(place) })
    }
}

/// Writes the curve; the terminal shows its table unless standard output takes it in another form.
pub fn write(curve: &Curve<'_>, target: Option<&Target>, context: &Context) -> Result<()> {
    let Some(target) = target else { return text(curve, context) };
    let bytes = match target.format {
        Format::Csv => csv(curve)?,
        Format::Json => {
            let mut bytes = Vec::new();
            output::json(&mut bytes, &to_json(curve))?;
            bytes
        }
        Format::Svg => svg(curve, context)?.into_bytes(),
    };
    match &target.file {
        None => {
            let mut out = output::stdout();
            out.write_all(&bytes)?;
            Ok(out.flush()?)
        }
        Some(place) => {
            let mark = if target.format == Format::Csv { output::BYTE_ORDER_MARK } else { &[] };
            output::write_file(place, &[mark, &bytes].concat())?;
            text(curve, context)?;
            let place = place.display();
            output::note(context.say(&format!("曲线在 {place}"), &format!("the curve is in {place}")));
            Ok(())
        }
    }
}

fn decimal(number: &Number) -> String {
    number.to_decimal(PLACES).unwrap_or_else(|| number.to_fixed(PLACES))
}

/// A value of the number as a person reads it.
fn shown(curve: &Curve<'_>, number: &Number, language: Language) -> String {
    if curve.is_percent {
        return format!("{}%", decimal(&(number * &Number::from(100))));
    }
    value::number(number, &curve.ty, language)
}

fn pays(curve: &Curve<'_>) -> bool {
    curve.document.gives.amount.is_some()
}

fn text(curve: &Curve<'_>, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    let say = |zh: &str, en: &str| context.say(zh, en).to_owned();
    let title = format!("{} · {}", context.text(&curve.document.short), curve.condition);
    writeln!(out, "{}", style::heading(&title, context))?;
    let mut rows = vec![vec![
        say("取值", "value"),
        say("可享受", "eligible"),
        say("不符合", "not eligible"),
        say("还需确认", "to be confirmed"),
        if pays(curve) {
            say("金额合计(至少 – 至多)", "total (least – most)")
        } else {
            String::new()
        },
    ]];
    let row = |point: &Point, mark: &str| {
        let totals = &point.totals;
        vec![
            format!("{}{mark}", shown(curve, &point.value, context.language)),
            total::count(totals.eligible as u64),
            total::count(totals.ineligible as u64),
            total::count(totals.open as u64),
            if pays(curve) { total::shown(&totals.amount, context) } else { String::new() },
        ]
    };
    rows.push(row(&curve.current, context.say("(现行)", " (as it is)")));
    rows.extend(curve.points.iter().map(|point| row(point, "")));
    for (at, line) in table::columns(&rows).into_iter().enumerate() {
        writeln!(out, "{}", if at == 0 { style::heading(&line, context) } else { line })?;
    }
    let (subjects, day) = (total::count(curve.subjects), curve.day);
    let line = say(&format!("{subjects} 个主体,判断日 {day}"), &format!("{subjects} subjects, on {day}"));
    writeln!(out, "{}", style::quiet(&line, context))?;
    Ok(out.flush()?)
}

fn csv(curve: &Curve<'_>) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "value",
        "shown",
        "eligible",
        "ineligible",
        "open",
        "least_wan",
        "most_wan",
        "endless",
        "undetermined",
    ])?;
    for point in &curve.points {
        let totals = &point.totals;
        let money = |fen: i128| if pays(curve) { total::wan_text(fen) } else { String::new() };
        writer.write_record([
            decimal(&point.value),
            shown(curve, &point.value, Language::Chinese),
            totals.eligible.to_string(),
            totals.ineligible.to_string(),
            totals.open.to_string(),
            money(totals.amount.least),
            money(totals.amount.most),
            totals.amount.endless.to_string(),
            totals.amount.undetermined.to_string(),
        ])?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

fn to_json(curve: &Curve<'_>) -> Value {
    let point = |point: &Point| {
        json!({
            "value": render_json::number(&point.value),
            "shown": {
                "zh": shown(curve, &point.value, Language::Chinese),
                "en": shown(curve, &point.value, Language::English),
            },
            "eligible": point.totals.eligible,
            "ineligible": point.totals.ineligible,
            "open": point.totals.open,
            "paid": total::to_json(&point.totals.amount),
        })
    };
    json!({
        "policy": curve.document.id,
        "version": curve.document.from.to_string(),
        "condition": curve.condition,
        "on": curve.day.to_string(),
        "subjects": curve.subjects,
        "current": point(&curve.current),
        "points": curve.points.iter().map(point).collect::<Vec<Value>>(),
    })
}

/// Two curves over one axis: how many on the left, 万元 on the right. A picture needs no more digits than a float has;
/// the table has the exact ones.
fn svg(curve: &Curve<'_>, context: &Context) -> Result<String> {
    let wan = |fen: i128| (fen as f64 / 1e6) as f32;
    let line = |name: &str, values: Vec<f32>| Series::from((name, values));
    let points = curve.points.iter();
    let eligible = points.clone().map(|point| point.totals.eligible as f32).collect();
    let mut series = vec![line(context.say("可享受户数(左)", "eligible (left)"), eligible)];
    if pays(curve) {
        let least = points.clone().map(|point| wan(point.totals.amount.least)).collect();
        let most = points.clone().map(|point| wan(point.totals.amount.most)).collect();
        let is_interval = points.clone().any(|point| point.totals.amount.least != point.totals.amount.most);
        if is_interval {
            let mut least = line(context.say("金额至少,万元(右)", "least total, 10,000 yuan (right)"), least);
            least.stroke_dash_array = Some("5,4".to_owned());
            series.push(least);
        }
        let name = match is_interval {
            true => context.say("金额至多,万元(右)", "greatest total, 10,000 yuan (right)"),
            false => context.say("金额合计,万元(右)", "total, 10,000 yuan (right)"),
        };
        series.push(line(name, most));
    }
    for money in series.iter_mut().skip(1) {
        money.y_axis_index = 1;
    }
    let every = curve.points.len().div_ceil(LABELS_MAX).max(1);
    let labels = points.enumerate().map(|(at, point)| {
        if at % every == 0 { shown(curve, &point.value, context.language) } else { String::new() }
    });
    let mut chart = LineChart::new(series, labels.collect());
    chart.base.width = 900.0;
    chart.base.height = 460.0;
    chart.base.font_family = FONTS.to_owned();
    chart.base.title.text = format!("{} · {}", context.text(&curve.document.short), curve.condition);
    chart.base.title.align = Align::Left;
    chart.base.legend.align = Align::Left;
    chart.base.legend.margin = Some(charts_rs::Box { top: 34.0, bottom: 12.0, ..charts_rs::Box::default() });
    chart.base.margin = charts_rs::Box { left: 16.0, top: 12.0, right: 16.0, bottom: 16.0 };
    chart.base.series.symbol = None;
    if pays(curve)
        && let Some(axis) = chart.y_axis_configs.first().cloned()
    {
        chart.y_axis_configs.push(axis);
    }
    for axis in &mut chart.y_axis_configs {
        axis.formatter = Some("{t}".to_owned());
    }
    chart.svg().map_err(|error| {
        Problem::new(format!("画不出曲线:{error}"), format!("the curve cannot be drawn: {error}")).into()
    })
}
