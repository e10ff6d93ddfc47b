//! Subjects: putting them into the register, finding them, linking them to the organisation whose members are theirs.

use facts::Text;
use facts::read::{check_credit_code, normal_id};
use serde_json::json;

use super::super::model::{EntryKind, NewSubject, Subject, SubjectId, name_key, parse_kind};
use super::super::sql;
use super::{about, enter, living, lock, record_of_office};
use crate::ground::{Caller, Ground};
use crate::identity::{
    Action, Answer, OrganisationId, OrganisationKind, Principal, Record, Refusal, agreed, begin,
    organisation_kind,
};

/// Longest name of a subject, in characters.
const NAME_CHARACTERS_MAX: usize = 200;

/// Longest code of a project or parcel, in characters.
const CODE_CHARACTERS_MAX: usize = 64;

/// Kinds whose code is the unified social credit code.
const WITH_CREDIT_CODE: [&str; 2] = ["enterprise", "institution"];

/// Puts a subject into the register. Its code may be typed full-width or with blanks; one that fails its checks is refused.
pub async fn create_subject(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    wanted: &NewSubject,
) -> Answer<SubjectId> {
    const ACTION: Action = Action::CreateSubject;
    let mut verb = begin!(ground, principal, caller, ACTION, &Record::PLATFORM);
    let subject = SubjectId::new(verb.now(), ground.chance());
    let made = agreed!(verb, ACTION.as_code(), read_subject(wanted, subject));
    let mut is_new = true;
    let mut id = subject;
    if let Some(code) = &made.code {
        verb.write().lock(&format!("subject code {} {code}", made.kind)).await?;
        if let Some(known) = sql::subjects::with_code(verb.write(), &made.kind, code).await? {
            // A batch that was never finished, or was withdrawn, may have left a subject that nothing counts of.
            let is_free = !sql::subjects::is_known(verb.write(), known.id).await? && known.erased.is_none();
            agreed!(verb, ACTION.as_code(), if is_free { Ok(()) } else { Err(Refusal::Taken) });
            (is_new, id) = (false, known.id);
        }
    }
    let made = Subject { id, ..made };
    let now = verb.now();
    if is_new {
        sql::subjects::insert(verb.write(), &made, &name_key(&made.name), now).await?;
    } else {
        sql::subjects::rename(verb.write(), id, &made.name, &name_key(&made.name)).await?;
    }
    let after = json!({ "kind": made.kind, "code": made.code, "name": made.name });
    verb.record(ACTION.as_code(), about(id), None, Some(after));
    enter(&mut verb, EntryKind::Create, &id.to_string(), Some(id)).await?;
    verb.commit().await?;
    Ok(Ok(id))
}

/// What was typed, as a subject of that id; every part that cannot be taken is told.
pub fn read_subject(wanted: &NewSubject, id: SubjectId) -> Result<Subject, Refusal> {
    let mut problems = Vec::new();
    let mut problem = |key: &str, code: &'static str, zh: &str, en: &str| {
        let place = Text { zh: key.to_owned(), en: key.to_owned() };
        let message = Text { zh: zh.to_owned(), en: en.to_owned() };
        problems.push(facts::read::ReadProblem { place, code, message, help: Text::default() });
    };
    let kind = parse_kind(wanted.kind.trim());
    if kind.is_none() {
        let kinds = facts::SUBJECT_KINDS.map(|(code, word)| format!("{word} {code}")).join("、");
        problem(
            "kind",
            "E0069",
            &format!("主体类别应为其中之一:{kinds}"),
            &format!("the kind is one of {kinds}"),
        );
    }
    let name = wanted.name.trim();
    let is_fine = (1..=NAME_CHARACTERS_MAX).contains(&name.chars().count());
    if !is_fine || name.chars().any(char::is_control) {
        problem(
            "name",
            "E0064",
            "名称应有 1 至 200 个字符,不含控制字符",
            "a name has 1 to 200 characters and no control characters",
        );
    }
    let code = wanted.code.as_deref().map(normal_id).filter(|code| !code.is_empty());
    match (&code, kind) {
        (Some(code), Some(kind)) if WITH_CREDIT_CODE.contains(&kind) => {
            if let Err(wrong) = check_credit_code(code) {
                problem("code", wrong.code, &wrong.message.zh, &wrong.message.en);
            }
        }
        (Some(_), Some("person")) => problem(
            "code",
            "E0064",
            "个人不登记证件号码,请留空",
            "numbers of identity papers are not kept; leave the code of a person empty",
        ),
        (Some(code), Some(_)) if code.chars().count() > CODE_CHARACTERS_MAX => {
            problem("code", "E0064", "编号不超过 64 个字符", "a code has at most 64 characters");
        }
        _ => {}
    }
    match kind {
        Some(kind) if problems.is_empty() => Ok(Subject {
            id,
            kind: kind.to_owned(),
            code,
            name: name.to_owned(),
            organisation: None,
            merged_into: None,
            erased: None,
        }),
        _ => Err(Refusal::Unreadable(problems)),
    }
}

/// Says whose members are a subject's own people; `None` takes it back.
pub async fn link_subject(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    subject: SubjectId,
    organisation: Option<OrganisationId>,
) -> Answer<()> {
    const ACTION: Action = Action::LinkSubject;
    let record = record_of_office(&mut ground.read().await?).await?;
    let mut verb = begin!(ground, principal, caller, ACTION, &record);
    lock(&mut verb, subject).await?;
    let known = living(verb.write(), subject).await?;
    let kind = match organisation {
        Some(organisation) => organisation_kind(verb.write(), organisation).await?.map(Some),
        None => Some(None),
    };
    let decided = match (known, kind) {
        (None, _) | (_, None) => Err(Refusal::NotThere),
        // Officers see what the table of rights gives them; no subject is a department's own.
        (_, Some(Some(OrganisationKind::Department))) => Err(Refusal::RoleDoesNotFit),
        (Some(known), _) if known.organisation == organisation => Err(Refusal::NothingToDo),
        (Some(known), _) => Ok(known),
    };
    let known = agreed!(verb, ACTION.as_code(), decided);
    sql::subjects::set_organisation(verb.write(), subject, organisation).await?;
    let named = |it: Option<OrganisationId>| json!({ "organisation": it.map(|it| it.to_string()) });
    verb.record(ACTION.as_code(), about(subject), Some(named(known.organisation)), Some(named(organisation)));
    verb.commit().await?;
    Ok(Ok(()))
}
