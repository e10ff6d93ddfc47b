//! A file is handed in, its columns are understood as far as they can be, and it is looked through.

use std::sync::Arc;

use facts::read::{CellProblem, FILE_BYTES_MAX};
use facts::{SUBJECT_KINDS, Vocabulary};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::super::super::sql as registry;
use super::super::file;
use super::super::mapping::Mapping;
use super::super::model::{Batch, BatchId, BatchState, Counts, Upload};
use super::super::rows::Reading;
use super::super::{sql, workflow};
use super::examine::{Examined, examine};
use super::{about, record_of};
use crate::ground::{Caller, Fault, Ground, to_hex};
use crate::identity::{Action, Answer, Principal, Refusal, agreed, begin};

/// Longest name of a file, in characters.
const FILE_NAME_CHARS_MAX: usize = 200;

/// Takes in a file and looks through it; nothing counts yet.
pub async fn upload(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &Arc<Vocabulary>,
    upload: Upload,
) -> Answer<BatchId> {
    const ACTION: Action = Action::ImportFacts;
    let record = record_of(&mut ground.read().await?, &upload.source).await?;
    // Who may not is told before anything is read; the verb that looked is dropped, and the database is free meanwhile.
    let looking = begin!(ground, principal, caller, ACTION, &record);
    let id = BatchId::new(looking.now(), ground.chance());
    let (uploaded, today) = (looking.now(), looking.now().day());
    let is_known = {
        let mut read = ground.read().await?;
        registry::sources::find(&mut read, &upload.source).await?.is_some_and(|source| !source.is_self)
    };
    agreed!(looking, ACTION.as_code(), if is_known { Ok(()) } else { Err(Refusal::NotThere) });
    drop(looking);
    let wrong = check(&upload, today);
    let opened = match wrong {
        Ok(name) => open(ground, vocabulary, &upload, name).await?,
        Err(refusal) => Err(refusal),
    };
    let (name, kind, mapping) = match opened {
        Ok(opened) => opened,
        Err(refusal) => {
            let verb = begin!(ground, principal, caller, ACTION, &record);
            return crate::identity::refused(verb, ACTION.as_code(), refusal).await;
        }
    };
    let file_digest: [u8; 32] = Sha256::digest(&upload.bytes).into();
    let bytes = Arc::new(upload.bytes);
    let mut batch = Batch {
        id,
        same_as: workflow::same_as(file_digest, &mapping, &upload.source, &upload.subject_kind),
        subject_kind: upload.subject_kind,
        source: upload.source,
        observed: upload.observed,
        file_name: name,
        file_kind: kind,
        file_bytes: bytes.len() as u64,
        file_digest,
        mapping,
        state: BatchState::Uploaded,
        takes: None,
        counts: Counts::default(),
        samples: Vec::new(),
        done: 0,
        root: None,
        uploaded,
        uploaded_by: principal.account.to_string(),
        since: uploaded,
    };
    let examined = examine(ground, vocabulary, &batch, &bytes).await?;
    put_file(ground, id, &bytes).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    let Examined { counts, samples, problems } = agreed!(verb, ACTION.as_code(), examined);
    (batch.counts, batch.samples) = (counts, samples);
    sql::insert_batch(verb.write(), &batch).await?;
    sql::put_problems(verb.write(), id, &problems).await?;
    verb.record("registry.upload-import", about(id), None, Some(told(&batch)));
    verb.commit().await?;
    Ok(Ok(id))
}

/// What the audit chain is told of an upload.
fn told(batch: &Batch) -> serde_json::Value {
    json!({
        "source": batch.source,
        "kind": batch.subject_kind,
        "observed_on": batch.observed.to_string(),
        "file": to_hex(&batch.file_digest),
        "bytes": batch.file_bytes,
        "rows": batch.counts.total,
    })
}

/// Puts the file away in parts, so that no other writer waits for all of it.
async fn put_file(ground: &Ground, id: BatchId, bytes: &[u8]) -> Result<(), Fault> {
    for (number, part) in (0_u64..).zip(bytes.chunks(sql::PART_BYTES)) {
        let mut write = ground.housekeeping().await?;
        sql::insert_part(&mut write, id, number, part).await?;
        write.commit().await?;
    }
    Ok(())
}

/// What can be told without looking into the file: its name as it is kept.
fn check(upload: &Upload, today: facts::Date) -> Result<String, Refusal> {
    let file = &upload.file_name;
    let told = |problem: CellProblem, place: &str| {
        let place = facts::Text { zh: place.to_owned(), en: place.to_owned() };
        Err(Refusal::Unreadable(vec![problem.at(place)]))
    };
    if !SUBJECT_KINDS.iter().any(|(code, _)| *code == upload.subject_kind) {
        let kinds = SUBJECT_KINDS.map(|(code, word)| format!("{word} {code}")).join("、");
        let (zh, en) = (format!("主体类别应为其中之一:{kinds}"), format!("the kind is one of {kinds}"));
        return told(CellProblem::new("E0069", zh, en), "kind");
    }
    if upload.observed > today {
        let (zh, en) = ("观察日期在今天之后", "the day lies in the future");
        return told(CellProblem::new("E0039", zh, en), "observed_on");
    }
    if upload.bytes.len() > FILE_BYTES_MAX {
        return Err(Refusal::PastLimit);
    }
    // A path of the uploader's machine is nobody's business.
    let name = file.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(FILE_NAME_CHARS_MAX).collect();
    Ok(if name.trim().is_empty() { "?".to_owned() } else { name.trim().to_owned() })
}

type Opened = (String, file::FileKind, Mapping);

/// The kind of the file, and its columns as they were mapped last, or as their headers suggest.
async fn open(
    ground: &Ground,
    vocabulary: &Arc<Vocabulary>,
    upload: &Upload,
    name: String,
) -> Result<Result<Opened, Refusal>, Fault> {
    let kind = match file::kind_of(&name, &upload.bytes) {
        Ok(kind) => kind,
        Err(problems) => return Ok(Err(Refusal::Unreadable(problems))),
    };
    let (words, file, bytes) = (vocabulary.clone(), name.clone(), upload.bytes.clone());
    let reading = tokio::task::spawn_blocking(move || file::headings(&file, kind, &bytes, &words, None));
    // A thread that died was killed by the file.
    let headings = reading.await.unwrap_or_else(|_| Err(file::unreadable(&name)));
    let (header_row, headings) = match headings {
        Ok(headings) => headings,
        Err(problems) => return Ok(Err(Refusal::Unreadable(problems))),
    };
    let suggested = Mapping::suggested(vocabulary, header_row, &headings);
    let mut read = ground.read().await?;
    let before =
        sql::remembered(&mut read, &upload.source, &upload.subject_kind, suggested.headers_digest()).await?;
    let mapping = before.map_or_else(|| suggested.clone(), |before| suggested.as_before(&before));
    Ok(Ok((name, kind, mapping)))
}

impl Batch {
    /// What is to be read of it.
    pub(in super::super) fn reading(&self, vocabulary: &Arc<Vocabulary>, bytes: &Arc<Vec<u8>>) -> Reading {
        Reading {
            vocabulary: vocabulary.clone(),
            file: self.file_name.clone(),
            file_kind: self.file_kind,
            bytes: bytes.clone(),
            subject_kind: self.subject_kind.clone(),
            mapping: self.mapping.clone(),
            observed: self.observed,
        }
    }
}
