//! How far long work has come: shown on a terminal once it takes longer than two seconds.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::clock::Stopwatch;
use crate::context::Context;

/// From when on somebody wants to see that something happens.
const SHOWN_AFTER: Duration = Duration::from_secs(2);

/// A count that grows.
pub struct Slow {
    bar: ProgressBar,
    since: Stopwatch,
    is_shown: bool,
}

impl Slow {
    /// Of what is counted, in both languages.
    pub fn new(context: &Context, zh: &str, en: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        let style = ProgressStyle::with_template("{spinner} {msg} {human_pos} ({elapsed})");
        bar.set_style(style.expect("the template names only what indicatif knows"));
        bar.set_message(context.say(zh, en).to_owned());
        Self { bar, since: Stopwatch::start(), is_shown: false }
    }

    /// So many by now.
    pub fn tell(&mut self, count: u64) {
        if !self.is_shown && self.since.elapsed() > SHOWN_AFTER && std::io::stderr().is_terminal() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.is_shown = true;
        }
        self.bar.set_position(count);
    }

    /// Takes it from the screen; how long it took.
    pub fn end(self) -> Duration {
        self.bar.finish_and_clear();
        self.since.elapsed()
    }
}
