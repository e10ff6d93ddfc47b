//! The cost of a decision over documents and over rows, for a person and for a program.

use serde_json::{Value, json};

use super::OURS;
use super::table::{aligned, grouped, magnitude};
use crate::curve::Curves;
use crate::measure::Measured;

const HEAD: [&str; 6] = ["", "rows", "documents", "CPU s", "decisions/s", "ps a decision"];

/// Length of the longest bar, in characters.
const BAR: f64 = 40.0;

/// Picoseconds of CPU time that one decision takes.
fn picoseconds(point: &Measured) -> f64 {
    1e12 / point.decisions_per_second()
}

/// Both curves as a table; a bar is as long as a decision takes.
pub fn print(curves: &Curves) -> String {
    let table = |title: &str, points: &[Measured]| {
        let longest = points.iter().map(picoseconds).fold(0.0, f64::max);
        let mut cells = vec![HEAD.map(str::to_owned).to_vec()];
        cells.extend(points.iter().map(|point| row(point, longest)));
        format!("{title}\n{}", aligned(&cells))
    };
    let documents = table("More and more documents", &curves.over_documents);
    let rows = table("More and more rows", &curves.over_rows);
    format!("{documents}\n{rows}\nCPU s: best of five, one thread.\n")
}

fn row(point: &Measured, longest: f64) -> Vec<String> {
    let bar = (picoseconds(point) / longest * BAR).round().max(1.0) as usize;
    vec![
        "█".repeat(bar),
        grouped(point.slice.rows as u64),
        grouped(point.slice.documents as u64),
        format!("{:.3}", point.cpu_seconds),
        magnitude(point.decisions_per_second()),
        format!("{:.0}", picoseconds(point)),
    ]
}

/// The same as an array of `{bench, engine, metric, value, unit, ratio}`.
pub fn figures(curves: &Curves) -> Value {
    let of = |bench: &'static str, points: &[Measured]| -> Vec<Value> {
        points.iter().flat_map(|point| of_point(bench, point)).collect()
    };
    let mut all = of("cost_over_documents", &curves.over_documents);
    all.extend(of("cost_over_rows", &curves.over_rows));
    Value::Array(all)
}

fn of_point(bench: &str, point: &Measured) -> [Value; 4] {
    let entry = |metric: &str, value: Value, unit: &str| json!({"bench": bench, "engine": OURS, "metric": metric, "value": value, "unit": unit, "ratio": null});
    [
        entry("rows", json!(point.slice.rows), "1"),
        entry("documents", json!(point.slice.documents), "1"),
        entry("cpu_seconds", json!(point.cpu_seconds), "s"),
        entry("picoseconds_a_decision", json!(picoseconds(point).round()), "ps"),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Slice;

    #[test]
    fn a_bar_is_as_long_as_a_decision_takes() {
        let point = |documents: usize, cpu_seconds: f64| Measured {
            slice: Slice { rows: 1_000, documents },
            cpu_seconds,
            form: String::new(),
        };
        let curves =
            Curves { over_documents: vec![point(10, 1e-5), point(100, 5e-5)], over_rows: Vec::new() };
        let text = print(&curves);
        let bars: Vec<usize> =
            text.lines().map(|line| line.matches('█').count()).filter(|bar| *bar > 0).collect();
        assert_eq!(bars, [40, 20], "{text}");
        assert!(text.contains("2.00 G            500"), "{text}");
    }
}
