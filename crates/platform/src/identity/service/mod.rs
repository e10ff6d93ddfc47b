//! The verbs of this slice: each authorises, decides, stores and leaves an entry, in one transaction.

pub mod accounts;
pub mod directory;
pub mod external;
pub mod second_factor;
pub mod sessions;
pub mod setup;
pub mod sign_in;
pub mod tokens;

use std::fmt;
use std::time::Duration;

use serde_json::json;
use sha2::{Digest as _, Sha256};

pub use sessions::Session;
pub use sign_in::SignedIn;

use super::sql::{self, LinkFor};
use super::{Action, Principal, Record, Refusal, authorise};
use crate::ground::{Caller, Fault, Ground, Verb};

/// What a verb answers: what it made, or why it did nothing. Only a [`Fault`] is an error.
pub type Answer<T> = Result<Result<T, Refusal>, Fault>;

/// How long a link to set a password is good.
const LINK_GOOD: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// A secret that is shown once: a link, a session, a token. The database has its digest.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// 32 bytes of chance behind a prefix.
    fn new(prefix: &str, ground: &Ground) -> Self {
        Self(format!("{prefix}{}", crate::ground::to_hex(&ground.chance().bytes::<32>())))
    }

    /// As it was received.
    pub fn received(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// To be shown to its owner, once, and nobody else.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whoever reads it cannot tell the secret: 32 bytes of chance cannot be guessed.
    fn digest(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Ends a verb with the value of a refusal where something is refused; it is recorded, and nothing else is written.
macro_rules! agreed {
    ($verb:expr, $what:expr, $decided:expr) => {
        match $decided {
            Ok(value) => value,
            Err(refusal) => return $crate::identity::refused($verb, $what, refusal).await,
        }
    };
}

/// Begins a verb of somebody, or ends with the refusal.
macro_rules! begin {
    ($ground:expr, $principal:expr, $caller:expr, $action:expr, $record:expr) => {
        match $crate::identity::begin_allowed($ground, $principal, $caller, $action, $record).await? {
            Ok(verb) => verb,
            Err(refusal) => return Ok(Err(refusal)),
        }
    };
}
pub(crate) use {agreed, begin};

/// Begins a verb of somebody, if they may do it to that record; the refusal is recorded. Verbs of every slice begin so.
pub async fn begin_allowed(
    ground: &Ground,
    principal: &Principal,
    caller: &Caller,
    action: Action,
    record: &Record,
) -> Answer<Verb> {
    let verb = ground.begin(&principal.caller(caller)).await?;
    match authorise(principal, action, record) {
        Ok(()) => Ok(Ok(verb)),
        Err(refusal) => refused(verb, action.as_code(), refusal).await,
    }
}

/// Drops what a verb wrote so far and records that it was refused.
pub async fn refused<T>(verb: Verb, what: &'static str, refusal: Refusal) -> Answer<T> {
    let mut verb = verb.anew().await?;
    verb.record("refuse", what, None, Some(json!({ "reason": refusal.as_code() })));
    verb.commit().await?;
    Ok(Err(refusal))
}

/// Makes a link that works once.
async fn make_link(verb: &mut Verb, link: LinkFor, good: Duration) -> Result<Secret, Fault> {
    let ground = verb.ground().clone();
    let secret = Secret::new("", &ground);
    let id = super::TokenId::new(verb.now(), ground.chance()).to_string();
    let expires = verb.now().plus(good);
    sql::insert_link(verb.write(), &id, secret.digest(), link, expires).await?;
    Ok(secret)
}

/// The subject of entries about an account.
fn about(account: super::AccountId) -> String {
    format!("account:{account}")
}

/// The name under which verbs that decide over a person's roles wait for each other.
const GRANTS: &str = "identity grants";

/// So that nothing is read of the account before others have finished with it.
async fn lock_account(verb: &mut Verb, account: super::AccountId) -> Result<(), Fault> {
    verb.write().lock(&about(account)).await.map_err(Fault::from)
}
