//! What the columns of a file are about, understood once for all its batches.

use std::collections::BTreeMap;

use arrow_schema::{DataType, FieldRef, Fields, Schema};
use facts::read::{
    COLUMNS_MAX, CellProblem, Key as Named, ReadProblem, StatusPart, parse_header, quarters_in_one,
};
use facts::{FactId, Period, Severity, Text, Unit, Vocabulary};

use crate::{Wanted, accept};

/// Deepest nesting of parties and items: a party of an item of a party …
pub const NESTING_DEPTH_MAX: usize = 8;

/// The columns of a file or of a struct in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Header {
    pub(crate) kind: String,
    pub(crate) identity: Vec<(Place, Identity)>,
    pub(crate) facts: Vec<FactPlace>,
    pub(crate) manual: Vec<(Place, String)>,
    pub(crate) statuses: BTreeMap<String, Vec<(Place, StatusPart)>>,
    pub(crate) collections: BTreeMap<String, CollectionPlace>,
    pub(crate) roles: BTreeMap<String, RolePlace>,
}

/// A column: its index in the batch or struct, and its heading with those of the structs around it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    pub(crate) index: usize,
    pub(crate) path: String,
}

/// What a column says about who a row is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Identity {
    CreditCode,
    Id,
    Name,
    Kind,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct FactPlace {
    pub(crate) place: Place,
    pub(crate) fact: FactId,
    pub(crate) period: Period,
    /// Unit of bare numbers; `None` for the definition's own.
    pub(crate) unit: Option<&'static Unit>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct CollectionPlace {
    pub(crate) place: Place,
    /// `None` where the column can only say that there are no items.
    pub(crate) items: Option<Header>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct RolePlace {
    /// The struct that holds the party; `None` where its columns stand beside the others.
    pub(crate) place: Option<Place>,
    pub(crate) header: Header,
}

/// Something wrong with a whole column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// Heading of the column; empty for the file as a whole.
    pub column: String,
    /// An error: the file cannot be read. A warning: it is read without this column.
    pub severity: Severity,
    /// What is wrong, and what to do.
    pub problem: CellProblem,
}

impl Finding {
    pub(crate) fn error(column: &str, problem: CellProblem) -> Self {
        Self { column: column.to_owned(), severity: Severity::Error, problem }
    }

    /// An error, behind a pointer, as it is handed up from where a batch is read.
    pub(crate) fn boxed(column: &str, problem: CellProblem) -> Box<Self> {
        Box::new(Self::error(column, problem))
    }

    fn warning(column: &str, problem: CellProblem) -> Self {
        Self { column: column.to_owned(), severity: Severity::Warning, problem }
    }

    /// As a problem of a file of that name.
    pub fn at(self, file: &str) -> ReadProblem {
        let column = &self.column;
        let place = match column.as_str() {
            "" => Text { zh: file.to_owned(), en: file.to_owned() },
            _ => {
                Text { zh: format!("{file} 列“{column}”"), en: format!("{file}, column “{column}”") }
            }
        };
        self.problem.at(place)
    }
}

impl Header {
    /// Understands the columns of a file whose rows are of that kind; what is not understood is told, and left out.
    ///
    /// Each field's name is a header as in a table that a person fills in: `研发费用.2025(元)`, `成立日期`,
    /// `status:高新技术企业.to`, `manual:market-share`, `统一社会信用代码`. A collection is a list of structs, a related party a
    /// struct or columns `被投企业.资产总额.投资时`.
    pub fn parse(schema: &Schema, vocabulary: &Vocabulary, kind: &str) -> (Self, Vec<Finding>) {
        let mut parser = Parser { vocabulary, found: Vec::new() };
        let header = parser.fields(&schema.fields, kind, "", 0);
        (header, parser.found)
    }

    /// Kind of the rows.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// The columns of facts, in order.
    pub fn facts(&self) -> impl Iterator<Item = (FactId, &Period)> {
        self.facts.iter().map(|column| (column.fact, &column.period))
    }

