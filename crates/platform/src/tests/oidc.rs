//! Signing in through a provider of OpenID Connect, which is a small server of the test's own.

use std::sync::{Arc, Mutex};

use axum::extract::{Form, State};
use axum::http::{Method, StatusCode, header};
use axum::routing::{get, post};
use axum::{Json, Router};
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use store::Schema;
use store::testing::TestStore;

use super::world::{Guest, Reply, World};
use crate::identity::oidc::{Provider, ProviderSettings};
use crate::web::Settings;

fn schema() -> Schema {
    crate::schema()
}

store::on_both_databases!(schema;
    who_is_linked_signs_in_through_the_provider_and_nobody_else,
    what_comes_back_must_be_what_was_sent_out,
    without_a_provider_there_is_no_such_door,
);

/// What the provider gives out next, and with which key it signs.
struct Tells {
    issuer: String,
    subject: String,
    nonce: String,
    audience: String,
    challenge: String,
    seconds: i64,
    key: SigningKey,
}

type Shared = Arc<Mutex<Tells>>;

fn base64url(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number = chunk.iter().fold(0_u32, |number, byte| number << 8 | u32::from(*byte))
            << (8 * (3 - chunk.len()));
        for digit in 0..=chunk.len() {
            text.push(char::from(DIGITS[(number >> (18 - 6 * digit) & 63) as usize]));
        }
    }
    text
}

async fn configuration(State(tells): State<Shared>) -> Json<Value> {
    let issuer = tells.lock().unwrap().issuer.clone();
    Json(json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["EdDSA"],
    }))
}

async fn keys() -> Json<Value> {
    // What the provider says its key is; a test may let it sign with another.
    let public = SigningKey::from_bytes(&[7; 32]).verifying_key().to_bytes();
    Json(
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "kid": "k", "alg": "EdDSA", "x": base64url(&public) }] }),
    )
}

