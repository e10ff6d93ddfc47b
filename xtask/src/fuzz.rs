//! `cargo xtask test --fuzz`: what the served description says, tried with made-up requests by schemathesis: no failure of the
//! server, and no reply that the description does not allow, for anybody from a visitor to an administrator.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::{self, Stopwatch};
use crate::python;

/// The packages of the virtual environment, pinned.
const REQUIREMENTS: &str = include_str!("../fuzz/requirements.txt");

/// Sets a server up and prints everybody's headers.
const ENTER: &str = include_str!("../fuzz/enter.py");

/// What is not tried.
const HOOKS: &str = include_str!("../fuzz/hooks.py");

/// What must hold of every reply.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance";

/// Made-up requests for each door and each who asks, in one round; rounds follow each other until the time is over.
const EXAMPLES: &str = "10";

/// Seconds after which a reply counts as none.
const REPLY_SECONDS_MAX: &str = "30";

/// So much longer than its share of the time may everybody's turn last, in seconds: reading the description, telling what
/// was found, and a reply that is waited for.
const GRACE_SECONDS: u64 = 90;

/// The same requests each time.
const SEED: &str = "20261201";

/// A server that is stopped, with its folder removed, in the end.
struct Server {
    child: Child,
    folder: PathBuf,
    address: String,
    first_link: String,
}

impl Server {
    fn start(target: &Path) -> Result<Self> {
        process::run(process::cargo(&["build", "--package", "zhimei"]))?;
        let folder = target.join("fuzz");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)?;
        let program = target.join("debug").join(format!("zhimei{}", std::env::consts::EXE_SUFFIX));
        let mut command = Command::new(program);
        command.args(["--lang", "en", "serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.join("data"));
        // Nothing that is tried is to be refused for coming too often.
        for name in [
            "REQUESTS_A_MINUTE_BY_ADDRESS",
            "REQUESTS_A_MINUTE_BY_ACCOUNT",
            "COSTLY_REQUESTS_A_MINUTE",
            "CHECKS_A_MINUTE_BY_ADDRESS",
        ] {
            command.env(format!("ZHIMEI_{name}"), "1000000000");
        }
        command.current_dir(&folder).stdin(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().context("starting zhimei serve")?;
        let error = child.stderr.take().context("a server has a standard error")?;
        let mut server =
            Self { child, folder: folder.clone(), address: String::new(), first_link: String::new() };
        let mut lines = BufReader::new(error).lines();
        for line in &mut lines {
            let line = line?;
            if let Some(rest) = line.strip_prefix("Zhimei is up: ") {
                server.address = rest.split(' ').next().unwrap_or_default().to_owned();
            }
            if let Some((_, link)) = line.split_once("link = ") {
                server.first_link = link.trim().to_owned();
                break;
            }
        }
        if server.first_link.is_empty() {
            bail!("the server printed no first link");
        }
        // What it says of failures is what somebody wants to read who finds one.
        let mut log = std::fs::File::create(target.join("fuzz.log"))?;
        std::thread::spawn(move || {
            for line in lines.map_while(std::result::Result::ok) {
                let _ = std::io::Write::write_all(&mut log, format!("{line}\n").as_bytes());
            }
        });
        Ok(server)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Tries all doors as everybody, for so many minutes in all. An error if any of them found something, or could not try.
pub fn run(minutes: u16) -> Result<()> {
    let target = process::root().join("target");
    let python = python::environment(&target.join("fuzz-venv"), REQUIREMENTS)?;
    let server = Server::start(&target)?;
    let script = server.folder.join("enter.py");
    std::fs::write(&script, ENTER)?;
    std::fs::write(server.folder.join("hooks.py"), HOOKS)?;
    let mut command = Command::new(&python);
    command.arg(&script).args([&server.address, &server.first_link]);
    let everybody: Value = serde_json::from_str(&process::output(command)?)?;
    let everybody = everybody.as_object().context("everybody is an object")?;
    let seconds = u64::from(minutes) * 60 / everybody.len().max(1) as u64;
    let mut found = Vec::new();
    for (who, headers) in everybody {
        if process::is_interrupted() {
            bail!("interrupted");
        }
        println!("== as {who}, for {seconds} s");
        let time = Stopwatch::start();
        let command = tries(&python, &server, headers, seconds);
        let limit = Duration::from_secs(seconds + GRACE_SECONDS);
        if let Err(error) = process::run_within(command, limit) {
            println!("{error:#}");
            found.push(who.clone());
        }
        println!("{who}: {}", time.shown());
    }
    if found.is_empty() {
        println!("== schemathesis found nothing, as {} kinds of people in {minutes} min", everybody.len());
        return Ok(());
    }
    bail!("schemathesis found something as {}; the server's log is target/fuzz.log", found.join(", "))
}

/// Schemathesis with the headers of one of them.
fn tries(python: &Path, server: &Server, headers: &Value, seconds: u64) -> Command {
    let mut command = Command::new(python.with_file_name("schemathesis"));
    command.args(["run", &format!("{}/api/v1/openapi.json", server.address)]);
    command.args(["--checks", CHECKS, "--max-examples", EXAMPLES, "--seed", SEED, "--no-color"]);
    command.args(["--phases", "examples,coverage,fuzzing", "--continue-on-failure"]);
    command.args(["--generation-database", "none", "--request-timeout", REPLY_SECONDS_MAX]);
    command.args(["--max-time", &seconds.to_string()]);
    // Whoever signs out has nothing more to try.
    command.args(["--exclude-method", "DELETE", "--exclude-path", "/api/v1/session/password"]);
    for (name, value) in headers.as_object().into_iter().flatten() {
        command.arg("--header").arg(format!("{name}: {}", value.as_str().unwrap_or_default()));
    }
    command.current_dir(&server.folder).env("SCHEMATHESIS_HOOKS", "hooks").env("PYTHONPATH", &server.folder);
    command
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_package_of_the_environment_is_pinned_to_a_version() {
        crate::python::assert_pinned(super::REQUIREMENTS);
    }
}
