//! Contests: whoever a value is about, or an officer, says that it is not right; the department that answers for its source
//! answers. Until then the value stays in force, marked 有异议.

use facts::{Date, Vocabulary};
use serde_json::json;

use super::super::ledger::profile;
use super::super::model::{Contest, ContestId, EntryKind, Item, Outcome, StatementId, SubjectId};
use super::super::sql;
use super::super::sql::contests::NewContestRow;
use super::super::workflow::working_days_after;
use super::read::{Reader, sources_of, told};
use super::record::{Saying, read_content, say, verb_actor};
use super::{about, enter, living, lock, needed, optional, record_of_whole, whole};
use crate::ground::{Caller, Fault, Ground, Verb};
use crate::identity::{Action, Answer, Principal, Record, Refusal, Role, agreed, authorise, begin};

/// Within so many working days a contest is answered.
const ANSWER_WORKING_DAYS: u32 = 10;

/// A contest to be raised.
#[derive(Clone, Debug)]
pub struct NewContest {
    /// About whom.
    pub subject: SubjectId,
    /// The key of the value that is in force.
    pub item: String,
    /// The statement that it is of, as whoever contests it has seen it.
    pub statement: StatementId,
    /// Why it is not right.
    pub reason: String,
    /// What that rests on.
    pub evidence: Option<String>,
}

/// An answer to be given.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    /// Which contest.
    pub contest: ContestId,
    /// How.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// What the source says instead, where it corrects itself: facts by key, and the day on which it was so.
    pub correction: Option<(String, Date)>,
}

/// Contests a value in force. The contest, and the day by which it is to be answered.
pub async fn contest_value(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &Vocabulary,
    wanted: &NewContest,
) -> Answer<(ContestId, Date)> {
    const ACTION: Action = Action::ContestValue;
    let record = record_of_whole(whole(&mut ground.read().await?, wanted.subject).await?.as_ref());
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    lock(&mut verb, wanted.subject).await?;
    let decided = contestable(&mut verb, principal, vocabulary, wanted).await?;
    let (item, subject) = agreed!(verb, ACTION.as_code(), decided);
    let texts = needed(&wanted.reason).and_then(|reason| Ok((reason, optional(wanted.evidence.as_deref())?)));
    let (reason, evidence) = agreed!(verb, ACTION.as_code(), texts);
    let now = verb.now();
    let due = working_days_after(&vocabulary.classifications, now.day(), ANSWER_WORKING_DAYS);
    let id = ContestId::new(now, ground.chance());
    let row = NewContestRow {
        id,
        subject,
        statement: wanted.statement,
        item: &item.key(vocabulary),
        reason: &reason,
        evidence: evidence.as_deref(),
        raised_by: &verb_actor(principal, caller),
        raised: now,
        due,
    };
    sql::contests::insert(verb.write(), &row).await?;
    let after = json!({ "contest": id.to_string(), "item": row.item, "due_on": due.to_string() });
    verb.record(ACTION.as_code(), about(subject), None, Some(after));
    enter(&mut verb, EntryKind::Contest, &id.to_string(), Some(subject)).await?;
    verb.commit().await?;
    Ok(Ok((id, due)))
}

/// The item, and the subject that the statement is of, if the value is in force, is not contested yet, and may be seen.
async fn contestable(
    verb: &mut Verb,
    principal: &Principal,
    vocabulary: &Vocabulary,
    wanted: &NewContest,
) -> Result<Result<(Item, SubjectId), Refusal>, Fault> {
    let Some(item) = Item::parse(vocabulary, &wanted.item) else { return Ok(Err(Refusal::NotThere)) };
    let held = profile(verb.write(), vocabulary, wanted.subject, None).await?;
    let whole = whole(verb.write(), wanted.subject).await?;
    let (Some(held), Some(whole)) = (held, whole) else { return Ok(Err(Refusal::NotThere)) };
    let Some(standing) = held.standings.get(&item).filter(|it| it.stated.id == wanted.statement) else {
        return Ok(Err(Refusal::NotThere));
    };
    let reader = Reader::new(verb.write(), principal, &whole).await?;
    let sources = sources_of(verb.write()).await?;
    let is_seen = told(&held.profile, &item).is_some_and(|told| {
        reader.shown(vocabulary, &item, &told, sources.get(&standing.stated.source)).is_some()
    });
    Ok(match (is_seen, standing.contest) {
        (false, _) => Err(Refusal::NotThere),
        (true, Some(_)) => Err(Refusal::NothingToDo),
        (true, None) => Ok((item, standing.stated.subject)),
    })
}

