//! Other programs, run from the root of the repository, with their time and with Ctrl-C.
//!
//! On Ctrl-C the running program is given a moment to end by itself, then it is killed; nothing further is started,
//! and whoever asked learns that it was interrupted.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Exit status of a chore that was interrupted: 128 + SIGINT, as shells have it.
pub const INTERRUPTED_STATUS: u8 = 130;

const POLL_MS: u64 = 20;
const GRACE_MS: u64 = 3_000;

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C is noted instead of ending this process at once.
pub fn watch_for_interrupts() -> Result<()> {
    ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::SeqCst)).context("installing the Ctrl-C handler")
}

/// Whether Ctrl-C was pressed.
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in a folder of the repository")
}

/// Cargo with these arguments, in the root of the repository.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(cargo_path());
    command.args(arguments).current_dir(root());
    without_our_own(&mut command);
    command
}

/// What cargo tells a program that it runs about that program's package.
const OUR_OWN: [&str; 19] = [
    "CARGO_BIN_NAME",
    "CARGO_CRATE_NAME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_AUTHORS",
    "CARGO_PKG_DESCRIPTION",
    "CARGO_PKG_HOMEPAGE",
    "CARGO_PKG_LICENSE",
    "CARGO_PKG_LICENSE_FILE",
    "CARGO_PKG_NAME",
    "CARGO_PKG_README",
    "CARGO_PKG_REPOSITORY",
    "CARGO_PKG_RUST_VERSION",
    "CARGO_PKG_VERSION",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
];

/// Does not pass on what cargo said of this program. Build scripts that ask for the name of their package (`ring`'s does)
/// would run again, and everything above them, each time that cargo is called by us after it was called by hand.
pub fn without_our_own(command: &mut Command) {
    for variable in OUR_OWN {
        command.env_remove(variable);
    }
}

/// The built `zhimei` with these arguments, in the root of the repository. It is brought up to date first.
pub fn zhimei(arguments: &[&str]) -> Command {
    let mut command = cargo(&["run", "--quiet", "--package", "zhimei", "--"]);
    // What is asked for is said by the arguments alone.
    command.env_remove("ZHIMEI_LANG");
    command.args(arguments);
    command
}

#[allow(clippy::disallowed_methods, reason = "cargo tells the programs that it runs by `CARGO` where it is")]
fn cargo_path() -> OsString {
    std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// Runs a program with this terminal as its own; an error if it fails, cannot be started or is interrupted.
pub fn run(mut command: Command) -> Result<()> {
    let shown = shown(&command);
    let child = command.spawn().with_context(|| format!("starting `{shown}`"))?;
    let status = wait(child).with_context(|| format!("running `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs a program that is killed if it lasts longer than that, which is an error as any failure of it is.
pub fn run_within(mut command: Command, limit: Duration) -> Result<()> {
    let shown = shown(&command);
    let mut child = command.spawn().with_context(|| format!("starting `{shown}`"))?;
    let time = Stopwatch::start();
    while child.try_wait()?.is_none() && !is_interrupted() {
        if time.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            bail!("`{shown}` did not end within {} s and was killed", limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(POLL_MS));
    }
    let status = wait(child).with_context(|| format!("running `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// Runs a small program whose output nobody needs; an error if it fails.
pub fn run_quietly(command: &mut Command) -> Result<()> {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let shown = shown(command);
    let status = status.with_context(|| format!("starting `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` ended with {status}");
    }
    Ok(())
}

/// What a program prints to its standard output; an error if it fails. Its standard error goes to this terminal.
pub fn output(mut command: Command) -> Result<String> {
    let shown = shown(&command);
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("starting `{shown}`"))?;
    if !output.status.success() {
        bail!("`{shown}` ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` printed what is not UTF-8"))
}

/// What a program prints to its standard output, whatever its exit status says: 1 may only mean "found something".
pub fn printed(mut command: Command) -> Result<String> {
    let shown = shown(&command);
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("starting `{shown}`"))?;
    if output.stdout.is_empty() && !output.status.success() {
        bail!("`{shown}` printed nothing and ended with {}", output.status);
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{shown}` printed what is not UTF-8"))
}

/// The first line that a cargo subcommand prints as its version; `None` where it is not installed.
pub fn version_of(subcommand: &str) -> Option<String> {
    let output = cargo(&[subcommand, "--version"]).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    output.status.success().then(|| text.lines().next().unwrap_or_default().to_owned())
}

/// The command as a person would type it.
fn shown(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_stem().map(PathBuf::from).unwrap_or_default();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program.display().to_string()).chain(arguments).collect::<Vec<_>>().join(" ")
}

fn wait(mut child: Child) -> Result<ExitStatus> {
    let mut waited_ms = 0;
    loop {
        if let Some(status) = child.try_wait()? {
            if is_interrupted() {
                bail!("interrupted");
            }
            return Ok(status);
        }
        if is_interrupted() {
            waited_ms += POLL_MS;
            if waited_ms > GRACE_MS {
                child.kill()?;
                child.wait()?;
                bail!("interrupted, and killed since it did not end by itself");
            }
        }
        std::thread::sleep(Duration::from_millis(POLL_MS));
    }
}

/// How long something has taken.
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[allow(clippy::disallowed_methods, reason = "the time of a suite is shown and decides nothing")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// The time so far.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// The time so far in seconds, as `3.2 s`.
    pub fn shown(&self) -> String {
        format!("{:.1} s", self.0.elapsed().as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_or_does_not_exist_is_named_in_the_error() {
        let error = run(cargo(&["no-such-subcommand"])).unwrap_err();
        assert!(error.to_string().starts_with("`cargo no-such-subcommand` ended with"), "{error}");
        let error = run_within(cargo(&["no-such-subcommand"]), Duration::from_secs(60)).unwrap_err();
        assert!(error.to_string().starts_with("`cargo no-such-subcommand` ended with"), "{error}");
        let error = run(Command::new("no-such-program")).unwrap_err();
        assert_eq!(error.to_string(), "starting `no-such-program`");
    }

    #[test]
    fn what_a_program_prints_comes_back() {
        assert!(output(cargo(&["--version"])).unwrap().starts_with("cargo "));
        assert!(version_of("no-such-subcommand").is_none());
    }
}
