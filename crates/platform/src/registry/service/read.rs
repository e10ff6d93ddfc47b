//! Facts for people: the one place where what is held is shown, as far as `disclosure` of each allows it.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::{Disclosure, Profile, Vocabulary, write};
use population::Wanted;
use serde_json::{Value as Json, json};
use store::Transaction;

use super::super::ledger::{View, profile};
use super::super::model::{ContestId, Held, Item, Source, Stated, StatementId, Subject, SubjectId, Told};
use super::super::{sql, workflow};
use super::{Whole, about, record_of_whole, whole};
use crate::ground::{Caller, Fault, Ground};
use crate::identity::{Action, Answer, OrganisationId, Principal, Refusal, Role, authorise, refused};

/// What somebody sees of a subject.
#[derive(Clone, PartialEq, Debug)]
pub struct Seen {
    /// The subject; one that is merged shows the one that it was merged into.
    pub subject: Subject,
    /// The position of the ledger at which it was so.
    pub position: u64,
    /// What is in force, by key.
    pub values: BTreeMap<String, SeenValue>,
}

/// A value in force.
#[derive(Clone, PartialEq, Debug)]
pub struct SeenValue {
    /// As it is written in a statement.
    pub value: Json,
    /// Who said it.
    pub stated: Arc<Stated>,
    /// What others said last, where it is something else.
    pub conflicts: Vec<(Json, Arc<Stated>)>,
    /// 有异议
    pub contest: Option<ContestId>,
    /// Its source stands by it only up to a day that is over.
    pub is_over: bool,
}

/// A value that was said once.
#[derive(Clone, PartialEq, Debug)]
pub struct Past {
    /// The key.
    pub key: String,
    /// As it is written in a statement.
    pub value: Json,
    /// Who said it.
    pub stated: Arc<Stated>,
    /// It is in force.
    pub is_in_force: bool,
}

/// Where a page of the history ends.
pub type PastCursor = (u64, String, StatementId);

impl Past {
    /// Its place in the history.
    pub fn cursor(&self) -> PastCursor {
        (self.stated.position, self.key.clone(), self.stated.id)
    }
}

/// The latest position first, within it by key.
fn order(a: &PastCursor, b: &PastCursor) -> std::cmp::Ordering {
    b.0.cmp(&a.0).then_with(|| (&a.1, a.2).cmp(&(&b.1, b.2)))
}

/// Who looks at a subject.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub is_own: bool,
    departments: Vec<OrganisationId>,
    office: Option<OrganisationId>,
}

impl Reader {
    pub async fn new(
        transaction: &mut Transaction,
        principal: &Principal,
        whole: &Whole,
    ) -> Result<Self, Fault> {
        let own = principal.organisations_as(&[Role::Owner, Role::Clerk]);
        Ok(Self {
            is_own: whole.organisation.is_some_and(|it| own.contains(&it)),
            departments: principal.organisations_as(&[Role::Officer]),
            office: sql::sources::office(transaction).await?,
        })
    }

    /// THE RULE of disclosure.
    fn may_see(&self, disclosure: Disclosure, source: Option<&Source>) -> bool {
        let answers = || source.and_then(|it| it.department).or(self.office);
        let is_of = |department: Option<OrganisationId>| {
            department.is_some_and(|department| self.departments.contains(&department))
        };
        match disclosure {
            Disclosure::Public => true,
            Disclosure::Subject => self.is_own || is_of(answers()),
            Disclosure::Departments => !self.departments.is_empty(),
            Disclosure::Office => is_of(self.office),
        }
    }

    /// Whether somebody may know that a source says something about an item.
    pub fn may_know(&self, vocabulary: &Vocabulary, item: &Item, source: Option<&Source>) -> bool {
        self.may_see(disclosure(vocabulary, item), source)
    }

    /// What of a value may be seen: all, a part, or nothing. Within collections and related parties each fact by its own rule.
    pub fn shown(
        &self,
        vocabulary: &Vocabulary,
        item: &Item,
        told: &Told,
        source: Option<&Source>,
    ) -> Option<Told> {
        let inner = |profile: &Profile| self.trimmed(vocabulary, profile, source);
        if !self.may_know(vocabulary, item, source) {
            return None;
        }
        Some(match told {
            Told::Collection(items) => Told::Collection(items.iter().map(inner).collect()),
            Told::Party(party) => Told::Party(Box::new(inner(party))),
            other => other.clone(),
        })
    }

    fn trimmed(&self, vocabulary: &Vocabulary, profile: &Profile, source: Option<&Source>) -> Profile {
        let inner = |profile: &Profile| self.trimmed(vocabulary, profile, source);
        let mut out = profile.clone();
        out.facts.retain(|fact, _| self.may_see(vocabulary.get(*fact).disclosure, source));
        for items in out.collections.values_mut() {
            *items = items.iter().map(inner).collect();
        }
        for party in out.roles.values_mut() {
            *party = inner(party);
        }
        out
    }
}

