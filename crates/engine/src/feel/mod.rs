//! Null mode: expressions evaluated as standard DMN FEEL 1.5, for other engines' rules and for the public test kit.
//!
//! The CLI's `eval` and `tck` commands call [`evaluate`]; policies are decided by exact arithmetic and three values
//! elsewhere. Here an error is null, as the standard demands, and stands in the list of problems beside the value.
//!
//! Always true of it:
//! - no clock, no randomness, no input or output: `today()` is the day that the [`Scope`] carries, else null;
//! - numbers have 34 significant digits, rounded half even;
//! - it ends, without panic and without running out of stack; [`limits`] names the bounds.
//!
//! ```
//! use engine::feel::{Scope, Value, evaluate, to_json_text};
//! use lang::syntax::{NoNames, parse};
//!
//! let (tree, _) = parse("for i in 1..3 return i ** 2", 0, &NoNames);
//! let (value, problems) = evaluate(&tree.expect("the text is right"), &Scope::default());
//! assert_eq!(to_json_text(&value), "[1,4,9]");
//! assert!(problems.is_empty());
//! ```
//!
//! | file | what it holds |
//! | --- | --- |
//! | `value.rs`, `decimal.rs`, `calendar.rs`, `duration.rs` | the values: numbers, days, times, durations, lists, contexts, ranges, functions |
//! | `scope.rs` | names in scope, the day |
//! | `problem.rs`, `limits.rs` | what went wrong; how much is allowed |
//! | `run.rs`, `forms.rs`, `call.rs` | the evaluator |
//! | `arithmetic.rs`, `compare.rs`, `ranges.rs`, `property.rs`, `conform.rs` | operators, `in`, `.name`, `instance of` |
//! | `builtin/` | the functions of the standard |
//! | `json.rs` | values from and to JSON |

mod arithmetic;
mod builtin;
mod calendar;
mod call;
mod compare;
mod conform;
mod decimal;
mod duration;
mod forms;
mod json;
pub mod limits;
mod problem;
mod property;
mod ranges;
mod run;
mod scope;
mod value;

pub use calendar::{DateTime, Time, Zone};
pub use json::{from_json, to_json, to_json_text};
pub use problem::{Problem, ProblemKind};
pub use run::evaluate;
pub use scope::Scope;
pub use value::{Context, Function, Kind, List, Range, Value};
