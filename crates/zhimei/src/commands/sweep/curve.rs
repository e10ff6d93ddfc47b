//! The curve in the terminal, as CSV, JSON and SVG. A picture goes with its table: the CSV has the same points.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use charts_rs::{Align, Color, FontConfig, LineChart, Series, TextConfig};
use effect::sweep::{Curve, Point};
use engine::batch::Totals;
use wording::{style, table, total};

use crate::context::Context;
use crate::output;
use crate::problem::Problem;

/// Labels below the picture, at most.
const LABELS_MAX: usize = 11;

/// Where the legend begins, its letters, and what stands between its entries, in pixels.
const LEGEND_LEFT: f32 = 16.0;
const LEGEND_TOP: f32 = 46.0;
const LEGEND_SIZE: f32 = 14.0;
const LEGEND_GAP: f32 = 20.0;

/// Width of a terminal's column as a share of the letters' size: a Chinese character is two columns and one size wide.
const COLUMN_SHARE: f32 = 0.52;

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
pub fn write(curve: &Curve, target: Option<&Target>, context: &Context) -> Result<()> {
    let Some(target) = target else { return text(curve, context) };
    let bytes = match target.format {
        Format::Csv => csv(curve)?,
        Format::Json => {
            let mut bytes = Vec::new();
            output::json(&mut bytes, &effect::json::curve(curve))?;
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

/// What a point comes to. Whoever has the file is told all of them.
fn totals(point: &Point) -> &Totals {
    point.totals.as_ref().expect("nothing was left out")
}

fn text(curve: &Curve, context: &Context) -> Result<()> {
    let mut out = output::stdout();
    let say = |zh: &str, en: &str| context.say(zh, en).to_owned();
    let title = format!("{} · {}", context.text(&curve.document.short), curve.condition);
    writeln!(out, "{}", style::heading(&title, context))?;
    let mut rows = vec![vec![
        say("取值", "value"),
        say("可享受", "eligible"),
        say("不符合", "not eligible"),
        say("还需确认", "to be confirmed"),
        if curve.pays() {
            say("金额合计(至少 – 至多)", "total (least – most)")
        } else {
            String::new()
        },
    ]];
    let row = |point: &Point, mark: &str| {
        let totals = totals(point);
        vec![
            format!("{}{mark}", curve.shown(&point.value, context.language)),
            total::count(totals.eligible as u64),
            total::count(totals.ineligible as u64),
            total::count(totals.open as u64),
            if curve.pays() { total::shown(&totals.amount, context) } else { String::new() },
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

fn csv(curve: &Curve) -> Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(effect::table::CURVE)?;
    for row in effect::table::curve(curve) {
        writer.write_record(row)?;
    }
    writer.into_inner().map_err(|error| anyhow::anyhow!("{error}"))
}

/// A line of the picture: its name, its values and how it is drawn. Lines differ by dashes as well as by colour.
struct Line {
    name: String,
    values: Vec<f32>,
    colour: &'static str,
    dashes: Option<&'static str>,
    /// The dashes as characters, for the legend.
    sample: &'static str,
}

/// The lines: how many on the left axis, then money on the right. A picture needs no more digits than a float has; the
/// table has the exact ones.
fn lines(curve: &Curve, context: &Context) -> Vec<Line> {
    let wan = |fen: i128| (fen as f64 / 1e6) as f32;
    let points = curve.points.iter();
    let mut lines = vec![Line {
        name: context.say("可享受户数(左轴)", "eligible (left axis)").to_owned(),
        values: points.clone().map(|point| totals(point).eligible as f32).collect(),
        colour: "#1F5FA8",
        dashes: None,
        sample: "━━━",
    }];
    if !curve.pays() {
        return lines;
    }
    let is_interval = points.clone().any(|point| totals(point).amount.least != totals(point).amount.most);
    if is_interval {
        lines.push(Line {
            name: context.say("金额至少,万元(右轴)", "least total, 10,000 yuan (right axis)").to_owned(),
            values: points.clone().map(|point| wan(totals(point).amount.least)).collect(),
            colour: "#2E7D4F",
            dashes: Some("2,4"),
            sample: "┅┅┅",
        });
    }
    let name = match is_interval {
        true => context.say("金额至多,万元(右轴)", "greatest total, 10,000 yuan (right axis)"),
        false => context.say("金额合计,万元(右轴)", "total, 10,000 yuan (right axis)"),
    };
    lines.push(Line {
        name: name.to_owned(),
        values: points.map(|point| wan(totals(point).amount.most)).collect(),
        colour: "#B4540A",
        dashes: Some("9,5"),
        sample: "╍╍╍",
    });
    lines
}

/// A name beside its line's sample. The drawing library measures Chinese as if it were Latin, so the places are worked
/// out here, by columns as a terminal counts them.
fn legend(lines: &[Line]) -> Vec<TextConfig> {
    let mut left = LEGEND_LEFT;
    let mut texts = Vec::new();
    for line in lines {
        let text = format!("{} {}", line.sample, line.name);
        let columns = table::width(&text) as f32;
        let font = FontConfig { size: LEGEND_SIZE, color: Color::from(line.colour), weight: None };
        texts.push(TextConfig {
            text,
            left: Some(left),
            top: Some(LEGEND_TOP),
            font,
            ..TextConfig::default()
        });
        left += columns * LEGEND_SIZE * COLUMN_SHARE + LEGEND_GAP;
    }
    texts
}

/// Two or three curves over one axis.
fn svg(curve: &Curve, context: &Context) -> Result<String> {
    let lines = lines(curve, context);
    let texts = legend(&lines);
    let colours: Vec<Color> = lines.iter().map(|line| Color::from(line.colour)).collect();
    let series = lines.into_iter().enumerate().map(|(at, line)| {
        let mut series = Series::from((line.name.as_str(), line.values));
        series.stroke_dash_array = line.dashes.map(str::to_owned);
        series.y_axis_index = usize::from(at > 0);
        series
    });
    let every = curve.points.len().div_ceil(LABELS_MAX).max(1);
    let labels = curve.points.iter().enumerate().map(|(at, point)| {
        if at % every == 0 { curve.shown(&point.value, context.language) } else { String::new() }
    });
    let mut chart = LineChart::new(series.collect(), labels.collect());
    chart.base.width = 900.0;
    chart.base.height = 460.0;
    chart.base.font_family = FONTS.to_owned();
    chart.base.title.text = format!("{} · {}", context.text(&curve.document.short), curve.condition);
    chart.base.title.align = Align::Left;
    chart.base.legend.show = Some(false);
    chart.base.texts = texts;
    chart.base.margin = charts_rs::Box { left: 16.0, top: 12.0, right: 16.0, bottom: 16.0 };
    chart.base.title.margin = Some(charts_rs::Box { bottom: 34.0, ..charts_rs::Box::default() });
    chart.base.series.symbol = None;
    chart.base.series.colors = colours;
    if curve.pays()
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
