//! What is done by the clock, besides requests.

use std::time::Duration;

use platform::eligibility::{Engines, forget_erased, warm};
use platform::ground::chain::file_head;
use platform::ground::{Caller, Ground, RequestId, once};
use platform::registry::imports;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::place::Place;

/// How often the head of the audit chain is filed.
const FILE_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often keys of requests are forgotten whose time is over, and files put away that nobody confirmed.
const FORGET_EVERY: Duration = Duration::from_secs(10 * 60);

/// How often the content of decisions is erased whose subject was erased.
const ERASE_EVERY: Duration = Duration::from_secs(10);

/// How often it is looked for a release, and for changes of the ledger, that another server made.
const RELEASES_EVERY: Duration = Duration::from_millis(500);

/// Begins the chores; they end when the word is given.
pub fn begin(
    ground: &Ground,
    place: &Place,
    engines: &Engines,
    end: &watch::Receiver<bool>,
) -> Vec<JoinHandle<()>> {
    let filing = {
        let (ground, place) = (ground.clone(), place.clone());
        every(FILE_EVERY, end.clone(), move || {
            let (ground, place) = (ground.clone(), place.clone());
            async move { file(&ground, &place).await }
        })
    };
    let forgetting = {
        let ground = ground.clone();
        every(FORGET_EVERY, end.clone(), move || {
            let ground = ground.clone();
            async move {
                if let Err(fault) = once::forget(&ground).await {
                    tracing::warn!(cause = %fault, "keys of requests could not be forgotten; tried again later");
                }
                if let Err(fault) = imports::tidy_up(&ground).await {
                    tracing::warn!(cause = %fault, "files that nobody confirmed could not be put away; tried again later");
                }
            }
        })
    };
    let catching_up = {
        let (ground, engines) = (ground.clone(), engines.clone());
        every(RELEASES_EVERY, end.clone(), move || {
            let (ground, engines) = (ground.clone(), engines.clone());
            async move {
                match engines.shelf().catch_up(&ground).await {
                    Ok(false) => {}
                    Ok(true) => tracing::info!("a newer release of the policies holds"),
                    Err(fault) => {
                        tracing::warn!(cause = %fault, "it could not be seen whether there is a newer release; tried again");
                    }
                }
                bring_up(&ground, &engines).await;
            }
        })
    };
    let erasing = {
        let ground = ground.clone();
        every(ERASE_EVERY, end.clone(), move || {
            let ground = ground.clone();
            async move {
                let caller = Caller::system(RequestId::new("erasing"));
                if let Err(fault) = forget_erased(&ground, &caller).await {
                    tracing::warn!(cause = %fault, "content of decisions could not be erased; tried again");
                }
            }
        })
    };
    // Nobody waits for it: until it is done the server says that it is not ready.
    let first = {
        let (ground, engines) = (ground.clone(), engines.clone());
        async move { bring_up(&ground, &engines).await }
    };
    vec![
        tokio::spawn(first),
        tokio::spawn(filing),
        tokio::spawn(forgetting),
        tokio::spawn(catching_up),
        tokio::spawn(erasing),
    ]
}

/// Brings the columns of all subjects up to date.
async fn bring_up(ground: &Ground, engines: &Engines) {
    if let Err(fault) = warm(ground, engines).await {
        tracing::warn!(cause = %fault, "the columns could not be brought up to date; tried again");
    }
}

/// Files the head. What cannot be filed is said, and tried again.
pub async fn file(ground: &Ground, place: &Place) {
    match file_head(ground, &place.heads()).await {
        Ok(Some(head)) => tracing::info!(entries = head.size, "the head of the audit chain was filed"),
        Ok(None) => {}
        Err(fault) => tracing::error!(cause = %fault, "the head of the audit chain could not be filed"),
    }
}

async fn every<F: Future<Output = ()>>(
    pause: Duration,
    mut end: watch::Receiver<bool>,
    mut chore: impl FnMut() -> F,
) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => chore().await,
            () = over(&mut end) => return,
        }
    }
}

/// Waits for the word to end; an error means that nobody can give it any more, which is an end too.
async fn over(end: &mut watch::Receiver<bool>) {
    let _ = end.wait_for(|is_over| *is_over).await;
}
