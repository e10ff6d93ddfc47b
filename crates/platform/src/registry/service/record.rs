//! What a source says, put into the ledger.

use std::collections::BTreeMap;

use facts::read::{ReadProblem, contradiction, parse_json, profile_from_node};
use facts::{Date, Diagnostic, FactId, Period, Profile, Source as Text, Span, Value, Vocabulary, write};
use serde_json::json;

use super::super::ledger::content_digest;
use super::super::model::{EntryKind, NewStatement, Source, StatementId, Subject};
use super::super::sql;
use super::super::sql::statements::NewRow;
use super::{about, enter, living, lock, optional, record_of, whole};
use crate::ground::{Caller, Fault, Ground, Verb, to_hex};
use crate::identity::{Action, Answer, Principal, Refusal, agreed, begin};

/// Most bytes of what one source says about one subject at once.
const FACTS_BYTES_MAX: usize = 256 << 10;

/// Most problems that are told.
const PROBLEMS_MAX: usize = 200;

/// Bytes of a statement's salt.
pub const SALT_BYTES: usize = 16;

/// Records what a source says about a subject. Everything that cannot be understood is told with its place, and then nothing
/// is recorded. The id of the statement, and the position from which it counts.
pub async fn record_statement(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &Vocabulary,
    wanted: &NewStatement,
) -> Answer<(StatementId, u64)> {
    const ACTION: Action = Action::RecordFacts;
    let (record, subject, source) = {
        let mut read = ground.read().await?;
        let subject = living(&mut read, wanted.subject).await?;
        let whole = whole(&mut read, wanted.subject).await?;
        let source = sql::sources::find(&mut read, &wanted.source).await?;
        (record_of(&mut read, whole.as_ref(), source.as_ref()).await?, subject, source)
    };
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    lock(&mut verb, wanted.subject).await?;
    // Erased meanwhile?
    let is_there = living(verb.write(), wanted.subject).await?.is_some();
    let known = subject.zip(source).filter(|_| is_there).ok_or(Refusal::NotThere);
    let (subject, source) = agreed!(verb, ACTION.as_code(), known);
    let today = verb.now().day();
    let checked = check(vocabulary, &subject, wanted, today);
    let (content, evidence) = agreed!(verb, ACTION.as_code(), checked);
    let by = verb_actor(principal, caller);
    let saying = Saying {
        subject: &subject,
        source: &source,
        observed: wanted.observed,
        valid_until: wanted.valid_until,
        evidence: evidence.as_deref(),
        ground: None,
        content: &content,
    };
    let id = say(&mut verb, ACTION.as_code(), &by, &saying).await?;
    let position = enter(&mut verb, EntryKind::Record, &id.to_string(), Some(subject.id)).await?;
    verb.commit().await?;
    Ok(Ok((id, position)))
}

/// As statements name who recorded them.
pub(super) fn verb_actor(principal: &Principal, caller: &Caller) -> String {
    principal.caller(caller).actor.to_string()
}

/// A statement that was checked.
pub(super) struct Saying<'a> {
    pub subject: &'a Subject,
    pub source: &'a Source,
    pub observed: Date,
    pub valid_until: Option<Date>,
    pub evidence: Option<&'a str>,
    pub ground: Option<&'a str>,
    pub content: &'a str,
}

/// Writes a statement that is an act of its own, and records it; the caller puts it into the ledger.
pub(super) async fn say(
    verb: &mut Verb,
    action: &'static str,
    by: &str,
    saying: &Saying<'_>,
) -> Result<StatementId, Fault> {
    let ground = verb.ground().clone();
    let now = verb.now();
    let id = StatementId::new(now, ground.chance());
    let salt = ground.chance().bytes::<SALT_BYTES>();
    let digest = content_digest(&salt, saying.content);
    let row = NewRow {
        id,
        act: &id.to_string(),
        subject: saying.subject.id,
        source: &saying.source.code,
        observed: saying.observed,
        valid_until: saying.valid_until,
        recorded: now,
        recorded_by: by,
        evidence: saying.evidence,
        ground: saying.ground,
        salt: &salt,
        digest,
        content: saying.content,
    };
    sql::statements::insert(verb.write(), &row).await?;
    // The digest, not the content: it binds the statement to the chain and stays when the content is erased.
    let after = json!({
        "statement": id.to_string(),
        "source": saying.source.code,
        "observed_on": saying.observed.to_string(),
        "digest": to_hex(&digest),
    });
    verb.record(action, about(saying.subject.id), None, Some(after));
    Ok(id)
}

/// What may be recorded: the content as it is kept, and the evidence.
fn check(
    vocabulary: &Vocabulary,
    subject: &Subject,
    wanted: &NewStatement,
    today: Date,
) -> Result<(String, Option<String>), Refusal> {
    let mut problems = read_content(vocabulary, &subject.kind, &wanted.facts, wanted.observed);
    if wanted.observed > today {
        let (zh, en) = ("观察日期在今天之后", "the day lies in the future");
        let (zh_help, en_help) = ("填来源看到该情况的日期", "give the day on which the source saw it");
        add(&mut problems, "/observed_on", "E0039", (zh, en), (zh_help, en_help));
    }
    if wanted.valid_until.is_some_and(|last| last < wanted.observed) {
        let (zh, en) = ("有效期止于观察日期之前", "it is valid only up to a day before it was observed");
        add(&mut problems, "/valid_until", "E0068", (zh, en), ("请核对日期", "check the days"));
    }
    let evidence = optional(wanted.evidence.as_deref())?;
    problems.map(|content| (content, evidence)).map_err(Refusal::Unreadable)
}

