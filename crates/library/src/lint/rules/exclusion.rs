//! L0301: a document that excludes another, which does not exclude it.

use super::{Text, places_of};
use crate::lint::rule::{Both, Rule};
use crate::lint::{Library, Note};

pub(super) static RULE: Rule = Rule {
    code: "L0301",
    what: Both {
        zh: "互斥只写了一边:这份文件不能与另一份同享,另一份却没有写",
        en: "an exclusion stands on one side only: this document excludes another that does not exclude it",
    },
    example: "exclusive_with: [cn-other-2023]   # cn-other-2023 里没有写这一份",
    mend: Both {
        zh: "在另一份文件里也写上 exclusive_with;如果只是这一份单方面的规定,写明理由",
        en: "write exclusive_with in the other document too; if it is this document's rule alone, silence it with the reason",
    },
};

pub(super) fn check(library: &Library<'_>, notes: &mut Vec<Note>) {
    for text in &library.texts {
        for other in &text.document.exclusive_with {
            let versions: Vec<&Text<'_>> =
                library.texts.iter().filter(|known| known.document.id == *other).collect();
            let names_back = |known: &&Text<'_>| known.document.exclusive_with.contains(&text.document.id);
            // A document outside the library, or one with mistakes, cannot be asked.
            let Some(last) = versions.last().filter(|_| !versions.iter().any(names_back)) else {
                continue;
            };
            let finding = RULE.finding(
                places_of(text, "exclusive_with", other),
                format!("“{other}”没有写与“{}”互斥({})", text.document.id, last.source.path),
                format!("“{other}” does not exclude “{}” ({})", text.document.id, last.source.path),
            );
            notes.push(Note::new(text.index, finding));
        }
    }
}
