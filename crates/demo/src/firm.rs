//! An enterprise as the few numbers from which all its facts derive: trade, age, size, technology, health, growth.

use crate::calendar::{Calendar, When, YEARS};
use crate::dice::{Dice, exp};
use crate::industry::{self, Industry};
use crate::subject::{Reporting, WAN};

/// Places of a series: the complete years and the running one.
pub(crate) const PLACES: usize = YEARS + 1;

/// Days in a year, on average.
pub(crate) const YEAR_DAYS: f64 = 365.25;

/// One made-up enterprise.
#[derive(Clone, Debug)]
pub(crate) struct Firm {
    pub(crate) dice: Dice,
    pub(crate) row: u64,
    pub(crate) industry: &'static Industry,
    /// The day it was founded, as days since 1970.
    pub(crate) founded: i32,
    pub(crate) today: i32,
    /// First day of the running year.
    pub(crate) year_start: i32,
    pub(crate) reporting: Reporting,
    /// To what its bookkeeper rounds, in fen.
    pub(crate) rounding: i64,
    /// How technical it is, how healthy: bell curves of mean 0.
    pub(crate) technical: f64,
    pub(crate) health: f64,
    /// Staff at the end of each year.
    pub(crate) staff: [i64; PLACES],
    /// Revenue of each year, fen; the running one to date.
    pub(crate) revenue: [i64; PLACES],
    /// R&D of each year, fen.
    pub(crate) research: [i64; PLACES],
    /// Profit before tax as a share of revenue.
    pub(crate) margin: [f64; PLACES],
    /// Assets at the end of each year, fen.
    pub(crate) assets: [i64; PLACES],
    /// Liabilities as a share of assets.
    pub(crate) debt: [f64; PLACES],
    /// Part of each year in which it existed and which is over.
    pub(crate) part: [f64; PLACES],
    /// The place of the year in which it was first certified as high-tech.
    pub(crate) certified: Option<usize>,
    /// First and last day of its last certificate as high-tech, which may be over.
    pub(crate) certificate: Option<(i32, i32)>,
}

impl Firm {
    /// The enterprise of that row.
    pub(crate) fn of(seed: u64, row: u64, calendar: &Calendar) -> Self {
        let dice = Dice::of(seed, "enterprise", row);
        let industry = industry::at(dice.on("industry").unit());
        let founded = calendar.today - (years_of_age(dice) * YEAR_DAYS) as i32;
        let mut firm = Self {
            dice,
            row,
            industry,
            founded,
            today: calendar.today,
            year_start: calendar.start(YEARS),
            reporting: Reporting::full(),
            rounding: dice.on("rounding").pick(&[(1, 60), (10_000, 25), (WAN, 15)]),
            technical: dice.on("technical").bell(),
            health: dice.on("health").bell(),
            staff: [0; PLACES],
            revenue: [0; PLACES],
            research: [0; PLACES],
            margin: [0.0; PLACES],
            assets: [0; PLACES],
            debt: [0.0; PLACES],
            part: std::array::from_fn(|place| calendar.share(place, founded)),
            certified: None,
            certificate: None,
        };
        firm.set_staff(calendar);
        firm.set_accounts(calendar);
        firm.certified = firm.certification();
        firm.certificate = firm.certified.map(|place| firm.certificate_from(calendar, place));
        let laxness = match firm.staff[YEARS - 1].max(firm.staff[YEARS]) {
            0..20 => 1.45,
            20..100 => 0.95,
            100..300 => 0.7,
            _ => 0.4,
        };
        firm.reporting = Reporting::of(dice, laxness);
        firm
    }

