//! Lines of the log, to standard error: JSON for machines, or text for people.

use std::io::IsTerminal as _;

use anyhow::Result;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use super::settings::Settings;
use crate::problem::Problem;

/// Begins to log. Once a process.
pub fn begin(settings: &Settings) -> Result<()> {
    let filter = EnvFilter::try_new(&settings.log_level).map_err(|_| {
        let level = &settings.log_level;
        Problem::new(
            format!("设置 log_level 无法识别:{level}"),
            format!("the setting log_level is not understood: {level}"),
        )
        .with_help("可用 error、warn、info、debug、trace", "it is error, warn, info, debug or trace")
    })?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_target(false)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(BoxMakeWriter::new(std::io::stderr));
    let begun = if settings.log_is_json {
        builder.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    } else {
        builder.compact().try_init()
    };
    begun.map_err(|error| anyhow::anyhow!(error))
}
