//! Contests of values, and their answers.

use facts::Date;
use store::{Row, Statement, Transaction, Write, sql};

use super::super::model::{Contest, ContestId, Outcome, StatementId, SubjectId};
use super::{code, day, id, id_or_none};
use crate::ground::{Fault, Moment};
use crate::identity::OrganisationId;

/// A contest to be written.
#[derive(Clone, Debug)]
pub struct NewContestRow<'a> {
    pub id: ContestId,
    pub subject: SubjectId,
    pub statement: StatementId,
    pub item: &'a str,
    pub reason: &'a str,
    pub evidence: Option<&'a str>,
    pub raised_by: &'a str,
    pub raised: Moment,
    pub due: Date,
}

pub async fn insert(write: &mut Write, row: &NewContestRow<'_>) -> Result<(), Fault> {
    let statement =
        sql("INSERT INTO contest (id, subject_id, statement_id, item, reason, evidence, raised_by, \
                         raised_ms, due_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
        .bind(row.id.to_string())
        .bind(row.subject.to_string())
        .bind(row.statement.to_string())
        .bind(row.item)
        .bind(row.reason)
        .bind(row.evidence)
        .bind(row.raised_by)
        .bind(row.raised.0)
        .bind(row.due.to_epoch_days());
    write.execute(statement).await?;
    Ok(())
}

pub async fn insert_answer(
    write: &mut Write,
    contest: ContestId,
    (outcome, reason): (Outcome, Option<&str>),
    correction: Option<StatementId>,
    (by, now): (&str, Moment),
) -> Result<(), Fault> {
    let statement =
        sql("INSERT INTO contest_answer (contest_id, outcome, reason, statement_id, answered_by, \
                         answered_ms) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(contest.to_string())
        .bind(outcome.as_code())
        .bind(reason)
        .bind(correction.map(|it| it.to_string()))
        .bind(by)
        .bind(now.0);
    write.execute(statement).await?;
    Ok(())
}

/// One contest.
pub async fn get(transaction: &mut Transaction, contest: ContestId) -> Result<Option<Contest>, Fault> {
    let statement =
        sql("SELECT c.id, c.subject_id, c.statement_id, c.item, c.reason, c.evidence, c.raised_by, \
                         c.raised_ms, c.due_on, s.source, COALESCE(o.department_id, \
                         (SELECT organisation_id FROM registry_office)) AS department_id, \
                         a.outcome, a.reason AS answer, a.answered_ms FROM contest c \
                         JOIN statement s ON s.id = c.statement_id JOIN source o ON o.code = s.source \
                         LEFT JOIN contest_answer a ON a.contest_id = c.id WHERE c.id = $1")
        .bind(contest.to_string());
    transaction.fetch_optional(statement).await?.map(|row| read(&row)).transpose()
}

/// Contests about a subject, the earliest first.
pub async fn about(transaction: &mut Transaction, subject: SubjectId) -> Result<Vec<Contest>, Fault> {
    let statement =
        sql("SELECT c.id, c.subject_id, c.statement_id, c.item, c.reason, c.evidence, c.raised_by, \
                         c.raised_ms, c.due_on, s.source, COALESCE(o.department_id, \
                         (SELECT organisation_id FROM registry_office)) AS department_id, \
                         a.outcome, a.reason AS answer, a.answered_ms FROM contest c \
                         JOIN statement s ON s.id = c.statement_id JOIN source o ON o.code = s.source \
                         LEFT JOIN contest_answer a ON a.contest_id = c.id WHERE c.subject_id = $1 \
                         ORDER BY c.id")
        .bind(subject.to_string());
    all(transaction, statement).await
}

/// Contests that a department answers and has not answered, those due first, behind one of them.
pub async fn open_for(
    transaction: &mut Transaction,
    department: OrganisationId,
    behind: Option<(Date, ContestId)>,
    limit: usize,
) -> Result<Vec<Contest>, Fault> {
    let (due, last) =
        behind.map_or((i64::MIN, String::new()), |(due, id)| (due.to_epoch_days(), id.to_string()));
    let statement =
        sql("SELECT c.id, c.subject_id, c.statement_id, c.item, c.reason, c.evidence, c.raised_by, \
                         c.raised_ms, c.due_on, s.source, COALESCE(o.department_id, \
                         (SELECT organisation_id FROM registry_office)) AS department_id, \
                         a.outcome, a.reason AS answer, a.answered_ms FROM contest c \
                         JOIN statement s ON s.id = c.statement_id JOIN source o ON o.code = s.source \
                         LEFT JOIN contest_answer a ON a.contest_id = c.id \
                         WHERE a.contest_id IS NULL AND COALESCE(o.department_id, \
                         (SELECT organisation_id FROM registry_office)) = $1 \
                         AND (c.due_on > $2 OR (c.due_on = $2 AND c.id > $3)) \
                         ORDER BY c.due_on, c.id LIMIT $4")
        .bind(department.to_string())
        .bind(due)
        .bind(last)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX));
    all(transaction, statement).await
}

/// The words of contests and answers about a subject, gone.
pub async fn erase(write: &mut Write, subject: SubjectId) -> Result<(), Fault> {
    let answers = sql("UPDATE contest_answer SET reason = NULL WHERE contest_id IN \
                       (SELECT id FROM contest WHERE subject_id = $1)");
    write.execute(answers.bind(subject.to_string())).await?;
    let contests = sql("UPDATE contest SET reason = NULL, evidence = NULL WHERE subject_id = $1");
    write.execute(contests.bind(subject.to_string())).await?;
    Ok(())
}

async fn all(transaction: &mut Transaction, statement: Statement) -> Result<Vec<Contest>, Fault> {
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}

fn read(row: &Row) -> Result<Contest, Fault> {
    let outcome: Option<String> = row.get("outcome")?;
    let answered: Option<i64> = row.get("answered_ms")?;
    Ok(Contest {
        id: id(ContestId::parse, row, "id")?,
        subject: id(SubjectId::parse, row, "subject_id")?,
        statement: id(StatementId::parse, row, "statement_id")?,
        item: row.get("item")?,
        source: row.get("source")?,
        reason: row.get("reason")?,
        evidence: row.get("evidence")?,
        raised_by: row.get("raised_by")?,
        raised: Moment(row.get("raised_ms")?),
        due: day(row, "due_on")?,
        department: id_or_none(OrganisationId::parse, row, "department_id")?,
        outcome: outcome.map(|_| code(Outcome::parse_code, row, "outcome")).transpose()?,
        answer: row.get("answer")?,
        answered: answered.map(Moment),
    })
}
