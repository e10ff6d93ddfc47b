//! What the doors of this slice take and give.

use facts::Text;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::super::{Heads, Range, Shown};
use crate::ground::chain::{Entry, FiledHead, Pruned, ValueSide, Verified, Wanted};
use crate::ground::{Keys, Moment, to_hex};
use crate::web::{PageQuery, Problem};

/// Longest word that is looked for, in characters.
const WORD_CHARACTERS_MAX: usize = 200;

/// Most filed heads that are shown: four weeks.
const HEADS_SHOWN_MAX: usize = 28 * 24;

/// Which entries.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct SearchQuery {
    /// Where to go on: `next` of the page before.
    after: Option<String>,
    /// How many at most, up to 200; 50 if nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// About what, as entries name it: `account:01931b2c-5e1a-7c3d-9f00-000000000001`.
    #[param(max_length = 200)]
    subject: Option<String>,
    /// By whom, as entries name them; an account with all its tokens.
    #[param(max_length = 200)]
    actor: Option<String>,
    /// Which action; `identity` stands for all of its actions.
    #[param(max_length = 200)]
    action: Option<String>,
    /// Not earlier than that, in milliseconds since 1970.
    from_ms: Option<i64>,
    /// Earlier than that, in milliseconds since 1970.
    until_ms: Option<i64>,
}

impl SearchQuery {
    /// What is looked for, and how much of it.
    pub fn read(self) -> Result<(Wanted, usize), Problem> {
        let page = PageQuery { after: self.after, limit: self.limit };
        let (limit, cursor) = (page.limit()?, page.cursor(1)?);
        let usual = Wanted::default();
        let before = cursor.map(|cursor| cursor.number(0)).transpose()?;
        let wanted = Wanted {
            before: before.map_or(usual.before, |before| u64::try_from(before).unwrap_or(0)),
            subject: word("subject", self.subject)?,
            actor: word("actor", self.actor)?,
            action: word("action", self.action)?,
            from: self.from_ms.map_or(usual.from, Moment),
            until: self.until_ms.map_or(usual.until, Moment),
        };
        Ok((wanted, limit))
    }
}

/// A word that is looked for; nothing where it is empty.
fn word(name: &str, word: Option<String>) -> Result<Option<String>, Problem> {
    let word = word.map(|word| word.trim().to_owned()).filter(|word| !word.is_empty());
    let is_fine =
        |word: &String| word.chars().count() <= WORD_CHARACTERS_MAX && !word.chars().any(char::is_control);
    match word {
        Some(word) if !is_fine(&word) => {
            let what = Text {
                zh: format!("最多 {WORD_CHARACTERS_MAX} 个字,不含控制字符"),
                en: format!("at most {WORD_CHARACTERS_MAX} characters, none of them a control character"),
            };
            Err(Problem::at(format!("query:{name}"), what))
        }
        word => Ok(word),
    }
}

/// An entry as lists show it.
#[derive(Serialize, ToSchema)]
pub(super) struct ListedEntry {
    position: u64,
    at_ms: i64,
    #[schema(example = "account:01931b2c-5e1a-7c3d-9f00-000000000001")]
    actor: String,
    acting_for: Option<String>,
    #[schema(example = "identity.create-account")]
    action: String,
    #[schema(example = "account:01931b2c-5e1a-7c3d-9f00-000000000002")]
    subject: String,
    request_id: String,
}

impl From<Entry> for ListedEntry {
    fn from(entry: Entry) -> Self {
        Self {
            position: entry.position,
            at_ms: entry.at.0,
            actor: entry.actor,
            acting_for: entry.acting_for,
            action: entry.action,
            subject: entry.subject,
            request_id: entry.request,
        }
    }
}

/// That the values of an entry were erased.
#[derive(Serialize, ToSchema)]
pub(super) struct ErasedBody {
    at_ms: i64,
    /// On what ground of law.
    ground: String,
}

/// That an entry is in the chain of a filed head: RFC 9162, 2.1.3.2.
#[derive(Serialize, ToSchema)]
pub(super) struct ProofBody {
    head: HeadBody,
    /// Hash of the entry before.
    previous: String,
    /// What leads from the entry to the head's root, the nearest first.
    path: Vec<String>,
}

/// One entry with everything about it.
#[derive(Serialize, ToSchema)]
pub(super) struct ShownBody {
    #[serde(flatten)]
    entry: ListedEntry,
    hash: String,
    before_digest: Option<String>,
    after_digest: Option<String>,
    /// What held before; `null` if there was nothing, or it was erased.
    before: Option<Value>,
    /// What holds since; `null` if there is nothing, or it was erased.
    after: Option<Value>,
    erased: Option<ErasedBody>,
    /// `null` until a head is filed that covers the entry, which happens every hour.
    proof: Option<ProofBody>,
}

