//! The records of a ticket as the ledger keeps them.

use axum::extract::{Path, State};
use yinuo_core::id::OrgId;
use yinuo_ledger::{Stream, chain};

use crate::{
    auth::session::SignedIn,
    dto::{
        problem::Problem,
        record::{LedgerRecord, RecordList},
    },
    error::ApiError,
    input,
    state::Api,
};

/// The records of a ticket as the ledger keeps them.
#[utoipa::path(
    get,
    path = "/tickets/{id}/records",
    operation_id = "list_records",
    tag = "tickets",
    params(("id" = String, Path, description = "Id of the ticket, `tkt_…`.")),
    security(("session" = []), ("bearer" = [])),
    responses(
        (status = 200, description = "The records", body = RecordList),
        (status = "default", description = "Not done, and why", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(crate) async fn records(
    State(api): State<Api>,
    signed_in: SignedIn,
    Path(id): Path<String>,
) -> Result<axum::Json<RecordList>, ApiError> {
    let id = input::id("ticket", &id)?;
    let lines = api.desk.records(id, signed_in.actor()).await?;
    let org = lines.first().and_then(|line| organisation(&line.body)).ok_or(ApiError::not_found("ticket"))?;
    let mut previous = chain::genesis(&org, Stream::Ticket(id));
    let mut records = Vec::with_capacity(lines.len());
    for line in lines {
        let hash = line.hash;
        records.push(LedgerRecord {
            seq: line.seq,
            position: line.position,
            hash: hash.to_string(),
            previous: previous.to_string(),
            body: line.body,
        });
        previous = hash;
    }
    Ok(axum::Json(RecordList { records }))
}

/// The organisation to which a chain is bound, as its bodies name it.
fn organisation(body: &str) -> Option<OrgId> {
    #[derive(serde::Deserialize)]
    struct Head {
        org: String,
    }
    serde_json::from_str::<Head>(body).ok()?.org.parse().ok()
}