    /// The wanted facts of the rows themselves that no column gives: they are unknown of every row.
    pub fn missing_facts(&self, wanted: &Wanted) -> Vec<FactId> {
        let is_missing = |fact: &FactId| self.facts.iter().all(|column| column.fact != *fact);
        wanted.facts.iter().flatten().copied().filter(is_missing).collect()
    }

    /// Only the columns that are wanted, with what says who a row is: their indices in the schema, ascending, and the
    /// header for batches that hold these columns alone.
    pub fn select(&self, wanted: &Wanted) -> (Vec<usize>, Self) {
        let mut header = self.clone();
        header.keep(wanted);
        let mut indices = Vec::new();
        header.each_place(&mut |place| indices.push(place.index));
        indices.sort_unstable();
        indices.dedup();
        header.each_place(&mut |place| {
            place.index = indices.binary_search(&place.index).expect("each index is in the list");
        });
        (indices, header)
    }

    fn keep(&mut self, wanted: &Wanted) {
        if let Some(facts) = &wanted.facts {
            self.facts.retain(|column| facts.contains(&column.fact));
        }
        if let Some(manual) = &wanted.manual {
            self.manual.retain(|(_, id)| manual.contains(id));
        }
        if let Some(statuses) = &wanted.statuses {
            self.statuses.retain(|name, _| statuses.contains(name));
        }
        if let Some(collections) = &wanted.collections {
            self.collections.retain(|name, _| collections.contains_key(name));
            for (name, column) in &mut self.collections {
                if let (Some(items), Some(wanted)) = (&mut column.items, collections.get(name)) {
                    items.keep(wanted);
                }
            }
        }
        if let Some(roles) = &wanted.roles {
            self.roles.retain(|role, _| roles.contains_key(role));
            for (role, party) in &mut self.roles {
                // Which rows have a party can hang on any of its columns, where these stand beside the others.
                if let (Some(wanted), true) = (roles.get(role), party.place.is_some()) {
                    party.header.keep(wanted);
                }
            }
        }
    }

    /// Each column of this level; a party's columns are of this level unless they stand in a struct.
    fn each_place(&mut self, visit: &mut impl FnMut(&mut Place)) {
        self.identity.iter_mut().for_each(|(place, _)| visit(place));
        self.facts.iter_mut().for_each(|column| visit(&mut column.place));
        self.manual.iter_mut().for_each(|(place, _)| visit(place));
        self.statuses.values_mut().flatten().for_each(|(place, _)| visit(place));
        self.collections.values_mut().for_each(|column| visit(&mut column.place));
        for party in self.roles.values_mut() {
            match &mut party.place {
                Some(place) => visit(place),
                None => party.header.each_place_dyn(visit),
            }
        }
    }

    /// The same behind a pointer: a generic function that calls itself would have endless types.
    fn each_place_dyn(&mut self, visit: &mut dyn FnMut(&mut Place)) {
        self.each_place(&mut |place: &mut Place| visit(place));
    }
}

struct Parser<'v> {
    vocabulary: &'v Vocabulary,
    found: Vec<Finding>,
}

