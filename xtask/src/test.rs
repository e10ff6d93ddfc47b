//! `cargo xtask test`: every suite, each with its time, and at the end which of them failed.
//!
//! A failing suite does not stop the ones after it. A suite whose tool is missing fails and says how to get the tool;
//! `--without NAME` leaves a suite out and the summary says so.

use anyhow::{Result, bail};
use clap::{Args, ValueEnum};

use crate::postgres::{self, Server};
use crate::process::{self, Stopwatch};
use crate::{fuzz, readme, tidy};

/// The day on which the library is looked through. A policy that ends later is for whoever keeps the library to follow
/// up, and makes nobody's change to the code fail.
const LIBRARY_DAY: &str = "2026-11-30";

/// What `test` may be told.
#[derive(Args)]
pub struct Options {
    /// Leaves a suite out; may be given several times.
    #[arg(long, value_name = "SUITE")]
    without: Vec<Suite>,
    /// Instead of the suites: tries every door of a server with requests that schemathesis makes up from the description.
    #[arg(long, conflicts_with = "without")]
    fuzz: bool,
    /// For how many minutes the doors are tried in all.
    #[arg(long, value_name = "N", default_value_t = 5, requires = "fuzz", value_parser = clap::value_parser!(u16).range(1..=600))]
    fuzz_minutes: u16,
}

/// In the order in which they run: what is quick and often wrong comes first.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
enum Suite {
    /// Every file is formatted.
    Fmt,
    /// The invariants of the sources hold.
    Tidy,
    /// Clippy and the compiler have nothing to say.
    Clippy,
    /// A PostgreSQL of our own is up for the tests; without it they use SQLite alone.
    Postgres,
    /// Unit and integration tests.
    Tests,
    /// Examples in the documentation run.
    DocTests,
    /// The policy library is free of errors and warnings.
    Check,
    /// The examples beside the policies come out as written.
    Cases,
    /// The commands in the READMEs print what is shown there.
    Readme,
}

enum End {
    Passed,
    Failed,
    LeftOut,
    Stopped,
    NotRun,
}

