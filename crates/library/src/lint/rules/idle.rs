//! L0501: a silence that silences nothing.

use crate::lint::Note;
use crate::lint::rule::{Both, Rule};
use crate::lint::silence::Silence;

pub(super) static RULE: Rule = Rule {
    code: "L0501",
    what: Both {
        zh: "lint 里的说明没有对应的问题:问题已经改好,或 at 写错了",
        en: "an entry under lint silences nothing: what it was for is mended, or its at names another place",
    },
    example: "lint: [{allow: L0304, reason: …}]   # grade 已改为 official",
    mend: Both {
        zh: "删去这一条;at 要写条件的 id、中间量或表的名字、键名,或被指出的那段文字",
        en: "drop the entry; at is the id of a condition, the name of a value or table, a key, or the text that is pointed at",
    },
};

/// The entries that silenced nothing.
pub(in crate::lint) fn idle(silences: &[Silence]) -> Vec<Note> {
    let unused = silences.iter().filter(|silence| !silence.is_used);
    let note = |silence: &Silence| {
        let finding = RULE.finding(
            silence.span,
            format!("这里没有 {} 这样的问题", silence.code),
            format!("there is no {} here to silence", silence.code),
        );
        Note::new(silence.source, finding)
    };
    unused.map(note).collect()
}
