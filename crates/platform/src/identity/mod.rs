//! Who somebody is and what they may do: organisations, accounts, memberships with roles, sign-in, sessions, tokens.
//!
//! Everybody calls [`authorise`] before they decide anything; the table behind it ([`Action::grants`]) is the only place that
//! says who may do what, and what it does not name is refused.
//!
//! - There are no default accounts. The first start prints a link ([`first_link`]) by which three different people are
//!   named: system, security and audit administrator. Until all three can sign in, [`is_set_up`] is false.
//! - INVARIANT: no person holds two of these three roles, and nobody grants anything to themselves.
//! - INVARIANT: an unknown login, a wrong password, a disabled account and one that must wait get the same answer after the
//!   same work. Waiting hangs on account *and* address, so nobody can lock out somebody else.
//! - INVARIANT: no secret can be read from the database: passwords are hashed with argon2, links, sessions and tokens by
//!   their digests, one-time codes are sealed under a key outside of it.

pub mod api;
mod authorisation;
mod model;
pub mod oidc;
mod password;
mod service;
mod sql;
#[cfg(test)]
mod tests;
mod totp;
mod workflow;

use store::Migration;

pub use authorisation::{Action, Grantee, Record, Refusal, Relation, Scope, authorise};
pub(crate) use model::coded;
pub use model::{
    AccountId, Login, Membership, MembershipId, OrganisationId, OrganisationKind, PersonId, Principal, Role,
    SessionId, Through, TokenId,
};
pub use password::{Hasher, HashingCost, WeakPassword};
pub use service::accounts::{
    create_account, create_organisation, disable_account, end_membership, grant_role, invite_member,
    link_person, reset_account,
};
pub use service::second_factor::{Enrolment, confirm_totp, enrol_totp, use_recovery_code, use_totp};
pub use service::sessions::{ListedSession, Session, authenticate, end_session, list_sessions, sign_out};
pub use service::setup::{
    FirstLink, Newcomer, accept_as_member, accept_as_newcomer, accept_link, first_link, is_set_up,
    name_administrators,
};
pub use service::sign_in::{SignedIn, change_password, sign_in};
pub use service::tokens::{ListedToken, NewToken, authenticate_token, create_token, end_token, list_tokens};
pub use service::{Answer, Secret, begin_allowed, refused};
pub(crate) use service::{agreed, begin};
pub(crate) use sql::organisation_kind;
pub use workflow::Stage;

/// The slice's tables.
pub const MIGRATION: Migration = Migration { name: "identity-1", text: include_str!("0001.sql") };

/// Who accounts are at the provider of OpenID Connect.
pub const MIGRATION_2: Migration = Migration { name: "identity-2", text: include_str!("0002.sql") };

/// The code that an authenticator app shows now for a secret as it was shown; for tests and the demo's own people.
#[cfg(test)]
pub(crate) fn code_now(secret: &str, now: crate::ground::Moment) -> String {
    totp::code_of(&tests::secret_of(secret), now.0 / 30_000)
}
