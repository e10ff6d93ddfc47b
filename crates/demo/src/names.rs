//! Names and codes that belong to nobody.
//!
//! Credit codes pass both checks, but their registrar's area is 999999: the first two digits of GB/T 2260 are a province,
//! from 11 to 82, and 99 is none. A made-up code can therefore never be that of a real enterprise.

use facts::Uscc;

/// The registrar's area of every code here.
pub(crate) const AREA: &str = "999999";

/// Characters of an organisation code.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Most subjects a register can number with five characters.
pub(crate) const NUMBERS_MAX: u64 = 31 * 31 * 31 * 31 * 31;

/// Registers that number their subjects apart from each other.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Register {
    Enterprises,
    Institutions,
    Tenants,
    Parties,
}

impl Register {
    /// Authority and class, and the three characters before the number.
    fn marks(self) -> (&'static str, &'static str) {
        match self {
            Self::Enterprises => ("91", "MAD"),
            Self::Tenants => ("91", "MAT"),
            Self::Parties => ("91", "MAP"),
            // Under the establishment office, public institutions.
            Self::Institutions => ("12", "MAD"),
        }
    }
}

/// The code of a subject in a register.
pub(crate) fn credit_code(register: Register, number: u64) -> String {
    let (office, series) = register.marks();
    let mut digits = [b'0'; 5];
    let mut rest = number % NUMBERS_MAX;
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[(rest % 31) as usize];
        rest /= 31;
    }
    let mut body = format!("{office}{AREA}{series}");
    body.extend(digits.map(char::from));
    let code = Uscc::with_checks(&body).expect("sixteen characters of the alphabet, the area in digits");
    code.as_str().to_owned()
}

/// A name that is plainly an example.
pub(crate) fn enterprise(row: u64, trade: &str) -> String {
    format!("示例{:06}号{trade}有限公司", row + 1)
}
