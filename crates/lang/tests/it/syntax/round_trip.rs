//! Canonical text: minimal, stable, and it means the same.

use super::shape::shape;
use lang::syntax::{NameList, NoNames, format, parse};

/// Reads, formats, and reads again; returns the canonical text.
fn canonical(text: &str) -> String {
    let names = NameList(vec!["annual income".to_owned(), "profit-and-loss".to_owned()]);
    let (tree, errors) = parse(text, 0, &names);
    let tree = tree.unwrap_or_else(|| panic!("{text}: {errors:?}"));
    let formatted = format(&tree);
    let (again, errors) = parse(&formatted, 0, &names);
    let again = again.unwrap_or_else(|| panic!("{text} became {formatted}: {errors:?}"));
    assert_eq!(shape(&again), shape(&tree), "{text} became {formatted}");
    assert_eq!(format(&again), formatted, "{text}");
    formatted
}

#[test]
fn only_needed_parentheses_remain() {
    for (text, expected) in [
        ("((a+b))*c", "(a + b) * c"),
        ("(a*b)+c", "a * b + c"),
        ("a-(b-c)", "a - (b - c)"),
        ("(a-b)-c", "a - b - c"),
        ("2**(3**2)", "2 ** (3 ** 2)"),
        ("(-3)**2", "-3 ** 2"),
        ("-(3**2)", "-(3 ** 2)"),
        ("(a or b) and not((c))", "(a or b) and not(c)"),
        ("(if a then b else c)+1", "(if a then b else c) + 1"),
        ("[(if a then b else c)]", "[if a then b else c]"),
        ("(a=b)=c", "a = b = c"),
        ("a=(b=c)", "a = (b = c)"),
        ("(a.b).c", "a.b.c"),
        ("(-a).b", "(-a).b"),
        ("(function(x) x)(1)", "(function(x) x)(1)"),
        ("(a in (1,2)) and (b between 1 and 2)", "a in (1, 2) and b between 1 and 2"),
        ("-a instance of number", "-a instance of number"),
        ("(-a) instance of number", "(-a) instance of number"),
        ("(5).2025", "(5).2025"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
}

#[test]
fn every_form_has_one_spelling() {
    for (text, expected) in [
        ("研发费用。上年÷营业收入．上年≥５％", "研发费用.上年 / 营业收入.上年 >= 5%"),
        ("x in ]1..5[", "x in (1..5)"),
        ("x in [1..5[", "x in [1..5)"),
        ("x in <5", "x in (< 5)"),
        ("x in ((<5))", "x in ((< 5))"),
        ("x in (= 5)", "x in (= 5)"),
        ("x in (a+b)*c", "x in ((a + b) * c)"),
        ("x in (a or b)", "x in (a or b)"),
        ("x in ([1,2])", "x in [1, 2]"),
        ("for i in [1..3] return i", "for i in 1..3 return i"),
        ("for i in 1..3,j in l return i", "for i in 1..3, j in l return i"),
        ("every  x in l satisfies x>1", "every x in l satisfies x > 1"),
        ("{a:1,\"b c\":2,d e:3,\"f\":4}", "{a: 1, \"b c\": 2, \"d e\": 3, f: 4}"),
        ("f( a:1 , b c:2)", "f(a: 1, b c: 2)"),
        ("function(a:list< number >,b)a", "function(a: list<number>, b) a"),
        ("l [ item>1 ]", "l[item > 1]"),
        ("(>=10)", "(>= 10)"),
        ("01.50", "1.5"),
        (".5万元", "0.5万元"),
        ("“引\"号\\n”", "\"引\\\"号\\n\""),
        ("@ \"P1D\"", "@\"P1D\""),
        ("annual   income+1", "annual income + 1"),
        ("profit-and-loss-1", "profit-and-loss - 1"),
        ("1/*c*/+2//d", "1 + 2"),
        ("date and (time(1))", "(date) and time(1)"),
        ("(x instance of date) and time", "(x instance of date) and time"),
        ("x between (y instance of date) and (time(1))", "x between (y instance of date) and time(1)"),
        ("if a then if b then 1 else 2 else 3", "if a then if b then 1 else 2 else 3"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
}

#[test]
fn computed_constants_are_written_so_that_they_read_back() {
    use facts::Number;
    use lang::ast::{BinaryOp, Expr, ExprKind, Span};
    let expr = |kind| Expr { kind, span: Span::new(0, 0) };
    let third = Number::ratio(1, 3).expect("three is not nought");
    let power = ExprKind::Binary(
        BinaryOp::Pow,
        Box::new(expr(ExprKind::Number(third))),
        Box::new(expr(ExprKind::Number(Number::from(-2)))),
    );
    let text = format(&expr(power));
    assert_eq!(text, "(1 / 3) ** -2");
    assert!(parse(&text, 0, &NoNames).1.is_empty());
}
