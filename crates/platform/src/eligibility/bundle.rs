//! A decision in one file that proves itself: the texts as they were published, the values with their sources, the reasons, and
//! the proof that the decision stands in the audit chain. Whoever has it needs neither this server nor its database. Pure.
//!
//! The format is `zhimei-decision-1`; `docs/bundle-format.md` describes it. Bundles that were written once must be understood for ever:
//! `tests/golden/` keeps them.

use std::collections::BTreeMap;

use ed25519_dalek::VerifyingKey;
use engine::SEMANTICS;
use engine::point::Engine;
use facts::read::{parse_json, profile_from_node};
use facts::{Date, Source, Text};
use library::{File, Role};
use serde_json::{Map, Value, json};

use super::model::{Content, DecisionNumber, Difference, StoredDecision};
use super::service::stored::digest_of;
use super::{verdict, workflow};
use crate::ground::chain::{Digest, Entry, FiledHead, value_digest, verify_export};
use crate::ground::{bytes_of_hex, to_hex};
use crate::policies::{Files, TextDigest, compile};

/// What stands in `format`.
const FORMAT: &str = "zhimei-decision-1";

/// Largest bundle that is read, in bytes.
pub const BUNDLE_BYTES_MAX: u64 = 64 << 20;

/// What a bundle is made of.
pub struct Parts<'a> {
    /// The decision.
    pub decision: &'a StoredDecision,
    /// Its content.
    pub content: &'a Content,
    /// All texts of the release, with their digests.
    pub texts: &'a BTreeMap<String, (TextDigest, String)>,
    /// Head and entry as lines of an export, and what the entry holds; `None` where the entry was removed after its time.
    pub proof: Option<(&'a [String; 2], &'a Entry)>,
    /// The key that signs heads.
    pub key: VerifyingKey,
}

/// Writes a bundle. Of the texts those are in it that something is decided by; of the others the digest.
pub fn write(parts: &Parts<'_>) -> Value {
    let Parts { decision, content, texts, proof, key } = parts;
    let digests: Map<String, Value> =
        texts.iter().map(|(path, (digest, _))| (path.clone(), digest.to_string().into())).collect();
    let decides = |path: &str| library::role(path) != Role::Cases;
    let needed: Map<String, Value> = texts
        .iter()
        .filter(|(path, _)| decides(path))
        .map(|(path, (_, text))| (path.clone(), Value::from(text.as_str())))
        .collect();
    let proof = proof.map(|(lines, entry)| {
        let side = crate::ground::chain::ValueSide::After;
        json!({
            "head": lines[0],
            "entry": lines[1],
            "salt": entry.salt(side).map(to_hex),
            "after": entry.value(side),
        })
    });
    json!({
        "format": FORMAT,
        "decision": {
            "number": decision.number.0,
            "subject": decision.subject.to_string(),
            "policy": decision.policy,
            "version": decision.version,
            "text_digest": decision.text_digest.to_string(),
            "release": decision.release,
            "release_digest": decision.release_digest.to_string(),
            "on": decision.day.to_string(),
            "position": decision.position,
            "semantics": decision.semantics,
            "outcome": decision.outcome,
            "digest": to_hex(&decision.digest),
            "decided_ms": decision.decided.0,
            "decided_by": decision.decided_by,
        },
        "salt": to_hex(&content.salt),
        "inputs": content.inputs,
        "told": content.decision,
        "files": digests,
        "texts": needed,
        "proof": proof,
        "key": to_hex(key.as_bytes()),
    })
}

/// Something of a bundle that does not hold.
#[derive(Clone, PartialEq, Debug)]
pub enum Finding {
    /// It is no bundle, or one of a format that this program does not know.
    NotABundle(String),
    /// A text is not the one that was published under its path.
    Text(String),
    /// The texts together are not the release.
    Release,
    /// The version that was decided by is not among the texts.
    Version,
    /// Values or reasons are not those that were kept.
    Content,
    /// The head is not signed with the key, or the entry is not in its chain.
    Chain,
    /// The entry tells of another decision.
    Entry,
    /// The texts cannot be compiled any more.
    Texts(String),
    /// Decided again, it comes out otherwise.
    Different {
        /// At these places.
        differences: Vec<Difference>,
        /// How this program understands texts, if otherwise than the one that decided.
        semantics_now: Option<u32>,
    },
}

/// What a bundle comes to.
#[derive(Clone, PartialEq, Debug)]
pub struct Verification {
    /// The decision's number.
    pub number: Option<DecisionNumber>,
    /// By which policy and version.
    pub policy: String,
    /// The outcome that was told.
    pub outcome: String,
    /// The key with which its head is signed, in hexadecimal.
    pub key: String,
    /// Whether that is the key that the reader named.
    pub is_key_known: bool,
    /// The head that it is proven by; `None` where it was written without proof.
    pub head: Option<FiledHead>,
    /// Everything that does not hold; empty: it is what was decided.
    pub findings: Vec<Finding>,
}

