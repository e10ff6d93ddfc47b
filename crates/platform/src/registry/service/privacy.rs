//! What the law of personal data asks for: everything that is held about a subject, and its erasure, unless a hold stands.

use serde_json::{Value as Json, json};
use store::Transaction;

use super::super::ledger::content_digest;
use super::super::model::{ActId, Contest, EntryKind, Hold, HoldId, Item, StatementId, SubjectId};
use super::super::sql;
use super::super::sql::statements::StatementRow;
use super::read::Reader;
use super::record::verb_actor;
use super::{Whole, about, enter, living, lock, needed, record_of_office, record_of_whole, whole};
use crate::ground::chain::{Entry, Wanted, erase_values, search};
use crate::ground::{Caller, Fault, Ground, Verb};
use crate::identity::{Action, Answer, Principal, Record, Refusal, agreed, begin};

/// Most entries of the audit that an export or an erasure goes through.
const ENTRIES_MAX: usize = 100_000;

/// Statements that are compared with their digests at a time.
const VERIFIED_AT_ONCE: i64 = 1_000;

/// What was found when statements were compared with their digests.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Verification {
    /// Statements whose content is what their digest says.
    pub intact: u64,
    /// Statements whose content was erased with its subject.
    pub erased: u64,
    /// Statements whose content is another.
    pub altered: Vec<StatementId>,
    /// Statements whose content is gone though nobody erased it.
    pub missing: Vec<StatementId>,
}

/// Everything that is held about a subject: facts as they were said, history, contests, merges, holds, and who read it. To
/// the subject's own people and to the office; what may not be disclosed to an enterprise about itself is left out there, and
/// to a person nothing is.
pub async fn export_subject(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &facts::Vocabulary,
    subject: SubjectId,
) -> Answer<Json> {
    const ACTION: Action = Action::ExportSubject;
    let mut read = ground.read().await?;
    let found = whole(&mut read, subject).await?;
    let office = record_of_office(&mut read).await?;
    let record = Record { organisation: record_of_whole(found.as_ref()).organisation, ..office };
    drop(read);
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    let whole = agreed!(verb, ACTION.as_code(), found.ok_or(Refusal::NotThere));
    let reader = Reader::new(verb.write(), principal, &whole).await?;
    let is_filtered = reader.is_own && whole.survivor.kind != "person";
    let view = super::super::ledger::View::at(verb.write(), vocabulary, u64::MAX).await?;
    let mut members = Vec::new();
    for member in &whole.group {
        let kind = &whole.survivor.kind;
        let statements = sql::statements::counting(verb.write(), kind, (*member, *member), u64::MAX).await?;
        let statements: Vec<Json> = statements
            .iter()
            .map(|row| {
                let content = row.content.as_deref().unwrap_or("{}");
                let content = match is_filtered {
                    false => serde_json::from_str(content).unwrap_or(Json::Null),
                    true => shown(&view, vocabulary, &reader, &whole, row, content),
                };
                statement_json(row, content)
            })
            .collect();
        let known = sql::subjects::get(verb.write(), *member).await?;
        let mut contests = sql::contests::about(verb.write(), *member).await?;
        contests.retain(|contest| {
            let item = Item::parse(vocabulary, &contest.item);
            let source = view.sources.get(&contest.source);
            !is_filtered || item.is_some_and(|item| reader.may_know(vocabulary, &item, source))
        });
        let holds = sql::privacy::holds(verb.write(), *member).await?;
        let entries = entries_about(verb.write(), *member).await?;
        members.push(json!({
            "id": member.to_string(),
            "kind": whole.survivor.kind,
            "code": known.as_ref().and_then(|it| it.code.clone()),
            "name": known.as_ref().map(|it| it.name.clone()),
            "statements": statements,
            "contests": contests.iter().map(contest_json).collect::<Vec<_>>(),
            "holds": holds.iter().map(hold_json).collect::<Vec<_>>(),
            "acts": entries.iter().map(entry_json).collect::<Vec<_>>(),
        }));
    }
    let export =
        json!({ "subject": whole.survivor.id.to_string(), "exported_ms": verb.now().0, "held": members });
    verb.record(ACTION.as_code(), about(whole.survivor.id), None, None);
    verb.commit().await?;
    Ok(Ok(export))
}

/// What of a statement its own subject may see.
fn shown(
    view: &super::super::ledger::View<'_>,
    vocabulary: &facts::Vocabulary,
    reader: &Reader,
    whole: &Whole,
    row: &StatementRow,
    content: &str,
) -> Json {
    let (profile, _) = view.read(&whole.survivor, content);
    let source = view.sources.get(&row.stated.source);
    let items = super::super::workflow::items_of(profile).into_iter().filter_map(|(item, told)| {
        let told = reader.shown(vocabulary, &item, &told, source)?;
        let value = super::read::written(vocabulary, &whole.survivor.kind, &item, &told);
        Some((item.key(vocabulary), value))
    });
    Json::Object(items.collect())
}

fn statement_json(row: &StatementRow, content: Json) -> Json {
    let stated = &row.stated;
    json!({
        "id": stated.id.to_string(),
        "source": stated.source,
        "observed_on": stated.observed.to_string(),
        "valid_until": stated.valid_until.map(|it| it.to_string()),
        "recorded_ms": stated.recorded.0,
        "recorded_by": stated.recorded_by,
        "evidence": stated.evidence,
        "ground": stated.ground,
        "position": stated.position,
        "facts": content,
    })
}

fn contest_json(contest: &Contest) -> Json {
    json!({
        "id": contest.id.to_string(),
        "item": contest.item,
        "source": contest.source,
        "reason": contest.reason,
        "evidence": contest.evidence,
        "raised_ms": contest.raised.0,
        "due_on": contest.due.to_string(),
        "outcome": contest.outcome.map(|it| it.as_code()),
        "answer": contest.answer,
    })
}

