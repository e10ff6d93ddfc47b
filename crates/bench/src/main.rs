//! The command behind `cargo xtask bench`: measures our engine beside its peers and prints one table, or how the cost of
//! a decision changes with documents and rows.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use bench::contest::{self, Settings, Size};
use bench::curve;
use bench::report::{curves, json, machine, table};
use clap::Parser;
use serde_json::Value;

/// Measures our engine beside its peers: same rows, same documents, one thread, CPU time.
#[derive(Parser)]
struct Arguments {
    /// Smaller slices: a look, in two minutes.
    #[arg(long)]
    quick: bool,
    /// Our engine alone: what a decision costs with more and more documents, and with more and more rows.
    #[arg(long, conflicts_with_all = ["only", "python", "without_python"])]
    curve: bool,
    /// Writes the figures as JSON too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Only these engines, separated by commas.
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    only: Vec<String>,
    /// The Python that has the peers installed.
    #[arg(long, value_name = "PROGRAM")]
    python: Option<PathBuf>,
    /// Why there is no such Python; stands in the table.
    #[arg(long, value_name = "REASON", default_value = "no Python was given")]
    without_python: String,
    /// Where the files of the workload are put.
    #[arg(long, value_name = "FOLDER", default_value = "target/bench")]
    folder: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let names = contest::names();
    if let Some(unknown) = arguments.only.iter().find(|name| !names.contains(&name.as_str())) {
        bail!("there is no engine `{unknown}`; there are {}", names.join(", "));
    }
    for line in machine::header() {
        println!("{line}");
    }
    let size = if arguments.quick { Size::QUICK } else { Size::FULL };
    if arguments.curve {
        let found = curve::run(size, &mut |what| eprintln!("… {what}"))?;
        println!("\n{}", curves::print(&found));
        return write(arguments.json.as_deref(), &curves::figures(&found));
    }
    let settings = Settings {
        size,
        only: arguments.only,
        python: arguments.python.ok_or(arguments.without_python),
        folder: arguments.folder,
    };
    let lines = contest::run(&settings, &mut |what| eprintln!("… {what}"))?;
    println!("\n{}", table::print(&lines));
    write(arguments.json.as_deref(), &json::figures(&lines))
}

/// Writes the figures as JSON, if that was asked for.
fn write(path: Option<&Path>, figures: &Value) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    let text = serde_json::to_string_pretty(figures)?;
    std::fs::write(path, text + "\n").with_context(|| format!("writing `{}`", path.display()))
}
