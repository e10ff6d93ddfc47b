//! Deciding from the ledger, for somebody who looks.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::point::{Engine, Outcome};
use serde_json::Value;

use super::super::model::{Decided, Question};
use super::super::{Engines, verdict, workflow};
use super::{Made, bring};
use crate::ground::{Caller, Ground};
use crate::identity::{Action, Answer, Principal, Refusal};
use crate::registry::read_facts;

/// What a subject may have: all documents in short; or one, with its reasons, as far as the register would show their values.
pub async fn decide_subject(
    ground: &Ground,
    engines: &Engines,
    caller: &Caller,
    principal: &Principal,
    question: &Question,
) -> Answer<Decided> {
    let about = (Action::DecideEligibility, question.subject);
    let made = match bring(ground, engines, principal, about, (question.at, question.on)).await? {
        Ok(made) => made,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(policy) = question.policy.clone() else {
        return Ok(Ok(in_short(engines, made).await?));
    };
    if made.shelved.library.rulebook.on(&policy, made.day).is_none() {
        return Ok(Err(Refusal::NotThere));
    }
    let vocabulary = &made.shelved.library.rulebook.vocabulary;
    let subject = made.held.subject.id;
    let seen = read_facts(ground, caller, principal, vocabulary, subject, Some(made.position)).await?;
    let shown: BTreeMap<String, Value> = match seen {
        Ok(seen) => seen.values.into_iter().map(|(key, seen)| (key, seen.value)).collect(),
        Err(refusal) => return Ok(Err(refusal)),
    };
    let hidden = workflow::hidden(&shown, &made.held, &made.shelved);
    let (subject, kind) = (made.held.subject.id, made.held.subject.kind.clone());
    let (position, release, day) = (made.position, made.shelved.release.number, made.day);
    let decided = engines.run(move || {
        let (rulebook, profile) = (&made.shelved.library.rulebook, &made.held.profile);
        let decision = Engine::new(rulebook).decide(&policy, profile, made.day)?;
        let mut reasons = verdict::with_reasons(&decision, profile, &rulebook.vocabulary);
        verdict::withhold(&mut reasons, &hidden);
        let verdicts = if decision.outcome == Outcome::NotInForce {
            Vec::new()
        } else {
            vec![verdict::Verdict::of(&decision)]
        };
        Some((verdicts, reasons))
    });
    let Some((verdicts, reasons)) = decided.await? else { return Ok(Err(Refusal::NotThere)) };
    Ok(Ok(Decided { subject, kind, position, release, day, verdicts, reasons: Some(reasons) }))
}

async fn in_short(engines: &Engines, made: Made) -> Result<Decided, crate::ground::Fault> {
    let Made { shelved, held, position, day, .. } = made;
    let (subject, kind, release) = (held.subject.id, held.subject.kind, shelved.release.number);
    let (profile, library) = (held.profile, Arc::clone(&shelved));
    let verdicts = engines.run(move || workflow::decide_all(&library, &profile, day)).await?;
    Ok(Decided { subject, kind, position, release, day, verdicts, reasons: None })
}
