//! The habits of the house: `cargo xtask demo`, `test`, `postgres`, `crash`, `mutate-library`, `tidy`, `schema`, `readme`,
//! `bench`, `load`.
//!
//! Needs nothing but a Rust toolchain. What a toolchain may lack (rustfmt, clippy, cargo-nextest) is looked for, and
//! its absence is said together with the command that installs it.

mod bench;
mod crash;
mod demo;
mod fuzz;
mod load;
mod mutate;
mod postgres;
mod process;
mod python;
mod readme;
mod schema;
mod test;
mod tidy;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::process::INTERRUPTED_STATUS;

/// Runs the chores of the repository.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", disable_help_subcommand = true)]
struct Arguments {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Makes up a zone of five thousand example enterprises, matches it against the library and explains one answer.
    Demo(demo::Options),
    /// Runs every test and check there is.
    Test(test::Options),
    /// Runs a command beside a PostgreSQL of its own: `cargo xtask postgres -- cargo test -p store`.
    Postgres(postgres::Options),
    /// Kills a worker, and the PostgreSQL under it, hundreds of times in the middle of verbs, and looks whether anything is lost.
    Crash(crash::Options),
    /// Mistypes every number and comparison of the policies in turn and sees whether their examples notice.
    MutateLibrary(mutate::Options),
    /// Checks what must stay true of the sources: edges, sizes, words, links.
    Tidy,
    /// Writes the JSON Schema of policy documents to `schema/`.
    Schema,
    /// Runs the commands that the READMEs show and writes their output there.
    Readme,
    /// Measures our engine beside its peers. With `--micro` runs the criterion benchmarks instead; what follows `--` goes to them.
    Bench(bench::Options),
    /// Measures what the server does in a second, beside another one.
    Load(load::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = process::watch_for_interrupts().and_then(|()| match arguments.chore {
        Chore::Demo(options) => demo::run(&options),
        Chore::Test(options) => test::run(&options),
        Chore::Postgres(options) => postgres::run(&options),
        Chore::Crash(options) => crash::run(&options),
        Chore::MutateLibrary(options) => mutate::run(&options),
        Chore::Tidy => tidy::run(),
        Chore::Schema => schema::write(),
        Chore::Readme => readme::write(),
        Chore::Bench(options) => bench::run(&options),
        Chore::Load(options) => load::run(&options),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::from(if process::is_interrupted() { INTERRUPTED_STATUS } else { 1 })
        }
    }
}
