//! Restoring a backup, and trying whether one can be restored.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use ed25519_dalek::VerifyingKey;
use serde_json::{Value as Json, json};
use sha2::{Digest as _, Sha256};
use store::contents::Table;
use store::{Location, Schema, Store, Value, Write};

use super::record::{Manifest, Tally, read_bytes, read_row, row_line};
use super::seal::{Opened, open};
use super::{BackupError, Tell};
use crate::ground::chain::{self, FiledHeads};
use crate::ground::{Moment, to_hex};

/// Longest line that is read: a statement about a subject is far shorter.
const LINE_BYTES_MAX: u64 = 256 << 20;

/// Rows that are put in at a time.
const ROWS_AT_ONCE: usize = 500;

/// Most levels of folders in the name of a file.
const DEPTH_MAX: usize = 8;

/// The name under which the file of heads is in a backup.
const HEADS: &str = "audit-heads.jsonl";

/// Where a backup goes.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    /// An empty database.
    pub location: &'a Location,
    /// The folder for what was beside it.
    pub folder: &'a Path,
    /// All migrations that this program knows.
    pub schema: &'a Schema,
    /// Now.
    pub now: Moment,
}

/// What was restored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Restored {
    /// What the backup says of itself.
    pub manifest: Manifest,
    /// How many rows.
    pub rows: u64,
    /// The names of the files.
    pub files: Vec<String>,
    /// How many entries of the audit chain were computed again.
    pub entries: u64,
    /// Migrations that this program has and the backup did not go through.
    pub missing: Vec<&'static str>,
}

/// Restores a backup into a database of SQLite and a folder beside it, verifies everything, and removes both.
pub async fn check(
    backup: &Path,
    passphrase: Option<&str>,
    schema: &Schema,
    now: Moment,
    tell: Tell<'_>,
) -> Result<Restored, BackupError> {
    let name = backup.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let trial =
        Trial(backup.with_file_name(format!(
            "{}.trial",
            if name.starts_with('.') { name } else { format!(".{name}") }
        )));
    let failed = |cause| BackupError::File { path: trial.0.clone(), cause };
    drop(std::fs::remove_dir_all(&trial.0));
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&trial.0).map_err(failed)?;
    let location = Location::File(trial.0.join("trial.db"));
    let target = Target { location: &location, folder: &trial.0.join("beside"), schema, now };
    restore(backup, passphrase, target, tell).await
}

/// A folder that goes when it is dropped.
struct Trial(PathBuf);

