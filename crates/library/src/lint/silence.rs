//! Findings that an author accepts: `lint: [{allow: L0304, reason: …}]` in a document or at a fact.

use facts::yaml::Node;
use facts::{Diagnostic, Source, Span, Text};

use super::places;
use crate::Role;

/// The key under which silences stand.
const KEY: &str = "lint";

/// One entry.
#[derive(Debug)]
pub(super) struct Silence {
    pub source: usize,
    pub code: String,
    pub reason: Text,
    /// What the place of the finding has to be called.
    at: Option<String>,
    /// What it is for: a whole document, or one fact.
    within: Span,
    /// Where its code stands.
    pub span: Span,
    pub is_used: bool,
}

/// All silences. Those without a code or a reason were reported as mistakes and silence nothing.
pub(super) fn read(sources: &[Source], roots: &[Option<Node>]) -> Vec<Silence> {
    let mut found = Vec::new();
    for (index, source) in sources.iter().enumerate() {
        let Some(root) = roots.get(index).and_then(Option::as_ref) else { continue };
        match crate::role(&source.path) {
            Role::Policy => add(root, index, Span::new(0, source.text.len()), &mut found),
            Role::Facts => {
                let entries = root.get("facts").and_then(Node::as_list).unwrap_or_default();
                entries.iter().for_each(|entry| add(entry, index, entry.span, &mut found));
            }
            _ => {}
        }
    }
    found
}

fn add(node: &Node, source: usize, within: Span, found: &mut Vec<Silence>) {
    for entry in node.get(KEY).and_then(Node::as_list).unwrap_or_default() {
        let (Some(allow), Some(reason)) = (entry.get("allow"), entry.get("reason")) else { continue };
        let part = |key: &str| reason.get(key).and_then(Node::as_text).unwrap_or_default().trim().to_owned();
        let reason = match reason.as_text() {
            Some(zh) => Text { zh: zh.trim().to_owned(), en: String::new() },
            None => Text { zh: part("zh"), en: part("en") },
        };
        let Some(code) = allow.as_text().filter(|_| !reason.zh.is_empty()) else { continue };
        found.push(Silence {
            source,
            code: code.to_owned(),
            reason,
            at: entry.get("at").and_then(Node::as_text).map(str::to_owned),
            within,
            span: allow.span,
            is_used: false,
        });
    }
}

impl Silence {
    /// Whether it is meant for a finding in that file.
    pub(super) fn covers(
        &self,
        source: usize,
        diagnostic: &Diagnostic,
        root: Option<&Node>,
        text: &str,
    ) -> bool {
        let span = diagnostic.span;
        if self.source != source || self.code != diagnostic.code {
            return false;
        }
        if span.start < self.within.start || span.start >= self.within.end.max(self.within.start + 1) {
            return false;
        }
        let Some(at) = &self.at else { return true };
        let is_text = text.get(span.start..span.end) == Some(at.as_str());
        is_text || root.is_some_and(|root| places::names(root, span).contains(at))
    }
}
