//! The commands run as a stranger would run them: in an empty folder, with wrong arguments too, in both languages.

mod bulk;
mod checking;
mod codes;
mod deciding;
mod demo;
mod forms;
mod keeping;
mod pages;
mod serving;
mod support;
mod tools;
