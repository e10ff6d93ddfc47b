//! Marks as Chinese print has them: full-width beside Chinese characters. Documents and messages are typed with either
//! kind; on a page that is read as print, one kind stands. Figures, addresses and ids keep theirs.

/// Half-width marks and their full-width forms.
const MARKS: [(char, char); 5] =
    [(',', '\u{FF0C}'), (';', '\u{FF1B}'), (':', '\u{FF1A}'), ('?', '\u{FF1F}'), ('!', '\u{FF01}')];

/// Full-width brackets.
const BRACKETS: (char, char) = ('\u{FF08}', '\u{FF09}');

/// The text with the marks of Chinese print.
pub fn chinese(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    // Whether each open bracket became a full-width one.
    let mut open: Vec<bool> = Vec::new();
    for (at, letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| letters.get(at));
        let after = letters.get(at + 1);
        let is_beside = [before, after].into_iter().flatten().any(|letter| is_chinese(*letter));
        let is_behind = before.is_some_and(|letter| is_chinese(*letter));
        match letter {
            '(' => {
                open.push(is_beside);
                out.push(if is_beside { BRACKETS.0 } else { '(' });
            }
            ')' => {
                let is_wide = open.pop().unwrap_or(is_beside);
                out.push(if is_wide { BRACKETS.1 } else { ')' });
            }
            // A mark with a blank behind it belongs to English.
            mark if is_beside && (is_behind || after.is_some_and(|letter| *letter != ' ')) => {
                let wide = MARKS.iter().find(|(half, _)| half == mark).map(|(_, full)| *full);
                out.push(wide.unwrap_or(*mark));
            }
            other => out.push(*other),
        }
    }
    out
}

/// Chinese characters, and marks that stand among them.
fn is_chinese(letter: char) -> bool {
    matches!(letter, '\u{3001}'..='\u{303F}' | '\u{3400}'..='\u{9FFF}' | '\u{FF01}'..='\u{FF5E}' | '“' | '”' | '%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_beside_chinese_are_full_width_and_brackets_come_in_pairs() {
        assert_eq!(
            chinese("第六条(二)的比例不低于5%,并且(见 a,b):甲;乙"),
            "第六条\u{FF08}二\u{FF09}的比例不低于5%\u{FF0C}并且\u{FF08}见 a,b\u{FF09}\u{FF1A}甲\u{FF1B}乙"
        );
    }

    #[test]
    fn figures_addresses_and_english_keep_their_marks() {
        for text in ["https://a.cn/b?c=1,2", "1,000 (a; b): c", "2026-06-30 10:00"] {
            assert_eq!(chinese(text), text);
        }
    }
}
