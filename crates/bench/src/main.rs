//! The command behind `cargo xtask bench`: measures our engine beside its peers and prints one table.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use bench::contest::{self, Settings, Size};
use bench::report::{json, machine, table};
use clap::Parser;

/// Measures our engine beside its peers: same rows, same documents, one thread, CPU time.
#[derive(Parser)]
struct Arguments {
    /// Smaller slices: a look, in two minutes.
    #[arg(long)]
    quick: bool,
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
    let settings = Settings {
        size: if arguments.quick { Size::QUICK } else { Size::FULL },
        only: arguments.only,
        python: arguments.python.ok_or(arguments.without_python),
        folder: arguments.folder,
    };
    for line in machine::header() {
        println!("{line}");
    }
    let lines = contest::run(&settings, &mut |what| eprintln!("… {what}"))?;
    println!("\n{}", table::print(&lines));
    if let Some(path) = &arguments.json {
        let text = serde_json::to_string_pretty(&json::figures(&lines))?;
        std::fs::write(path, text + "\n").with_context(|| format!("writing `{}`", path.display()))?;
    }
    Ok(())
}
