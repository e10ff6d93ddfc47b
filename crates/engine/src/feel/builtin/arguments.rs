//! How arguments find their parameters, and how a function reads them.

use std::sync::Arc;

use crate::feel::problem::ProblemKind;
use crate::feel::run::Run;
use crate::feel::value::{Context, Function, List, Value};
use facts::{Date, Number};
use lang::ast::Span;

/// A function of the standard.
pub struct Builtin {
    pub(in crate::feel) name: &'static str,
    /// Parameter names, one entry for each number of arguments. A name that ends in `…` takes any number.
    pub(super) forms: &'static [&'static [&'static str]],
    pub(in crate::feel) body: Body,
}

/// `None` is null; the reason is recorded already, or null is the answer.
pub(super) type Body = fn(&mut Call<'_>) -> Option<Value>;

impl std::fmt::Debug for Builtin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// The function of that name.
pub fn find(name: &str) -> Option<&'static Builtin> {
    let chapters = [
        super::convert::FUNCTIONS,
        super::text::FUNCTIONS,
        super::list::FUNCTIONS,
        super::statistics::FUNCTIONS,
        super::numeric::FUNCTIONS,
        super::temporal::FUNCTIONS,
        super::range::FUNCTIONS,
        super::context::FUNCTIONS,
    ];
    chapters.into_iter().flatten().find(|builtin| builtin.name == name)
}

/// The arguments of a call; names, if there are any, stand in the same order.
pub struct Arguments<'n> {
    pub values: Vec<Value>,
    pub names: Option<Vec<&'n str>>,
}

impl Builtin {
    /// Which form a call takes, and its arguments in that form's order.
    pub fn bind(&self, arguments: Arguments<'_>) -> Option<(usize, Vec<Value>)> {
        let Arguments { values, names } = arguments;
        let Some(names) = names else {
            let form = self.forms.iter().position(|form| takes(form, values.len()))?;
            return Some((form, values));
        };
        self.forms.iter().enumerate().find_map(|(index, form)| {
            if form.len() != names.len() {
                return None;
            }
            let ordered = form.iter().map(|parameter| {
                let parameter = parameter.trim_end_matches('…');
                names.iter().position(|name| *name == parameter).and_then(|at| values.get(at)).cloned()
            });
            Some((index, ordered.collect::<Option<Vec<Value>>>()?))
        })
    }

    /// Whether it takes that many arguments.
    pub fn takes_count(&self, count: usize) -> bool {
        self.forms.iter().any(|form| takes(form, count))
    }
}

fn takes(form: &[&str], count: usize) -> bool {
    let is_open = form.last().is_some_and(|last| last.ends_with('…'));
    if is_open { count >= form.len() } else { count == form.len() }
}

/// One call of a function.
pub struct Call<'r> {
    pub run: &'r mut Run,
    pub span: Span,
    /// The day that the scope carries.
    pub day: Option<Date>,
    pub name: &'static str,
    /// Which of the function's forms this is.
    pub form: usize,
    pub values: Vec<Value>,
}

impl Call<'_> {
    // --- results ---

    /// Null, because of a problem.
    pub fn refuse<T>(&mut self, kind: ProblemKind) -> Option<T> {
        self.run.null(self.span, kind);
        None
    }

    /// Null, because the function cannot use the argument at `index`.
    pub fn unusable<T>(&mut self, index: usize) -> Option<T> {
        let given = self.values.get(index).map(crate::feel::json::inner_text).unwrap_or_default();
        let given = given.chars().take(40).collect();
        let function = self.name;
        self.refuse(ProblemKind::Unusable { function, given })
    }

    /// The number, or null because it is out of range.
    pub fn number_result(&mut self, number: Option<Number>) -> Option<Value> {
        match number {
            Some(number) => Some(Value::Number(number)),
            None => self.refuse(ProblemKind::OutOfRange),
        }
    }

    /// A text as the result.
    pub fn text_result(&mut self, text: &str) -> Option<Value> {
        Some(self.run.text(self.span, text))
    }

    /// A list as the result.
    pub fn list_result(&mut self, items: Vec<Value>) -> Option<Value> {
        Some(self.run.list(self.span, items))
    }

    /// Counts work; null when it was too much.
    pub fn spend(&mut self, units: usize) -> Option<()> {
        self.run.spend(self.span, units).then_some(())
    }

    // --- arguments ---

    /// The argument as it is.
    pub fn value(&self, index: usize) -> Value {
        self.values.get(index).cloned().unwrap_or_default()
    }

    /// Whether there is such an argument and it is not null.
    pub fn is_given(&self, index: usize) -> bool {
        self.values.get(index).is_some_and(|value| !value.is_null())
    }

    /// The argument, taken out of a list of one where the function wants no list.
    pub fn single(&self, index: usize) -> Value {
        match self.values.get(index) {
            Some(Value::List(list)) if list.items().len() == 1 => list.items()[0].clone(),
            other => other.cloned().unwrap_or_default(),
        }
    }

    fn mismatch<T>(&mut self, index: usize, expected: &'static str) -> Option<T> {
        let found = self.value(index).kind();
        let function = self.name;
        self.refuse(ProblemKind::Argument { function, expected, found })
    }

    pub fn text(&mut self, index: usize) -> Option<Arc<str>> {
        match self.single(index) {
            Value::Text(text) => Some(text),
            _ => self.mismatch(index, "string"),
        }
    }

    pub fn number(&mut self, index: usize) -> Option<Number> {
        match self.single(index) {
            Value::Number(number) => Some(number),
            _ => self.mismatch(index, "number"),
        }
    }

    /// A whole number.
    pub fn integer(&mut self, index: usize) -> Option<i64> {
        let number = self.number(index)?;
        match number.to_i64() {
            Some(whole) => Some(whole),
            None => self.unusable(index),
        }
    }

    pub fn boolean(&mut self, index: usize) -> Option<bool> {
        match self.single(index) {
            Value::Boolean(value) => Some(value),
            _ => self.mismatch(index, "boolean"),
        }
    }

    /// A list; any other value but null is a list of one.
    pub fn list(&mut self, index: usize) -> Option<List> {
        match self.value(index) {
            Value::List(list) => Some(list),
            Value::Null => self.mismatch(index, "list"),
            other => Some(List::of_one(other)),
        }
    }

    /// The items of the only argument, or all arguments: `sum([1, 2])` is `sum(1, 2)`.
    pub fn spread(&mut self) -> Option<Vec<Value>> {
        if self.values.len() == 1 {
            return self.list(0).map(|list| list.items().to_vec());
        }
        Some(self.values.clone())
    }

    pub fn context(&mut self, index: usize) -> Option<Context> {
        match self.single(index) {
            Value::Context(context) => Some(context),
            _ => self.mismatch(index, "context"),
        }
    }

    pub fn function(&mut self, index: usize) -> Option<Function> {
        match self.single(index) {
            Value::Function(function) => Some(function),
            _ => self.mismatch(index, "function"),
        }
    }

    /// Null because the argument is none of the kinds the function takes.
    pub fn wrong_kind<T>(&mut self, index: usize, expected: &'static str) -> Option<T> {
        self.mismatch(index, expected)
    }
}
