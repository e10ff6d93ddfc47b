//! Unified social credit codes (统一社会信用代码): who a subject is, in eighteen characters.
//!
//! A [`Uscc`] cannot be wrong: both check characters were verified when it was read. Whether the office really issued
//! it, and where the enterprise is taxed today, no code can tell.
//!
//! ```
//! use facts::Uscc;
//! let code: Uscc = "91330100799655058b".parse().unwrap();
//! assert_eq!(code.area(), "330100");
//! ```
//!
//! Source: GB 32100-2015 with amendment 1 of 2016; GB 11714-1997 for the organisation code inside.

use std::fmt;
use std::str::FromStr;

use crate::Text;

/// A unified social credit code whose two check characters are right.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Uscc(String);

/// Number of characters.
const LENGTH: usize = 18;

/// Number of characters before the organisation code's own check character.
const BODY_LENGTH: usize = 16;

/// The characters of a code; the place in this string is the value. I, O, S, V and Z are left out.
const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";

/// Modulus of the last check character. It is prime, so any one wrong character is caught.
const MODULUS: u32 = 31;

/// Weights of the eight characters of an organisation code.
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Where the area stands.
const AREA: std::ops::Range<usize> = 2..8;

/// Where the organisation code stands, its check character included.
const ORGANISATION: std::ops::Range<usize> = 8..17;

/// Who registers the subject: the first character.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Authority {
    /// 机构编制
    Establishment,
    /// 外交
    ForeignAffairs,
    /// 司法行政
    Justice,
    /// 文化
    Culture,
    /// 民政
    CivilAffairs,
    /// 旅游
    Tourism,
    /// 宗教
    Religion,
    /// 工会
    TradeUnion,
    /// 工商 (市场监管)
    Commerce,
    /// 中央军委改革和编制办公室
    Military,
    /// 农业
    Agriculture,
    /// 其他
    Other,
}

const AUTHORITIES: [(u8, Authority, &str, &str); 12] = [
    (b'1', Authority::Establishment, "机构编制", "establishment office"),
    (b'2', Authority::ForeignAffairs, "外交", "foreign affairs"),
    (b'3', Authority::Justice, "司法行政", "justice"),
    (b'4', Authority::Culture, "文化", "culture"),
    (b'5', Authority::CivilAffairs, "民政", "civil affairs"),
    (b'6', Authority::Tourism, "旅游", "tourism"),
    (b'7', Authority::Religion, "宗教", "religious affairs"),
    (b'8', Authority::TradeUnion, "工会", "trade union"),
    (b'9', Authority::Commerce, "工商", "market regulation"),
    (b'A', Authority::Military, "中央军委改革和编制办公室", "military establishment office"),
    (b'N', Authority::Agriculture, "农业", "agriculture"),
    (b'Y', Authority::Other, "其他", "other"),
];

impl Authority {
    /// Its name.
    pub fn name(self) -> Text {
        let known = AUTHORITIES.iter().find(|(_, authority, ..)| *authority == self);
        known.map_or_else(Text::default, |(_, _, zh, en)| Text { zh: (*zh).into(), en: (*en).into() })
    }
}

impl Uscc {
    /// Completes the first sixteen characters (authority, class, area, organisation) with both check characters.
    /// For example data: it says nothing about anybody.
    pub fn with_checks(body: &str) -> Result<Self, UsccError> {
        let body = normalise(body);
        let values = values(&body, BODY_LENGTH)?;
        let organisation = organisation_check(&body.as_bytes()[ORGANISATION.start..]);
        let last_value = values_check(values.into_iter().chain([value_of(organisation).unwrap_or_default()]));
        Ok(Self(format!("{body}{}{}", organisation as char, ALPHABET[last_value] as char)))
    }

    /// The eighteen characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Who registers the subject; `None` where the standard names nobody.
    pub fn authority(&self) -> Option<Authority> {
        let first = self.0.as_bytes()[0];
        AUTHORITIES.iter().find(|(code, ..)| *code == first).map(|(_, authority, ..)| *authority)
    }

    /// Class of subject within its authority: under 工商, `1` is an enterprise, `2` an individual business, `3` a
    /// farmers' cooperative.
    pub fn class(&self) -> char {
        self.0.as_bytes()[1] as char
    }

    /// Whether it belongs to an individual business (个体工商户).
    pub fn is_individual_business(&self) -> bool {
        is_individual_business(&self.0)
    }

    /// The six digits of the area whose office registered it (GB/T 2260), which need not be where it works.
    pub fn area(&self) -> &str {
        &self.0[AREA]
    }

