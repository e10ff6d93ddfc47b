//! The values of slots for a chunk of rows.

mod gather;
mod mixed;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use facts::{Date, Value};
pub(super) use population::ones;
use population::{Column, Values};

use self::mixed::mixed;
use super::bind::{BoundSlot, Chain, Link, Shape};
use crate::point::aged;

/// Rows of a chunk: a range of the population's, beginning at a whole word of its bitmaps.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Rows {
    /// First row, a multiple of 64.
    pub start: usize,
    /// One past the last.
    pub end: usize,
}

impl Rows {
    pub fn len(self) -> usize {
        self.end - self.start
    }

    pub fn words(self) -> usize {
        self.len().div_ceil(64)
    }

    /// A bit for each row.
    pub fn all(self) -> Vec<u64> {
        let mut words = vec![u64::MAX; self.words()];
        if let (Some(last), rest @ 1..) = (words.last_mut(), self.len() % 64) {
            *last = (1 << rest) - 1;
        }
        words
    }

    fn bits(self, bits: &population::Bits) -> &[u64] {
        let first = self.start / 64;
        &bits.words()[first..first + self.words()]
    }
}

/// The values of a slot.
#[derive(Clone, Debug)]
pub(super) enum SlotChunk<'p> {
    Truth(TruthChunk),
    Number(NumberChunk<'p>),
    Text(TextChunk<'p>),
    Set(SetChunk<'p>),
}

/// True and false; neither is not known.
#[derive(Clone, Debug, Default)]
pub(super) struct TruthChunk {
    pub yes: Vec<u64>,
    pub no: Vec<u64>,
    /// Rows that only an exact decision can tell.
    pub odd: Vec<u64>,
}

/// Numbers: mantissa / 10^scale.
#[derive(Clone, Debug)]
pub(super) struct NumberChunk<'p> {
    pub scale: u8,
    pub mantissas: Cow<'p, [i64]>,
    pub known: Vec<u64>,
    /// 无
    pub nothing: Option<Vec<u64>>,
    /// The year lies before founding.
    pub before: Option<Vec<u64>>,
    /// Rows that only an exact decision can tell.
    pub odd: Option<Vec<u64>>,
}

/// Codes or texts by their place in the slot's dictionary.
#[derive(Clone, Debug)]
pub(super) struct TextChunk<'p> {
    pub indices: Cow<'p, [u32]>,
    pub known: Vec<u64>,
    /// 无
    pub nothing: Option<Vec<u64>>,
    /// Rows that only an exact decision can tell.
    pub odd: Option<Vec<u64>>,
}

/// Sets of codes, a bit for each code of the slot's dictionary.
#[derive(Clone, Debug)]
pub(super) struct SetChunk<'p> {
    /// Words of a row's mask.
    pub words: usize,
    pub masks: Cow<'p, [u64]>,
    pub known: Vec<u64>,
    /// 无
    pub nothing: Option<Vec<u64>>,
    /// Rows that only an exact decision can tell.
    pub odd: Option<Vec<u64>>,
}

pub(super) fn get(words: &[u64], row: usize) -> bool {
    words[row / 64] >> (row % 64) & 1 == 1
}

pub(super) fn set(words: &mut [u64], row: usize) {
    words[row / 64] |= 1 << (row % 64);
}

pub(super) fn set_in(words: &mut Option<Vec<u64>>, row: usize, size: usize) {
    set(words.get_or_insert_with(|| vec![0; size]), row);
}