impl Drop for Trial {
    fn drop(&mut self) {
        // A trial that cannot be removed does no harm; its name says what it is.
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// Restores a backup: rows, counts, digests, files and the audit chain are all right before anything is made true.
pub async fn restore(
    backup: &Path,
    passphrase: Option<&str>,
    target: Target<'_>,
    tell: Tell<'_>,
) -> Result<Restored, BackupError> {
    let file = File::open(backup).map_err(|cause| BackupError::File { path: backup.to_owned(), cause })?;
    let mut lines = Lines { input: open(BufReader::new(file), passphrase)?, number: 0 };
    let manifest = lines.next()?.and_then(|line| Manifest::parse(&line)).ok_or(BackupError::NotABackup)?;
    let schema = target.schema.as_applied(&manifest.migrations)?;
    let (store, mut write) = Store::open_empty(target.location, &schema, target.now.0).await?;
    let restored = fill(&mut write, &mut lines, manifest, target, tell).await;
    let done = match restored {
        Ok(restored) => write.commit().await.map(|()| restored).map_err(BackupError::from),
        Err(error) => write.roll_back().await.map_err(BackupError::from).and(Err(error)),
    };
    let missing = match &done {
        Ok(_) => store.plan(target.schema).await.map(|plan| plan.missing),
        Err(_) => Ok(Vec::new()),
    };
    store.close().await;
    Ok(Restored { missing: missing?, ..done? })
}

struct Lines {
    input: Opened<BufReader<File>>,
    number: u64,
}

impl Lines {
    /// The next line; `None` at the end of the file.
    fn next(&mut self) -> Result<Option<Json>, BackupError> {
        self.number += 1;
        let mut line = Vec::new();
        let limit = LINE_BYTES_MAX;
        let count = self.input.by_ref().take(limit).read_until(b'\n', &mut line);
        match count {
            Err(_) => Err(self.damaged("cannot be read")),
            Ok(0) => Ok(None),
            Ok(_) if line.last() != Some(&b'\n') => Err(self.damaged("has no end")),
            Ok(_) => serde_json::from_slice(&line).map(Some).map_err(|_| self.damaged("is not JSON")),
        }
    }

    fn damaged(&self, what: &str) -> BackupError {
        BackupError::Damaged(format!("line {} {what}", self.number))
    }
}

/// Everything into the open transaction and into the folder.
async fn fill(
    write: &mut Write,
    lines: &mut Lines,
    manifest: Manifest,
    target: Target<'_>,
    tell: Tell<'_>,
) -> Result<Restored, BackupError> {
    let tables = write.tables().await?;
    let own: Vec<(String, Vec<&str>)> =
        tables.iter().map(|table| (table.name.clone(), table.column_names())).collect();
    let is_same = own.len() == manifest.tables.len()
        && own.iter().zip(&manifest.tables).all(|(own, told)| own.0 == told.0 && own.1 == told.1);
    if !is_same {
        return Err(BackupError::Damaged("its tables are not those of its migrations".to_owned()));
    }
    let references = write.put_references_aside().await?;
    let mut filling = Filling::new(target.folder);
    loop {
        let line = lines.next()?.ok_or_else(|| lines.damaged("is missing: the end was cut off"))?;
        if let Some(end) = line.get("end") {
            filling.flush(write, &tables).await?;
            filling.close_file()?;
            if filling.told() != *end {
                return Err(BackupError::Damaged("counts or digests differ".to_owned()));
            }
            break;
        }
        filling.take(write, &tables, &line).await?.ok_or_else(|| lines.damaged("is not understood"))?;
        tell(filling.rows);
    }
    if lines.next()?.is_some() {
        return Err(lines.damaged("stands behind the end"));
    }
    write.put_references_back(references).await?;
    read_back(write, &tables, &filling, tell).await?;
    let entries = verify_chain(write, &manifest, &filling.staged.join(HEADS)).await?;
    let files = filling.place()?;
    Ok(Restored { manifest, rows: filling.rows, files, entries, missing: Vec::new() })
}

/// What the database holds now must come to what was read from the file.
async fn read_back(
    write: &mut Write,
    tables: &[Table],
    filling: &Filling,
    tell: Tell<'_>,
) -> Result<(), BackupError> {
    for (table, (_, told)) in tables.iter().zip(&filling.tallies) {
        let (mut tally, mut after) = (Tally::default(), None);
        loop {
            let limit = u32::try_from(ROWS_AT_ONCE).expect("it is a small number");
            let page = write.rows_after(table, after.as_deref(), limit).await?;
            page.iter().for_each(|row| tally.add(&row_line(row)));
            tell(filling.rows + tally.rows);
            match page.last() {
                Some(last) if page.len() == ROWS_AT_ONCE => after = Some(table.key_of(last)),
                _ => break,
            }
        }
        if tally != *told {
            return Err(BackupError::Damaged(format!("the table {} was not kept as it is", table.name)));
        }
    }
    Ok(())
}

/// The chain as it was put in, against its own head, the file of heads and what the backup says of itself.
async fn verify_chain(write: &mut Write, manifest: &Manifest, heads: &Path) -> Result<u64, BackupError> {
    let key = VerifyingKey::from_bytes(&manifest.verifying_key)
        .map_err(|_| BackupError::Damaged("its verifying key is none".to_owned()))?;
    // Heads that were filed while the backup was made may be ahead of the database's state.
    let mut filed = FiledHeads::read(heads, &key)?;
    filed.heads.retain(|head| head.size <= manifest.chain_size);
    let verified = chain::verify(write, &filed, &key).await?;
    if let Some(finding) = verified.finding {
        return Err(BackupError::Chain(finding));
    }
    if verified.pruned_up_to + verified.entries != manifest.chain_size {
        return Err(BackupError::Damaged("the audit chain is not as long as the backup says".to_owned()));
    }
    Ok(verified.entries)
}

/// What was taken from the file so far.
struct Filling {
    folder: PathBuf,
    /// Where files wait until everything is known to be right.
    staged: PathBuf,
    rows: u64,
    tallies: Vec<(String, Tally)>,
    waiting: Vec<Vec<Value>>,
    files: BTreeMap<String, (u64, String)>,
    order: Vec<String>,
    open: Option<(String, File, u64, Sha256)>,
}

impl Filling {
    fn new(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            staged: folder.join(".restoring"),
            rows: 0,
            tallies: Vec::new(),
            waiting: Vec::new(),
            files: BTreeMap::new(),
            order: Vec::new(),
            open: None,
        }
    }

    /// One line; `None` if it is not one that may come here.
    async fn take(
        &mut self,
        write: &mut Write,
        tables: &[Table],
        line: &Json,
    ) -> Result<Option<()>, BackupError> {
        if line.is_array() {
            let Some(table) = self.tallies.len().checked_sub(1).and_then(|last| tables.get(last)) else {
                return Ok(None);
            };
            let Some(row) = read_row(table, line).filter(|_| self.order.is_empty()) else {
                return Ok(None);
            };
            self.tallies.last_mut().expect("there is a table").1.add(&row_line(&row));
            self.rows += 1;
            self.waiting.push(row);
            if self.waiting.len() >= ROWS_AT_ONCE {
                self.flush(write, tables).await?;
            }
            return Ok(Some(()));
        }
        if let Some(name) = line.get("table").and_then(Json::as_str) {
            self.flush(write, tables).await?;
            let is_next = tables.get(self.tallies.len()).is_some_and(|table| table.name == name);
            self.tallies.push((name.to_owned(), Tally::default()));
            return Ok(is_next.then_some(()));
        }
        if let Some(name) = line.get("file").and_then(Json::as_str) {
            self.close_file()?;
            return self.open_file(name).map(Some);
        }
        let piece = line.get("piece").and_then(Json::as_str).and_then(read_bytes);
        let (Some(piece), Some((_, file, bytes, digest))) = (piece, &mut self.open) else {
            return Ok(None);
        };
        *bytes += piece.len() as u64;
        digest.update(&piece);
        file.write_all(&piece)
            .map_err(|cause| BackupError::File { path: self.staged.clone(), cause })
            .map(Some)
    }

    async fn flush(&mut self, write: &mut Write, tables: &[Table]) -> Result<(), BackupError> {
        if let Some(table) = self.tallies.len().checked_sub(1).and_then(|last| tables.get(last)) {
            write.restore_rows(table, &self.waiting).await?;
        }
        self.waiting.clear();
        Ok(())
    }

    /// Begins a file where files wait. Its name must lead into the folder and nowhere else.
    fn open_file(&mut self, name: &str) -> Result<(), BackupError> {
        let path = Path::new(name);
        let is_plain = path.components().all(|part| matches!(part, Component::Normal(_)))
            && (1..=DEPTH_MAX).contains(&path.components().count())
            && !name.contains(['\\', ':', '\0'])
            && !self.files.contains_key(name);
        if !is_plain {
            return Err(BackupError::Damaged(format!("the file name {name:?} leads elsewhere")));
        }
        if self.order.is_empty() {
            drop(std::fs::remove_dir_all(&self.staged));
        }
        let place = self.staged.join(path);
        let failed = |cause| BackupError::File { path: place.clone(), cause };
        std::fs::create_dir_all(place.parent().unwrap_or(&self.staged)).map_err(failed)?;
        let mut options = File::options();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&place).map_err(failed)?;
        self.order.push(name.to_owned());
        self.open = Some((name.to_owned(), file, 0, Sha256::new()));
        Ok(())
    }

