//! Decisions that leave the system: kept, read, derived again, and erased with what is held about their subject.

use std::collections::{BTreeMap, BTreeSet};

use engine::SEMANTICS;
use engine::point::Engine;
use facts::Date;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::model::{Content, DecisionNumber, Difference, Replay, StoredDecision};
use super::super::{Engines, sql, verdict, workflow};
use super::{Made, bring};
use crate::ground::{Caller, Fault, Ground, to_hex};
use crate::identity::{Action, Answer, Principal, Record, Refusal, Role, agreed, authorise, begin};
use crate::policies::{Shelved, TextDigest};
use crate::registry::{self, Held, SubjectId, read_facts};

/// Under which whoever numbers decisions waits for the other.
const DECISIONS: &str = "eligibility decisions";

/// Bytes of a salt.
const SALT_BYTES: usize = 16;

/// Decisions whose content is erased in one transaction.
const ERASED_AT_ONCE: i64 = 100;

/// Decides a document for a subject and keeps the decision, under the next number.
pub async fn store_decision(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    principal: &Principal,
    (subject, policy, on): (SubjectId, &str, Option<Date>),
) -> Answer<StoredDecision> {
    const ACTION: Action = Action::DecideEligibility;
    let made = bring(ground, engines, principal, (ACTION, subject), (None, on)).await?;
    let organisation = made.as_ref().ok().and_then(|made| made.organisation);
    let record = Record { organisation, ..Record::PLATFORM };
    let made = match made {
        Ok(made) => derive(engines, made, policy.to_owned()).await?,
        Err(refusal) => Err(refusal),
    };
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    let derived = agreed!(verb, ACTION.as_code(), made);
    verb.write().lock(DECISIONS).await?;
    let number = DecisionNumber(sql::last_number(verb.write()).await? + 1);
    let salt = ground.chance().bytes::<SALT_BYTES>().to_vec();
    let content = Content { inputs: derived.inputs, decision: derived.decision, salt };
    let decision = StoredDecision {
        number,
        subject: derived.subject,
        policy: policy.to_owned(),
        version: derived.version,
        text_digest: derived.text_digest,
        release: derived.release.0,
        release_digest: derived.release.1,
        day: derived.day,
        position: derived.position,
        semantics: SEMANTICS,
        outcome: derived.outcome,
        digest: digest_of(&content),
        content: Some(content),
        decided: verb.now(),
        decided_by: principal.caller(caller).actor.to_string(),
    };
    sql::insert_decision(verb.write(), &decision).await?;
    let after = json!({
        "policy": decision.policy, "release": decision.release, "position": decision.position,
        "digest": to_hex(&decision.digest),
    });
    verb.record(ACTION.as_code(), format!("decision:{number}"), None, Some(after));
    verb.commit().await?;
    Ok(Ok(decision))
}

/// A decision that was just derived.
struct Derived {
    subject: SubjectId,
    version: String,
    text_digest: TextDigest,
    release: (u64, TextDigest),
    day: Date,
    position: u64,
    outcome: String,
    inputs: Value,
    decision: Value,
}

async fn derive(engines: &Engines, made: Made, policy: String) -> Result<Result<Derived, Refusal>, Fault> {
    let derived = engines.run(move || {
        let Made { shelved, held, position, day, .. } = made;
        let (inputs, decision) = decided(&shelved, &held, &policy, day)?;
        let entry = shelved.library.rulebook.on(&policy, day)?.entry();
        let (text_digest, _) = shelved.texts.get(&entry.document.path)?;
        Some(Derived {
            subject: held.subject.id,
            version: entry.document.from.to_string(),
            text_digest: *text_digest,
            release: (shelved.release.number, shelved.release.digest),
            day,
            position,
            outcome: decision["outcome"].as_str().unwrap_or_default().to_owned(),
            inputs,
            decision,
        })
    });
    Ok(derived.await?.ok_or(Refusal::NotThere))
}

/// The values that could bear on it, and the decision; `None` if there is no such document.
fn decided(shelved: &Shelved, held: &Held, policy: &str, day: Date) -> Option<(Value, Value)> {
    let rulebook = &shelved.library.rulebook;
    let decision = Engine::new(rulebook).decide(policy, &held.profile, day)?;
    let told = verdict::with_reasons(&decision, &held.profile, &rulebook.vocabulary);
    Some((workflow::inputs(shelved, policy, day, held), told))
}

