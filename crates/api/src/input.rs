//! Reading bodies and queries strictly, and saying exactly what is wrong with them.

pub(crate) mod choice;
mod fault;

use axum::{
    body::to_bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, header, request::Parts},
};
use serde::de::DeserializeOwned;

use crate::{
    dto::commitment::LetterText,
    error::{ApiError, Fault},
    state::Api,
};

/// How long a body may take to come in: a caller who stops in the middle must not hold a connection for ever.
const BODY_WITHIN: std::time::Duration = std::time::Duration::from_mins(1);

/// A JSON body, read strictly.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<Api> for Json<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &Api) -> Result<Self, ApiError> {
        if !is_media_type(request.headers(), "application/json") {
            return Err(ApiError::MediaType { wanted: "application/json" });
        }
        let text = text(request, api.options.limits.body_bytes_max).await?;
        // A list would be read as the fields in their order, names unsaid.
        if text.trim_start().starts_with('[') {
            return Err(ApiError::bad_value(
                "body",
                "请求正文须是 JSON 对象，不能是数组。",
                "The body has to be a JSON object, not an array.",
            ));
        }
        let mut reader = serde_json::Deserializer::from_str(&text);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| fault::json(&error))?;
        reader.end().map_err(|error| fault::after_json(&error))?;
        Ok(Self(value))
    }
}

/// A commitment file: bare as `application/toml`, which is how a file is sent, or inside JSON.
pub(crate) struct LetterFile(pub(crate) LetterText);

impl FromRequest<Api> for LetterFile {
    type Rejection = ApiError;

    async fn from_request(request: Request, api: &Api) -> Result<Self, ApiError> {
        if is_media_type(request.headers(), "application/toml") {
            let text = text(request, api.options.limits.body_bytes_max).await?;
            return Ok(Self(LetterText { text }));
        }
        Json::from_request(request, api).await.map(|Json(letter)| Self(letter))
    }
}

/// A query, read strictly; `lang` belongs to every route.
pub(crate) struct Query<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequestParts<Api> for Query<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, ApiError> {
        let query = parts.uri.query().unwrap_or_default();
        let own: Vec<&str> =
            query.split('&').filter(|pair| !pair.starts_with("lang=") && !pair.is_empty()).collect();
        let own = own.join("&");
        let reader = serde_urlencoded::Deserializer::new(form_urlencoded(&own));
        serde_path_to_error::deserialize(reader).map(Self).map_err(|error| fault::query(&error))
    }
}

fn form_urlencoded(query: &str) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(query.as_bytes())
}

/// Part of the path, parsed: what is no id at all is found by nobody.
pub(crate) fn id<T: std::str::FromStr>(what: &'static str, text: &str) -> Result<T, ApiError> {
    text.parse().map_err(|_| ApiError::not_found(what))
}

/// Whether the body has this media type, whatever its parameters.
pub(crate) fn is_media_type(headers: &HeaderMap, wanted: &str) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|given| given.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|given| given.trim().eq_ignore_ascii_case(wanted))
}

/// The body as text: at most `bytes_max` bytes of UTF-8. What the header says too much of is not even read.
pub(crate) async fn text(request: Request, bytes_max: usize) -> Result<String, ApiError> {
    let told =
        request.headers().get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if told.is_some_and(|told: u64| told > bytes_max as u64) {
        return Err(ApiError::TooLarge { bytes_max });
    }
    let bytes = match tokio::time::timeout(BODY_WITHIN, to_bytes(request.into_body(), bytes_max)).await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(error)) if fault::is_too_long(&error) => return Err(ApiError::TooLarge { bytes_max }),
        Ok(Err(_)) | Err(_) => return Err(ApiError::Unreadable(fault::broken_off())),
    };
    String::from_utf8(bytes.into())
        .map_err(|error| ApiError::Unreadable(Fault::not_utf8(error.utf8_error().valid_up_to())))
}