impl<'p> BoundSlot<'p> {
    /// The slot's values for a chunk; what other documents decide is added by the caller.
    pub fn chunk(&self, rows: Rows, day: Date) -> SlotChunk<'p> {
        match self.chains.as_slice() {
            [(_, only)] => self.of_chain(only, rows, day),
            chains => {
                let years =
                    self.reference.as_ref().map_or(&[][..], |years| &years.of_row[rows.start..rows.end]);
                let used: BTreeSet<i32> =
                    years.chunk_by(|left, right| left == right).map(|same| same[0]).collect();
                let chain = |year: i32| chains.iter().find(|(of, _)| *of == year).map(|(_, chain)| chain);
                let of_year = |year: i32| Some((year, self.of_chain(chain(year)?, rows, day)));
                let mut parts: BTreeMap<i32, SlotChunk<'p>> = used.into_iter().filter_map(of_year).collect();
                match parts.len() {
                    1 => parts.pop_first().expect("there is one").1,
                    _ => mixed(years, &parts, rows),
                }
            }
        }
    }

    fn of_chain(&self, chain: &Chain<'p>, rows: Rows, day: Date) -> SlotChunk<'p> {
        match self.shape {
            Shape::Truth => SlotChunk::Truth(truths(chain, rows, day)),
            Shape::Number => SlotChunk::Number(numbers(chain, rows, day)),
            Shape::Text => SlotChunk::Text(self.texts(chain, rows)),
            Shape::Set => SlotChunk::Set(self.sets(chain, rows)),
        }
    }

    fn texts(&self, chain: &Chain<'p>, rows: Rows) -> TextChunk<'p> {
        let size = rows.words();
        let mut chunk =
            TextChunk { indices: Cow::Borrowed(&[]), known: vec![0; size], nothing: None, odd: None };
        if let [Link { column, texts, .. }] = chain.columns.as_slice()
            && let Values::Texts { indices, .. } = &column.values
            && column.special.is_empty()
            && is_same_order(texts)
        {
            chunk.indices = Cow::Borrowed(&indices[rows.start..rows.end]);
            chunk.known.copy_from_slice(rows.bits(&column.known));
            return chunk;
        }
        let mut out = vec![0; rows.len()];
        let mut open = rows.all();
        for Link { column, texts, .. } in &chain.columns {
            let known = rows.bits(&column.known);
            for row in ones(&both(&open, known)) {
                match &column.values {
                    Values::Texts { indices, .. } => out[row] = texts[indices[rows.start + row] as usize],
                    _ => {
                        set_in(&mut chunk.odd, row, size);
                        continue;
                    }
                }
                set(&mut chunk.known, row);
            }
            clear(&mut open, known);
            for (row, value) in column.special.range(rows.start..rows.end) {
                let row = row - rows.start;
                if !get(&open, row) {
                    continue;
                }
                match value {
                    Value::Nothing => set_in(&mut chunk.nothing, row, size),
                    Value::Code(text) | Value::Text(text) => {
                        out[row] = self.places[text];
                        set(&mut chunk.known, row);
                    }
                    _ => set_in(&mut chunk.odd, row, size),
                }
                open[row / 64] &= !(1 << (row % 64));
            }
        }
        chunk.indices = Cow::Owned(out);
        chunk
    }

    fn sets(&self, chain: &Chain<'p>, rows: Rows) -> SetChunk<'p> {
        let size = rows.words();
        let words = self.dictionary.len().div_ceil(64);
        let mut chunk =
            SetChunk { words, masks: Cow::Borrowed(&[]), known: vec![0; size], nothing: None, odd: None };
        if let [Link { column, texts, .. }] = chain.columns.as_slice()
            && let Values::Sets(sets) = &column.values
            && column.special.is_empty()
            && is_same_order(texts)
            && sets.words() == words
        {
            chunk.masks = Cow::Borrowed(sets.masks(rows.start..rows.end));
            chunk.known.copy_from_slice(rows.bits(&column.known));
            return chunk;
        }
        let mut out = vec![0u64; rows.len() * words];
        let mut open = rows.all();
        for Link { column, texts, .. } in &chain.columns {
            let known = rows.bits(&column.known);
            for row in ones(&both(&open, known)) {
                let Values::Sets(sets) = &column.values else {
                    set_in(&mut chunk.odd, row, size);
                    continue;
                };
                for place in ones(sets.mask(rows.start + row)) {
                    set(&mut out[row * words..], texts[place] as usize);
                }
                set(&mut chunk.known, row);
            }
            clear(&mut open, known);
            for (row, value) in column.special.range(rows.start..rows.end) {
                let row = row - rows.start;
                if !get(&open, row) {
                    continue;
                }
                let into = if *value == Value::Nothing { &mut chunk.nothing } else { &mut chunk.odd };
                set_in(into, row, size);
                open[row / 64] &= !(1 << (row % 64));
            }
        }
        chunk.masks = Cow::Owned(out);
        chunk
    }
}

/// Whether a column's dictionary is the slot's.
fn is_same_order(texts: &[u32]) -> bool {
    texts.iter().enumerate().all(|(at, place)| at == *place as usize)
}

fn both(left: &[u64], right: &[u64]) -> Vec<u64> {
    left.iter().zip(right).map(|(a, b)| a & b).collect()
}

fn clear(from: &mut [u64], what: &[u64]) {
    from.iter_mut().zip(what).for_each(|(from, what)| *from &= !what);
}

fn truths(chain: &Chain<'_>, rows: Rows, day: Date) -> TruthChunk {
    let size = rows.words();
    let mut chunk = TruthChunk { yes: vec![0; size], no: vec![0; size], odd: vec![0; size] };
    let mut open = rows.all();
    for Link { column, settles, .. } in &chain.columns {
        let (if_true, if_false) =
            settles.map_or((true, true), |it| (it.always || it.if_true, it.always || it.if_false));
        if let Values::Bools(values) = &column.values {
            let (known, values) = (rows.bits(&column.known), rows.bits(values));
            for at in 0..size {
                let yes = if if_true { open[at] & known[at] & values[at] } else { 0 };
                let no = if if_false { open[at] & known[at] & !values[at] } else { 0 };
                chunk.yes[at] |= yes;
                chunk.no[at] |= no;
                open[at] &= !(yes | no);
            }
        }
        let counts_special = settles.is_none_or(|settles| settles.always);
        for (row, _) in column.special.range(rows.start..rows.end).filter(|_| counts_special) {
            let row = row - rows.start;
            if get(&open, row) {
                set(&mut chunk.odd, row);
                open[row / 64] &= !(1 << (row % 64));
            }
        }
    }
    if let Some(column) = chain.certificates {
        for row in ones(&open.clone()) {
            if let Some(holding) = column.holding(rows.start + row) {
                let held = holding.is_valid_on(day);
                set(if held { &mut chunk.yes } else { &mut chunk.no }, row);
                open[row / 64] &= !(1 << (row % 64));
            }
        }
    }
    if !chain.aliases.is_empty() {
        for row in ones(&open) {
            match of_aliases(&chain.aliases, rows.start + row) {
                Some(true) => set(&mut chunk.yes, row),
                Some(false) => set(&mut chunk.no, row),
                None => {}
            }
        }
    }
    chunk
}

/// True where one is true, false where all are false.
fn of_aliases(aliases: &[Vec<&Column>], row: usize) -> Option<bool> {
    let mut all_denied = true;
    for columns in aliases {
        let given = columns.iter().find(|column| column.is_given(row));
        match given.and_then(|column| column.value(row)) {
            Some(Value::Bool(true)) => return Some(true),
            Some(Value::Bool(false)) => {}
            _ => all_denied = false,
        }
    }
    all_denied.then_some(false)
}

fn numbers<'p>(chain: &Chain<'p>, rows: Rows, day: Date) -> NumberChunk<'p> {
    let size = rows.words();
    let mut chunk = NumberChunk {
        scale: 0,
        mantissas: Cow::Borrowed(&[]),
        known: vec![0; size],
        nothing: None,
        before: None,
        odd: None,
    };
    let is_alone = chain.age.is_none() && chain.columns.len() == 1;
    if let (true, [Link { column, .. }]) = (is_alone, chain.columns.as_slice())
        && let Values::Numbers { scale, mantissas } = &column.values
        && column.special.is_empty()
    {
        chunk.scale = *scale;
        chunk.mantissas = Cow::Borrowed(&mantissas[rows.start..rows.end]);
        chunk.known.copy_from_slice(rows.bits(&column.known));
        let mut open = rows.all();
        clear(&mut open, &chunk.known);
        before_founding(chain, rows, &open, &mut chunk);
        return chunk;
    }
    let scale_of = |link: &Link<'_>| match &link.column.values {
        Values::Numbers { scale, .. } => *scale,
        _ => 0,
    };
    chunk.scale = chain.columns.iter().map(scale_of).max().unwrap_or(0);
    let mut out = vec![0i64; rows.len()];
    let mut open = rows.all();
    for Link { column, .. } in &chain.columns {
        add_column(column, rows, &mut open, &mut chunk, &mut out);
    }
    if let Some((dates, unit)) = &chain.age {
        for row in ones(&open.clone()) {
            let given = dates.iter().find(|column| column.is_given(rows.start + row));
            let Some(Value::Date(date)) = given.and_then(|column| column.value(rows.start + row)) else {
                continue;
            };
            let age = aged(date.start, day, *unit).to_i64();
            match age.and_then(|age| scaled(age, chunk.scale)) {
                Some(mantissa) => {
                    out[row] = mantissa;
                    set(&mut chunk.known, row);
                }
                None => set_in(&mut chunk.odd, row, size),
            }
            open[row / 64] &= !(1 << (row % 64));
        }
    }
    chunk.mantissas = Cow::Owned(out);
    before_founding(chain, rows, &open, &mut chunk);
    chunk
}

