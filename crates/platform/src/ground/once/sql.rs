//! The statements about requests that are done once.

use store::{StoreError, Transaction, Write, sql};

use super::{Key, Known};
use crate::ground::Moment;

/// `false` if there is such a row of another request.
pub async fn claim(write: &mut Write, key: &Key, request: &str, now: Moment) -> Result<bool, StoreError> {
    let insert = sql("INSERT INTO request_once (digest, request_id, at_ms, body_digest) \
                      VALUES ($1, $2, $3, $4) ON CONFLICT (digest) DO NOTHING")
    .bind(key.digest)
    .bind(request)
    .bind(now.0)
    .bind(key.body);
    if write.execute(insert).await? == 1 {
        return Ok(true);
    }
    let own = sql("SELECT request_id FROM request_once WHERE digest = $1 AND request_id = $2");
    Ok(write.fetch_optional(own.bind(key.digest).bind(request)).await?.is_some())
}

pub async fn known(transaction: &mut Transaction, digest: [u8; 32]) -> Result<Option<Known>, StoreError> {
    let statement = sql("SELECT body_digest, reply FROM request_once WHERE digest = $1").bind(digest);
    let row = transaction.fetch_optional(statement).await?;
    row.map(|row| Ok(Known { body: row.get("body_digest")?, reply: row.get("reply")? })).transpose()
}

pub async fn set_reply(write: &mut Write, digest: [u8; 32], reply: Vec<u8>) -> Result<u64, StoreError> {
    let statement = sql("UPDATE request_once SET reply = $2 WHERE digest = $1").bind(digest).bind(reply);
    write.execute(statement).await
}

pub async fn delete_before(write: &mut Write, moment: Moment) -> Result<u64, StoreError> {
    write.execute(sql("DELETE FROM request_once WHERE at_ms < $1").bind(moment.0)).await
}
