//! The library as its callers see it: files in, findings, decisions and results of examples out.

mod broken;
mod bulk;
mod classifications;
mod laws;
mod rulings;
mod support;
