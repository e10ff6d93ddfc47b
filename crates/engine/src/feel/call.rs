//! Calls: of the standard's functions, with positional or named arguments, and of functions written in FEEL.

use std::sync::Arc;

use super::builtin::{Arguments, Builtin, Call};
use super::conform::coerce;
use super::limits::CALLS_MAX;
use super::problem::ProblemKind;
use super::run::Run;
use super::scope::Scope;
use super::value::{Function, Value, WrittenFunction};
use lang::ast::{Argument, Expr, ExprKind, Name, Span};
use lang::syntax::parse_type;

impl Run {
    /// `callee(arguments)`
    pub fn call(&mut self, span: Span, callee: &Expr, arguments: &[Argument], scope: &Scope) -> Value {
        let function = match self.eval(callee, scope) {
            Value::Function(function) => function,
            Value::Null => return Value::Null,
            other => return self.null(callee.span, ProblemKind::NotAFunction(other.kind())),
        };
        let values = arguments.iter().map(|argument| self.eval(&argument.value, scope)).collect();
        let names: Option<Vec<&str>> =
            arguments.iter().map(|argument| argument.name.as_ref().map(|name| name.text.as_str())).collect();
        let is_named = !arguments.is_empty() && names.is_some();
        let names = names.filter(|_| is_named);
        match &function {
            Function::Builtin(builtin) => self.call_builtin(span, builtin, Arguments { values, names }),
            Function::Written(written) => {
                let shown = match &callee.kind {
                    ExprKind::Name(name) => name.clone(),
                    _ => "function".to_owned(),
                };
                match in_order(written, values, names) {
                    Some(values) => self.call_written(span, written, values),
                    None => self.null(span, ProblemKind::Arguments { function: shown }),
                }
            }
        }
    }

    /// Calls a function that is a value, with positional arguments.
    pub fn call_value(&mut self, span: Span, function: &Function, values: Vec<Value>) -> Value {
        match function {
            Function::Builtin(builtin) => self.call_builtin(span, builtin, Arguments { values, names: None }),
            Function::Written(written) if written.parameters.len() == values.len() => {
                self.call_written(span, written, values)
            }
            Function::Written(_) => {
                self.null(span, ProblemKind::Arguments { function: "function".to_owned() })
            }
        }
    }

    fn call_builtin(&mut self, span: Span, builtin: &'static Builtin, arguments: Arguments<'_>) -> Value {
        if !self.round(span) {
            return Value::Null;
        }
        match builtin.bind(arguments) {
            Some((form, values)) => {
                let day = self.day;
                let mut call = Call { run: self, span, day, name: builtin.name, form, values };
                (builtin.body)(&mut call).unwrap_or_default()
            }
            None => self.null(span, ProblemKind::Arguments { function: builtin.name.to_owned() }),
        }
    }

    fn call_written(&mut self, span: Span, written: &Arc<WrittenFunction>, values: Vec<Value>) -> Value {
        if self.calls >= CALLS_MAX {
            return self.exceed(span, "nested calls");
        }
        if !self.round(span) {
            return Value::Null;
        }
        let mut scope = written.scope.clone();
        if let Some(own_name) = &written.own_name {
            scope = scope.with(own_name, Value::Function(Function::Written(written.clone())));
        }
        for ((name, of), value) in written.parameters.iter().zip(values) {
            let value = match of {
                Some(of) => coerce(&value, of).unwrap_or_else(|| {
                    self.null(
                        span,
                        ProblemKind::Argument {
                            function: "function",
                            expected: "value of the declared type",
                            found: value.kind(),
                        },
                    )
                }),
                None => value,
            };
            scope = scope.with(name, value);
        }
        self.calls += 1;
        let result = self.eval(&written.body, &scope);
        self.calls -= 1;
        result
    }

    /// `function(…) body`. A function that is an entry of a context may call itself by its key.
    pub fn function(
        &mut self,
        parameters: &[(Name, Option<String>)],
        body: &Expr,
        own_name: Option<&Arc<str>>,
        scope: &Scope,
    ) -> Value {
        let address = std::ptr::from_ref(body) as usize;
        let body = self.bodies.entry(address).or_insert_with(|| Arc::new(body.clone())).clone();
        let parameter = |(name, of): &(Name, Option<String>)| {
            (Arc::from(name.text.as_str()), of.as_deref().and_then(parse_type))
        };
        let parameters = parameters.iter().map(parameter).collect();
        let written = WrittenFunction { parameters, body, scope: scope.clone(), own_name: own_name.cloned() };
        Value::Function(Function::Written(Arc::new(written)))
    }
}

/// The values in the order of the parameters; `None` if there are others, or a name is wrong.
fn in_order(function: &WrittenFunction, values: Vec<Value>, names: Option<Vec<&str>>) -> Option<Vec<Value>> {
    if values.len() != function.parameters.len() {
        return None;
    }
    let Some(names) = names else { return Some(values) };
    function
        .parameters
        .iter()
        .map(|(parameter, _)| {
            let at = names.iter().position(|name| **name == **parameter)?;
            values.get(at).cloned()
        })
        .collect()
}
