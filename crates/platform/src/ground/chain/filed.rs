//! Heads filed outside the database: an append-only file of JSON lines, each signed, each holding the digest of the one
//! before.
//!
//! Whoever holds a copy of any line, or knows the verifying key, can later prove that the chain was cut or made anew.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use ed25519_dalek::VerifyingKey;
use serde_json::json;
use sha2::Digest as _;

use super::hash::{Algorithm, Canonical, Digest};
use super::head::is_signed;
use crate::ground::keys::{from_hex, to_hex};
use crate::ground::{Fault, Ground, Keys, Moment};

/// Digest before the first line.
const BEFORE_FIRST: Digest = Digest([0; 32]);

/// A head as it was at a moment.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FiledHead {
    /// When it was filed.
    pub at: Moment,
    /// What the chain is made with.
    pub algorithm: Algorithm,
    /// Number of entries.
    pub size: u64,
    /// Hash of the last.
    pub hash: Digest,
    /// Root of the Merkle tree.
    pub root: Digest,
    /// Digest of the line before.
    pub previous: Digest,
    signature: Vec<u8>,
}

/// The lines of a file, and the first that is not what we wrote.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FiledHeads {
    /// The heads before any that is wrong, the oldest first.
    pub heads: Vec<FiledHead>,
    /// Number from 1 of the first line that was altered, moved or put in.
    pub wrong_line: Option<usize>,
    last_digest: Option<Digest>,
}

impl FiledHead {
    /// As a line of the file, without its end.
    pub fn line(&self) -> String {
        json!({
            "at_ms": self.at.0,
            "algorithm": self.algorithm.as_code(),
            "size": self.size,
            "hash": self.hash.to_string(),
            "root": self.root.to_string(),
            "previous": self.previous.to_string(),
            "signature": to_hex(&self.signature),
        })
        .to_string()
    }

    /// Reads a line; `None` if it is not one.
    pub fn parse(line: &str) -> Option<Self> {
        let value: serde_json::Value = serde_json::from_str(line).ok()?;
        let text = |key: &str| value.get(key)?.as_str();
        Some(Self {
            at: Moment(value.get("at_ms")?.as_i64()?),
            algorithm: Algorithm::parse_code(text("algorithm")?)?,
            size: value.get("size")?.as_u64()?,
            hash: Digest::parse(text("hash")?)?,
            root: Digest::parse(text("root")?)?,
            previous: Digest::parse(text("previous")?)?,
            signature: from_hex::<64>(text("signature")?)?.to_vec(),
        })
    }

    /// Whether it bears the key's signature.
    pub fn is_signed_with(&self, key: &VerifyingKey) -> bool {
        is_signed(&self.message(), &self.signature, key)
    }

    fn message(&self) -> Vec<u8> {
        Canonical::of("zhimei audit filed head 1")
            .number(self.at.0.cast_unsigned())
            .text(self.algorithm.as_code())
            .number(self.size)
            .bytes(&self.hash.0)
            .bytes(&self.root.0)
            .bytes(&self.previous.0)
            .finish()
    }
}

impl FiledHeads {
    /// Reads the lines of a file. The last may lack its end if the machine stopped while it was written; then it does
    /// not count.
    pub fn parse(text: &str, key: &VerifyingKey) -> Self {
        let mut read = Self::default();
        let complete = text.rfind('\n').map_or("", |end| &text[..end]);
        for (index, line) in complete.lines().enumerate() {
            let previous = read.last_digest.unwrap_or(BEFORE_FIRST);
            let grows = |head: &FiledHead| read.heads.last().is_none_or(|last| last.size <= head.size);
            match FiledHead::parse(line) {
                Some(head) if head.previous == previous && grows(&head) && head.is_signed_with(key) => {
                    read.heads.push(head);
                    read.last_digest = Some(line_digest(line));
                }
                _ => {
                    read.wrong_line = Some(index + 1);
                    break;
                }
            }
        }
        read
    }

    /// Reads a file; one that is not there has no lines.
    pub fn read(path: &Path, key: &VerifyingKey) -> Result<Self, Fault> {
        match std::fs::read_to_string(path) {
            Ok(text) => Ok(Self::parse(&text, key)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(cause) => Err(Fault::File { path: path.to_owned(), cause }),
        }
    }
}

fn line_digest(line: &str) -> Digest {
    Digest(sha2::Sha256::digest(line.as_bytes()).into())
}

/// Files the head of now, if the chain has grown since the last. Processes that file at the same time wait for each other.
///
/// It is on the disk when this returns. A line that a stop of the machine cut short is taken off first.
pub async fn file_head(ground: &Ground, path: &Path) -> Result<Option<FiledHead>, Fault> {
    let key = ground.keys().verifying_key();
    let failed = |cause| Fault::File { path: path.to_owned(), cause };
    let file = File::options().create(true).append(true).read(true).open(path).map_err(failed)?;
    // Let go of when the file is closed. The head is read under it, so that sizes in the file never fall.
    file.lock().map_err(failed)?;
    let head = super::head(&mut ground.read().await?, ground.keys()).await?;
    let filed = FiledHeads::read(path, &key)?;
    if filed.heads.last().is_some_and(|last| last.size == head.size && last.hash == head.hash) {
        return Ok(None);
    }
    let mut line = FiledHead {
        at: ground.now(),
        algorithm: head.algorithm,
        size: head.size,
        hash: head.hash,
        root: head.root(),
        previous: filed.last_digest.unwrap_or(BEFORE_FIRST),
        signature: Vec::new(),
    };
    line.signature = sign(ground.keys(), &line);
    append(file, path, &line).map_err(failed)?;
    Ok(Some(line))
}

fn sign(keys: &Keys, head: &FiledHead) -> Vec<u8> {
    keys.sign(&head.message()).to_vec()
}

/// Cuts off what a stop of the machine left half-written, writes the line and waits for the disk.
fn append(mut file: File, path: &Path, head: &FiledHead) -> io::Result<()> {
    let text = std::fs::read(path)?;
    let complete = text.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
    if complete < text.len() {
        file.set_len(complete as u64)?;
    }
    writeln!(file, "{}", head.line())?;
    file.sync_all()
}
