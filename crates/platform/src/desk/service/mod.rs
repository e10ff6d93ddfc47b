//! The verbs of this slice. Both look at everybody and change nothing; each leaves an entry.

pub mod simulate;
pub mod sweep;

use effect::Privacy;
use population::Wanted;
use sha2::{Digest as _, Sha256};

use crate::ground::{Fault, Ground, to_hex};
use crate::identity::Principal;
use crate::policies::Shelved;
use crate::registry;

/// How an entry names a text that was asked about.
fn digest_of(text: &str) -> String {
    to_hex(&Sha256::digest(text.as_bytes()))
}

/// How much somebody may be told of what rests on these facts of everybody.
async fn privacy(
    ground: &Ground,
    principal: &Principal,
    shelved: &Shelved,
    wanted: &Wanted,
) -> Result<Privacy, Fault> {
    let vocabulary = &shelved.library.rulebook.vocabulary;
    let mut read = ground.read().await?;
    let may_read = registry::may_read_of_everybody(&mut read, principal, vocabulary, wanted).await?;
    Ok(if may_read { Privacy::Full } else { Privacy::Suppressed })
}
