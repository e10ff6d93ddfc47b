//! Slots found in the columns of a population.
//!
//! A decision looks for a fact in several places, one after another: the entry of the period, one without a period, the
//! age that a date gives, the years before founding, a certificate, facts one of which is enough, another document. For a population that order is
//! the same for all rows, so each slot becomes a chain of columns that is worked out once.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

use facts::{Date, FactId, FactType, Grain, Period, Unit, Vocabulary};
use population::{Column, Key, Population, Values};
use rustc_hash::FxHashMap;

use super::eval::Tested;
use super::program::{Slot, SlotKind};
use crate::point::{Calendar, EventSettles};

/// Everything that a plan reads, found in a population.
#[derive(Debug)]
pub(super) struct Bindings<'p> {
    /// The slots, in the order of the program.
    pub slots: Vec<BoundSlot<'p>>,
    /// What tests of codes come to, by their truth; found when first asked for.
    pub tested: Vec<OnceLock<Option<Tested>>>,
}

/// Where a slot is found.
#[derive(Debug)]
pub(super) struct BoundSlot<'p> {
    /// What its values are.
    pub shape: Shape,
    /// For each reference year the chain; a single one where the year is the same for all.
    pub chains: Vec<(i32, Chain<'p>)>,
    /// Which year this year is for each row, where a fact says it.
    pub reference: Option<Arc<ReferenceYears>>,
    /// Codes or texts of all columns together, those that sets may hold included, in the order of their first appearance.
    pub dictionary: Vec<String>,
    /// Places of `dictionary` by text.
    pub places: FxHashMap<String, u32>,
    /// The document that decides the fact where it is not given.
    pub deriving: Option<usize>,
}

/// What the values of a slot are.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Shape {
    /// True or false.
    Truth,
    /// Numbers and days.
    Number,
    /// A code or text.
    Text,
    /// A set of codes.
    Set,
}

/// The places in which a slot is looked for, in order.
#[derive(Debug, Default)]
pub(super) struct Chain<'p> {
    /// Columns, the first that gives something counts.
    pub columns: Vec<Link<'p>>,
    /// The columns of a date whose age this is, last first, and the unit of the age.
    pub age: Option<(Vec<&'p Column>, Option<&'static Unit>)>,
    /// The columns of the founding date, last first, and the complete year that may lie before it.
    pub founding: Option<(Vec<&'p Column>, i32)>,
    /// Certificates that say it.
    pub certificates: Option<&'p Column>,
    /// True where one of these is true, false where all of them are false; each its columns, last first.
    pub aliases: Vec<Vec<&'p Column>>,
}

/// A column of a chain.
#[derive(Debug)]
pub(super) struct Link<'p> {
    pub column: &'p Column,
    /// For something that happened: what the column's period says of the slot's.
    pub settles: Option<EventSettles>,
    /// Its dictionary in terms of the slot's.
    pub texts: Vec<u32>,
}

/// Finds slots in one population.
pub(super) struct Binder<'b, 'p> {
    pub vocabulary: &'b Vocabulary,
    pub population: &'p Population,
    pub calendar: Calendar,
    /// The document that decides a fact on the day, by its place in the plan.
    pub deriving: &'b dyn Fn(FactId) -> Option<usize>,
    /// The years of facts that say which year this year is, as far as they were needed.
    pub reference_years: RefCell<FxHashMap<FactId, Arc<ReferenceYears>>>,
    /// The years of the last days of columns of days, as far as they were needed.
    pub latest_years: RefCell<FxHashMap<*const Column, Option<i32>>>,
}

/// Which year this year is.
#[derive(Debug)]
pub(super) struct ReferenceYears {
    /// For each row.
    pub of_row: Vec<i32>,
    /// Those that occur, and the one that counts where none is given; ascending.
    pub occurring: Vec<i32>,
}

