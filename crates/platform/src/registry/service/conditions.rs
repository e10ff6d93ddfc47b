//! Conditions that only a person can judge: an officer's decision is a statement like any other, and can be contested.

use facts::{Date, Profile, Vocabulary, write};

use super::super::model::{EntryKind, StatementId, SubjectId};
use super::super::sql;
use super::record::{Saying, say, verb_actor};
use super::{enter, living, lock, needed, optional};
use crate::ground::{Caller, Ground};
use crate::identity::{Action, Answer, Principal, Record, Refusal, agreed, begin};

/// As which source officers decide.
const SOURCE: &str = "zone";

/// Longest id of a condition, in characters.
const CONDITION_CHARACTERS_MAX: usize = 200;

/// A decision to be made.
#[derive(Clone, Debug)]
pub struct NewDecision {
    /// About whom.
    pub subject: SubjectId,
    /// Which condition, by its id.
    pub condition: String,
    /// Whether it is met.
    pub is_met: bool,
    /// Why.
    pub ground: String,
    /// What that rests on.
    pub evidence: Option<String>,
    /// The last day on which the decision holds.
    pub valid_until: Option<Date>,
}

/// Decides a condition for a subject. The id of the statement, and the position from which it counts.
pub async fn decide_condition(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &Vocabulary,
    wanted: &NewDecision,
) -> Answer<(StatementId, u64)> {
    const ACTION: Action = Action::DecideCondition;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    lock(&mut verb, wanted.subject).await?;
    let subject = living(verb.write(), wanted.subject).await?;
    let source = sql::sources::find(verb.write(), SOURCE).await?;
    let subject = agreed!(verb, ACTION.as_code(), subject.zip(source).ok_or(Refusal::NotThere));
    let (subject, source) = subject;
    let today = verb.now().day();
    let checked = check(wanted, today);
    let (condition, because, evidence) = agreed!(verb, ACTION.as_code(), checked);
    let mut profile = Profile::new(&subject.kind);
    profile.manual.insert(condition, wanted.is_met);
    let content = write::to_json(&profile, vocabulary).to_string();
    let saying = Saying {
        subject: &subject,
        source: &source,
        observed: today,
        valid_until: wanted.valid_until,
        evidence: evidence.as_deref(),
        ground: Some(&because),
        content: &content,
    };
    let by = verb_actor(principal, caller);
    let id = say(&mut verb, ACTION.as_code(), &by, &saying).await?;
    let position = enter(&mut verb, EntryKind::Condition, &id.to_string(), Some(subject.id)).await?;
    verb.commit().await?;
    Ok(Ok((id, position)))
}

/// The condition, the ground and the evidence, if they can be taken.
fn check(wanted: &NewDecision, today: Date) -> Result<(String, String, Option<String>), Refusal> {
    let condition = wanted.condition.trim();
    let is_fine = (1..=CONDITION_CHARACTERS_MAX).contains(&condition.chars().count())
        && !condition.chars().any(char::is_control);
    if !is_fine {
        return Err(Refusal::Name);
    }
    if wanted.valid_until.is_some_and(|last| last < today) {
        return Err(Refusal::PastLimit);
    }
    Ok((condition.to_owned(), needed(&wanted.ground)?, optional(wanted.evidence.as_deref())?))
}
