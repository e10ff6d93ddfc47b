//! What a person reads of a policy and of a decision, in Chinese and in English, and the JSON of both. The command line and the
//! server show the same words, so they stand here.
//!
//! | module | what |
//! | --- | --- |
//! | [`reader`] | whom it is for: the language, and whether colours are shown |
//! | [`words`], [`value`], [`total`], [`window`] | codes, values, sums of money and windows in words |
//! | [`phrase`] | a checked expression as a sentence |
//! | [`decision`], [`reason`], [`gap`] | a decision with its reasons and how far off it is |
//! | [`calculation`] | the steps of a decision one below the other, for a sheet |
//! | [`json`] | the JSON of a decision |
//! | [`profile`], [`period`] | a subject as the object that is read back as it is |
//! | [`page`] | a page as a tree; terminal text, Markdown, HTML |
//! | [`policy`] | the page of a policy, and what changed between two versions |
//! | [`style`], [`table`] | colours and columns of a terminal |
//!
//! *Always true:* it is a function of its arguments. Nothing here opens a file, asks the day or writes anywhere but into what it was
//! handed.

pub mod calculation;
pub mod decision;
pub mod gap;
pub mod json;
pub mod page;
pub mod period;
pub mod phrase;
pub mod policy;
pub mod profile;
pub mod reader;
pub mod reason;
pub mod style;
pub mod table;
pub mod total;
pub mod value;
pub mod window;
pub mod words;

pub use reader::Reader;
