//! Who does the jobs of the queue: takes one, keeps its lease while it is done, and says why it failed if it did.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use store::StoreError;
use store::jobs::{self, Failed, Lease};
use tokio::sync::watch;

use super::{Fault, Ground, to_hex};

/// How long a lease lasts; it is renewed three times within it.
const LEASE: Duration = Duration::from_secs(30);

/// How long a worker rests where nothing is due.
const REST: Duration = Duration::from_millis(500);

/// A kind of job.
pub trait Handler: Send + Sync {
    /// The kind, as jobs of it are put into the queue.
    fn kind(&self) -> &'static str;

    /// Does a job. It finishes the job ([`jobs::finish`]) in the transaction that holds what it did, so that this happens
    /// once; then the lease is gone and so is the job. What it did in earlier transactions must bear being done again.
    fn run<'a>(&'a self, lease: &'a Lease) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>>;
}

/// A worker over all kinds of jobs. Several may run, in one process or in many.
#[derive(Clone)]
pub struct Worker {
    ground: Ground,
    handlers: Arc<BTreeMap<&'static str, Box<dyn Handler>>>,
    name: String,
}

impl Worker {
    /// That knows these kinds.
    pub fn new(ground: &Ground, handlers: Vec<Box<dyn Handler>>) -> Self {
        let handlers = handlers.into_iter().map(|handler| (handler.kind(), handler)).collect();
        let name = to_hex(&ground.chance().bytes::<8>());
        Self { ground: ground.clone(), handlers: Arc::new(handlers), name }
    }

    /// Does jobs until the word is given to end; one that has begun is done first.
    pub async fn work(&self, mut end: watch::Receiver<bool>) {
        loop {
            if *end.borrow_and_update() {
                return;
            }
            match self.do_one().await {
                Ok(true) => {}
                Ok(false) => self.rest(&mut end).await,
                Err(fault) => {
                    tracing::warn!(cause = %fault, "no job could be taken; tried again in a moment");
                    self.rest(&mut end).await;
                }
            }
        }
    }

    async fn rest(&self, end: &mut watch::Receiver<bool>) {
        tokio::select! {
            () = tokio::time::sleep(REST) => {}
            // An error means that nobody can give the word any more, which the caller sees as an end too.
            changed = end.changed() => if changed.is_err() { tokio::time::sleep(REST).await; },
        }
    }

    /// Does the job that is due for longest, if there is one. Whether there was.
    pub async fn do_one(&self) -> Result<bool, Fault> {
        let store = self.ground.store();
        let Some(lease) = jobs::claim(store, &self.name, self.ground.now().0, LEASE).await? else {
            return Ok(false);
        };
        let (kind, id) = (lease.kind.clone(), lease.id.clone());
        let done = match self.handlers.get(lease.kind.as_str()) {
            Some(handler) => self.keeping(&lease, handler.as_ref()).await,
            None => Err(Fault::Damaged(format!("no worker knows jobs of the kind {kind}"))),
        };
        match done {
            Ok(()) => tracing::info!(kind, job = id, "a job was done"),
            Err(Fault::Store(StoreError::LeaseLost(_))) => {
                tracing::warn!(kind, job = id, "another worker has the job by now");
            }
            Err(fault) => {
                let failed = jobs::fail(store, &lease, &fault.to_string(), self.ground.now().0).await?;
                let is_dead = failed == Failed::Dead;
                tracing::warn!(kind, job = id, cause = %fault, given_up = is_dead, "a job failed");
            }
        }
        Ok(true)
    }

