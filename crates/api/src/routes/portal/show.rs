//! What everybody may see: the company, its hotline, the letters in force.

use axum::extract::State;

use crate::{
    dto::{portal::Portal, problem::Problem},
    state::Api,
    view::letter_line,
};

/// What everybody may see: the company, its hotline, the letters in force.
#[utoipa::path(
    get,
    path = "/portal",
    operation_id = "show_portal",
    tag = "portal",
    responses(
        (status = 200, description = "The portal", body = Portal),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn show(State(api): State<Api>) -> axum::Json<Portal> {
    let organisation = api.desk.organisation();
    let published = api.desk.commitments();
    let newest = published.iter().rev().find(|view| view.in_force).or_else(|| published.last());
    axum::Json(Portal {
        company: newest.map(|view| (&view.commitment.company).into()),
        hotline: published
            .iter()
            .rev()
            .filter(|view| view.in_force)
            .find_map(|view| view.commitment.hotline.clone()),
        example: organisation.example,
        setup_needed: api.desk.setup_needed(),
        zone: api.desk.zone().iana_name().unwrap_or("UTC").to_owned(),
        commitments: published.iter().filter(|view| view.in_force).map(letter_line).collect(),
        now: api.desk.now().into(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}
