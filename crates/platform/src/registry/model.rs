//! The words of this slice: subjects, sources, what was said, and what of it is in force.

use std::collections::BTreeMap;
use std::sync::Arc;

use facts::read::{Key, parse_header};
use facts::{Date, FactId, Holding, Period, Profile, SUBJECT_KINDS, Text, Value, Vocabulary, write};

use crate::ground::{Moment, id_type};
use crate::identity::{OrganisationId, coded};

id_type! {
    /// Of a subject.
    SubjectId
}
id_type! {
    /// Of what a source said at once.
    StatementId
}
id_type! {
    /// Of a contest of a value.
    ContestId
}
id_type! {
    /// Of a merge of two subjects.
    MergeId
}
id_type! {
    /// Of a legal hold.
    HoldId
}
id_type! {
    /// Of another act on the ledger: a changed rank, an erasure.
    ActId
}

/// Somebody or something that facts are about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Subject {
    /// Its id.
    pub id: SubjectId,
    /// As the vocabulary knows it: `enterprise`, `institution`, `person`, `project`, `parcel`.
    pub kind: String,
    /// The credit code; of a project or a parcel the number under which others know it.
    pub code: Option<String>,
    /// Its name; empty once erased.
    pub name: String,
    /// Whose members are its own people.
    pub organisation: Option<OrganisationId>,
    /// Into which it is merged now.
    pub merged_into: Option<SubjectId>,
    /// When it was erased.
    pub erased: Option<Moment>,
}

/// The code of a kind of subject, given its code or its Chinese word.
pub(super) fn parse_kind(text: &str) -> Option<&'static str> {
    SUBJECT_KINDS.iter().find(|(code, word)| *code == text || *word == text).map(|(code, _)| *code)
}

/// A name as it is searched and compared: half-width, in lower case, without blanks.
pub fn name_key(name: &str) -> String {
    facts::half_width(name).to_lowercase().split_whitespace().collect()
}

coded! {
    /// What an entry of the ledger is about.
    EntryKind {
        /// A subject was put into the register.
        Create = "create", "登记主体", "a subject was put into the register";
        /// A statement was recorded.
        Record = "record", "记入事实", "facts were recorded";
        /// The statements of a batch count from here on.
        Import = "import", "导入批次", "a batch was imported";
        /// The statements of a batch no longer count.
        Withdrawal = "withdrawal", "撤回批次", "a batch was withdrawn";
        /// An officer decided a condition.
        Condition = "condition", "判断条件", "a condition was decided";
        /// A value was contested.
        Contest = "contest", "提出异议", "a value was contested";
        /// A contest was answered.
        Answer = "answer", "答复异议", "a contest was answered";
        /// Two subjects became one.
        Merge = "merge", "合并主体", "two subjects were merged";
        /// A merge was undone.
        Unmerge = "unmerge", "撤销合并", "a merge was undone";
        /// A source has another rank.
        Rank = "rank", "调整来源次序", "the rank of a source was changed";
        /// What was held about a subject was erased.
        Erasure = "erasure", "删除", "what was held was erased";
    }
}

coded! {
    /// How a contest was answered.
    Outcome {
        /// The contest is right; the value no longer counts.
        Upheld = "upheld", "异议成立", "upheld";
        /// The contest is right, and the source says something else.
        Corrected = "corrected", "异议成立并已更正", "corrected";
        /// The value stays.
        Refused = "refused", "异议不成立", "refused";
    }
}

/// Who says something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Source {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// The higher goes before the lower.
    pub rank: i64,
    /// What a subject says about itself.
    pub is_self: bool,
    /// The department that answers for it.
    pub department: Option<OrganisationId>,
}

/// What a value stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Item {
    /// A fact in a period.
    Fact(FactId, Period),
    /// A status.
    Status(String),
    /// A collection as a whole.
    Collection(String),
    /// A related party as a whole.
    Role(String),
    /// A condition that a person decides.
    Condition(String),
}

impl Item {
    /// The key under which it stands in a statement, in the words of the vocabulary.
    pub fn key(&self, vocabulary: &Vocabulary) -> String {
        match self {
            Self::Fact(fact, period) => write::key(vocabulary.get(*fact), period),
            Self::Status(name) => format!("status:{name}"),
            Self::Condition(id) => format!("manual:{id}"),
            Self::Collection(name) | Self::Role(name) => name.clone(),
        }
    }

    /// Reads what [`Item::key`] writes, also in older words of the vocabulary.
    pub fn parse(vocabulary: &Vocabulary, key: &str) -> Option<Self> {
        Some(match parse_header(vocabulary, key).ok()?.0 {
            Key::Fact(fact, period) => Self::Fact(fact, period),
            Key::Status(name, _) => Self::Status(name),
            Key::Manual(id) => Self::Condition(id),
            Key::Collection(name) => Self::Collection(name),
            Key::Role(name, _) => Self::Role(name),
            Key::OfRole(..) | Key::CreditCode | Key::Id | Key::Name | Key::Kind => return None,
        })
    }
}

