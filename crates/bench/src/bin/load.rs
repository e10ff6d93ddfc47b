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
    /// What imports a made-up zone: the example `example_zone` of the crate `platform`, in a release build.
    #[arg(long, value_name = "PROGRAM")]
    filler: PathBuf,
    /// How many enterprises the server holds.
    #[arg(long, value_name = "N", default_value_t = 60_000)]
    enterprises: u64,
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
        let folder = arguments.folder.join("zhimei");
        eprintln!("… importing {} enterprises", arguments.enterprises);
        let filled = ours::fill(&arguments.filler, &arguments.root, &folder, arguments.enterprises)?;
        let of = |key: &str| filled[key].as_f64().unwrap_or_default();
        others.push(("enterprises", of("enterprises"), "1"));
        others.push(("facts_of_each", of("facts"), "1"));
        others.push(("import_preview", of("preview_s"), "s"));
        others.push(("import", of("import_s"), "s"));
        others.push(("longest_wait_of_others", of("longest_wait_s"), "s"));
        eprintln!("… zhimei");
        let server = ours::Server::start(&arguments.zhimei, &folder)?;
        others.push(("start_until_ready", server.ready()?.as_secs_f64(), "s"));
        #[allow(clippy::cast_precision_loss, reason = "a figure to be read")]
        let memory = |server: &ours::Server| server.memory().map(|bytes| bytes as f64);
        others.extend(memory(&server).map(|bytes| ("memory_when_ready", bytes, "B")));
        let rows = ours::rows(&server, &work, spans);
        others.extend(memory(&server).map(|bytes| ("memory_after", bytes, "B")));
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
