//! What every command knows: the language, colours, and which library to read.

use std::ops::Deref;
use std::path::PathBuf;
use std::process::ExitCode;

use wording::Reader;

/// How a command ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It ran and found nothing wrong.
    Fine,
    /// It ran and found something wrong.
    FoundWrong,
    /// It could not run.
    CouldNotRun,
}

impl Status {
    /// Fine unless something is wrong.
    pub fn wrong_if(is_wrong: bool) -> Self {
        if is_wrong { Status::FoundWrong } else { Status::Fine }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        ExitCode::from(match status {
            Status::Fine => 0,
            Status::FoundWrong => 1,
            Status::CouldNotRun => 2,
        })
    }
}

/// The settings that hold for every command. It stands for its reader wherever words ask for one.
#[derive(Clone, Debug)]
pub struct Context {
    /// Language of everything a person reads, and whether standard output may hold colours.
    pub reader: Reader,
    /// Columns of the terminal; none where output goes elsewhere.
    pub columns: Option<usize>,
    /// A library to read instead of the one in the binary.
    pub library: Option<PathBuf>,
}

impl Deref for Context {
    type Target = Reader;

    fn deref(&self) -> &Reader {
        &self.reader
    }
}
