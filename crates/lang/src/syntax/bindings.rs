//! The forms that begin with a keyword: `if`, and those that bring names with them: `for`, `some`, `every`, `function`.

use super::error::SyntaxErrorKind;
use super::parser::{Failed, Node, Parsed, Parser};
use crate::ast::{Bound, ExprKind, Iteration, Name, Quantifier};

impl Parser<'_> {
    /// `if condition then value else value`
    pub fn conditional(&mut self) -> Parsed {
        let start = self.token_span();
        self.advance();
        let condition = self.expression()?;
        self.expect_keyword("then")?;
        let then = self.expression()?;
        self.expect_keyword("else")?;
        let other = self.expression()?;
        let span = start.to(other.expr.span);
        let below = condition.height.max(then.height).max(other.height);
        self.node(ExprKind::If(condition.expr, then.expr, other.expr), span, below)
    }

    /// `for name in source, … return value`; the value may use `partial`, the results so far.
    pub fn iteration(&mut self) -> Parsed {
        let start = self.token_span();
        self.advance();
        let bound_before = self.bound.len();
        let (iterations, below) = self.iterations()?;
        self.expect_keyword("return")?;
        let value = self.expression()?;
        self.bound.truncate(bound_before);
        let span = start.to(value.expr.span);
        let below = below.max(value.height);
        self.node(ExprKind::For(iterations, value.expr), span, below)
    }

    /// `some name in source, … satisfies condition`, and the same with `every`.
    pub fn quantified(&mut self) -> Parsed {
        let start = self.token_span();
        let quantifier = if self.word() == "every" { Quantifier::Every } else { Quantifier::Some };
        self.advance();
        let bound_before = self.bound.len();
        let (iterations, below) = self.iterations()?;
        self.expect_keyword("satisfies")?;
        let condition = self.expression()?;
        self.bound.truncate(bound_before);
        let span = start.to(condition.expr.span);
        let below = below.max(condition.height);
        self.node(ExprKind::Quantified(quantifier, iterations, condition.expr), span, below)
    }

    /// The names stay bound; the caller unbinds them behind the body.
    fn iterations(&mut self) -> Result<(Vec<Iteration>, usize), Failed> {
        let (mut iterations, mut below) = (Vec::new(), 0);
        loop {
            let name = self.name_until(|parser| {
                ["in", "return", "satisfies"].iter().any(|word| parser.at_keyword(word))
            })?;
            self.expect_keyword("in")?;
            let source = self.source()?;
            below = below.max(source.height);
            self.bound.push(name.text.clone());
            iterations.push(Iteration { name, source: *source.expr });
            if !self.eat_sign(",") {
                return Ok((iterations, below));
            }
        }
    }

    /// A list, or `low..high` without brackets.
    fn source(&mut self) -> Parsed {
        let low = self.expression()?;
        if !self.eat_sign("..") {
            return Ok(low);
        }
        let high = self.expression()?;
        let span = low.expr.span.to(high.expr.span);
        let below = low.height.max(high.height);
        let kind = ExprKind::Range(Some(low.expr), Bound::Closed, Some(high.expr), Bound::Closed);
        self.node(kind, span, below)
    }

    /// `function(a, b: number) body`
    pub fn function(&mut self) -> Parsed {
        let start = self.token_span();
        self.advance();
        let open = self.token_span();
        self.expect_sign("(")?;
        let mut parameters: Vec<(Name, Option<String>)> = Vec::new();
        while !self.at_sign(")") {
            parameters.push(self.parameter()?);
            if !self.eat_sign(",") {
                break;
            }
        }
        self.close(")", '(', open)?;
        if self.at_keyword("external") {
            return self.fail_here(SyntaxErrorKind::ExternalFunction);
        }
        let names: Vec<Name> = parameters.iter().map(|(name, _)| name.clone()).collect();
        let Node { expr, height } = self.with_bound(&names, Parser::expression)?;
        let span = start.to(expr.span);

        self.node(ExprKind::Function(parameters, expr), span, height)
    }

    fn parameter(&mut self) -> Result<(Name, Option<String>), Failed> {
        let ends = |parser: &Self| parser.at_sign(":") || parser.at_sign(",") || parser.at_sign(")");
        let name = self.name_until(ends)?;
        if !self.eat_sign(":") {
            return Ok((name, None));
        }
        let (text, _) = self.type_name()?;
        Ok((name, Some(text)))
    }
}
