//! One run: the workload, every engine that was asked for, one line each.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::engines::python::{self, Place, SCRIPTS};
use crate::engines::{self, Engine};
use crate::exact;
use crate::measure::{Slice, Work, measure};
use crate::printing::neutral;
use crate::probe::PROBES;
use crate::report::{Figures, Line};
use crate::verdicts::Verdicts;
use crate::workload::SEED;

/// How large everything is.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Size {
    /// Most rows of a slice.
    pub rows: usize,
    /// Documents of the workload.
    pub documents: usize,
    /// CPU time that the five runs of an engine together may take, seconds.
    pub seconds: f64,
    /// Rows whose answers are compared with what is true.
    pub checked_rows: usize,
    /// The same for an engine that decides one row at a time.
    pub checked_rows_one_by_one: usize,
}

impl Size {
    /// What is published.
    pub const FULL: Size = Size {
        rows: 1_000_000,
        documents: 1_000,
        seconds: 60.0,
        checked_rows: 20_000,
        checked_rows_one_by_one: 1_000,
    };
    /// For a look, in two minutes.
    pub const QUICK: Size = Size {
        rows: 100_000,
        documents: 1_000,
        seconds: 4.0,
        checked_rows: 2_000,
        checked_rows_one_by_one: 200,
    };
}

/// What a run is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How large.
    pub size: Size,
    /// Names of engines; empty for all.
    pub only: Vec<String>,
    /// The interpreter with the peers in Python, or why there is none.
    pub python: Result<PathBuf, String>,
    /// Folder for the workload's files.
    pub folder: PathBuf,
}

/// The names that `only` may hold.
pub fn names() -> Vec<&'static str> {
    let own = engines::all();
    own.iter().map(|engine| engine.name()).chain(SCRIPTS.iter().map(|script| script.name)).collect()
}

/// Runs everything. `progress` is told what is being done.
pub fn run(settings: &Settings, progress: &mut dyn FnMut(&str)) -> Result<Vec<Line>> {
    let size = settings.size;
    progress("making the workload");
    let work = Work::new(SEED, size.rows, size.documents)?;
    let truth = exact::decide(&work.documents, &work.rows, size.checked_rows.min(size.rows));
    let is_wanted =
        |name: &str| settings.only.is_empty() || settings.only.iter().any(|wanted| wanted == name);
    let mut lines = Vec::new();
    for mut engine in engines::all() {
        if is_wanted(engine.name()) {
            progress(engine.name());
            lines.push(line(engine.as_mut(), &work, &truth, size));
        }
    }
    let scripts: Vec<_> = SCRIPTS.into_iter().filter(|script| is_wanted(script.name)).collect();
    if !scripts.is_empty() && settings.python.is_ok() {
        progress("writing the workload for the peers in Python");
        neutral::write(&settings.folder, &work.documents, &work.rows)?;
    }
    // The peers have their own copy of the rows from here on.
    drop(work);
    for script in scripts {
        progress(script.name);
        let found = settings.python.clone().and_then(|python| {
            let place = place(&python, &settings.folder, size);
            python::run(script, &place).map_err(|error| format!("{error:#}"))
        });
        lines.push(of_script(script.name, found, &truth));
    }
    Ok(lines)
}

fn place(python: &Path, folder: &Path, size: Size) -> Place {
    Place {
        python: python.to_owned(),
        folder: folder.to_owned(),
        seconds: size.seconds,
        checked_rows: size.checked_rows.min(size.rows),
    }
}

fn line(engine: &mut dyn Engine, work: &Work, truth: &Verdicts, size: Size) -> Line {
    let figures = figures(engine, work, truth, size).map_err(|error| format!("{error:#}"));
    Line { engine: engine.name().to_owned(), version: engine.version(), figures }
}

fn figures(engine: &mut dyn Engine, work: &Work, truth: &Verdicts, size: Size) -> Result<Figures> {
    let measured = measure(engine, work, size.seconds).context("measuring")?;
    let is_one_by_one = measured.slice.rows < size.checked_rows;
    let rows = if is_one_by_one { size.checked_rows_one_by_one } else { size.checked_rows };
    let checked = Slice { rows: rows.min(size.rows), documents: measured.slice.documents };
    let verdicts = engine.verdicts(work, checked).context("comparing")?;
    let difference = verdicts.against(truth);
    let probes = PROBES.iter().map(|probe| (probe.name.to_owned(), engine.probe(probe))).collect();
    Ok(Figures { measured, difference, probes })
}

fn of_script(name: &str, found: Result<python::Found, String>, truth: &Verdicts) -> Line {
    let version = found.as_ref().map(|found| found.version.clone()).unwrap_or_default();
    let figures = found.map(|found| Figures {
        measured: found.measured,
        difference: found.verdicts.against(truth),
        probes: found.probes,
    });
    Line { engine: name.to_owned(), version, figures }
}
