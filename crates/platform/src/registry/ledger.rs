//! What is in force about subjects, as of a position of the ledger. Reads only; who may see what, is not asked here.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use facts::read::{parse_json, profile_from_node};
use facts::{Origin, Profile, Source as Text, Vocabulary};
use sha2::{Digest as _, Sha256};
use store::Transaction;

use super::model::{Change, EntryKind, Held, Item, Outcome, Source, Stated, Subject, SubjectId};
use super::sql::statements::{ObjectionRow, StatementRow};
use super::sql::{self, Merges};
use super::workflow::{self, Objection, Ranks, Spoken};
use crate::ground::Fault;

/// Most subjects of a page, and most entries of a page.
pub const PAGE_MAX: usize = 2_000;

/// The position of the last entry of the ledger; nought before the first.
pub async fn position(transaction: &mut Transaction) -> Result<u64, Fault> {
    sql::ledger::last(transaction).await
}

/// Everything in force about a subject at a position, or now. A subject that is merged gives what is in force about the one
/// that it was merged into. `None` if the register does not know it there.
pub async fn profile(
    transaction: &mut Transaction,
    vocabulary: &Vocabulary,
    subject: SubjectId,
    at: Option<u64>,
) -> Result<Option<Held>, Fault> {
    let at = at.unwrap_or(u64::MAX);
    let view = View::at(transaction, vocabulary, at).await?;
    let Some(subject) = sql::subjects::get(transaction, view.merges.survivor(subject)).await? else {
        return Ok(None);
    };
    let span = (subject.id, subject.id);
    let is_created = !sql::subjects::created(transaction, span, at).await?.is_empty();
    let gathered = view.gather(transaction, &subject.kind, &[subject.id]).await?;
    if !is_created && gathered.is_empty() {
        return Ok(None);
    }
    Ok(Some(view.held(subject, gathered)))
}

/// Everything in force about the subjects of a kind, in the order of their ids, behind one of them. Those that are merged
/// into another do not stand for themselves. Nothing is left when the page is empty.
pub async fn profiles(
    transaction: &mut Transaction,
    vocabulary: &Vocabulary,
    kind: &str,
    after: Option<SubjectId>,
    limit: usize,
    at: Option<u64>,
) -> Result<Vec<Held>, Fault> {
    let at = at.unwrap_or(u64::MAX);
    let view = View::at(transaction, vocabulary, at).await?;
    let limit = limit.clamp(1, PAGE_MAX);
    let mut page = Vec::new();
    let mut behind = after;
    while page.len() < limit {
        let wanted = i64::try_from(limit - page.len()).unwrap_or(i64::MAX);
        let subjects = sql::subjects::after(transaction, kind, behind, wanted).await?;
        let (Some(first), Some(last)) = (subjects.first(), subjects.last()) else { break };
        let span = (first.id, last.id);
        behind = Some(last.id);
        page.extend(view.stretch(transaction, kind, subjects, span).await?);
    }
    Ok(page)
}

/// What changed behind a position, in order, at most `limit` entries.
pub async fn changes_after(
    transaction: &mut Transaction,
    behind: u64,
    limit: usize,
) -> Result<Vec<Change>, Fault> {
    let limit = i64::try_from(limit.clamp(1, PAGE_MAX)).unwrap_or(i64::MAX);
    let entries = sql::ledger::after(transaction, behind, limit).await?;
    let spans = if entries.is_empty() { Vec::new() } else { sql::subjects::merge_spans(transaction).await? };
    let now = Merges::at(&spans, u64::MAX);
    let mut changes = Vec::new();
    for entry in entries {
        let about = match (entry.kind, entry.subject) {
            (EntryKind::Import | EntryKind::Withdrawal, _) => {
                sql::ledger::subjects_of_act(transaction, &entry.reference).await?
            }
            (EntryKind::Rank, _) => sql::ledger::subjects_of_rank(transaction, &entry.reference).await?,
            (EntryKind::Merge | EntryKind::Unmerge, _) => {
                sql::merges::parties(transaction, &entry.reference).await?
            }
            (_, Some(subject)) => vec![subject],
            (_, None) => Vec::new(),
        };
        let mut subjects: BTreeSet<SubjectId> = about.iter().copied().collect();
        if !spans.is_empty() {
            // Who reads what was so then needs the one, who reads what is so now the other.
            let then = Merges::at(&spans, entry.position);
            subjects.extend(about.iter().flat_map(|it| [then.survivor(*it), now.survivor(*it)]));
        }
        let subjects = subjects.into_iter().collect();
        changes.push(Change { position: entry.position, kind: entry.kind, subjects });
    }
    Ok(changes)
}

/// The digest of a statement's content, salted so that it tells nothing once the salt is erased with the content.
pub fn content_digest(salt: &[u8], content: &str) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(b"zhimei statement 1");
    hash.update(u64::try_from(salt.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(salt);
    hash.update(content.as_bytes());
    hash.finalize().into()
}

/// What all subjects share at a position.
pub(super) struct View<'v> {
    vocabulary: &'v Vocabulary,
    at: u64,
    pub merges: Merges,
    pub sources: BTreeMap<String, Source>,
    ranks: Ranks,
}

/// What was said about a subject and those merged into it, before it is understood.
#[derive(Default)]
pub(super) struct Gathered {
    pub statements: Vec<StatementRow>,
    pub objections: Vec<ObjectionRow>,
}

impl Gathered {
    fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }
}