fn scaled(number: i64, scale: u8) -> Option<i64> {
    number.checked_mul(10i64.checked_pow(u32::from(scale))?)
}

fn add_column(column: &Column, rows: Rows, open: &mut [u64], chunk: &mut NumberChunk<'_>, out: &mut [i64]) {
    let size = rows.words();
    let known = rows.bits(&column.known);
    let here = both(open, known);
    let factor = |scale: u8| 10i64.checked_pow(u32::from(chunk.scale - scale));
    match &column.values {
        Values::Numbers { scale, mantissas } => {
            let of_row = &mantissas[rows.start..rows.end];
            add_rows(&here, factor(*scale), |row| of_row[row], chunk, out);
        }
        Values::Days(days) if chunk.scale == 0 && chunk.known.iter().all(|known| *known == 0) => {
            // What it puts where nothing is known means nothing.
            let of_row = &days[rows.start..rows.end];
            out.iter_mut().zip(of_row).for_each(|(out, day)| *out = i64::from(*day));
            chunk.known.copy_from_slice(&here);
        }
        Values::Days(days) => {
            let of_row = &days[rows.start..rows.end];
            add_rows(&here, factor(0), |row| i64::from(of_row[row]), chunk, out);
        }
        _ => ones(&here).for_each(|row| set_in(&mut chunk.odd, row, size)),
    }
    clear(open, known);
    for (row, value) in column.special.range(rows.start..rows.end) {
        let row = row - rows.start;
        if !get(open, row) {
            continue;
        }
        match value {
            Value::Nothing => set_in(&mut chunk.nothing, row, size),
            Value::Date(date) => match scaled(date.start.to_epoch_days(), chunk.scale) {
                Some(mantissa) => {
                    out[row] = mantissa;
                    set(&mut chunk.known, row);
                }
                None => set_in(&mut chunk.odd, row, size),
            },
            _ => set_in(&mut chunk.odd, row, size),
        }
        open[row / 64] &= !(1 << (row % 64));
    }
}

