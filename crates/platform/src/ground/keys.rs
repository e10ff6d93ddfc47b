//! Keys that lie outside the database: who has the database alone can neither read what is sealed nor sign a head.
//!
//! Two files in one folder, readable by their owner alone: `seal.key`, from which the keys for sealing and for digests of
//! guessable secrets are derived, and `head.key`, which signs heads of the audit chain.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use facts::Text;
use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Chance;

const SEAL_FILE: &str = "seal.key";
const HEAD_FILE: &str = "head.key";
const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;

/// First byte of what is sealed; another way of sealing gets another.
const SEAL_VERSION: u8 = 1;

/// Why keys cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// A file cannot be read or written.
    #[error("key file {}: {cause}", .path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
    /// A file does not hold a key.
    #[error("{} does not hold a key of 64 hexadecimal digits", .0.display())]
    NotAKey(PathBuf),
    /// Others may read a file.
    #[error("{} may be read by others than its owner", .0.display())]
    Open(PathBuf),
}

impl KeysError {
    /// What the operator reads.
    pub fn message(&self) -> Text {
        let (zh, en) = match self {
            Self::File { path, cause } => (
                format!(
                    "无法使用密钥文件 {}:{cause}。没有密钥,数据库中的加密内容无法读取;请从备份恢复该文件。",
                    path.display()
                ),
                format!(
                    "The key file {} cannot be used: {cause}. Without it what is encrypted in the database cannot be read; restore it from the backup.",
                    path.display()
                ),
            ),
            Self::NotAKey(path) => (
                format!("{} 不是密钥文件(应为 64 位十六进制)。请从备份恢复该文件。", path.display()),
                format!(
                    "{} is no key file (64 hexadecimal digits). Restore it from the backup.",
                    path.display()
                ),
            ),
            Self::Open(path) => (
                format!("{} 可被其他用户读取。请执行 chmod 600,并考虑更换密钥。", path.display()),
                format!(
                    "{} can be read by other users. Run chmod 600, and think of replacing the key.",
                    path.display()
                ),
            ),
        };
        Text { zh, en }
    }
}

/// The keys of one installation.
pub struct Keys {
    seal: [u8; KEY_BYTES],
    head: SigningKey,
}

impl Keys {
    /// From bytes: of files, or of a test.
    pub fn new(seal: [u8; KEY_BYTES], head: [u8; KEY_BYTES]) -> Self {
        Self { seal, head: SigningKey::from_bytes(&head) }
    }

    /// Makes both files in a folder that has neither.
    pub fn create(folder: &Path, chance: &dyn Chance) -> Result<Self, KeysError> {
        fs::create_dir_all(folder).map_err(|cause| KeysError::File { path: folder.to_owned(), cause })?;
        let (seal, head) = (chance.bytes(), chance.bytes());
        write_key(&folder.join(SEAL_FILE), &seal)?;
        write_key(&folder.join(HEAD_FILE), &head)?;
        Ok(Self::new(seal, head))
    }

    /// Whether a folder has either file.
    pub fn are_in(folder: &Path) -> bool {
        folder.join(SEAL_FILE).exists() || folder.join(HEAD_FILE).exists()
    }

    /// Reads both files.
    pub fn load(folder: &Path) -> Result<Self, KeysError> {
        Ok(Self::new(read_key(&folder.join(SEAL_FILE))?, read_key(&folder.join(HEAD_FILE))?))
    }

    /// Encrypts for a purpose: only who names the same purpose opens it, so nothing sealed can be put elsewhere.
    pub fn seal(&self, purpose: &str, plain: &[u8], chance: &dyn Chance) -> Vec<u8> {
        let nonce: [u8; NONCE_BYTES] = chance.bytes();
        let payload = Payload { msg: plain, aad: purpose.as_bytes() };
        let hidden =
            self.cipher().encrypt(&XNonce::from(nonce), payload).expect("what is sealed fits into memory");
        [&[SEAL_VERSION][..], &nonce, &hidden].concat()
    }