async fn token(
    State(tells): State<Shared>,
    Form(sent): Form<Vec<(String, String)>>,
) -> (StatusCode, Json<Value>) {
    let tells = tells.lock().unwrap();
    let of = |name: &str| {
        sent.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    if of("code") != "good" || base64url(&Sha256::digest(of("code_verifier"))) != tells.challenge {
        return (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" })));
    }
    let head = base64url(json!({ "alg": "EdDSA", "kid": "k" }).to_string().as_bytes());
    let claims = json!({
        "iss": tells.issuer, "sub": tells.subject, "aud": tells.audience, "nonce": tells.nonce,
        "iat": tells.seconds, "exp": tells.seconds + 300,
    });
    let body = base64url(claims.to_string().as_bytes());
    let signed = format!("{head}.{body}");
    let signature = base64url(&tells.key.sign(signed.as_bytes()).to_bytes());
    (
        StatusCode::OK,
        Json(
            json!({ "access_token": "a", "token_type": "Bearer", "id_token": format!("{signed}.{signature}") }),
        ),
    )
}

async fn world_with_provider(test: TestStore) -> (World, Shared) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let tells = Arc::new(Mutex::new(Tells {
        issuer: issuer.clone(),
        subject: "u-1".to_owned(),
        nonce: String::new(),
        audience: "zhimei".to_owned(),
        challenge: String::new(),
        seconds: store::testing::NOW_MS / 1_000,
        key: SigningKey::from_bytes(&[7; 32]),
    }));
    let router = Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route("/keys", get(keys))
        .route("/token", post(token))
        .with_state(tells.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let provider = Provider::new(ProviderSettings {
        issuer,
        client: "zhimei".to_owned(),
        secret: Some("s".to_owned()),
        redirect: "https://zone.example/api/v1/oidc/callback".to_owned(),
    });
    let world = World::with_provider(test, Settings::default(), Some(provider.unwrap())).await.set_up().await;
    // Setting up moved the clock.
    tells.lock().unwrap().seconds = world.ground.ground.now().0 / 1_000;
    (world, tells)
}

/// What stands behind `name=` in an address.
fn word(address: &str, name: &str) -> String {
    let (_, rest) = address.split_once(&format!("{name}=")).unwrap();
    rest.split('&').next().unwrap().to_owned()
}

/// The provider hears what a browser would bring it; the state, and the cookie that goes along.
fn brings(tells: &Shared, address: &str, reply: &Reply) -> (String, String) {
    let mut tells = tells.lock().unwrap();
    tells.nonce = word(address, "nonce");
    tells.challenge = word(address, "code_challenge");
    let cookie = reply.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    (word(address, "state"), cookie)
}

fn with_cookies(guest: &Guest, cookie: &str) -> Guest {
    let mut guest = guest.clone();
    match guest.headers.iter_mut().find(|(name, _)| *name == "cookie") {
        Some((_, kept)) => *kept = format!("{kept}; {cookie}"),
        None => guest.headers.push(("cookie", cookie.to_owned())),
    }
    guest
}

async fn sign_in(world: &World, tells: &Shared) -> Reply {
    let out = world.get(&Guest::default(), "/api/v1/oidc/start").await;
    assert_eq!(out.status, StatusCode::SEE_OTHER, "{out:?}");
    let address = out.headers[header::LOCATION].to_str().unwrap().to_owned();
    let (state, cookie) = brings(tells, &address, &out);
    let back = format!("/api/v1/oidc/callback?state={state}&code=good");
    world.get(&with_cookies(&Guest::default(), &cookie), &back).await
}

async fn who_is_linked_signs_in_through_the_provider_and_nobody_else(test: TestStore) {
    let (world, tells) = world_with_provider(test).await;
    let unknown = sign_in(&world, &tells).await;
    assert_eq!((unknown.status, unknown.code()), (StatusCode::UNAUTHORIZED, "sign-in".to_owned()));

    let begun = world.post(&world.system, "/api/v1/session/external", Value::Null).await;
    let address = begun.json()["address"].as_str().unwrap().to_owned();
    let (state, cookie) = brings(&tells, &address, &begun);
    let back = format!("/api/v1/oidc/callback?state={state}&code=good");
    let stranger = world.get(&with_cookies(&world.auditor, &cookie), &back).await;
    assert_eq!(stranger.status, StatusCode::NOT_FOUND, "only whoever set out links");
    let linked = world.get(&with_cookies(&world.system, &cookie), &back).await;
    assert_eq!(linked.status, StatusCode::NO_CONTENT, "{linked:?}");

    let signed = sign_in(&world, &tells).await;
    assert_eq!(signed.json()["stage"], "second-factor", "{signed:?}");
    tells.lock().unwrap().subject = "u-2".to_owned();
    assert_eq!(sign_in(&world, &tells).await.code(), "sign-in");
    tells.lock().unwrap().subject = "u-1".to_owned();

    let unlinked = world.send(&world.system, Method::DELETE, "/api/v1/session/external", Value::Null).await;
    assert_eq!(unlinked.status, StatusCode::NO_CONTENT);
    assert_eq!(sign_in(&world, &tells).await.code(), "sign-in");
}

async fn what_comes_back_must_be_what_was_sent_out(test: TestStore) {
    let (world, tells) = world_with_provider(test).await;
    let guest = Guest::default();
    let out = world.get(&guest, "/api/v1/oidc/start").await;
    let address = out.headers[header::LOCATION].to_str().unwrap().to_owned();
    let (state, cookie) = brings(&tells, &address, &out);
    let carrying = with_cookies(&guest, &cookie);
    let back = async |guest: &Guest, state: &str, code: &str| {
        world.get(guest, &format!("/api/v1/oidc/callback?state={state}&code={code}")).await.code()
    };
    assert_eq!(back(&guest, &state, "good").await, "journey", "another browser");
    assert_eq!(back(&carrying, "another", "good").await, "journey", "another state");
    assert_eq!(back(&carrying, &state, "bad").await, "journey", "another code");
    let altered = |change: &dyn Fn(&mut Tells)| change(&mut tells.lock().unwrap());
    let (nonce, seconds) = {
        let tells = tells.lock().unwrap();
        (tells.nonce.clone(), tells.seconds)
    };
    altered(&|tells| tells.nonce = "another".to_owned());
    assert_eq!(back(&carrying, &state, "good").await, "journey", "another nonce");
    altered(&|tells| (tells.nonce, tells.audience) = (nonce.clone(), "other".to_owned()));
    assert_eq!(back(&carrying, &state, "good").await, "journey", "for somebody else");
    altered(&|tells| (tells.audience, tells.seconds) = ("zhimei".to_owned(), seconds - 3_600));
    assert_eq!(back(&carrying, &state, "good").await, "journey", "over long ago");
    altered(&|tells| (tells.seconds, tells.key) = (seconds, SigningKey::from_bytes(&[8; 32])));
    assert_eq!(back(&carrying, &state, "good").await, "journey", "signed by somebody else");
    altered(&|tells| tells.key = SigningKey::from_bytes(&[7; 32]));
    assert_eq!(back(&carrying, &state, "good").await, "sign-in", "good, and linked to nobody");
    world.ground.clock.advance(std::time::Duration::from_secs(601));
    assert_eq!(back(&carrying, &state, "good").await, "journey", "too late");
}

async fn without_a_provider_there_is_no_such_door(test: TestStore) {
    let world = World::new(test).await;
    assert_eq!(world.get(&Guest::default(), "/api/v1/oidc/start").await.status, StatusCode::NOT_FOUND);
    let link = world.post(&world.system, "/api/v1/session/external", Value::Null).await;
    assert_eq!(link.status, StatusCode::NOT_FOUND);
    let open = ProviderSettings {
        issuer: "http://id.example".to_owned(),
        client: "zhimei".to_owned(),
        secret: None,
        redirect: "https://zone.example/back".to_owned(),
    };
    assert!(Provider::new(open).is_err_and(|text| text.en.contains("https://")));
}
