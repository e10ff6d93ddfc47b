//! Truths and numbers for one chunk of rows, each computed once.

use std::collections::BTreeSet;
use std::rc::Rc;

use facts::{Date, FactType, Number};
use lang::ir::Compare;

use super::bind::BoundSlot;
use super::enclosure::{BEFORE_FOUNDING, Comparison, Domain, EMPTY, Enclosures, NO_TIER, NOTHING, ODD, OPEN};
use super::lanes::{Tested, sets_of};
use super::program::{Atom, Binary, Missing, Numeric, Program, SlotId, SlotKind, TruthId, Unary};
use super::slots::{NumberChunk, Rows, SlotChunk, TextChunk, TruthChunk, get, ones, set, set_in};
use crate::point::{Thing, Truth, Value, code_in_values, compare_values, rows_of, text_holds, unknown_fact};

/// What another document came to in this chunk.
#[derive(Clone, Debug, Default)]
pub(super) struct Decided {
    pub truth: TruthChunk,
    /// The rank of each eligible row, as a place in `ranks`.
    pub rank: Vec<u32>,
    /// Rank names.
    pub ranks: Vec<String>,
}

/// One chunk of rows with everything computed so far.
pub(super) struct ChunkEval<'e, 'p> {
    pub rows: Rows,
    pub day: Date,
    program: &'e Program,
    vocabulary: &'e facts::Vocabulary,
    bound: &'e [BoundSlot<'p>],
    slots: Vec<Option<Rc<SlotChunk<'p>>>>,
    numbers: Vec<Option<Rc<Enclosures>>>,
    truths: Vec<Option<Rc<TruthChunk>>>,
    /// By the place of the document in the plan.
    pub decided: Vec<Option<Rc<Decided>>>,
    /// The place of a document by its id.
    document_of: &'e dyn Fn(&str) -> Option<usize>,
}

