//! Staff.

use crate::calendar::{When, YEARS};
use crate::dice::Dice;
use crate::firm::Firm;
use crate::subject::How::Figure;
use crate::subject::{Block, ONE, Table};

/// Part of a number of people.
fn of(people: i64, share: f64) -> i64 {
    ((people as f64 * share + 0.5) as i64).clamp(0, people)
}

/// All staff of a year.
pub(super) fn staff(firm: &Firm, place: usize) -> i64 {
    firm.mean_staff(place)
}

/// Staff in science and technology, never more than all.
pub(super) fn technical(firm: &Firm, place: usize) -> i64 {
    let wobble = 1.0 + 0.06 * firm.dice.on("technical").about(place as u64).bell();
    of(staff(firm, place), firm.technical_share() * wobble)
}

fn insured(firm: &Firm, place: usize) -> i64 {
    let share = 0.95 + 0.05 * firm.dice.on("insured").bell();
    if firm.dice.on("none insured").chance(0.02) { 0 } else { of(staff(firm, place), share.min(1.0)) }
}

fn headcount(firm: &Firm, when: When) -> i64 {
    firm.stock(&firm.staff, when, firm.dice.on("headcount"))
}

/// Persons of the priority groups it hired.
pub(crate) fn hires(firm: &Firm) -> usize {
    let dice = firm.dice.on("priority hires");
    if !dice.chance(0.18) {
        return 0;
    }
    1 + dice.on("count").count((firm.staff[YEARS - 1] as f64 / 60.0).min(12.0)) as usize
}

/// Who left and drew unemployment benefit; more where things go badly.
fn laid_off(firm: &Firm, place: usize, dice: Dice) -> i64 {
    let share = (0.025 - 0.012 * firm.health).max(0.003);
    dice.about(place as u64).count(insured(firm, place) as f64 * share).min(insured(firm, place))
}

pub(super) const PEOPLE: Table<Firm> = Table {
    block: Block::People,
    models: &[
        ("从业人数", Figure(|firm, when, _| Some(headcount(firm, when)))),
        ("职工总数", Figure(|firm, when, _| Some(staff(firm, firm.place(when))))),
        ("年平均职工人数", Figure(|firm, when, _| Some(staff(firm, firm.place(when))))),
        ("科技人员数", Figure(|firm, when, _| Some(technical(firm, firm.place(when))))),
        (
            "研发人员数",
            Figure(|firm, when, dice| {
                Some(of(technical(firm, firm.place(when)), (0.78 + 0.12 * dice.bell()).clamp(0.2, 1.0)))
            }),
        ),
        (
            "本科以上从业人数",
            Figure(|firm, when, dice| {
                let share = 0.22 + 0.6 * firm.technical_share() + 0.08 * dice.bell();
                Some(of(headcount(firm, when), share.clamp(0.02, 0.98)))
            }),
        ),
        (
            "本科以上职工数",
            Figure(|firm, when, dice| {
                let share = 0.24 + 0.6 * firm.technical_share() + 0.08 * dice.bell();
                Some(of(staff(firm, firm.place(when)), share.clamp(0.02, 0.98)))
            }),
        ),
        ("参保职工数", Figure(|firm, when, _| Some(insured(firm, firm.place(when))))),
        ("新增领取失业金人数", Figure(|firm, when, dice| Some(laid_off(firm, firm.place(when), dice)))),
        (
            "失业保险实缴额",
            Figure(|firm, when, dice| {
                let place = firm.place(when);
                let a_head = (0.085 + 0.015 * dice.bell()).max(0.03);
                Some(firm.rounded(insured(firm, place) as f64 * a_head * firm.part[place]))
            }),
        ),
        (
            "失业保险连续足额缴费月数",
            Figure(|firm, _, dice| {
                let age = f64::from(firm.today - firm.founded) / 30.44;
                // Some have missed a payment not long ago.
                let months =
                    if dice.chance(0.12) { age.min(dice.on("since").between(0.0, 24.0)) } else { age };
                Some(months as i64 * ONE)
            }),
        ),
        ("招用重点群体人数", Figure(|firm, _, _| i64::try_from(hires(firm)).ok())),
        ("新招重点群体人数.申请前12个月", Figure(|firm, _, _| i64::try_from(hires(firm)).ok())),
    ],
};
