//! Standard phrases (标准用语): the shipped ones and the organisation's own, for who writes to customers.

use std::collections::BTreeMap;

use yinuo_commitment::{Kind, Language, Text};
use yinuo_core::{
    access::Operation,
    id::TicketId,
    organisation::{Organisation, OrganisationEvent, OwnPhrase},
    roster::Actor,
    words::Words,
};
use yinuo_language::wording::{
    Severity, Step,
    phrases::{self, Phrase, Variable},
};

use crate::{case::Case, desk::Desk, error::DeskError, knowledge::nobodys};

/// A phrase of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LibraryPhrase {
    /// The phrase.
    pub phrase: Phrase,
    /// Whether the organisation wrote it, or rewrote a shipped one.
    pub own: bool,
    /// Whether one of this name comes with the product.
    pub shipped: bool,
}

/// A phrase as somebody writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPhrase {
    /// Its name: kebab-case. One that exists is replaced.
    pub id: String,
    /// Kinds of tickets that it suits; empty: every kind.
    pub kinds: Vec<Kind>,
    /// The step that it suits.
    pub step: Step,
    /// What it is, for people who look for one.
    pub title: Text,
    /// The text, with variables in braces.
    pub text: Text,
}

/// A phrase for a message of a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledPhrase {
    /// Its name.
    pub id: String,
    /// What it is.
    pub title: Text,
    /// The text in the customer's language; what is still to be filled in stands in braces.
    pub text: String,
    /// What is still to be filled in.
    pub missing: Vec<Variable>,
}

/// The organisation's own phrase as one of the library; none if this version of the product cannot read it.
fn own(id: &str, own: &OwnPhrase) -> Option<Phrase> {
    let step = Step::from_word(&own.step)?;
    Phrase::compose(id, own.kinds.clone(), step, &own.title, &own.text).ok()
}

/// The library: shipped phrases in the order of a ticket's life, own ones in the place of the shipped ones that they replace,
/// the others behind.
fn library(organisation: &Organisation) -> Vec<LibraryPhrase> {
    let mut written: BTreeMap<&str, Phrase> = organisation
        .phrases
        .iter()
        .filter_map(|(id, phrase)| Some((id.as_str(), own(id, phrase)?)))
        .collect();
    let kept =
        phrases::shipped().iter().filter(|phrase| !organisation.phrases_withdrawn.contains(&phrase.id));
    let mut all: Vec<LibraryPhrase> = Vec::new();
    for shipped in kept {
        let replaced = written.remove(shipped.id.as_str());
        let own = replaced.as_ref().is_some_and(|replaced| replaced != shipped);
        all.push(LibraryPhrase { phrase: replaced.unwrap_or_else(|| shipped.clone()), own, shipped: true });
    }
    all.extend(written.into_values().map(|phrase| LibraryPhrase { phrase, own: true, shipped: false }));
    all
}

