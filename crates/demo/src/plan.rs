//! The columns of a kind: what the vocabulary declares for it, each with how its cells come about.

use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_schema::{DataType, Field, Fields};
use facts::{FactDefinition, FactId, FactType, Number, Period, Unit, Vocabulary};

use crate::calendar::{Calendar, Slot, When};
use crate::cells;
use crate::dice::question;
use crate::generic::Generic;
use crate::subject::{Block, How, ONE, Subject, Table};

/// From what the columns of all kinds come.
#[derive(Clone, Copy)]
pub(crate) struct Frame<'v> {
    pub(crate) vocabulary: &'v Vocabulary,
    pub(crate) calendar: &'v Calendar,
    /// What documents read, years written out.
    pub(crate) asked: &'v [(FactId, Period)],
}

impl Frame<'_> {
    /// The periods in which a fact has columns: the usual ones of its grain, then what is read beyond these.
    fn slots(&self, id: FactId) -> Vec<Slot> {
        let definition = self.vocabulary.get(id);
        let mut slots = self.calendar.slots(definition);
        for (_, period) in self.asked.iter().filter(|(fact, _)| *fact == id) {
            let slot = self.calendar.asked(definition, period);
            slots.extend(slot.filter(|slot| slots.iter().all(|known| known.period != slot.period)));
        }
        slots
    }
}

/// The columns of one kind of subject or item.
pub(crate) struct Plan<S: 'static> {
    pub(crate) columns: Vec<Column<S>>,
}

/// One column.
pub(crate) struct Column<S: 'static> {
    pub(crate) field: Arc<Field>,
    /// The fact and the period it is about, where it is about a fact of the subject itself.
    pub(crate) about: Option<(FactId, Period)>,
    pub(crate) source: Source<S>,
}

/// Where the cells of a column come from.
pub(crate) enum Source<S: 'static> {
    Identity(fn(&S) -> String),
    Fact(Box<Fact<S>>),
    /// A part of the certificate for a status: its days, or whether it is held, with the question that its gaps hang on.
    Title(Holder<S>, Part, u64),
    /// What a person decided of a condition, by the number of that question.
    Judgement(u64),
    Items(Box<dyn Items<S>>),
}

/// Who holds a certificate, and from which day to which.
pub(crate) enum Holder<S: 'static> {
    Model(fn(&S) -> Option<(i32, i32)>),
    /// Some, at random, by the number of that question.
    Generic(u64),
}

/// What is told of a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    Held,
    From,
    To,
}

/// The items of a collection, for a run of subjects.
pub(crate) trait Items<S>: Send + Sync {
    /// Type of the column.
    fn data_type(&self) -> DataType;
    /// The column for these subjects.
    fn array(&self, subjects: &[S], today: i32) -> ArrayRef;
}

/// A column of a fact.
pub(crate) struct Fact<S: 'static> {
    pub(crate) block: Block,
    pub(crate) model: Model<S>,
    pub(crate) when: When,
    /// Who began after that day has no value.
    pub(crate) until: i32,
    /// The question of the fact, the same in all its periods.
    pub(crate) question: u64,
    /// The question whether this very cell is empty.
    pub(crate) gap: u64,
    /// The question whether a date was left out, for a fact that is its age: only who left it out gives the age.
    pub(crate) instead_of: Option<(Block, u64)>,
    pub(crate) shape: Shape,
}

/// How a fact derives: by hand, or from its definition alone.
pub(crate) enum Model<S: 'static> {
    Hand(&'static How<S>),
    Generic(Generic),
}

/// What values may be.
pub(crate) struct Shape {
    /// What one is among figures: 1 for counts and years, else a million.
    pub(crate) fine: i64,
    /// By how much figures are multiplied in the column.
    pub(crate) scale: i64,
    /// Least and greatest figure, and the step between figures.
    pub(crate) least: i64,
    pub(crate) most: i64,
    pub(crate) step: i64,
    /// Allowed words, in order; empty for free text.
    pub(crate) words: Vec<String>,
    /// Whether figures are written as text, since 无 may stand among them.
    pub(crate) is_text: bool,
}

