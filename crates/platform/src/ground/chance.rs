//! Where keys, salts, tokens and ids come from.

/// A source of bytes that nobody can guess. Tests have one that gives the same bytes each time.
pub trait Chance: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

impl dyn Chance + '_ {
    /// So many bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

/// The operating system's own source.
#[derive(Clone, Copy, Debug)]
pub struct OperatingSystem;

impl Chance for OperatingSystem {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes)
            .expect("an operating system gives random bytes; without them no secret can be made");
    }
}