impl ReferenceYears {
    fn new(columns: &[&Column], rows: usize, day: Date) -> Self {
        let default = day.year - 1;
        let of_row = |row: usize| {
            let given = columns.iter().find(|column| column.is_given(row))?;
            match (&given.values, given.known.get(row)) {
                (Values::Numbers { scale: 0, mantissas }, true) => i32::try_from(mantissas[row]).ok(),
                _ => match given.value(row)? {
                    facts::Value::Number(number) => i32::try_from(number.to_i64()?).ok(),
                    _ => None,
                },
            }
        };
        let of_row: Vec<i32> = (0..rows).map(|row| of_row(row).unwrap_or(default)).collect();
        let mut occurring: BTreeSet<i32> = [default].into();
        let mut last = default;
        for year in &of_row {
            if *year != last {
                occurring.insert(*year);
                last = *year;
            }
        }
        Self { of_row, occurring: occurring.into_iter().collect() }
    }
}

impl<'p> Binder<'_, 'p> {
    pub fn bind(&self, slot: &Slot) -> BoundSlot<'p> {
        let mut bound = BoundSlot {
            shape: self.shape(slot),
            chains: Vec::new(),
            reference: None,
            dictionary: Vec::new(),
            places: FxHashMap::default(),
            deriving: None,
        };
        let Some(population) = self.party(&slot.path) else {
            bound.chains.push((self.calendar.reference, Chain::default()));
            return bound;
        };
        match &slot.kind {
            SlotKind::Fact { fact, reference, derived, .. } => {
                if *derived && slot.path.is_empty() {
                    bound.deriving = (self.deriving)(*fact);
                }
                if let Some(reference) = reference {
                    let years = self.reference_years(*reference);
                    for year in &years.occurring {
                        let chain = self.fact_chain(population, slot, *year);
                        bound.chains.push((*year, chain));
                    }
                    bound.reference = Some(years);
                } else {
                    let chain = self.fact_chain(population, slot, self.calendar.reference);
                    bound.chains.push((self.calendar.reference, chain));
                }
            }
            SlotKind::Status(name) => {
                let facts =
                    self.vocabulary.status(name).map(|status| status.facts.as_slice()).unwrap_or_default();
                let chain = Chain {
                    certificates: population.status(name),
                    aliases: self.aliases(population, facts),
                    ..Chain::default()
                };
                bound.chains.push((self.calendar.reference, chain));
            }
            SlotKind::Manual(id) => {
                let columns = population.manual(id).into_iter().map(plain).collect();
                bound.chains.push((self.calendar.reference, Chain { columns, ..Chain::default() }));
            }
            SlotKind::Document(_) => bound.chains.push((self.calendar.reference, Chain::default())),
        }
        bound.join_dictionaries();
        bound
    }

    /// The population of related parties at the end of a path; `None` where nothing is known of any.
    fn party(&self, path: &[String]) -> Option<&'p Population> {
        let mut at = self.population;
        for role in path {
            at = &at.roles().get(role)?.parties;
        }
        Some(at)
    }

    /// The columns of yes-or-no facts, one of which is enough.
    fn aliases(&self, population: &'p Population, facts: &[String]) -> Vec<Vec<&'p Column>> {
        let facts = facts.iter().filter_map(|fact| self.vocabulary.find(fact));
        facts.map(|fact| newest_first(population, fact)).collect()
    }

    fn shape(&self, slot: &Slot) -> Shape {
        match &slot.kind {
            SlotKind::Fact { fact, .. } => match self.vocabulary.get(*fact).fact_type {
                FactType::Bool | FactType::Event => Shape::Truth,
                FactType::Code | FactType::Text => Shape::Text,
                FactType::Codes => Shape::Set,
                _ => Shape::Number,
            },
            _ => Shape::Truth,
        }
    }

    /// Which year this year is for each row by that fact, found once for all slots that hang on it.
    fn reference_years(&self, reference: FactId) -> Arc<ReferenceYears> {
        let mut known = self.reference_years.borrow_mut();
        let years = known.entry(reference).or_insert_with(|| {
            let columns = newest_first(self.population, reference);
            Arc::new(ReferenceYears::new(&columns, self.population.rows(), self.calendar.day))
        });
        Arc::clone(years)
    }

    /// The year of the last day of a column of days; none where not all of it is plain days.
    fn latest_year(&self, column: &'p Column) -> Option<i32> {
        let mut known = self.latest_years.borrow_mut();
        *known.entry(std::ptr::from_ref(column)).or_insert_with(|| {
            let Values::Days(days) = &column.values else { return None };
            if !column.special.is_empty() {
                return None;
            }
            // What stands in a row that is not known is nought, long ago.
            let last = days.iter().copied().max().unwrap_or(0);
            Some(Date::from_epoch_days(i64::from(last))?.year)
        })
    }

    fn fact_chain(&self, population: &'p Population, slot: &Slot, year: i32) -> Chain<'p> {
        let SlotKind::Fact { fact, period, default, or_unstated, reference, .. } = &slot.kind else {
            return Chain::default();
        };
        let calendar = Calendar { reference: year, ..self.calendar };
        let definition = self.vocabulary.get(*fact);
        let default = default.as_ref();
        let mut chain = Chain::default();
        let columns = || {
            population.fact(*fact).rev().filter_map(|(key, column)| match key {
                Key::Fact(_, period) => Some((period, column)),
                _ => None,
            })
        };
        if definition.fact_type == FactType::Event {
            for (of_entry, column) in columns() {
                let settles = calendar.event_settles(of_entry, period, default);
                if settles != EventSettles::default() {
                    chain.columns.push(Link { column, settles: Some(settles), texts: Vec::new() });
                }
            }
        } else {
            let or_unstated = match reference {
                Some(_) => calendar.is_default(period, default, definition),
                None => *or_unstated,
            };
            let of_period = columns().filter(|(of_entry, _)| calendar.answers(of_entry, period));
            let unstated = columns().filter(|(of_entry, _)| {
                or_unstated && **of_entry == Period::Unstated && !calendar.answers(of_entry, period)
            });
            chain.columns.extend(of_period.chain(unstated).map(|(_, column)| plain(column)));
        }
        let since = definition.since.as_deref().filter(|_| definition.grain == Grain::Once);
        if let Some(since) = since.and_then(|since| self.vocabulary.find(since)) {
            chain.age = Some((newest_first(population, since), definition.unit));
        }
        let founding = self.vocabulary.facts().find(|(_, definition)| definition.founding);
        if let (Some((founding, _)), Some(year)) = (founding, calendar.complete_year(period)) {
            let dates = newest_first(population, founding);
            // Where everybody was founded by then, no row needs to be asked.
            if dates.iter().any(|dates| self.latest_year(dates).is_none_or(|latest| year < latest)) {
                chain.founding = Some((dates, year));
            }
        }
        let status = self.vocabulary.statuses.iter().find(|status| status.facts.contains(&definition.name));
        chain.certificates = status.and_then(|status| population.status(&status.name));
        chain.aliases = self.aliases(population, &definition.any_of);
        chain
    }
}

impl BoundSlot<'_> {
    /// One dictionary for the texts of all columns.
    fn join_dictionaries(&mut self) {
        let Self { chains, dictionary, places, .. } = self;
        for link in chains.iter_mut().flat_map(|(_, chain)| &mut chain.columns) {
            let of_column = match &link.column.values {
                Values::Texts { dictionary, .. } => dictionary.as_slice(),
                Values::Sets(sets) => sets.codes(),
                _ => continue,
            };
            link.texts = of_column.iter().map(|text| place_of(dictionary, places, text)).collect();
            for value in link.column.special.values() {
                if let facts::Value::Code(text) | facts::Value::Text(text) = value {
                    place_of(dictionary, places, text);
                }
            }
        }
    }

    /// The place of a text in the dictionary, new or known.
    pub fn place(&mut self, text: &str) -> u32 {
        place_of(&mut self.dictionary, &mut self.places, text)
    }
}

fn place_of(dictionary: &mut Vec<String>, places: &mut FxHashMap<String, u32>, text: &str) -> u32 {
    if let Some(place) = places.get(text) {
        return *place;
    }
    let place = u32::try_from(dictionary.len()).expect("a column has fewer than 2^32 rows, so fewer texts");
    dictionary.push(text.to_owned());
    places.insert(text.to_owned(), place);
    place
}

fn plain(column: &Column) -> Link<'_> {
    Link { column, settles: None, texts: Vec::new() }
}

/// The columns of a fact, whatever their period: the last that gives something is the fact's own.
fn newest_first(population: &Population, fact: FactId) -> Vec<&Column> {
    population.fact(fact).rev().map(|(_, column)| column).collect()
}
