//! Tables found by the longest code that a key lies under.
//!
//! Which rows a code may fall under is a finite matter: it hangs only on the longest beginning of any row's key that the
//! code has in common with it, and on whether the code goes on after it. Each such pattern of rows is one indicator.

use std::collections::BTreeMap;

use lang::ir::{Compare, Expr, Kind, Table};

use super::{Held, Lowerer, Why};
use crate::batch::program::{Atom, Missing, NumberId, Numeric, SlotId, TruthId};
use crate::point::{Truth, rows_under};

/// The rows that a key may fall under, and whether none may fit.
type Pattern = (Vec<usize>, bool);

/// Goes on after a code, in a way that no row's key does.
const BEYOND: char = '\u{0}';

/// Most patterns of a table that are told apart.
const PATTERNS_MAX: usize = 400;

impl<'a> Lowerer<'a, '_> {
    pub(super) fn table_match(&mut self, table: usize) -> Held<TruthId> {
        let (slot, patterns) = self.patterns(table)?;
        let mut parts = Vec::new();
        for pattern in patterns {
            let truth = Truth::possible(!pattern.0.is_empty(), pattern.1);
            let truth = self.program.truth(truth);
            let indicator = self.indicator(table, slot, pattern);
            parts.push(self.program.and(vec![indicator, truth]));
        }
        let unknown = self.program.truth(Truth::Unknown);
        self.or_unsettled(slot, parts, unknown)
    }

    pub(super) fn table_reached(&mut self, table: usize, column: &str) -> Held<TruthId> {
        let document = self.document;
        let rows = document.tables[table]
            .rows
            .iter()
            .map(|row| {
                let mut parts = Vec::new();
                for (fact, bounds) in &row.reach {
                    let Some((_, bound)) = bounds.iter().find(|(name, _)| name == column) else { continue };
                    let (fact, bound): (&Expr, &Expr) = (fact, bound);
                    let (fact, bound) = (self.number(fact)?, self.number(bound)?);
                    parts.push(self.compare_numbers(Compare::Ge, fact, bound));
                }
                Ok(self.program.and(parts))
            })
            .collect::<Held<Vec<TruthId>>>()?;
        let (slot, patterns) = self.patterns(table)?;
        let mut parts = Vec::new();
        for pattern in patterns {
            let reached = self.reached(&rows, &pattern);
            let indicator = self.indicator(table, slot, pattern);
            parts.push(self.program.and(vec![indicator, reached]));
        }
        let any = self.reached(&rows, &((0..rows.len()).collect(), true));
        self.or_unsettled(slot, parts, any)
    }

    fn reached(&mut self, rows: &[TruthId], pattern: &Pattern) -> TruthId {
        let mut of: Vec<TruthId> = pattern.0.iter().map(|row| rows[*row]).collect();
        if pattern.1 || of.is_empty() {
            of.push(self.program.truth(Truth::False));
        }
        self.program.agreed(of)
    }

    pub(super) fn table_value(&mut self, table: usize, column: &str) -> Held<NumberId> {
        let document = self.document;
        let rows = document.tables[table]
            .rows
            .iter()
            .map(|row| match row.values.iter().find(|(name, _)| name == column) {
                Some((_, value)) => self.number(value),
                None => Ok(self.absent(Missing::NoTier)),
            })
            .collect::<Held<Vec<NumberId>>>()?;
        let (slot, patterns) = self.patterns(table)?;
        let mut result = self.either(&rows, &((0..rows.len()).collect(), true));
        for pattern in patterns {
            let value = self.either(&rows, &pattern);
            let indicator = self.indicator(table, slot, pattern);
            result = self.program.numbers.place(Numeric::Select(indicator, value, result));
        }
        Ok(result)
    }

    /// What any of the rows gives.
    fn either(&mut self, rows: &[NumberId], pattern: &Pattern) -> NumberId {
        let mut of: Vec<NumberId> = pattern.0.iter().map(|row| rows[*row]).collect();
        if pattern.1 || of.is_empty() {
            of.push(self.absent(Missing::NoTier));
        }
        of.dedup();
        let unknown = self.program.truth(Truth::Unknown);
        let first = of.pop().expect("a pattern without rows gives what is absent");
        of.into_iter()
            .fold(first, |any, next| self.program.numbers.place(Numeric::Select(unknown, next, any)))
    }

    /// All patterns, where the key is a slot.
    fn patterns(&mut self, table: usize) -> Held<(SlotId, Vec<Pattern>)> {
        let table: &'a Table = &self.document.tables[table];
        let Kind::Input(input) = &table.key.kind else { return Err(Why::Texts) };
        let slot = self.slot(*input)?;
        let mut patterns: BTreeMap<Pattern, ()> = BTreeMap::new();
        patterns.insert((Vec::new(), true), ());
        for key in table.rows.iter().flat_map(|row| &row.keys) {
            let ends = key.char_indices().map(|(at, _)| at).chain([key.len()]);
            for beginning in ends.map(|end| &key[..end]) {
                patterns.insert(rows_under(table, beginning), ());
                patterns.insert(rows_under(table, &format!("{beginning}{BEYOND}")), ());
            }
        }
        if patterns.len() > PATTERNS_MAX {
            return Err(Why::Shape);
        }
        Ok((slot, patterns.into_keys().collect()))
    }

    fn indicator(&mut self, table: usize, slot: SlotId, pattern: Pattern) -> TruthId {
        let keys = self.document.tables[table].rows.iter().map(|row| row.keys.clone()).collect();
        self.program.atom(Atom::Rows(slot, keys, pattern.0, pattern.1))
    }

    /// One of the parts holds where the slot is settled; elsewhere that truth.
    fn or_unsettled(&mut self, slot: SlotId, parts: Vec<TruthId>, elsewhere: TruthId) -> Held<TruthId> {
        let settled = self.program.atom(Atom::Settled(slot));
        let found = self.program.or(parts);
        Ok(self.program.choose(settled, found, elsewhere))
    }
}
