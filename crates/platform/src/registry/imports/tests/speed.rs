//! How long 60,000 enterprises with 40 facts take, and how long others wait meanwhile. Run by hand, in a build made for speed:
//! `cargo test --release -p platform --lib registry::imports::tests::speed -- --ignored --nocapture`.

#![allow(clippy::disallowed_methods, reason = "time is what is measured, by command")]

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use super::*;

const ENTERPRISES: u32 = 60_000;
const FACTS: u32 = 40;

/// How long an import may take.
const MINUTE: Duration = Duration::from_secs(60);

/// How long another writer may wait.
const WAIT_MAX: Duration = Duration::from_millis(250);

#[test]
#[ignore = "takes a minute, and means something only in a build made for speed"]
fn sixty_thousand_enterprises_with_forty_facts_take_less_than_a_minute_and_nobody_waits_long() {
    store::testing::run(store::Kind::Sqlite, &schema(), measure);
}

async fn measure(test: TestStore) {
    let mut words = "facts:\n".to_owned();
    let mut text = "统一社会信用代码,名称".to_owned();
    for fact in 0..FACTS {
        let _ = writeln!(words, "- {{name: 指标{fact}, type: money, unit: 万元, grain: year}}");
        let _ = write!(text, ",指标{fact}.2025");
    }
    text.push('\n');
    for number in 0..ENTERPRISES {
        let _ = write!(text, "{},示例企业{number}", code(number));
        for fact in 0..FACTS {
            let _ = write!(text, ",{}.{:02}", u64::from(number) * 7 + u64::from(fact) * 13, fact);
        }
        text.push('\n');
    }
    let world = Arc::new(World::with(test, &words).await);
    let start = Instant::now();
    let batch = world.upload(&text).await;
    let uploaded = start.elapsed();
    assert_eq!((batch.counts.new, batch.counts.bad), (u64::from(ENTERPRISES), 0));
    world.commit(batch.id, Takes::All).await.unwrap();
    let is_over = Arc::new(AtomicBool::new(false));
    let others = tokio::spawn(other_writers(world.ground.ground.clone(), is_over.clone()));
    world.work().await;
    let imported = start.elapsed();
    is_over.store(true, Ordering::SeqCst);
    let (writes, longest) = others.await.unwrap();
    let batch = world.batch(batch.id).await;
    assert_eq!((batch.state, batch.done), (BatchState::Visible, u64::from(ENTERPRISES)));
    let again = Instant::now();
    let second = world.upload(&text.replace(",示例企业7,", ",示例企业7,1")).await;
    println!(
        "{} bytes; uploaded and previewed in {uploaded:?}, imported after {imported:?}; {writes} other writes meanwhile, \
         the longest wait {longest:?}; a preview against what is there: {:?}, {} changed, {} same",
        text.len(),
        again.elapsed(),
        second.counts.changed,
        second.counts.same,
    );
    assert!(imported < MINUTE, "{imported:?}");
    assert!(longest < WAIT_MAX, "{longest:?}");
}

async fn other_writers(ground: crate::ground::Ground, is_over: Arc<AtomicBool>) -> (u32, Duration) {
    let (mut writes, mut longest) = (0, Duration::ZERO);
    while !is_over.load(Ordering::SeqCst) {
        let start = Instant::now();
        ground.housekeeping().await.unwrap().commit().await.unwrap();
        longest = longest.max(start.elapsed());
        writes += 1;
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    (writes, longest)
}
