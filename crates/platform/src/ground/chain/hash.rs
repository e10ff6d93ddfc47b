//! The hash of the chain: SHA-256, or SM3 where the law asks for it.

use std::fmt;

use sha2::Digest as _;

/// 32 bytes of either algorithm.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::ground::keys::to_hex(&self.0))
    }
}

impl Digest {
    /// Reads what [`fmt::Display`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        crate::ground::keys::from_hex(text).map(Self)
    }
}

/// Which hash a chain is made with. It is chosen when the chain begins.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Algorithm {
    /// FIPS 180-4.
    Sha256,
    /// GB/T 32905-2016.
    Sm3,
}

impl Algorithm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Sha256, Self::Sm3];

    /// As it stands in the database, in files and in settings.
    pub fn as_code(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sm3 => "sm3",
        }
    }

    /// Reads what [`Algorithm::as_code`] writes.
    pub fn parse_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.as_code() == code)
    }

    /// The hash of some bytes.
    pub fn hash(self, bytes: &[u8]) -> Digest {
        match self {
            Self::Sha256 => Digest(sha2::Sha256::digest(bytes).into()),
            Self::Sm3 => Digest(sm3::Sm3::digest(bytes).into()),
        }
    }
}

/// Bytes in which it can be told where each part ends: what is hashed or signed here is written with it.
#[derive(Default)]
pub struct Canonical(Vec<u8>);

impl Canonical {
    /// Begins with what the bytes are, so that no bytes mean two things.
    pub fn of(what: &str) -> Self {
        Self::default().text(what)
    }

    pub fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend((bytes.len() as u64).to_be_bytes());
        self.0.extend(bytes);
        self
    }

    pub fn optional(mut self, bytes: Option<&[u8]>) -> Self {
        self.0.push(u8::from(bytes.is_some()));
        match bytes {
            None => self,
            Some(bytes) => self.bytes(bytes),
        }
    }

    pub fn number(mut self, number: u64) -> Self {
        self.0.extend(number.to_be_bytes());
        self
    }

    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Source: FIPS 180-4 and GB/T 32905-2016, appendix A.1, the message "abc".
    #[test]
    fn both_algorithms_give_the_digests_of_their_standards() {
        let of_abc = |algorithm: Algorithm| algorithm.hash(b"abc").to_string();
        assert_eq!(
            of_abc(Algorithm::Sha256),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            of_abc(Algorithm::Sm3),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        );
    }

    #[test]
    fn codes_and_digests_are_read_as_they_are_written() {
        for algorithm in Algorithm::ALL {
            assert_eq!(Algorithm::parse_code(algorithm.as_code()), Some(algorithm));
            let digest = algorithm.hash(b"");
            assert_eq!(Digest::parse(&digest.to_string()), Some(digest));
        }
        assert!(Algorithm::parse_code("md5").is_none() && Digest::parse("ab").is_none());
    }

    #[test]
    fn an_absent_part_is_not_an_empty_one() {
        let with = |first, part| Canonical::of(first).optional(part).finish();
        assert_ne!(with("a", None), with("a", Some(&[])));
        assert_ne!(with("a", Some(&[1])), with("b", Some(&[1])), "what stands before it counts");
    }
}
