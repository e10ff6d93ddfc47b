//! The verbs of this slice: each authorises, decides, stores, puts its act into the ledger and leaves an audit entry, in one
//! transaction.

pub mod conditions;
pub mod contests;
pub mod find;
pub mod merges;
pub mod privacy;
pub mod read;
pub mod record;
pub mod sources;
pub mod subjects;

use store::Transaction;

use super::model::{EntryKind, Source, Subject, SubjectId};
use super::sql;
use crate::ground::{Fault, Verb};
use crate::identity::{OrganisationId, Record, Refusal};

/// Longest reason, evidence and ground, in characters.
pub const TEXT_CHARS_MAX: usize = 2_000;

/// How entries of the audit chain name a subject.
fn about(subject: SubjectId) -> String {
    format!("subject:{subject}")
}

/// So that nothing is decided about a subject before others have finished with it.
async fn lock(verb: &mut Verb, subject: SubjectId) -> Result<(), Fault> {
    verb.write().lock(&about(subject)).await.map_err(Fault::from)
}

/// A text that is needed, without blanks around it.
fn needed(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let is_fine = !text.is_empty() && text.chars().count() <= TEXT_CHARS_MAX;
    if is_fine { Ok(text.to_owned()) } else { Err(Refusal::Reason) }
}

/// A text that may be left out.
fn optional(text: Option<&str>) -> Result<Option<String>, Refusal> {
    match text.map(str::trim).filter(|text| !text.is_empty()) {
        Some(text) if text.chars().count() > TEXT_CHARS_MAX => Err(Refusal::PastLimit),
        text => Ok(text.map(str::to_owned)),
    }
}

/// A subject that is there and was not erased.
async fn living(transaction: &mut Transaction, subject: SubjectId) -> Result<Option<Subject>, Fault> {
    Ok(sql::subjects::get(transaction, subject).await?.filter(|subject| subject.erased.is_none()))
}

/// A subject as it stands for itself and for those that were merged into it.
#[derive(Clone, Debug)]
struct Whole {
    survivor: Subject,
    /// All of them, the survivor first.
    group: Vec<SubjectId>,
    /// Whose members are its own people.
    organisation: Option<OrganisationId>,
}

/// The whole to which a subject belongs now; `None` if there is none, or it was erased.
async fn whole(transaction: &mut Transaction, subject: SubjectId) -> Result<Option<Whole>, Fault> {
    let merges = sql::subjects::merges(transaction, u64::MAX).await?;
    let group = merges.group(merges.survivor(subject));
    let mut members = Vec::new();
    for member in &group {
        members.extend(living(transaction, *member).await?);
    }
    let organisation = members.iter().find_map(|member| member.organisation);
    let survivor = members.into_iter().find(|member| member.id == group[0]);
    Ok(survivor.map(|survivor| Whole { survivor, group, organisation }))
}

/// Whose members are a subject's own people; `None` where nobody's are, or the subject was erased.
pub async fn organisation_of(
    transaction: &mut Transaction,
    subject: SubjectId,
) -> Result<Option<OrganisationId>, Fault> {
    Ok(whole(transaction, subject).await?.and_then(|whole| whole.organisation))
}

/// What is about a subject: of its own people.
fn record_of_whole(whole: Option<&Whole>) -> Record {
    Record { organisation: whole.and_then(|whole| whole.organisation), ..Record::PLATFORM }
}

/// What a statement of a source about a subject belongs to: what a subject says of itself to its own people, everything
/// else to the department that answers for the source.
async fn record_of(
    transaction: &mut Transaction,
    whole: Option<&Whole>,
    source: Option<&Source>,
) -> Result<Record, Fault> {
    let office = sql::sources::office(transaction).await?;
    let own = whole.and_then(|whole| whole.organisation).filter(|_| source.is_some_and(|it| it.is_self));
    let department = source.and_then(|source| source.department);
    Ok(Record { organisation: own, ..Record::of_departments(department, office) })
}

/// What belongs to the department that keeps the register.
async fn record_of_office(transaction: &mut Transaction) -> Result<Record, Fault> {
    Ok(Record::of_departments(None, sql::sources::office(transaction).await?))
}

/// Puts the verb's act into the ledger; nothing but audit entries may follow.
async fn enter(
    verb: &mut Verb,
    kind: EntryKind,
    reference: &str,
    subject: Option<SubjectId>,
) -> Result<u64, Fault> {
    let now = verb.now();
    sql::ledger::append(verb.write(), now, kind, reference, subject).await
}