/// Adds values of some rows times a factor; what does not fit is odd.
fn add_rows(
    here: &[u64],
    factor: Option<i64>,
    value: impl Fn(usize) -> i64,
    chunk: &mut NumberChunk<'_>,
    out: &mut [i64],
) {
    chunk.known.iter_mut().zip(here).for_each(|(known, here)| *known |= here);
    if factor == Some(1) {
        ones(here).for_each(|row| out[row] = value(row));
        return;
    }
    for row in ones(here) {
        match factor.and_then(|factor| value(row).checked_mul(factor)) {
            Some(mantissa) => out[row] = mantissa,
            None => {
                chunk.known[row / 64] &= !(1 << (row % 64));
                set_in(&mut chunk.odd, row, here.len());
            }
        }
    }
}

/// Whether all days of a column lie in that year or before it, as far as plain days tell.
fn is_never_after(column: &Column, year: i32, rows: Rows) -> bool {
    let Values::Days(days) = &column.values else { return false };
    let Some(next) = Date::new(year + 1, 1, 1) else { return false };
    // What stands in a row that is not known is nought, long ago.
    let last = days[rows.start..rows.end].iter().copied().max().unwrap_or(i32::MIN);
    i64::from(last) < next.to_epoch_days() && column.special.range(rows.start..rows.end).next().is_none()
}

/// Marks the rows, of those still open, whose founding lies after the year.
fn before_founding(chain: &Chain<'_>, rows: Rows, open: &[u64], chunk: &mut NumberChunk<'_>) {
    let Some((dates, year)) = &chain.founding else { return };
    if dates.iter().all(|column| is_never_after(column, *year, rows)) {
        return;
    }
    for row in ones(open) {
        let given = dates.iter().find(|column| column.is_given(rows.start + row));
        if let Some(Value::Date(date)) = given.and_then(|column| column.value(rows.start + row))
            && *year < date.start.year
        {
            set_in(&mut chunk.before, row, rows.words());
        }
    }
}
