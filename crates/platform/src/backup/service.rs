//! What the command line of the server leaves in the audit chain.

use serde_json::json;

use super::{Made, Manifest};
use crate::ground::{Caller, Fault, Ground};

/// Says that everything is about to leave the database as a backup.
pub async fn announce_backup(
    ground: &Ground,
    caller: &Caller,
    is_encrypted: bool,
    has_keys: bool,
) -> Result<(), Fault> {
    let mut verb = ground.begin(caller).await?;
    let after = json!({ "encrypted": is_encrypted, "keys": has_keys });
    verb.record("backup.make", "platform", None, Some(after));
    verb.commit().await.map(|_| ())
}

/// Says that the database was restored from a backup.
pub async fn announce_restored(ground: &Ground, caller: &Caller, manifest: &Manifest) -> Result<(), Fault> {
    let mut verb = ground.begin(caller).await?;
    let after = json!({ "made_ms": manifest.made_ms, "chain_size": manifest.chain_size });
    verb.record("backup.restore", "platform", None, Some(after));
    verb.commit().await.map(|_| ())
}

/// Says that the database went through migrations, and what was saved before.
pub async fn announce_migration(
    ground: &Ground,
    caller: &Caller,
    migrations: &[&str],
    saved: Option<&Made>,
) -> Result<(), Fault> {
    let mut verb = ground.begin(caller).await?;
    let saved = saved.map(|made| json!({ "chain_size": made.manifest.chain_size, "bytes": made.bytes }));
    verb.record("platform.migrate", "platform", saved, Some(json!({ "migrations": migrations })));
    verb.commit().await.map(|_| ())
}
