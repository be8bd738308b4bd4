//! Routes of commitments.

pub(crate) mod check;
pub(crate) mod coverage;
pub(crate) mod diff;
pub(crate) mod explain;
pub(crate) mod list;
pub(crate) mod publish;
pub(crate) mod show;
pub(crate) mod withdraw;

use yinuo_desk::PublishedView;

use crate::{error::ApiError, state::Api};

/// A published version of a letter: the last one unless `version` names another.
fn version(api: &Api, number: &str, version: Option<u32>) -> Result<PublishedView, ApiError> {
    let mut newest_first = api.desk.commitments().into_iter().rev();
    let found = newest_first.find(|view| {
        view.published.number == number && version.is_none_or(|version| view.published.version == version)
    });
    found.ok_or(ApiError::not_found("commitment"))
}
