//! The verbs of this slice.

use std::collections::BTreeMap;

use facts::read::ReadProblem;
use library::{File, Library};
use serde_json::json;

use super::model::{Files, Import, Plan, Release, TextDigest};
use super::shelf::{Shelf, Shelved, compiled};
use super::{sql, workflow};
use crate::ground::{Caller, Fault, Ground, Moment, Verb};
use crate::identity::{Action, Answer, Principal, Record, Refusal, agreed, authorise, begin};

/// Under which whoever makes releases waits for the other.
const RELEASES: &str = "policies releases";

/// Longest reason, in characters.
const REASON_CHARACTERS_MAX: usize = 2_000;

/// Makes the first release of these files where there is none; its number. The files are those inside the binary, whose examples
/// ran when it was built. An error in them is a fault: nobody can have typed it.
pub async fn seed(ground: &Ground, caller: &Caller, files: Vec<File>) -> Result<Option<Release>, Fault> {
    if sql::newest_number(&mut ground.read().await?).await? > 0 {
        return Ok(None);
    }
    if let Err(found) = compiled(files.clone()).await? {
        return Err(Fault::Damaged(format!("the library inside the program has {} errors", found.len())));
    }
    let mut verb = ground.begin(caller).await?;
    verb.write().lock(RELEASES).await?;
    if sql::newest_number(verb.write()).await? > 0 {
        return Ok(None);
    }
    let set = Files(files.iter().map(|file| (file.path.clone(), TextDigest::of(&file.text))).collect());
    for file in &files {
        sql::keep_text(verb.write(), TextDigest::of(&file.text), &file.text).await?;
    }
    let reason = "the library inside the program".to_owned();
    let release = make(&mut verb, "policies.seed", None, &set, caller.actor.to_string(), reason).await?;
    verb.commit().await?;
    Ok(Some(release))
}

/// What an import would do. Nothing is written.
pub async fn plan_import(ground: &Ground, principal: &Principal, import: &Import) -> Answer<Plan> {
    if let Err(refusal) = authorise(principal, Action::ImportPolicies, &Record::PLATFORM) {
        return Ok(Err(refusal));
    }
    let found = workflow::check_shape(import);
    if !found.is_empty() {
        return Ok(Err(Refusal::Unreadable(found)));
    }
    let mut read = ground.read().await?;
    let newest = sql::newest_number(&mut read).await?;
    if import.since == 0 || import.since > newest {
        return Ok(Err(Refusal::NotThere));
    }
    let base = sql::files(&mut read, import.since).await?;
    let ours = sql::files(&mut read, newest).await?;
    Ok(Ok(workflow::plan(&base, (newest, &ours), import)))
}

/// Makes a release of what an import brings onto the release `onto`, on which its plan was made and seen. Refused are a conflict,
/// an error in a text, an example that fails, and that another release was made since the plan.
pub async fn apply_import(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    shelf: &Shelf,
    (import, onto, reason): (&Import, u64, &str),
) -> Answer<Release> {
    const ACTION: Action = Action::ImportPolicies;
    // What takes long is done before the transaction; whether it still holds is looked at again within it.
    let prepared = match plan_import(ground, principal, import).await? {
        Ok(plan) => prepare(ground, import, plan, onto).await?,
        Err(refusal) => Err(refusal),
    };
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let (plan, library, files) = agreed!(verb, ACTION.as_code(), prepared);
    let reason = agreed!(verb, ACTION.as_code(), needed(reason));
    verb.write().lock(RELEASES).await?;
    let newest = sql::newest_number(verb.write()).await?;
    agreed!(verb, ACTION.as_code(), if newest == plan.onto { Ok(()) } else { Err(Refusal::Moved) });
    for text in import.changes.values().flatten() {
        sql::keep_text(verb.write(), TextDigest::of(text), text).await?;
    }
    let by = principal.caller(caller).actor.to_string();
    let before = sql::release_of(verb.write(), newest).await?;
    let release = make(&mut verb, ACTION.as_code(), before.as_ref(), &plan.files, by, reason).await?;
    verb.commit().await?;
    shelf.put(Shelved::new(release.clone(), library, files));
    Ok(Ok(release))
}

