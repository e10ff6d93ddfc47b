//! Numbers for one chunk of rows, between certain bounds.

use std::rc::Rc;

use facts::{Date, Number};

use super::ChunkEval;
use crate::batch::enclosure::{BEFORE_FOUNDING, Domain, EMPTY, Enclosures, NO_TIER, NOTHING, ODD, OPEN};
use crate::batch::program::{Binary, Missing, Numeric, SlotId, TruthId, Unary};
use crate::batch::slots::{NumberChunk, SlotChunk, TruthChunk, set, set_in};

impl ChunkEval<'_, '_> {
    pub fn number(&mut self, id: usize) -> Rc<Enclosures> {
        if let Some(known) = self.numbers.get(&id) {
            return Rc::clone(known);
        }
        let program = self.program;
        let numeric = program.numbers.get(id);
        let end = self.ends.get(&id).and_then(|is_upper| numeric.end(*is_upper));
        let numbers = Rc::new(match end {
            Some(end) => Enclosures::constant(self.rows.len(), end),
            None => self.numeric(numeric),
        });
        self.numbers.insert(id, Rc::clone(&numbers));
        numbers
    }

    /// A number of these rows, in this order. It reads no slots but those given along.
    pub fn number_of_rows(&mut self, id: usize, rows: &[usize], slots: &[SlotId]) -> Rc<Enclosures> {
        match self.numbers.get(&id) {
            Some(known) => Rc::new(known.gather(rows)),
            None if rows.len() == self.rows.len() => self.number(id),
            None => self.gather(rows, slots).number(id),
        }
    }

    fn numeric(&mut self, numeric: &Numeric) -> Enclosures {
        let rows = self.rows.len();
        match numeric {
            Numeric::Constant(number) => Enclosures::constant(rows, number),
            Numeric::Between(low, high) => Enclosures::interval(rows, low.as_ref(), high.as_ref()),
            Numeric::Absent(Missing::Nothing) => Enclosures::absent(rows, NOTHING),
            Numeric::Absent(Missing::NoTier) => Enclosures::absent(rows, NO_TIER),
            Numeric::Slot(slot) => self.slot_numbers(*slot),
            Numeric::Months(day, by) => {
                let days = self.number(*day);
                self.by_day(&days, &days, |day, _| Some(day.add_months(*by)?.to_epoch_days()))
            }
            Numeric::MonthsBetween(from, to) => {
                let (from, to) = (self.number(*from), self.number(*to));
                self.by_day(&from, &to, |from, to| Some(from.months_until(to)))
            }
            Numeric::Binary(op, left, right) => {
                let (a, b) = (self.number(*left), self.number(*right));
                match op {
                    Binary::Add => a.add(&b),
                    Binary::Sub => a.sub(&b),
                    Binary::Mul => a.mul(&b),
                    Binary::Div => a.div(&b),
                    Binary::Min => a.min(&b),
                    Binary::Max => a.max(&b),
                }
            }
            Numeric::Unary(op, of) => {
                let of = self.number(*of);
                match op {
                    Unary::Abs => of.abs(),
                    Unary::Floor => of.floor(),
                    Unary::Ceiling => of.ceiling(),
                    Unary::Round(places) => of.round_half_up(*places),
                    Unary::Power(exponent) => of.powi(*exponent),
                    Unary::Hull => Enclosures::clone(&of).hull(),
                }
            }
            Numeric::Progressive(base, bands) => self.number(*base).progressive(bands),
            Numeric::Select(when, then, otherwise) => {
                let when = self.truth(*when);
                let (then, otherwise) = (self.number(*then), self.number(*otherwise));
                self.select(&when, &then, &otherwise)
            }
            Numeric::Given(slot, derived) => {
                let settled = self.settled(*slot);
                let given = self.slot_numbers(*slot);
                let derived = self.number(*derived);
                self.select(&settled, &given, &derived)
            }
            Numeric::GivenOnly(slot) => {
                let settled = self.settled(*slot);
                let mut given = self.slot_numbers(*slot);
                let asked: Vec<u64> =
                    self.rows.all().iter().zip(&settled.yes).map(|(all, yes)| all & !yes).collect();
                given.mark_odd(&asked);
                given
            }
            Numeric::Span { years, total, mean, is_mean, actual_years } => {
                self.span(years, (*total, *mean), *is_mean, *actual_years)
            }
            Numeric::Quarters(cells, mean) => self.quarters(cells, *mean),
            Numeric::CountTrue(truths) => self.count_true(truths),
        }
    }

    /// The mean of a year's quarters, or the figure given for it.
    fn quarters(&mut self, cells: &[SlotId], mean: SlotId) -> Enclosures {
        let rows = self.rows.len();
        let settled = self.settled(mean);
        let given = self.slot_numbers(mean);
        let mut sum = Enclosures::constant(rows, &Number::zero());
        for cell in cells {
            sum = sum.add(&self.slot_numbers(*cell));
        }
        let derived = sum.div(&Enclosures::constant(rows, &Number::from(8)));
        self.select(&settled, &given, &derived)
    }

    /// How many of the truths hold.
    fn count_true(&mut self, truths: &[TruthId]) -> Enclosures {
        let rows = self.rows.len();
        let (one, none) =
            (Enclosures::constant(rows, &Number::one()), Enclosures::constant(rows, &Number::zero()));
        let mut sum = none.clone();
        for truth in truths {
            let truth = self.truth(*truth);
            sum = sum.add(&self.select(&truth, &one, &none));
        }
        sum
    }

