//! Which operator takes which operand.

use super::assert_shapes;

#[test]
fn each_level_binds_tighter_than_the_one_before() {
    assert_shapes(&[
        ("a or b and c", "(or a (and b c))"),
        ("a and b or c", "(or (and a b) c)"),
        ("a and b = c", "(and a (= b c))"),
        ("a = b + c", "(= a (+ b c))"),
        ("a + b * c", "(+ a (* b c))"),
        ("a * b + c", "(+ (* a b) c)"),
        ("a * b ** c", "(* a (** b c))"),
        ("a ** b * c", "(* (** a b) c)"),
        ("-a ** b", "(** (neg a) b)"),
        ("a ** -b", "(** a (neg b))"),
        ("-a * b", "(* (neg a) b)"),
        ("-a.b", "(neg (. a b))"),
        ("-a[1]", "(neg (filter a 1))"),
        ("-f(1)", "(neg (call f 1))"),
        ("-a instance of number", "(neg (instance a number))"),
        ("a + b instance of number", "(+ a (instance b number))"),
        ("a.b / c.d", "(/ (. a b) (. c d))"),
    ]);
}

#[test]
fn operators_of_one_level_group_from_the_left() {
    assert_shapes(&[
        ("a - b - c", "(- (- a b) c)"),
        ("a / b * c", "(* (/ a b) c)"),
        ("2 ** 3 ** 2", "(** (** 2 3) 2)"),
        ("a = b = c", "(= (= a b) c)"),
        ("a or b or c", "(or (or a b) c)"),
        ("--a", "(neg (neg a))"),
        ("a - -b", "(- a (neg b))"),
    ]);
}

#[test]
fn parentheses_override_precedence_and_leave_no_trace() {
    assert_shapes(&[
        ("(a + b) * c", "(* (+ a b) c)"),
        ("-(a + b)", "(neg (+ a b))"),
        ("2 ** (3 ** 2)", "(** 2 (** 3 2))"),
        ("((a))", "a"),
        ("(a or b) and c", "(and (or a b) c)"),
    ]);
}

#[test]
fn between_and_in_compare_sums_and_leave_and_to_logic() {
    assert_shapes(&[
        ("x between 1 and 2 and y", "(and (between x 1 2) y)"),
        ("x + 1 between a - 1 and b + 1", "(between (+ x 1) (- a 1) (+ b 1))"),
        ("x in a + 1 and y", "(and (in x (+ a 1)) y)"),
        ("x in (1, 2) or y in (3)", "(or (in x 1 2) (in y 3))"),
        ("not(x in (1)) = y", "(= (call not (in x 1)) y)"),
    ]);
}

#[test]
fn forms_that_begin_with_a_word_reach_as_far_right_as_they_can() {
    assert_shapes(&[
        ("if a then b else c + 1", "(if a b (+ c 1))"),
        ("1 + if a then b else c + 1", "(+ 1 (if a b (+ c 1)))"),
        ("(if a then b else c) + 1", "(+ (if a b c) 1)"),
        ("for i in l return i + 1", "(for i: l (+ i 1))"),
        ("some i in l satisfies i > 1 and i < 3", "(some i: l (and (> i 1) (< i 3)))"),
        ("function(a) a + 1", "(function [a] (+ a 1))"),
        ("(function(a) a)(1)", "(call (function [a] a) 1)"),
        ("if a then if b then 1 else 2 else 3", "(if a (if b 1 2) 3)"),
    ]);
}
