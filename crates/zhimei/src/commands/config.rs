//! `zhimei config`: every setting, its value, and where that comes from.

use std::io::Write as _;

use anyhow::Result;
use clap::Args;
use serde_json::json;
use unicode_width::UnicodeWidthStr as _;

use crate::context::{Context, Status};
use crate::output;
use crate::serve::settings::{ServerFlags, Shown, Sources};

/// 查看全部设置、取值和来源 ¦ Show all settings, their values, and where these come from
///
/// 来源的先后:命令行、环境变量(ZHIMEI_ 加大写的设置名)、设置文件、默认。地址中的密码不显示。设置有误时说明是哪一项、来自哪里。 ¦ A flag counts more than the environment (ZHIMEI_ and the setting's name in capitals), that more than the file, that more than what is usual. Passwords in URLs are not shown. A setting that is wrong is named with where it comes from.
#[derive(Debug, Args)]
#[command(
    after_long_help = "例子:\n  zhimei config\n  ZHIMEI_LISTEN=127.0.0.1:9000 zhimei config --json ¦ Examples:\n  zhimei config\n  ZHIMEI_LISTEN=127.0.0.1:9000 zhimei config --json"
)]
pub struct Arguments {
    #[command(flatten)]
    flags: ServerFlags,

    /// 输出 JSON ¦ Print JSON
    #[arg(long)]
    json: bool,
}

/// Runs the command.
pub fn run(arguments: &Arguments, context: &Context) -> Result<Status> {
    let sources = Sources::read(arguments.flags.data.config.as_deref(), &arguments.flags)?;
    let shown = sources.shown()?;
    let mut out = output::stdout();
    if arguments.json {
        let values = shown.iter().map(|setting| {
            json!({ "name": setting.name, "value": setting.value, "origin": setting.origin.words(context) })
        });
        output::json(&mut out, &values.collect())?;
    } else {
        let width = |of: fn(&Shown) -> &str| shown.iter().map(|one| of(one).width()).max().unwrap_or(0);
        let (names, values) = (width(|one| &one.name), width(|one| &one.value));
        for setting in &shown {
            let pad = " ".repeat(values.saturating_sub(setting.value.width()));
            writeln!(
                out,
                "{:names$}  {}{pad}  {}",
                setting.name,
                setting.value,
                setting.origin.words(context)
            )?;
        }
    }
    out.flush()?;
    drop(out);
    sources.settings()?;
    Ok(Status::Fine)
}
