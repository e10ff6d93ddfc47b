//! Runs the peers that live in Python: a script each under `peers/`, the workload from files, answers in a file.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::measure::{Measured, Slice};
use crate::verdicts::Verdicts;

/// A peer in Python.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Script {
    /// Its name in the table and for `--only`.
    pub name: &'static str,
    file: &'static str,
    /// Which of several forms, where the script knows several.
    form: Option<&'static str>,
}

/// The peers in Python.
pub const SCRIPTS: [Script; 5] = [
    Script { name: "polars", file: "polars_peer.py", form: Some("staged") },
    Script { name: "polars-one-select", file: "polars_peer.py", form: Some("one-select") },
    Script { name: "numpy", file: "numpy_peer.py", form: None },
    Script { name: "openfisca", file: "openfisca_peer.py", form: None },
    Script { name: "duckdb", file: "duckdb_peer.py", form: None },
];

/// Where things are, and how much may be spent.
#[derive(Clone, Debug)]
pub struct Place {
    /// The interpreter of the virtual environment.
    pub python: PathBuf,
    /// Folder with `rows.parquet` and `documents.json`; answers are put there too.
    pub folder: PathBuf,
    /// CPU time that all runs together may take.
    pub seconds: f64,
    /// Rows whose answers are compared.
    pub checked_rows: usize,
}

/// What a script found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The version that it says it is.
    pub version: String,
    /// Slice and time.
    pub measured: Measured,
    /// The answers.
    pub verdicts: Verdicts,
    /// Questions and answers.
    pub probes: Vec<(String, String)>,
}

/// Runs a script. An error says in one line why there are no figures.
pub fn run(script: Script, place: &Place) -> Result<Found> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers").join(script.file);
    let answers = place.folder.join(format!("answers-{}.bin", script.name));
    let mut command = Command::new(&place.python);
    command.arg(file).arg(&place.folder).arg("--answers").arg(&answers);
    command.args(["--seconds", &place.seconds.to_string(), "--checked", &place.checked_rows.to_string()]);
    if let Some(form) = script.form {
        command.args(["--form", form]);
    }
    let output = command.stdin(Stdio::null()).output().context("starting Python")?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        let last = said.lines().rev().find(|line| !line.trim().is_empty()).unwrap_or("no word why");
        bail!("{}", last.chars().take(160).collect::<String>());
    }
    let found = parse(&String::from_utf8_lossy(&output.stdout))?;
    let (rows, documents) = found.checked;
    let verdicts = Verdicts::read(&answers, documents, rows)?;
    std::fs::remove_file(&answers).with_context(|| format!("removing `{}`", answers.display()))?;
    let slice = Slice { rows: found.rows, documents: found.documents };
    let measured = Measured { slice, cpu_seconds: found.cpu_seconds, form: found.form };
    Ok(Found { version: found.version, measured, verdicts, probes: found.probes })
}

#[derive(Default)]
struct Said {
    version: String,
    rows: usize,
    documents: usize,
    cpu_seconds: f64,
    form: String,
    checked: (usize, usize),
    probes: Vec<(String, String)>,
}

/// Reads the lines of a script; what it prints beside them is passed over.
fn parse(text: &str) -> Result<Said> {
    let mut said = Said::default();
    for line in text.lines() {
        let Ok(Value::Object(line)) = serde_json::from_str(line) else { continue };
        let word = |key: &str| line.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        let number = |key: &str| line.get(key).and_then(Value::as_u64).unwrap_or_default() as usize;
        if line.contains_key("version") {
            said.version = word("version");
        } else if line.contains_key("probe") {
            said.probes.push((word("probe"), word("answer")));
        } else if let Some(seconds) = line.get("cpu_seconds").and_then(Value::as_f64) {
            (said.rows, said.documents, said.form) = (number("rows"), number("documents"), word("form"));
            said.cpu_seconds = seconds;
        } else if line.contains_key("checked_rows") {
            said.checked = (number("checked_rows"), number("checked_documents"));
        }
    }
    if said.cpu_seconds <= 0.0 || said.checked.0 == 0 {
        bail!("the script ended without figures");
    }
    Ok(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_script_says_is_read_and_noise_is_passed_over() {
        let text = "Warning: noise\n{\"version\": \"2.0\"}\n{\"probe\": \"not y\", \"answer\": \"unknown\"}\n\
                    {\"rows\": 100, \"documents\": 20, \"cpu_seconds\": 0.5, \"form\": \"flat\"}\n\
                    {\"checked_rows\": 7, \"checked_documents\": 20}\n";
        let said = parse(text).unwrap();
        assert_eq!(
            (said.version.as_str(), said.rows, said.documents, said.checked),
            ("2.0", 100, 20, (7, 20))
        );
        assert_eq!(said.probes, [("not y".to_owned(), "unknown".to_owned())]);
        assert!(parse("{\"version\": \"2.0\"}").is_err());
    }
}
