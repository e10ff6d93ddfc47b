//! Amounts and ranks.

use std::collections::BTreeSet;

use lang::ir::{Amount, Expr, Gives, Kind, RankRule};

use super::{Lowerer, Why};
use crate::batch::program::{Atom, Binary, NumberId, SlotId, TruthId};
use crate::batch::reads::{Node, slots_read};
use crate::point::Truth;

/// How the amount of an eligible row comes about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(in crate::batch) enum AmountPlan {
    /// The document gives no money.
    None,
    /// Yuan; anything from nothing to it where the source says 最高.
    Number {
        /// Capped.
        yuan: NumberId,
        /// From nothing to it.
        up_to: bool,
        /// Everything it is worked out from.
        reads: Vec<SlotId>,
        /// Slots whose cases the exact decision may try: rows in which one is open are asked, unless the amount is one
        /// number all the same. None where there is no telling.
        split: Option<Vec<SlotId>>,
    },
    /// Asked exactly.
    Exact,
}

/// How the rank of a row comes about.
#[derive(Clone, Debug)]
pub(in crate::batch) struct RankPlan {
    /// One rank and no other is possible.
    pub is_settled: TruthId,
    /// A rank that was given wins.
    pub given: Option<SlotId>,
    /// The first that holds; empty where ranks are asked exactly.
    pub tiers: Vec<(TruthId, String)>,
    /// Where none holds.
    pub otherwise: Option<String>,
}

impl Lowerer<'_, '_> {
    /// The amount, and whether a tier fits where that can fail.
    pub(super) fn amount(&mut self) -> (AmountPlan, Option<TruthId>) {
        let gives: &Gives = &self.document.gives;
        let expressions: Vec<&Expr> = match &gives.amount {
            None => return (AmountPlan::None, None),
            Some(Amount::Value(value)) => std::iter::once(value).chain(&gives.at_most).collect(),
            Some(Amount::Milestones(stages, _)) => {
                stages.iter().map(|stage| &stage.amount).chain(&gives.at_most).collect()
            }
        };
        let may_lack_tier = expressions.iter().any(|expr| self.may_lack_tier(expr));
        let number = match &gives.amount {
            Some(Amount::Value(value)) => self.number(value).and_then(|value| match &gives.at_most {
                Some(cap) => {
                    let cap = self.number(cap)?;
                    Ok(self.program.binary(Binary::Min, value, cap))
                }
                None => Ok(value),
            }),
            _ => Err(Why::Stages),
        };
        match number {
            Ok(yuan) => {
                let tier = may_lack_tier.then(|| self.program.atom(Atom::TierFits(yuan)));
                let split = crate::point::may_be_split(self.document, self.vocabulary, &expressions)
                    .into_iter()
                    .map(|input| self.slot(input).ok());
                let split = split.collect();
                let reads = slots_read(self.program, Node::Number(yuan));
                (AmountPlan::Number { yuan, up_to: gives.up_to, reads, split }, tier)
            }
            Err(why) => {
                let opaque = self.opaque(why);
                (AmountPlan::Exact, may_lack_tier.then_some(opaque))
            }
        }
    }

    /// Whether an expression can come to no tier at all.
    fn may_lack_tier(&self, expr: &Expr) -> bool {
        let mut found = false;
        crate::point::expressions(self.document, expr, &mut |inner| {
            found |= matches!(inner.kind, Kind::First(_, None) | Kind::TableValue(..));
        });
        found
    }

    pub(super) fn rank(&mut self) -> Option<RankPlan> {
        let rank = self.document.gives.rank.as_ref()?;
        let given = self.slot(rank.given).ok();
        let RankRule::First(tiers, otherwise) = &rank.rule else {
            let is_settled = self.opaque(Why::Group);
            return Some(RankPlan { is_settled, given, tiers: Vec::new(), otherwise: None });
        };
        let names: BTreeSet<&String> = tiers.iter().map(|(_, name)| name).chain(otherwise).collect();
        if given.is_none() || names.len() < tiers.len() + usize::from(otherwise.is_some()) {
            let is_settled = self.opaque(Why::Shape);
            return Some(RankPlan { is_settled, given, tiers: Vec::new(), otherwise: None });
        }
        let tiers: Vec<(TruthId, String)> =
            tiers.iter().map(|(when, name)| (self.truth(when), name.clone())).collect();
        let mut settled = self.program.truth(Truth::known(otherwise.is_some()));
        for (when, _) in tiers.iter().rev() {
            let not = self.program.not(*when);
            let later = self.program.and(vec![not, settled]);
            settled = self.program.or(vec![*when, later]);
        }
        if let Some(slot) = given {
            let is_given = self.program.atom(Atom::Settled(slot));
            settled = self.program.or(vec![is_given, settled]);
        }
        Some(RankPlan { is_settled: settled, given, tiers, otherwise: otherwise.clone() })
    }
}
