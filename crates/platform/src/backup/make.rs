//! Making a backup.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest as _, Sha256};
use store::contents::Table;
use store::{Kind, Transaction};

use super::record::{Manifest, Tally, row_line};
use super::restore::check;
use super::seal::Sealing;
use super::{BackupError, Beside, Tell};
use crate::ground::chain;
use crate::ground::{Chance, Keys, Moment, to_hex};

/// Rows that are read at a time.
const ROWS_AT_ONCE: u32 = 500;

/// Bytes of a file that a line holds.
const PIECE: usize = 128 * 1024;

/// What is backed up.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The database.
    pub store: &'a store::Store,
    /// All migrations that this program knows.
    pub schema: &'a store::Schema,
    /// The keys, of which the public half goes into the backup.
    pub keys: &'a Keys,
    /// What belongs to it beside the database.
    pub beside: &'a [Beside],
    /// The moment that the backup bears.
    pub now: Moment,
}

/// A backup that was made and tried.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Made {
    /// What it says of itself.
    pub manifest: Manifest,
    /// How many rows.
    pub rows: u64,
    /// How many files.
    pub files: usize,
    /// How many bytes the backup has.
    pub bytes: u64,
}

/// Backs everything up into a file that only its owner reads. The file takes its name when it is complete, on the disk, and
/// was restored once into a database of its own beside it.
pub async fn make(
    source: Source<'_>,
    out: &Path,
    passphrase: Option<&str>,
    chance: &dyn Chance,
    tell: Tell<'_>,
) -> Result<Made, BackupError> {
    let (part, file) = Part::create(out)?;
    let mut read = source.store.read().await?;
    let (manifest, rows) =
        write_all(&source, &mut read, file, passphrase, chance, tell).await.map_err(|error| match error {
            Failed::Here(error) => error,
            Failed::Out(cause) => BackupError::File { path: out.to_owned(), cause },
        })?;
    drop(read);
    let tried = check(&part.0, passphrase, source.schema, source.now, tell).await?;
    if tried.manifest != manifest || tried.rows != rows {
        return Err(BackupError::Damaged("it does not hold what was read".to_owned()));
    }
    let bytes = std::fs::metadata(&part.0).map_or(0, |file| file.len());
    part.take_name(out)?;
    Ok(Made { manifest, rows, files: source.beside.len(), bytes })
}

/// A file that is not complete; dropped, it goes. It is locked, so that what a process left that was killed is told from what
/// another is writing just now.
struct Part(PathBuf, #[expect(dead_code, reason = "it holds the lock")] File);

impl Part {
    fn create(out: &Path) -> Result<(Self, File), BackupError> {
        let name = out.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let path = out.with_file_name(format!(".{name}.part"));
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let begun = options.open(&path).and_then(|file| {
            file.try_lock()?;
            file.set_len(0)?;
            Ok((file.try_clone()?, file))
        });
        let (held, file) = begun.map_err(|cause| BackupError::File { path: path.clone(), cause })?;
        Ok((Self(path, held), file))
    }

    fn take_name(&self, out: &Path) -> Result<(), BackupError> {
        let done = std::fs::rename(&self.0, out).and_then(|()| match out.parent() {
            // The name is on the disk when the folder is.
            Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
            _ => File::open(".")?.sync_all(),
        });
        done.map_err(|cause| BackupError::File { path: out.to_owned(), cause })
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // A part that cannot be removed does no harm; its name says what it is.
        drop(std::fs::remove_file(&self.0));
    }
}

enum Failed {
    Here(BackupError),
    Out(io::Error),
}

impl From<BackupError> for Failed {
    fn from(error: BackupError) -> Self {
        Self::Here(error)
    }
}

impl From<store::StoreError> for Failed {
    fn from(error: store::StoreError) -> Self {
        Self::Here(error.into())
    }
}

async fn write_all(
    source: &Source<'_>,
    read: &mut Transaction,
    file: File,
    passphrase: Option<&str>,
    chance: &dyn Chance,
    tell: Tell<'_>,
) -> Result<(Manifest, u64), Failed> {
    let tables = read.tables().await?;
    let manifest = manifest_of(source, read, &tables).await?;
    let mut out = Sealing::begin(io::BufWriter::new(file), passphrase, chance).map_err(Failed::Out)?;
    writeln!(out, "{}", manifest.to_line()).map_err(Failed::Out)?;
    let mut rows = 0;
    let mut tallies = Vec::new();
    for table in &tables {
        writeln!(out, "{}", json!({ "table": table.name })).map_err(Failed::Out)?;
        let tally = write_rows(read, table, &mut out, rows, tell).await?;
        rows += tally.rows;
        tallies.push(tally.to_json(&table.name));
    }
    let mut files = Vec::new();
    for beside in source.beside {
        files.push(write_file(beside, &mut out)?);
    }
    let end = json!({ "end": { "tables": tallies, "files": files } });
    writeln!(out, "{end}").map_err(Failed::Out)?;
    let finished = out.finish().and_then(|out| out.into_inner().map_err(io::IntoInnerError::into_error));
    finished.and_then(|file| file.sync_all()).map_err(Failed::Out)?;
    Ok((manifest, rows))
}

async fn manifest_of(
    source: &Source<'_>,
    read: &mut Transaction,
    tables: &[Table],
) -> Result<Manifest, BackupError> {
    let head = chain::head(read, source.keys).await?;
    let columns = |table: &Table| table.column_names().into_iter().map(str::to_owned).collect();
    let from = match read.kind() {
        Kind::Sqlite => "sqlite",
        Kind::Postgres => "postgres",
    };
    Ok(Manifest {
        made_ms: source.now.0,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        from: from.to_owned(),
        migrations: read.applied().await?.unwrap_or_default(),
        chain_size: head.size,
        chain_root: head.root().to_string(),
        verifying_key: source.keys.verifying_key().to_bytes(),
        tables: tables.iter().map(|table| (table.name.clone(), columns(table))).collect(),
    })
}

async fn write_rows(
    read: &mut Transaction,
    table: &Table,
    out: &mut impl Write,
    before: u64,
    tell: Tell<'_>,
) -> Result<Tally, Failed> {
    let mut tally = Tally::default();
    let mut after = None;
    loop {
        let page = read.rows_after(table, after.as_deref(), ROWS_AT_ONCE).await?;
        for row in &page {
            let line = row_line(row);
            tally.add(&line);
            writeln!(out, "{line}").map_err(Failed::Out)?;
        }
        tell(before + tally.rows);
        match page.last() {
            Some(last) if page.len() == ROWS_AT_ONCE as usize => after = Some(table.key_of(last)),
            _ => return Ok(tally),
        }
    }
}

fn write_file(beside: &Beside, out: &mut impl Write) -> Result<serde_json::Value, Failed> {
    let failed = |cause| BackupError::File { path: beside.path.clone(), cause };
    let mut file = File::open(&beside.path).map_err(failed)?;
    writeln!(out, "{}", json!({ "file": beside.name })).map_err(Failed::Out)?;
    let (mut bytes, mut digest) = (0, Sha256::new());
    let mut piece = vec![0; PIECE];
    loop {
        let count = file.read(&mut piece).map_err(failed)?;
        if count == 0 {
            break;
        }
        bytes += count as u64;
        digest.update(&piece[..count]);
        writeln!(out, "{}", json!({ "piece": to_hex(&piece[..count]) })).map_err(Failed::Out)?;
    }
    Ok(json!({ "name": beside.name, "bytes": bytes, "digest": to_hex(&digest.finalize()) }))
}
