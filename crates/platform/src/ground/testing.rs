//! A ground for tests: a clock that they set, and bytes that are the same each time.

#![allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use sha2::{Digest as _, Sha256};
use store::testing::{NOW_MS, TestStore};

use super::chain::Algorithm;
use super::{Chance, Clock, Ground, Keys, Moment};

/// A clock that stands until it is moved.
pub struct SetClock(AtomicI64);

impl SetClock {
    /// Later by so much.
    pub fn advance(&self, duration: Duration) {
        self.0.fetch_add(i64::try_from(duration.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> Moment {
        Moment(self.0.load(Ordering::SeqCst))
    }
}

/// Bytes drawn from a seed.
pub struct Drawn(AtomicU64, u64);

impl Drawn {
    /// From that seed.
    pub fn new(seed: u64) -> Self {
        Self(AtomicU64::new(0), seed)
    }
}

impl Chance for Drawn {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let number = self.0.fetch_add(1, Ordering::SeqCst);
            let block = Sha256::digest([self.1.to_be_bytes(), number.to_be_bytes()].concat());
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// A ground on a test's database.
pub struct TestGround {
    /// The ground.
    pub ground: Ground,
    /// Its clock.
    pub clock: Arc<SetClock>,
    /// Its database.
    pub test: TestStore,
}

impl TestGround {
    /// With SHA-256.
    pub async fn new(test: TestStore) -> Self {
        Self::with(test, Algorithm::Sha256).await
    }

    /// With that algorithm.
    pub async fn with(test: TestStore, algorithm: Algorithm) -> Self {
        let clock = Arc::new(SetClock(AtomicI64::new(NOW_MS)));
        let keys = Keys::new([1; 32], [2; 32]);
        let ground =
            Ground::open(test.store.clone(), keys, clock.clone(), Arc::new(Drawn::new(1)), algorithm).await;
        Self { ground: ground.unwrap(), clock, test }
    }
}