impl From<Shown> for ShownBody {
    fn from(shown: Shown) -> Self {
        let value = |side| shown.entry.value(side).and_then(|text| serde_json::from_str(text).ok());
        let digest = |side| shown.entry.digest(side).map(|digest| digest.to_string());
        let proof = shown.proof.as_ref().map(|proof| ProofBody {
            head: HeadBody::from(&proof.head),
            previous: proof.previous.to_string(),
            path: proof.path.iter().map(ToString::to_string).collect(),
        });
        Self {
            hash: shown.entry.hash.to_string(),
            before_digest: digest(ValueSide::Before),
            after_digest: digest(ValueSide::After),
            before: value(ValueSide::Before),
            after: value(ValueSide::After),
            erased: shown.erased.map(|erased| ErasedBody { at_ms: erased.at.0, ground: erased.ground }),
            proof,
            entry: ListedEntry::from(shown.entry),
        }
    }
}

/// A filed head.
#[derive(Serialize, ToSchema)]
pub(super) struct HeadBody {
    at_ms: i64,
    /// `sha256` or `sm3`.
    #[schema(example = "sha256")]
    algorithm: &'static str,
    /// Number of entries since the beginning.
    size: u64,
    root: String,
    /// As it stands in the file, with its signature: keep it elsewhere, and hand it in to `POST /audit/verify`.
    line: String,
}

impl From<&FiledHead> for HeadBody {
    fn from(head: &FiledHead) -> Self {
        Self {
            at_ms: head.at.0,
            algorithm: head.algorithm.as_code(),
            size: head.size,
            root: head.root.to_string(),
            line: head.line(),
        }
    }
}

/// The head of now and those that were filed.
#[derive(Serialize, ToSchema)]
pub(super) struct HeadsBody {
    /// Number of entries since the beginning.
    size: u64,
    root: String,
    /// Up to where entries were removed after their time.
    pruned_up_to: u64,
    /// What heads are verified with (Ed25519), in hexadecimal digits.
    verifying_key: String,
    /// The latest that were filed, the latest first.
    filed: Vec<HeadBody>,
    /// How many were filed.
    filed_count: usize,
    /// The first line of the file that is not what was written there; `null` if all are.
    wrong_line: Option<usize>,
}

impl HeadsBody {
    pub fn new(heads: &Heads, keys: &Keys) -> Self {
        Self {
            size: heads.now.size,
            root: heads.now.root().to_string(),
            pruned_up_to: heads.pruned_up_to,
            verifying_key: to_hex(keys.verifying_key().as_bytes()),
            filed: heads.filed.heads.iter().rev().take(HEADS_SHOWN_MAX).map(HeadBody::from).collect(),
            filed_count: heads.filed.heads.len(),
            wrong_line: heads.filed.wrong_line,
        }
    }
}

/// Against what the chain is held.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VerifyBody {
    /// Lines of filed heads that were kept elsewhere, the first of the file first; without them the server's own file is taken.
    #[schema(max_length = 1_000_000)]
    pub heads: Option<String>,
}

/// The first thing that is wrong.
#[derive(Serialize, ToSchema)]
pub(super) struct FindingBody {
    #[schema(example = "altered")]
    code: &'static str,
    position: Option<u64>,
    zh: String,
    en: String,
}

/// What a verification saw.
#[derive(Serialize, ToSchema)]
pub(super) struct VerifiedBody {
    /// Whether everything is as it was written.
    is_whole: bool,
    entries: u64,
    pruned_up_to: u64,
    filed_heads: usize,
    /// How many entries had their values erased.
    erased: usize,
    finding: Option<FindingBody>,
}

impl From<&Verified> for VerifiedBody {
    fn from(verified: &Verified) -> Self {
        let finding = verified.finding.as_ref().map(|finding| {
            let Text { zh, en } = finding.message();
            FindingBody { code: finding.as_code(), position: finding.position(), zh, en }
        });
        Self {
            is_whole: finding.is_none(),
            entries: verified.entries,
            pruned_up_to: verified.pruned_up_to,
            filed_heads: verified.heads,
            erased: verified.erased.len(),
            finding,
        }
    }
}

/// Which entries leave; all that are there if nothing is said.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportBody {
    from: Option<u64>,
    to: Option<u64>,
}

impl ExportBody {
    pub fn range(&self) -> Range {
        Range { from: self.from, to: self.to }
    }
}

/// What is to be removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PruneBody {
    /// Entries of days before this one; it lies at least six calendar months back.
    #[schema(example = "2026-01-01")]
    pub before: String,
}

/// What was removed.
#[derive(Serialize, ToSchema)]
pub(super) struct PrunedBody {
    up_to: u64,
    entries: u64,
}

impl From<Pruned> for PrunedBody {
    fn from(pruned: Pruned) -> Self {
        Self { up_to: pruned.up_to, entries: pruned.entries }
    }
}

/// Why values are erased.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EraseBody {
    /// The ground of law.
    #[schema(example = "个人信息保护法第四十七条", max_length = 200)]
    pub ground: String,
}
