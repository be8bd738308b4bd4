//! Routes of portal.

pub(crate) mod letter;
pub(crate) mod show;
pub(crate) mod source;

use yinuo_desk::PublishedView;

use crate::{error::ApiError, state::Api};

/// The letter `number` in force.
fn in_force(api: &Api, number: &str) -> Result<PublishedView, ApiError> {
    let mut published = api.desk.commitments().into_iter();
    let found = published.find(|view| view.in_force && view.published.number == number);
    found.ok_or(ApiError::not_found("commitment"))
}
