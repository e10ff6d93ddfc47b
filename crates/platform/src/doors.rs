//! All doors of HTTP put together: each slice's under `/api/v1`, and the description of them all.

use std::path::PathBuf;

use axum::extract::State;
use axum::http::header;
use axum::middleware::from_fn_with_state;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Extension, Router};
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::schema::{SchemaType, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{LicenseBuilder, OpenApi, RefOr, Schema};
use utoipa_axum::router::OpenApiRouter;

use crate::audit;
use crate::desk;
use crate::eligibility::{self, Engines};
use crate::ground::Ground;
use crate::identity::oidc::Provider;
use crate::identity::{self, Hasher};
use crate::operations;
use crate::policies;
use crate::registry;
use crate::web::{QUERY_CHARACTERS_MAX, SESSION_COOKIES, Shell, once};

/// Under which all doors of the API lie.
const BASE: &str = "/api/v1";

/// Where the description of the doors is.
const DESCRIPTION: &str = "/api/v1/openapi.json";

/// What the doors lead to.
#[derive(Clone)]
pub struct Rooms {
    /// The ground.
    pub ground: Ground,
    /// What decides, and by which policies.
    pub engines: Engines,
    /// What hashes passwords.
    pub hasher: Hasher,
    /// Whether the server is reached over encrypted connections only.
    pub is_secure: bool,
    /// Through which people may sign in besides.
    pub provider: Option<Provider>,
    /// The file to which heads of the audit chain are filed.
    pub heads: PathBuf,
}

/// All doors, with who asks found out before any of them and the shell around them, and their description.
pub fn doors(rooms: &Rooms, shell: &Shell) -> (Router, OpenApi) {
    let ground = &rooms.ground;
    let identity_doors =
        identity::api::Doors::new(ground, rooms.hasher.clone(), rooms.is_secure, rooms.provider.clone());
    let policy_doors = policies::api::Doors::new(ground, rooms.engines.shelf());
    let eligibility_doors = eligibility::api::Doors::new(ground, &rooms.engines, rooms.heads.clone());
    let (open, open_description) = OpenApiRouter::new()
        .nest(BASE, eligibility::api::open_routes(eligibility_doors.clone()))
        .split_for_parts();
    // What waits until the platform is set up: everything but setting it up.
    let working = OpenApiRouter::new()
        .merge(audit::api::routes(audit::api::Doors::new(ground, rooms.heads.clone())))
        .merge(operations::api::routes(ground.clone()))
        .merge(registry::api::routes(registry::api::Doors::new(ground, rooms.engines.shelf().words())))
        .merge(policies::api::routes(policy_doors))
        .merge(eligibility::api::routes(eligibility_doors))
        .merge(desk::api::routes(desk::api::Doors::new(ground, &rooms.engines)))
        .layer(from_fn_with_state(identity::api::Gate::new(ground), identity::api::set_up_first));
    let (router, mut description) = OpenApiRouter::with_openapi(OpenApi::default())
        .nest(BASE, identity::api::routes(identity_doors).merge(working))
        .split_for_parts();
    description.merge(open_description);
    describe(&mut description);
    let identify =
        identity::api::Identify { ground: ground.clone(), rate_limits: shell.rate_limits().clone() };
    let json = description.to_pretty_json().expect("a description is plain JSON");
    let described = Router::new()
        .route(
            DESCRIPTION,
            get(async |State(json): State<String>| {
                ([(header::CONTENT_TYPE, "application/json")], json).into_response()
            }),
        )
        .with_state(json)
        .merge(browser_page());
    let router = router
        .layer(from_fn_with_state(ground.clone(), once))
        .layer(from_fn_with_state(identify, identity::api::identify))
        .layer(Extension(shell.rate_limits().clone()))
        .layer(Extension(shell.form_tokens().clone()))
        .merge(described);
    (shell.around(router, open), description)
}

/// The page on which a person tries the doors out; it comes from the binary and loads nothing from elsewhere.
fn browser_page() -> Router {
    let config = utoipa_swagger_ui::Config::from(DESCRIPTION).try_it_out_enabled(true);
    let page = utoipa_swagger_ui::SwaggerUi::new("/api/browse").config(config);
    let policy = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
                  img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'";
    Router::from(page).layer(axum::middleware::map_response(
        async move |mut response: axum::response::Response| {
            let value = axum::http::HeaderValue::from_static(policy);
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, value);
            response
        },
    ))
}

/// What holds for all doors: what the platform is, and how somebody says who they are.
fn describe(description: &mut OpenApi) {
    description.info.title = "Zhimei 智美".to_owned();
    description.info.license =
        Some(LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build());
    description.info.version = env!("CARGO_PKG_VERSION").to_owned();
    description.info.description = Some(
        "Policies, facts and decisions of a high-tech zone. Errors are problem details (RFC 9457) in Chinese, or in English \
         with `Accept-Language: en`. Lists are paged by an opaque `after`. A `POST` with an `Idempotency-Key` is done once, \
         however often it is sent."
            .to_owned(),
    );
    bound_queries(description);
    let components = description.components.get_or_insert_default();
    components.add_security_scheme(
        "token",
        SecurityScheme::Http(
            HttpBuilder::new()
                .scheme(HttpAuthScheme::Bearer)
                .description(Some("A token of one's own: POST /api/v1/tokens"))
                .build(),
        ),
    );
    components.add_security_scheme(
        "session",
        SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
            SESSION_COOKIES[0],
            "A session of a browser: POST /api/v1/sessions",
        ))),
    );
}

/// Says of every text behind `?` how long it may be, since the shell takes none that is longer.
fn bound_queries(description: &mut OpenApi) {
    for item in description.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        let parameters = operations.into_iter().flatten().flat_map(|it| it.parameters.iter_mut().flatten());
        for parameter in parameters {
            if let RefOr::T(parameter) = parameter
                && matches!(parameter.parameter_in, ParameterIn::Query)
                && let Some(RefOr::T(Schema::Object(schema))) = &mut parameter.schema
                && matches!(schema.schema_type, SchemaType::Type(Type::String))
            {
                schema.max_length.get_or_insert(QUERY_CHARACTERS_MAX);
            }
        }
    }
}
