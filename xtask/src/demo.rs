//! `cargo xtask demo`: what Zhimei does, on example enterprises, in a few seconds after the first build.

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process::{self, Stopwatch};

const ENTERPRISES: &str = "examples/enterprises.csv";
const ENTERPRISE: &str = "examples/one-enterprise.yaml";
const EXPLAINED_POLICY: &str = "cn-tech-sme-2017";
/// A fixed day, so that everybody sees the same answers; without `--on` the commands decide as of today.
const DAY: &str = "2026-06-30";

/// What `demo` may be told.
#[derive(Args)]
pub struct Options {
    /// The language of the answers.
    #[arg(long, value_parser = ["zh", "en"], default_value = "zh")]
    lang: String,
}

/// Runs the steps in order and stops at the first that fails.
pub fn run(options: &Options) -> Result<()> {
    let time = Stopwatch::start();
    for file in [ENTERPRISES, ENTERPRISE] {
        if !process::root().join(file).is_file() {
            bail!(
                "{file} is missing; the demo matches the example enterprises in it. Restore it from the repository"
            );
        }
    }
    println!("== building zhimei (the first time takes a minute or two)");
    process::run(process::cargo(&["build", "--package", "zhimei"]))?;
    let steps: [(&str, &[&str]); 4] = [
        ("checking the library", &["check", "library"]),
        ("running the examples that stand beside its documents", &["test", "library"]),
        ("matching the example enterprises against it", &["match", "--facts", ENTERPRISES, "--on", DAY]),
        (
            "explaining one answer in full",
            &["explain", "--policy", EXPLAINED_POLICY, "--facts", ENTERPRISE, "--on", DAY],
        ),
    ];
    for (number, (says, arguments)) in steps.iter().enumerate() {
        let all: Vec<&str> = ["--lang", &options.lang].into_iter().chain(arguments.iter().copied()).collect();
        println!("\n== {}/{} {says}\n$ zhimei {}", number + 1, steps.len(), all.join(" "));
        process::run(process::zhimei(&all)).with_context(|| format!("the demo stopped while {says}"))?;
    }
    println!("\n== done in {}. The enterprises are made-up examples; nothing was written.", time.shown());
    Ok(())
}
