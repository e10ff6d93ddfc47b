//! Unified social credit codes.

use facts::{Authority, Uscc, UsccError};

/// Published codes of large enterprises, and the example in GB 32100.
const VALID: [&str; 6] = [
    "914403001922038216",
    "91110000802100433B",
    "91330100799655058B",
    "9144030071526726XG",
    "91410000170001401D",
    "91350100M000100Y43",
];

#[test]
fn published_codes_are_read_and_printed_unchanged() {
    for code in VALID {
        assert_eq!(code.parse::<Uscc>().map(|read| read.to_string()), Ok(code.to_owned()));
    }
}

#[test]
fn each_mistake_has_its_own_error() {
    let error = |code: &str| code.parse::<Uscc>().expect_err(code);
    assert_eq!(error("91350100M000100Y4Z"), UsccError::Character { position: 18 });
    assert_eq!(error("91350100M000100Y44"), UsccError::Check { expected: '3' });
    assert_eq!(error("91350100M000100Y4"), UsccError::Length { found: 17, expected: 18 });
    assert_eq!(error("91350I00M000100Y43"), UsccError::Character { position: 6 });
    assert_eq!(error("91350A00M000100Y43"), UsccError::Character { position: 6 });
    assert_eq!(error("91350100中000100Y43"), UsccError::Character { position: 9 });
    assert_eq!(error(""), UsccError::Length { found: 0, expected: 18 });
}

#[test]
fn an_organisation_code_that_fails_alone_is_told_apart() {
    let good = "92410100MA0000000";
    let body = &good[..16];
    let right = Uscc::with_checks(body).expect("a good body");
    let wrong_ninth = if right.organisation().ends_with('0') { '1' } else { '0' };
    let wrong = (b"0123456789ABCDEFGHJKLMNPQRTUWXY")
        .iter()
        .map(|last| format!("{body}{wrong_ninth}{}", *last as char))
        .find_map(|code| match code.parse::<Uscc>() {
            Err(UsccError::OrganisationCheck { expected }) => Some(expected),
            _ => None,
        });
    assert_eq!(wrong, right.organisation().chars().last());
}

#[test]
fn small_letters_full_width_letters_and_blanks_do_not_matter() {
    let plain: Uscc = "9144030071526726XG".parse().expect("valid");
    for typed in [" 9144 0300 7152 6726 xg ", "9144030071526726\u{FF38}\u{FF27}", "9144030071526726xg\n"] {
        assert_eq!(typed.parse::<Uscc>().as_ref(), Ok(&plain), "{typed}");
    }
}

#[test]
fn parts_of_a_code_can_be_asked_for() {
    let code: Uscc = "91410000170001401D".parse().expect("valid");
    assert_eq!(code.authority(), Some(Authority::Commerce));
    assert_eq!((code.class(), code.area(), code.organisation()), ('1', "410000", "170001401"));
    assert_eq!(code.authority().map(|authority| authority.name().zh), Some("工商".to_owned()));
    assert!(!code.is_individual_business());
}

#[test]
fn codes_of_other_authorities_exist() {
    for (body, authority) in [
        ("A1110000MB000000", Some(Authority::Military)),
        ("N2410100MB000001", Some(Authority::Agriculture)),
        ("Y1410100MB000002", Some(Authority::Other)),
        ("12410100MB000003", Some(Authority::Establishment)),
        ("01410100MB000004", None),
    ] {
        let code = Uscc::with_checks(body).expect(body);
        assert_eq!(code.authority(), authority, "{code}");
        assert_eq!(code.as_str().parse::<Uscc>(), Ok(code.clone()), "{code}");
    }
}

#[test]
fn checks_can_only_be_added_to_sixteen_characters() {
    assert_eq!(Uscc::with_checks("9141"), Err(UsccError::Length { found: 4, expected: 16 }));
    assert_eq!(Uscc::with_checks("91410000170001401D"), Err(UsccError::Length { found: 18, expected: 16 }));
}
