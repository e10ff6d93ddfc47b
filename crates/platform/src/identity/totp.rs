//! Time-based one-time codes: RFC 6238 with SHA-1, thirty seconds and six digits, as every authenticator app has it.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;

use crate::ground::Moment;

/// Bytes of a secret: as many as the hash gives (RFC 4226, section 4).
pub const SECRET_BYTES: usize = 20;

const STEP_MS: i64 = 30_000;

/// Steps before and after now whose codes are taken, for clocks that differ.
const STEPS_AROUND: i64 = 1;

/// The step whose code this is, if it is one of about now and later than the last that was used.
pub fn accepted_step(secret: &[u8], code: &str, now: Moment, last_used: i64) -> Option<i64> {
    let here = now.0.div_euclid(STEP_MS);
    let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
    let steps = here - STEPS_AROUND..=here + STEPS_AROUND;
    // All are computed, so that the time taken does not tell which step fits.
    let fitting: Vec<i64> = steps.filter(|step| code_of(secret, *step) == code).collect();
    fitting.into_iter().find(|step| *step > last_used)
}

/// The code of a step.
pub fn code_of(secret: &[u8], step: i64) -> String {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("a MAC takes a key of any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 0x0f);
    let number = u32::from_be_bytes([digest[at] & 0x7f, digest[at + 1], digest[at + 2], digest[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

/// The secret as people type it: base 32 (RFC 4648).
pub fn base32(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    let (mut held, mut bits) = (0_u32, 0);
    for byte in bytes {
        held = held << 8 | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(DIGITS[(held >> bits & 31) as usize]));
        }
    }
    if bits > 0 {
        text.push(char::from(DIGITS[(held << (5 - bits) & 31) as usize]));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &[u8] = b"12345678901234567890";

    /// Source: RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000_i64, "353130")] {
            assert_eq!(code_of(SECRET, seconds / 30), code);
        }
    }

    #[test]
    fn a_code_is_taken_a_step_before_and_after_and_never_twice() {
        let now = Moment(1_111_111_109_000);
        let here = now.0 / STEP_MS;
        assert_eq!(accepted_step(SECRET, "081 804", now, 0), Some(here));
        assert_eq!(accepted_step(SECRET, "081804", now, here), None, "it was used");
        for (step, is_taken) in [(here - 2, false), (here - 1, true), (here + 1, true), (here + 2, false)] {
            assert_eq!(accepted_step(SECRET, &code_of(SECRET, step), now, 0).is_some(), is_taken, "{step}");
        }
    }

    /// Source: RFC 4648, section 10.
    #[test]
    fn secrets_are_written_in_base_32() {
        for (bytes, text) in [("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foobar", "MZXW6YTBOI")] {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }
}
