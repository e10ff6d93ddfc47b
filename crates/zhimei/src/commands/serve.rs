//! `zhimei serve`: the platform as a server.

use anyhow::Result;
use clap::Args;

use crate::context::{Context, Status};
use crate::serve::settings::{ServerFlags, Sources};

/// 启动平台服务 ¦ Run the platform as a server
///
/// 在空目录里就能启动:自动建立数据目录、数据库和密钥,并打印一次性的首次链接。Ctrl-C 或终止信号会先办完正在处理的请求再退出。 ¦ Starts in an empty folder: data folder, database and keys are made, and a link for the first administrators is printed once. Ctrl-C or the signal to terminate lets requests that run be finished first.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei serve\n  zhimei serve --data /srv/zhimei --database postgres://zhimei@localhost/zhimei\n  zhimei serve --listen 0.0.0.0:8480 --behind-proxy 10.0.0.0/8 ¦ Examples:\n  zhimei serve\n  zhimei serve --data /srv/zhimei --database postgres://zhimei@localhost/zhimei\n  zhimei serve --listen 0.0.0.0:8480 --behind-proxy 10.0.0.0/8"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: ServerFlags,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let sources = Sources::read(arguments.flags.data.config.as_deref(), &arguments.flags)?;
    crate::serve::run::run(&sources, context)?;
    Ok(Status::Fine)
}
