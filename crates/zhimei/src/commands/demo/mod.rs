//! `zhimei demo`: example data to try things out on.
//!
//! | file | what |
//! | --- | --- |
//! | `generate` | the command: what is asked for, what is said in the end |
//! | `parquet` | a kind of subject into a Parquet file, on all cores |

mod generate;
mod parquet;

use anyhow::Result;
use clap::{Args, Subcommand};

use crate::context::{Context, Status};

/// 示例数据:一个编造的园区 ¦ Example data: a made-up zone
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei demo generate --enterprises 100000 --out zone.parquet ¦ Examples:\n  zhimei demo generate --enterprises 100000 --out zone.parquet"
)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Generate(generate::Arguments),
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    match &arguments.action {
        Action::Generate(arguments) => generate::run(arguments, context),
    }
}
