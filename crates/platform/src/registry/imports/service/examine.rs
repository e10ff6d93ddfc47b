//! Looking through a file: which rows are new, changed, the same or bad, and every cell that was not understood.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use facts::Vocabulary;
use facts::read::CellProblem;
use serde_json::json;
use store::Transaction;

use super::super::super::model::SubjectId;
use super::super::mapping::Mapping;
use super::super::model::{Batch, BatchId, BatchState, Counts, Problem, Sample, Standing};
use super::super::rows::{self, Message, Prepared, Who};
use super::super::sql::Found;
use super::super::workflow::{self, LastWords};
use super::super::{file, sql};
use super::{about, found};
use crate::ground::{Caller, Fault, Ground};
use crate::identity::{Action, Answer, Principal, Refusal, agreed, begin};

/// Most problems that are kept; a person corrects these first.
pub const PROBLEMS_MAX: usize = 5_000;

/// Rows that are shown as they would be taken.
const SAMPLES: usize = 10;

/// What was seen.
#[derive(Default)]
pub struct Examined {
    pub counts: Counts,
    pub samples: Vec<Sample>,
    pub problems: Vec<Problem>,
}

/// Gives the columns of a batch their meanings and looks through it again.
pub async fn map_columns(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &Arc<Vocabulary>,
    id: BatchId,
    mapping: Mapping,
) -> Answer<()> {
    const ACTION: Action = Action::ImportFacts;
    let (record, batch) = found(ground, id).await?;
    let looking = begin!(ground, principal, caller, ACTION, &record);
    let batch = agreed!(looking, ACTION.as_code(), batch.ok_or(Refusal::NotThere));
    let is_open = if batch.state == BatchState::Uploaded { Ok(()) } else { Err(Refusal::WrongState) };
    agreed!(looking, ACTION.as_code(), is_open);
    let mapping = agreed!(looking, ACTION.as_code(), checked(vocabulary, &batch, mapping));
    drop(looking);
    let bytes = Arc::new(sql::file(&mut ground.read().await?, id).await?);
    let same_as = workflow::same_as(batch.file_digest, &mapping, &batch.source, &batch.subject_kind);
    let mut batch = Batch { mapping, same_as, ..batch };
    let examined = examine(ground, vocabulary, &batch, &bytes).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    verb.write().lock(&about(id)).await?;
    let now = sql::batch(verb.write(), id).await?;
    let is_open = now.is_some_and(|now| now.state == BatchState::Uploaded);
    agreed!(verb, ACTION.as_code(), if is_open { Ok(()) } else { Err(Refusal::WrongState) });
    let Examined { counts, samples, problems } = agreed!(verb, ACTION.as_code(), examined);
    (batch.counts, batch.samples) = (counts, samples);
    sql::update_batch(verb.write(), &batch).await?;
    sql::put_problems(verb.write(), id, &problems).await?;
    verb.record("registry.map-import", about(id), None, Some(json!({ "columns": batch.mapping.meanings() })));
    verb.commit().await?;
    Ok(Ok(()))
}

/// A mapping of exactly the file's columns; their headers are the file's, whatever was handed in. Another row of the header
/// is another file: it has other columns.
fn checked(vocabulary: &Vocabulary, batch: &Batch, wanted: Mapping) -> Result<Mapping, Refusal> {
    let meanings = wanted.meanings();
    let columns: BTreeSet<usize> = batch.mapping.columns.iter().map(|column| column.column).collect();
    if meanings.keys().any(|column| !columns.contains(column)) {
        return Err(Refusal::PastLimit);
    }
    let mut mapping = batch.mapping.clone();
    for column in &mut mapping.columns {
        column.meaning = meanings.get(&column.column).map(|meaning| meaning.trim().to_owned());
    }
    let problems = mapping.problems(vocabulary);
    if problems.is_empty() {
        return Ok(mapping);
    }
    let place = |column: Option<usize>| match column {
        Some(column) => {
            let at = mapping.columns.iter().position(|it| it.column == column).unwrap_or_default();
            format!("/columns/{at}/meaning")
        }
        None => "/columns".to_owned(),
    };
    let told = problems.into_iter().map(|(column, problem)| {
        let place = place(column);
        problem.at(facts::Text { zh: place.clone(), en: place })
    });
    Err(Refusal::Unreadable(told.collect()))
}

/// Reads the whole file and compares it with what the source said before. A file whose columns do not say yet whose each row
/// is, has no rows to look at.
pub async fn examine(
    ground: &Ground,
    vocabulary: &Arc<Vocabulary>,
    batch: &Batch,
    bytes: &Arc<Vec<u8>>,
) -> Result<Result<Examined, Refusal>, Fault> {
    let mut examined = Examined::default();
    if !batch.mapping.problems(vocabulary).is_empty() {
        return Ok(Ok(examined));
    }
    let mut messages = rows::start(batch.reading(vocabulary, bytes));
    let mut seen = BTreeSet::new();
    loop {
        match messages.recv().await {
            Some(Message::Rows(mut rows)) => {
                let mut read = ground.read().await?;
                let subjects = resolve(&mut read, &batch.subject_kind, &mut rows, &mut seen).await?;
                let known: Vec<SubjectId> = subjects.iter().copied().flatten().collect();
                let mut words: BTreeMap<SubjectId, LastWords> = BTreeMap::new();
                for (subject, content) in sql::said_before(&mut read, &batch.source, &known).await? {
                    words.entry(subject).or_default().hear(&content);
                }
                drop(read);
                for (row, subject) in rows.into_iter().zip(subjects) {
                    let said = subject.and_then(|subject| words.get(&subject));
                    examined.count(row, said);
                }
            }
            Some(Message::Refused(problems)) => return Ok(Err(Refusal::Unreadable(problems))),
            Some(Message::End) => return Ok(Ok(examined)),
            None => return Ok(Err(Refusal::Unreadable(file::unreadable(&batch.file_name)))),
        }
    }
}

