//! How each fact of an enterprise derives, by name: the only place that knows the vocabulary's words.
//!
//! A name that the vocabulary lacks makes no column; a fact without a model here takes its values from its definition
//! (`generic`).
//!
//! | module | facts |
//! | --- | --- |
//! | `identity` | who and where it is, its standing |
//! | `accounts` | income, costs, assets, taxes, markets, land |
//! | `people` | staff |
//! | `research` | R&D, technology contracts, rights |
//! | `software` | what software enterprises are asked for |
//! | `titles` | certificates, awards, lists, evaluations |

mod accounts;
mod identity;
mod people;
mod research;
mod software;
mod titles;

use crate::dice::Dice;
use crate::firm::Firm;
use crate::names;
use crate::subject::{Identity, Reporting, Subject, Table, Title};

pub(crate) use people::hires;

impl Subject for Firm {
    fn dice(&self) -> Dice {
        self.dice
    }

    fn began(&self) -> i32 {
        self.founded
    }

    fn scale(&self) -> f64 {
        // The middling enterprise of the zone has some thirty people.
        self.staff[self.staff.len() - 1] as f64 / 30.0
    }

    fn reporting(&self) -> Reporting {
        self.reporting
    }

    fn tables() -> &'static [&'static Table<Self>] {
        &[
            &identity::IDENTITY,
            &identity::CREDIT,
            &accounts::ACCOUNTS,
            &accounts::TAX,
            &accounts::MARKET,
            &accounts::SPACE,
            &people::PEOPLE,
            &research::RESEARCH,
            &research::RIGHTS,
            &software::SOFTWARE,
            &software::SOFTWARE_RIGHTS,
            &titles::TITLES,
            &titles::EVALUATION,
        ]
    }

    fn identity() -> &'static [Identity<Self>] {
        &[
            ("统一社会信用代码", |firm| names::credit_code(names::Register::Enterprises, firm.row)),
            ("名称", |firm| names::enterprise(firm.row, firm.industry.trade)),
        ]
    }

    fn titles() -> &'static [Title<Self>] {
        titles::CERTIFICATES
    }
}
