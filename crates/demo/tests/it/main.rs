//! The zone as those who read it see it: columns, rows, figures.

mod columns;
mod figures;
mod rows;
mod support;
