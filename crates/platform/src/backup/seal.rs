//! The outer form of a backup: its first line, compression, and encryption under a passphrase.
//!
//! The key is argon2id of the passphrase. The stream is cut into chunks, each sealed with XChaCha20-Poly1305 under a nonce of
//! the file's own random beginning, the chunk's number and whether it is the last; so no chunk can be moved, left out or put
//! behind the end. Everything that the first line says is authenticated with each chunk.

use std::io::{self, Read, Write};

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde_json::{Value, json};

use super::BackupError;
use crate::ground::{Chance, from_hex, to_hex};

const FORMAT: &str = "zhimei-backup";
const VERSION: u64 = 1;
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
const NONCE_START: usize = 16;

/// Longest first line that is read.
const HEADER_BYTES_MAX: usize = 4 * 1024;

/// Set in a chunk's length where the chunk is the last.
const LAST: u32 = 1 << 31;

/// What a passphrase costs to try: some 64 MB and half a second.
const COST: Cost = Cost { memory_kib: 64 * 1024, passes: 3 };

/// Most that a file may ask us to spend on its passphrase.
const COST_MAX: Cost = Cost { memory_kib: 1024 * 1024, passes: 16 };

#[derive(Clone, Copy)]
struct Cost {
    memory_kib: u32,
    passes: u32,
}

fn derive(passphrase: &str, salt: &[u8], cost: Cost) -> Option<XChaCha20Poly1305> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(32)).ok()?;
    let mut key = [0; 32];
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon.hash_password_into(passphrase.as_bytes(), salt, &mut key).ok()?;
    Some(XChaCha20Poly1305::new(&key.into()))
}

struct Chunks {
    cipher: XChaCha20Poly1305,
    nonce_start: [u8; NONCE_START],
    header: Vec<u8>,
    number: u64,
}

impl Chunks {
    fn nonce(&mut self, is_last: bool) -> XNonce {
        let mut nonce = [0; 24];
        nonce[..NONCE_START].copy_from_slice(&self.nonce_start);
        // 2⁵⁶ chunks are more than any disk holds.
        nonce[NONCE_START..].copy_from_slice(&(self.number << 8 | u64::from(is_last)).to_be_bytes());
        self.number += 1;
        XNonce::from(nonce)
    }

    fn seal(&mut self, plain: &[u8], is_last: bool) -> io::Result<Vec<u8>> {
        let nonce = self.nonce(is_last);
        let payload = Payload { msg: plain, aad: &self.header };
        self.cipher.encrypt(&nonce, payload).map_err(|_| io::Error::other("a chunk cannot be sealed"))
    }

    fn open(&mut self, sealed: &[u8], is_last: bool) -> Option<Vec<u8>> {
        let nonce = self.nonce(is_last);
        self.cipher.decrypt(&nonce, Payload { msg: sealed, aad: &self.header }).ok()
    }
}