    fn set_staff(&mut self, calendar: &Calendar) {
        let dice = self.dice.on("staff");
        let age = f64::from(calendar.today - self.founded) / YEAR_DAYS;
        let grown = (0.3 + 0.12 * age).min(1.15);
        let tail = if dice.on("tail").chance(0.02) { 5.0 } else { 1.0 };
        let usual = self.industry.staff * grown * tail;
        let mut level = usual * exp(1.05 * dice.bell() + 0.12 * self.health);
        let growth = (0.07 + 0.13 * dice.on("growth").bell() + 0.05 * self.technical + 0.04 * self.health)
            .clamp(-0.35, 0.9);
        for place in (0..PLACES).rev() {
            let wobble = 1.0 + 0.06 * dice.about(place as u64).bell();
            if calendar.end(place) >= self.founded {
                self.staff[place] = ((level * wobble + 0.5) as i64).max(1);
            }
            level /= 1.0 + growth;
        }
    }

    fn set_accounts(&mut self, calendar: &Calendar) {
        let dice = self.dice.on("accounts");
        let per_head = self.industry.revenue * exp(0.5 * dice.bell() + 0.1 * self.health);
        let intensity = self.intensity();
        let assets = self.industry.assets * exp(0.5 * dice.on("assets").bell());
        let debt = 0.46 + 0.19 * dice.on("debt").bell() - 0.07 * self.health;
        let is_idle = dice.on("idle").chance(0.02);
        for place in (0..PLACES).filter(|place| calendar.end(*place) >= self.founded) {
            let dice = dice.about(place as u64);
            // A year's figures are of its mean staff; of the founding year, half the staff.
            let before = if place == 0 { self.staff[0] } else { self.staff[place - 1] };
            let staff = (before + self.staff[place]) as f64 / 2.0;
            let level = staff * per_head * (1.0 + 0.1 * dice.bell());
            let begins = self.part[place] < 0.5 && place < YEARS && dice.on("sells").chance(0.4);
            let sold = if begins || is_idle { 0.0 } else { level * self.part[place] };
            self.revenue[place] = self.rounded(sold);
            let spent = if sold > 0.0 { sold * intensity } else { staff * 4.0 * intensity };
            self.research[place] = self.rounded(spent * (1.0 + 0.12 * dice.on("research").bell()));
            self.margin[place] =
                (0.055 + 0.075 * self.health + 0.035 * dice.on("margin").bell()).clamp(-0.6, 0.45);
            let worth = level * assets * (1.0 + 0.06 * dice.on("worth").bell());
            self.assets[place] = self.rounded(worth.max(10.0));
            self.debt[place] = (debt + 0.035 * dice.on("debt").bell()).clamp(0.03, 1.3);
        }
    }

    /// R&D as a share of revenue, in all its years.
    fn intensity(&self) -> f64 {
        let dice = self.dice.on("intensity");
        let share_without = if self.industry.is_technical() { 0.07 } else { 0.85 };
        if dice.on("any").chance(share_without) {
            return 0.0;
        }
        (self.industry.research.max(0.01) * exp(0.45 * dice.bell() + 0.3 * self.technical)).min(0.8)
    }

    /// Those who do R&D and are old enough are often certified; a few years ago or this one.
    fn certification(&self) -> Option<usize> {
        let dice = self.dice.on("certified");
        let last = YEARS - 1;
        let share = self.research[last] as f64 / self.revenue[last].max(1) as f64;
        let likely = match () {
            () if self.part[last] < 1.0 || !self.industry.is_technical() => 0.0,
            () if share >= 0.04 => 0.46 + 0.12 * self.technical,
            () if share >= 0.025 => 0.2,
            () => 0.02,
        };
        let place = dice.on("year").pick(&[(0, 10), (1, 13), (2, 22), (3, 25), (4, 26), (PLACES - 1, 4)]);
        (dice.chance(likely) && self.part[place.saturating_sub(1)] > 0.0).then_some(place)
    }