/// Checks a bundle and decides again from what it holds. Without a key that the reader knows, the one in it is taken, and said so.
pub fn verify(text: &str, known: Option<&VerifyingKey>) -> Verification {
    let parsed = serde_json::from_str::<Value>(text).ok();
    let read = parsed.as_ref().and_then(|value| Bundle::read(value).map(|bundle| (value, bundle)));
    let Some((value, bundle)) = read else {
        let format = parsed.as_ref().and_then(|value| value["format"].as_str()).unwrap_or_default();
        return Verification {
            number: None,
            policy: String::new(),
            outcome: String::new(),
            key: String::new(),
            is_key_known: false,
            head: None,
            findings: vec![Finding::NotABundle(format.to_owned())],
        };
    };
    let mut findings = bundle.check_texts();
    if digest_of(&bundle.content) != bundle.digest {
        findings.push(Finding::Content);
    }
    let key = known.copied().unwrap_or(bundle.key);
    let head = bundle.check_proof(&value["proof"], &key, &mut findings);
    if findings.is_empty() {
        findings.extend(bundle.decide_again());
    }
    Verification {
        number: Some(DecisionNumber(bundle.number)),
        policy: format!("{}@{}", bundle.policy, bundle.version),
        outcome: bundle.outcome,
        key: to_hex(key.as_bytes()),
        is_key_known: known.is_some(),
        head,
        findings,
    }
}

/// A bundle as it was read.
struct Bundle {
    number: u64,
    policy: String,
    version: String,
    text_digest: TextDigest,
    release_digest: TextDigest,
    day: Date,
    semantics: u64,
    outcome: String,
    digest: [u8; 32],
    content: Content,
    files: BTreeMap<String, TextDigest>,
    texts: BTreeMap<String, String>,
    key: VerifyingKey,
}

impl Bundle {
    fn read(value: &Value) -> Option<Self> {
        if value["format"].as_str()? != FORMAT {
            return None;
        }
        let told = &value["decision"];
        let text = |key: &str| told[key].as_str().map(str::to_owned);
        let files = value["files"].as_object()?.iter();
        let files = files.map(|(path, digest)| Some((path.clone(), TextDigest::parse(digest.as_str()?)?)));
        let texts = value["texts"].as_object()?.iter();
        let texts = texts.map(|(path, text)| Some((path.clone(), text.as_str()?.to_owned())));
        let key: [u8; 32] = bytes_of_hex(value["key"].as_str()?)?.try_into().ok()?;
        Some(Self {
            number: told["number"].as_u64()?,
            policy: text("policy")?,
            version: text("version")?,
            text_digest: TextDigest::parse(&text("text_digest")?)?,
            release_digest: TextDigest::parse(&text("release_digest")?)?,
            day: text("on")?.parse().ok()?,
            semantics: told["semantics"].as_u64()?,
            outcome: text("outcome")?,
            digest: bytes_of_hex(&text("digest")?)?.try_into().ok()?,
            content: Content {
                inputs: value.get("inputs")?.clone(),
                decision: value.get("told")?.clone(),
                salt: bytes_of_hex(value["salt"].as_str()?)?,
            },
            files: files.collect::<Option<_>>()?,
            texts: texts.collect::<Option<_>>()?,
            key: VerifyingKey::from_bytes(&key).ok()?,
        })
    }

    /// Whether the texts are those of the release, and the version one of them.
    fn check_texts(&self) -> Vec<Finding> {
        let is_published =
            |(path, text): &(&String, &String)| self.files.get(*path) == Some(&TextDigest::of(text));
        let altered = self.texts.iter().filter(|text| !is_published(text));
        let mut findings: Vec<Finding> = altered.map(|(path, _)| Finding::Text(path.clone())).collect();
        if Files(self.files.clone()).digest() != self.release_digest {
            findings.push(Finding::Release);
        }
        if !self.texts.values().any(|text| TextDigest::of(text) == self.text_digest) {
            findings.push(Finding::Version);
        }
        findings
    }

    /// Whether the decision stands in the chain of a signed head.
    fn check_proof(
        &self,
        proof: &Value,
        key: &VerifyingKey,
        findings: &mut Vec<Finding>,
    ) -> Option<FiledHead> {
        if proof.is_null() {
            return None;
        }
        let line = |name: &str| proof[name].as_str().unwrap_or_default().to_owned();
        let lines = [line("head"), line("entry")];
        let head = FiledHead::parse(&lines[0]);
        let proven = verify_export(&lines, key).ok().and_then(|entries| entries.into_values().next());
        let (Some(head), Some(entry)) = (head, proven) else {
            findings.push(Finding::Chain);
            return None;
        };
        if !self.is_told_by(&entry, &head, proof) {
            findings.push(Finding::Entry);
        }
        Some(head)
    }

