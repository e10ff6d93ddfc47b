//! The verbs of this slice.

pub mod bundles;
pub mod decide;
pub mod runs;
pub mod stored;

use std::sync::Arc;

use facts::Date;

use super::Engines;
use crate::ground::{Fault, Ground};
use crate::identity::{Action, OrganisationId, Principal, Record, Refusal, authorise};
use crate::policies::Shelved;
use crate::registry::{self, Held, SubjectId};

/// What a decision is made of.
struct Made {
    shelved: Arc<Shelved>,
    held: Held,
    organisation: Option<OrganisationId>,
    position: u64,
    day: Date,
}

/// Brings together what a decision about a subject is made of, if somebody may have it.
async fn bring(
    ground: &Ground,
    engines: &Engines,
    principal: &Principal,
    (action, subject): (Action, SubjectId),
    (at, on): (Option<u64>, Option<Date>),
) -> Result<Result<Made, Refusal>, Fault> {
    let Some(shelved) = engines.shelf().current() else {
        return Ok(Err(Refusal::NotThere));
    };
    let mut read = ground.read().await?;
    let last = registry::position(&mut read).await?;
    let position = at.unwrap_or(last);
    let vocabulary = &shelved.library.rulebook.vocabulary;
    let held = registry::profile(&mut read, vocabulary, subject, Some(position)).await?;
    let held = held.filter(|held| held.subject.erased.is_none());
    let organisation = registry::organisation_of(&mut read, subject).await?;
    drop(read);
    let record = Record { organisation, ..Record::PLATFORM };
    if let Err(refusal) = authorise(principal, action, &record) {
        return Ok(Err(refusal));
    }
    if position > last {
        return Ok(Err(Refusal::PastLimit));
    }
    let day = on.unwrap_or_else(|| ground.now().day());
    let made = held.map(|held| Made { shelved, held: held.on(day), organisation, position, day });
    Ok(made.ok_or(Refusal::NotThere))
}