    fn close_file(&mut self) -> Result<(), BackupError> {
        if let Some((name, file, bytes, digest)) = self.open.take() {
            file.sync_all().map_err(|cause| BackupError::File { path: self.staged.join(&name), cause })?;
            self.files.insert(name, (bytes, to_hex(&digest.finalize())));
        }
        Ok(())
    }

    /// What the end of the file must say.
    fn told(&self) -> Json {
        let files = self.order.iter().filter_map(|name| {
            let (bytes, digest) = self.files.get(name)?;
            Some(json!({ "name": name, "bytes": bytes, "digest": digest }))
        });
        let tables = self.tallies.iter().map(|(name, tally)| tally.to_json(name));
        json!({ "tables": tables.collect::<Vec<_>>(), "files": files.collect::<Vec<_>>() })
    }

    /// Moves the files to their places. One that is there already with the same content stays.
    fn place(&self) -> Result<Vec<String>, BackupError> {
        for name in &self.order {
            let place = self.folder.join(name);
            if place.exists() && !is_same(&place, &self.staged.join(name)) {
                return Err(BackupError::InTheWay(place));
            }
        }
        for name in &self.order {
            let place = self.folder.join(name);
            let moved = std::fs::create_dir_all(place.parent().unwrap_or(&self.folder))
                .and_then(|()| std::fs::rename(self.staged.join(name), &place));
            moved.map_err(|cause| BackupError::File { path: place, cause })?;
        }
        Ok(self.order.clone())
    }
}

impl Drop for Filling {
    fn drop(&mut self) {
        // What waits and was not placed is of no use to anybody.
        drop(std::fs::remove_dir_all(&self.staged));
    }
}

fn is_same(one: &Path, other: &Path) -> bool {
    matches!((std::fs::read(one), std::fs::read(other)), (Ok(one), Ok(other)) if one == other)
}