    fn is_told_by(&self, entry: &Entry, head: &FiledHead, proof: &Value) -> bool {
        let after = proof["after"].as_str().unwrap_or_default();
        let salt = proof["salt"].as_str().and_then(bytes_of_hex).unwrap_or_default();
        let digest: Digest = value_digest(head.algorithm, &salt, after);
        let told: Value = serde_json::from_str(after).unwrap_or_default();
        entry.subject == format!("decision:{}", self.number)
            && entry.after_digest == Some(digest)
            && told["digest"] == *to_hex(&self.digest)
    }

    /// Decides again from the values and texts in it.
    fn decide_again(&self) -> Option<Finding> {
        let files = self.texts.iter().map(|(path, text)| File::new(path, text.as_str()));
        let library = match compile(files.collect()) {
            Ok(library) => library,
            Err(found) => {
                let first = found.first().map(|problem| problem.place.zh.clone());
                return Some(Finding::Texts(first.unwrap_or_default()));
            }
        };
        let rulebook = &library.rulebook;
        let kind = rulebook.on(&self.policy, self.day)?.entry().document.subject.clone();
        let values: Map<String, Value> = self
            .content
            .inputs
            .as_array()?
            .iter()
            .filter_map(|input| Some((input["key"].as_str()?.to_owned(), input.get("value")?.clone())))
            .collect();
        let text = Value::Object(values).to_string();
        let source = Source::new("inputs", text.as_str());
        let (node, _) = parse_json(&text);
        let profile = node.map(|node| profile_from_node(&node, &source, &rulebook.vocabulary, &kind).0)?;
        let decision = Engine::new(rulebook).decide(&self.policy, &profile, self.day)?;
        let again = verdict::with_reasons(&decision, &profile, &rulebook.vocabulary);
        let differences = workflow::differences(&self.content.decision, &again, "/told");
        let semantics_now = (self.semantics != u64::from(SEMANTICS)).then_some(SEMANTICS);
        (!differences.is_empty()).then_some(Finding::Different { differences, semantics_now })
    }
}

impl Finding {
    /// As it stands in JSON.
    pub fn as_code(&self) -> &'static str {
        match self {
            Self::NotABundle(_) => "not-a-bundle",
            Self::Text(_) => "text",
            Self::Release => "release",
            Self::Version => "version",
            Self::Content => "content",
            Self::Chain => "chain",
            Self::Entry => "entry",
            Self::Texts(_) => "texts",
            Self::Different { .. } => "different",
        }
    }

    /// As a person reads it.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::NotABundle(format) if format.is_empty() => {
                ("这不是决定文件".to_owned(), "this is no bundle of a decision".to_owned())
            }
            Self::NotABundle(format) => (
                format!("决定文件的格式 {format} 不完整,或本程序不认识"),
                format!("the bundle's format {format} is incomplete, or unknown to this program"),
            ),
            Self::Text(path) => (
                format!("文本 {path} 与发布时不同"),
                format!("the text {path} is not the one that was published"),
            ),
            Self::Release => (
                "全部文件合起来不是决定所依据的发布版本".to_owned(),
                "the files together are not the release that was decided by".to_owned(),
            ),
            Self::Version => (
                "所依据的政策版本不在其中".to_owned(),
                "the version that was decided by is not in it".to_owned(),
            ),
            Self::Content => (
                "数值或理由与保存时不同".to_owned(),
                "values or reasons are not those that were kept".to_owned(),
            ),
            Self::Chain => (
                "审计证明不成立:链首不是用该密钥签名的,或条目不在链中".to_owned(),
                "the proof does not hold: the head is not signed with the key, or the entry is not in its chain"
                    .to_owned(),
            ),
            Self::Entry => (
                "审计条目说的是另一份决定".to_owned(),
                "the audit entry tells of another decision".to_owned(),
            ),
            Self::Texts(place) => (
                format!("其中的文本无法再编译:{place}"),
                format!("the texts in it no longer compile: {place}"),
            ),
            Self::Different { differences, .. } => {
                let places: Vec<&str> = differences.iter().map(|it| it.place.as_str()).collect();
                let places = places.join(", ");
                (format!("重新判定的结果不同:{places}"), format!("decided again, it comes out otherwise: {places}"))
            }
        };
        Text { zh, en }
    }
}
