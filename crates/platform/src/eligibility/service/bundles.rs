//! Decisions taken out in one file that proves itself.

use std::path::Path;

use serde_json::{Value, json};

use super::super::bundle::{self, Parts};
use super::super::model::{DecisionNumber, StoredDecision};
use super::super::{Engines, sql};
use super::stored::{allowed, digest_of, read_decision};
use crate::ground::chain::{self, FiledHeads, Wanted};
use crate::ground::{Caller, Fault, Ground, Verb};
use crate::identity::{Action, Answer, Principal, Record, Refusal, begin, refused};

/// What an entry of a bundle is called.
const EXPORTED: &str = "eligibility.export-decision";

/// A decision in one file, for whoever may see every value in it. That it was taken out leaves an entry.
pub async fn bundle(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    principal: &Principal,
    (number, filed): (DecisionNumber, &Path),
) -> Answer<Value> {
    const ACTION: Action = Action::ReadDecision;
    let shown = read_decision(ground, engines, caller, principal, number).await?;
    let allowed = match (shown, allowed(ground, principal, number).await?) {
        (Ok(shown), Ok(decision)) => is_wholly_shown(&shown).map(|()| decision),
        (Err(refusal), _) | (_, Err(refusal)) => Err(refusal),
    };
    // Whose it is was looked at above; who may read decisions at all is looked at here.
    let record = Record::PLATFORM;
    let decision = match allowed {
        Ok(decision) => decision,
        Err(refusal) => {
            let verb = begin!(ground, principal, caller, ACTION, &record);
            return refused(verb, ACTION.as_code(), refusal).await;
        }
    };
    let verb = ground.begin(&principal.caller(caller)).await?;
    written(verb, engines, &decision, filed).await.map(|written| written.ok_or(Refusal::NotThere))
}

/// The same by a command on the server; `None` if there is no such decision, or its content was erased.
pub async fn bundle_by_command(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    (number, filed): (DecisionNumber, &Path),
) -> Result<Option<Value>, Fault> {
    let Some(decision) = sql::decision(&mut ground.read().await?, number).await? else { return Ok(None) };
    written(ground.begin(caller).await?, engines, &decision, filed).await
}

/// Nothing of it is withheld, and it is not erased.
fn is_wholly_shown(shown: &StoredDecision) -> Result<(), Refusal> {
    let Some(content) = &shown.content else { return Err(Refusal::NotThere) };
    let inputs = content.inputs.as_array().into_iter().flatten();
    let is_withheld = |value: &Value| value["withheld"] == Value::Bool(true);
    let is_short = inputs.clone().any(is_withheld) || is_withheld(&content.decision);
    if is_short { Err(Refusal::Withheld) } else { Ok(()) }
}

async fn written(
    mut verb: Verb,
    engines: &Engines,
    decision: &StoredDecision,
    filed: &Path,
) -> Result<Option<Value>, Fault> {
    let ground = verb.ground().clone();
    let Some(content) = &decision.content else { return Ok(None) };
    let number = decision.number;
    if digest_of(content) != decision.digest {
        return Err(Fault::Damaged(format!("the content of decision {number} is another one")));
    }
    let subject = format!("decision:{number}");
    verb.record(
        EXPORTED,
        subject.clone(),
        None,
        Some(json!({ "digest": crate::ground::to_hex(&decision.digest) })),
    );
    verb.commit().await?;
    let Some(shelved) = engines.shelf().release(&ground, decision.release).await? else {
        return Err(Fault::Damaged(format!("release {} is gone", decision.release)));
    };
    chain::file_head(&ground, filed).await?;
    let heads = FiledHeads::read(filed, &ground.keys().verifying_key())?;
    let mut read = ground.read().await?;
    let wanted = Wanted {
        subject: Some(subject),
        action: Some(Action::DecideEligibility.as_code().to_owned()),
        ..Wanted::default()
    };
    let entry = chain::search(&mut read, &wanted, 1).await?.pop();
    let lines = match (&entry, heads.heads.last()) {
        (Some(entry), Some(head)) => chain::prove_in_lines(&mut read, head, entry.position).await?,
        _ => None,
    };
    Ok(Some(bundle::write(&Parts {
        decision,
        content,
        texts: &shelved.texts,
        proof: lines.as_ref().zip(entry.as_ref()),
        key: ground.keys().verifying_key(),
    })))
}
