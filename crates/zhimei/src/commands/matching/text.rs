//! The result as CSV or JSON, to standard output or to a file that appears when it is complete.

use std::io::{self, BufWriter, Stdout, Write};
use std::path::Path;

use anyhow::Result;
use engine::point::Decision;
use facts::{Profile, Vocabulary};
use wording::json;

use super::row::{COLUMNS, Cell, Row};
use super::{Counts, Report};
use crate::output::{self, BYTE_ORDER_MARK, WholeFile, plain};

/// Standard output or a file.
pub enum Sink {
    Out(BufWriter<Stdout>),
    File(WholeFile),
}

impl Sink {
    /// A file at that place, or standard output.
    pub fn new(file: Option<&Path>) -> Result<Self> {
        Ok(match file {
            None => Sink::Out(BufWriter::new(io::stdout())),
            Some(place) => Sink::File(WholeFile::create(place)?),
        })
    }

    /// Ends it; only now a file takes its name.
    pub fn finish(self) -> Result<()> {
        match self {
            Sink::Out(mut out) => Ok(out.flush()?),
            Sink::File(file) => file.finish(),
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Sink::Out(out) => out.write(bytes),
            Sink::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Sink::Out(out) => out.flush(),
            Sink::File(file) => file.flush(),
        }
    }
}

/// CSV to a file, with the mark that Excel needs, or to standard output.
pub fn csv_writer(file: Option<&Path>) -> Result<csv::Writer<Sink>> {
    let mut sink = Sink::new(file)?;
    if file.is_some() {
        sink.write_all(BYTE_ORDER_MARK)?;
    }
    Ok(csv::Writer::from_writer(sink))
}

/// Ends a CSV; what was left in memory may not fit on the disk.
pub fn finish(writer: csv::Writer<Sink>, file: Option<&Path>) -> Result<()> {
    match (writer.into_inner(), file) {
        (Ok(sink), _) => sink.finish(),
        (Err(error), Some(place)) => Err(output::cannot_write(place, error.error())),
        (Err(error), None) => Err(io::Error::new(error.error().kind(), error.to_string()).into()),
    }
}

/// One line a decision.
pub struct Csv<'v> {
    writer: csv::Writer<Sink>,
    vocabulary: &'v Vocabulary,
}

impl<'v> Csv<'v> {
    pub fn new(file: Option<&Path>, vocabulary: &'v Vocabulary) -> Result<Self> {
        let mut writer = csv_writer(file)?;
        writer.write_record(COLUMNS).map_err(io_error)?;
        Ok(Self { writer, vocabulary })
    }
}

impl Report for Csv<'_> {
    fn add(&mut self, subject: &Profile, decisions: &[Decision<'_>]) -> Result<()> {
        for decision in decisions {
            let row = Row::new(subject, decision, self.vocabulary);
            let cells = row.cells.iter().map(|cell| match cell {
                Cell::Text(text) => plain(text),
                Cell::Number(number) => number.clone().unwrap_or_default(),
            });
            self.writer.write_record(cells).map_err(io_error)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Counts) -> Result<()> {
        self.writer
            .into_inner()
            .map_err(|error| io::Error::new(error.error().kind(), error.to_string()))?
            .finish()
    }
}

/// The cause inside, so that a closed pipe is known as one.
pub fn io_error(error: csv::Error) -> anyhow::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error.into(),
        other => anyhow::anyhow!("{other:?}"),
    }
}

/// A list of decisions, each on a line of its own.
pub struct Json<'v> {
    sink: Sink,
    vocabulary: &'v Vocabulary,
    is_first: bool,
}

impl<'v> Json<'v> {
    pub fn new(file: Option<&Path>, vocabulary: &'v Vocabulary) -> Result<Self> {
        let mut sink = Sink::new(file)?;
        write!(sink, "[")?;
        Ok(Self { sink, vocabulary, is_first: true })
    }
}

impl Report for Json<'_> {
    fn add(&mut self, subject: &Profile, decisions: &[Decision<'_>]) -> Result<()> {
        for decision in decisions {
            let between = if self.is_first { "\n" } else { ",\n" };
            self.is_first = false;
            write!(self.sink, "{between}{}", json::decision(decision, subject, self.vocabulary))?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, _: &Counts) -> Result<()> {
        writeln!(self.sink, "\n]")?;
        self.sink.finish()
    }
}
