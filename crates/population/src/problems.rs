//! What was not understood in the cells of a batch.

use facts::Text;
use facts::read::{CellProblem, PROBLEMS_MAX, ReadProblem};

/// A cell that was not understood; its fact stays unknown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    /// Row of the file, from 0.
    pub row: usize,
    /// Where in the row: the items and columns that lead to the cell.
    pub within: Text,
    /// What is wrong, and what to write instead.
    pub problem: CellProblem,
}

impl Problem {
    /// As a problem of a file of that name; rows are counted from 1.
    pub fn at(self, file: &str) -> ReadProblem {
        let (row, within) = (self.row + 1, self.within);
        let place = Text {
            zh: format!("{file} 第 {row} 行{}", within.zh),
            en: format!("{file}, row {row}{}", within.en),
        };
        self.problem.at(place)
    }
}

/// The first problems, and how many there are.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Problems {
    listed: Vec<Problem>,
    count: usize,
}

impl Problems {
    /// At most [`PROBLEMS_MAX`], batch by batch and in each column by column.
    pub fn listed(&self) -> &[Problem] {
        &self.listed
    }

    /// How many there are, listed or not.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds those of a later batch.
    pub fn append(&mut self, later: Self) {
        let room = PROBLEMS_MAX.saturating_sub(self.listed.len());
        self.listed.extend(later.listed.into_iter().take(room));
        self.count += later.count;
    }

    /// Adds one; its place is only worked out where it is listed.
    pub(crate) fn add(&mut self, problem: impl FnOnce() -> Problem) {
        self.count += 1;
        if self.listed.len() < PROBLEMS_MAX {
            self.listed.push(problem());
        }
    }
}

/// Which row of the file a row is, where the rows may be the items of other rows.
#[derive(Clone, Copy)]
pub(crate) enum Rows<'a> {
    /// Rows of the file, the first of which has that number.
    File(usize),
    /// Items of a collection of other rows.
    Items { of: &'a Rows<'a>, offsets: &'a [u32], collection: &'a str },
}

impl Rows<'_> {
    /// The row of the file, and which item of it.
    fn locate(&self, row: usize) -> (usize, Text) {
        match self {
            Self::File(first) => (first + row, Text::default()),
            Self::Items { of, offsets, collection } => {
                let owner = offsets.partition_point(|start| *start as usize <= row) - 1;
                let item = row - offsets[owner] as usize + 1;
                let (row, mut within) = of.locate(owner);
                within.zh.push_str(&format!("“{collection}”第 {item} 条"));
                within.en.push_str(&format!(", item {item} of “{collection}”"));
                (row, within)
            }
        }
    }

    /// A problem in a column of that heading.
    pub(crate) fn problem(&self, row: usize, column: &str, problem: CellProblem) -> Problem {
        let (row, mut within) = self.locate(row);
        within.zh.push_str(&format!("({column})"));
        within.en.push_str(&format!(" ({column})"));
        Problem { row, within, problem }
    }

    /// In which row a row stands, as a person is told it.
    pub(crate) fn row_text(&self, row: usize, column: &str) -> Text {
        let (row, within) = self.locate(row);
        Text {
            zh: format!("第 {} 行{}({column})", row + 1, within.zh),
            en: format!("row {}{} ({column})", row + 1, within.en),
        }
    }
}
