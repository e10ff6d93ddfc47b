//! What a person reads in the terminal or a workbook, and what a program reads.

pub mod decision;
pub mod gap;
pub mod json;
pub mod page;
pub mod phrase;
pub mod profile;
pub mod reason;
pub mod sheet;
pub mod style;
pub mod table;
pub mod total;
pub mod value;
pub mod window;
pub mod words;
