//! The statements of this slice.

use store::{Row, Transaction, Write, sql};

use super::model::{Files, Release, TextDigest};
use crate::ground::{Fault, Moment};

const RELEASE: &str = "a release";

fn number(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

fn digest(row: &Row, column: &str) -> Result<TextDigest, Fault> {
    let bytes: Vec<u8> = row.get(column)?;
    bytes.try_into().map(TextDigest).map_err(|_| Fault::Damaged(format!("{column} is no digest")))
}

fn release(row: &Row) -> Result<Release, Fault> {
    let number: i64 = row.get("number")?;
    Ok(Release {
        number: u64::try_from(number).map_err(|_| Fault::Damaged(format!("{RELEASE} has no number")))?,
        digest: digest(row, "digest")?,
        from: Moment(row.get("from_ms")?),
        made_by: row.get("made_by")?,
        reason: row.get("reason")?,
    })
}

/// The number of the newest release; nought where there is none.
pub async fn newest_number(transaction: &mut Transaction) -> Result<u64, Fault> {
    let row =
        transaction.fetch_one(sql("SELECT COALESCE(MAX(number), 0) AS newest FROM policy_release")).await?;
    let newest: i64 = row.get("newest")?;
    u64::try_from(newest).map_err(|_| Fault::Damaged(format!("{RELEASE} has no number")))
}

pub async fn release_of(transaction: &mut Transaction, wanted: u64) -> Result<Option<Release>, Fault> {
    let statement =
        sql("SELECT number, digest, from_ms, made_by, reason FROM policy_release WHERE number = $1")
            .bind(number(wanted));
    transaction.fetch_optional(statement).await?.as_ref().map(release).transpose()
}

/// The release that held at a moment.
pub async fn release_at(transaction: &mut Transaction, at: Moment) -> Result<Option<Release>, Fault> {
    let statement = sql("SELECT number, digest, from_ms, made_by, reason FROM policy_release \
                         WHERE from_ms <= $1 ORDER BY number DESC LIMIT 1")
    .bind(at.0);
    transaction.fetch_optional(statement).await?.as_ref().map(release).transpose()
}

/// Releases before a number, the newest first.
pub async fn releases_before(
    transaction: &mut Transaction,
    before: u64,
    limit: usize,
) -> Result<Vec<Release>, Fault> {
    let statement = sql("SELECT number, digest, from_ms, made_by, reason FROM policy_release \
                         WHERE number < $1 ORDER BY number DESC LIMIT $2")
    .bind(number(before))
    .bind(i64::try_from(limit).unwrap_or(i64::MAX));
    transaction.fetch_all(statement).await?.iter().map(release).collect()
}

/// Which files a release has.
pub async fn files(transaction: &mut Transaction, of: u64) -> Result<Files, Fault> {
    let statement = sql("SELECT path, digest FROM policy_release_file WHERE release = $1").bind(number(of));
    let mut files = Files::default();
    for row in transaction.fetch_all(statement).await? {
        files.0.insert(row.get("path")?, digest(&row, "digest")?);
    }
    Ok(files)
}

/// The texts of a release, by path.
pub async fn texts(transaction: &mut Transaction, of: u64) -> Result<Vec<library::File>, Fault> {
    let statement = sql("SELECT f.path, f.digest, t.content FROM policy_release_file f \
                         JOIN policy_text t ON t.digest = f.digest WHERE f.release = $1")
    .bind(number(of));
    let mut files = Vec::new();
    for row in transaction.fetch_all(statement).await? {
        let (path, content): (String, Vec<u8>) = (row.get("path")?, row.get("content")?);
        files.push(library::File::new(path, checked(content, digest(&row, "digest")?)?));
    }
    // Two databases may order letters differently; all that follows hangs on this order.
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}

fn checked(content: Vec<u8>, digest: TextDigest) -> Result<String, Fault> {
    let text = String::from_utf8(content).ok().filter(|text| TextDigest::of(text) == digest);
    text.ok_or_else(|| Fault::Damaged(format!("the text {digest} is another one")))
}

/// Keeps a text, if it is not there yet.
pub async fn keep_text(write: &mut Write, digest: TextDigest, text: &str) -> Result<(), Fault> {
    let statement =
        sql("INSERT INTO policy_text (digest, content) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING")
            .bind(digest.0)
            .bind(text.as_bytes());
    write.execute(statement).await?;
    Ok(())
}

pub async fn insert_release(write: &mut Write, release: &Release, files: &Files) -> Result<(), Fault> {
    let statement = sql("INSERT INTO policy_release (number, digest, from_ms, made_by, reason) \
                         VALUES ($1, $2, $3, $4, $5)")
    .bind(number(release.number))
    .bind(release.digest.0)
    .bind(release.from.0)
    .bind(&release.made_by)
    .bind(&release.reason);
    write.execute(statement).await?;
    for (path, digest) in &files.0 {
        let statement = sql("INSERT INTO policy_release_file (release, path, digest) VALUES ($1, $2, $3)")
            .bind(number(release.number))
            .bind(path)
            .bind(digest.0);
        write.execute(statement).await?;
    }
    Ok(())
}