/// Runs all suites that were not left out.
pub fn run(options: &Options) -> Result<()> {
    if options.fuzz {
        return fuzz::run(options.fuzz_minutes);
    }
    let total = Stopwatch::start();
    let mut database = Database::NotStarted;
    let mut ends: Vec<(Suite, End, String)> = Vec::new();
    for suite in Suite::value_variants().iter().copied() {
        let end = if options.without.contains(&suite) {
            if suite == Suite::Postgres {
                database = Database::LeftOut;
            }
            (End::LeftOut, String::new())
        } else if process::is_interrupted() {
            (End::NotRun, String::new())
        } else {
            run_one(suite, &mut database)
        };
        ends.push((suite, end.0, end.1));
    }
    println!("\n== summary");
    for (suite, end, time) in &ends {
        println!("{:<9} {:<10} {time:>8}  {}", end.word(), suite.name(), suite.says());
    }
    println!("== {} in {}", counts(&ends), total.shown());
    let failed: Vec<String> = ends
        .iter()
        .filter(|(_, end, _)| matches!(end, End::Failed))
        .map(|(suite, ..)| suite.name())
        .collect();
    if process::is_interrupted() {
        bail!("interrupted; the suites marked “stopped” and “not run” say nothing about the code");
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

/// Where the tests find PostgreSQL. A server stops when this goes.
enum Database {
    NotStarted,
    LeftOut,
    Running(Server),
}

fn run_one(suite: Suite, database: &mut Database) -> (End, String) {
    println!("\n== {}: {}", suite.name(), suite.says());
    let time = Stopwatch::start();
    let done = suite.run(database);
    let time = time.shown();
    match done {
        Ok(()) => {
            println!("== {} passed in {time}", suite.name());
            (End::Passed, time)
        }
        Err(error) if process::is_interrupted() => {
            println!("== {} stopped after {time}: {error:#}", suite.name());
            (End::Stopped, time)
        }
        Err(error) => {
            println!("== {} failed after {time}: {error:#}", suite.name());
            (End::Failed, time)
        }
    }
}

fn counts(ends: &[(Suite, End, String)]) -> String {
    let count = |wanted: &str| ends.iter().filter(|(_, end, _)| end.word() == wanted).count();
    let counted = [End::Passed, End::Failed, End::LeftOut, End::Stopped, End::NotRun]
        .into_iter()
        .map(|end| (count(end.word()), end.word().to_lowercase()))
        .filter(|(count, word)| *count > 0 || word == "passed" || word == "failed");
    counted.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

impl End {
    fn word(&self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "FAILED",
            Self::LeftOut => "left out",
            Self::Stopped => "stopped",
            Self::NotRun => "not run",
        }
    }
}

impl Suite {
    fn name(self) -> String {
        let value = self.to_possible_value().expect("no suite is hidden from --without");
        value.get_name().to_owned()
    }

    fn says(self) -> String {
        let value = self.to_possible_value().expect("no suite is hidden from --without");
        value.get_help().map(ToString::to_string).unwrap_or_default()
    }

    fn run(self, database: &mut Database) -> Result<()> {
        match self {
            Self::Fmt => {
                self.need("fmt", "rustup component add rustfmt")?;
                process::run(process::cargo(&["fmt", "--all", "--", "--check"]))
            }
            Self::Tidy => tidy::run(),
            Self::Clippy => {
                self.need("clippy", "rustup component add clippy")?;
                let arguments = ["clippy", "--workspace", "--all-targets", "--", "--deny", "warnings"];
                process::run(process::cargo(&arguments))
            }
            Self::Postgres => {
                *database = Database::Running(Server::start()?);
                Ok(())
            }
            Self::Tests => run_tests(database),
            Self::DocTests => process::run(process::cargo(&["test", "--workspace", "--doc"])),
            Self::Check => process::run(process::zhimei(&["check", "library", "--on", LIBRARY_DAY])),
            Self::Cases => process::run(process::zhimei(&["test", "library"])),
            Self::Readme => readme::check(),
        }
    }

    /// An error that says what could not be run and how to get what it needs.
    fn need(self, subcommand: &str, install: &str) -> Result<()> {
        if process::version_of(subcommand).is_none() {
            bail!(
                "could not be run: `cargo {subcommand}` is not installed. Install it with `{install}`, \
                 or leave this suite out with `--without {}`",
                self.name()
            );
        }
        Ok(())
    }
}

/// With cargo-nextest where it is installed, since it runs the tests of all crates side by side.
fn run_tests(database: &Database) -> Result<()> {
    let mut command = if let Some(version) = process::version_of("nextest") {
        println!("with {version}");
        process::cargo(&["nextest", "run", "--workspace", "--no-fail-fast"])
    } else {
        println!("with cargo test, since cargo-nextest is not installed; it runs the same tests");
        process::cargo(&["test", "--workspace", "--lib", "--bins", "--tests", "--no-fail-fast"])
    };
    match database {
        Database::Running(server) => command.env(postgres::VARIABLE, server.url()),
        Database::LeftOut => command.env(postgres::VARIABLE, postgres::LEFT_OUT),
        Database::NotStarted => command.env_remove(postgres::VARIABLE),
    };
    process::run(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_counts_what_failed_and_what_was_left_out() {
        let ends = [
            (Suite::Fmt, End::Passed, String::new()),
            (Suite::Tidy, End::Failed, String::new()),
            (Suite::Clippy, End::LeftOut, String::new()),
        ];
        assert_eq!(counts(&ends), "1 passed, 1 failed, 1 left out");
        assert_eq!(counts(&ends[..1]), "1 passed, 0 failed");
    }

    #[test]
    fn a_suite_whose_tool_is_missing_says_how_to_get_it_and_how_to_do_without() {
        let error =
            Suite::DocTests.need("no-such-subcommand", "rustup component add it").unwrap_err().to_string();
        assert!(
            error.contains("rustup component add it") && error.contains("--without doc-tests"),
            "{error}"
        );
    }
}
