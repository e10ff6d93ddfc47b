//! Names in scope.

use std::sync::Arc;

use super::value::{Context, Value};
use facts::Date;

/// The names that an expression may use, innermost first, and the day on which it is evaluated.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    innermost: Option<Arc<Frame>>,
    day: Option<Date>,
}

#[derive(Debug)]
struct Frame {
    names: Names,
    outer: Option<Arc<Frame>>,
    /// Greatest nesting of a value in this frame or outside it.
    depth: usize,
}

#[derive(Debug)]
enum Names {
    One(Arc<str>, Value),
    Many(Context),
}

impl Scope {
    /// A scope with the entries of a context as its names.
    pub fn of(names: Context) -> Self {
        Self::default().with_all(names)
    }

    /// The same scope on a day; `today()` is that day.
    #[must_use]
    pub fn on(mut self, day: Date) -> Self {
        self.day = Some(day);
        self
    }

    /// The scope inside this one where `name` is `value`.
    #[must_use]
    pub fn with(&self, name: &Arc<str>, value: Value) -> Self {
        let depth = self.depth().max(value.depth());
        self.inside(Names::One(name.clone(), value), depth)
    }

    /// The scope inside this one where the keys of a context are names.
    #[must_use]
    pub fn with_all(&self, names: Context) -> Self {
        let depth = self.depth().max(Value::Context(names.clone()).depth());
        self.inside(Names::Many(names), depth)
    }

    fn inside(&self, names: Names, depth: usize) -> Self {
        let frame = Frame { names, outer: self.innermost.clone(), depth };
        Self { innermost: Some(Arc::new(frame)), day: self.day }
    }

    /// The day, if there is one.
    pub fn day(&self) -> Option<Date> {
        self.day
    }

    pub(super) fn depth(&self) -> usize {
        self.innermost.as_ref().map_or(0, |frame| frame.depth)
    }

    pub(super) fn get(&self, name: &str) -> Option<&Value> {
        let mut frame = self.innermost.as_deref();
        while let Some(Frame { names, outer, .. }) = frame {
            let found = match names {
                Names::One(known, value) => (&**known == name).then_some(value),
                Names::Many(context) => context.get(name),
            };
            if found.is_some() {
                return found;
            }
            frame = outer.as_deref();
        }
        None
    }
}

impl Drop for Frame {
    /// Frames form a chain; taking it apart link by link keeps the stack flat.
    fn drop(&mut self) {
        let mut outer = self.outer.take();
        while let Some(frame) = outer {
            match Arc::try_unwrap(frame) {
                Ok(mut frame) => outer = frame.outer.take(),
                Err(_) => return,
            }
        }
    }
}
