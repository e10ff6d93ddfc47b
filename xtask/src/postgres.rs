//! A PostgreSQL of our own for tests: found or installed, started on a free port, stopped however the chore ends.
//!
//! The server refuses to run as root; then a service user runs it. Its data lies in `target/` and goes with it. It keeps no
//! promise to the disk (`fsync` is off), since nothing in it outlives the run.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;

use crate::process;

/// What the store's test harness reads. `crates/store/src/testing.rs` says the same.
pub const VARIABLE: &str = "ZHIMEI_TEST_POSTGRES";

/// The value of [`VARIABLE`] that says: without PostgreSQL.
pub const LEFT_OUT: &str = "left-out";

/// Where PostgreSQL's programs lie besides the search path, one folder a version.
const FOLDERS: [(&str, &str); 3] =
    [("/usr/lib/postgresql", "bin"), ("/usr/local/lib/postgresql", "bin"), ("/usr/local/pgsql", "bin")];

/// How often it is looked whether the children of a server that was killed have ended: for ten seconds.
const CHILDREN_END_MAX: usize = 500;

/// What `postgres` may be told.
#[derive(Args)]
pub struct Options {
    /// The command to run while PostgreSQL is up, after `--`.
    #[arg(last = true, required = true, value_name = "COMMAND")]
    command: Vec<String>,
}

/// `cargo xtask postgres -- COMMAND`: runs a command beside a PostgreSQL of its own.
pub fn run(options: &Options) -> Result<()> {
    let server = Server::start()?;
    let mut command = Command::new(&options.command[0]);
    command.args(&options.command[1..]).env(VARIABLE, server.url());
    process::without_our_own(&mut command);
    process::run(command)
}

/// A running server; dropping it stops it and removes its data.
pub struct Server {
    programs: PathBuf,
    user: Option<User>,
    folder: PathBuf,
    port: u16,
    keeps: Keeps,
}

/// What a server promises when it says that something is committed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Keeps {
    /// Nothing: its data goes with the run.
    Nothing,
    /// That the system has it, so that it outlives a kill of the server, though not of the machine.
    PastAKill,
}

#[derive(Clone, Copy)]
struct User {
    uid: u32,
    gid: u32,
}

impl Server {
    /// Finds PostgreSQL, or installs Debian's, and starts it.
    pub fn start() -> Result<Self> {
        Self::start_with(Keeps::Nothing)
    }

    /// The same, with that promise.
    pub fn start_with(keeps: Keeps) -> Result<Self> {
        let programs = match find() {
            Some(programs) => programs,
            None => {
                install()?;
                find().context("PostgreSQL was installed, and still there is no `initdb`")?
            }
        };
        let user = if id("-u", None) == Some(0) { Some(service_user()?) } else { None };
        let folder = data_folder(user)?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        let server = Self { programs, user, folder, port, keeps };
        server.initialise().and_then(|()| server.launch()).with_context(|| {
            let log = fs::read_to_string(server.folder.join("log")).unwrap_or_default();
            format!("starting PostgreSQL in {}\n{log}", server.folder.display())
        })?;
        println!("PostgreSQL of {} listens on 127.0.0.1:{port}", server.programs.display());
        Ok(server)
    }

