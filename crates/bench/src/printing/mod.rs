//! The documents in the languages of other engines, and as neutral JSON.
//!
//! Columns are typed as each engine likes them best: numbers and codes as whole numbers, a set as a mask of bits for
//! engines that work on columns and as a list for those that work on rows. Days are worked out beforehand.

pub mod neutral;
pub mod population;
pub mod rows;
pub mod sql;

use crate::workload::documents::Node;

/// How a language joins conditions.
#[derive(Clone, Copy, Debug)]
pub struct Words {
    /// Between what must all hold.
    pub and: &'static str,
    /// Between what must hold in part.
    pub or: &'static str,
    /// Before what must not hold; brackets follow.
    pub not: &'static str,
}

/// A node with its conditions printed by `atom`.
pub fn node(node_: &Node, words: Words, atom: &impl Fn(usize) -> String) -> String {
    let joined = |members: &[Node], word: &str| {
        let members: Vec<String> = members.iter().map(|member| node(member, words, atom)).collect();
        format!("({})", members.join(word))
    };
    match node_ {
        Node::Atom(index) => atom(*index),
        Node::Not(inner) => format!("{}({})", words.not, node(inner, words, atom)),
        Node::All(members) => joined(members, words.and),
        Node::Any(members) => joined(members, words.or),
    }
}

/// All needs of a document, with its conditions printed by `atom`.
pub fn needs(members: &[Node], words: Words, atom: &impl Fn(usize) -> String) -> String {
    let members: Vec<String> = members.iter().map(|member| node(member, words, atom)).collect();
    members.join(words.and)
}
