//! `cargo xtask crash`: kills a worker in the middle of verbs by a seeded schedule, and looks after each kill whether
//! everything that it had said is still true (`crates/platform/examples/crash_worker`).
//!
//! On PostgreSQL every other kill takes the server itself: then the worker must live on, tell that the database is away, and go
//! on by itself once it is back.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::postgres::{Keeps, Server};
use crate::process::{self, Stopwatch};

/// After so many kills a new database is begun, so that looking through it stays quick.
const KILLS_A_DATABASE: u32 = 20;

/// How long a worker may need before it says something.
const PATIENCE_MS: u64 = 20_000;

/// What `crash` may be told.
#[derive(Args)]
pub struct Options {
    /// Kills on each database.
    #[arg(long, default_value_t = 200)]
    kills: u32,

    /// Ten times as many kills, up to three seconds apart instead of a third of one.
    #[arg(long)]
    long: bool,

    /// Another schedule.
    #[arg(long, default_value_t = 1)]
    seed: u64,

    /// Leaves one database out.
    #[arg(long, value_name = "sqlite|postgres")]
    without: Option<String>,
}

/// What a run came to.
#[derive(Default)]
struct Counts {
    kills: u32,
    of_the_server: u32,
    told: usize,
    last: String,
}

/// Runs the chore.
pub fn run(options: &Options) -> Result<()> {
    let time = Stopwatch::start();
    process::run(process::cargo(&[
        "build",
        "--quiet",
        "--package",
        "platform",
        "--example",
        "crash_worker",
    ]))?;
    let folder = process::root().join("target").join("crash");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    println!("built in {}", time.shown());
    if options.without.as_deref() != Some("sqlite") {
        on(options, &folder.join("sqlite"), None)?;
    }
    if options.without.as_deref() != Some("postgres") {
        let server = Server::start_with(Keeps::PastAKill)?;
        on(options, &folder.join("postgres"), Some(&server))?;
    }
    fs::remove_dir_all(&folder)?;
    println!("all in {}", time.shown());
    Ok(())
}

fn on(options: &Options, folder: &Path, server: Option<&Server>) -> Result<()> {
    let time = Stopwatch::start();
    let name = if server.is_some() { "PostgreSQL" } else { "SQLite" };
    let kills = if options.long { 10 * options.kills } else { options.kills };
    let pause_ms = if options.long { 3_000 } else { 330 };
    let mut counts = Counts::default();
    let mut numbers = Numbers(options.seed);
    let mut round = None;
    for number in 0..kills {
        if process::is_interrupted() {
            bail!("interrupted after {} kills on {name}", counts.kills);
        }
        let round = match &mut round {
            Some(round) if number % KILLS_A_DATABASE != 0 => round,
            other => other.insert(Round::begin(folder, number / KILLS_A_DATABASE, options.seed, server)?),
        };
        let pause = Duration::from_millis(numbers.below(pause_ms));
        let takes_server = server.filter(|_| number % 2 == 1);
        round.kill(numbers.next(), pause, takes_server, &mut counts).with_context(|| {
            format!(
                "kill {number} on {name} with --seed {}; everything is kept in {}",
                options.seed,
                round.folder.display()
            )
        })?;
    }
    println!(
        "{name}: {} kills, {} of the server; {} lines told, all of them true; the last database had {} ({})",
        counts.kills,
        counts.of_the_server,
        counts.told,
        counts.last,
        time.shown()
    );
    Ok(())
}

/// One database, with the worker that is killed on it again and again.
struct Round {
    folder: PathBuf,
    database: String,
}

impl Round {
    fn begin(folder: &Path, number: u32, seed: u64, server: Option<&Server>) -> Result<Self> {
        let folder = folder.join(number.to_string());
        fs::create_dir_all(&folder)?;
        let database = match server {
            None => folder.join("zhimei.db").display().to_string(),
            Some(server) => format!("{}?options[search_path]=crash_{number}", server.url()),
        };
        let round = Self { folder, database };
        let mut command = round.worker("begin", seed);
        let output = command.stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            bail!("the worker could not begin");
        }
        Ok(round)
    }

    fn worker(&self, what: &str, seed: u64) -> Command {
        let program = process::root().join("target/debug/examples/crash_worker");
        let mut command = Command::new(program);
        command.arg(what).arg("--database").arg(&self.database).arg("--folder").arg(&self.folder);
        command.arg("--said").arg(self.said()).arg("--seed").arg(seed.to_string());
        command.stdin(Stdio::null());
        command
    }

    fn said(&self) -> PathBuf {
        self.folder.join("said")
    }

    fn told(&self) -> Result<Vec<String>> {
        let said = fs::read_to_string(self.said()).unwrap_or_default();
        Ok(said.lines().map(str::to_owned).collect())
    }

    /// Lets a worker work for a while, kills it or the server under it, and looks.
    fn kill(&self, seed: u64, pause: Duration, server: Option<&Server>, counts: &mut Counts) -> Result<()> {
        let before = self.told()?.len();
        let said = File::options().create(true).append(true).open(self.said())?;
        let complaints = File::create(self.folder.join("complaints"))?;
        let mut child = self
            .worker("work", seed)
            .stdout(said)
            .stderr(complaints)
            .spawn()
            .context("starting the worker")?;
        let done = self.live_and_die(&mut child, before, pause, server);
        // However it went, no worker is left behind.
        let _ = child.kill();
        let _ = child.wait();
        done?;
        counts.kills += 1;
        counts.of_the_server += u32::from(server.is_some());
        let lines = self.told()?;
        counts.told += lines.len() - before;
        let output = self.worker("check", seed).output().context("starting the worker that looks")?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        counts.last = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(())
    }

    fn live_and_die(
        &self,
        child: &mut Child,
        before: usize,
        pause: Duration,
        server: Option<&Server>,
    ) -> Result<()> {
        self.wait_for(child, "the worker to be ready", |lines| lines.len() > before)?;
        std::thread::sleep(pause);
        if let Some(server) = server {
            server.kill_and_start_again()?;
            let there = self.told()?.len();
            // What it tells from now on, it did on the server that was started again.
            self.wait_for(child, "the worker to go on by itself", |lines| lines.len() > there + 1)?;
        }
        if let Some(status) = child.try_wait()? {
            bail!("the worker ended by itself with {status}: {}", self.complaints());
        }
        child.kill()?;
        Ok(())
    }

    fn wait_for(&self, child: &mut Child, what: &str, is_so: impl Fn(&[String]) -> bool) -> Result<()> {
        for _ in 0..PATIENCE_MS / 2 {
            if is_so(&self.told()?) {
                return Ok(());
            }
            if let Some(status) = child.try_wait()? {
                bail!("waiting for {what}, it ended with {status}: {}", self.complaints());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        bail!("waited in vain for {what}: {}", self.complaints());
    }

    fn complaints(&self) -> String {
        fs::read_to_string(self.folder.join("complaints")).unwrap_or_default()
    }
}

/// Numbers from a seed (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ mixed >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit
    }
}
