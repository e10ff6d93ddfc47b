//! The verbs of this slice.

use serde_json::{Value, json};
use store::Kind;
use store::jobs::{self, Dead};

use crate::ground::{Caller, Fault, Ground, chain};
use crate::identity::{Action, Answer, Principal, Record, Refusal, agreed, authorise, begin};

/// How many jobs wait or run, and how many were given up.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Counts {
    /// Waiting or being done.
    pub waiting: i64,
    /// Given up.
    pub dead: i64,
}

/// The state of the whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct State {
    /// Which database.
    pub database: Kind,
    /// Entries in the audit chain.
    pub audit_entries: u64,
    /// Jobs.
    pub jobs: Counts,
}

/// The jobs that were given up, the latest first, after one.
pub async fn dead_jobs(ground: &Ground, principal: &Principal, after: Option<&Dead>) -> Answer<Vec<Dead>> {
    if let Err(refusal) = authorise(principal, Action::ReadJobs, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    Ok(Ok(jobs::dead(&mut ground.read().await?, after).await?))
}

/// Lets a job that was given up run again.
pub async fn revive_job(ground: &Ground, caller: &Caller, principal: &Principal, job: &str) -> Answer<()> {
    const ACTION: Action = Action::ReviveJob;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let now = verb.now();
    let is_revived = jobs::revive(verb.write(), job, now.0).await?;
    agreed!(verb, ACTION.as_code(), if is_revived { Ok(()) } else { Err(Refusal::NotThere) });
    verb.record(ACTION.as_code(), format!("job:{job}"), None, None);
    verb.commit().await?;
    Ok(Ok(()))
}

/// How many jobs there are, for the figures that are counted.
pub async fn counts(ground: &Ground) -> Result<Counts, Fault> {
    let (waiting, dead) = jobs::counts(&mut ground.read().await?).await?;
    Ok(Counts { waiting, dead })
}

/// The state of the whole.
pub async fn state(ground: &Ground, principal: &Principal) -> Answer<State> {
    if let Err(refusal) = authorise(principal, Action::ReadJobs, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    let head = chain::head(&mut ground.read().await?, ground.keys()).await?;
    let jobs = counts(ground).await?;
    Ok(Ok(State { database: ground.store().kind(), audit_entries: head.size, jobs }))
}

/// Notes that a server starts, of which version and with which settings, none of them secret: an auditor sees when they changed.
pub async fn note_start(ground: &Ground, caller: &Caller, settings: Value) -> Result<(), Fault> {
    let mut verb = ground.begin(caller).await?;
    let after = json!({ "version": env!("CARGO_PKG_VERSION"), "settings": settings });
    verb.record("operations.start", "platform", None, Some(after));
    verb.commit().await?;
    Ok(())
}
