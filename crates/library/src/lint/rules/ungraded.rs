//! L0304: a document whose numbers were read nowhere.

use super::Text;
use crate::lint::rule::{Both, Rule};
use crate::lint::{Note, places};

pub(super) static RULE: Rule = Rule {
    code: "L0304",
    what: Both {
        zh: "出处没有等级:grade 写的是 none,没有人见过数字所在的文本",
        en: "the source has no grade: grade is none, so nobody saw the text that the numbers come from",
    },
    example: "source: {issuer: [财政部], document: [], grade: none, read: 2026-01-02}",
    mend: Both {
        zh: "读到文本后写 official、press 或 third_party;暂时读不到的,写明理由",
        en: "read the text and write official, press or third_party; where it cannot be had yet, silence it with the reason",
    },
};

/// What is written where no text was seen.
const UNSEEN: &str = "none";

pub(super) fn check(text: &Text<'_>, notes: &mut Vec<Note>) {
    if text.document.legal.grade != UNSEEN {
        return;
    }
    let span = places::at(text.root, &["source", "grade"]).unwrap_or_default();
    let finding = RULE.finding(
        span,
        "出处没有等级:没有见到数字所在的文本",
        "the source has no grade: the text was not seen",
    );
    notes.push(Note::new(text.index, finding));
}