    /// The URL for a user who may do anything there.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    fn initialise(&self) -> Result<()> {
        let mut command = self.program("initdb");
        command.arg("--pgdata").arg(self.data());
        command.args([
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]);
        command.stdout(Stdio::null());
        process::run(command)
    }

    fn launch(&self) -> Result<()> {
        let commits = match self.keeps {
            Keeps::Nothing => "off",
            Keeps::PastAKill => "on",
        };
        let settings = format!(
            "-c listen_addresses=127.0.0.1 -c port={} -c unix_socket_directories='' -c fsync=off \
             -c synchronous_commit={commits} -c full_page_writes=off -c max_connections=300",
            self.port
        );
        let mut command = self.program("pg_ctl");
        command.arg("--pgdata").arg(self.data()).arg("--log").arg(self.folder.join("log"));
        command.args(["--silent", "--wait", "--timeout=60", "--options", &settings, "start"]);
        // `process::run` would end it on Ctrl-C half-way; it is brief, and what it started must be known.
        let status = command.status().context("starting `pg_ctl`")?;
        if !status.success() {
            bail!("`pg_ctl start` ended with {status}");
        }
        Ok(())
    }

    /// Kills the server with signal 9, as a machine's memory keeper would, and starts it again.
    pub fn kill_and_start_again(&self) -> Result<()> {
        let pid = fs::read_to_string(self.data().join("postmaster.pid"))?;
        let pid = pid.lines().next().unwrap_or_default().trim().to_owned();
        if !pid.parse().is_ok_and(is_postgres) {
            bail!("process {pid} is not our PostgreSQL");
        }
        let children = process::output({
            let mut command = Command::new("ps");
            command.args(["-o", "pid=", "--ppid", &pid]);
            command
        })?;
        let children: Vec<u32> = children.split_whitespace().filter_map(|pid| pid.parse().ok()).collect();
        process::run_quietly(Command::new("kill").args(["-KILL", &pid]))?;
        // Its children notice and end, which takes a moment; until then the memory that they share is in use.
        for _ in 0..CHILDREN_END_MAX {
            if !children.iter().any(|child| is_running(*child)) {
                fs::remove_file(self.data().join("postmaster.pid"))?;
                return self.launch();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        bail!("PostgreSQL was killed, and its children {children:?} do not end");
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn program(&self, name: &str) -> Command {
        let mut command = Command::new(self.programs.join(name));
        command.current_dir(&self.folder).stdin(Stdio::null());
        // Ctrl-C in the terminal is this chore's affair: it stops the server itself, after what uses it.
        command.process_group(0);
        if let Some(user) = self.user {
            command.uid(user.uid).gid(user.gid);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            let mut command = self.program("pg_ctl");
            command.arg("--pgdata").arg(self.data());
            command.args(["--silent", "--wait", "--mode=immediate", "stop"]);
            match command.status() {
                Ok(status) if status.success() => {}
                other => eprintln!("PostgreSQL in {} could not be stopped: {other:?}", self.folder.display()),
            }
        }
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The folder of the newest version whose programs are all there.
fn find() -> Option<PathBuf> {
    let complete = |folder: &PathBuf| {
        ["initdb", "pg_ctl", "postgres"].iter().all(|program| folder.join(program).exists())
    };
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for (versions, programs) in FOLDERS {
        for entry in fs::read_dir(versions).into_iter().flatten().flatten() {
            let version =
                entry.file_name().to_string_lossy().split('.').next().and_then(|name| name.parse().ok());
            found.push((version.unwrap_or(0), entry.path().join(programs)));
        }
    }
    found.retain(|(_, folder)| complete(folder));
    found.sort();
    let listed = found.pop().map(|(_, folder)| folder);
    listed.or_else(|| on_search_path("pg_ctl").filter(complete))
}

/// The folder of a program that the shell would find.
fn on_search_path(program: &str) -> Option<PathBuf> {
    let output = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().ok()?;
    let path = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    fs::canonicalize(path).ok()?.parent().map(Path::to_owned)
}

/// Debian's package. Its first large installation on a machine can fail half-way, so it is repaired and tried once more.
fn install() -> Result<()> {
    let help = "install PostgreSQL (Debian: `apt-get install postgresql`), or leave it out with `--without postgres`";
    if on_search_path("apt-get").is_none() || id("-u", None) != Some(0) {
        bail!("could not be run: PostgreSQL's `initdb` and `pg_ctl` were not found; {help}");
    }
    println!("PostgreSQL is not installed; installing Debian's package");
    let apt = |arguments: &[&str]| {
        let mut command = Command::new("apt-get");
        command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        process::run(command)
    };
    let wanted = ["install", "--yes", "--no-install-recommends", "postgresql"];
    let first = apt(&["update"]).and_then(|()| apt(&wanted));
    if first.is_err() && !process::is_interrupted() {
        println!("the installation failed; repairing it and trying once more");
        let mut repair = Command::new("dpkg");
        repair.args(["--configure", "-a"]).env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null());
        let _ = process::run(repair);
        let _ = apt(&["install", "--yes", "--fix-broken"]);
        let _ = apt(&["update"]);
        return apt(&wanted).with_context(|| format!("could not be run: {help}"));
    }
    first.with_context(|| format!("could not be run: {help}"))
}

/// Who runs the server where this chore runs as root.
fn service_user() -> Result<User> {
    for name in ["postgres", "nobody"] {
        if let (Some(uid), Some(gid)) = (id("-u", Some(name)), id("-g", Some(name))) {
            return Ok(User { uid, gid });
        }
    }
    bail!("PostgreSQL refuses to run as root, and there is neither a user `postgres` nor `nobody`")
}

fn id(what: &str, name: Option<&str>) -> Option<u32> {
    let output = Command::new("id").arg(what).args(name).stderr(Stdio::null()).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// A fresh folder that the server's user owns: in `target/`, or among temporary files where that user may not enter the
/// repository. What a chore that was killed left behind is stopped and removed.
fn data_folder(user: Option<User>) -> Result<PathBuf> {
    let mut base = process::root().join("target").join("postgres");
    if user.is_some()
        && !base.ancestors().skip(1).all(|folder| folder.as_os_str().is_empty() || all_enter(folder))
    {
        base = std::env::temp_dir().join("zhimei-xtask-postgres");
        println!("PostgreSQL's user may not enter the repository; its data goes to {}", base.display());
    }
    fs::create_dir_all(&base)?;
    fs::set_permissions(&base, fs::Permissions::from_mode(0o755))?;
    clear_leftovers(&base);
    let folder = base.join(std::process::id().to_string());
    fs::create_dir_all(&folder)?;
    if let Some(user) = user {
        chown(&folder, Some(user.uid), Some(user.gid))
            .with_context(|| format!("giving {} to PostgreSQL's user", folder.display()))?;
    }
    Ok(folder)
}

/// Whether anybody may enter a folder. One that is not there yet is made so that they may.
fn all_enter(folder: &Path) -> bool {
    fs::metadata(folder).map_or(true, |known| known.permissions().mode() & 0o001 != 0)
}

/// Folders are named after the process that made them; one whose process is gone is a leftover.
fn clear_leftovers(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        let Some(owner) = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else {
            continue;
        };
        if is_running(owner) {
            continue;
        }
        let pid = fs::read_to_string(entry.path().join("data").join("postmaster.pid"))
            .ok()
            .and_then(|text| text.lines().next().and_then(|line| line.trim().parse::<u32>().ok()));
        if let Some(pid) = pid.filter(|pid| is_postgres(*pid)) {
            let _ = Command::new("kill").args(["-QUIT", &pid.to_string()]).status();
        }
        let _ = fs::remove_dir_all(entry.path());
    }
}

fn is_running(pid: u32) -> bool {
    Command::new("kill")
        .args(["-0", &pid.to_string()])
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|it| it.success())
}

/// A process number may have gone to somebody else since.
fn is_postgres(pid: u32) -> bool {
    let output = Command::new("ps").args(["-o", "comm=", "-p", &pid.to_string()]).output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim().ends_with("postgres"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_harness_of_the_store_reads_what_is_set_here() {
        let harness = fs::read_to_string(process::root().join("crates/store/src/testing.rs")).unwrap();
        assert!(harness.contains(&format!("POSTGRES_VARIABLE: &str = \"{VARIABLE}\"")));
        assert!(harness.contains(&format!("LEFT_OUT: &str = \"{LEFT_OUT}\"")));
    }

    #[test]
    fn a_leftover_of_a_dead_process_goes_and_that_of_a_living_one_stays() {
        let base = std::env::temp_dir().join(format!("zhimei-leftovers-{}", std::process::id()));
        let living = base.join(std::process::id().to_string());
        // No system gives out numbers as high as this.
        let dead = base.join("4194999");
        fs::create_dir_all(&living).unwrap();
        fs::create_dir_all(dead.join("data")).unwrap();
        clear_leftovers(&base);
        assert!(living.exists() && !dead.exists());
        fs::remove_dir_all(base).unwrap();
    }
}
