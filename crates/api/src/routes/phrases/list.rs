//! The library of standard phrases.

use axum::extract::State;
use yinuo_commitment::{Language, Text};
use yinuo_desk::Variable;

use crate::{
    auth::session::SignedIn,
    dto::{
        phrase::{PhraseList, VariableDetail},
        problem::Problem,
    },
    error::ApiError,
    state::Api,
    view::phrase,
};

/// Every standard phrase that can be used, shipped ones that are withdrawn, and the variables that they may hold.
#[utoipa::path(
    get,
    path = "/phrases",
    operation_id = "list_phrases",
    tag = "phrases",
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The library", body = PhraseList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn list(
    State(api): State<Api>,
    signed_in: SignedIn,
) -> Result<axum::Json<PhraseList>, ApiError> {
    let phrases = api.desk.phrases(signed_in.actor())?.iter().map(phrase).collect();
    let withdrawn = api.desk.withdrawn_phrases(signed_in.actor())?.iter().map(phrase).collect();
    let label = |variable: Variable| Text::new(variable.label(Language::Zh), variable.label(Language::En));
    let variable =
        |variable: &Variable| VariableDetail { variable: (*variable).into(), label: label(*variable).into() };
    let variables = Variable::ALL.iter().map(variable).collect();
    Ok(axum::Json(PhraseList { phrases, withdrawn, variables }))
}
