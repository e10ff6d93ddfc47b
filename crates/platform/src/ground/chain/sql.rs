//! The statements of the chain.

use store::{Row, Transaction, Write, sql};

use super::Wanted;
use super::entry::{ERASE, ERASED_SUBJECT, Entry, SaltedValue, ValueSide};
use super::hash::{Algorithm, Digest};
use super::head::{Head, SignedHead};
use super::merkle::Peaks;
use crate::ground::{Fault, Moment};

pub async fn head(transaction: &mut Transaction) -> Result<Option<SignedHead>, Fault> {
    let statement = sql("SELECT algorithm, size, hash, peaks, signature FROM audit_head WHERE id = 1");
    transaction.fetch_optional(statement).await?.map(|row| signed_head(&row)).transpose()
}

/// Reads the head and holds its row to the end of the transaction: an update locks it on both databases.
pub async fn lock_head(write: &mut Write) -> Result<Option<SignedHead>, Fault> {
    let statement = sql("UPDATE audit_head SET size = size WHERE id = 1 \
                         RETURNING algorithm, size, hash, peaks, signature");
    write.fetch_optional(statement).await?.map(|row| signed_head(&row)).transpose()
}

pub async fn insert_head(write: &mut Write, head: &Head, signature: &[u8]) -> Result<(), Fault> {
    let statement = sql("INSERT INTO audit_head (id, algorithm, size, hash, peaks, signature) \
                         VALUES (1, $1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING")
    .bind(head.algorithm.as_code())
    .bind(to_i64(head.size))
    .bind(head.hash.0)
    .bind(head.peaks.to_bytes())
    .bind(signature);
    write.execute(statement).await?;
    Ok(())
}

pub async fn update_head(write: &mut Write, head: &Head, signature: &[u8]) -> Result<(), Fault> {
    let statement =
        sql("UPDATE audit_head SET size = $1, hash = $2, peaks = $3, signature = $4 WHERE id = 1")
            .bind(to_i64(head.size))
            .bind(head.hash.0)
            .bind(head.peaks.to_bytes())
            .bind(signature);
    write.execute(statement).await?;
    Ok(())
}

pub async fn is_empty(transaction: &mut Transaction) -> Result<bool, Fault> {
    Ok(transaction.fetch_optional(sql("SELECT position FROM audit_entry LIMIT 1")).await?.is_none())
}

pub async fn insert_entry(write: &mut Write, entry: &Entry) -> Result<(), Fault> {
    let digest = |digest: Option<Digest>| digest.map(|digest| digest.0.to_vec());
    let statement = sql("INSERT INTO audit_entry (position, at_ms, actor, acting_for, action, subject, \
                         before_digest, after_digest, request_id, hash) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)")
    .bind(to_i64(entry.position))
    .bind(entry.at.0)
    .bind(&entry.actor)
    .bind(entry.acting_for.clone())
    .bind(&entry.action)
    .bind(&entry.subject)
    .bind(digest(entry.before_digest))
    .bind(digest(entry.after_digest))
    .bind(&entry.request)
    .bind(entry.hash.0);
    write.execute(statement).await?;
    for value in &entry.values {
        let statement = sql("INSERT INTO audit_value (position, side, salt, value) VALUES ($1, $2, $3, $4)")
            .bind(to_i64(entry.position))
            .bind(value.side.as_code())
            .bind(value.salt.clone())
            .bind(&value.value);
        write.execute(statement).await?;
    }
    Ok(())
}

/// What every list of entries reads: the entry, and its values where they are not erased.
macro_rules! entries_where {
    ($rest:literal) => {
        concat!(
            "SELECT e.position, e.at_ms, e.actor, e.acting_for, e.action, e.subject, e.before_digest, \
             e.after_digest, e.request_id, e.hash, b.salt AS before_salt, b.value AS before_value, \
             a.salt AS after_salt, a.value AS after_value FROM audit_entry e \
             LEFT JOIN audit_value b ON b.position = e.position AND b.side = 'before' \
             LEFT JOIN audit_value a ON a.position = e.position AND a.side = 'after' ",
            $rest
        )
    };
}

