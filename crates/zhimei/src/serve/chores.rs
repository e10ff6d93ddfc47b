//! What is done by the clock, besides requests.

use std::time::Duration;

use platform::ground::chain::file_head;
use platform::ground::{Ground, once};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::place::Place;

/// How often the head of the audit chain is filed.
const FILE_EVERY: Duration = Duration::from_secs(60 * 60);

/// How often keys of requests are forgotten whose time is over.
const FORGET_EVERY: Duration = Duration::from_secs(10 * 60);

/// Begins the chores; they end when the word is given.
pub fn begin(ground: &Ground, place: &Place, end: &watch::Receiver<bool>) -> Vec<JoinHandle<()>> {
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
            }
        })
    };
    vec![tokio::spawn(filing), tokio::spawn(forgetting)]
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
