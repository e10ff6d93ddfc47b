//! Sources, their ranks at a position, and the department that keeps the register.

use facts::Text;
use store::{Row, Transaction, Write, sql};

use super::super::model::Source;
use super::super::workflow::Ranks;
use super::{id_or_none, position};
use crate::ground::Fault;
use crate::identity::OrganisationId;

/// All of them with their ranks at a position, the highest first.
pub async fn all(transaction: &mut Transaction, at: u64) -> Result<Vec<Source>, Fault> {
    let statement =
        sql("SELECT code, zh, en, is_self, department_id, COALESCE((SELECT r.rank FROM source_rank r \
                         JOIN ledger_entry e ON e.reference = r.id AND e.kind = 'rank' \
                         WHERE r.source = source.code AND e.position <= $1 \
                         ORDER BY e.position DESC LIMIT 1), first_rank) AS rank \
                         FROM source ORDER BY rank DESC, code")
        .bind(position(at));
    transaction.fetch_all(statement).await?.iter().map(read).collect()
}

/// The source of that code, with its rank now.
pub async fn find(transaction: &mut Transaction, code: &str) -> Result<Option<Source>, Fault> {
    Ok(all(transaction, u64::MAX).await?.into_iter().find(|source| source.code == code))
}

/// Ranks at a position.
pub fn ranks(sources: &[Source]) -> Ranks {
    sources.iter().map(|source| (source.code.clone(), source.rank)).collect()
}

fn read(row: &Row) -> Result<Source, Fault> {
    Ok(Source {
        code: row.get("code")?,
        name: Text { zh: row.get("zh")?, en: row.get("en")? },
        rank: row.get("rank")?,
        is_self: row.get("is_self")?,
        department: id_or_none(OrganisationId::parse, row, "department_id")?,
    })
}

pub async fn insert_rank(
    write: &mut Write,
    id: &str,
    source: &str,
    rank: i64,
    reason: &str,
) -> Result<(), Fault> {
    let statement = sql("INSERT INTO source_rank (id, source, rank, reason) VALUES ($1, $2, $3, $4)")
        .bind(id)
        .bind(source)
        .bind(rank)
        .bind(reason);
    write.execute(statement).await?;
    Ok(())
}

pub async fn set_department(
    write: &mut Write,
    source: &str,
    department: Option<OrganisationId>,
) -> Result<(), Fault> {
    let statement = sql("UPDATE source SET department_id = $2 WHERE code = $1")
        .bind(source)
        .bind(department.map(|it| it.to_string()));
    write.execute(statement).await?;
    Ok(())
}

/// The department that keeps the register.
pub async fn office(transaction: &mut Transaction) -> Result<Option<OrganisationId>, Fault> {
    let row = transaction.fetch_optional(sql("SELECT organisation_id FROM registry_office")).await?;
    row.map_or(Ok(None), |row| id_or_none(OrganisationId::parse, &row, "organisation_id"))
}

pub async fn set_office(write: &mut Write, department: OrganisationId) -> Result<(), Fault> {
    let statement = sql("INSERT INTO registry_office (id, organisation_id) VALUES (1, $1) \
                         ON CONFLICT (id) DO UPDATE SET organisation_id = excluded.organisation_id")
    .bind(department.to_string());
    write.execute(statement).await?;
    Ok(())
}
