//! Colours, where the terminal shows them. Meaning never hangs on colour alone.

use facts::Severity;

use crate::context::Context;

const RED: &str = "31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const BOLD: &str = "1";
const DIM: &str = "2";

fn painted(text: &str, code: &str, context: &Context) -> String {
    if context.has_colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
}

/// Something that holds.
pub fn good(text: &str, context: &Context) -> String {
    painted(text, GREEN, context)
}

/// Something that does not hold.
pub fn bad(text: &str, context: &Context) -> String {
    painted(text, RED, context)
}

/// Something still open.
pub fn open(text: &str, context: &Context) -> String {
    painted(text, YELLOW, context)
}

/// A heading.
pub fn heading(text: &str, context: &Context) -> String {
    painted(text, BOLD, context)
}

/// Something beside the point.
pub fn quiet(text: &str, context: &Context) -> String {
    painted(text, DIM, context)
}

/// A rendered finding with its first line coloured by how bad it is.
pub fn finding(shown: &str, severity: Severity, context: &Context) -> String {
    let (first, rest) = shown.split_once('\n').unwrap_or((shown, ""));
    let first = match severity {
        Severity::Error => bad(first, context),
        Severity::Warning => open(first, context),
    };
    format!("{first}\n{rest}")
}
