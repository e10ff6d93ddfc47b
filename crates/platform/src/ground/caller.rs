//! On whose behalf a verb runs, as its audit entries say.

use std::fmt;

use super::once::Key;

/// Longest request id that is kept, in characters.
const REQUEST_ID_MAX: usize = 64;

/// Who acts.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Actor {
    /// The program itself: a job, a start, a clock.
    System,
    /// Somebody who did not sign in.
    Visitor,
    /// A person, by the account.
    Account(String),
    /// A program, by its token and the account that the token is of.
    Token {
        /// The token's id.
        token: String,
        /// The account.
        account: String,
    },
    /// A person at the command line of the server, by the operating system's name.
    Command(String),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::System => f.write_str("system"),
            Self::Visitor => f.write_str("visitor"),
            Self::Account(id) => write!(f, "account:{id}"),
            Self::Token { token, account } => write!(f, "account:{account}/token:{token}"),
            Self::Command(name) => write!(f, "command:{name}"),
        }
    }
}

/// The number of a request, as logs, pages and entries show it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RequestId(String);

impl RequestId {
    /// From letters, digits and dashes; anything else in it is left out, so that it can stand in any log.
    pub fn new(text: &str) -> Self {
        let is_plain = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        Self(text.chars().filter(is_plain).take(REQUEST_ID_MAX).collect())
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Who acts, for which organisation, in which request, from where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// For which organisation, if for one.
    pub acting_for: Option<String>,
    /// In which request.
    pub request: RequestId,
    /// From which network address; empty where there is none.
    pub address: String,
    /// The request's own key, if it is to be done once.
    pub once: Option<Key>,
}

impl Caller {
    /// Of the program itself.
    pub fn system(request: RequestId) -> Self {
        Self { actor: Actor::System, acting_for: None, request, address: String::new(), once: None }
    }

    /// Of somebody who did not sign in.
    pub fn visitor(request: RequestId, address: &str) -> Self {
        Self { actor: Actor::Visitor, acting_for: None, request, address: address.to_owned(), once: None }
    }

    /// What tells visitors apart; of whoever is known the address does not matter.
    pub fn address_of_a_visitor(&self) -> &str {
        if self.actor == Actor::Visitor { &self.address } else { "" }
    }
}