impl Parser<'_> {
    fn fields(&mut self, fields: &Fields, kind: &str, prefix: &str, depth: usize) -> Header {
        let mut header = Header { kind: kind.to_owned(), ..Header::default() };
        if fields.len() > COLUMNS_MAX || depth > NESTING_DEPTH_MAX {
            self.found.push(Finding::error(prefix.trim_end_matches('.'), too_large(fields.len())));
            return header;
        }
        for (index, field) in fields.iter().enumerate() {
            let place = Place { index, path: format!("{prefix}{}", field.name()) };
            match parse_header(self.vocabulary, field.name()) {
                Ok((key, unit)) => self.add(&mut header, key, unit, &place, field, depth),
                Err(problem) => self.found.push(Finding::warning(&place.path, problem)),
            }
        }
        header
    }

    fn add(
        &mut self,
        header: &mut Header,
        key: Named,
        unit: Option<&'static Unit>,
        place: &Place,
        field: &FieldRef,
        depth: usize,
    ) {
        if let Some(problem) = accept::misfit(self.vocabulary, &key, field.data_type()) {
            self.found.push(Finding::error(&place.path, problem));
            return;
        }
        let place = place.clone();
        match key {
            Named::Fact(fact, Period::Quarters(_)) => {
                let problem = quarters_in_one(&self.vocabulary.get(fact).name);
                self.found.push(Finding::warning(&place.path, problem));
            }
            Named::Fact(fact, period) => header.facts.push(FactPlace { place, fact, period, unit }),
            Named::Status(name, part) => header.statuses.entry(name).or_default().push((place, part)),
            Named::Manual(id) => header.manual.push((place, id)),
            Named::CreditCode => header.identity.push((place, Identity::CreditCode)),
            Named::Id => header.identity.push((place, Identity::Id)),
            Named::Name => header.identity.push((place, Identity::Name)),
            Named::Kind => header.identity.push((place, Identity::Kind)),
            Named::Collection(name) => self.add_collection(header, name, place, field, depth),
            Named::Role(role, kind) => {
                let inner = match field.data_type() {
                    DataType::Struct(fields) => {
                        self.fields(fields, &kind, &format!("{}.", place.path), depth + 1)
                    }
                    _ => Header { kind, ..Header::default() },
                };
                let party = RolePlace { place: Some(place.clone()), header: inner };
                if header.roles.insert(role, party).is_some() {
                    self.found.push(Finding::warning(&place.path, party_twice()));
                }
            }
            Named::OfRole(role, kind, inner) => {
                self.add_of_role(header, (role, kind), *inner, unit, &place, field, depth);
            }
        }
    }

    fn add_collection(
        &mut self,
        header: &mut Header,
        name: String,
        place: Place,
        field: &FieldRef,
        depth: usize,
    ) {
        let items = accept::item_fields(field.data_type()).map(|fields| {
            let kind = self.vocabulary.collection(&name).map(|known| known.item.clone()).unwrap_or_default();
            self.fields(fields, &kind, &format!("{}.", place.path), depth + 1)
        });
        let path = place.path.clone();
        if header.collections.insert(name, CollectionPlace { place, items }).is_some() {
            let problem = CellProblem::new(
                "E0063",
                "这一列写了两次,只用后一列",
                "this column is given twice; the later is used",
            );
            self.found.push(Finding::warning(&path, problem));
        }
    }

    #[allow(clippy::too_many_arguments, reason = "what a column says, and where it stands")]
    fn add_of_role(
        &mut self,
        header: &mut Header,
        (role, kind): (String, String),
        inner: Named,
        unit: Option<&'static Unit>,
        place: &Place,
        field: &FieldRef,
        depth: usize,
    ) {
        if matches!(inner, Named::Manual(_) | Named::Kind) {
            let problem = CellProblem::new(
                "E0064",
                "关联方在这里只写事实、名称和资格",
                "only facts, names and statuses of a related party belong here",
            );
            self.found.push(Finding::warning(&place.path, problem));
            return;
        }
        let blank = || RolePlace { place: None, header: Header { kind, ..Header::default() } };
        let mut party = header.roles.remove(&role).unwrap_or_else(blank);
        if party.place.is_some() {
            self.found.push(Finding::warning(&place.path, party_twice()));
        } else {
            self.add(&mut party.header, inner, unit, place, field, depth + 1);
        }
        header.roles.insert(role, party);
    }
}

fn party_twice() -> CellProblem {
    CellProblem::new("E0063", "关联方写了两处,只用 {…} 里的", "the party is given twice; only {…} is used")
}

fn too_large(columns: usize) -> CellProblem {
    CellProblem::new(
        "E0081",
        format!("有 {columns} 列,或嵌套过深;最多 {COLUMNS_MAX} 列、{NESTING_DEPTH_MAX} 层"),
        format!("{columns} columns, or too deeply nested; at most {COLUMNS_MAX} columns and {NESTING_DEPTH_MAX} levels"),
    )
    .with_help("只留需要的列", "keep only the columns that are needed")
}
