//! When a clock of a promise would be due, and how that comes about.

use axum::extract::State;
use yinuo_calendar::Pauses;
use yinuo_commitment::budget_words;
use yinuo_core::access::Operation;

use crate::{
    auth::session::SignedIn,
    dto::{Derivation, commitment::ExplainRequest, derivation::About, problem::Problem},
    error::ApiError,
    input::Json,
    state::Api,
    view::both,
};

/// When a clock of a promise would be due, and how that comes about.
#[utoipa::path(
    post,
    path = "/commitments/explain",
    operation_id = "explain_due",
    tag = "commitments",
    params(("X-CSRF-Token" = Option<String>, Header, description = "The token of the session; needed with the cookie, not with a bearer token.")),
    request_body = ExplainRequest,
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The derivation", body = Derivation),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn explain(
    State(api): State<Api>,
    signed_in: SignedIn,
    Json(request): Json<ExplainRequest>,
) -> Result<axum::Json<Derivation>, ApiError> {
    signed_in.may(Operation::CheckCommitment)?;
    for pause in &request.pauses {
        if pause.to.is_some_and(|to| to < pause.from) {
            return Err(ApiError::bad_value(
                "pauses",
                "暂停的结束不能早于开始。",
                "A pause cannot end before it begins.",
            ));
        }
    }
    let pauses =
        Pauses::from_spans(request.pauses.iter().map(|pause| (pause.from.0, pause.to.map(|to| to.0))));
    let letter = super::version(&api, &request.number, None)?.commitment;
    let promise = letter.promise(&request.promise).ok_or(ApiError::not_found("promise"))?;
    let calendar = letter.calendar(&promise.on).ok_or(ApiError::not_found("calendar"))?;
    let explanation = api.desk.explain(&request.number, &request.promise, request.start.0, &pauses)?;
    let about = About {
        title: (&promise.title).into(),
        budget: both(|language| budget_words(promise.within, Some(calendar), language)),
        calendar: Some(promise.on.clone()),
        zone: calendar.plan().zone.clone(),
        provisional_year: explanation
            .due
            .ok()
            .and_then(|due| calendar.provisional_year(request.start.0, due)),
    };
    Ok(axum::Json(Derivation::of(about, &explanation)))
}
