//! `cargo xtask load`: what a server does in a second, beside the OpenFisca web API.

use std::path::PathBuf;

use anyhow::Result;
use cargo_metadata::MetadataCommand;
use clap::Args;

use crate::{process, python};

/// The packages of the virtual environment, pinned.
const REQUIREMENTS: &str = include_str!("../../crates/bench/peers/load-requirements.txt");

/// What `load` may be told.
#[derive(Args)]
pub struct Options {
    /// Two seconds a point instead of ten: a look.
    #[arg(long)]
    quick: bool,
    /// Writes the figures to this file too: an array of {bench, engine, metric, value, unit, ratio}.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Builds the server as it is released and the load, and measures.
pub fn run(options: &Options) -> Result<()> {
    let metadata = MetadataCommand::new().current_dir(process::root()).no_deps().exec()?;
    let target = metadata.target_directory.as_std_path();
    process::run(process::cargo(&["build", "--release", "--package", "zhimei"]))?;
    process::run(process::cargo(&[
        "build",
        "--release",
        "--package",
        "platform",
        "--example",
        "example_zone",
    ]))?;
    let build = ["run", "--release", "--package", "bench", "--bin", "load", "--"];
    let mut command = process::cargo(&build);
    let program = format!("zhimei{}", std::env::consts::EXE_SUFFIX);
    command.arg("--zhimei").arg(target.join("release").join(program));
    let filler = format!("example_zone{}", std::env::consts::EXE_SUFFIX);
    command.arg("--filler").arg(target.join("release").join("examples").join(filler));
    command.arg("--root").arg(process::root()).arg("--folder").arg(target.join("load"));
    match python::environment(&target.join("load-venv"), REQUIREMENTS) {
        Ok(python) => command.arg("--python").arg(python),
        Err(error) if process::is_interrupted() => return Err(error),
        Err(error) => command.arg("--without-python").arg(format!("{error:#}")),
    };
    if options.quick {
        command.arg("--quick");
    }
    if let Some(json) = &options.json {
        command.arg("--json").arg(std::path::absolute(json)?);
    }
    process::run(command)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_package_of_the_environment_is_pinned_to_a_version() {
        crate::python::assert_pinned(super::REQUIREMENTS);
    }
}
