//! What follows from what, without a database: waiting after failures, the stage of a session, separation of duties.

use std::collections::BTreeSet;
use std::time::Duration;

use super::Refusal;
use super::model::{OrganisationKind, PersonId, Role};
use crate::ground::Moment;

/// Failures that cost nothing but the time to type.
const FAILURES_FREE: i64 = 4;

/// Longest wait after a failure.
const WAIT_MAX: Duration = Duration::from_secs(15 * 60);

/// After so long without a failure, those before are forgotten.
const FAILURES_FORGOTTEN: Duration = Duration::from_secs(24 * 60 * 60);

/// How long a session of staff may lie idle; of others.
const IDLE_STAFF: Duration = Duration::from_secs(15 * 60);
const IDLE_OTHERS: Duration = Duration::from_secs(2 * 60 * 60);

/// How long a session lasts at most.
const SESSION_MAX: Duration = Duration::from_secs(12 * 60 * 60);

/// Failures of one account from one address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Failures {
    pub count: i64,
    pub last: Moment,
}

impl Failures {
    pub const NONE: Self = Self { count: 0, last: Moment(0) };

    /// Whether nothing is listened to yet: from the fifth failure on one second, two, four, up to a quarter of an hour.
    pub fn must_wait(self, now: Moment) -> bool {
        let Ok(beyond) = u32::try_from(self.count - FAILURES_FREE - 1) else {
            return false;
        };
        let wait = Duration::from_secs(1 << beyond.min(20)).min(WAIT_MAX);
        now.since(self.last) < wait
    }

    /// With one more. What comes while one must wait does not count, or the wait would never end.
    pub fn and_one(self, now: Moment) -> Self {
        if self.must_wait(now) {
            return self;
        }
        let is_forgotten = now.since(self.last) >= FAILURES_FORGOTTEN;
        Self { count: if is_forgotten { 1 } else { self.count + 1 }, last: now }
    }
}

/// How far somebody has come in signing in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// A code is wanted.
    SecondFactor,
    /// The first password must be replaced.
    ChangePassword,
    /// A second factor must be set up.
    Enrol,
    /// Done.
    Full,
}

/// What of an account decides its stage.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    pub must_change: bool,
    pub totp_is_confirmed: bool,
    pub has_second_factor: bool,
    pub is_staff: bool,
}

impl Standing {
    pub fn stage(self) -> Stage {
        if self.totp_is_confirmed && !self.has_second_factor {
            Stage::SecondFactor
        } else if self.must_change {
            Stage::ChangePassword
        } else if self.is_staff && !self.totp_is_confirmed {
            Stage::Enrol
        } else {
            Stage::Full
        }
    }
}

/// Whether a session is over by itself.
pub fn is_session_over(created: Moment, seen: Moment, now: Moment, is_staff: bool) -> bool {
    let idle = if is_staff { IDLE_STAFF } else { IDLE_OTHERS };
    now.since(seen) >= idle || now.since(created) >= SESSION_MAX
}

/// Whether a role may be granted: it exists in such an organisation, not to oneself, and separate roles stay separate.
pub fn may_grant(
    role: Role,
    kind: OrganisationKind,
    granter: PersonId,
    person: PersonId,
    held: &BTreeSet<Role>,
) -> Result<(), Refusal> {
    if !role.fits(kind) {
        return Err(Refusal::RoleDoesNotFit);
    }
    if granter == person {
        return Err(Refusal::Oneself);
    }
    let mut after = held.clone();
    after.insert(role);
    are_separate(&after)
}

/// Whether one person may hold all of these.
pub fn are_separate(roles: &BTreeSet<Role>) -> Result<(), Refusal> {
    let separate = Role::SEPARATE.iter().filter(|role| roles.contains(role)).count();
    if separate <= 1 { Ok(()) } else { Err(Refusal::Separation) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_begins_with_the_fifth_failure_and_doubles() {
        let mut failures = Failures::NONE;
        let mut now = Moment(1_000_000_000_000);
        let mut waits = Vec::new();
        for _ in 0..16 {
            failures = failures.and_one(now);
            let mut waited = 0;
            while failures.must_wait(now) {
                now = now.plus(Duration::from_secs(1));
                waited += 1;
            }
            waits.push(waited);
        }
        assert_eq!(waits, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]);
        assert_eq!(failures.and_one(now.plus(FAILURES_FORGOTTEN)).count, 1);
        let waiting = failures.and_one(now);
        assert_eq!(waiting.and_one(now), waiting, "what comes during the wait does not prolong it");
    }

    #[test]
    fn a_second_factor_is_asked_before_anything_is_changed() {
        let standing =
            Standing { must_change: true, totp_is_confirmed: true, has_second_factor: false, is_staff: true };
        assert_eq!(standing.stage(), Stage::SecondFactor);
        let standing = Standing { has_second_factor: true, ..standing };
        assert_eq!(standing.stage(), Stage::ChangePassword);
        let standing = Standing { must_change: false, ..standing };
        assert_eq!(standing.stage(), Stage::Full);
        let standing = Standing { totp_is_confirmed: false, has_second_factor: false, ..standing };
        assert_eq!(standing.stage(), Stage::Enrol);
        assert_eq!(Standing { is_staff: false, ..standing }.stage(), Stage::Full);
    }
}