impl Shape {
    fn of(definition: &FactDefinition) -> Self {
        let is_whole = matches!(definition.fact_type, FactType::Count | FactType::Year);
        let is_decimal = matches!(population::arrow_type(definition), DataType::Decimal128(..));
        let fine = if is_whole { 1 } else { ONE };
        let in_fine = |number: &Number| {
            let unit = match definition.fact_type {
                // Amounts of money are in yuan, and their columns in 万元.
                FactType::Money => Number::power_of_ten(4),
                _ => definition.unit.map_or_else(Number::one, Unit::scale),
            };
            let one = Number::ratio(fine, 1)?;
            (number * &one).checked_div(&unit)?.floor().to_i64()
        };
        let mut words: Vec<String> = definition.codes.iter().map(|value| value.code.clone()).collect();
        if definition.none_allowed && !words.is_empty() {
            words.push("无".to_owned());
        }
        Self {
            fine,
            scale: if is_whole && is_decimal { ONE } else { 1 },
            least: definition.least.as_ref().and_then(in_fine).unwrap_or(i64::MIN),
            most: definition.most.as_ref().and_then(in_fine).unwrap_or(i64::MAX),
            step: in_fine(&definition.grain_step()).unwrap_or(1).max(1),
            words,
            is_text: definition.none_allowed && definition.is_numeric(),
        }
    }

    /// The nearest figure that the definition allows.
    pub(crate) fn allowed(&self, figure: i64) -> i64 {
        let stepped = if self.step > 1 { figure.div_euclid(self.step) * self.step } else { figure };
        stepped.clamp(self.least, self.most.max(self.least))
    }
}

impl<S: Subject> Plan<S> {
    /// The columns that a kind has by the vocabulary.
    pub(crate) fn of(kind: &str, frame: Frame<'_>) -> Self {
        let vocabulary = frame.vocabulary;
        let mut plan = Self { columns: Vec::new() };
        for (header, text) in S::identity() {
            if is_of_known_role(header, vocabulary) {
                let field = Field::new(*header, DataType::Utf8, true);
                plan.add(field, None, Source::Identity(*text));
            }
        }
        for (id, definition) in vocabulary.facts() {
            if definition.of.iter().any(|of| of == kind) {
                let model = model::<S>(&definition.name).filter(|(_, how)| suits(how, definition));
                for slot in frame.slots(id) {
                    plan.add_fact(vocabulary, id, slot, model, "");
                }
            }
        }
        for (block, header, how) in models::<S>().filter(|(_, name, _)| name.contains('.')) {
            plan.add_by_header(vocabulary, header, (block, how));
        }
        plan
    }

    /// Adds the statuses of the vocabulary that this kind can hold: those with a certificate of its own, and those of
    /// which `is_open` says that anybody may hold them.
    pub(crate) fn add_titles(&mut self, vocabulary: &Vocabulary, is_open: fn(&str) -> bool) {
        for status in &vocabulary.statuses {
            let known = S::titles().iter().find(|(name, _)| *name == status.name);
            if known.is_none() && !is_open(&status.name) {
                continue;
            }
            let number = question(&status.name);
            for (suffix, part) in [("", Part::Held), (".from", Part::From), (".to", Part::To)] {
                let holder = known.map_or(Holder::Generic(number), |(_, held)| Holder::Model(*held));
                let data_type = if part == Part::Held { DataType::Boolean } else { DataType::Date32 };
                let field = Field::new(format!("status:{}{suffix}", status.name), data_type, true);
                self.add(field, None, Source::Title(holder, part, gap_of(&status.name)));
            }
        }
    }

    /// Adds columns for what persons decide.
    pub(crate) fn add_judgements(&mut self, conditions: &[String]) {
        for condition in conditions {
            let field = Field::new(format!("manual:{condition}"), DataType::Boolean, true);
            self.add(field, None, Source::Judgement(question(condition)));
        }
    }

    /// Adds a collection.
    pub(crate) fn add_items(&mut self, name: &str, items: Box<dyn Items<S>>) {
        self.add(Field::new(name, items.data_type(), true), None, Source::Items(items));
    }

    fn add(&mut self, field: Field, about: Option<(FactId, Period)>, source: Source<S>) {
        self.columns.push(Column { field: Arc::new(field), about, source });
    }