/// What was said about an item.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Told {
    /// The value of a fact.
    Value(Value),
    /// A certificate.
    Holding(Holding),
    /// The items of a collection.
    Collection(Vec<Profile>),
    /// A related party.
    Party(Box<Profile>),
    /// A decision.
    Decision(bool),
}

/// A statement without its content: who said it, when, and where it stands in the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stated {
    /// Its id.
    pub id: StatementId,
    /// About whom it was said; another than whom it counts for, if that one was merged.
    pub subject: SubjectId,
    /// Who said it.
    pub source: String,
    /// On which day it was so.
    pub observed: Date,
    /// The last day on which the source stands by it.
    pub valid_until: Option<Date>,
    /// When it was recorded.
    pub recorded: Moment,
    /// By whom: an account, a token, a command.
    pub recorded_by: String,
    /// What it rests on.
    pub evidence: Option<String>,
    /// Why an officer decided so.
    pub ground: Option<String>,
    /// The ledger's position from which it counts.
    pub position: u64,
}

/// Where a value in force comes from, and what speaks against it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The statement.
    pub stated: Arc<Stated>,
    /// What other sources said last, where it is something else.
    pub conflicts: Vec<(Told, Arc<Stated>)>,
    /// 有异议: it is contested, and that was not answered yet.
    pub contest: Option<ContestId>,
}

/// Everything in force about a subject, as of a position of the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// The subject.
    pub subject: Subject,
    /// Its values. The origin of each says source and day.
    pub profile: Profile,
    /// Where each comes from.
    pub standings: BTreeMap<Item, Standing>,
    /// Keys that stand in the ledger and that the vocabulary does not understand.
    pub unread: Vec<String>,
}

impl Held {
    /// The same on a day: without what its source stands by only up to an earlier one.
    #[must_use]
    pub fn on(mut self, day: Date) -> Self {
        let is_over = |standing: &Standing| standing.stated.valid_until.is_some_and(|last| last < day);
        let over: Vec<Item> =
            self.standings.iter().filter(|(_, it)| is_over(it)).map(|(item, _)| item.clone()).collect();
        for item in over {
            self.drop_item(&item);
        }
        self
    }

    /// Takes an item out, as if nothing were known of it.
    pub(super) fn drop_item(&mut self, item: &Item) {
        self.standings.remove(item);
        match item {
            Item::Fact(fact, period) => {
                if let Some(entries) = self.profile.facts.get_mut(fact) {
                    entries.retain(|entry| entry.period != *period);
                }
                self.profile.facts.retain(|_, entries| !entries.is_empty());
            }
            Item::Status(name) => drop(self.profile.holdings.remove(name)),
            Item::Collection(name) => drop(self.profile.collections.remove(name)),
            Item::Role(name) => drop(self.profile.roles.remove(name)),
            Item::Condition(id) => drop(self.profile.manual.remove(id)),
        }
    }
}

/// What changed by one entry of the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The entry's position.
    pub position: u64,
    /// What it was.
    pub kind: EntryKind,
    /// Whose values may be others now; a subject that is merged stands beside the one that it was merged into.
    pub subjects: Vec<SubjectId>,
}

/// A subject to be put into the register.
#[derive(Clone, Debug)]
pub struct NewSubject {
    /// Its kind, by code or Chinese word.
    pub kind: String,
    /// Its code, as typed.
    pub code: Option<String>,
    /// Its name, as typed.
    pub name: String,
}

/// What a source says, to be recorded.
#[derive(Clone, Debug)]
pub struct NewStatement {
    /// About whom.
    pub subject: SubjectId,
    /// Who says so, by code.
    pub source: String,
    /// On which day it was so.
    pub observed: Date,
    /// The last day on which the source stands by it.
    pub valid_until: Option<Date>,
    /// What it rests on.
    pub evidence: Option<String>,
    /// Facts by key, a JSON object.
    pub facts: String,
}

/// A contest of a value: who must answer by when, and the answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Contest {
    /// Its id.
    pub id: ContestId,
    /// About whom.
    pub subject: SubjectId,
    /// The statement that the value is of.
    pub statement: StatementId,
    /// The key of the value.
    pub item: String,
    /// Who said it.
    pub source: String,
    /// Why it is contested; `None`: erased.
    pub reason: Option<String>,
    /// What that rests on.
    pub evidence: Option<String>,
    /// Who contests it.
    pub raised_by: String,
    /// When.
    pub raised: Moment,
    /// The working day by which it must be answered.
    pub due: Date,
    /// The department that must answer; `None` until one is named.
    pub department: Option<OrganisationId>,
    /// How it was answered.
    pub outcome: Option<Outcome>,
    /// The reason of the answer.
    pub answer: Option<String>,
    /// When.
    pub answered: Option<Moment>,
}

/// A legal hold: while it stands, nothing of its subject is erased.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hold {
    /// Its id.
    pub id: HoldId,
    /// On what ground.
    pub ground: String,
    /// Who placed it.
    pub placed_by: String,
    /// When.
    pub placed: Moment,
    /// When it was lifted.
    pub lifted: Option<Moment>,
}
