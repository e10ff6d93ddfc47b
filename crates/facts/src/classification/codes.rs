//! A classification: codes that lie under one another by prefix, with their names, in one edition.
//!
//! Not every code need be listed: an edition says down to which length its codes are complete, and below which codes. So
//! a code that is not listed is either impossible or only not listed here, and the two are never taken for each other.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Language, Text};

/// A classification in one edition.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Classification {
    /// What facts call it: `industry`.
    pub name: String,
    /// Its title.
    pub title: Text,
    /// Which edition: `GB/T 4754-2017`.
    pub edition: String,
    /// Where it was taken from.
    pub source: Text,
    /// Its levels, coarsest first.
    pub levels: Vec<Level>,
    /// Characters of every code, where shorter ones are filled up with noughts.
    pub width: Option<usize>,
    /// Up to that length all codes are listed.
    pub complete_to: usize,
    /// What a reader should know.
    pub notes: Vec<Text>,
    /// Below these all codes of the next level are listed.
    pub(super) complete_below: BTreeSet<String>,
    /// By code, without the noughts that fill it up.
    pub(super) codes: BTreeMap<String, Code>,
}

/// A level: sections, divisions, groups …
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Level {
    /// Its name.
    pub name: Text,
    /// Characters of its codes, without noughts that fill them up.
    pub length: usize,
}

/// A code with its name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Code {
    /// As it is written.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// What a reader should know of this code; empty if nothing.
    pub note: Text,
}

/// Whether a code is in an edition.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// It is listed.
    Listed,
    /// It may be: not all codes of its place are listed here.
    Unlisted,
    /// It is not: its form is another, or all codes of its place are listed and it is not among them.
    Impossible,
}

impl Classification {
    /// The code, if it is listed.
    pub fn find(&self, code: &str) -> Option<&Code> {
        self.codes.get(self.significant(code)?)
    }

    /// All codes, in order.
    pub fn codes(&self) -> impl Iterator<Item = &Code> {
        self.codes.values()
    }

    /// The level of a code, whether it is listed or not; `None` where its form is another.
    pub fn level(&self, code: &str) -> Option<&Level> {
        let length = self.significant(code)?.len();
        self.levels.iter().find(|level| level.length == length)
    }

    /// Whether the edition has the code.
    pub fn standing(&self, code: &str) -> Standing {
        let Some(plain) = self.significant(code) else { return Standing::Impossible };
        if self.codes.contains_key(plain) {
            return Standing::Listed;
        }
        if plain.len() <= self.complete_to || self.level(code).is_none() {
            return Standing::Impossible;
        }
        let Some(above) = self.above(plain) else { return Standing::Impossible };
        match self.codes.contains_key(above) {
            true if self.complete_below.contains(above) => Standing::Impossible,
            true => Standing::Unlisted,
            // What the code would lie under is not listed either: all hangs on that.
            false => self.standing(&self.written(above)),
        }
    }

    /// The codes that it lies under, coarsest first, and itself, as far as they are listed.
    pub fn path(&self, code: &str) -> Vec<&Code> {
        let Some(plain) = self.significant(code) else { return Vec::new() };
        let lengths = self.levels.iter().map(|level| level.length).filter(|length| *length <= plain.len());
        lengths.filter_map(|length| self.codes.get(plain.get(..length)?)).collect()
    }

    /// The codes of the next level that lie under it, as far as they are listed.
    pub fn below(&self, code: &str) -> Vec<&Code> {
        let Some(plain) = self.significant(code) else { return Vec::new() };
        let mut longer = self.levels.iter().map(|level| level.length).filter(|length| *length > plain.len());
        let Some(next) = longer.next() else { return Vec::new() };
        let under = self.codes.iter().filter(|(code, _)| code.len() == next && code.starts_with(plain));
        under.map(|(_, code)| code).collect()
    }

    /// Whether all codes of the next level under it are listed.
    pub fn is_complete_below(&self, code: &str) -> bool {
        let Some(plain) = self.significant(code) else { return false };
        let next = self.levels.iter().map(|level| level.length).find(|length| *length > plain.len());
        next.is_none_or(|next| next <= self.complete_to) || self.complete_below.contains(plain)
    }

    /// The codes whose number or name holds a text, in order.
    pub fn search(&self, text: &str) -> Vec<&Code> {
        let wanted = text.trim().to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&wanted);
        let is_found = |code: &&Code| {
            code.code.to_lowercase().starts_with(&wanted) || has(&code.name.zh) || has(&code.name.en)
        };
        self.codes.values().filter(is_found).collect()
    }

    /// What a code is called; of one that is not listed, what it lies under, marked as that.
    pub fn label(&self, code: &str, language: Language) -> Option<String> {
        if let Some(found) = self.find(code) {
            return Some(found.name.get(language).to_owned());
        }
        self.path(code).last().map(|above| format!("{}…", above.name.get(language)))
    }

    /// The code that is likeliest meant by one that the edition lacks: the nearest that it would lie under.
    pub fn nearest(&self, code: &str) -> Option<&Code> {
        self.path(code).pop().or_else(|| {
            let plain = code.trim();
            (1..plain.len()).rev().find_map(|length| self.codes.get(plain.get(..length)?))
        })
    }

    /// A code without the noughts that fill it up; `None` where it is not of the width that codes have.
    pub(super) fn significant<'c>(&self, code: &'c str) -> Option<&'c str> {
        let Some(width) = self.width else { return Some(code) };
        if code.len() != width || !code.is_ascii() {
            return None;
        }
        let is_filled = |length: &usize| code[*length..].bytes().all(|byte| byte == b'0');
        let lengths = self.levels.iter().map(|level| level.length.min(width));
        lengths.into_iter().find(is_filled).map(|length| &code[..length])
    }

    /// The code of the level above, without noughts that fill it up.
    pub(super) fn above<'c>(&self, plain: &'c str) -> Option<&'c str> {
        let lengths = self.levels.iter().map(|level| level.length);
        plain.get(..lengths.filter(|length| *length < plain.len()).max()?)
    }

    /// A code as it is written, filled up with noughts.
    fn written(&self, plain: &str) -> String {
        format!("{plain:0<width$}", width = self.width.unwrap_or_default())
    }
}
