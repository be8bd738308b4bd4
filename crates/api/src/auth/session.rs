//! Sessions: a random token in a cookie or bearer header, of which only the hash is kept.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Method, header, request::Parts},
};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use yinuo_core::{
    access::{self, Operation},
    roster::{Actor, Member},
};
use yinuo_desk::{Desk, DeskError, Session};

use crate::{error::ApiError, state::Api};

/// Name of the cookie.
const COOKIE: &str = "yinuo_session";

/// How long a session lasts from its last use: a long working day.
pub(crate) const LIFETIME: SignedDuration = SignedDuration::from_hours(12);

/// Somebody who is signed in. Taking this argument guards an endpoint: without a valid session it answers 401, and a
/// changing request that shows a cookie has to repeat the session's token and come from this very site (403).
pub(crate) struct SignedIn {
    pub(crate) member: Member,
    pub(crate) session: Session,
}

impl SignedIn {
    /// The person as an actor, in today's role.
    pub(crate) const fn actor(&self) -> Actor {
        Actor::Member { id: self.member.id, role: self.member.role }
    }

    /// Refuses what the role may not do.
    pub(crate) fn may(&self, operation: Operation) -> Result<(), ApiError> {
        let role = self.member.role;
        if access::may(role, operation) {
            return Ok(());
        }
        Err(DeskError::Forbidden { operation, role: Some(role) }.into())
    }
}

impl FromRequestParts<Api> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, ApiError> {
        let (token, by_cookie) = token(&parts.headers).ok_or(ApiError::NotSignedIn)?;
        let (session, member) =
            api.desk.session(&hash(&token), LIFETIME).await?.ok_or(ApiError::NotSignedIn)?;
        let changes = !matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if by_cookie && changes {
            same_site(&parts.headers)?;
            let given = parts.headers.get("x-csrf-token").map_or(&b""[..], HeaderValue::as_bytes);
            if !bool::from(given.ct_eq(session.csrf.as_bytes())) {
                return Err(ApiError::CsrfToken);
            }
        }
        Ok(Self { member, session })
    }
}

/// Begins a session: the session and the value of the `Set-Cookie` header.
pub(crate) async fn begin(api: &Api, member: &Member) -> Result<(Session, HeaderValue), ApiError> {
    let token = random_hex(&api.desk);
    let csrf = random_hex(&api.desk);
    let session = api.desk.begin_session(member.id, hash(&token), csrf, LIFETIME).await?;
    Ok((session, cookie(&token, LIFETIME, api.options.secure_cookies)?))
}

/// The header that takes the cookie away.
pub(crate) fn no_cookie(api: &Api) -> Result<HeaderValue, ApiError> {
    cookie("", SignedDuration::ZERO, api.options.secure_cookies)
}

/// Refuses a request that a page of another site sent: browsers tell the origin with every changing request.
pub(crate) fn same_site(headers: &HeaderMap) -> Result<(), ApiError> {
    let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
    let origin = origin.to_str().ok().and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    if origin.is_some() && origin == host { Ok(()) } else { Err(ApiError::ForeignOrigin) }
}

/// The token that a request shows, and whether a cookie carries it.
fn token(headers: &HeaderMap) -> Option<(String, bool)> {
    if let Some(bearer) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = bearer.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| (token.trim().to_owned(), false));
    }
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|cookie| cookie.to_str().ok());
    let mut pairs =
        cookies.flat_map(|cookies| cookies.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == COOKIE).map(|(_, value)| (value.to_owned(), true))
}

/// `SameSite=Lax` keeps the cookie from requests that other sites send, except for following a link.
fn cookie(token: &str, lifetime: SignedDuration, secure: bool) -> Result<HeaderValue, ApiError> {
    let secure = if secure { "; Secure" } else { "" };
    let age_s = lifetime.as_secs();
    HeaderValue::from_str(&format!(
        "{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={age_s}{secure}"
    ))
    .map_err(|_| ApiError::Busy)
}

/// What is kept of a token.
fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// 32 unpredictable bytes in hexadecimal digits.
fn random_hex(desk: &Desk) -> String {
    let mut bytes = [0; 32];
    desk.fill_random(&mut bytes);
    hex::encode(bytes)
}
