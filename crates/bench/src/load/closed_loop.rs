//! So many connections, each with one request at a time, for a while.

use std::sync::atomic::{AtomicU8, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::http::Connection;
use super::{CONNECTIONS, Point, Question, Spans};

/// What the loops are to do.
const WARM: u8 = 0;
const COUNT: u8 = 1;
const STOP: u8 = 2;

/// A server at all numbers of connections.
pub fn measure(question: &Question<'_>, spans: Spans) -> Result<Vec<Point>> {
    CONNECTIONS.iter().map(|connections| at(question, *connections, spans)).collect()
}

/// A server at one number of connections.
#[allow(clippy::disallowed_methods, reason = "time is what is measured")]
fn at(question: &Question<'_>, connections: usize, spans: Spans) -> Result<Point> {
    let phase = AtomicU8::new(WARM);
    let (took, times, bytes) = std::thread::scope(|scope| -> Result<_> {
        let loops: Vec<_> = (0..connections).map(|_| scope.spawn(|| one(question, &phase))).collect();
        std::thread::sleep(spans.warm_up);
        let began = Instant::now();
        phase.store(COUNT, Ordering::Relaxed);
        std::thread::sleep(spans.measured);
        phase.store(STOP, Ordering::Relaxed);
        let took = began.elapsed();
        let (mut times, mut bytes) = (Vec::new(), 0);
        for one in loops {
            let (own, length) = one.join().ok().context("a connection's thread ended in a panic")??;
            times.extend(own);
            bytes = length;
        }
        Ok((took, times, bytes))
    })?;
    if times.is_empty() {
        bail!("no answer within {} s", spans.measured.as_secs_f64());
    }
    Ok(summary(connections, took, times, bytes))
}

fn summary(connections: usize, took: Duration, mut times: Vec<Duration>, bytes: usize) -> Point {
    times.sort_unstable();
    let share = |hundredths: usize| times[(times.len() * hundredths / 100).min(times.len() - 1)];
    #[allow(clippy::cast_precision_loss, reason = "a figure to be read")]
    let per_second = times.len() as f64 / took.as_secs_f64();
    Point { connections, per_second, p50: share(50), p99: share(99), bytes }
}

/// One connection's answers: how long each took that came while it was counted, and how long its body was. Every answer is
/// looked at; the bytes are those of the first, which was looked at in full.
#[allow(clippy::disallowed_methods, reason = "time is what is measured")]
fn one(question: &Question<'_>, phase: &AtomicU8) -> Result<(Vec<Duration>, usize)> {
    let mut connection = Connection::open(&question.address)?;
    let (mut body, mut known) = (Vec::new(), Vec::new());
    let mut times = Vec::new();
    loop {
        let now = phase.load(Ordering::Relaxed);
        if now == STOP {
            return Ok((times, known.len()));
        }
        let began = Instant::now();
        let status = connection.ask(&question.request, &mut body)?;
        let took = began.elapsed();
        if status != 200 {
            bail!("status {status}: {}", String::from_utf8_lossy(&body));
        }
        // The same bytes as an answer that was right are right too.
        if body != known {
            (question.is_right)(&body).map_err(|wrong| anyhow::anyhow!("a wrong answer: {wrong}"))?;
            known.clone_from(&body);
        }
        if now == COUNT && phase.load(Ordering::Relaxed) == COUNT {
            times.push(took);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_and_ninety_nine_of_a_hundred_are_told() {
        let times = (1..=200).rev().map(Duration::from_millis).collect();
        let point = summary(4, Duration::from_secs(2), times, 7);
        assert_eq!((point.p50, point.p99), (Duration::from_millis(101), Duration::from_millis(199)));
        assert!((point.per_second - 100.0).abs() < 1e-9);
    }
}
