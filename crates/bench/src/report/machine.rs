//! The machine, the tools and the day that stand over every table.

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use facts::Date;

/// Seconds of a day.
const DAY_SECONDS: u64 = 86_400;

/// Processor, cores, system, compiler and day, a line each.
pub fn header() -> Vec<String> {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    vec![
        format!("machine   {}, {cores} cores, one used", processor()),
        format!("system    {}", system()),
        format!("compiler  {}", compiler()),
        format!("date      {} (UTC)", today()),
    ]
}

fn processor() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text.lines().find_map(|line| line.strip_prefix("model name")?.split_once(':'));
    model.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

fn system() -> String {
    let text = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let name = text.lines().find_map(|line| line.strip_prefix("PRETTY_NAME="));
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let name = name.unwrap_or(std::env::consts::OS).trim_matches('"');
    format!("{name}, kernel {}", kernel.trim())
}

fn compiler() -> String {
    let output = Command::new("rustc").arg("--version").output();
    let version = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    let build = if cfg!(debug_assertions) { "unoptimised" } else { "optimised" };
    format!("{}, {build} build", version.unwrap_or_else(|_| "rustc".to_owned()))
}

#[allow(clippy::disallowed_methods, reason = "the day stands over the table and decides nothing")]
fn today() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let day = Date::from_epoch_days((seconds / DAY_SECONDS) as i64);
    day.map(|day| day.to_string()).unwrap_or_default()
}
