//! What a person reads in the terminal, and what a program reads.

pub mod style;
