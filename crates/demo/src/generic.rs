//! Values for a fact without a model, from its definition alone: the right type and bounds, in proportion to the subject.

use facts::{FactDefinition, FactType};

use crate::calendar::{When, YEARS};
use crate::dice::{Dice, exp, question};
use crate::subject::{ONE, Subject, happened};

/// Before the numbers of years that lie before the series, past those of all other places.
const EARLIER: usize = 100;

/// What a fact's definition says about its values.
pub(crate) enum Generic {
    /// A figure that grows with the subject: that of a middling one, in the model's steps.
    Amount(f64),
    /// A figure between bounds, as floats.
    Between(f64, f64),
    /// Yes with that probability.
    Truth(f64),
    /// Happened with that probability in a year.
    Event(f64),
    /// One of that many words.
    Word(usize),
    /// Some of these codes.
    Words(Vec<String>),
    /// Free text.
    Text,
    /// A day since the subject began.
    Day,
    /// One of the last years.
    Year,
    /// Nothing can be made up: a hierarchical code whose list is not declared.
    Nothing,
}

impl Generic {
    /// From a definition.
    pub(crate) fn of(definition: &FactDefinition) -> Self {
        let dice = Dice::of(0, "generic", question(&definition.name));
        match definition.fact_type {
            FactType::Money => Self::Amount(80.0 * ONE as f64),
            FactType::Count => Self::Amount(6.0),
            FactType::Ratio => Self::Between(0.0, ONE as f64),
            FactType::Number => match (&definition.least, &definition.most) {
                (Some(_), Some(_)) => Self::Between(f64::NEG_INFINITY, f64::INFINITY),
                _ => Self::Amount(12.0 * ONE as f64),
            },
            FactType::Bool => Self::Truth(dice.between(0.1, 0.9)),
            FactType::Event => Self::Event(dice.between(0.005, 0.03)),
            FactType::Code if definition.codes.is_empty() => Self::Nothing,
            FactType::Code => Self::Word(definition.codes.len()),
            FactType::Codes => Self::Words(definition.codes.iter().map(|value| value.code.clone()).collect()),
            FactType::Text => Self::Text,
            FactType::Date => Self::Day,
            FactType::Year => Self::Year,
        }
    }

    /// A figure; `least` and `most` are the definition's bounds.
    pub(crate) fn figure<S: Subject>(
        &self,
        subject: &S,
        when: When,
        dice: Dice,
        bounds: (i64, i64),
    ) -> Option<i64> {
        // One subject's figures move little from year to year.
        let place = match when {
            When::Year(place) | When::End(place) => place,
            When::Quarter(boundary) => YEARS + 1 + boundary,
            When::Earlier(before) => EARLIER + before,
            When::Once | When::Within(..) | When::Label => 0,
        };
        let wobble = 1.0 + 0.08 * dice.about(place as u64 + 1).bell();
        match self {
            Self::Amount(middling) => {
                Some((middling * subject.scale() * exp(0.8 * dice.bell()) * wobble) as i64)
            }
            Self::Between(from, to) => {
                let (from, to) = (from.max(bounds.0 as f64), to.min(bounds.1 as f64));
                let point = ((0.5 + 0.2 * dice.bell()) * wobble).clamp(0.0, 1.0);
                Some((from + (to - from) * point) as i64)
            }
            _ => None,
        }
    }

    /// Yes or no.
    pub(crate) fn truth<S: Subject>(&self, subject: &S, when: When, dice: Dice, today: i32) -> Option<bool> {
        match self {
            Self::Truth(share) => Some(dice.chance(*share)),
            Self::Event(yearly) => Some(happened(subject, today, when, dice, *yearly)),
            _ => None,
        }
    }

    /// The place of a word in the list of codes: earlier ones are likelier.
    pub(crate) fn word(&self, dice: Dice) -> Option<usize> {
        match self {
            Self::Word(count) => Some(dice.below(*count).min(dice.on("again").below(*count))),
            _ => None,
        }
    }

    /// Codes of a set.
    pub(crate) fn words(&self, dice: Dice) -> Vec<&str> {
        match self {
            Self::Words(codes) => {
                let chosen = |(at, _): &(usize, &String)| dice.about(*at as u64).chance(0.3);
                codes.iter().enumerate().filter(chosen).map(|(_, code)| code.as_str()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Days since 1970.
    pub(crate) fn day<S: Subject>(&self, subject: &S, dice: Dice, today: i32) -> Option<i32> {
        let began = subject.began().min(today);
        matches!(self, Self::Day).then(|| began + (f64::from(today - began) * dice.unit()) as i32)
    }
}