    /// The organisation code inside, nine characters with its own check character.
    pub fn organisation(&self) -> &str {
        &self.0[ORGANISATION]
    }
}

impl FromStr for Uscc {
    type Err = UsccError;

    /// Reads a code in capitals or not, full-width or not, with or without blanks inside; refuses anything whose
    /// checks fail. The organisation check comes last, so that error alone means that all else is right.
    fn from_str(text: &str) -> Result<Self, UsccError> {
        let code = normalise(text);
        let values = values(&code, LENGTH)?;
        let expected = ALPHABET[values_check(values.into_iter().take(LENGTH - 1))];
        if code.as_bytes()[LENGTH - 1] != expected {
            return Err(UsccError::Check { expected: expected as char });
        }
        let organisation = &code.as_bytes()[ORGANISATION];
        let expected = organisation_check(&organisation[..organisation.len() - 1]);
        if organisation.last() != Some(&expected) {
            return Err(UsccError::OrganisationCheck { expected: expected as char });
        }
        Ok(Self(code))
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The text is no unified social credit code.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UsccError {
    /// Not the right number of characters.
    #[error("{found} characters instead of {expected}")]
    Length {
        /// How many there are.
        found: usize,
        /// How many there should be.
        expected: usize,
    },
    /// A character that cannot stand there.
    #[error("character {position} cannot stand there")]
    Character {
        /// Which one, from 1.
        position: usize,
    },
    /// The last character does not fit the others.
    #[error("the last character should be {expected}")]
    Check {
        /// The one that fits.
        expected: char,
    },
    /// The seventeenth character does not fit the organisation code. All else is right; some codes of individual
    /// businesses were issued like this, so a caller may decide to take them.
    #[error("the seventeenth character should be {expected}")]
    OrganisationCheck {
        /// The one that fits.
        expected: char,
    },
}

impl UsccError {
    /// What is wrong, for a person.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::Length { found, expected } => (
                format!("统一社会信用代码应为 {expected} 位,这里有 {found} 位"),
                format!("a unified social credit code has {expected} characters, this one has {found}"),
            ),
            Self::Character { position } => (
                format!("统一社会信用代码第 {position} 位的字符不会出现在这一位"),
                format!("character {position} of the unified social credit code cannot stand there"),
            ),
            Self::Check { expected } => (
                format!("统一社会信用代码校验不符:按前 17 位,末位应为 {expected}"),
                format!(
                    "the unified social credit code fails its check: the last character should be {expected}"
                ),
            ),
            Self::OrganisationCheck { expected } => (
                format!("统一社会信用代码中的组织机构代码校验不符:第 17 位应为 {expected}"),
                format!("the organisation code inside fails its check: character 17 should be {expected}"),
            ),
        };
        Text { zh, en }
    }
}

/// Whether a text that has the length of a code begins like that of an individual business.
pub(crate) fn is_individual_business(code: &str) -> bool {
    code.starts_with("92")
}

/// Capitals and half-width characters, without blanks.
pub(crate) fn normalise(text: &str) -> String {
    crate::text::half_width(text)
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The value of each character; the area must be digits.
fn values(code: &str, length: usize) -> Result<Vec<usize>, UsccError> {
    let found = code.chars().count();
    if found != length {
        return Err(UsccError::Length { found, expected: length });
    }
    let value = |(at, character): (usize, char)| {
        let known = u8::try_from(character).ok().and_then(value_of);
        known
            .filter(|value| !AREA.contains(&at) || *value < 10)
            .ok_or(UsccError::Character { position: at + 1 })
    };
    code.chars().enumerate().map(value).collect()
}

fn value_of(character: u8) -> Option<usize> {
    ALPHABET.iter().position(|known| *known == character)
}

/// GB 32100: the value of the last character, from those before it; their weights are the powers of three.
fn values_check(values: impl Iterator<Item = usize>) -> usize {
    let mut weight = 1;
    let mut sum = 0;
    for value in values {
        sum = (sum + weight * value as u32) % MODULUS;
        weight = weight * 3 % MODULUS;
    }
    ((MODULUS - sum) % MODULUS) as usize
}

/// GB 11714: the ninth character of an organisation code. Letters count from A = 10 through the whole alphabet.
fn organisation_check(eight: &[u8]) -> u8 {
    let value = |character: &u8| u32::from((*character as char).to_digit(36).map_or(0, |value| value as u16));
    let sum: u32 =
        eight.iter().zip(ORGANISATION_WEIGHTS).map(|(character, weight)| value(character) * weight).sum();
    match 11 - sum % 11 {
        10 => b'X',
        11 => b'0',
        digit => b'0' + digit as u8,
    }
}
