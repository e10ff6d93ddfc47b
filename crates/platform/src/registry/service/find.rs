//! Finding subjects: by a part of the name, by the tail of the code; for members their own.

use std::collections::BTreeSet;

use super::super::model::{Subject, SubjectId, name_key, parse_kind};
use super::super::sql;
use super::read::{allowed, refuse};
use crate::ground::{Caller, Ground};
use crate::identity::{Action, Answer, Principal, Record, Refusal, Role, authorise};

/// Longest text that is searched for, in characters.
const SEARCH_CHARACTERS_MAX: usize = 64;

/// What is looked for.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// Only of this kind, by code or Chinese word.
    pub kind: Option<String>,
    /// A part of the name, or the tail of the code.
    pub text: Option<String>,
}

/// Subjects in the order of their ids behind one of them, at most `limit`. Officers find all, members their own. Those merged
/// into others and those erased are not found.
pub async fn find_subjects(
    ground: &Ground,
    principal: &Principal,
    search: &Search,
    after: Option<SubjectId>,
    limit: usize,
) -> Answer<Vec<Subject>> {
    let kind = match search.kind.as_deref().map(parse_kind) {
        Some(None) => return Ok(Err(Refusal::NotThere)),
        kind => kind.flatten(),
    };
    let text = search.text.as_deref().map(name_key).unwrap_or_default();
    if text.chars().count() > SEARCH_CHARACTERS_MAX {
        return Ok(Err(Refusal::PastLimit));
    }
    let mut read = ground.read().await?;
    match authorise(principal, Action::FindSubjects, &Record::PLATFORM) {
        Ok(()) => Ok(Ok(sql::subjects::search(&mut read, kind, &text, after, limit).await?)),
        Err(Refusal::NotThere) => {
            let own: BTreeSet<_> = principal
                .memberships
                .iter()
                .filter(|it| matches!(it.role, Role::Owner | Role::Clerk))
                .map(|it| it.organisation)
                .collect();
            let mut found = Vec::new();
            for organisation in own {
                found.extend(sql::subjects::of_organisation(&mut read, organisation).await?);
            }
            let is_wanted = |subject: &Subject| {
                let code = subject.code.as_deref().unwrap_or_default().to_lowercase();
                kind.is_none_or(|kind| subject.kind == kind)
                    && (name_key(&subject.name).contains(&text) || code.ends_with(&text))
                    && after.is_none_or(|after| subject.id > after)
            };
            found.retain(is_wanted);
            found.sort_by_key(|subject| subject.id);
            found.truncate(limit);
            Ok(Ok(found))
        }
        Err(refusal) => Ok(Err(refusal)),
    }
}

/// One subject, for those who may read facts about it.
pub async fn subject(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    subject: SubjectId,
) -> Answer<Subject> {
    let mut read = ground.read().await?;
    match allowed(&mut read, principal, subject).await? {
        // As it stands itself, also when it is merged.
        Ok(_) => match sql::subjects::get(&mut read, subject).await? {
            Some(found) => Ok(Ok(found)),
            None => refuse(ground, caller, principal, Refusal::NotThere).await,
        },
        Err(refusal) => {
            drop(read);
            refuse(ground, caller, principal, refusal).await
        }
    }
}