/// Answers a contest. A correction is another statement of the same source, of the same value; with it, or where the contest
/// is upheld, the contested value no longer counts. A decision of a condition is corrected by upholding the contest and
/// deciding anew.
pub async fn answer_contest(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &Vocabulary,
    wanted: &NewAnswer,
) -> Answer<()> {
    const ACTION: Action = Action::AnswerContest;
    let record = {
        let mut read = ground.read().await?;
        let department = sql::contests::get(&mut read, wanted.contest).await?.and_then(|it| it.department);
        Record::of_departments(department, sql::sources::office(&mut read).await?)
    };
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    let known = sql::contests::get(verb.write(), wanted.contest).await?;
    let known = agreed!(verb, ACTION.as_code(), known.ok_or(Refusal::NotThere));
    lock(&mut verb, known.subject).await?;
    // Somebody may have answered while this waited.
    let known = sql::contests::get(verb.write(), wanted.contest).await?.unwrap_or(known);
    let decided = may_answer(principal, &known, wanted);
    let reason = agreed!(verb, ACTION.as_code(), decided);
    let by = verb_actor(principal, caller);
    let corrected = correct(&mut verb, vocabulary, &by, &known, wanted).await?;
    let correction = agreed!(verb, ACTION.as_code(), corrected);
    let now = verb.now();
    let said = (wanted.outcome, reason.as_deref());
    sql::contests::insert_answer(verb.write(), known.id, said, correction, (&by, now)).await?;
    let after = json!({ "contest": known.id.to_string(), "outcome": wanted.outcome.as_code() });
    verb.record(ACTION.as_code(), about(known.subject), None, Some(after));
    if let Some(statement) = correction {
        enter(&mut verb, EntryKind::Record, &statement.to_string(), Some(known.subject)).await?;
    }
    enter(&mut verb, EntryKind::Answer, &known.id.to_string(), Some(known.subject)).await?;
    verb.commit().await?;
    Ok(Ok(()))
}

/// The reason, if whoever answers may, and says what the outcome needs.
fn may_answer(principal: &Principal, known: &Contest, wanted: &NewAnswer) -> Result<Option<String>, Refusal> {
    let account = format!("account:{}", principal.account);
    let is_own = known.raised_by.split('/').next() == Some(account.as_str());
    match (known.outcome, is_own, wanted.outcome, &wanted.correction) {
        (Some(_), ..) => Err(Refusal::NothingToDo),
        (None, true, ..) => Err(Refusal::Oneself),
        (.., Outcome::Corrected, Some(_)) => optional(Some(&wanted.reason)),
        (.., Outcome::Upheld | Outcome::Refused, None) => needed(&wanted.reason).map(Some),
        // A correction without what is right, or a refusal with one.
        _ => Err(Refusal::Unreadable(vec![facts::read::ReadProblem {
            place: facts::Text { zh: "/correction".to_owned(), en: "/correction".to_owned() },
            code: "E0064",
            message: facts::Text {
                zh: "“更正”须附更正后的事实,其他答复不附".to_owned(),
                en: "a correction comes with what is right, and no other answer does".to_owned(),
            },
            help: facts::Text::default(),
        }])),
    }
}