fn hold_json(hold: &Hold) -> Json {
    json!({
        "ground": hold.ground,
        "placed_ms": hold.placed.0,
        "lifted_ms": hold.lifted.map(|it| it.0),
    })
}

fn entry_json(entry: &Entry) -> Json {
    json!({
        "at_ms": entry.at.0,
        "actor": entry.actor,
        "acting_for": entry.acting_for,
        "action": entry.action,
    })
}

/// The audit's entries about a subject: who did and read what, the latest first.
async fn entries_about(transaction: &mut Transaction, subject: SubjectId) -> Result<Vec<Entry>, Fault> {
    let subject = about(subject);
    let mut entries = Vec::new();
    let mut wanted = Wanted { subject: Some(subject), ..Wanted::default() };
    while entries.len() < ENTRIES_MAX {
        let page = search(transaction, &wanted, ENTRIES_MAX).await?;
        let Some(last) = page.last() else { break };
        wanted.before = last.position;
        entries.extend(page);
    }
    Ok(entries)
}

/// Erases what is held about a subject and those merged into it. Digests stay, so that the chain still proves that something
/// was there, and nothing can be read from them. Refused while a hold stands.
pub async fn erase_subject(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    subject: SubjectId,
    ground_of_law: &str,
) -> Answer<u64> {
    const ACTION: Action = Action::EraseSubject;
    let record = record_of_office(&mut ground.read().await?).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    let found = whole(verb.write(), subject).await?;
    let whole = agreed!(verb, ACTION.as_code(), found.ok_or(Refusal::NotThere));
    let because = agreed!(verb, ACTION.as_code(), needed(ground_of_law));
    for member in &whole.group {
        lock(&mut verb, *member).await?;
    }
    let is_held = is_held(&mut verb, &whole).await?;
    agreed!(verb, ACTION.as_code(), if is_held { Err(Refusal::Hold) } else { Ok(()) });
    let by = verb_actor(principal, caller);
    let now = verb.now();
    let id = ActId::new(now, ground.chance()).to_string();
    sql::privacy::insert_erasure(verb.write(), &id, whole.survivor.id, &because, (&by, now)).await?;
    for member in &whole.group {
        sql::privacy::erase_statements(verb.write(), *member).await?;
        sql::contests::erase(verb.write(), *member).await?;
        sql::privacy::erase_subject(verb.write(), *member, now).await?;
        for entry in entries_about(verb.write(), *member).await? {
            erase_values(&mut verb, entry.position, &because).await?;
        }
        let after = json!({ "erasure": id, "ground": because });
        verb.record(ACTION.as_code(), about(*member), None, Some(after));
    }
    let position = enter(&mut verb, EntryKind::Erasure, &id, Some(whole.survivor.id)).await?;
    verb.commit().await?;
    Ok(Ok(position))
}

async fn is_held(verb: &mut Verb, whole: &Whole) -> Result<bool, Fault> {
    for member in &whole.group {
        let holds = sql::privacy::holds(verb.write(), *member).await?;
        if holds.iter().any(|hold| hold.lifted.is_none()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Places a legal hold.
pub async fn place_hold(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    subject: SubjectId,
    ground_of_law: &str,
) -> Answer<HoldId> {
    const ACTION: Action = Action::HoldSubject;
    let record = record_of_office(&mut ground.read().await?).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    lock(&mut verb, subject).await?;
    let known = living(verb.write(), subject).await?.ok_or(Refusal::NotThere);
    let because = agreed!(verb, ACTION.as_code(), known.and_then(|_| needed(ground_of_law)));
    let now = verb.now();
    let hold = HoldId::new(now, ground.chance());
    let by = verb_actor(principal, caller);
    sql::privacy::insert_hold(verb.write(), hold, subject, &because, (&by, now)).await?;
    let after = json!({ "hold": hold.to_string(), "ground": because });
    verb.record(ACTION.as_code(), about(subject), None, Some(after));
    verb.commit().await?;
    Ok(Ok(hold))
}

/// Lifts a legal hold.
pub async fn lift_hold(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    hold: HoldId,
    reason: &str,
) -> Answer<()> {
    const ACTION: Action = Action::HoldSubject;
    let record = record_of_office(&mut ground.read().await?).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    let reason = agreed!(verb, ACTION.as_code(), needed(reason));
    let now = verb.now();
    let by = verb_actor(principal, caller);
    let lifted = sql::privacy::lift_hold(verb.write(), hold, (&by, now)).await?;
    let subject = agreed!(verb, ACTION.as_code(), lifted.ok_or(Refusal::NotThere));
    let after = json!({ "hold": hold.to_string(), "reason": reason });
    verb.record("registry.lift-hold", about(subject), None, Some(after));
    verb.commit().await?;
    Ok(Ok(()))
}

/// Compares all statements with their digests.
pub async fn verify_statements(transaction: &mut Transaction) -> Result<Verification, Fault> {
    let mut found = Verification::default();
    let mut behind = None;
    loop {
        let rows = sql::privacy::digests(transaction, behind, VERIFIED_AT_ONCE).await?;
        let Some(last) = rows.last() else { return Ok(found) };
        behind = Some(last.id);
        for row in rows {
            match (&row.content, &row.salt) {
                (Some(content), Some(salt)) if content_digest(salt, content)[..] == row.digest[..] => {
                    found.intact += 1;
                }
                (None, _) if row.is_erased => found.erased += 1,
                (None, _) => found.missing.push(row.id),
                (Some(_), _) => found.altered.push(row.id),
            }
        }
    }
}
