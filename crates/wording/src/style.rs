//! Colours, where the terminal shows them. Meaning never hangs on colour alone.

use facts::Severity;

use crate::Reader;

const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const BOLD: &str = "1";
const DIM: &str = "2";

fn painted(text: &str, code: &str, reader: &Reader) -> String {
    if reader.has_colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Something that holds.
pub fn good(text: &str, reader: &Reader) -> String {
    painted(text, GREEN, reader)
}

/// Something that does not hold.
pub fn bad(text: &str, reader: &Reader) -> String {
    painted(text, RED, reader)
}

/// Something still open.
pub fn open(text: &str, reader: &Reader) -> String {
    painted(text, YELLOW, reader)
}

/// A heading.
pub fn heading(text: &str, reader: &Reader) -> String {
    painted(text, BOLD, reader)
}

/// Something beside the point.
pub fn quiet(text: &str, reader: &Reader) -> String {
    painted(text, DIM, reader)
}

/// A rendered finding with its first line coloured by how bad it is.
pub fn finding(shown: &str, severity: Severity, reader: &Reader) -> String {
    let (first, rest) = shown.split_once('\n').unwrap_or((shown, ""));
    let first = match severity {
        Severity::Error => bad(first, reader),
        Severity::Warning => open(first, reader),
    };
    format!("{first}\n{rest}")
}
