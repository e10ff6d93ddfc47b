//! Our own server: started for the measurement on a folder that is removed, and asked about an example enterprise.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use engine::point::{Engine, Money, Options, Rulebook, Standing};
use facts::read::{ReadOptions, read};
use facts::{Date, Profile};
use serde_json::{Value, json};

use super::{Question, Row, Spans, closed_loop, http};

/// The day of decision, the same for the server and for the one that checks it.
const DAY: &str = "2026-06-30";

/// Settings that let nothing stand in the way of a load.
const LIMITS: [&str; 4] = [
    "ZHIMEI_CHECKS_A_MINUTE_BY_ADDRESS",
    "ZHIMEI_REQUESTS_A_MINUTE_BY_ADDRESS",
    "ZHIMEI_REQUESTS_A_MINUTE_BY_ACCOUNT",
    "ZHIMEI_COSTLY_REQUESTS_A_MINUTE",
];

/// After so long a server that is not ready is given up.
const READY_WITHIN: Duration = Duration::from_secs(300);

/// Imports a made-up zone into an empty folder; what the filler says of it.
pub fn fill(filler: &Path, root: &Path, folder: &Path, enterprises: u64) -> Result<Value> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder)?;
    let mut command = Command::new(filler);
    command.arg("--folder").arg(folder.join("data")).arg("--library").arg(root.join("library"));
    let output =
        command.arg("--enterprises").arg(enterprises.to_string()).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("the zone could not be imported");
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A server that is stopped, and its folder removed, in the end.
pub struct Server {
    child: Child,
    folder: PathBuf,
    /// Where it listens.
    pub address: String,
    began: Instant,
}

impl Server {
    /// Starts `zhimei serve` on the data in a folder.
    #[allow(clippy::disallowed_methods, reason = "time is what is measured")]
    pub fn start(program: &Path, folder: &Path) -> Result<Self> {
        let program = std::path::absolute(program)?;
        let mut command = Command::new(&program);
        command.args(["--lang", "en", "serve", "--listen", "127.0.0.1:0", "--data"]).arg(folder.join("data"));
        command.current_dir(folder).env("ZHIMEI_LOG_LEVEL", "warn");
        for name in LIMITS {
            command.env(name, "1000000000");
        }
        let began = Instant::now();
        let child = command.stdin(Stdio::null()).stderr(Stdio::piped()).spawn();
        let mut child = child.with_context(|| format!("starting {}", program.display()))?;
        let error = child.stderr.take().context("a server has a standard error")?;
        let mut server = Self { child, folder: folder.to_owned(), address: String::new(), began };
        let mut lines = BufReader::new(error).lines();
        let mut said = Vec::new();
        for line in &mut lines {
            let line = line?;
            if let Some(rest) = line.strip_prefix("Zhimei is up: http://") {
                server.address = rest.split(' ').next().unwrap_or_default().to_owned();
                break;
            }
            said.push(line);
        }
        if server.address.is_empty() {
            bail!("the server did not start: {}", said.join(" · "));
        }
        // What it says further is read on, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Ok(server)
    }

    /// Waits until it says that it is ready; the time since it was started.
    pub fn ready(&self) -> Result<Duration> {
        let request = http::get(&self.address, "/health/ready");
        loop {
            let mut body = Vec::new();
            let status = http::Connection::open(&self.address)?.ask(&request, &mut body)?;
            let took = self.began.elapsed();
            match status {
                200 => return Ok(took),
                _ if took > READY_WITHIN => {
                    bail!("the server is not ready after {took:?}: {}", String::from_utf8_lossy(&body));
                }
                _ => std::thread::sleep(Duration::from_millis(50)),
            }
        }
    }

