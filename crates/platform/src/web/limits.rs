//! How much somebody may ask in a while, by address and by account, and how long a request may take.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::{Problem, Visitor};

/// Requests a minute, of which a burst may come at once.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// From one address. An office is often one address, so this is wide.
    pub by_address: NonZeroU32,
    /// Of one account, or one token.
    pub by_account: NonZeroU32,
    /// Of costly verbs: sign-ins from one address, simulations of one account.
    pub costly: NonZeroU32,
    /// Of questions about a subject that is handed in, from one address. Another site may ask for all its visitors.
    pub checks: NonZeroU32,
}

const fn a_minute(requests: u32) -> NonZeroU32 {
    match NonZeroU32::new(requests) {
        Some(requests) => requests,
        None => NonZeroU32::MIN,
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            by_address: a_minute(3_000),
            by_account: a_minute(1_200),
            costly: a_minute(60),
            checks: a_minute(1_200),
        }
    }
}

/// What was asked lately. Cloning it shares it.
#[derive(Clone)]
pub struct RateLimits(Arc<Limiters>);

struct Limiters {
    by_address: DefaultKeyedRateLimiter<String>,
    by_account: DefaultKeyedRateLimiter<String>,
    costly: DefaultKeyedRateLimiter<String>,
    checks: DefaultKeyedRateLimiter<String>,
}

/// After so many different keys what lies still is thrown away.
const KEYS_KEPT: usize = 10_000;

impl RateLimits {
    /// Nothing was asked yet.
    pub fn new(limits: Limits) -> Self {
        let keyed = |requests| RateLimiter::keyed(Quota::per_minute(requests));
        Self(Arc::new(Limiters {
            by_address: keyed(limits.by_address),
            by_account: keyed(limits.by_account),
            costly: keyed(limits.costly),
            checks: keyed(limits.checks),
        }))
    }

    /// One more request of an account or a token.
    pub fn of_account(&self, key: &str) -> Result<(), Problem> {
        check(&self.0.by_account, key)
    }

    /// One more costly verb.
    pub fn costly(&self, key: &str) -> Result<(), Problem> {
        check(&self.0.costly, key)
    }
}

impl RateLimits {
    /// One more question about a subject that is handed in.
    pub fn check(&self, address: &str) -> Result<(), Problem> {
        check(&self.0.checks, address)
    }
}

fn check(limiter: &DefaultKeyedRateLimiter<String>, key: &str) -> Result<(), Problem> {
    if limiter.len() > KEYS_KEPT {
        limiter.retain_recent();
    }
    let Err(refused) = limiter.check_key(&key.to_owned()) else {
        return Ok(());
    };
    let wait = refused.wait_time_from(DefaultClock::default().now());
    let mut problem = Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too-many",
        "请求过于频繁。请按 Retry-After 给出的秒数稍候再试。",
        "Too many requests. Wait for as many seconds as Retry-After says.",
    );
    problem.retry_after = Some(wait.max(Duration::from_secs(1)).as_secs());
    Err(problem)
}

/// Counts every request by its address.
pub(super) async fn guard(
    State(limits): State<RateLimits>,
    visitor: Visitor,
    request: Request,
    next: Next,
) -> Response {
    match check(&limits.0.by_address, &visitor.caller.address) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}
