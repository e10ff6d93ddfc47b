//! What a server does in a second: `cargo xtask load`.
//!
//! One enterprise against the whole library by API, on a server that is started for it, beside the OpenFisca web API with as
//! many formulas as the library has conditions. A closed loop: so many connections, each with one request at a time. Every
//! answer is checked.

pub mod closed_loop;
pub mod http;
pub mod openfisca;
pub mod ours;
pub mod report;

use std::time::Duration;

/// How many connections there are at a time.
pub const CONNECTIONS: [usize; 3] = [1, 16, 64];

/// How long each point is measured, and warmed up before.
#[derive(Clone, Copy, Debug)]
pub struct Spans {
    /// Not counted.
    pub warm_up: Duration,
    /// Counted.
    pub measured: Duration,
}

impl Spans {
    /// Ten seconds a point.
    pub const FULL: Self = Self { warm_up: Duration::from_secs(2), measured: Duration::from_secs(10) };
    /// A look.
    pub const QUICK: Self = Self { warm_up: Duration::from_millis(500), measured: Duration::from_secs(2) };
}

/// What is asked of a server again and again, and what it must answer.
pub struct Question<'a> {
    /// Where: `127.0.0.1:8480`.
    pub address: String,
    /// The request, whole.
    pub request: Vec<u8>,
    /// Looks at the body of an answer; `Err` says what is wrong with it.
    pub is_right: &'a (dyn Fn(&[u8]) -> Result<(), String> + Sync),
}

/// What was measured at a number of connections.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Point {
    /// How many.
    pub connections: usize,
    /// Answers a second.
    pub per_second: f64,
    /// Half of the answers took no longer.
    pub p50: Duration,
    /// Ninety-nine of a hundred took no longer.
    pub p99: Duration,
    /// Bytes of an answer's body.
    pub bytes: usize,
}

/// A server at all numbers of connections, or why it has no figures.
pub struct Row {
    /// What it is.
    pub name: &'static str,
    /// What was asked, and of which version.
    pub form: String,
    /// The figures.
    pub points: Result<Vec<Point>, String>,
}
