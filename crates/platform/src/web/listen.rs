//! Answering what comes in at an address, until the word is given to end.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;

/// How long requests that run may take to end after the word.
const DRAIN_MAX: Duration = Duration::from_secs(30);

/// Answers requests until `end` turns true, and then those that run are finished, for half a minute at most.
pub async fn listen(listener: TcpListener, doors: Router, end: watch::Receiver<bool>) -> io::Result<()> {
    let service = doors.into_make_service_with_connect_info::<SocketAddr>();
    let ended = |mut end: watch::Receiver<bool>| async move {
        // An error means that nobody can give the word any more, which is an end too.
        let _ = end.wait_for(|is_over| *is_over).await;
    };
    let server = axum::serve(listener, service).with_graceful_shutdown(ended(end.clone()));
    let late = async {
        ended(end).await;
        tokio::time::sleep(DRAIN_MAX).await;
    };
    tokio::select! {
        served = server => served,
        () = late => {
            tracing::warn!("requests that still ran after {} s were given up", DRAIN_MAX.as_secs());
            Ok(())
        }
    }
}
