//! Names of several words.

use super::{shape_of, shape_with};
use lang::syntax::match_name;

#[test]
fn builtin_functions_of_several_words_need_no_declaration() {
    assert_eq!(shape_of("string length(\"a\")"), "(call <string length> \"a\")");
    assert_eq!(shape_of("date and time(d, t)"), "(call <date and time> d t)");
    assert_eq!(shape_of("days  and\ntime duration (a)"), "(call <days and time duration> a)");
    assert_eq!(shape_of("t.time offset"), "(. t time offset)");
    assert_eq!(shape_of("round half up(1.5, 0)"), "(call <round half up> 1.5 0)");
    assert_eq!(shape_of("met by(a, b)"), "(call <met by> a b)");
}

#[test]
fn and_stays_an_operator_where_no_builtin_is_called() {
    assert_eq!(shape_of("date and time"), "(and date time)");
    assert_eq!(shape_of("date and time > 1"), "(and date (> time 1))");
}

#[test]
fn declared_names_win_over_operators_and_keywords_and_the_longest_wins() {
    let names = ["applicant age", "applicant", "profit-and-loss", "driver's age", "a+b", "if only", "R&D"];
    assert_eq!(shape_with("applicant  age > 18", &names), "(> <applicant age> 18)");
    assert_eq!(shape_with("applicant.age", &names), "(. applicant age)");
    assert_eq!(shape_with("profit-and-loss - 1", &names), "(- profit-and-loss 1)");
    assert_eq!(shape_with("profit - and-loss", &names), "<profit - and-loss>");
    assert_eq!(shape_with("driver's age", &names), "<driver's age>");
    assert_eq!(shape_with("a+b*c", &names), "(* a+b c)");
    assert_eq!(shape_with("a + bc", &names), "(+ a bc)");
    assert_eq!(shape_with("if only", &names), "<if only>");
    assert_eq!(shape_with("x.applicant age", &names), "(. x applicant age)");
}

#[test]
fn keys_of_several_words_are_known_to_later_entries_and_to_paths() {
    assert_eq!(
        shape_of("{full name: 1, b: full name + 1}.full name"),
        "(. {full name: 1 b: (+ <full name> 1)} full name)"
    );
}

#[test]
fn a_bound_name_ends_with_its_form() {
    let text = "(for big x in l return big x) + x";
    assert_eq!(shape_of(text), "(+ (for big x: l <big x>) x)");
}

#[test]
fn matching_ignores_the_amount_of_white_space_and_stops_at_word_ends() {
    assert_eq!(match_name("a b", "a  b c"), Some(4));
    assert_eq!(match_name("a b", "ab"), None);
    assert_eq!(match_name("ab", "a b"), None);
    assert_eq!(match_name("a b", "a bc"), None);
    assert_eq!(match_name("a-b", "a - b"), Some(5));
    assert_eq!(match_name("研发 费用", "研发 费用.上年"), Some("研发 费用".len()));
    assert_eq!(match_name("", "a"), None);
}
