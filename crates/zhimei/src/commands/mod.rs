//! One module a command. Each holds its arguments with their help, and `run`.

pub mod check;
pub mod explain;
pub mod matching;
pub mod test;

use anyhow::Result;
use clap::Subcommand;

use crate::context::{Context, Status};

/// The commands, in the order in which help lists them.
#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(name = "check")]
    Check(check::Arguments),
    #[command(name = "test")]
    Test(test::Arguments),
    #[command(name = "explain")]
    Explain(explain::Arguments),
    #[command(name = "match")]
    Match(matching::Arguments),
}

/// Runs a command.
pub fn run(command: Command, context: &Context) -> Result<Status> {
    match command {
        Command::Check(arguments) => check::run(&arguments, context),
        Command::Test(arguments) => test::run(&arguments, context),
        Command::Explain(arguments) => explain::run(&arguments, context),
        Command::Match(arguments) => matching::run(&arguments, context),
    }
}