/// Writes what the source says instead, if it says something.
async fn correct(
    verb: &mut Verb,
    vocabulary: &Vocabulary,
    by: &str,
    known: &Contest,
    wanted: &NewAnswer,
) -> Result<Result<Option<StatementId>, Refusal>, Fault> {
    let Some((facts, observed)) = &wanted.correction else { return Ok(Ok(None)) };
    let subject = living(verb.write(), known.subject).await?;
    let source = sql::sources::find(verb.write(), &known.source).await?;
    let Some((subject, source)) = subject.zip(source) else { return Ok(Err(Refusal::NotThere)) };
    if *observed > verb.now().day() {
        return Ok(Err(Refusal::PastLimit));
    }
    let content = match read_content(vocabulary, &subject.kind, facts, *observed) {
        Ok(content) => content,
        Err(problems) => return Ok(Err(Refusal::Unreadable(problems))),
    };
    let keys: Option<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&content).ok();
    if !keys.is_some_and(|keys| keys.contains_key(&known.item)) {
        return Ok(Err(not_corrected(&known.item)));
    }
    let saying = Saying {
        subject: &subject,
        source: &source,
        observed: *observed,
        valid_until: None,
        evidence: None,
        ground: None,
        content: &content,
    };
    Ok(Ok(Some(say(verb, Action::AnswerContest.as_code(), by, &saying).await?)))
}

/// Contests that somebody must answer, those due first, behind one of them; at most `limit`.
pub async fn open_contests(
    ground: &Ground,
    principal: &Principal,
    after: Option<(Date, ContestId)>,
    limit: usize,
) -> Answer<Vec<Contest>> {
    let departments =
        principal.memberships.iter().filter(|it| it.role == Role::Officer).map(|it| it.organisation);
    let departments: std::collections::BTreeSet<_> = departments.collect();
    if authorise(principal, Action::AnswerContest, &Record::PLATFORM) == Err(Refusal::Forbidden) {
        return Ok(Err(Refusal::Forbidden));
    }
    let mut read = ground.read().await?;
    let mut open = Vec::new();
    for department in departments {
        open.extend(sql::contests::open_for(&mut read, department, after, limit).await?);
    }
    open.sort_by_key(|contest| (contest.due, contest.id));
    open.truncate(limit);
    Ok(Ok(open))
}

/// The contests about a subject with who must answer each, for its own people and for officers, as far as they may know of
/// the value.
pub async fn contests_about(
    ground: &Ground,
    principal: &Principal,
    vocabulary: &Vocabulary,
    subject: SubjectId,
) -> Answer<Vec<Contest>> {
    let mut read = ground.read().await?;
    let whole = whole(&mut read, subject).await?;
    let record = record_of_whole(whole.as_ref());
    if let Err(refusal) = authorise(principal, Action::ContestValue, &record) {
        return Ok(Err(refusal));
    }
    let Some(whole) = whole else { return Ok(Err(Refusal::NotThere)) };
    let reader = Reader::new(&mut read, principal, &whole).await?;
    let sources = sources_of(&mut read).await?;
    let mut found = Vec::new();
    for member in &whole.group {
        found.extend(sql::contests::about(&mut read, *member).await?);
    }
    found.retain(|contest| {
        let item = Item::parse(vocabulary, &contest.item);
        item.is_some_and(|item| reader.may_know(vocabulary, &item, sources.get(&contest.source)))
    });
    Ok(Ok(found))
}

fn not_corrected(item: &str) -> Refusal {
    Refusal::Unreadable(vec![facts::read::ReadProblem {
        place: facts::Text { zh: "/correction/facts".to_owned(), en: "/correction/facts".to_owned() },
        code: "E0060",
        message: facts::Text {
            zh: format!("更正中没有被提出异议的“{item}”"),
            en: format!("the correction says nothing of “{item}”, which is contested"),
        },
        help: facts::Text::default(),
    }])
}