/// Over salt, inputs and decision.
pub(in super::super) fn digest_of(content: &Content) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"zhimei decision 1");
    for part in
        [&content.salt[..], content.inputs.to_string().as_bytes(), content.decision.to_string().as_bytes()]
    {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// A stored decision, for its subject's own people, officers and auditors. Values that the register would not show are withheld;
/// to auditors, who read no facts, all are.
pub async fn read_decision(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    principal: &Principal,
    number: DecisionNumber,
) -> Answer<StoredDecision> {
    let mut decision = match allowed(ground, principal, number).await? {
        Ok(decision) => decision,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(content) = &mut decision.content else { return Ok(Ok(decision)) };
    if digest_of(content) != decision.digest {
        return Err(Fault::Damaged(format!("the content of decision {number} is another one")));
    }
    let Some(shelved) = engines.shelf().release(ground, decision.release).await? else {
        return Err(Fault::Damaged(format!("release {} is gone", decision.release)));
    };
    let vocabulary = &shelved.library.rulebook.vocabulary;
    let (subject, at) = (decision.subject, Some(decision.position));
    let held = registry::profile(&mut ground.read().await?, vocabulary, subject, at).await?;
    let Some(held) = held else { return Ok(Err(Refusal::NotThere)) };
    let is_of_facts = principal.is(Role::Officer) || principal.is(Role::Owner) || principal.is(Role::Clerk);
    let shown: BTreeMap<String, Value> = if is_of_facts {
        match read_facts(ground, caller, principal, vocabulary, subject, at).await? {
            Ok(seen) => seen.values.into_iter().map(|(key, seen)| (key, seen.value)).collect(),
            Err(refusal) => return Ok(Err(refusal)),
        }
    } else {
        BTreeMap::new()
    };
    verdict::withhold(&mut content.decision, &workflow::hidden(&shown, &held, &shelved));
    for input in content.inputs.as_array_mut().into_iter().flatten() {
        let is_shown = input["key"].as_str().and_then(|key| shown.get(key)).cloned();
        input["withheld"] = json!(is_shown.is_none());
        input["value"] = is_shown.unwrap_or(Value::Null);
    }
    Ok(Ok(decision))
}

pub(super) async fn allowed(
    ground: &Ground,
    principal: &Principal,
    number: DecisionNumber,
) -> Answer<StoredDecision> {
    let mut read = ground.read().await?;
    let decision = sql::decision(&mut read, number).await?;
    let organisation = match &decision {
        Some(decision) => registry::organisation_of(&mut read, decision.subject).await?,
        None => None,
    };
    let record = Record { organisation, ..Record::PLATFORM };
    if let Err(refusal) = authorise(principal, Action::ReadDecision, &record) {
        return Ok(Err(refusal));
    }
    Ok(decision.ok_or(Refusal::NotThere))
}

/// Derives a stored decision again: from the same release, at the same position of the ledger, on the same day.
pub async fn replay(
    ground: &Ground,
    engines: &Engines,
    principal: &Principal,
    number: DecisionNumber,
) -> Answer<Replay> {
    let decision = match allowed(ground, principal, number).await? {
        Ok(decision) => decision,
        Err(refusal) => return Ok(Err(refusal)),
    };
    derive_again(ground, engines, decision).await.map(Ok)
}

/// The same by a command on the server; `None` if there is no such decision.
pub async fn replay_by_command(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    number: DecisionNumber,
) -> Result<Option<(StoredDecision, Replay)>, Fault> {
    let Some(decision) = sql::decision(&mut ground.read().await?, number).await? else { return Ok(None) };
    let replayed = derive_again(ground, engines, decision.clone()).await?;
    let mut verb = ground.begin(caller).await?;
    verb.record("eligibility.replay", format!("decision:{number}"), None, None);
    verb.commit().await?;
    Ok(Some((decision, replayed)))
}

async fn derive_again(ground: &Ground, engines: &Engines, decision: StoredDecision) -> Result<Replay, Fault> {
    let number = decision.number;
    let Some(content) = decision.content else {
        return Ok(Replay::Erased { keys: Vec::new() });
    };
    if digest_of(&content) != decision.digest {
        return Err(Fault::Damaged(format!("the content of decision {number} is another one")));
    }
    let Some(shelved) = engines.shelf().release(ground, decision.release).await? else {
        return Err(Fault::Damaged(format!("release {} is gone", decision.release)));
    };
    let vocabulary = &shelved.library.rulebook.vocabulary;
    let (subject, at) = (decision.subject, Some(decision.position));
    let held = registry::profile(&mut ground.read().await?, vocabulary, subject, at).await?;
    let Some(held) = held.filter(|held| held.subject.erased.is_none()) else {
        return Ok(Replay::Erased { keys: keys_of(&content.inputs) });
    };
    let (day, policy) = (decision.day, decision.policy.clone());
    let release_digest = decision.release_digest;
    let again = engines.run(move || {
        let same_release = shelved.release.digest == release_digest;
        (same_release, decided(&shelved, &held.on(day), &policy, day), shelved.release.digest)
    });
    let (same_release, again, release_now) = again.await?;
    let mut differences = Vec::new();
    if !same_release {
        let text = |digest: TextDigest| Value::from(digest.to_string());
        let place = "/release".to_owned();
        differences.push(Difference { place, then: text(release_digest), now: text(release_now) });
    }
    let (inputs, again) = again.unwrap_or((Value::Null, Value::Null));
    let erased = erased_keys(&content.inputs, &inputs);
    if !erased.is_empty() {
        return Ok(Replay::Erased { keys: erased });
    }
    differences.extend(workflow::differences(&content.inputs, &inputs, "/inputs"));
    differences.extend(workflow::differences(&content.decision, &again, "/decision"));
    Ok(if differences.is_empty() {
        Replay::Same
    } else {
        let semantics_now = (decision.semantics != SEMANTICS).then_some(SEMANTICS);
        Replay::Different { differences, semantics_now }
    })
}

fn keys_of(inputs: &Value) -> Vec<String> {
    workflow::statements(inputs)
        .into_iter()
        .map(|(_, key)| key)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

/// What a decision rested on and the ledger no longer holds at its position: nothing is ever taken out of it but by erasure.
fn erased_keys(then: &Value, now: &Value) -> Vec<String> {
    let now = workflow::statements(now);
    let gone = workflow::statements(then).into_iter().filter(|one| !now.contains(one));
    gone.map(|(_, key)| key).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Erases the content of decisions about subjects that were erased; how many there were. The program's own act, by the clock.
pub async fn forget_erased(ground: &Ground, caller: &Caller) -> Result<usize, Fault> {
    let found = sql::decisions_of_erased(&mut ground.read().await?, ERASED_AT_ONCE).await?;
    if found.is_empty() {
        return Ok(0);
    }
    let mut verb = ground.begin(caller).await?;
    for number in &found {
        sql::erase_content(verb.write(), *number).await?;
        verb.record("eligibility.erase", format!("decision:{number}"), None, None);
    }
    verb.commit().await?;
    Ok(found.len())
}
