//! When one can apply, as seen from a day. A window never changes eligibility.

use facts::Date;
use lang::ir::{Apply, Window};

use crate::Reader;
use crate::words;

/// How a window stands on a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WindowState {
    /// Nothing has to be applied for.
    NotNeeded,
    /// One can apply today.
    Open,
    /// It opens later.
    OpensLater,
    /// It is over.
    Closed,
    /// As announced.
    ByNotice,
}

impl WindowState {
    /// How the window stands on the day.
    pub fn on(apply: &Apply, day: Date) -> Self {
        match apply.window {
            Window::Between(from, _) if day < from => Self::OpensLater,
            Window::Between(_, to) if day > to => Self::Closed,
            Window::Between(..) | Window::AllYear => Self::Open,
            Window::ByNotice if matches!(apply.how.as_str(), "self" | "automatic") => Self::NotNeeded,
            Window::ByNotice => Self::ByNotice,
        }
    }

    /// Its code in JSON.
    pub fn as_code(self) -> &'static str {
        match self {
            Self::NotNeeded => "not_needed",
            Self::Open => "open",
            Self::OpensLater => "opens_later",
            Self::Closed => "closed",
            Self::ByNotice => "by_notice",
        }
    }
}

/// First and last day, where they are fixed.
pub fn days(apply: &Apply) -> Option<(Date, Date)> {
    match apply.window {
        Window::Between(from, to) => Some((from, to)),
        Window::AllYear | Window::ByNotice => None,
    }
}

/// When one can apply, in words; nothing where nothing has to be applied for.
pub fn when(apply: &Apply, day: Date, reader: &Reader) -> String {
    let zh = reader.is_chinese();
    match (WindowState::on(apply, day), days(apply)) {
        (WindowState::NotNeeded, _) => String::new(),
        (WindowState::Open, Some((_, to))) if zh => format!("申报中,到 {to} 止"),
        (WindowState::Open, Some((_, to))) => format!("open until {to}"),
        (WindowState::Open, None) => reader.say("全年可办", "open all year").to_owned(),
        (WindowState::OpensLater, Some((from, to))) if zh => format!("{from} 开始申报,到 {to} 止"),
        (WindowState::OpensLater, Some((from, to))) => format!("opens on {from}, until {to}"),
        (WindowState::Closed, Some((_, to))) if zh => format!("已于 {to} 截止"),
        (WindowState::Closed, Some((_, to))) => format!("closed on {to}"),
        _ => reader.say("申报时间以通知为准", "the time is announced by notice").to_owned(),
    }
}

/// The window in a sentence, with how and where.
pub fn sentence(apply: &Apply, day: Date, reader: &Reader) -> String {
    let state = when(apply, day, reader);
    let how = if apply.how.is_empty() { String::new() } else { words::how(&apply.how, reader.language) };
    let place = reader.text(&apply.place).to_owned();
    let note = reader.text(&apply.note).to_owned();
    let parts: Vec<String> = [how, state, place, note].into_iter().filter(|part| !part.is_empty()).collect();
    parts.join(reader.say(";", "; "))
}