    /// A column whose model is named by the whole header: `销售收入.认定前一年`, `被投企业.成立月数.投资时`.
    fn add_by_header(&mut self, vocabulary: &Vocabulary, header: &str, model: (Block, &'static How<S>)) {
        if !is_of_known_role(header, vocabulary) {
            return;
        }
        let (role, rest) = match header.split_once('.') {
            Some((head, rest)) if vocabulary.find(head).is_none() => (head, rest),
            _ => ("", header),
        };
        let (name, period) = rest.split_once('.').unwrap_or((rest, ""));
        let Some(fact) = vocabulary.find(name) else { return };
        let period = if period.is_empty() {
            Period::Unstated
        } else if vocabulary.period(period.trim_end_matches("合计")).is_some() {
            Period::Label(period.to_owned())
        } else {
            return;
        };
        if suits(model.1, vocabulary.get(fact)) {
            let slot = Slot { period, when: When::Label, until: i32::MAX };
            self.add_fact(vocabulary, fact, slot, Some(model), role);
        }
    }

    fn add_fact(
        &mut self,
        vocabulary: &Vocabulary,
        id: FactId,
        slot: Slot,
        model: Option<(Block, &'static How<S>)>,
        role: &str,
    ) {
        let definition = vocabulary.get(id);
        let mut header = definition.name.clone();
        if slot.period != Period::Unstated {
            header = format!("{header}.{}", slot.period);
        }
        if !role.is_empty() {
            header = format!("{role}.{header}");
        }
        let since = definition.since.as_deref().and_then(|name| vocabulary.find(name));
        let date = since.map(|date| vocabulary.get(date).name.as_str());
        let block = model.map_or(Block::Other, |(block, _)| block);
        let fact = Fact {
            block,
            model: match model {
                Some((_, how)) => Model::Hand(how),
                None => Model::Generic(Generic::of(definition)),
            },
            when: slot.when,
            until: slot.until,
            question: question(&definition.name),
            gap: gap_of(&header),
            instead_of: date
                .map(|name| (self::model::<S>(name).map_or(Block::Other, |(block, _)| block), gap_of(name))),
            shape: Shape::of(definition),
        };
        let about = role.is_empty().then_some((id, slot.period));
        let field = Field::new(header, population::arrow_type(definition), true);
        self.add(field, about, Source::Fact(Box::new(fact)));
    }

    /// The fields of the columns.
    pub(crate) fn fields(&self) -> Fields {
        self.columns.iter().map(|column| Arc::clone(&column.field)).collect()
    }

    /// All columns for these subjects.
    pub(crate) fn arrays(&self, subjects: &[S], today: i32) -> Vec<ArrayRef> {
        self.columns.iter().map(|column| cells::array(column, subjects, today)).collect()
    }
}

/// The question whether the cell under a header is empty, which is not the one what stands in it.
fn gap_of(header: &str) -> u64 {
    question(&format!("{header}?"))
}

fn models<S: Subject>() -> impl Iterator<Item = (Block, &'static str, &'static How<S>)> {
    let of_table = |table: &&'static Table<S>| {
        let block = table.block;
        table.models.iter().map(move |(name, how)| (block, *name, how))
    };
    S::tables().iter().flat_map(of_table)
}

fn model<S: Subject>(name: &str) -> Option<(Block, &'static How<S>)> {
    models::<S>().find(|(_, known, _)| *known == name).map(|(block, _, how)| (block, how))
}

/// Whether a model makes values of that type; where a vocabulary means something else by the name, it does not.
fn suits<S>(how: &How<S>, definition: &FactDefinition) -> bool {
    match how {
        How::Figure(_) => definition.is_numeric() || definition.fact_type == FactType::Year,
        How::Truth(_) => matches!(definition.fact_type, FactType::Bool | FactType::Event),
        How::Word(_) => matches!(definition.fact_type, FactType::Code | FactType::Text),
        How::Day(_) => definition.fact_type == FactType::Date,
    }
}

/// A header `role.…` only where the vocabulary has that role.
fn is_of_known_role(header: &str, vocabulary: &Vocabulary) -> bool {
    let head = header.split_once('.').map(|(head, _)| head);
    head.is_none_or(|head| vocabulary.role(head).is_some() || vocabulary.find(head).is_some())
}