/// Writes the stream of a backup: compressed, sealed if there is a passphrase.
pub struct Sealing<W: Write>(zstd::Encoder<'static, Sink<W>>);

struct Sink<W: Write> {
    out: W,
    chunks: Option<Chunks>,
    waiting: Vec<u8>,
}

impl<W: Write> Sealing<W> {
    /// Writes the first line.
    pub fn begin(mut out: W, passphrase: Option<&str>, chance: &dyn Chance) -> io::Result<Self> {
        let salt: [u8; 16] = chance.bytes();
        let nonce_start: [u8; NONCE_START] = chance.bytes();
        let sealed = passphrase.map(|_| {
            json!({
                "cipher": "xchacha20-poly1305", "key": "argon2id",
                "memory_kib": COST.memory_kib, "passes": COST.passes,
                "salt": to_hex(&salt), "nonce": to_hex(&nonce_start),
            })
        });
        let header =
            format!("{}\n", json!({ "format": FORMAT, "version": VERSION, "sealed": sealed })).into_bytes();
        out.write_all(&header)?;
        let chunks = match passphrase {
            None => None,
            Some(passphrase) => {
                let cipher = derive(passphrase, &salt, COST)
                    .ok_or_else(|| io::Error::other("a key cannot be derived from the passphrase"))?;
                Some(Chunks { cipher, nonce_start, header, number: 0 })
            }
        };
        let mut encoder = zstd::Encoder::new(Sink { out, chunks, waiting: Vec::new() }, 3)?;
        encoder.include_checksum(true)?;
        Ok(Self(encoder))
    }

    /// Writes what is left, and gives back what was written to.
    pub fn finish(self) -> io::Result<W> {
        let mut sink = self.0.finish()?;
        if let Some(chunks) = &mut sink.chunks {
            let sealed = chunks.seal(&sink.waiting, true)?;
            write_chunk(&mut sink.out, &sealed, LAST)?;
        }
        sink.out.flush()?;
        Ok(sink.out)
    }
}

impl<W: Write> Write for Sealing<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write> Write for Sink<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(chunks) = &mut self.chunks else {
            return self.out.write(bytes);
        };
        self.waiting.extend_from_slice(bytes);
        // The last chunk is marked, so a full one waits until it is known that more comes.
        while self.waiting.len() > CHUNK {
            let sealed = chunks.seal(&self.waiting[..CHUNK], false)?;
            write_chunk(&mut self.out, &sealed, 0)?;
            self.waiting.drain(..CHUNK);
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn write_chunk(out: &mut impl Write, sealed: &[u8], mark: u32) -> io::Result<()> {
    let length = u32::try_from(sealed.len()).expect("a chunk is small") | mark;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(sealed)
}

/// Reads what [`Sealing`] wrote.
pub type Opened<R> = io::BufReader<zstd::Decoder<'static, io::BufReader<Chunked<R>>>>;

/// The compressed stream, out of its chunks if it is sealed.
pub struct Chunked<R> {
    input: R,
    chunks: Option<Chunks>,
    ready: io::Cursor<Vec<u8>>,
    is_over: bool,
}

/// Reads the first line and opens what follows. A passphrase that is not needed is not looked at.
pub fn open<R: Read>(mut input: R, passphrase: Option<&str>) -> Result<Opened<R>, BackupError> {
    let header = read_header(&mut input).ok_or(BackupError::NotABackup)?;
    let value: Value = serde_json::from_slice(&header).map_err(|_| BackupError::NotABackup)?;
    if value["format"] != FORMAT || value["version"].as_u64() != Some(VERSION) {
        return Err(BackupError::NotABackup);
    }
    let chunks = if value["sealed"].is_null() {
        None
    } else {
        let passphrase = passphrase.ok_or(BackupError::NeedsPassphrase)?;
        Some(chunks_of(&value["sealed"], header, passphrase).ok_or(BackupError::NotABackup)?)
    };
    let is_sealed = chunks.is_some();
    let mut chunked = Chunked { input, chunks, ready: io::Cursor::default(), is_over: false };
    if is_sealed {
        chunked.next_chunk().map_err(|_| BackupError::Passphrase)?;
    }
    let decoder = zstd::Decoder::new(chunked).map_err(|_| BackupError::NotABackup)?;
    Ok(io::BufReader::new(decoder))
}

fn read_header(input: &mut impl Read) -> Option<Vec<u8>> {
    let mut header = Vec::new();
    while header.len() < HEADER_BYTES_MAX {
        let mut byte = [0];
        input.read_exact(&mut byte).ok()?;
        header.push(byte[0]);
        if byte[0] == b'\n' {
            return Some(header);
        }
    }
    None
}

fn chunks_of(sealed: &Value, header: Vec<u8>, passphrase: &str) -> Option<Chunks> {
    let number = |key: &str| u32::try_from(sealed[key].as_u64()?).ok();
    let cost = Cost { memory_kib: number("memory_kib")?, passes: number("passes")? };
    if cost.memory_kib > COST_MAX.memory_kib || cost.passes > COST_MAX.passes {
        return None;
    }
    let salt = from_hex::<16>(sealed["salt"].as_str()?)?;
    let nonce_start = from_hex::<NONCE_START>(sealed["nonce"].as_str()?)?;
    Some(Chunks { cipher: derive(passphrase, &salt, cost)?, nonce_start, header, number: 0 })
}

impl<R: Read> Chunked<R> {
    fn next_chunk(&mut self) -> io::Result<()> {
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "a sealed chunk was altered or cut off");
        let Some(chunks) = &mut self.chunks else {
            return Err(wrong());
        };
        let mut length = [0; 4];
        self.input.read_exact(&mut length).map_err(|_| wrong())?;
        let length = u32::from_be_bytes(length);
        let is_last = length & LAST != 0;
        let length = usize::try_from(length & !LAST).unwrap_or(usize::MAX);
        if length > CHUNK + TAG {
            return Err(wrong());
        }
        let mut sealed = vec![0; length];
        self.input.read_exact(&mut sealed).map_err(|_| wrong())?;
        self.ready = io::Cursor::new(chunks.open(&sealed, is_last).ok_or_else(wrong)?);
        self.is_over = is_last;
        Ok(())
    }
}

impl<R: Read> Read for Chunked<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        if self.chunks.is_none() {
            return self.input.read(bytes);
        }
        loop {
            let count = self.ready.read(bytes)?;
            if count > 0 || bytes.is_empty() || self.is_over {
                return Ok(count);
            }
            self.next_chunk()?;
        }
    }
}
