//! Passwords: which are too weak, and hashing that costs, a bounded number at a time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use facts::Text;
use tokio::sync::Semaphore;

use crate::ground::Chance;

/// Fewest characters. Source: NIST SP 800-63B-4, 3.1.1.2 asks for 15 where a password stands alone and 8 beside a second
/// factor; twelve is what both kinds of accounts here can live with.
const CHARACTERS_MIN: usize = 12;

/// Most characters, so that nobody makes us hash a book.
const CHARACTERS_MAX: usize = 128;

const SALT_BYTES: usize = 16;

/// Words that lists of leaked passwords are made of. What is one of them but for digits and signs around it, or for letters
/// that look alike, is as good as leaked.
const LEAKED_WORDS: &str = include_str!("leaked-words.txt");

/// Why a password is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WeakPassword {
    /// Too short.
    Short,
    /// Too long.
    Long,
    /// Known from leaks, or one of them with digits around it.
    Leaked,
    /// One pattern again and again, or a row of keys or digits.
    Pattern,
    /// It holds the login.
    HoldsLogin,
}

impl WeakPassword {
    /// As a person reads it.
    pub fn message(self) -> Text {
        let (zh, en) = match self {
            Self::Short => (
                format!("密码太短,至少 {CHARACTERS_MIN} 个字符。可以用几个不相关的词连成一句。"),
                format!(
                    "The password is too short: {CHARACTERS_MIN} characters at least. Several unrelated words make a good one."
                ),
            ),
            Self::Long => (
                format!("密码太长,最多 {CHARACTERS_MAX} 个字符。"),
                format!("The password is too long: {CHARACTERS_MAX} characters at most."),
            ),
            Self::Leaked => (
                "这个密码(或它的主体)出现在泄露的密码中,很容易被猜到。请换一个。".to_owned(),
                "This password, or its core, is among leaked ones and easily guessed. Choose another."
                    .to_owned(),
            ),
            Self::Pattern => (
                "密码只是重复或连续的字符,很容易被猜到。请换一个。".to_owned(),
                "The password only repeats or counts on, and is easily guessed. Choose another.".to_owned(),
            ),
            Self::HoldsLogin => (
                "密码中不能包含账号。请换一个。".to_owned(),
                "The password holds the login. Choose another.".to_owned(),
            ),
        };
        Text { zh, en }
    }
}

/// Looks at a password that somebody wants to have.
pub fn weakness(password: &str, login: &str) -> Option<WeakPassword> {
    let length = password.chars().count();
    if length < CHARACTERS_MIN {
        return Some(WeakPassword::Short);
    }
    if length > CHARACTERS_MAX {
        return Some(WeakPassword::Long);
    }
    let plain = password.to_lowercase();
    if login.chars().count() >= 3 && plain.contains(login) {
        return Some(WeakPassword::HoldsLogin);
    }
    let core: String = looks_like(plain.trim_matches(|c: char| !c.is_alphabetic()));
    let is_leaked = |text: &str| LEAKED_WORDS.lines().any(|word| !word.starts_with('#') && word == text);
    if is_leaked(&core) || is_leaked(&plain) {
        return Some(WeakPassword::Leaked);
    }
    (repeats(&plain) || counts_on(&plain)).then_some(WeakPassword::Pattern)
}

/// With letters instead of the signs that stand for them.
fn looks_like(text: &str) -> String {
    let letter = |c| match c {
        '0' => 'o',
        '1' | '!' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' => 't',
        c => c,
    };
    text.chars().map(letter).collect()
}

/// At most four characters again and again.
fn repeats(text: &str) -> bool {
    let characters: Vec<char> = text.chars().collect();
    (1..=4)
        .any(|length| characters.iter().skip(length).zip(&characters).all(|(later, sooner)| later == sooner))
}

/// Rows of the alphabet, of digits and of keys, forwards or backwards, for at least three quarters of the text.
fn counts_on(text: &str) -> bool {
    const ROWS: [&str; 5] =
        ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let follows = |a: char, b: char| {
        ROWS.iter().any(|row| {
            let pair: String = [a, b].iter().collect();
            let back: String = [b, a].iter().collect();
            row.contains(&pair) || row.contains(&back)
        })
    };
    let characters: Vec<char> = text.chars().collect();
    let steps = characters.windows(2).filter(|pair| follows(pair[0], pair[1])).count();
    steps * 4 >= characters.len() * 3
}

