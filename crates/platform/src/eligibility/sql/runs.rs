//! Bulk runs, and the rolls of their subjects.

use engine::batch::{Sum, Totals};
use facts::Date;
use population::Bits;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::{Row, Transaction, Write, sql};

use super::super::columns::{OutcomesOfAll, pack, unpack};
use super::super::model::Run;
use super::{digest, json as read_json, unsigned, whole};
use crate::ground::{Fault, Moment};
use crate::policies::TextDigest;
use crate::registry::SubjectId;

/// Bytes of an id.
const ID_BYTES: usize = 16;

/// The number of the last run; nought before the first.
pub async fn last_number(transaction: &mut Transaction) -> Result<u64, Fault> {
    let row =
        transaction.fetch_one(sql("SELECT COALESCE(MAX(number), 0) AS last FROM eligibility_run")).await?;
    unsigned(&row, "last")
}

pub async fn insert(write: &mut Write, run: &Run) -> Result<(), Fault> {
    let roll = roll_of(&run.subjects);
    let roll_digest: [u8; 32] = Sha256::digest(&roll).into();
    let statement =
        sql("INSERT INTO eligibility_roll (digest, ids) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING")
            .bind(roll_digest)
            .bind(roll);
    write.execute(statement).await?;
    let statement =
        sql("INSERT INTO eligibility_run (number, policy, version, release, release_digest, day, position, \
                         semantics, roll, eligible, ineligible, amount, decided_ms, decided_by) \
                         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)")
        .bind(whole(run.number))
        .bind(&run.policy)
        .bind(&run.version)
        .bind(whole(run.release))
        .bind(run.release_digest.0)
        .bind(run.day.to_epoch_days())
        .bind(whole(run.position))
        .bind(i64::from(run.semantics))
        .bind(roll_digest)
        .bind(pack(&run.outcomes.eligible))
        .bind(pack(&run.outcomes.ineligible))
        .bind(amount_json(&run.outcomes.totals.amount).to_string())
        .bind(run.decided.0)
        .bind(&run.decided_by);
    write.execute(statement).await?;
    Ok(())
}

pub async fn get(transaction: &mut Transaction, number: u64) -> Result<Option<Run>, Fault> {
    let statement = sql("SELECT r.number, r.policy, r.version, r.release, r.release_digest, r.day, r.position, \
                         r.semantics, r.roll, r.eligible, r.ineligible, r.amount, r.decided_ms, r.decided_by, l.ids \
                         FROM eligibility_run r JOIN eligibility_roll l ON l.digest = r.roll WHERE r.number = $1")
    .bind(whole(number));
    transaction.fetch_optional(statement).await?.as_ref().map(read).transpose()
}

fn read(row: &Row) -> Result<Run, Fault> {
    let damaged = |what: &str| Fault::Damaged(format!("a bulk run's {what}"));
    let roll: Vec<u8> = row.get("ids")?;
    let is_roll = digest(row, "roll")? == <[u8; 32]>::from(Sha256::digest(&roll));
    let subjects = ids_of(&roll).filter(|_| is_roll).ok_or_else(|| damaged("roll is another one"))?;
    let plane = |column: &str| -> Result<Bits, Fault> {
        let packed: Vec<u8> = row.get(column)?;
        unpack(&packed, subjects.len()).ok_or_else(|| damaged("outcomes cannot be unpacked"))
    };
    let (eligible, ineligible) = (plane("eligible")?, plane("ineligible")?);
    let amount: String = row.get("amount")?;
    let amount = read_amount(&read_json(&amount, "amount")?).ok_or_else(|| damaged("sums cannot be read"))?;
    let counted = (eligible.count_ones(), ineligible.count_ones());
    let open = subjects.len().checked_sub(counted.0 + counted.1).ok_or_else(|| damaged("planes overlap"))?;
    let totals = Totals { eligible: counted.0, ineligible: counted.1, open, amount };
    let (day, semantics): (i64, i64) = (row.get("day")?, row.get("semantics")?);
    Ok(Run {
        number: unsigned(row, "number")?,
        policy: row.get("policy")?,
        version: row.get("version")?,
        release: unsigned(row, "release")?,
        release_digest: TextDigest(digest(row, "release_digest")?),
        day: Date::from_epoch_days(day).ok_or_else(|| damaged("day is none"))?,
        position: unsigned(row, "position")?,
        semantics: u32::try_from(semantics).map_err(|_| damaged("semantics are no number"))?,
        outcomes: OutcomesOfAll { eligible, ineligible, totals },
        subjects,
        decided: Moment(row.get("decided_ms")?),
        decided_by: row.get("decided_by")?,
    })
}

fn roll_of(subjects: &[SubjectId]) -> Vec<u8> {
    subjects.iter().flat_map(SubjectId::to_bytes).collect()
}

fn ids_of(roll: &[u8]) -> Option<Vec<SubjectId>> {
    let (ids, rest) = roll.as_chunks::<ID_BYTES>();
    rest.is_empty().then(|| ids.iter().map(|bytes| SubjectId::from_bytes(*bytes)).collect())
}

/// Sums may pass 64 bits, so they are written as texts.
pub fn amount_json(sum: &Sum) -> Value {
    json!({
        "least_fen": sum.least.to_string(), "most_fen": sum.most.to_string(),
        "endless": sum.endless, "undetermined": sum.undetermined,
    })
}

fn read_amount(json: &Value) -> Option<Sum> {
    let count = |key: &str| usize::try_from(json[key].as_u64()?).ok();
    Some(Sum {
        least: json["least_fen"].as_str()?.parse().ok()?,
        most: json["most_fen"].as_str()?.parse().ok()?,
        endless: count("endless")?,
        undetermined: count("undetermined")?,
    })
}
