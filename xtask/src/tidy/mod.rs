//! `cargo xtask tidy`: what ARCHITECTURE.md promises of the sources, checked.
//!
//! Each check reads [`Sources`] (or the workspace's manifests) and returns findings; none stops another. A finding says
//! where, what, why it matters and what to do. The few that may be excused stand with their reasons in
//! `xtask/tidy-allow.txt`, and an excuse that is no longer needed is itself a finding.

mod allow;
mod edges;
mod hygiene;
mod kernel;
mod layers;
mod prose;
mod rust;
mod size;
mod sources;
mod text;
mod words;

use std::fmt;

use anyhow::{Result, bail};

use crate::{process, schema};
use rust::RustFile;
use sources::Sources;

/// Something that must not stay so.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Finding {
    /// Path from the root of the repository.
    pub path: String,
    /// Line from 1; 0 where the file as a whole is meant.
    pub line: usize,
    /// The check's name, as ARCHITECTURE.md and `tidy-allow.txt` use it.
    pub rule: &'static str,
    /// What an excuse names besides the path: a function, a word.
    pub item: String,
    /// What stands there.
    pub what: String,
    /// Why that is not wanted.
    pub why: &'static str,
    /// What to do.
    pub todo: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}", self.path)?,
            line => write!(f, "{}:{line}", self.path)?,
        }
        write!(f, ": {} [{}]\n    why: {}\n    do:  {}", self.what, self.rule, self.why, self.todo)
    }
}

/// Runs all checks, prints what they found, and fails if that is anything.
pub fn run() -> Result<()> {
    let sources = Sources::read(process::root())?;
    let (files, mut findings) = rust::parse_all(&sources.rust);
    findings.extend(edges::check(process::root())?);
    findings.extend(kernel::check(&files));
    findings.extend(layers::check(&files));
    findings.extend(words::check(&files, &words::collect(&sources.library)));
    findings.extend(size::check(&files));
    findings.extend(hygiene::check(&files));
    findings.extend(text::check(&sources.texts));
    findings.extend(prose::check(&sources.texts));
    findings.extend(schema_finding());
    let mut findings = allow::apply(&sources.allowed, findings);
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("{} findings in {} files", findings.len(), files_in(&findings));
    }
    let lines: usize = files.iter().map(RustFile::lines).sum();
    println!("tidy: {} Rust files, {lines} lines, {} texts: nothing found", files.len(), sources.texts.len());
    Ok(())
}

fn files_in(findings: &[Finding]) -> usize {
    let mut paths: Vec<&str> = findings.iter().map(|finding| finding.path.as_str()).collect();
    paths.dedup();
    paths.len()
}

fn schema_finding() -> Option<Finding> {
    let (what, todo) = match schema::is_fresh() {
        Ok(true) => return None,
        Ok(false) => {
            ("is not what `zhimei schema` prints".to_owned(), "run `cargo xtask schema` and commit the file")
        }
        Err(error) => {
            (format!("could not be compared: {error:#}"), "make `cargo run -p zhimei -- schema` work")
        }
    };
    Some(Finding {
        path: schema::PATH.to_owned(),
        line: 0,
        rule: "schema",
        item: String::new(),
        what,
        why: "editors complete and check documents by this file; it must say what the checker says",
        todo: todo.to_owned(),
    })
}