/// What one hash costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HashingCost {
    /// Memory, in KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// How many at a time.
    pub at_once: usize,
}

impl HashingCost {
    /// Source: OWASP Password Storage Cheat Sheet, argon2id with 19 MiB and two passes, read 2026-11-30.
    pub const OWASP: Self = Self { memory_kib: 19 * 1_024, passes: 2, at_once: 2 };
}

/// Hashes and compares, off the threads that serve others.
#[derive(Clone)]
pub struct Hasher(Arc<Inner>);

struct Inner {
    argon2: Argon2<'static>,
    turns: Semaphore,
    /// The hash of nobody's password, so that an unknown login takes as long as a known one.
    nobody: String,
    done: AtomicU64,
}

impl Hasher {
    /// With that cost.
    pub fn new(cost: HashingCost, chance: &dyn Chance) -> Self {
        let params =
            Params::new(cost.memory_kib, cost.passes, 1, None).expect("a cost within argon2's limits");
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let nobody = hash(&argon2, &chance.bytes::<32>(), &chance.bytes());
        let turns = Semaphore::new(cost.at_once.max(1));
        Self(Arc::new(Inner { argon2, turns, nobody, done: AtomicU64::new(0) }))
    }

    /// The hash of a password, as a PHC string.
    pub async fn hash(&self, password: &str, chance: &dyn Chance) -> String {
        let (salt, password) = (chance.bytes(), password.to_owned());
        self.take_turn(move |inner| hash(&inner.argon2, password.as_bytes(), &salt)).await
    }

    /// Whether it is the password of that hash. Without a hash it never is, and takes as long to find out.
    pub async fn is_password(&self, password: &str, hash: Option<&str>) -> bool {
        let (password, hash) = (password.to_owned(), hash.map(str::to_owned));
        self.take_turn(move |inner| {
            let told = hash.as_deref().unwrap_or(&inner.nobody);
            let parsed = PasswordHash::new(told);
            let fits =
                parsed.is_ok_and(|told| inner.argon2.verify_password(password.as_bytes(), &told).is_ok());
            fits && hash.is_some()
        })
        .await
    }

    /// How many were made or compared so far.
    pub fn done(&self) -> u64 {
        self.0.done.load(Ordering::Relaxed)
    }

    async fn take_turn<T: Send + 'static>(&self, work: impl FnOnce(&Inner) -> T + Send + 'static) -> T {
        let _turn = self.0.turns.acquire().await.expect("the turns are never closed");
        let inner = self.0.clone();
        let done = tokio::task::spawn_blocking(move || work(&inner)).await;
        self.0.done.fetch_add(1, Ordering::Relaxed);
        done.expect("hashing does not panic")
    }
}

fn hash(argon2: &Argon2<'_>, password: &[u8], salt: &[u8; SALT_BYTES]) -> String {
    let hash: PasswordHash =
        argon2.hash_password_with_salt(password, salt).expect("a password within our limits can be hashed");
    hash.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_each_with_its_reason() {
        let cases = [
            ("short", WeakPassword::Short),
            ("Password2026", WeakPassword::Leaked),
            ("P@ssw0rd!!!!2026", WeakPassword::Leaked),
            ("woaini1314520", WeakPassword::Leaked),
            ("aaaaaaaaaaaa", WeakPassword::Pattern),
            ("abcabcabcabcabc", WeakPassword::Pattern),
            ("123456789012", WeakPassword::Pattern),
            ("qwertyuiopasdf", WeakPassword::Pattern),
            ("li.wei is my name", WeakPassword::HoldsLogin),
        ];
        for (password, reason) in cases {
            assert_eq!(weakness(password, "li.wei"), Some(reason), "{password}");
        }
        assert_eq!(weakness(&"长".repeat(129), "li.wei"), Some(WeakPassword::Long));
        for fine in ["correct horse battery", "春江潮水连海平海上明月共潮生", "tr7-Kobold-Umbra"]
        {
            assert_eq!(weakness(fine, "li.wei"), None, "{fine}");
        }
    }
}
