//! Results to the terminal or to a file that is never left half written.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::Result;

use crate::problem::Problem;

/// Whether the reader of standard output went away, as `| head` does: a reason to stop quietly.
pub fn is_closed(error: &anyhow::Error) -> bool {
    let is_pipe = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    };
    error.chain().any(is_pipe)
}

/// Standard output, buffered; what was written is flushed when the value is dropped, or by `flush`.
pub fn stdout() -> BufWriter<io::StdoutLock<'static>> {
    BufWriter::new(io::stdout().lock())
}

/// A JSON value with a line of its own for each entry.
pub fn json(out: &mut impl Write, value: &serde_json::Value) -> Result<()> {
    serde_json::to_writer_pretty(&mut *out, value).map_err(io::Error::from)?;
    writeln!(out)?;
    Ok(())
}

/// Refuses a file whose name does not say that it is of one of these kinds.
pub fn require_ending(place: &Path, endings: &[&str]) -> Result<String> {
    let ending = place.extension().map(|ending| ending.to_string_lossy().to_lowercase()).unwrap_or_default();
    if endings.contains(&ending.as_str()) {
        return Ok(ending);
    }
    let shown = place.display();
    let known = endings.iter().map(|ending| format!(".{ending}")).collect::<Vec<_>>().join("、");
    Err(Problem::new(
        format!("不知道 {shown} 该写成什么格式"),
        format!("{shown} does not say which format to write"),
    )
    .with_help(format!("文件名以 {known} 结尾"), format!("end its name in {known}"))
    .into())
}

/// A line to standard error. Nobody is left to tell where that is closed.
pub fn note(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}

/// A file that takes its name only when it is complete: it is written beside its place and moved there at the end.
/// Dropped before that, nothing of it remains.
#[derive(Debug)]
pub struct WholeFile {
    place: PathBuf,
    beside: PathBuf,
    file: Option<BufWriter<File>>,
}

impl WholeFile {
    /// Begins a file that will stand at that place.
    pub fn create(place: &Path) -> Result<Self> {
        let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let beside = place.with_file_name(format!(".{name}.{}.part", std::process::id()));
        let file = File::create(&beside).map_err(|error| cannot_write(place, &error))?;
        Ok(Self { place: place.to_owned(), beside, file: Some(BufWriter::new(file)) })
    }

    /// Moves the complete file to its place.
    pub fn finish(mut self) -> Result<()> {
        let file = self.file.take().expect("only finish takes the file, and it takes the whole value");
        let written =
            file.into_inner().map_err(io::IntoInnerError::into_error).and_then(|file| file.sync_all());
        written
            .and_then(|()| fs::rename(&self.beside, &self.place))
            .map_err(|error| cannot_write(&self.place, &error))
    }
}

impl Write for WholeFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), Write::flush)
    }
}

impl Drop for WholeFile {
    fn drop(&mut self) {
        if self.file.take().is_some() || self.beside.exists() {
            // A part that cannot be removed does no harm; its name says what it is.
            drop(fs::remove_file(&self.beside));
        }
    }
}

/// Why a file could not be written, and what to look at.
pub fn cannot_write(place: &Path, error: &io::Error) -> anyhow::Error {
    let place = place.display();
    Problem::new(format!("不能写 {place}:{error}"), format!("cannot write {place}: {error}"))
        .with_help(
            "看看文件夹在不在、有没有写的权限、磁盘满没满",
            "see that the folder exists, may be written to, and has room",
        )
        .into()
}

/// Writes a whole file at once.
pub fn write_file(place: &Path, bytes: &[u8]) -> Result<()> {
    let mut file = WholeFile::create(place)?;
    file.write_all(bytes).map_err(|error| cannot_write(place, &error))?;
    file.finish()
}

static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From here on Ctrl-C no longer ends the program at once; long work asks [`is_interrupted`] and stops in good order.
pub fn watch_interrupt() {
    // Without a handler Ctrl-C ends the program, which is the safe thing too.
    drop(ctrlc::set_handler(|| INTERRUPTED.store(true, Ordering::Relaxed)));
}

/// Whether somebody pressed Ctrl-C.
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("zhimei-output-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder for the test can be made");
        folder
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).expect("the folder is there");
        entries
            .map(|entry| entry.expect("it can be read").file_name().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn a_file_that_is_not_finished_leaves_what_was_there_before() {
        let folder = folder("unfinished");
        let place = folder.join("result.csv");
        fs::write(&place, "before").unwrap();
        let mut file = WholeFile::create(&place).unwrap();
        file.write_all(b"half").unwrap();
        assert_eq!(names(&folder).len(), 2);
        drop(file);
        assert_eq!(fs::read_to_string(&place).unwrap(), "before");
        assert_eq!(names(&folder), ["result.csv"]);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_finished_file_takes_the_place_of_the_one_before() {
        let folder = folder("finished");
        let place = folder.join("result.csv");
        fs::write(&place, "before").unwrap();
        write_file(&place, b"after").unwrap();
        assert_eq!(fs::read_to_string(&place).unwrap(), "after");
        assert_eq!(names(&folder), ["result.csv"]);
        fs::remove_dir_all(folder).unwrap();
    }
}