pub async fn entries_after(
    transaction: &mut Transaction,
    position: u64,
    limit: i64,
) -> Result<Vec<Entry>, Fault> {
    let statement = sql(entries_where!("WHERE e.position > $1 ORDER BY e.position LIMIT $2"));
    let rows = transaction.fetch_all(statement.bind(to_i64(position)).bind(limit)).await?;
    rows.iter().map(entry).collect()
}

/// One entry.
pub async fn entry_at(transaction: &mut Transaction, position: u64) -> Result<Option<Entry>, Fault> {
    let statement = sql(entries_where!("WHERE e.position = $1")).bind(to_i64(position));
    transaction.fetch_optional(statement).await?.map(|row| entry(&row)).transpose()
}

/// Entries that are looked for, the latest first. Whoever looks for a subject reads by its index, everybody else by position.
pub async fn search(transaction: &mut Transaction, wanted: &Wanted, limit: i64) -> Result<Vec<Entry>, Fault> {
    let statement = match &wanted.subject {
        None => sql(entries_where!(
            "WHERE e.position < $1 AND e.at_ms >= $3 AND e.at_ms < $4 \
             AND ($5 = '' OR e.actor = $5 OR SUBSTR(e.actor, 1, LENGTH($5) + 1) = $5 || '/') \
             AND ($6 = '' OR e.action = $6 OR SUBSTR(e.action, 1, LENGTH($6) + 1) = $6 || '.') \
             ORDER BY e.position DESC LIMIT $2"
        )),
        Some(_) => sql(entries_where!(
            "WHERE e.position < $1 AND e.at_ms >= $3 AND e.at_ms < $4 \
             AND ($5 = '' OR e.actor = $5 OR SUBSTR(e.actor, 1, LENGTH($5) + 1) = $5 || '/') \
             AND ($6 = '' OR e.action = $6 OR SUBSTR(e.action, 1, LENGTH($6) + 1) = $6 || '.') \
             AND e.subject = $7 ORDER BY e.position DESC LIMIT $2"
        )),
    };
    let statement = statement
        .bind(to_i64(wanted.before))
        .bind(limit)
        .bind(wanted.from.0)
        .bind(wanted.until.0)
        .bind(wanted.actor.as_deref().unwrap_or_default())
        .bind(wanted.action.as_deref().unwrap_or_default());
    let statement = match &wanted.subject {
        None => statement,
        Some(subject) => statement.bind(subject),
    };
    let rows = transaction.fetch_all(statement).await?;
    rows.iter().map(entry).collect()
}

/// The entry that tells of the values of another being erased, the latest if there are several.
pub async fn erasure_of(transaction: &mut Transaction, position: u64) -> Result<Option<Entry>, Fault> {
    let wanted = Wanted {
        subject: Some(format!("{ERASED_SUBJECT}{position}")),
        action: Some(ERASE.to_owned()),
        ..Wanted::default()
    };
    Ok(search(transaction, &wanted, 1).await?.pop())
}

/// The hashes of all entries in order, from after a position on, at most `limit`.
pub async fn hashes_after(
    transaction: &mut Transaction,
    position: u64,
    limit: i64,
) -> Result<Vec<(u64, Digest)>, Fault> {
    let statement =
        sql("SELECT position, hash FROM audit_entry WHERE position > $1 ORDER BY position LIMIT $2")
            .bind(to_i64(position))
            .bind(limit);
    let rows = transaction.fetch_all(statement).await?;
    rows.iter().map(|row| Ok((to_u64(row.get("position")?)?, digest_of(row.get("hash")?)?))).collect()
}

/// The first position whose entry is not older than a moment.
pub async fn first_not_before(transaction: &mut Transaction, at: Moment) -> Result<Option<u64>, Fault> {
    let statement = sql("SELECT MIN(position) AS position FROM audit_entry WHERE at_ms >= $1").bind(at.0);
    let first: Option<i64> = transaction.fetch_one(statement).await?.get("position")?;
    first.map(to_u64).transpose()
}