/// A plan with the texts that it leads to, compiled.
type Prepared = (Plan, Library, Vec<File>);

async fn prepare(
    ground: &Ground,
    import: &Import,
    plan: Plan,
    onto: u64,
) -> Result<Result<Prepared, Refusal>, Fault> {
    if plan.onto != onto {
        return Ok(Err(Refusal::Moved));
    }
    if plan.has_conflicts() {
        return Ok(Err(Refusal::Conflict));
    }
    if !plan.changes_something() {
        return Ok(Err(Refusal::NothingToDo));
    }
    if plan.files.0.len() > workflow::FILES_MAX {
        return Ok(Err(Refusal::PastLimit));
    }
    let files = brought_together(ground, import, &plan).await?;
    let library = match compiled(files.clone()).await? {
        Ok(library) => library,
        Err(found) => return Ok(Err(Refusal::Unreadable(found))),
    };
    let run = tokio::task::spawn_blocking(move || {
        let failing: Vec<ReadProblem> = workflow::failing_cases(&library);
        (library, failing)
    });
    let (library, failing) = run.await.map_err(|_| Fault::Broken("examples ended in a panic"))?;
    if failing.is_empty() { Ok(Ok((plan, library, files))) } else { Ok(Err(Refusal::Unreadable(failing))) }
}

/// The texts of a plan, from the database and the import.
async fn brought_together(ground: &Ground, import: &Import, plan: &Plan) -> Result<Vec<File>, Fault> {
    let known = sql::texts(&mut ground.read().await?, plan.onto).await?;
    let mut texts: BTreeMap<String, String> = known.into_iter().map(|file| (file.path, file.text)).collect();
    for (path, text) in &import.changes {
        match text {
            Some(text) => drop(texts.insert(path.clone(), text.clone())),
            None => drop(texts.remove(path)),
        }
    }
    Ok(texts.into_iter().map(|(path, text)| File::new(path, text)).collect())
}

/// Puts a release behind the last, within a verb that holds the lock.
async fn make(
    verb: &mut Verb,
    action: &'static str,
    before: Option<&Release>,
    files: &Files,
    made_by: String,
    reason: String,
) -> Result<Release, Fault> {
    let earliest = before.map_or(Moment(i64::MIN), |before| Moment(before.from.0 + 1));
    let release = Release {
        number: before.map_or(1, |before| before.number + 1),
        digest: files.digest(),
        // Clocks of two servers may differ; releases follow each other in time all the same.
        from: verb.now().max(earliest),
        made_by,
        reason,
    };
    sql::insert_release(verb.write(), &release, files).await?;
    let told = |release: &Release| json!({ "digest": release.digest.to_string(), "reason": release.reason });
    let subject = format!("release:{}", release.number);
    verb.record(action, subject, before.map(told), Some(told(&release)));
    Ok(release)
}

fn needed(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    let is_fine = !reason.is_empty() && reason.chars().count() <= REASON_CHARACTERS_MAX;
    if is_fine { Ok(reason.to_owned()) } else { Err(Refusal::Reason) }
}

/// The texts of a release, the same bytes that were put in, by path. `None` if there is no such release.
pub async fn export(ground: &Ground, number: u64) -> Result<Option<(Release, Vec<File>)>, Fault> {
    let mut read = ground.read().await?;
    match sql::release_of(&mut read, number).await? {
        Some(release) => Ok(Some((release, sql::texts(&mut read, number).await?))),
        None => Ok(None),
    }
}

/// A release by its number.
pub async fn release(ground: &Ground, number: u64) -> Result<Option<Release>, Fault> {
    sql::release_of(&mut ground.read().await?, number).await
}

/// The release that held at a moment; `None` before the first.
pub async fn release_at(ground: &Ground, at: Moment) -> Result<Option<Release>, Fault> {
    sql::release_at(&mut ground.read().await?, at).await
}

/// Releases before a number, the newest first, at most `limit`.
pub async fn releases(ground: &Ground, before: Option<u64>, limit: usize) -> Result<Vec<Release>, Fault> {
    sql::releases_before(&mut ground.read().await?, before.unwrap_or(u64::MAX), limit).await
}