    /// Memory that it holds, in bytes, where the system tells.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kib| kib << 10)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Nothing of it is kept, so it need not end in order.
        drop(self.child.kill());
        drop(self.child.wait());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

/// The library, and an example enterprise of it.
pub struct Work {
    rulebook: Rulebook,
    profile: Profile,
    day: Date,
}

impl Work {
    /// From the repository's own folders.
    pub fn load(root: &Path) -> Result<Self> {
        let mut files = Vec::new();
        collect(&root.join("library"), root, &mut files)?;
        let checked = library::check(files);
        let library = checked.library.context("the library does not check")?;
        let rulebook = library.rulebook;
        let name = "enterprises.csv";
        let bytes = std::fs::read(root.join("examples").join(name))?;
        let options = ReadOptions { kind: "enterprise".to_owned() };
        let outcome = read(name, &bytes, &rulebook.vocabulary, &options)
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let profile = outcome.profiles.into_iter().next().context("the example has an enterprise")?;
        Ok(Self { rulebook, profile, day: DAY.parse().map_err(|_| anyhow::anyhow!("{DAY} is a day"))? })
    }

    /// The documents in force for an enterprise.
    fn documents(&self) -> Vec<&str> {
        let ids = self.rulebook.ids().into_iter();
        let in_force = ids.filter(|id| {
            matches!(self.rulebook.on(id, self.day), Some(Standing::InForce(entry)) if entry.document.subject == self.profile.kind)
        });
        in_force.collect()
    }

    /// How many conditions these documents have.
    pub fn conditions(&self) -> usize {
        let of = |id: &&str| match self.rulebook.on(id, self.day) {
            Some(Standing::InForce(entry)) => entry.document.conditions().len(),
            _ => 0,
        };
        self.documents().iter().map(of).sum()
    }

    fn request(&self, with_reasons: bool) -> String {
        let subject = facts::write::to_json(&self.profile, &self.rulebook.vocabulary);
        json!({ "subject": subject, "on": DAY, "reasons": with_reasons }).to_string()
    }

    /// What the server must answer: policy, outcome, exact amount and failed conditions, worked out here.
    fn expected(&self) -> Vec<Value> {
        let engine = Engine::new(&self.rulebook).with(Options { gaps: false });
        let decisions =
            self.documents().into_iter().filter_map(|id| engine.decide(id, &self.profile, self.day));
        let answers = decisions.map(|decision| {
            let fen = match decision.amount {
                Some(Money::Exact(fen)) => Some(fen.0),
                _ => None,
            };
            json!([decision.document.id, decision.outcome.as_code(), fen, decision.failed])
        });
        answers.collect()
    }
}

fn collect(folder: &Path, root: &Path, files: &mut Vec<library::File>) -> Result<()> {
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, root, files)?;
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.strip_prefix(root.join("library"))?.to_string_lossy().replace('\\', "/");
            files.push(library::File::new(name, std::fs::read_to_string(&path)?));
        }
    }
    Ok(())
}

/// Policy, outcome, amount and failed conditions of an answer.
fn told(body: &[u8]) -> Result<Vec<Value>, String> {
    let answer: Value = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let results = answer["results"].as_array().ok_or("no results")?;
    let told = results.iter().map(|one| {
        let failed: Vec<&Value> =
            one["failed"].as_array().into_iter().flatten().map(|one| &one["id"]).collect();
        json!([one["policy"], one["outcome"], one["amount_fen"], failed])
    });
    Ok(told.collect())
}

/// Our rows: the answers, and the answers with all their reasons.
pub fn rows(server: &Server, work: &Work, spans: Spans) -> Vec<Row> {
    let expected = work.expected();
    let is_right = |body: &[u8]| {
        let told = told(body)?;
        let differs = expected.iter().zip(&told).find(|(expected, told)| expected != told);
        match differs {
            Some((expected, told)) => Err(format!("{told} instead of {expected}")),
            None if expected.len() == told.len() => Ok(()),
            None => Err(format!("{} answers instead of {}", told.len(), expected.len())),
        }
    };
    let (documents, conditions) = (expected.len(), work.conditions());
    let row = |name, with_reasons: bool, what: &str| {
        let question = Question {
            address: server.address.clone(),
            request: http::post(&server.address, "/api/v1/check", &work.request(with_reasons)),
            is_right: &is_right,
        };
        Row {
            name,
            form: format!("{documents} documents, {conditions} conditions: {what}"),
            points: closed_loop::measure(&question, spans).map_err(|error| format!("{error:#}")),
        }
    };
    vec![
        row("zhimei", false, "outcome, amount, failed conditions, missing facts"),
        row("zhimei-reasons", true, "the same with all reasons and how far off"),
    ]
}
