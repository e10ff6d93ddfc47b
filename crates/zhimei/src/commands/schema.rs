//! `zhimei schema`: the JSON Schema of policy documents.

use std::io::Write as _;

use anyhow::Result;
use clap::Args;

use crate::context::{Context, Status};
use crate::output;

/// 印出政策文件的 JSON Schema,供编辑器补全和检查 ¦ Print the JSON Schema of policy documents, for editors
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei schema > policy.schema.json\n政策文件第一行写 # yaml-language-server: $schema=policy.schema.json ¦ Examples:\n  zhimei schema > policy.schema.json\nThe first line of a document: # yaml-language-server: $schema=policy.schema.json"
)]
pub struct Arguments {}

/// Runs the command.
pub fn run(_: &Arguments, _: &Context) -> Result<Status> {
    let mut out = output::stdout();
    output::json(&mut out, &lang::document::schema::policy())?;
    out.flush()?;
    Ok(Status::Fine)
}