    /// Decrypts what was sealed for that purpose under these keys; `None` for anything else.
    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (version, rest) = sealed.split_first()?;
        let (nonce, hidden) = rest.split_at_checked(NONCE_BYTES)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
        let payload = Payload { msg: hidden, aad: purpose.as_bytes() };
        (*version == SEAL_VERSION).then(|| self.cipher().decrypt(&XNonce::from(nonce), payload).ok())?
    }

    /// A digest of something that could be guessed from a plain digest: a short code, a name with an address.
    pub fn digest(&self, purpose: &str, parts: &[&str]) -> [u8; KEY_BYTES] {
        let mut mac = self.mac("digest");
        for part in std::iter::once(&purpose).chain(parts) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes().into()
    }

    /// Signs a head of the audit chain.
    pub fn sign(&self, message: &[u8]) -> [u8; Signature::BYTE_SIZE] {
        self.head.sign(message).to_bytes()
    }

    /// What others verify heads with; it may be published.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.head.verifying_key()
    }

    fn mac(&self, use_of_key: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.seal).expect("a MAC takes a key of any length");
        mac.update(use_of_key.as_bytes());
        mac.update(&[0]);
        mac
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        let key: [u8; KEY_BYTES] = self.mac("seal").finalize().into_bytes().into();
        XChaCha20Poly1305::new(&key.into())
    }
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// Reads a key that verifies heads: 64 hexadecimal digits, as bundles bear it.
pub fn parse_verifying_key(text: &str) -> Option<VerifyingKey> {
    VerifyingKey::from_bytes(&from_hex::<KEY_BYTES>(text)?).ok()
}

/// The bytes that so many hexadecimal digits stand for.
pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    if text.len() != 2 * N || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; N];
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * index..2 * index + 2], 16).ok()?;
    }
    Some(bytes)
}

/// The bytes that any even number of hexadecimal digits stands for.
pub(crate) fn bytes_of_hex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| from_hex::<1>(std::str::from_utf8(pair).ok()?));
    pairs.map(|byte| byte.map(|[byte]| byte)).collect()
}

fn write_key(path: &Path, key: &[u8]) -> Result<(), KeysError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options
        .open(path)
        .and_then(|mut file| writeln!(file, "{}", to_hex(key)).and_then(|()| file.sync_all()));
    written.map_err(|cause| KeysError::File { path: path.to_owned(), cause })
}

fn read_key(path: &Path) -> Result<[u8; KEY_BYTES], KeysError> {
    let failed = |cause| KeysError::File { path: path.to_owned(), cause };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if fs::metadata(path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
            return Err(KeysError::Open(path.to_owned()));
        }
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    from_hex(text.trim()).ok_or_else(|| KeysError::NotAKey(path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::testing::Drawn;
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_purpose_under_its_key_and_not_otherwise() {
        let (chance, keys) = (Drawn::new(1), Keys::new([1; 32], [2; 32]));
        let sealed = keys.seal("totp 7", b"secret", &chance);
        assert_eq!(keys.open("totp 7", &sealed).unwrap(), b"secret");
        assert_ne!(keys.seal("totp 7", b"secret", &chance), sealed);
        assert!(keys.open("totp 8", &sealed).is_none());
        assert!(Keys::new([3; 32], [2; 32]).open("totp 7", &sealed).is_none());
        for index in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[index] ^= 1;
            assert!(keys.open("totp 7", &altered).is_none(), "byte {index}");
            assert!(keys.open("totp 7", &sealed[..index]).is_none(), "{index} bytes");
        }
    }

    #[test]
    fn a_digest_tells_apart_where_one_part_ends() {
        let keys = Keys::new([1; 32], [2; 32]);
        assert_ne!(keys.digest("a", &["bc", "d"]), keys.digest("a", &["b", "cd"]));
        assert_ne!(keys.digest("a", &["b"]), keys.digest("b", &["a"]));
    }

    #[test]
    fn keys_are_made_once_read_back_and_refused_where_others_could_read_them() {
        let folder = std::env::temp_dir().join(format!("zhimei-keys-{}", std::process::id()));
        assert!(!Keys::are_in(&folder));
        let made = Keys::create(&folder, &Drawn::new(1)).unwrap();
        assert!(Keys::create(&folder, &Drawn::new(2)).is_err(), "keys are never written over");
        assert_eq!(Keys::load(&folder).unwrap().verifying_key(), made.verifying_key());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(folder.join(SEAL_FILE), fs::Permissions::from_mode(0o644)).unwrap();
            assert!(matches!(Keys::load(&folder), Err(KeysError::Open(_))));
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
