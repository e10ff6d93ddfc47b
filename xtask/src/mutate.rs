//! `cargo xtask mutate-library`: whether the examples beside the policies notice a number that is one step off, or a
//! `>=` that should be `>`. The work is `zhimei test --mutants`, built for speed.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::process;

/// What `mutate-library` may be told.
#[derive(Args)]
pub struct Options {
    /// Only this policy.
    #[arg(long, value_name = "ID")]
    document: Option<String>,
    /// Which percentage of the mistakes the examples have to notice.
    #[arg(long, value_name = "PERCENT", default_value_t = 90, value_parser = clap::value_parser!(u8).range(0..=100))]
    at_least: u8,
    /// Writes every mistake and what became of it to this file too.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

/// Builds the program and runs it over `library/`.
pub fn run(options: &Options) -> Result<()> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    println!("== {} {}, {processors} processors", std::env::consts::OS, std::env::consts::ARCH);
    let mut command = process::cargo(&["run", "--quiet", "--release", "--package", "zhimei", "--"]);
    command.env_remove("ZHIMEI_LANG");
    command.args([
        "test",
        "library",
        "--mutants",
        "--lang",
        "en",
        "--at-least",
        &options.at_least.to_string(),
    ]);
    if let Some(id) = &options.document {
        command.args(["--policy", id]);
    }
    if let Some(json) = &options.json {
        command.arg("--json").arg(std::path::absolute(json)?);
    }
    process::run(command)
}
