//! `[commitment]`: number, title, company, dates, signatory.

use std::ops::Range;

use jiff::Timestamp;

use super::{
    Noted,
    tree::{Reader, Section},
};
use crate::{
    model::Signature,
    vocabulary::{Kind, Text},
};

/// The head of the letter as far as it could be read.
#[derive(Debug, Default)]
pub(crate) struct Head {
    pub(crate) header: Range<usize>,
    pub(crate) number: Option<Noted<String>>,
    pub(crate) title: Option<Text>,
    pub(crate) company: Option<Text>,
    pub(crate) hotline: Option<String>,
    pub(crate) effective: Option<Noted<Timestamp>>,
    pub(crate) signed: Option<Noted<Signature>>,
    pub(crate) preamble: Option<Text>,
    pub(crate) covers: Vec<Kind>,
}

const KEYS: &[&str] = &["number", "title", "company", "hotline", "effective", "signed", "preamble", "covers"];

impl Reader<'_> {
    pub(super) fn head(&mut self, root: &Section<'_>) -> Head {
        let Some(value) = self.need(root, "commitment", r#"[commitment] number = "YN-2026-001" …"#) else {
            return Head::default();
        };
        let Some(section) = self.table(value, "[commitment]", "[commitment]", "[commitment]") else {
            return Head::default();
        };
        self.only(&section, KEYS);
        let number = self.need(&section, "number", r#"number = "YN-2026-001""#).and_then(|value| {
            let text = self.string(value, r#""YN-2026-001""#)?;
            Some(Noted { value: text.trim().to_owned(), span: value.span() })
        });
        let effective = self
            .need(&section, "effective", "effective = 2026-09-01T00:00:00+08:00")
            .and_then(|value| Some(Noted { value: self.instant(value)?, span: value.span() }));
        let hotline = section.get("hotline").and_then(|value| self.string(value, r#""400-000-0000""#));
        Head {
            number,
            title: self.needed_text(&section, "title"),
            company: self.needed_text(&section, "company"),
            hotline: hotline.map(str::to_owned),
            effective,
            signed: self.signed(&section),
            preamble: self.optional_text(&section, "preamble"),
            covers: self.optional_words(&section, "covers").unwrap_or_default(),
            header: section.span,
        }
    }

    fn signed(&mut self, section: &Section<'_>) -> Option<Noted<Signature>> {
        const EXAMPLE: &str =
            r#"signed = { by = "…", post = { zh = "总经理", en = "General manager" }, on = 2026-08-25 }"#;
        let value = self.need(section, "signed", EXAMPLE)?;
        let section = self.table(value, "`signed`", "“signed”", EXAMPLE)?;
        self.only(&section, &["by", "post", "on"]);
        let by = self.need(&section, "by", r#"by = "…""#).and_then(|value| self.string(value, r#""…""#));
        let post = self.needed_text(&section, "post");
        let on = self.need(&section, "on", "on = 2026-08-25").and_then(|value| self.date(value));
        let signature = Signature { by: by?.trim().to_owned(), post: post?, on: on? };
        Some(Noted { value: signature, span: value.span() })
    }
}