impl Desk {
    /// Every phrase that can be used.
    pub fn phrases(&self, actor: Actor) -> Result<Vec<LibraryPhrase>, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        Ok(library(&self.house().organisation))
    }

    /// Phrases that come with the product and are out of the library.
    pub fn withdrawn_phrases(&self, actor: Actor) -> Result<Vec<LibraryPhrase>, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        let house = self.house();
        let out = &house.organisation.phrases_withdrawn;
        let shipped = phrases::shipped().iter().filter(|phrase| out.contains(&phrase.id));
        Ok(shipped
            .map(|phrase| LibraryPhrase { phrase: phrase.clone(), own: false, shipped: true })
            .collect())
    }

    /// The phrases for a message of `step` about a ticket, filled in as far as the ticket tells; those for its kind alone
    /// come first.
    pub async fn phrases_for(
        &self,
        ticket: TicketId,
        step: Step,
        actor: Actor,
    ) -> Result<Vec<FilledPhrase>, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        let case = self.load_case(ticket).await?;
        let library = library(&self.house().organisation);
        let all: Vec<Phrase> = library.into_iter().map(|entry| entry.phrase).collect();
        let language = case.ticket.language;
        let values = self.values(&case, language, actor);
        let values: Vec<(Variable, &str)> =
            values.iter().map(|(variable, value)| (*variable, value.as_str())).collect();
        let filled = phrases::suited(&all, case.ticket.facets().kind, step).into_iter().map(|phrase| {
            let (text, missing) = phrases::filled(phrase, language, &values);
            FilledPhrase { id: phrase.id.clone(), title: phrase.title.clone(), text, missing }
        });
        Ok(filled.collect())
    }

    /// What the ticket tells. Times are never among it: whoever names one gives the company's word, and has to mean it.
    fn values(&self, case: &Case, language: Language, actor: Actor) -> Vec<(Variable, String)> {
        let ticket = &case.ticket;
        let letter = case.commitments.first();
        let house = self.house();
        let member = |id| house.organisation.roster.members.get(&id).map(|member| member.name.clone());
        let sees_name = crate::looks::sees(actor, yinuo_core::personal::PersonalField::Name);
        let name = sees_name.then(|| Words::text(&ticket.customer.name)).flatten();
        let known = [
            (Variable::Number, Some(ticket.number.clone())),
            (Variable::Agent, actor.member().and_then(member)),
            (Variable::Customer, name.map(str::to_owned)),
            (Variable::Company, letter.map(|letter| letter.company.get(language).to_owned())),
            (Variable::Hotline, letter.and_then(|letter| letter.hotline.clone())),
        ];
        known.into_iter().filter_map(|(variable, value)| Some((variable, value?))).collect()
    }

    /// Adds a phrase, or replaces the one of that name. Refused if it cannot be read, or if the check of wording blocks what
    /// it says.
    pub async fn save_phrase(&self, new: NewPhrase, actor: Actor) -> Result<LibraryPhrase, DeskError> {
        Self::allow(actor, Operation::ManagePhrases)?;
        let NewPhrase { id, kinds, step, title, text } = new;
        let phrase = Phrase::compose(&id, kinds, step, &title, &text)
            .map_err(|unfit| DeskError::Invalid { field: unfit.field, text: unfit.text })?;
        for (field, words) in
            [("id", &phrase.id), ("title.zh", &phrase.title.zh), ("title.en", &phrase.title.en)]
        {
            nobodys(field, words)?;
        }
        for flaw in phrase.flaws(self.house().own()) {
            if flaw.remarks.iter().any(|remark| remark.severity == Severity::Required) {
                let field = match flaw.language {
                    Language::Zh => "text.zh",
                    Language::En => "text.en",
                };
                return Err(DeskError::Wording { field, text: flaw.rendered, remarks: flaw.remarks });
            }
        }
        self.organise(actor, |organisation| {
            let saved = OwnPhrase {
                kinds: phrase.kinds.clone(),
                step: phrase.step.word().to_owned(),
                title: phrase.title.clone(),
                text: phrase.text.clone(),
            };
            if organisation.phrases.get(&phrase.id) == Some(&saved) {
                return Err(yinuo_core::ticket::Refusal::NothingChanges.into());
            }
            let OwnPhrase { kinds, step, title, text } = saved;
            let id = phrase.id.clone();
            Ok((vec![OrganisationEvent::PhraseSaved { id, kinds, step, title, text }], ()))
        })
        .await?;
        let shipped = phrases::shipped().iter().find(|shipped| shipped.id == phrase.id);
        let own = shipped != Some(&phrase);
        Ok(LibraryPhrase { shipped: shipped.is_some(), own, phrase })
    }

    /// Takes a phrase out of the library. Messages that were written with it stay.
    pub async fn withdraw_phrase(&self, id: &str, actor: Actor) -> Result<(), DeskError> {
        Self::allow(actor, Operation::ManagePhrases)?;
        self.organise(actor, |organisation| {
            if !library(organisation).iter().any(|entry| entry.phrase.id == id) {
                return Err(DeskError::NotFound { what: "phrase" });
            }
            Ok((vec![OrganisationEvent::PhraseWithdrawn { id: id.to_owned() }], ()))
        })
        .await
    }
}
