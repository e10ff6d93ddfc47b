//! `cargo xtask demo`: a made-up zone of five thousand enterprises against the whole library, and one answer in full.

use std::process::Command;

use anyhow::{Context, Result};
use clap::Args;

use crate::process::{self, Stopwatch};

/// Where the zone is put, from the root of the repository. The READMEs show commands that read it.
pub const FOLDER: &str = "target/demo";
const ZONE: &str = "target/demo/zone.parquet";
const ENTERPRISES: &str = "5000";
/// One of the zone that has 58 of the 60 points that this policy asks for.
const EXPLAINED_SUBJECT: &str = "91999999MAD0000E52";
const EXPLAINED_POLICY: &str = "cn-tech-sme-2017";
/// A fixed day, so that everybody sees the same answers; without `--on` the commands decide as of today.
const DAY: &str = "2026-06-30";

/// What `demo` may be told.
#[derive(Args)]
pub struct Options {
    /// The language of the answers.
    #[arg(long, value_parser = ["zh", "en"], default_value = "zh")]
    lang: String,
    /// Builds with every optimisation: a longer build, then many times faster answers.
    #[arg(long)]
    release: bool,
}

/// Runs the steps in order and stops at the first that fails.
pub fn run(options: &Options) -> Result<()> {
    let time = Stopwatch::start();
    std::fs::create_dir_all(process::root().join(FOLDER)).with_context(|| format!("making {FOLDER}"))?;
    println!("== building zhimei (the first time takes some minutes)");
    process::run(cargo(options, &["build"], &[]))?;
    let built = time.shown();
    let steps: [(&str, &[&str]); 5] = [
        ("checking the library", &["check", "library"]),
        ("running the hand-computed examples beside its documents", &["test", "library"]),
        (
            "making up a zone of example enterprises",
            &["demo", "generate", "--enterprises", ENTERPRISES, "--out", ZONE],
        ),
        ("matching all of them against all policies", &["match", "--facts", ZONE, "--on", DAY]),
        (
            "explaining one answer: each condition with its clause, and how far off it is",
            &[
                "explain",
                "--policy",
                EXPLAINED_POLICY,
                "--facts",
                ZONE,
                "--subject",
                EXPLAINED_SUBJECT,
                "--on",
                DAY,
            ],
        ),
    ];
    for (number, (says, arguments)) in steps.iter().enumerate() {
        let all: Vec<&str> = ["--lang", &options.lang].into_iter().chain(arguments.iter().copied()).collect();
        println!("\n== {}/{} {says}\n$ zhimei {}", number + 1, steps.len(), all.join(" "));
        let step = cargo(options, &["run", "--quiet"], &all);
        process::run(step).with_context(|| format!("the demo stopped while {says}"))?;
    }
    println!("\n== done in {}, {built} of it building.", time.shown());
    println!("The enterprises are made-up examples and belong to nobody; {ZONE} holds them.");
    if !options.release {
        println!(
            "This was a build without optimisation, since that is there soonest. For what the engine can do: \
             cargo xtask demo --release"
        );
    }
    Ok(())
}

/// Cargo about `zhimei`, in the profile that was asked for, in the language that the arguments alone say.
fn cargo(options: &Options, what: &[&str], arguments: &[&str]) -> Command {
    let mut command = process::cargo(what);
    command.args(["--package", "zhimei"]).env_remove("ZHIMEI_LANG");
    if options.release {
        command.arg("--release");
    }
    if !arguments.is_empty() {
        command.arg("--").args(arguments);
    }
    command
}
