//! What a workbook would take unpacked, told before anything is unpacked into memory.
//!
//! A workbook is a ZIP archive. Its directory states the size of each part, and can lie; so each part is also inflated once
//! into a small buffer and counted, up to the limits. Parts that overlap count each time.

use std::io::Read as _;

use flate2::bufread::DeflateDecoder;

use super::error::ReadError;

/// Most bytes that all parts of a workbook may have when unpacked.
pub const UNPACKED_BYTES_MAX: u64 = 512 << 20;

/// Most times that a workbook may grow when unpacked. Sheets that repeat themselves grow some sixty times.
pub const GROWTH_MAX: u64 = 200;

/// Below that many unpacked bytes growth does not matter.
const SMALL_BYTES: u64 = 16 << 20;

/// Most parts of a workbook.
const PARTS_MAX: usize = 10_000;

const END_SIGNATURE: u32 = 0x0605_4b50;
const END_BYTES: usize = 22;
const COMMENT_BYTES_MAX: usize = 0xFFFF;
const LOCATOR_SIGNATURE: u32 = 0x0706_4b50;
const LOCATOR_BYTES: usize = 20;
const LONG_END_SIGNATURE: u32 = 0x0606_4b50;
const ENTRY_SIGNATURE: u32 = 0x0201_4b50;
const ENTRY_BYTES: usize = 46;
const PART_SIGNATURE: u32 = 0x0403_4b50;
const PART_BYTES: usize = 30;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const ENCRYPTED_FLAG: u16 = 1;
/// Instead of a size that does not fit: it stands in the extra field of long archives.
const LONG: u32 = u32::MAX;
const LONG_EXTRA: u16 = 1;

/// A part as the directory tells it.
struct Part {
    flags: u16,
    method: u16,
    packed: u64,
    unpacked: u64,
    offset: u64,
}

/// Refuses an archive that is damaged, encrypted, or would grow past the limits.
pub(super) fn check(bytes: &[u8]) -> Result<(), ReadError> {
    let parts = directory(bytes).ok_or_else(damaged)?;
    let most = UNPACKED_BYTES_MAX.min(SMALL_BYTES.max(GROWTH_MAX * bytes.len() as u64));
    let stated = parts.iter().try_fold(0_u64, |sum, part| sum.checked_add(part.unpacked));
    if stated.is_none_or(|stated| stated > most) {
        return Err(ReadError::Bomb);
    }
    let mut left = most;
    for part in &parts {
        left = left.checked_sub(unpacked_bytes(bytes, part, left)?).ok_or(ReadError::Bomb)?;
    }
    Ok(())
}

/// How many bytes a part really has, counted up to one more than is left.
fn unpacked_bytes(bytes: &[u8], part: &Part, left: u64) -> Result<u64, ReadError> {
    if part.flags & ENCRYPTED_FLAG != 0 {
        return Err(ReadError::NotAWorkbook { reason: "it is encrypted".to_owned() });
    }
    let packed = packed(bytes, part).ok_or_else(damaged)?;
    match part.method {
        STORED => Ok(packed.len() as u64),
        DEFLATED => {
            let mut inflated = DeflateDecoder::new(packed).take(left.saturating_add(1));
            std::io::copy(&mut inflated, &mut std::io::sink()).map_err(|_| damaged())
        }
        _ => Err(ReadError::NotAWorkbook { reason: "it is packed in an unknown way".to_owned() }),
    }
}

/// The packed bytes of a part, behind its own header.
fn packed<'b>(bytes: &'b [u8], part: &Part) -> Option<&'b [u8]> {
    let at = usize::try_from(part.offset).ok()?;
    if u32_at(bytes, at)? != PART_SIGNATURE {
        return None;
    }
    let (name, extra) = (u16_at(bytes, at + 26)?, u16_at(bytes, at + 28)?);
    let start = at + PART_BYTES + usize::from(name) + usize::from(extra);
    bytes.get(start..start.checked_add(usize::try_from(part.packed).ok()?)?)
}

fn directory(bytes: &[u8]) -> Option<Vec<Part>> {
    let end = end_of_archive(bytes)?;
    let mut count = u64::from(u16_at(bytes, end + 10)?);
    let mut at = u64::from(u32_at(bytes, end + 16)?);
    if count == u64::from(u16::MAX) || at == u64::from(LONG) {
        let locator = end.checked_sub(LOCATOR_BYTES)?;
        if u32_at(bytes, locator)? != LOCATOR_SIGNATURE {
            return None;
        }
        let long_end = usize::try_from(u64_at(bytes, locator + 8)?).ok()?;
        if u32_at(bytes, long_end)? != LONG_END_SIGNATURE {
            return None;
        }
        count = u64_at(bytes, long_end.checked_add(32)?)?;
        at = u64_at(bytes, long_end + 48)?;
    }
    let (count, mut at) = (usize::try_from(count).ok()?, usize::try_from(at).ok()?);
    if count > PARTS_MAX {
        return None;
    }
    let mut parts = Vec::with_capacity(count);
    for _ in 0..count {
        let (part, next) = entry(bytes, at)?;
        parts.push(part);
        at = next;
    }
    Some(parts)
}

/// Where the record stands that ends an archive: the last one behind which exactly its comment follows.
fn end_of_archive(bytes: &[u8]) -> Option<usize> {
    let last = bytes.len().checked_sub(END_BYTES)?;
    (last.saturating_sub(COMMENT_BYTES_MAX)..=last).rev().find(|at| {
        let comment = u16_at(bytes, at + 20).map(usize::from);
        u32_at(bytes, *at) == Some(END_SIGNATURE) && comment == Some(last - at)
    })
}

/// One entry of the directory, and where the next begins.
fn entry(bytes: &[u8], at: usize) -> Option<(Part, usize)> {
    if u32_at(bytes, at)? != ENTRY_SIGNATURE {
        return None;
    }
    let (packed, unpacked, offset) =
        (u32_at(bytes, at + 20)?, u32_at(bytes, at + 24)?, u32_at(bytes, at + 42)?);
    let name = usize::from(u16_at(bytes, at + 28)?);
    let extra = usize::from(u16_at(bytes, at + 30)?);
    let comment = usize::from(u16_at(bytes, at + 32)?);
    let extra_start = at + ENTRY_BYTES + name;
    let mut long = long_fields(bytes.get(extra_start..extra_start + extra)?);
    // Only what does not fit stands in the extra field, in this order.
    let mut of = |short: u32| if short == LONG { long.next() } else { Some(u64::from(short)) };
    let (unpacked, packed, offset) = (of(unpacked)?, of(packed)?, of(offset)?);
    let part =
        Part { flags: u16_at(bytes, at + 8)?, method: u16_at(bytes, at + 10)?, packed, unpacked, offset };
    Some((part, extra_start + extra + comment))
}

/// The long sizes of an extra field, as many as there are.
fn long_fields(mut extra: &[u8]) -> impl Iterator<Item = u64> {
    let mut fields: &[u8] = &[];
    while let (Some(id), Some(length)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        let Some(field) = extra.get(4..4 + usize::from(length)) else { break };
        if id == LONG_EXTRA {
            fields = field;
        }
        extra = &extra[4 + usize::from(length)..];
    }
    fields.as_chunks::<8>().0.iter().map(|bytes| u64::from_le_bytes(*bytes))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn damaged() -> ReadError {
    ReadError::NotAWorkbook { reason: "the archive is damaged or cut short".to_owned() }
}