pub async fn checkpoint(
    transaction: &mut Transaction,
    algorithm: Algorithm,
) -> Result<Option<SignedHead>, Fault> {
    let statement = sql("SELECT position AS size, hash, peaks, signature FROM audit_checkpoint WHERE id = 1");
    let row = transaction.fetch_optional(statement).await?;
    row.map(|row| signed_head_with(&row, algorithm)).transpose()
}

pub async fn set_checkpoint(write: &mut Write, head: &Head, signature: &[u8]) -> Result<(), Fault> {
    let statement = sql("INSERT INTO audit_checkpoint (id, position, hash, peaks, signature) \
                         VALUES (1, $1, $2, $3, $4) ON CONFLICT (id) DO UPDATE SET \
                         position = excluded.position, hash = excluded.hash, peaks = excluded.peaks, \
                         signature = excluded.signature")
    .bind(to_i64(head.size))
    .bind(head.hash.0)
    .bind(head.peaks.to_bytes())
    .bind(signature);
    write.execute(statement).await?;
    Ok(())
}

pub async fn delete_up_to(write: &mut Write, position: u64) -> Result<(), Fault> {
    let values = sql("DELETE FROM audit_value WHERE position <= $1").bind(to_i64(position));
    write.execute(values).await?;
    let entries = sql("DELETE FROM audit_entry WHERE position <= $1").bind(to_i64(position));
    write.execute(entries).await?;
    Ok(())
}

pub async fn delete_values(write: &mut Write, position: u64) -> Result<bool, Fault> {
    let statement = sql("DELETE FROM audit_value WHERE position = $1").bind(to_i64(position));
    Ok(write.execute(statement).await? > 0)
}

fn entry(row: &Row) -> Result<Entry, Fault> {
    let digest = |column| -> Result<Option<Digest>, Fault> {
        row.get::<Option<Vec<u8>>>(column)?.map(digest_of).transpose()
    };
    let value = |side, salt, value| -> Result<Option<SaltedValue>, Fault> {
        let (salt, value): (Option<Vec<u8>>, Option<String>) = (row.get(salt)?, row.get(value)?);
        Ok(salt.zip(value).map(|(salt, value)| SaltedValue { side, salt, value }))
    };
    let before = value(ValueSide::Before, "before_salt", "before_value")?;
    let after = value(ValueSide::After, "after_salt", "after_value")?;
    Ok(Entry {
        position: to_u64(row.get("position")?)?,
        at: Moment(row.get("at_ms")?),
        actor: row.get("actor")?,
        acting_for: row.get("acting_for")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        before_digest: digest("before_digest")?,
        after_digest: digest("after_digest")?,
        request: row.get("request_id")?,
        hash: digest_of(row.get("hash")?)?,
        values: before.into_iter().chain(after).collect(),
    })
}

fn signed_head(row: &Row) -> Result<SignedHead, Fault> {
    let code: String = row.get("algorithm")?;
    let algorithm =
        Algorithm::parse_code(&code).ok_or_else(|| Fault::Damaged(format!("audit_head.algorithm {code}")))?;
    signed_head_with(row, algorithm)
}

fn signed_head_with(row: &Row, algorithm: Algorithm) -> Result<SignedHead, Fault> {
    let size = to_u64(row.get("size")?)?;
    let peaks: Vec<u8> = row.get("peaks")?;
    // Peaks that do not fit the size cannot be what was signed.
    let peaks = Peaks::read(size, &peaks).ok_or(Fault::ForeignHead)?;
    let head = Head { algorithm, size, hash: digest_of(row.get("hash")?)?, peaks };
    Ok(SignedHead { head, signature: row.get("signature")? })
}

fn digest_of(bytes: Vec<u8>) -> Result<Digest, Fault> {
    let bytes = bytes.try_into().map_err(|_| Fault::Damaged("a digest of other than 32 bytes".to_owned()))?;
    Ok(Digest(bytes))
}

fn to_i64(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn to_u64(number: i64) -> Result<u64, Fault> {
    u64::try_from(number).map_err(|_| Fault::Damaged(format!("a negative count {number}")))
}