fn add(
    checked: &mut Result<String, Vec<ReadProblem>>,
    place: &str,
    code: &'static str,
    (zh, en): (&str, &str),
    (zh_help, en_help): (&str, &str),
) {
    let text = |zh: &str, en: &str| facts::Text { zh: zh.to_owned(), en: en.to_owned() };
    let problem =
        ReadProblem { place: text(place, place), code, message: text(zh, en), help: text(zh_help, en_help) };
    match checked {
        Ok(_) => *checked = Err(vec![problem]),
        Err(problems) => problems.push(problem),
    }
}

/// Reads facts as typed (a JSON object) and gives the content to be kept, or everything that is wrong, each with a JSON
/// pointer as its place.
pub(super) fn read_content(
    vocabulary: &Vocabulary,
    kind: &str,
    facts: &str,
    observed: Date,
) -> Result<String, Vec<ReadProblem>> {
    let mut checked = Ok(String::new());
    if facts.len() > FACTS_BYTES_MAX {
        let (zh, en) = ("一次提交的内容太大,最多 256 KiB", "that is too much at once; at most 256 KiB");
        add(&mut checked, "/facts", "E0003", (zh, en), ("分几次提交", "hand it in by parts"));
        return checked;
    }
    let source = Text::new("facts", facts);
    let (root, mut found) = parse_json(facts);
    let mut profile = Profile::new(kind);
    let root = root.filter(|root| root.as_map().is_some_and(|entries| !entries.is_empty()));
    match &root {
        Some(root) => {
            let (read, more) = profile_from_node(root, &source, vocabulary, kind);
            found.extend(more);
            profile = read;
        }
        None if found.is_empty() => {
            let (zh, en) =
                ("这里应是“事实: 值”的对象,且不为空", "an object of “fact: value” belongs here, not empty");
            found.push(Diagnostic::error("E0064", Span::default(), zh, en));
        }
        None => {}
    }
    if profile.kind != kind {
        let (zh, en) = ("主体类别与登记的不同", "the kind is another than in the register");
        add(&mut checked, "/facts/主体", "E0069", (zh, en), ("删去“主体”", "leave the key 主体 out"));
    }
    if let Some(condition) = profile.manual.keys().next() {
        let place = format!("/facts/manual:{condition}");
        let (zh, en) = (
            "由人判断的条件不能作为事实提交",
            "a condition that a person decides cannot be handed in as a fact",
        );
        let help = ("由部门经办通过“判断条件”办理", "an officer decides it");
        add(&mut checked, &place, "E0064", (zh, en), help);
    }
    found.sort_by_key(|finding| finding.span);
    for finding in found.into_iter().take(PROBLEMS_MAX) {
        let place = root
            .as_ref()
            .map_or_else(|| "/facts".to_owned(), |it| format!("/facts{}", it.pointer_of(finding.span)));
        let (message, help) = (finding.message, finding.help);
        let texts = ((message.zh.as_str(), message.en.as_str()), (help.zh.as_str(), help.en.as_str()));
        add(&mut checked, &place, finding.code, texts.0, texts.1);
    }
    match content_of(profile, vocabulary, observed) {
        Ok(content) => checked.map(|_| content),
        Err(problem) => {
            let (message, help) = (problem.message, problem.help);
            let texts = ((message.zh.as_str(), message.en.as_str()), (help.zh.as_str(), help.en.as_str()));
            add(&mut checked, &format!("/facts/{}", problem.place.zh), problem.code, texts.0, texts.1);
            checked
        }
    }
}

/// A profile as a statement's content: years written out as they were on the day, without the subject's own name and code.
/// An error if it says two things of one year in different words.
pub fn content_of(
    mut profile: Profile,
    vocabulary: &Vocabulary,
    observed: Date,
) -> Result<String, Box<ReadProblem>> {
    profile.id.clear();
    profile.name.clear();
    let profile = write::with_years(profile, vocabulary, observed.year);
    let mut first: BTreeMap<(FactId, Period), &Value> = BTreeMap::new();
    for (fact, entries) in &profile.facts {
        for entry in entries {
            let definition = vocabulary.get(*fact);
            match first.insert((*fact, entry.period.clone()), &entry.value) {
                Some(other) if *other != entry.value => {
                    let problem = contradiction(&definition.name, other, &entry.value, &entry.origin.text);
                    let key = write::key(definition, &entry.period);
                    return Err(Box::new(problem.at(facts::Text { zh: key.clone(), en: key })));
                }
                _ => {}
            }
        }
    }
    Ok(write::to_json(&profile, vocabulary).to_string())
}
