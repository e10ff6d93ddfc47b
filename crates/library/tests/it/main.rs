//! The library as its callers see it: files in, findings, decisions and results of examples out.

mod broken;
mod bulk;
mod classifications;
mod laws;
mod lint;
mod mutants;
mod rulings;
mod support;