/// Whether somebody may read these facts of every subject, whoever said them.
pub async fn may_read_of_everybody(
    transaction: &mut Transaction,
    principal: &Principal,
    vocabulary: &Vocabulary,
    wanted: &Wanted,
) -> Result<bool, Fault> {
    let reader = Reader {
        is_own: false,
        departments: principal.organisations_as(&[Role::Officer]),
        office: sql::sources::office(transaction).await?,
    };
    let sources = sql::sources::all(transaction, u64::MAX).await?;
    let may_see = |disclosure| sources.iter().all(|source| reader.may_see(disclosure, Some(source)));
    Ok(disclosures(vocabulary, wanted).into_iter().all(may_see))
}

/// Every disclosure among what is wanted. What has no definition of its own is the subject's.
fn disclosures(vocabulary: &Vocabulary, wanted: &Wanted) -> Vec<Disclosure> {
    let Wanted { facts, statuses, manual, collections, roles } = wanted;
    let mut out = Vec::new();
    match facts {
        Some(facts) => out.extend(facts.iter().map(|fact| vocabulary.get(*fact).disclosure)),
        None => out.extend(vocabulary.facts().map(|(_, definition)| definition.disclosure)),
    }
    let has_others = statuses.as_ref().is_none_or(|names| !names.is_empty())
        || manual.as_ref().is_none_or(|ids| !ids.is_empty())
        || collections.as_ref().is_none_or(|inner| !inner.is_empty())
        || roles.as_ref().is_none_or(|inner| !inner.is_empty());
    if has_others {
        out.push(Disclosure::Subject);
    }
    let inner = collections.iter().chain(roles).flat_map(|inner| inner.values());
    inner.for_each(|inner| out.extend(disclosures(vocabulary, inner)));
    out.sort_unstable_by_key(|disclosure| disclosure.as_code());
    out.dedup();
    out
}

/// To whom an item may be disclosed; what has no definition of its own is the subject's.
fn disclosure(vocabulary: &Vocabulary, item: &Item) -> Disclosure {
    match item {
        Item::Fact(fact, _) => vocabulary.get(*fact).disclosure,
        _ => Disclosure::Subject,
    }
}

/// A value as it is written in a statement.
pub(super) fn written(vocabulary: &Vocabulary, kind: &str, item: &Item, told: &Told) -> Json {
    let mut profile = Profile::new(kind);
    workflow::put(&mut profile, item, told.clone(), facts::Origin::default());
    let mut object = write::to_json(&profile, vocabulary);
    object.get_mut(item.key(vocabulary)).map_or(Json::Null, Json::take)
}

/// What of a profile stands under an item.
pub(super) fn told(profile: &Profile, item: &Item) -> Option<Told> {
    match item {
        Item::Fact(fact, period) => {
            let entry = profile.facts.get(fact)?.iter().find(|entry| entry.period == *period)?;
            Some(Told::Value(entry.value.clone()))
        }
        Item::Status(name) => profile.holdings.get(name).cloned().map(Told::Holding),
        Item::Collection(name) => profile.collections.get(name).cloned().map(Told::Collection),
        Item::Role(role) => profile.roles.get(role).map(|party| Told::Party(Box::new(party.clone()))),
        Item::Condition(id) => profile.manual.get(id).map(|decided| Told::Decision(*decided)),
    }
}

/// Facts about a subject that may be shown to somebody, at a position or now. Who reads what is not public about somebody
/// else leaves an entry.
pub async fn read_facts(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &Vocabulary,
    subject: SubjectId,
    at: Option<u64>,
) -> Answer<Seen> {
    let mut read = ground.read().await?;
    let whole = match allowed(&mut read, principal, subject).await? {
        Ok(whole) => whole,
        Err(refusal) => return refuse(ground, caller, principal, refusal).await,
    };
    let position = match at {
        Some(at) => at,
        None => sql::ledger::last(&mut read).await?,
    };
    let Some(held) = profile(&mut read, vocabulary, subject, Some(position)).await? else {
        return refuse(ground, caller, principal, Refusal::NotThere).await;
    };
    let reader = Reader::new(&mut read, principal, &whole).await?;
    let sources = sources_of(&mut read).await?;
    drop(read);
    let values = values(vocabulary, &reader, &sources, &held, ground);
    let is_private = held.standings.keys().any(|item| {
        disclosure(vocabulary, item) != Disclosure::Public && values.contains_key(&item.key(vocabulary))
    });
    if is_private && !reader.is_own {
        let after = json!({ "position": position, "values": values.len() });
        leave_entry(ground, caller, principal, held.subject.id, after).await?;
    }
    Ok(Ok(Seen { subject: held.subject, position, values }))
}

