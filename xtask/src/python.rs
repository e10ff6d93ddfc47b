//! Virtual environments of Python under `target/`, with pinned packages.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::process;

/// The interpreter of a virtual environment that has these packages; made where it does not exist, renewed where the pinned
/// versions changed. A package that cannot be had leaves what needs it without figures, and the others with theirs.
pub fn environment(folder: &Path, requirements: &str) -> Result<PathBuf> {
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = folder.join("requirements.txt");
    if python.exists() && std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == requirements) {
        return Ok(python);
    }
    println!("== installing packages of Python into {}", shown(folder));
    let mut command = Command::new(if cfg!(windows) { "python" } else { "python3" });
    command.args(["-m", "venv"]).arg(folder);
    process::run(command).context("making a virtual environment")?;
    let mut is_complete = true;
    for package in requirements.lines().filter(|line| !line.is_empty()) {
        let mut command = Command::new(&python);
        command.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]);
        command.stdin(Stdio::null());
        if let Err(error) = process::run(command) {
            if process::is_interrupted() {
                return Err(error);
            }
            println!("{package} cannot be had: {error:#}");
            is_complete = false;
        }
    }
    if is_complete {
        std::fs::write(&stamp, requirements).context("noting what was installed")?;
    }
    Ok(python)
}

/// A path below the repository as a person would write it.
fn shown(path: &Path) -> String {
    path.strip_prefix(process::root()).unwrap_or(path).display().to_string()
}

/// For the tests of whoever has requirements.
#[cfg(test)]
pub fn assert_pinned(requirements: &str) {
    for line in requirements.lines() {
        assert!(line.split_once("==").is_some_and(|(_, version)| !version.is_empty()), "{line}");
    }
}
