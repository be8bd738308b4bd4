//! The description of the interface: OpenAPI 3.1, made from the routes themselves.

use std::collections::BTreeMap;

use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components, Discriminator, OpenApi as Document, Ref, RefOr, Schema,
        schema::AllOf,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Yinuo 一诺",
        description = "The service desk that keeps its word. Every answer that is not a success is a problem (RFC 9457) with a stable code.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
    ),
    tags(
        (name = "portal", description = "What everybody may see."),
        (name = "requests", description = "Customers and their requests."),
        (name = "session", description = "Signing in."),
        (name = "tickets", description = "Tickets, for the company's people."),
        (name = "articles", description = "The knowledge base: what common questions are answered from."),
        (name = "commitments", description = "Letters: check, publish, compare, explain."),
        (name = "phrases", description = "Standard phrases."),
        (name = "figures", description = "Figures from the ledger."),
        (name = "people", description = "People and teams."),
        (name = "understanding", description = "How texts are understood: rules, models, corrections."),
        (name = "notices", description = "Notices to oneself."),
        (name = "import", description = "Requests with their dates."),
        (name = "feed", description = "What happens, live."),
    ),
    modifiers(&Keys),
)]
pub(crate) struct Head;

/// How callers show who they are.
struct Keys;

impl Modify for Keys {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "session",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description(
                "yinuo_session",
                "The cookie that signing in sets. Changing requests also send `X-CSRF-Token`.",
            ))),
        );
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(Http::builder().scheme(HttpAuthScheme::Bearer).build()),
        );
    }
}

/// Unions whose members carry their word in a field of their own.
const TAGGED: [(&str, &str); 2] = [("CommandRequest", "command"), ("CustomerCommandRequest", "command")];

/// Puts the word of each member of a tagged union into the member itself. The members forbid fields that they do not
/// list, so a word that only stands beside them would make every request contradict its own description.
pub(crate) fn fold_tags(document: &mut Document) {
    let Some(components) = document.components.as_mut() else { return };
    for (union, tag) in TAGGED {
        fold_tag(components, union, tag);
    }
}

fn fold_tag(components: &mut Components, union: &str, tag: &str) {
    let Some(RefOr::T(Schema::OneOf(one_of))) = components.schemas.get(union) else { return };
    let mut one_of = one_of.clone();
    let mut mapping = BTreeMap::new();
    for item in &mut one_of.items {
        let RefOr::T(Schema::AllOf(AllOf { items, .. })) = &*item else { continue };
        let [RefOr::Ref(member), RefOr::T(Schema::Object(beside))] = items.as_slice() else { continue };
        let (member, word) = (member.ref_location.clone(), beside.properties.get(tag).cloned());
        let name = member.rsplit('/').next().unwrap_or_default().to_owned();
        let Some((RefOr::T(Schema::Object(object)), word)) = components.schemas.get_mut(&name).zip(word)
        else {
            continue;
        };
        if let RefOr::T(Schema::Object(word)) = &word
            && let Some(text) = word.enum_values.as_ref().and_then(|words| words.first()?.as_str())
        {
            mapping.insert(text.to_owned(), member.clone());
        }
        object.properties.insert(tag.to_owned(), word);
        if !object.required.iter().any(|required| required == tag) {
            object.required.push(tag.to_owned());
        }
        *item = RefOr::Ref(Ref::new(member));
    }
    one_of.discriminator = Some(Discriminator::with_mapping(tag, mapping));
    components.schemas.insert(union.to_owned(), RefOr::T(Schema::OneOf(one_of)));
}
