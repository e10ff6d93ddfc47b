//! `zhimei completions`: what the Tab key completes.

use std::io::Write as _;

use anyhow::Result;
use clap::Args;
use clap_complete::Shell;

use crate::context::{Context, Status};
use crate::{args, output};

/// 印出命令行补全脚本:bash、zsh、fish、powershell、elvish ¦ Print shell completions: bash, zsh, fish, powershell, elvish
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei completions bash > ~/.local/share/bash-completion/completions/zhimei\n  zhimei completions fish > ~/.config/fish/completions/zhimei.fish ¦ Examples:\n  zhimei completions bash > ~/.local/share/bash-completion/completions/zhimei\n  zhimei completions fish > ~/.config/fish/completions/zhimei.fish"
)]
pub struct Arguments {
    /// bash、zsh、fish、powershell 或 elvish ¦ bash, zsh, fish, powershell or elvish
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    // Written to memory first: the generator panics where its reader has gone away.
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut args::command(context.language), "zhimei", &mut script);
    let mut out = output::stdout();
    out.write_all(&script)?;
    out.flush()?;
    Ok(Status::Fine)
}
