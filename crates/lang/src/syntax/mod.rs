//! Text to tree and back: the expression language, DMN FEEL 1.5 with units and Chinese input.
//!
//! The document reader calls [`parse`] on every expression it meets; the formatter and the projection to
//! standard FEEL call [`format`]. Nothing here knows a fact or a policy: a name is a name, and names of several
//! words exist only where the caller's [`Names`] say so.
//!
//! Always true of it:
//! - no input makes it panic or run out of stack; [`limits`] bounds length, depth and size;
//! - a span counts bytes from the start of the file, so that a message can point at the place;
//! - `parse(format(tree))` is `tree`, spans aside.
//!
//! ```
//! use lang::syntax::{NoNames, format, parse};
//!
//! let (tree, errors) = parse("支出.上年 ÷ 收入.上年 ≥ 5％", 0, &NoNames);
//! assert!(errors.is_empty());
//! assert_eq!(format(&tree.expect("no errors, so a tree")), "支出.上年 / 收入.上年 >= 5%");
//! ```
//!
//! | file | what it holds |
//! | --- | --- |
//! | `error.rs` | every mistake, its code, message and help in both languages |
//! | `chars.rs` | which characters make a name; the full-width forms that an IME leaves behind |
//! | `lexer.rs`, `literals.rs` | text to tokens |
//! | `names.rs` | names of several words |
//! | `parser.rs`, `operators.rs`, `operands.rs`, `bindings.rs` | tokens to tree |
//! | `types.rs` | what stands after `instance of` |
//! | `format.rs` | tree to canonical text |

mod bindings;
mod chars;
mod error;
mod format;
mod lexer;
pub mod limits;
mod literals;
mod names;
mod operands;
mod operators;
mod parser;
mod types;

pub use error::{SyntaxError, SyntaxErrorKind};
pub use format::format;
pub use names::{NameList, Names, NoNames, match_name};
pub use parser::parse;
pub use types::{Type, parse_type};
