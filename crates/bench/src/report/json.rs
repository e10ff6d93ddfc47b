//! The figures for programs: an array of `{bench, engine, metric, value, unit, ratio}`.
//!
//! `ratio` is ours divided by the peer's, for speeds; null elsewhere. An engine that could not be had has null speeds.

use serde_json::{Value, json};

use super::{Line, ratio};

/// The name of this comparison in the field `bench`.
const BENCH: &str = "peers";

/// All figures of all engines.
pub fn figures(lines: &[Line]) -> Value {
    Value::Array(lines.iter().flat_map(|line| of_line(lines, line)).collect())
}

fn of_line(lines: &[Line], line: &Line) -> Vec<Value> {
    let entry = |metric: &str, value: Value, unit: &str, ratio: Option<f64>| json!({"bench": BENCH, "engine": line.engine, "metric": metric, "value": value, "unit": unit, "ratio": ratio});
    let Ok(figures) = &line.figures else {
        return vec![entry("decisions_per_second", Value::Null, "1/s", None)];
    };
    let measured = &figures.measured;
    let difference = figures.difference;
    let speed = json!(measured.decisions_per_second().round());
    vec![
        entry("decisions_per_second", speed, "1/s", ratio(lines, line)),
        entry("cpu_seconds", json!(measured.cpu_seconds), "s", None),
        entry("rows", json!(measured.slice.rows), "1", None),
        entry("documents", json!(measured.slice.documents), "1", None),
        entry("compared", json!(difference.compared), "1", None),
        entry("wrong", json!(difference.wrong), "1", None),
        entry("guessed", json!(difference.guessed), "1", None),
        entry("withheld", json!(difference.withheld), "1", None),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::{Measured, Slice};
    use crate::report::Figures;
    use crate::verdicts::Difference;

    fn line(engine: &str, seconds: f64) -> Line {
        let slice = Slice { rows: 1_000, documents: 10 };
        let measured = Measured { slice, cpu_seconds: seconds, form: String::new() };
        let figures = Figures { measured, difference: Difference::default(), probes: Vec::new() };
        Line { engine: engine.to_owned(), version: "1".to_owned(), figures: Ok(figures) }
    }

    #[test]
    fn every_entry_has_the_same_keys_and_the_ratio_is_ours_divided_by_the_peers() {
        let missing =
            Line { engine: "none".to_owned(), version: String::new(), figures: Err("no".to_owned()) };
        let found = figures(&[line("zhimei", 0.1), line("peer", 2.0), missing]);
        let entries = found.as_array().unwrap();
        for entry in entries {
            let keys: Vec<&str> = entry.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["bench", "engine", "metric", "value", "unit", "ratio"]);
        }
        let speed = |engine: &str| {
            entries
                .iter()
                .find(|entry| entry["engine"] == engine && entry["metric"] == "decisions_per_second")
                .unwrap()
        };
        assert_eq!(speed("peer")["value"], json!(5_000.0));
        assert_eq!(speed("peer")["ratio"], json!(20.0));
        assert!(speed("none")["value"].is_null());
    }
}
