//! `cargo xtask bench`: our engine beside its peers in one run, with `--curve` what a decision costs over documents and
//! rows, or with `--micro` every criterion benchmark.
//!
//! The peers that live in Python are installed once into a virtual environment under `target/`. Where that cannot be
//! had, the run goes on and the table says why.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};
use cargo_metadata::{MetadataCommand, Package, TargetKind};
use clap::Args;

use crate::{process, python};

/// The packages of the virtual environment, pinned.
const REQUIREMENTS: &str = include_str!("../../crates/bench/peers/requirements.txt");

/// What `bench` may be told.
#[derive(Args)]
pub struct Options {
    /// Smaller slices: a look, in two minutes once everything is built.
    #[arg(long, conflicts_with = "micro")]
    quick: bool,
    /// Writes the figures to this file too: an array of {bench, engine, metric, value, unit, ratio}.
    #[arg(long, value_name = "FILE", conflicts_with = "micro")]
    json: Option<PathBuf>,
    /// Only these engines; a wrong name lists the right ones.
    #[arg(long, value_name = "NAME,…", conflicts_with = "micro")]
    only: Option<String>,
    /// Our engine alone: what a decision costs with more and more documents, and with more and more rows.
    #[arg(long, conflicts_with_all = ["micro", "only"])]
    curve: bool,
    /// Runs the criterion benchmarks of the workspace instead.
    #[arg(long)]
    micro: bool,
    /// Passed on to every criterion benchmark.
    #[arg(last = true, requires = "micro")]
    rest: Vec<String>,
}

/// Runs the comparison, or the criterion benchmarks.
pub fn run(options: &Options) -> Result<()> {
    if options.micro {
        micro(&options.rest)
    } else if options.curve {
        curve(options)
    } else {
        peers(options)
    }
}

/// Builds the comparison without its peers, and measures ours at several sizes.
fn curve(options: &Options) -> Result<()> {
    let mut command = process::cargo(&["run", "--profile", "peers", "--package", "bench", "--", "--curve"]);
    size_and_file(&mut command, options)?;
    process::run(command)
}

fn size_and_file(command: &mut Command, options: &Options) -> Result<()> {
    if options.quick {
        command.arg("--quick");
    }
    if let Some(json) = &options.json {
        command.arg("--json").arg(std::path::absolute(json)?);
    }
    Ok(())
}

/// Builds the comparison with its peers and runs it.
fn peers(options: &Options) -> Result<()> {
    let metadata = MetadataCommand::new().current_dir(process::root()).no_deps().exec()?;
    let target = metadata.target_directory.as_std_path();
    let build = ["--profile", "peers", "--package", "bench", "--features", "peers"];
    let mut command = process::cargo(&[&["run"][..], &build, &["--", "--folder"]].concat());
    command.arg(target.join("bench"));
    match python::environment(&target.join("bench-venv"), REQUIREMENTS) {
        Ok(python) => command.arg("--python").arg(python),
        Err(error) if process::is_interrupted() => return Err(error),
        Err(error) => command.arg("--without-python").arg(format!("{error:#}")),
    };
    size_and_file(&mut command, options)?;
    if let Some(only) = &options.only {
        command.args(["--only", only]);
    }
    process::run(command)
}

/// Runs the benchmark targets, and only them: other targets would run their unit tests and refuse criterion's options.
fn micro(rest: &[String]) -> Result<()> {
    let metadata = MetadataCommand::new().current_dir(process::root()).no_deps().exec()?;
    let benches: Vec<(&str, &str)> = metadata.packages.iter().flat_map(benches_of).collect();
    if benches.is_empty() {
        bail!("no crate of the workspace has a benchmark; add one as `[[bench]]` with `harness = false`");
    }
    for (package, bench) in benches {
        println!("== {package}: {bench}");
        let mut command = process::cargo(&["bench", "--package", package, "--bench", bench, "--"]);
        command.args(rest);
        process::run(command)?;
    }
    Ok(())
}

fn benches_of(package: &Package) -> impl Iterator<Item = (&str, &str)> {
    let benches = package.targets.iter().filter(|target| target.kind.contains(&TargetKind::Bench));
    benches.map(|target| (package.name.as_str(), target.name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_of_the_environment_is_pinned_to_a_version() {
        crate::python::assert_pinned(REQUIREMENTS);
    }
}
