//! Bulk runs: one document for all subjects as one record, and who came out otherwise between two.

use std::sync::Arc;

use engine::SEMANTICS;
use facts::Date;
use serde_json::json;

use super::super::model::{Flip, Run};
use super::super::{Engines, columns, sql};
use crate::ground::{Caller, Fault, Ground};
use crate::identity::{Action, Answer, Principal, Record, Refusal, agreed, authorise, begin};

/// Under which whoever numbers runs waits for the other.
const RUNS: &str = "eligibility runs";

/// Decides a document for all subjects as of now, and keeps what came out.
pub async fn run_for_all(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    principal: &Principal,
    (policy, on): (&str, Option<Date>),
) -> Answer<Run> {
    const ACTION: Action = Action::RunEligibility;
    let decided = match authorise(principal, ACTION, &Record::PLATFORM) {
        Ok(()) => decide(ground, engines, policy, on).await?,
        Err(refusal) => Err(refusal),
    };
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let decided = agreed!(verb, ACTION.as_code(), decided);
    verb.write().lock(RUNS).await?;
    let number = sql::runs::last_number(verb.write()).await? + 1;
    let by = principal.caller(caller).actor.to_string();
    let run = Run { number, decided: verb.now(), decided_by: by, ..decided };
    sql::runs::insert(verb.write(), &run).await?;
    let totals = &run.outcomes.totals;
    let after = json!({
        "policy": run.policy, "release": run.release, "position": run.position,
        "eligible": totals.eligible, "ineligible": totals.ineligible, "open": totals.open,
    });
    verb.record(ACTION.as_code(), format!("run:{number}"), None, Some(after));
    verb.commit().await?;
    Ok(Ok(run))
}

/// A run without a number.
async fn decide(
    ground: &Ground,
    engines: &Engines,
    policy: &str,
    on: Option<Date>,
) -> Result<Result<Run, Refusal>, Fault> {
    let Some(shelved) = engines.shelf().current() else { return Ok(Err(Refusal::NotThere)) };
    let now = ground.now();
    let day = on.unwrap_or_else(|| now.day());
    let known = columns::current_on(ground, engines, &shelved, day).await?;
    let (library, all, id) = (Arc::clone(&shelved), Arc::clone(&known), policy.to_owned());
    let outcomes = engines.run(move || columns::decide_all_subjects(&library, &all, &id, day)).await?;
    let standing = shelved.library.rulebook.on(policy, day);
    let Some((outcomes, standing)) = outcomes.zip(standing) else { return Ok(Err(Refusal::NotThere)) };
    Ok(Ok(Run {
        number: 0,
        policy: policy.to_owned(),
        version: standing.entry().document.from.to_string(),
        release: shelved.release.number,
        release_digest: shelved.release.digest,
        day,
        position: known.position,
        semantics: SEMANTICS,
        subjects: known.ids().collect(),
        outcomes,
        decided: now,
        decided_by: String::new(),
    }))
}

/// A run that was kept.
pub async fn run(ground: &Ground, principal: &Principal, number: u64) -> Answer<Run> {
    if let Err(refusal) = authorise(principal, Action::RunEligibility, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    Ok(sql::runs::get(&mut ground.read().await?, number).await?.ok_or(Refusal::NotThere))
}

/// Who came out otherwise in the second of two runs, in order of their ids.
pub async fn differences(
    ground: &Ground,
    principal: &Principal,
    (first, second): (u64, u64),
) -> Answer<Vec<Flip>> {
    let (one, other) = match (run(ground, principal, first).await?, run(ground, principal, second).await?) {
        (Ok(one), Ok(other)) => (one, other),
        (Err(refusal), _) | (_, Err(refusal)) => return Ok(Err(refusal)),
    };
    Ok(Ok(flips(&one, &other)))
}

fn flips(one: &Run, other: &Run) -> Vec<Flip> {
    let mut flips = Vec::new();
    let (mut left, mut right) = (0, 0);
    loop {
        let (before, after) = (one.subjects.get(left), other.subjects.get(right));
        let Some(subject) = before.into_iter().chain(after).min().copied() else { return flips };
        let of =
            |run: &Run, at: usize, id: Option<&_>| (id == Some(&subject)).then(|| run.outcomes.outcome(at));
        let flip = Flip { subject, before: of(one, left, before), after: of(other, right, after) };
        left += usize::from(flip.before.is_some());
        right += usize::from(flip.after.is_some());
        if flip.before != flip.after {
            flips.push(flip);
        }
    }
}

/// Brings the columns up to date, so that nobody who asks has to wait for it. By the clock.
pub async fn warm(ground: &Ground, engines: &Engines) -> Result<(), Fault> {
    let Some(shelved) = engines.shelf().current() else { return Ok(()) };
    columns::current(ground, engines, &shelved).await.map(|_| ())
}
