//! The command behind `cargo xtask load`: starts our server and OpenFisca's, asks both again and again, and prints one table.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use bench::load::{Spans, openfisca, ours, report};
use bench::report::machine;
use clap::Parser;

/// Measures what a server does in a second: one enterprise against the whole library.
#[derive(Parser)]
struct Arguments {
    /// Two seconds a point instead of ten: a look.
    #[arg(long)]
    quick: bool,
    /// Writes the figures as JSON too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The program `zhimei`, in a release build.
    #[arg(long, value_name = "PROGRAM")]
    zhimei: PathBuf,
    /// The repository, for its library and its examples.
    #[arg(long, value_name = "FOLDER")]
    root: PathBuf,
    /// Where what is needed meanwhile is put.
    #[arg(long, value_name = "FOLDER")]
    folder: PathBuf,
    /// The Python that has OpenFisca installed.
    #[arg(long, value_name = "PROGRAM")]
    python: Option<PathBuf>,
    /// Why there is no such Python; stands in the table.
    #[arg(long, value_name = "REASON", default_value = "no Python was given")]
    without_python: String,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    for line in machine::header() {
        println!("{}", line.replace(", one used", ", all used by server and load together"));
    }
    let spans = if arguments.quick { Spans::QUICK } else { Spans::FULL };
    let work = ours::Work::load(&arguments.root)?;
    let mut others = Vec::new();
    let mut rows = {
        let server = ours::Server::start(&arguments.zhimei, &arguments.folder.join("zhimei"))?;
        eprintln!("… zhimei");
        let rows = ours::rows(&server, &work, spans);
        #[allow(clippy::cast_precision_loss, reason = "a figure to be read")]
        others.extend(server.memory().map(|bytes| ("memory_after", bytes as f64, "B")));
        rows
    };
    eprintln!("… openfisca");
    let python = arguments.python.as_deref().ok_or(arguments.without_python.as_str());
    rows.extend(openfisca::rows(python, &arguments.folder.join("openfisca"), work.conditions(), spans));
    println!("\n{}", report::print(&rows));
    for (metric, value, unit) in &others {
        println!("zhimei {metric}: {value} {unit}");
    }
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&report::figures(&rows, &others))?;
        std::fs::write(path, text + "\n").with_context(|| format!("writing `{}`", path.display()))?;
    }
    Ok(())
}
