//! `cargo xtask bench`: every benchmark of the workspace, one after another.

use anyhow::{Result, bail};
use cargo_metadata::{MetadataCommand, Package, TargetKind};
use clap::Args;

use crate::process;

/// What `bench` may be told.
#[derive(Args)]
pub struct Options {
    /// Passed on to every benchmark.
    #[arg(last = true)]
    rest: Vec<String>,
}

/// Runs the benchmark targets, and only them: other targets would run their unit tests and refuse criterion's options.
pub fn run(options: &Options) -> Result<()> {
    let metadata = MetadataCommand::new().current_dir(process::root()).no_deps().exec()?;
    let benches: Vec<(&str, &str)> = metadata.packages.iter().flat_map(benches_of).collect();
    if benches.is_empty() {
        bail!("no crate of the workspace has a benchmark; add one as `[[bench]]` with `harness = false`");
    }
    for (package, bench) in benches {
        println!("== {package}: {bench}");
        let mut command = process::cargo(&["bench", "--package", package, "--bench", bench, "--"]);
        command.args(&options.rest);
        process::run(command)?;
    }
    Ok(())
}

fn benches_of(package: &Package) -> impl Iterator<Item = (&str, &str)> {
    let benches = package.targets.iter().filter(|target| target.kind.contains(&TargetKind::Bench));
    benches.map(|target| (package.name.as_str(), target.name.as_str()))
}
