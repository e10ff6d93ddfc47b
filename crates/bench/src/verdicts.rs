//! Three-valued answers of many documents for many rows, and how those of two engines differ.

use std::path::Path;

use anyhow::{Context, Result, bail};

/// The conditions do not hold.
pub const FALSE: u8 = 0;
/// They hold.
pub const TRUE: u8 = 1;
/// Something that is not known decides, or the engine gave no answer.
pub const UNKNOWN: u8 = 2;

/// One answer a document and row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Verdicts {
    /// Documents.
    pub documents: usize,
    /// Rows.
    pub rows: usize,
    cells: Vec<u8>,
}

/// How an engine's answers differ from what is true.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Difference {
    /// Answers compared.
    pub compared: u64,
    /// Yes where it is no, or no where it is yes.
    pub wrong: u64,
    /// Yes or no where it cannot be known.
    pub guessed: u64,
    /// No answer where it is known.
    pub withheld: u64,
}

impl Verdicts {
    /// All unknown.
    pub fn new(documents: usize, rows: usize) -> Self {
        Self { documents, rows, cells: vec![UNKNOWN; documents * rows] }
    }

    /// Reads what a peer wrote: a byte an answer, document by document.
    pub fn read(path: &Path, documents: usize, rows: usize) -> Result<Self> {
        let cells = std::fs::read(path).with_context(|| format!("reading `{}`", path.display()))?;
        if cells.len() != documents * rows || cells.iter().any(|cell| *cell > UNKNOWN) {
            bail!("`{}` does not hold {documents} × {rows} answers", path.display());
        }
        Ok(Self { documents, rows, cells })
    }

    /// The answer of a document for a row.
    pub fn get(&self, document: usize, row: usize) -> u8 {
        self.cells[document * self.rows + row]
    }

    /// Notes an answer.
    pub fn set(&mut self, document: usize, row: usize, verdict: u8) {
        self.cells[document * self.rows + row] = verdict;
    }

    /// How many rows a document holds true and false for.
    pub fn counts(&self, document: usize) -> (u64, u64) {
        let cells = &self.cells[document * self.rows..(document + 1) * self.rows];
        let count = |wanted| cells.iter().filter(|cell| **cell == wanted).count() as u64;
        (count(TRUE), count(FALSE))
    }

    /// Compares with what is true, over the documents and rows that both have.
    pub fn against(&self, truth: &Verdicts) -> Difference {
        let mut difference = Difference::default();
        for document in 0..self.documents.min(truth.documents) {
            for row in 0..self.rows.min(truth.rows) {
                difference.compared += 1;
                match (self.get(document, row), truth.get(document, row)) {
                    (mine, theirs) if mine == theirs => {}
                    (UNKNOWN, _) => difference.withheld += 1,
                    (_, UNKNOWN) => difference.guessed += 1,
                    _ => difference.wrong += 1,
                }
            }
        }
        difference
    }
}