    /// Runs a handler and renews its lease meanwhile; without the lease it is given up.
    async fn keeping(&self, lease: &Lease, handler: &dyn Handler) -> Result<(), Fault> {
        let mut doing = handler.run(lease);
        loop {
            tokio::select! {
                done = &mut doing => return done,
                () = tokio::time::sleep(LEASE / 3) => {
                    let now = self.ground.now().0;
                    match jobs::renew(self.ground.store(), lease, now, LEASE).await {
                        Ok(_) => {}
                        Err(error @ StoreError::LeaseLost(_)) => return Err(error.into()),
                        Err(error) => tracing::warn!(cause = %error, "a lease could not be renewed; tried again"),
                    }
                }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "helpers of tests end a test as tests do")]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use store::Schema;
    use store::jobs::NewJob;
    use store::testing::TestStore;

    use super::super::testing::TestGround;
    use super::*;

    fn schema() -> Schema {
        crate::schema()
    }

    store::on_both_databases!(schema;
        a_job_is_done_once_by_whoever_takes_it,
        a_job_that_fails_is_tried_again_and_then_lies_dead_with_its_reason,
    );

    struct Counting {
        ground: Ground,
        done: Arc<AtomicUsize>,
        is_failing: bool,
    }

    impl Handler for Counting {
        fn kind(&self) -> &'static str {
            "count"
        }

        fn run<'a>(
            &'a self,
            lease: &'a Lease,
        ) -> Pin<Box<dyn Future<Output = Result<(), Fault>> + Send + 'a>> {
            Box::pin(async {
                if self.is_failing {
                    return Err(Fault::Damaged(lease.payload.clone()));
                }
                let mut write = self.ground.housekeeping().await?;
                jobs::finish(&mut write, lease).await?;
                write.commit().await?;
                self.done.fetch_add(1, Ordering::SeqCst);
                Ok(())
            })
        }
    }

    async fn enqueue(ground: &TestGround, id: &str, kind: &str) {
        let mut write = ground.ground.housekeeping().await.unwrap();
        let now = ground.ground.now().0;
        let job = NewJob { id, kind, payload: "the reason", due_ms: now, attempts_max: 2 };
        jobs::enqueue(&mut write, &job).await.unwrap();
        write.commit().await.unwrap();
    }

    fn worker(ground: &TestGround, done: &Arc<AtomicUsize>, is_failing: bool) -> Worker {
        let ground = ground.ground.clone();
        Worker::new(&ground.clone(), vec![Box::new(Counting { ground, done: done.clone(), is_failing })])
    }

    async fn a_job_is_done_once_by_whoever_takes_it(test: TestStore) {
        let ground = TestGround::new(test).await;
        let done = Arc::new(AtomicUsize::new(0));
        for number in 0..6 {
            enqueue(&ground, &format!("job-{number}"), "count").await;
        }
        let (tell_end, end) = watch::channel(false);
        let workers: Vec<_> = (0..3)
            .map(|_| {
                let (worker, end) = (worker(&ground, &done, false), end.clone());
                tokio::spawn(async move { worker.work(end).await })
            })
            .collect();
        for _ in 0..200 {
            if done.load(Ordering::SeqCst) == 6 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        tell_end.send_replace(true);
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(done.load(Ordering::SeqCst), 6);
        assert_eq!(jobs::counts(&mut ground.ground.read().await.unwrap()).await.unwrap(), (0, 0));
    }

    async fn a_job_that_fails_is_tried_again_and_then_lies_dead_with_its_reason(test: TestStore) {
        let ground = TestGround::new(test).await;
        let done = Arc::new(AtomicUsize::new(0));
        let worker = worker(&ground, &done, true);
        enqueue(&ground, "job-1", "count").await;
        assert!(worker.do_one().await.unwrap());
        assert!(!worker.do_one().await.unwrap(), "it waits before it is tried again");
        ground.clock.advance(Duration::from_secs(60));
        assert!(worker.do_one().await.unwrap());
        ground.clock.advance(Duration::from_secs(60));
        enqueue(&ground, "job-2", "nobody knows").await;
        assert!(worker.do_one().await.unwrap());
        let dead = jobs::dead(&mut ground.ground.read().await.unwrap(), None).await.unwrap();
        assert_eq!(dead.len(), 1);
        assert!(dead[0].reason.contains("the reason"), "{dead:?}");
        assert_eq!(done.load(Ordering::SeqCst), 0);
    }
}
