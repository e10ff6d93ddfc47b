//! The zone: kinds of subject, how many of each there are, and their rows as columns.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{Schema, SchemaRef};
use facts::{Date, FactId, Period, SUBJECT_KINDS, Vocabulary};

use crate::calendar::Calendar;
use crate::cells;
use crate::firm::Firm;
use crate::incubation::{self, Institution};
use crate::items::{self, List, Person};
use crate::plan::{Frame, Items, Plan};
use crate::subject::{Block, Subject};
use crate::thing::{self, Thing};

/// Most enterprises of a zone.
pub const ENTERPRISES_MAX: u64 = 10_000_000;

/// Enterprises for each institution.
const ENTERPRISES_AN_INSTITUTION: u64 = 500;

/// Enterprises for each of the other subjects that stand by themselves.
const ENTERPRISES_A_THING: u64 = 5;

/// What hangs together decides a zone: the same settings and vocabulary make the same zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// Which of the possible zones.
    pub seed: u64,
    /// Number of enterprises, at most [`ENTERPRISES_MAX`]; the other kinds are in proportion.
    pub enterprises: u64,
    /// The day of decision. Series cover the five complete years before it and the running year to date.
    pub day: Date,
    /// What documents read, years written out: a fact that is read in a year before the series, or in a span of years of
    /// its own, has a column for that too.
    pub asked: Vec<(FactId, Period)>,
    /// Ids of conditions that persons decide on; enterprises get a column `manual:…` for each.
    pub judgements: Vec<String>,
}

/// A made-up zone. Nothing is computed before rows are asked for.
pub struct Zone {
    settings: Settings,
    calendar: Calendar,
    enterprises: Plan<Firm>,
    institutions: Plan<Institution>,
    persons: Plan<Person>,
    /// Kinds of which nothing is modelled.
    things: Vec<(String, Plan<Thing>)>,
}

/// Rows of one kind before their columns are made.
pub struct Rows(Inner);

enum Inner {
    Enterprises(Vec<Firm>),
    Institutions(Vec<Institution>),
    Persons(Vec<Person>),
    Things(usize, Vec<Thing>),
}

