//! The records of a ticket as the ledger keeps them.

use axum::http::StatusCode;

use crate::dto::problem::Problem;
use crate::dto::record::RecordList;

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
pub(crate) async fn records() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}
