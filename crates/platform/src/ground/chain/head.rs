//! The head: how long the chain is and what it comes to, with our signature.

use ed25519_dalek::{Signature, VerifyingKey};

use super::hash::{Algorithm, Canonical, Digest};
use super::merkle::Peaks;
use crate::ground::{Fault, Keys};

/// Hash before the first entry.
const BEFORE_FIRST: Digest = Digest([0; 32]);

/// The state of a chain.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// What it is made with.
    pub algorithm: Algorithm,
    /// Number of entries since the beginning.
    pub size: u64,
    /// Hash of the last.
    pub hash: Digest,
    pub(super) peaks: Peaks,
}

/// A head with the signature that stands beside it.
pub struct SignedHead {
    pub head: Head,
    pub signature: Vec<u8>,
}

impl Head {
    /// Of a chain without entries.
    pub fn empty(algorithm: Algorithm) -> Self {
        Self { algorithm, size: 0, hash: BEFORE_FIRST, peaks: Peaks::default() }
    }

    /// Root of the Merkle tree over all entries.
    pub fn root(&self) -> Digest {
        self.peaks.root(self.algorithm)
    }

    /// One more entry.
    pub(super) fn add(&mut self, entry: Digest) {
        self.peaks.add(self.algorithm, entry);
        self.size += 1;
        self.hash = entry;
    }

    pub(super) fn sign(&self, keys: &Keys) -> Vec<u8> {
        keys.sign(&self.message()).to_vec()
    }

    fn message(&self) -> Vec<u8> {
        Canonical::of("zhimei audit head 1")
            .text(self.algorithm.as_code())
            .number(self.size)
            .bytes(&self.hash.0)
            .bytes(&self.root().0)
            .finish()
    }
}

impl SignedHead {
    pub fn is_signed_with(&self, key: &VerifyingKey) -> bool {
        is_signed(&self.head.message(), &self.signature, key)
    }

    pub fn verified(self, keys: &Keys) -> Result<Head, Fault> {
        if self.is_signed_with(&keys.verifying_key()) { Ok(self.head) } else { Err(Fault::ForeignHead) }
    }
}

/// Whether that is the key's signature of the message.
pub fn is_signed(message: &[u8], signature: &[u8], key: &VerifyingKey) -> bool {
    Signature::from_slice(signature).is_ok_and(|signature| key.verify_strict(message, &signature).is_ok())
}
