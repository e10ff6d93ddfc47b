//! L0303: a document that is no longer in force, without a successor.

use super::Text;
use crate::lint::rule::{Both, Rule};
use crate::lint::{Library, Note, places};

pub(super) static RULE: Rule = Rule {
    code: "L0303",
    what: Both {
        zh: "文件已经失效,却没有写由什么接替:既没有 superseded_by,也没有更新的版本或取代它的文件",
        en: "a document has ended and nothing says what came after: no superseded_by, no later version, no document that supersedes it",
    },
    example: "in_force: {from: 2020, to: 2022-12-31}   # 没有 superseded_by",
    mend: Both {
        zh: "写上 superseded_by 或新的版本;确实没有接替的,写明理由",
        en: "write superseded_by or add the new version; where nothing came after, silence it with the reason",
    },
};

pub(super) fn check(library: &Library<'_>, notes: &mut Vec<Note>) {
    for text in &library.texts {
        let document = text.document;
        let Some(to) = document.to else { continue };
        let follows = |other: &Text<'_>| {
            let later = other.document.id == document.id && other.document.from.start > document.from.start;
            later || other.document.supersedes.contains(&document.id)
        };
        if document.superseded_by.is_some() || library.texts.iter().any(follows) {
            continue;
        }
        let span = places::at(text.root, &["in_force", "to"]).unwrap_or_default();
        let finding = RULE.finding(
            span,
            format!("{to} 以后已经失效,没有写由什么接替"),
            format!("no longer in force after {to}, and nothing says what came after"),
        );
        let is_due = to.end() < library.on;
        notes.push(Note { is_due, ..Note::new(text.index, finding) });
    }
}