    fn select(&self, when: &TruthChunk, then: &Enclosures, otherwise: &Enclosures) -> Enclosures {
        let all = self.rows.all();
        if when.no == all {
            return otherwise.clone();
        }
        if when.yes == all {
            return then.clone();
        }
        let mut out = Enclosures::select(&when.yes, &when.no, then, otherwise);
        if when.odd.iter().any(|word| *word != 0) {
            out.mark_odd(&when.odd);
        }
        out
    }

    fn slot_numbers(&mut self, slot: SlotId) -> Enclosures {
        let rows = self.rows.len();
        let chunk = self.slot(slot);
        let SlotChunk::Number(chunk) = &*chunk else { return Enclosures::odd(rows) };
        let domain = match self.definition(slot) {
            Some(definition) if definition.is_numeric() => Domain {
                least: definition.least.clone(),
                most: definition.most.clone(),
                is_nothing_allowed: definition.none_allowed,
            },
            _ => Domain::default(),
        };
        let mut numbers = Enclosures::from_mantissas(
            &chunk.mantissas,
            chunk.scale,
            &chunk.known,
            &domain,
            chunk.nothing.as_deref(),
            chunk.odd.as_deref(),
        );
        if let Some(before) = &chunk.before {
            numbers.mark_absent(before, BEFORE_FOUNDING);
        }
        numbers
    }

    /// A function of exact days, row by row; anything where a day is not known.
    fn by_day(
        &self,
        left: &Enclosures,
        right: &Enclosures,
        of: impl Fn(Date, Date) -> Option<i64>,
    ) -> Enclosures {
        let rows = self.rows.len();
        let size = self.rows.words();
        let (mut values, mut known, mut odd) = (vec![0i64; rows], vec![0; size], None);
        for (row, out) in values.iter_mut().enumerate() {
            let both = left.flags(row) | right.flags(row);
            if both & OPEN != 0 && both & (ODD | EMPTY) == 0 {
                continue;
            }
            let day = |numbers: &Enclosures| {
                let at = numbers.row(row);
                #[allow(clippy::cast_possible_truncation, reason = "days since 1970 are small whole numbers")]
                let whole = at.low_out as i64;
                Date::from_epoch_days(whole).filter(|_| at.low_out == at.high_out)
            };
            let value = (both & (ODD | EMPTY) == 0).then(|| of(day(left)?, day(right)?)).flatten();
            match value {
                Some(value) => {
                    *out = value;
                    set(&mut known, row);
                }
                None => set_in(&mut odd, row, size),
            }
        }
        Enclosures::from_mantissas(&values, 0, &known, &Domain::default(), None, odd.as_deref())
    }

    /// Sum or mean of the years; where not all are known the figure given for the span; where none is, what is not
    /// known of that figure.
    fn span(
        &mut self,
        years: &[SlotId],
        (total, mean): (SlotId, SlotId),
        is_mean: bool,
        actual_years: bool,
    ) -> Enclosures {
        let rows = self.rows.len();
        let size = self.rows.words();
        let not = |words: &[u64]| words.iter().map(|word| !word).collect::<Vec<u64>>();
        let zero = Enclosures::constant(rows, &Number::zero());
        let one = Enclosures::constant(rows, &Number::one());
        let (mut sum, mut count) = (zero.clone(), zero.clone());
        let (mut all_known, mut none_known) = (self.rows.all(), self.rows.all());
        let mut counted = vec![0u64; size];
        let mut odd = vec![0u64; size];
        for year in years {
            let settled = self.settled(*year);
            let before = self.before(*year);
            let values = self.slot_numbers(*year);
            for at in 0..size {
                let counts = if actual_years { !before[at] } else { !0 };
                all_known[at] &= settled.yes[at];
                none_known[at] &= !(settled.yes[at] & counts);
                counted[at] |= counts;
                odd[at] |= settled.odd[at];
            }
            if actual_years && before.iter().any(|word| *word != 0) {
                let not = not(&before);
                sum = sum.add(&Enclosures::select(&before, &not, &zero, &values));
                count = count.add(&Enclosures::select(&before, &not, &zero, &one));
            } else {
                sum = sum.add(&values);
                count = count.add(&one);
            }
        }
        let of_years = if is_mean { sum.div(&count) } else { sum };
        let length = i64::try_from(years.len()).unwrap_or(1);
        let length = Enclosures::constant(rows, &Number::from(length));
        let (has_total, has_mean) = (self.settled(total), self.settled(mean));
        let (total_given, mean_given) = (self.slot_numbers(total), self.slot_numbers(mean));
        let asked = if is_mean { mean_given.clone() } else { total_given.clone() };
        let none: Vec<u64> = none_known.iter().zip(&counted).map(|(none, counted)| none & counted).collect();
        let open = Enclosures::select(&none, &not(&none), &asked, &of_years);
        let ((first, has_first), (second, has_second)) = if is_mean {
            ((mean_given, &has_mean), (total_given.div(&length), &has_total))
        } else {
            ((total_given, &has_total), (mean_given.mul(&length), &has_mean))
        };
        let given = self.select(has_second, &second, &open);
        let given = self.select(has_first, &first, &given);
        let mut out = Enclosures::select(&all_known, &not(&all_known), &of_years, &given);
        if odd.iter().any(|word| *word != 0) {
            out.mark_odd(&odd);
        }
        out
    }

    fn before(&mut self, slot: SlotId) -> Vec<u64> {
        match &*self.slot(slot) {
            SlotChunk::Number(NumberChunk { before: Some(before), .. }) => before.clone(),
            _ => vec![0; self.rows.words()],
        }
    }
}