impl<'v> View<'v> {
    pub async fn at(
        transaction: &mut Transaction,
        vocabulary: &'v Vocabulary,
        at: u64,
    ) -> Result<Self, Fault> {
        let sources = sql::sources::all(transaction, at).await?;
        let ranks = sql::sources::ranks(&sources);
        let merges = sql::subjects::merges(transaction, at).await?;
        let sources = sources.into_iter().map(|source| (source.code.clone(), source)).collect();
        Ok(Self { vocabulary, at, merges, sources, ranks })
    }

    /// What was said about a few subjects of a kind.
    pub async fn gather(
        &self,
        transaction: &mut Transaction,
        kind: &str,
        subjects: &[SubjectId],
    ) -> Result<Gathered, Fault> {
        let mut gathered = Gathered::default();
        let group: Vec<SubjectId> = subjects.iter().flat_map(|it| self.merges.group(*it)).collect();
        for subject in group {
            let span = (subject, subject);
            gathered.statements.extend(sql::statements::counting(transaction, kind, span, self.at).await?);
            gathered.objections.extend(sql::statements::objections(transaction, span, self.at).await?);
        }
        Ok(gathered)
    }

    /// The subjects of a stretch of ids of a kind, all at once.
    async fn stretch(
        &self,
        transaction: &mut Transaction,
        kind: &str,
        subjects: Vec<Subject>,
        span: (SubjectId, SubjectId),
    ) -> Result<Vec<Held>, Fault> {
        let created: BTreeSet<SubjectId> =
            sql::subjects::created(transaction, span, self.at).await?.into_iter().collect();
        let mut by_subject: BTreeMap<SubjectId, Vec<StatementRow>> = BTreeMap::new();
        for row in sql::statements::counting(transaction, kind, span, self.at).await? {
            by_subject.entry(row.stated.subject).or_default().push(row);
        }
        let objections = sql::statements::objections(transaction, span, self.at).await?;
        let absorbing: BTreeSet<SubjectId> =
            self.merges.0.keys().map(|subject| self.merges.survivor(*subject)).collect();
        let mut out = Vec::new();
        for subject in subjects {
            if self.merges.0.contains_key(&subject.id) {
                continue;
            }
            let gathered = if absorbing.contains(&subject.id) {
                self.gather(transaction, kind, &[subject.id]).await?
            } else {
                let statements = by_subject.remove(&subject.id).unwrap_or_default();
                let own = |it: &&ObjectionRow| statements.iter().any(|row| row.stated.id == it.statement);
                let objections = objections.iter().filter(own).cloned().collect();
                Gathered { statements, objections }
            };
            if created.contains(&subject.id) || !gathered.is_empty() {
                out.push(self.held(subject, gathered));
            }
        }
        Ok(out)
    }

    /// A statement's content as items, and the keys that the vocabulary does not understand.
    pub fn read(&self, subject: &Subject, content: &str) -> (Profile, Vec<String>) {
        let source = Text::new("", content);
        let (root, _) = parse_json(content);
        let Some(root) = root else { return (Profile::new(&subject.kind), vec![String::new()]) };
        let (profile, found) = profile_from_node(&root, &source, self.vocabulary, &subject.kind);
        let entries = root.as_map().unwrap_or_default();
        let at = |span: facts::Span| {
            let holds = |(key, value): &&(facts::yaml::Node, facts::yaml::Node)| {
                key.span.start <= span.start && span.start <= value.span.end
            };
            entries.iter().find(holds).and_then(|(key, _)| key.as_text()).unwrap_or_default().to_owned()
        };
        (profile, found.iter().map(|finding| at(finding.span)).collect())
    }

    /// Contests as far as they bear on what is in force.
    fn objections(&self, rows: &[ObjectionRow]) -> Vec<Objection> {
        let read = rows.iter().filter_map(|row| {
            let is_set_aside = match row.outcome {
                None => false,
                Some(Outcome::Upheld | Outcome::Corrected) => true,
                Some(Outcome::Refused) => return None,
            };
            let item = Item::parse(self.vocabulary, &row.item)?;
            Some(Objection { contest: row.contest, statement: row.statement, item, is_set_aside })
        });
        read.collect()
    }

    pub fn held(&self, subject: Subject, gathered: Gathered) -> Held {
        let mut unread = Vec::new();
        let mut spoken = Vec::new();
        for row in gathered.statements {
            let Some(content) = &row.content else { continue };
            let (profile, keys) = self.read(&subject, content);
            unread.extend(keys);
            spoken.push(Spoken { stated: row.stated, items: workflow::items_of(profile) });
        }
        let values = workflow::in_force(spoken, &self.ranks, &self.objections(&gathered.objections));
        let mut profile = Profile::new(&subject.kind);
        profile.id = subject.code.clone().unwrap_or_else(|| subject.id.to_string());
        profile.name.clone_from(&subject.name);
        let mut standings = BTreeMap::new();
        for (item, (told, standing)) in values {
            let origin = self.origin(&standing.stated, standing.contest.is_some());
            workflow::put(&mut profile, &item, told, origin);
            standings.insert(item, standing);
        }
        Held { subject, profile, standings, unread }
    }

    /// As a reason names it: source, day, and whether it is contested.
    fn origin(&self, stated: &Arc<Stated>, is_contested: bool) -> Origin {
        let name = self.sources.get(&stated.source).map(|source| source.name.clone());
        let name =
            name.unwrap_or_else(|| facts::Text { zh: stated.source.clone(), en: stated.source.clone() });
        let (zh, en) = if is_contested { ("(有异议)", " (contested)") } else { ("", "") };
        Origin {
            text: facts::Text {
                zh: format!("{} {}{zh}", name.zh, stated.observed),
                en: format!("{}, {}{en}", name.en, stated.observed),
            },
        }
    }
}