    /// The days of a certificate first given in the year at that place; most renew it when three years are over.
    fn certificate_from(&self, calendar: &Calendar, place: usize) -> (i32, i32) {
        let dice = self.dice.on("certificate");
        let renews = place + 3 < YEARS && dice.on("renews").chance(0.7);
        let place = if renews { place + 3 } else { place };
        let (start, end) = (calendar.start(place), calendar.end(place));
        // Certificates are mostly dated in the last quarter.
        let from = if place < YEARS {
            end - dice.below(90) as i32
        } else {
            start + dice.below((end - start + 1) as usize) as i32
        };
        let from = from.max(self.founded);
        (from, from + 1_095)
    }

    /// An amount in 万元 as its bookkeeper writes it, fen.
    pub(crate) fn rounded(&self, amount: f64) -> i64 {
        let fen = (amount * WAN as f64) as i64;
        fen / self.rounding * self.rounding
    }

    /// A share of an amount in fen, never more than the whole.
    pub(crate) fn share(&self, whole: i64, share: f64) -> i64 {
        let part = (whole as f64 * share) as i64 / self.rounding * self.rounding;
        if whole >= 0 { part.clamp(0, whole) } else { part }
    }

    /// The place of a year; of those before the series the first, unless a model knows better; what only a model
    /// understands is about the year before certification.
    pub(crate) fn place(&self, when: When) -> usize {
        match when {
            When::Year(place) | When::End(place) => place,
            When::Label => self.certified.map_or(YEARS - 1, |place| place.saturating_sub(1)),
            When::Earlier(_) => 0,
            When::Once | When::Quarter(_) | When::Within(..) => YEARS - 1,
        }
    }

    /// Noise of a place: of a year, or of a boundary of quarters that is no year's end.
    pub(crate) fn noise(dice: Dice, when: When) -> f64 {
        match when {
            When::Quarter(boundary @ 1..=3) => dice.about(100 + boundary as u64).bell(),
            When::Quarter(0) => dice.about(YEARS as u64 - 2).bell(),
            When::Year(place) | When::End(place) => dice.about(place as u64).bell(),
            When::Earlier(before) => dice.about(200 + before as u64).bell(),
            When::Quarter(_) | When::Once | When::Within(..) | When::Label => {
                dice.about(YEARS as u64 - 1).bell()
            }
        }
    }

    /// A stock at a year's end, or between the last two of them at a boundary of quarters, with a little noise.
    pub(crate) fn stock(&self, series: &[i64; PLACES], when: When, dice: Dice) -> i64 {
        let When::Quarter(boundary) = when else { return series[self.place(when)] };
        let (from, to) = (series[YEARS - 2], series[YEARS - 1]);
        match boundary {
            0 => from,
            4 => to,
            _ => {
                let line = from as f64 + (to - from) as f64 * boundary as f64 / 4.0;
                (line * (1.0 + 0.015 * Self::noise(dice, when))) as i64
            }
        }
    }

    /// The middle staff of a year.
    pub(crate) fn mean_staff(&self, place: usize) -> i64 {
        let before =
            if place == 0 || self.staff[place - 1] == 0 { self.staff[place] } else { self.staff[place - 1] };
        (before + self.staff[place] + 1) / 2
    }

    /// Share of its staff in science and technology: R&D takes hands.
    pub(crate) fn technical_share(&self) -> f64 {
        let last = YEARS - 1;
        let intensity = self.research[last] as f64 / self.revenue[last].max(WAN) as f64;
        let base = if self.industry.is_technical() { 0.07 } else { 0.01 };
        (base + 2.0 * intensity.min(0.25) + 0.06 * self.dice.on("technical share").bell()).clamp(0.0, 0.92)
    }
}

/// Age in years: most are grown, some are new. No one is younger than a few days or older than the market.
fn years_of_age(dice: Dice) -> f64 {
    let dice = dice.on("age");
    if dice.on("new").chance(0.05) {
        return dice.between(0.05, 2.5);
    }
    (9.0 * exp(0.55 * dice.bell())).min(34.0)
}
