//! The table for people and the figures for programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Point, Row};

/// Whose throughput the others' is divided by.
const OURS: &str = "zhimei";

fn ours_at(rows: &[Row], connections: usize) -> Option<&Point> {
    let ours = rows.iter().find(|row| row.name == OURS)?;
    ours.points.as_ref().ok()?.iter().find(|point| point.connections == connections)
}

/// Ours divided by that of a row; `None` for ourselves.
fn ratio(rows: &[Row], row: &Row, point: &Point) -> Option<f64> {
    let ours = ours_at(rows, point.connections).filter(|_| row.name != OURS)?;
    Some(ours.per_second / point.per_second)
}

/// One table, a line a server and number of connections, and what each was asked.
pub fn print(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<16} {:>11} {:>12} {:>10} {:>10} {:>10} {:>9}\n",
        "server", "connections", "answers/s", "p50 ms", "p99 ms", "bytes", "ours is"
    );
    for row in rows {
        match &row.points {
            Err(why) => text.push_str(&format!("{:<16} no figures: {why}\n", row.name)),
            Ok(points) => {
                for point in points {
                    let ms = |time: std::time::Duration| time.as_secs_f64() * 1_000.0;
                    let ratio =
                        ratio(rows, row, point).map_or(String::new(), |ratio| format!("{ratio:.1} ×"));
                    let _ = writeln!(
                        text,
                        "{:<16} {:>11} {:>12.1} {:>10.2} {:>10.2} {:>10} {:>9}",
                        row.name,
                        point.connections,
                        point.per_second,
                        ms(point.p50),
                        ms(point.p99),
                        point.bytes,
                        ratio
                    );
                }
            }
        }
    }
    for row in rows {
        let _ = write!(text, "\n{}: {}", row.name, row.form);
    }
    text
}

/// An array of `{bench, engine, metric, value, unit, ratio}`.
pub fn figures(rows: &[Row], others: &[(&str, f64, &str)]) -> Value {
    let entry = |engine: &str, metric: String, value: Value, unit: &str, ratio: Option<f64>| json!({ "bench": "load", "engine": engine, "metric": metric, "value": value, "unit": unit, "ratio": ratio });
    let mut figures = Vec::new();
    for row in rows {
        let Ok(points) = &row.points else {
            figures.push(entry(row.name, "answers_per_second".to_owned(), Value::Null, "1/s", None));
            continue;
        };
        for point in points {
            let at = point.connections;
            let (speed, ratio) = (json!(point.per_second), ratio(rows, row, point));
            figures.push(entry(row.name, format!("answers_per_second_at_{at}"), speed, "1/s", ratio));
            for (name, time) in [("p50", point.p50), ("p99", point.p99)] {
                figures.push(entry(
                    row.name,
                    format!("{name}_at_{at}"),
                    json!(time.as_secs_f64()),
                    "s",
                    None,
                ));
            }
        }
    }
    figures.extend(
        others
            .iter()
            .map(|(metric, value, unit)| entry(OURS, (*metric).to_owned(), json!(value), unit, None)),
    );
    Value::Array(figures)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn ours_is_divided_by_the_others_at_the_same_number_of_connections() {
        let row = |name, per_second| Row {
            name,
            form: String::new(),
            points: Ok(vec![Point {
                connections: 16,
                per_second,
                p50: Duration::ZERO,
                p99: Duration::ZERO,
                bytes: 1,
            }]),
        };
        let rows = [row("zhimei", 900.0), row("openfisca", 30.0)];
        let figures = figures(&rows, &[]);
        let of = |engine: &str| {
            figures.as_array().unwrap().iter().find(|one| one["engine"] == engine).unwrap().clone()
        };
        assert_eq!(
            (of("openfisca")["ratio"].clone(), of("zhimei")["ratio"].clone()),
            (json!(30.0), Value::Null)
        );
        assert!(print(&rows).contains("30.0 ×"));
    }
}