impl Examined {
    fn count(&mut self, row: Prepared, said: Option<&LastWords>) {
        self.counts.total += 1;
        if !row.problems.is_empty() {
            self.counts.bad += 1;
            self.counts.problems += row.problems.len() as u64;
            let room = PROBLEMS_MAX.saturating_sub(self.problems.len());
            self.problems.extend(row.problems.into_iter().take(room));
            return;
        }
        let standing = said.map_or(Standing::New, |said| said.standing(&row.content));
        match standing {
            Standing::New => self.counts.new += 1,
            Standing::Changed => self.counts.changed += 1,
            Standing::Same => self.counts.same += 1,
        }
        if self.samples.len() < SAMPLES {
            let code = match row.who {
                Who::Code(code) => code,
                Who::Subject(id) => id.to_string(),
                Who::Name(_) | Who::Nobody => String::new(),
            };
            let standing = standing.as_code().to_owned();
            self.samples.push(Sample { row: row.row, code, name: row.name, standing, content: row.content });
        }
    }
}

/// Whom each row is about: a subject that is there, or `None` for one that would come with the batch. A row that names nobody
/// who is there and nobody who could come, or somebody whom another row names otherwise, becomes bad. `seen` are those of
/// earlier rows.
pub async fn resolve(
    transaction: &mut Transaction,
    kind: &str,
    rows: &mut [Prepared],
    seen: &mut BTreeSet<SubjectId>,
) -> Result<Vec<Option<SubjectId>>, Fault> {
    let wanted: Vec<&Who> = rows.iter().map(|row| &row.who).collect();
    let found = sql::find_subjects(transaction, kind, &wanted).await?;
    let mut subjects = Vec::with_capacity(rows.len());
    for row in rows {
        let key = match &row.who {
            Who::Code(code) => code.clone(),
            Who::Subject(id) => id.to_string(),
            Who::Name(name) => name.clone(),
            Who::Nobody => String::new(),
        };
        let there = found.get(&key).map(Vec::as_slice).unwrap_or_default();
        let outcome = match (&row.who, there) {
            (_, [Found { is_erased: true, .. }]) => Err(erased()),
            (_, [one]) if row.problems.is_empty() && !seen.insert(one.id) => Err(named_twice()),
            (_, [one]) => Ok(Some(one.id)),
            (Who::Code(_), []) if row.name.is_empty() => Err(nameless()),
            (Who::Code(_), []) => Ok(None),
            (Who::Name(_), []) => Err(unknown_name()),
            (Who::Name(_), _) => Err(ambiguous()),
            (Who::Subject(_), _) => Err(unknown_id()),
            // Told where it was read.
            (Who::Nobody, _) | (Who::Code(_), _) => Ok(None),
        };
        subjects.push(outcome.unwrap_or_else(|problem| {
            row.problems.push(Problem::new("", row.row, None, problem));
            None
        }));
    }
    Ok(subjects)
}

fn problem(code: &'static str, (zh, en): (&str, &str), (zh_help, en_help): (&str, &str)) -> CellProblem {
    CellProblem::new(code, zh, en).with_help(zh_help, en_help)
}

fn erased() -> CellProblem {
    let what = ("这个主体的信息已依法删除", "what was held about this subject was erased by law");
    problem("E0070", what, ("请删去这一行", "delete the row"))
}

fn named_twice() -> CellProblem {
    let what = ("这个主体在前面的行已经有了", "this subject already stands in an earlier row");
    problem("E0073", what, ("一个主体一行,请合并或删去", "one row a subject: join them, or delete one"))
}

fn nameless() -> CellProblem {
    let what = (
        "登记中没有这个代码,这一行也没有名称",
        "the register does not know this code, and the row has no name",
    );
    problem(
        "E0070",
        what,
        ("核对代码,或填写名称以便登记", "check the code, or give the name so that it can be registered"),
    )
}

fn unknown_name() -> CellProblem {
    let what = ("登记中没有叫这个名称的主体", "the register has nobody of this name");
    problem("E0070", what, ("填写代码,或核对名称", "give the code, or check the name"))
}

fn ambiguous() -> CellProblem {
    let what = ("登记中有几个主体都叫这个名称", "several subjects of the register have this name");
    problem("E0072", what, ("请填写代码", "give the code"))
}

fn unknown_id() -> CellProblem {
    let what = ("登记中没有这个编号的主体", "the register has no subject of this id");
    problem("E0070", what, ("核对编号", "check the id"))
}
