//! Requests that are done once, however often they are sent: whoever sends one gives it a key of their own.
//!
//! INVARIANT: the key is taken in the transaction of the verb that the request is for. So the verb is done once, also if the
//! server stops between doing and answering; then a repeated request hears that it was done and that the reply is gone.

mod sql;

use std::time::Duration;

use store::{Migration, Write};

use super::{Fault, Ground, Moment};

/// The table.
pub const MIGRATION: Migration = Migration { name: "request-once-1", text: include_str!("0001.sql") };

/// How long a key is known.
const KEPT: Duration = Duration::from_secs(24 * 60 * 60);

/// For what a reply is sealed.
const PURPOSE: &str = "reply to a request that is done once";

/// A key, as the database knows it, and a digest of what was sent with it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Key {
    pub(super) digest: [u8; 32],
    pub(super) body: [u8; 32],
}

/// What is known of a key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Known {
    body: Vec<u8>,
    reply: Option<Vec<u8>>,
}

/// What a repeated request hears.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Before {
    /// It was never done.
    Never,
    /// Something else was sent with the same key.
    Other,
    /// It is being done, or was done and the reply is gone.
    Unanswered,
    /// It was answered so.
    Answered(Vec<u8>),
}

impl Key {
    /// Of whoever asks, at which door, with which key, with what.
    pub fn new(ground: &Ground, who: &str, door: &str, key: &str, body: &[u8]) -> Self {
        use sha2::Digest as _;
        let digest = ground.keys().digest("request once", &[who, door, key]);
        Self { digest, body: sha2::Sha256::digest(body).into() }
    }
}

/// Takes the key in a verb. `false` if another request took it before.
pub(super) async fn claim(write: &mut Write, key: &Key, request: &str, now: Moment) -> Result<bool, Fault> {
    Ok(sql::claim(write, key, request, now).await?)
}

/// What became of it before.
pub async fn before(ground: &Ground, key: &Key) -> Result<Before, Fault> {
    let known = sql::known(&mut ground.read().await?, key.digest).await?;
    Ok(match known {
        None => Before::Never,
        Some(known) if known.body != key.body => Before::Other,
        Some(Known { reply: None, .. }) => Before::Unanswered,
        Some(Known { reply: Some(sealed), .. }) => {
            let reply = ground.keys().open(PURPOSE, &sealed);
            Before::Answered(reply.ok_or_else(|| Fault::Damaged("a reply that was kept".to_owned()))?)
        }
    })
}

/// Keeps the reply, if a verb took the key.
pub async fn answer(ground: &Ground, key: &Key, reply: &[u8]) -> Result<(), Fault> {
    let sealed = ground.keys().seal(PURPOSE, reply, ground.chance());
    let mut write = ground.housekeeping().await?;
    sql::set_reply(&mut write, key.digest, sealed).await?;
    write.commit().await?;
    Ok(())
}

/// Forgets keys after their time. How many.
pub async fn forget(ground: &Ground) -> Result<u64, Fault> {
    let kept = i64::try_from(KEPT.as_millis()).unwrap_or(i64::MAX);
    let before = Moment(ground.now().0.saturating_sub(kept));
    let mut write = ground.housekeeping().await?;
    let forgotten = sql::delete_before(&mut write, before).await?;
    write.commit().await?;
    Ok(forgotten)
}