fn values(
    vocabulary: &Vocabulary,
    reader: &Reader,
    sources: &BTreeMap<String, Source>,
    held: &Held,
    ground: &Ground,
) -> BTreeMap<String, SeenValue> {
    let today = ground.now().day();
    let kind = held.subject.kind.as_str();
    let mut values = BTreeMap::new();
    for (item, standing) in &held.standings {
        let show = |told: &Told, stated: &Stated| {
            let shown = reader.shown(vocabulary, item, told, sources.get(&stated.source))?;
            Some(written(vocabulary, kind, item, &shown))
        };
        let value = told(&held.profile, item).and_then(|told| show(&told, &standing.stated));
        let Some(value) = value else { continue };
        let conflicts = standing.conflicts.iter();
        let conflicts = conflicts.filter_map(|(told, stated)| Some((show(told, stated)?, stated.clone())));
        let seen = SeenValue {
            value,
            stated: standing.stated.clone(),
            conflicts: conflicts.collect(),
            contest: standing.contest,
            is_over: standing.stated.valid_until.is_some_and(|last| last < today),
        };
        values.insert(item.key(vocabulary), seen);
    }
    values
}

/// Everything that was said about a subject, the latest first; only of one key, if one is given. At most `limit`, behind one of
/// them.
pub async fn read_history(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    vocabulary: &Vocabulary,
    (subject, key): (SubjectId, Option<&str>),
    (after, limit): (Option<PastCursor>, usize),
) -> Answer<Vec<Past>> {
    let mut read = ground.read().await?;
    let whole = match allowed(&mut read, principal, subject).await? {
        Ok(whole) => whole,
        Err(refusal) => return refuse(ground, caller, principal, refusal).await,
    };
    let reader = Reader::new(&mut read, principal, &whole).await?;
    let wanted = key.map(|key| Item::parse(vocabulary, key));
    if wanted == Some(None) {
        return Ok(Err(Refusal::NotThere));
    }
    let view = View::at(&mut read, vocabulary, u64::MAX).await?;
    let gathered = view.gather(&mut read, &whole.survivor.kind, &[whole.survivor.id]).await?;
    drop(read);
    let rows = gathered.statements.clone();
    let held = view.held(whole.survivor.clone(), gathered);
    let mut past = Vec::new();
    for row in rows.iter().filter(|row| after.as_ref().is_none_or(|after| row.stated.position <= after.0)) {
        let Some(content) = &row.content else { continue };
        let (profile, _) = view.read(&whole.survivor, content);
        for (item, told) in workflow::items_of(profile) {
            if wanted.as_ref().is_some_and(|wanted| wanted.as_ref() != Some(&item)) {
                continue;
            }
            let source = view.sources.get(&row.stated.source);
            let Some(told) = reader.shown(vocabulary, &item, &told, source) else { continue };
            past.push(Past {
                key: item.key(vocabulary),
                value: written(vocabulary, &whole.survivor.kind, &item, &told),
                stated: row.stated.clone(),
                is_in_force: held.standings.get(&item).is_some_and(|it| it.stated.id == row.stated.id),
            });
        }
    }
    past.retain(|it| after.as_ref().is_none_or(|after| order(after, &it.cursor()).is_lt()));
    past.sort_by(|a, b| order(&a.cursor(), &b.cursor()));
    past.truncate(limit);
    if !reader.is_own && !past.is_empty() {
        let after = json!({ "history": key, "values": past.len() });
        leave_entry(ground, caller, principal, whole.survivor.id, after).await?;
    }
    Ok(Ok(past))
}

/// The subject, if its facts may be read at all.
pub(super) async fn allowed(
    transaction: &mut Transaction,
    principal: &Principal,
    subject: SubjectId,
) -> Result<Result<Whole, Refusal>, Fault> {
    let whole = whole(transaction, subject).await?;
    let record = record_of_whole(whole.as_ref());
    Ok(authorise(principal, Action::ReadFacts, &record).and(whole.ok_or(Refusal::NotThere)))
}

/// Sources by code.
pub(super) async fn sources_of(transaction: &mut Transaction) -> Result<BTreeMap<String, Source>, Fault> {
    let sources = sql::sources::all(transaction, u64::MAX).await?;
    Ok(sources.into_iter().map(|source| (source.code.clone(), source)).collect())
}

/// Records that somebody was refused to read.
pub(super) async fn refuse<T>(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    refusal: Refusal,
) -> Answer<T> {
    let verb = ground.begin(&principal.caller(caller)).await?;
    refused(verb, Action::ReadFacts.as_code(), refusal).await
}

/// That somebody read what is not public about somebody else.
async fn leave_entry(
    ground: &Ground,
    caller: &Caller,
    principal: &Principal,
    subject: SubjectId,
    after: Json,
) -> Result<(), Fault> {
    let mut verb = ground.begin(&principal.caller(caller)).await?;
    verb.record(Action::ReadFacts.as_code(), about(subject), None, Some(after));
    verb.commit().await?;
    Ok(())
}