impl Rows {
    /// Puts the rows of another run of the same kind after these; `false`, and nothing done, where the kinds differ.
    pub fn append(&mut self, others: Rows) -> bool {
        match (&mut self.0, others.0) {
            (Inner::Enterprises(rows), Inner::Enterprises(others)) => rows.extend(others),
            (Inner::Institutions(rows), Inner::Institutions(others)) => rows.extend(others),
            (Inner::Persons(rows), Inner::Persons(others)) => rows.extend(others),
            (Inner::Things(kind, rows), Inner::Things(other, others)) if *kind == other => {
                rows.extend(others)
            }
            _ => return false,
        }
        true
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        match &self.0 {
            Inner::Enterprises(rows) => rows.len(),
            Inner::Institutions(rows) => rows.len(),
            Inner::Persons(rows) => rows.len(),
            Inner::Things(_, rows) => rows.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Zone {
    /// A zone with the columns that the vocabulary declares. More enterprises than [`ENTERPRISES_MAX`] are not made.
    pub fn new(vocabulary: &Vocabulary, mut settings: Settings) -> Self {
        settings.enterprises = settings.enterprises.min(ENTERPRISES_MAX);
        let calendar = Calendar::on(settings.day);
        let frame = Frame { vocabulary, calendar: &calendar, asked: &settings.asked };
        let mut enterprises = Plan::of("enterprise", frame);
        enterprises
            .add_titles(vocabulary, |name| Institution::titles().iter().all(|(title, _)| *title != name));
        enterprises.add_judgements(&settings.judgements);
        add_collections(&mut enterprises, "enterprise", frame, of_enterprise);
        let mut institutions = Plan::of("institution", frame);
        institutions.add_titles(vocabulary, |name| Firm::titles().iter().all(|(title, _)| *title != name));
        institutions.add_judgements(&settings.judgements);
        add_collections(&mut institutions, "institution", frame, of_institution);
        let mut persons = Plan::of("person", frame);
        persons.add_judgements(&settings.judgements);
        add_collections(&mut persons, "person", frame, |_, _| None);
        let modelled = ["enterprise", "institution", "person"];
        let others = SUBJECT_KINDS.iter().map(|(kind, _)| *kind).filter(|kind| !modelled.contains(kind));
        let thing = |kind: &str| {
            let mut plan = Plan::of(kind, frame);
            plan.add_judgements(&settings.judgements);
            add_collections(&mut plan, kind, frame, |_, _| None);
            (kind.to_owned(), plan)
        };
        let things = others.map(thing).collect();
        Self { settings, calendar, enterprises, institutions, persons, things }
    }

    /// The kinds of subject of which the vocabulary says anything, enterprises first.
    pub fn kinds(&self) -> Vec<&str> {
        let others = self.things.iter().map(|(kind, plan)| (kind.as_str(), says_anything(plan)));
        let all = [
            ("enterprise", says_anything(&self.enterprises)),
            ("institution", says_anything(&self.institutions)),
            ("person", says_anything(&self.persons)),
        ];
        all.into_iter().chain(others).filter(|(_, has_facts)| *has_facts).map(|(kind, _)| kind).collect()
    }

    /// How many subjects of a kind there are; 0 for a kind that is none of a subject.
    pub fn count(&self, kind: &str) -> u64 {
        let enterprises = self.settings.enterprises;
        match kind {
            "enterprise" => enterprises,
            "institution" => enterprises.div_ceil(ENTERPRISES_AN_INSTITUTION),
            _ if SUBJECT_KINDS.iter().any(|(known, _)| *known == kind) => {
                enterprises.div_ceil(ENTERPRISES_A_THING)
            }
            _ => 0,
        }
    }

    /// The columns of a kind; `None` for a kind that is none of a subject.
    pub fn schema(&self, kind: &str) -> Option<SchemaRef> {
        let fields = match kind {
            "enterprise" => self.enterprises.fields(),
            "institution" => self.institutions.fields(),
            "person" => self.persons.fields(),
            _ => self.things.iter().find(|(known, _)| known == kind)?.1.fields(),
        };
        Some(Arc::new(Schema::new(fields)))
    }

    /// Which column of a kind is about a fact in a period, as it stands in the header.
    pub fn column(&self, kind: &str, fact: FactId, period: &Period) -> Option<usize> {
        match kind {
            "enterprise" => place(&self.enterprises, fact, period),
            "institution" => place(&self.institutions, fact, period),
            "person" => place(&self.persons, fact, period),
            _ => place(&self.things.iter().find(|(known, _)| known == kind)?.1, fact, period),
        }
    }

    /// Rows of a kind, as far as there are so many; `None` for a kind that is none of a subject.
    pub fn rows(&self, kind: &str, rows: Range<u64>) -> Option<Rows> {
        let count = self.count(kind);
        let rows = rows.start.min(count)..rows.end.min(count);
        let (seed, calendar) = (self.settings.seed, &self.calendar);
        Some(Rows(match kind {
            "enterprise" => Inner::Enterprises(rows.map(|row| Firm::of(seed, row, calendar)).collect()),
            "institution" => {
                Inner::Institutions(rows.map(|row| Institution::of(seed, row, calendar)).collect())
            }
            "person" => Inner::Persons(rows.map(|row| Person::of(seed, row, calendar.today)).collect()),
            _ => {
                let place = self.things.iter().position(|(known, _)| known == kind)?;
                Inner::Things(place, rows.map(|row| Thing::of(seed, kind, row, calendar.today)).collect())
            }
        }))
    }

    /// One column of some rows, by its place in the schema; `None` past the last column.
    pub fn array(&self, rows: &Rows, column: usize) -> Option<ArrayRef> {
        match &rows.0 {
            Inner::Enterprises(rows) => self.of_plan(&self.enterprises, rows, column),
            Inner::Institutions(rows) => self.of_plan(&self.institutions, rows, column),
            Inner::Persons(rows) => self.of_plan(&self.persons, rows, column),
            Inner::Things(kind, rows) => self.of_plan(&self.things[*kind].1, rows, column),
        }
    }

    fn of_plan<S: Subject>(&self, plan: &Plan<S>, rows: &[S], column: usize) -> Option<ArrayRef> {
        plan.columns.get(column).map(|column| cells::array(column, rows, self.calendar.today))
    }

    /// All columns of some rows of a kind; `None` for a kind that is none of a subject.
    pub fn batch(&self, kind: &str, rows: Range<u64>) -> Option<RecordBatch> {
        let schema = self.schema(kind)?;
        let rows = self.rows(kind, rows)?;
        let arrays = (0..schema.fields().len()).filter_map(|column| self.array(&rows, column)).collect();
        Some(
            RecordBatch::try_new(schema, arrays)
                .expect("each array has the type of its field and a cell a row"),
        )
    }
}

fn place<S>(plan: &Plan<S>, fact: FactId, period: &Period) -> Option<usize> {
    plan.columns
        .iter()
        .position(|column| column.about.as_ref().is_some_and(|(id, at)| *id == fact && at == period))
}

/// Whether a kind has more than names.
fn says_anything<S>(plan: &Plan<S>) -> bool {
    plan.columns.iter().any(|column| column.about.is_some())
}

/// The items of a collection by the vocabulary.
struct Item<'v> {
    /// Kind of the items.
    kind: &'v str,
    frame: Frame<'v>,
}

impl Item<'_> {
    fn plan<I: Subject>(&self) -> Plan<I> {
        Plan::of(self.kind, self.frame)
    }
}

/// Finds the model of a collection by its name.
type Modelled<S> = fn(&str, &Item) -> Option<Box<dyn Items<S>>>;

fn of_enterprise(name: &str, item: &Item) -> Option<Box<dyn Items<Firm>>> {
    match name {
        "投资" => Some(Box::new(List::new(item.plan(), Block::Market, items::investments))),
        "招用重点群体" => Some(Box::new(List::new(item.plan(), Block::People, items::persons))),
        _ => None,
    }
}

fn of_institution(name: &str, item: &Item) -> Option<Box<dyn Items<Institution>>> {
    match name {
        "入驻企业" => Some(Box::new(List::new(item.plan(), Block::Market, incubation::tenants))),
        "曾入驻企业" => {
            Some(Box::new(List::new(item.plan(), Block::Market, incubation::former_tenants)))
        }
        _ => None,
    }
}

fn add_collections<S: Subject>(plan: &mut Plan<S>, kind: &str, frame: Frame<'_>, modelled: Modelled<S>) {
    for collection in frame.vocabulary.collections.iter().filter(|known| known.of.iter().any(|of| of == kind))
    {
        let item = Item { kind: &collection.item, frame };
        let items = modelled(&collection.name, &item)
            .unwrap_or_else(|| Box::new(List::new(item.plan(), Block::Other, thing::things::<S>)));
        plan.add_items(&collection.name, items);
    }
}
