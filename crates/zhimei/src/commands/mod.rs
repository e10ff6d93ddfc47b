//! One module a command. Each holds its arguments with their help, and `run`.

pub mod ask;
pub mod audit;
pub mod backup;
pub mod check;
pub mod codes;
pub mod completions;
pub mod config;
pub mod demo;
pub mod eval;
pub mod explain;
pub mod facts;
pub mod feel;
pub mod fmt;
pub mod matching;
pub mod migrate;
pub mod new;
pub mod plan;
pub mod policy;
pub mod replay;
pub mod restore;
pub mod schema;
pub mod serve;
pub mod simulate;
pub mod sweep;
pub mod template;
pub mod test;
pub mod uscc;
pub mod verify;

use anyhow::Result;
use clap::Subcommand;

use crate::context::{Context, Status};

/// The commands, in the order in which help lists them.
#[derive(Debug, Subcommand)]
pub enum Command {
    Check(check::Arguments),
    Test(test::Arguments),
    Fmt(fmt::Arguments),
    Feel(feel::Arguments),
    Eval(eval::Arguments),
    Explain(explain::Arguments),
    Match(matching::Arguments),
    Plan(plan::Arguments),
    Simulate(simulate::Arguments),
    Sweep(sweep::Arguments),
    Ask(ask::Arguments),
    Policy(policy::Arguments),
    Facts(facts::Arguments),
    Codes(codes::Arguments),
    New(new::Arguments),
    Template(template::Arguments),
    Demo(demo::Arguments),
    Serve(serve::Arguments),
    Config(config::Arguments),
    Replay(replay::Arguments),
    Verify(verify::Arguments),
    Audit(audit::Arguments),
    Backup(backup::Arguments),
    Restore(restore::Arguments),
    Migrate(migrate::Arguments),
    Uscc(uscc::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
}

/// Runs a command.
pub fn run(command: Command, context: &Context) -> Result<Status> {
    match command {
        Command::Check(arguments) => check::run(&arguments, context),
        Command::Test(arguments) => test::run(&arguments, context),
        Command::Fmt(arguments) => fmt::run(&arguments, context),
        Command::Feel(arguments) => feel::run(&arguments, context),
        Command::Eval(arguments) => eval::run(&arguments, context),
        Command::Explain(arguments) => explain::run(&arguments, context),
        Command::Match(arguments) => matching::run(&arguments, context),
        Command::Plan(arguments) => plan::run(&arguments, context),
        Command::Simulate(arguments) => simulate::run(&arguments, context),
        Command::Sweep(arguments) => sweep::run(&arguments, context),
        Command::Ask(arguments) => ask::run(&arguments, context),
        Command::Policy(arguments) => policy::run(&arguments, context),
        Command::Facts(arguments) => facts::run(&arguments, context),
        Command::Codes(arguments) => codes::run(&arguments, context),
        Command::New(arguments) => new::run(&arguments, context),
        Command::Template(arguments) => template::run(&arguments, context),
        Command::Demo(arguments) => demo::run(&arguments, context),
        Command::Serve(arguments) => serve::run(&arguments, context),
        Command::Config(arguments) => config::run(&arguments, context),
        Command::Replay(arguments) => replay::run(&arguments, context),
        Command::Verify(arguments) => verify::run(&arguments, context),
        Command::Audit(arguments) => audit::run(&arguments, context),
        Command::Backup(arguments) => backup::run(&arguments, context),
        Command::Restore(arguments) => restore::run(&arguments, context),
        Command::Migrate(arguments) => migrate::run(&arguments, context),
        Command::Uscc(arguments) => uscc::run(&arguments, context),
        Command::Schema(arguments) => schema::run(&arguments, context),
        Command::Completions(arguments) => completions::run(&arguments, context),
    }
}