impl<'e, 'p> ChunkEval<'e, 'p> {
    pub fn new(
        rows: Rows,
        day: Date,
        (program, vocabulary): (&'e Program, &'e facts::Vocabulary),
        bound: &'e [BoundSlot<'p>],
        documents: usize,
        document_of: &'e dyn Fn(&str) -> Option<usize>,
    ) -> Self {
        Self {
            rows,
            day,
            program,
            vocabulary,
            bound,
            slots: vec![None; program.slots.len()],
            numbers: vec![None; program.numbers.len()],
            truths: vec![None; program.truths.len()],
            decided: vec![None; documents],
            document_of,
        }
    }

    /// The same rows and documents with nothing computed yet.
    pub fn blank_copy(&self) -> Self {
        let words = (self.program, self.vocabulary);
        let mut copy =
            Self::new(self.rows, self.day, words, self.bound, self.decided.len(), self.document_of);
        copy.decided.clone_from(&self.decided);
        copy
    }

    pub fn program(&self) -> &'e Program {
        self.program
    }

    /// Sets the values of a slot.
    pub fn preset(&mut self, slot: SlotId, chunk: Rc<SlotChunk<'p>>) {
        self.slots[slot] = Some(chunk);
    }

    fn blank(&self) -> TruthChunk {
        let size = self.rows.words();
        TruthChunk { yes: vec![0; size], no: vec![0; size], odd: vec![0; size] }
    }

    fn constant(&self, truth: Truth) -> TruthChunk {
        let mut chunk = self.blank();
        match truth {
            Truth::True => chunk.yes = self.rows.all(),
            Truth::False => chunk.no = self.rows.all(),
            Truth::Unknown => {}
        }
        chunk
    }

    pub fn slot(&mut self, slot: SlotId) -> Rc<SlotChunk<'p>> {
        if let Some(known) = &self.slots[slot] {
            return Rc::clone(known);
        }
        let bound = &self.bound[slot];
        let mut chunk = bound.chunk(self.rows, self.day);
        if let SlotKind::Document(id) = &self.program.slots.get(slot).kind {
            let decided = (self.document_of)(id).and_then(|at| self.decided[at].clone());
            chunk = SlotChunk::Truth(decided.map_or_else(|| self.blank(), |decided| decided.truth.clone()));
        }
        if let (Some(at), SlotChunk::Text(texts)) = (bound.deriving, &mut chunk) {
            self.add_ranks(bound, at, texts);
        }
        let chunk = Rc::new(chunk);
        self.slots[slot] = Some(Rc::clone(&chunk));
        chunk
    }

    /// Where a fact is not given, what another document decides of those that it finds eligible.
    fn add_ranks(&self, bound: &BoundSlot<'p>, at: usize, texts: &mut TextChunk<'p>) {
        let Some(decided) = &self.decided[at] else { return };
        let places: Vec<u32> = decided.ranks.iter().map(|rank| bound.places[rank]).collect();
        for row in ones(&decided.truth.yes) {
            let is_given = get(&texts.known, row)
                || [&texts.nothing, &texts.odd].into_iter().flatten().any(|words| get(words, row));
            if !is_given && let Some(place) = places.get(decided.rank[row] as usize) {
                texts.indices.to_mut()[row] = *place;
                set(&mut texts.known, row);
            }
        }
    }

    /// The texts of a slot.
    pub fn dictionary(&self, slot: SlotId) -> &'e [String] {
        &self.bound[slot].dictionary
    }

    /// Rows whose code is known, but not finely enough for something that reads it.
    pub fn coarse(&mut self, slot: SlotId) -> Vec<usize> {
        let program = self.program;
        let mut out = Vec::new();
        for id in 0..program.truths.len() {
            let super::program::Logical::Atom(atom) = program.truths.get(id) else { continue };
            let is_coarse = match atom {
                Atom::CodeIn(of, _) | Atom::Text(of, ..) => *of == slot,
                Atom::Rows(of, _, rows, may_be_none) => {
                    *of == slot && rows.len() + usize::from(*may_be_none) > 1
                }
                _ => false,
            };
            if is_coarse {
                let is_rows = matches!(atom, Atom::Rows(..));
                let truth = self.truth(id);
                let SlotChunk::Text(chunk) = &*self.slot(slot) else { continue };
                out.extend(ones(&chunk.known).filter(|row| {
                    if is_rows {
                        get(&truth.yes, *row)
                    } else {
                        !get(&truth.yes, *row) && !get(&truth.no, *row)
                    }
                }));
            }
        }
        out
    }

    pub fn truth(&mut self, id: TruthId) -> Rc<TruthChunk> {
        use super::program::Logical;
        if let Some(known) = &self.truths[id] {
            return Rc::clone(known);
        }
        let program = self.program;
        let chunk = match program.truths.get(id) {
            Logical::Constant(truth) => self.constant(*truth),
            Logical::Atom(atom) => self.atom(id, atom),
            Logical::Not(of) => {
                let of = self.truth(*of);
                TruthChunk { yes: of.no.clone(), no: of.yes.clone(), odd: of.odd.clone() }
            }
            Logical::And(parts) => self.all_of(parts, false),
            Logical::Or(parts) => self.all_of(parts, true),
        };
        let chunk = Rc::new(chunk);
        self.truths[id] = Some(Rc::clone(&chunk));
        chunk
    }

    /// All of the parts, or with `either` one of them; a row is odd where an odd part can still change it.
    fn all_of(&mut self, parts: &[TruthId], either: bool) -> TruthChunk {
        let mut out = self.blank();
        let size = self.rows.words();
        let (mut holds, mut fails) = (self.rows.all(), vec![0u64; size]);
        for part in parts {
            let part = self.truth(*part);
            let (keeps, settles) = if either { (&part.no, &part.yes) } else { (&part.yes, &part.no) };
            for at in 0..size {
                holds[at] &= keeps[at];
                fails[at] |= settles[at];
                out.odd[at] |= part.odd[at];
            }
        }
        out.odd.iter_mut().zip(&fails).for_each(|(odd, fails)| *odd &= !fails);
        (out.yes, out.no) = if either { (fails, holds) } else { (holds, fails) };
        out
    }

    fn atom(&mut self, truth: TruthId, atom: &Atom) -> TruthChunk {
        match atom {
            Atom::Slot(slot) => match &*self.slot(*slot) {
                SlotChunk::Truth(truth) => truth.clone(),
                _ => self.opaque(),
            },
            Atom::Cut(slot, op, number) => match &*self.slot(*slot) {
                SlotChunk::Number(chunk) => self.cut(*slot, chunk, op.0, number),
                _ => self.opaque(),
            },
            Atom::CodeIn(slot, _) | Atom::Text(slot, ..) | Atom::Rows(slot, ..) => self.by_code(truth, *slot),
            Atom::Compare(op, left, right) => {
                let mut out = Comparison::default();
                let left = self.number(*left);
                match self.program.numbers.get(*right) {
                    Numeric::Constant(number) => left.compare_constant(op.0, number, &mut out),
                    _ => left.compare(op.0, &*self.number(*right), &mut out),
                }
                TruthChunk { yes: out.yes, no: out.no, odd: out.undecided }
            }
            Atom::TierFits(number) => {
                let numbers = self.number(*number);
                let mut out = self.blank();
                for row in 0..self.rows.len() {
                    let flags = numbers.flags(row);
                    if flags & ODD != 0 {
                        set(&mut out.odd, row);
                    } else if flags & NO_TIER == 0 {
                        set(&mut out.yes, row);
                    } else if flags & EMPTY != 0 {
                        set(&mut out.no, row);
                    }
                }
                out
            }
            Atom::BeforeFounding(slot) => {
                let mut out = self.constant(Truth::False);
                if let SlotChunk::Number(NumberChunk { before: Some(before), .. }) = &*self.slot(*slot) {
                    out.yes.copy_from_slice(before);
                    out.no.iter_mut().zip(before).for_each(|(no, before)| *no &= !before);
                }
                out
            }
            Atom::Settled(slot) => self.settled(*slot),
            Atom::Opaque(_) => self.opaque(),
        }
    }

    fn opaque(&self) -> TruthChunk {
        TruthChunk { odd: self.rows.all(), ..self.blank() }
    }

    /// Whether the slot is known as far as can be. A range is not; which odd rows are is asked exactly.
    pub fn settled(&mut self, slot: SlotId) -> TruthChunk {
        let mut out = self.blank();
        let mut add = |words: &[u64]| out.yes.iter_mut().zip(words).for_each(|(yes, word)| *yes |= word);
        let odd = match &*self.slot(slot) {
            SlotChunk::Truth(truth) => {
                add(&truth.yes);
                add(&truth.no);
                Some(truth.odd.clone())
            }
            SlotChunk::Number(chunk) => {
                add(&chunk.known);
                [&chunk.nothing, &chunk.before].into_iter().flatten().for_each(|words| add(words));
                chunk.odd.clone()
            }
            SlotChunk::Text(chunk) => {
                add(&chunk.known);
                chunk.nothing.iter().for_each(|words| add(words));
                chunk.odd.clone()
            }
        };
        if let Some(odd) = odd {
            out.odd = odd;
        }
        let all = self.rows.all();
        for (at, all) in all.iter().enumerate() {
            out.no[at] = all & !out.yes[at] & !out.odd[at];
        }
        out
    }

    fn definition(&self, slot: SlotId) -> Option<&'e facts::FactDefinition> {
        match &self.program.slots.get(slot).kind {
            SlotKind::Fact { fact, .. } => Some(self.vocabulary.get(*fact)),
            _ => None,
        }
    }

    /// A column against a constant, in whole mantissas.
    fn cut(&self, slot: SlotId, chunk: &NumberChunk<'_>, op: Compare, number: &Number) -> TruthChunk {
        let mut out = self.blank();
        let scaled = number * &Number::power_of_ten(i32::from(chunk.scale));
        let bound = Bound::new(op, &scaled);
        for (word, values) in chunk.mantissas.chunks(64).enumerate() {
            let holds = bound.holds(values);
            out.yes[word] = holds & chunk.known[word];
            out.no[word] = !holds & chunk.known[word];
        }
        let exact = |number: &Number| Value::exact(number.clone());
        let absent = |absence| Value::certain(Thing::Numbers(crate::point::Numbers::absent(absence)));
        let truth = |left: &Value| compare_values(op, left, &exact(number)).as_truth();
        if let Some(nothing) = &chunk.nothing {
            out.add(truth(&absent(crate::point::Absence::NOTHING)), nothing);
        }
        if let Some(before) = &chunk.before {
            out.add(truth(&absent(crate::point::Absence::BEFORE_FOUNDING)), before);
        }
        let unknown = self.when_unknown(slot, op, number);
        if unknown != Truth::Unknown {
            out.add(unknown, &chunk.unknown(self.rows));
        }
        if let Some(odd) = &chunk.odd {
            out.odd.copy_from_slice(odd);
        }
        out
    }

    /// What a comparison of a slot comes to where nothing is known of it.
    pub fn when_unknown(&self, slot: SlotId, op: Compare, number: &Number) -> Truth {
        match self.definition(slot) {
            Some(definition) if definition.fact_type != FactType::Date => {
                let unknown = Value::certain(unknown_fact(definition));
                compare_values(op, &unknown, &Value::exact(number.clone())).as_truth()
            }
            _ => Truth::Unknown,
        }
    }

    /// What a test of a code comes to for each text of its slot; none for other atoms.
    pub fn tested(&self, truth: TruthId) -> Option<Tested> {
        let super::program::Logical::Atom(atom) = self.program.truths.get(truth) else { return None };
        match atom {
            Atom::CodeIn(slot, codes) => {
                let definition = self.definition(*slot)?;
                let unknown = code_in_values(&unknown_fact(definition), codes, definition.hierarchy);
                let of_code = if definition.fact_type == FactType::Codes {
                    let any = |set: &BTreeSet<String>| Truth::known(codes.iter().any(|code| set.contains(code)));
                    sets_of(&self.bound[*slot])?.iter().map(any).collect()
                } else {
                    let texts = self.bound[*slot].dictionary.iter();
                    texts.map(|text| crate::point::under(text, codes, definition.hierarchy)).collect()
                };
                Some(Tested { of_code, unknown, nothing: Truth::False })
            }
            Atom::Text(slot, test, part) => {
                let holds = |text: &str| test.holds(text, part);
                let unknown = text_holds(&unknown_fact(self.definition(*slot)?), holds);
                let of_code =
                    self.bound[*slot].dictionary.iter().map(|text| Truth::known(holds(text))).collect();
                Some(Tested { of_code, unknown, nothing: Truth::False })
            }
            Atom::Rows(slot, keys, wanted, may_be_none) => {
                let is_wanted = |found: (Vec<usize>, bool)| {
                    Truth::known(found.0 == *wanted && found.1 == *may_be_none)
                };
                let of_text = |text: &String| is_wanted(rows_of(keys.len(), |row| &keys[row], text));
                let of_code = self.bound[*slot].dictionary.iter().map(of_text).collect();
                let nothing = is_wanted((Vec::new(), true));
                Some(Tested { of_code, unknown: Truth::False, nothing })
            }
            _ => None,
        }
    }

    fn by_code(&mut self, truth: TruthId, slot: SlotId) -> TruthChunk {
        let Some(Tested { of_code, unknown, nothing }) = self.tested(truth) else { return self.opaque() };
        match &*self.slot(slot) {
            SlotChunk::Text(chunk) => self.looked_up(chunk, &of_code, nothing, unknown),
            _ => self.opaque(),
        }
    }

    fn looked_up(
        &self,
        chunk: &TextChunk<'_>,
        truths: &[Truth],
        nothing: Truth,
        unknown: Truth,
    ) -> TruthChunk {
        let mut out = self.blank();
        for row in ones(&chunk.known) {
            match truths.get(chunk.indices[row] as usize) {
                Some(Truth::True) => set(&mut out.yes, row),
                Some(Truth::False) => set(&mut out.no, row),
                Some(Truth::Unknown) => {}
                None => set(&mut out.odd, row),
            }
        }
        if let Some(words) = &chunk.nothing {
            out.add(nothing, words);
        }
        if let Some(words) = &chunk.odd {
            out.odd.iter_mut().zip(words).for_each(|(odd, word)| *odd |= word);
        }
        if unknown != Truth::Unknown {
            out.add(unknown, &chunk.unknown(self.rows));
        }
        out
    }

    pub fn number(&mut self, id: usize) -> Rc<Enclosures> {
        if let Some(known) = &self.numbers[id] {
            return Rc::clone(known);
        }
        let program = self.program;
        let numbers = Rc::new(self.numeric(program.numbers.get(id)));
        self.numbers[id] = Some(Rc::clone(&numbers));
        numbers
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
            Numeric::Span { years, total, mean, is_mean, actual_years } => {
                self.span(years, (*total, *mean), *is_mean, *actual_years)
            }
            Numeric::Quarters(cells, mean) => {
                let settled = self.settled(*mean);
                let given = self.slot_numbers(*mean);
                let mut sum = Enclosures::constant(rows, &Number::zero());
                for cell in cells {
                    sum = sum.add(&self.slot_numbers(*cell));
                }
                let derived = sum.div(&Enclosures::constant(rows, &Number::from(8)));
                self.select(&settled, &given, &derived)
            }
            Numeric::CountTrue(truths) => {
                let (one, none) =
                    (Enclosures::constant(rows, &Number::one()), Enclosures::constant(rows, &Number::zero()));
                let mut sum = none.clone();
                for truth in truths {
                    let truth = self.truth(*truth);
                    sum = sum.add(&self.select(&truth, &one, &none));
                }
                sum
            }
        }
    }

    fn select(&self, when: &TruthChunk, then: &Enclosures, otherwise: &Enclosures) -> Enclosures {
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
        for row in 0..rows {
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
                    values[row] = value;
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
            if actual_years {
                let not: Vec<u64> = before.iter().map(|word| !word).collect();
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
        let not = |words: &[u64]| words.iter().map(|word| !word).collect::<Vec<u64>>();
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

impl TruthChunk {
    fn add(&mut self, truth: Truth, rows: &[u64]) {
        let lane = match truth {
            Truth::True => &mut self.yes,
            Truth::False => &mut self.no,
            Truth::Unknown => return,
        };
        lane.iter_mut().zip(rows).for_each(|(lane, rows)| *lane |= rows);
    }
}

fn without(rows: Rows, known: &[u64], others: &[&Option<Vec<u64>>]) -> Vec<u64> {
    let mut out = rows.all();
    out.iter_mut().zip(known).for_each(|(out, known)| *out &= !known);
    for words in others.iter().filter_map(|words| words.as_ref()) {
        out.iter_mut().zip(words).for_each(|(out, word)| *out &= !word);
    }
    out
}

impl NumberChunk<'_> {
    /// Rows of which nothing is known.
    pub fn unknown(&self, rows: Rows) -> Vec<u64> {
        without(rows, &self.known, &[&self.nothing, &self.before, &self.odd])
    }
}

impl TextChunk<'_> {
    /// Rows of which nothing is known.
    pub fn unknown(&self, rows: Rows) -> Vec<u64> {
        without(rows, &self.known, &[&self.nothing, &self.odd])
    }
}

/// A comparison with a constant, in whole numbers.
enum Bound {
    /// At least that.
    AtLeast(i64, bool),
    /// Just that.
    Equal(i64, bool),
    /// The same for all.
    Always(bool),
}

impl Bound {
    fn new(op: Compare, number: &Number) -> Self {
        let at_least = |number: &Number, is_negated: bool| match number.to_i64() {
            Some(bound) => Bound::AtLeast(bound, is_negated),
            None => Bound::Always(number.is_negative() != is_negated),
        };
        let above = &number.floor() + &Number::one();
        match op {
            Compare::Ge => at_least(&number.ceiling(), false),
            Compare::Lt => at_least(&number.ceiling(), true),
            Compare::Gt => at_least(&above, false),
            Compare::Le => at_least(&above, true),
            Compare::Eq | Compare::Ne => match number.to_i64() {
                Some(value) => Bound::Equal(value, op == Compare::Ne),
                None => Bound::Always(op == Compare::Ne),
            },
        }
    }

    /// A bit for each of at most 64 values.
    fn holds(&self, values: &[i64]) -> u64 {
        let bits = |holds: &dyn Fn(i64) -> bool| {
            values.iter().enumerate().fold(0u64, |word, (at, value)| word | u64::from(holds(*value)) << at)
        };
        let (word, is_negated) = match *self {
            Bound::AtLeast(bound, is_negated) => (bits(&|value| value >= bound), is_negated),
            Bound::Equal(bound, is_negated) => (bits(&|value| value == bound), is_negated),
            Bound::Always(holds) => (0, holds),
        };
        if is_negated { !word } else { word }
    }
}
