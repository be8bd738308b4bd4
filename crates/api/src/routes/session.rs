//! Routes of session.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod show;

use yinuo_core::{
    access::{self, Operation},
    roster::Member,
};
use yinuo_desk::Session;

use crate::{dto::session::SessionDetail, state::Api, view::person};

/// Who is signed in and what the person may do.
pub(super) fn detail(api: &Api, member: &Member, session: &Session) -> SessionDetail {
    let operations = Operation::ALL.iter().copied().filter(|operation| access::may(member.role, *operation));
    SessionDetail {
        member: person(member),
        csrf_token: session.csrf.clone(),
        expires_at: session.expires_at.into(),
        operations: operations.map(Into::into).collect(),
        now: api.desk.now().into(),
        adviser: api.desk.adviser().map(str::to_owned),
    }
}
