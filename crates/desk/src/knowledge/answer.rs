//! Answering: by the product itself where it is sure, by suggestions to a person where it is not.

use yinuo_commitment::{Channel, Facets, Kind, Language, Urgency, says_nothing};
use yinuo_core::{
    access::Operation,
    id::{ArticleId, TicketId},
    knowledge::{ArticleVersion, Piece},
    roster::Actor,
    ticket::{self, Command, Event, Facts, Ticket, Triage, UsedArticle},
    words::Words,
};
use yinuo_language::answers::{Asking, Band, METHOD, METHOD_WITH_VECTORS, Request, RequestVectors, Vectors};

use super::{Knowledge, texts};
use crate::{case::Case, desk::Desk, error::DeskError, meters::Meters};

/// Suggestions at most.
const SUGGESTIONS_MAX: usize = 3;

/// What the knowledge base says to a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestions {
    /// What it would do with the question if a customer asked it now.
    pub band: Band,
    /// The best first; those that are too doubtful are left out.
    pub found: Vec<Suggested>,
}

/// An article that may answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggested {
    /// The article.
    pub article: ArticleId,
    /// Its version.
    pub version: u32,
    /// In which language its text is.
    pub language: Language,
    /// Its question and answer.
    pub piece: Piece,
    /// How probably it answers.
    pub probability: f32,
}

impl Desk {
    /// The answer to a request that has just come in, if the product may answer it and the knowledge base is sure.
    pub(crate) async fn automatic(&self, ticket: &Ticket, actor: Actor) -> Option<Command> {
        // Whoever is on the phone or was entered by a colleague has a person already.
        if actor != Actor::Customer || ticket.channel == Channel::Phone {
            return None;
        }
        let knowledge = self.knowledge();
        if knowledge.never_answers() || may_be_grave(ticket) {
            return None;
        }
        self.sure_answer(&knowledge, ticket).await
    }

    /// The answer to a request, if the knowledge base is sure of it.
    async fn sure_answer(&self, knowledge: &Knowledge, ticket: &Ticket) -> Option<Command> {
        let request = Request { subject: ticket.subject.text()?.trim(), body: ticket.body.text()?.trim() };
        if !request.is_plain() {
            return None;
        }
        let whole = request.whole();
        let texts = [request.subject, request.body, &whole];
        let vectors = self.vectors_for(knowledge, &texts).await;
        let vector = |text: &str| Some(vectors.as_ref()?.get(text)?.as_ref());
        let vectors = vector(request.subject).zip(vector(request.body)).zip(vector(&whole));
        let vectors = vectors.map(|((subject, body), whole)| RequestVectors { subject, body, whole });
        let recent = self.recent();
        let asking = knowledge.asking(&recent, 1, vectors.is_some());
        let candidate = knowledge.index.sure(&request, &asking, vectors)?;
        let article = ArticleId::new(&candidate.article).ok()?;
        let version = self.in_force(&article).filter(|version| version.version == candidate.version)?;
        let piece = version.text.piece(ticket.language)?;
        Some(Command::GiveAnswer {
            body: Words::new(&told(piece, ticket.language)),
            article,
            version: version.version,
            permille: permille(candidate.probability),
            method: if vectors.is_some() { METHOD_WITH_VECTORS } else { METHOD },
        })
    }

    /// Whether an answer may still leave: its article may have been withdrawn or replaced on another node a moment ago, and
    /// its last day may have ended.
    async fn still_holds(&self, command: &Command) -> bool {
        let Command::GiveAnswer { article, version, .. } = command else { return false };
        if let Err(error) = self.read_on().await {
            tracing::info!(
                error = &error as &dyn std::error::Error,
                "nobody knows whether an article still holds"
            );
            return false;
        }
        self.in_force(article).is_some_and(|in_force| in_force.version == *version)
    }

    /// The vectors of a customer's words, where the knowledge base has its own.
    async fn vectors_for(&self, knowledge: &Knowledge, texts: &[&str]) -> Option<Vectors> {
        knowledge.by_meaning.as_ref()?;
        self.vectors_of(texts.iter().map(|text| (*text).to_owned()).collect()).await
    }

    /// Gives an automatic answer. Whatever goes wrong, the request stays with the person who has it: the case comes back as
    /// it was.
    pub(crate) async fn answer(&self, mut case: Case, command: Command) -> Case {
        if !self.still_holds(&command).await {
            tracing::info!(ticket = %case.ticket.id, "no automatic answer: its article does not hold any more");
            return case;
        }
        let house = self.house();
        let at = self.now().max(case.ticket.last_at);
        let no_load = std::collections::BTreeMap::new();
        let facts =
            Facts { commitments: &case.commitments, roster: &house.organisation.roster, load: &no_load };
        let events = match ticket::decide(&case.ticket, command, Actor::System, &facts, at) {
            Ok(events) => events,
            Err(refusal) => {
                tracing::info!(ticket = %case.ticket.id, code = refusal.code(), "no automatic answer");
                return case;
            }
        };
        let entry = Self::entry(&case.ticket, at, Actor::System, events);
        let draft = self.draft(&case, &house, &entry);
        match self.keep(draft).await {
            Ok(appended) => {
                Meters::add(&self.0.meters.automatic_answers);
                case.take_up(entry, appended);
            }
            // Somebody was faster than the product, or it cannot write now: a person answers.
            Err(error) => {
                tracing::info!(ticket = %case.ticket.id, error = &error as &dyn std::error::Error, "no automatic answer");
            }
        }
        case
    }

    /// What may answer a ticket: by its subject and text, or by what the customer wrote last.
    pub async fn suggestions(&self, ticket: TicketId, actor: Actor) -> Result<Suggestions, DeskError> {
        Self::allow(actor, Operation::ReadTickets)?;
        Self::allow(actor, Operation::ReadArticles)?;
        let case = self.load_case(ticket).await?;
        let question = asked_last(&case);
        Ok(self.suggested(&question, case.ticket.language).await)
    }

    /// Pieces that may answer what a customer asked last, the likeliest first.
    pub(crate) async fn pieces_for(&self, case: &Case) -> Vec<Piece> {
        let suggested = self.suggested(&asked_last(case), case.ticket.language).await;
        suggested.found.into_iter().map(|found| found.piece).collect()
    }

    /// What the knowledge base says to a question, for whoever writes articles.
    pub async fn ask_articles(&self, question: &str, actor: Actor) -> Result<Suggestions, DeskError> {
        Self::allow(actor, Operation::ReadArticles)?;
        Ok(self.suggested(question, yinuo_language::language_of(question)).await)
    }

    async fn suggested(&self, question: &str, language: Language) -> Suggestions {
        let knowledge = self.knowledge();
        let vectors = self.vectors_for(&knowledge, &[question]).await;
        let vector = vectors.as_ref().and_then(|vectors| vectors.get(question)).map(AsRef::as_ref);
        let recent = self.recent();
        let asking = knowledge.asking(&recent, SUGGESTIONS_MAX, vector.is_some());
        let reply = knowledge.index.ask(question, &Asking { vector, ..asking });
        let found = reply.candidates.iter().filter_map(|candidate| {
            // The first is shown from the threshold on, the others beside it if they are half as likely.
            if candidate.probability < asking.thresholds.suggest / 2.0 || reply.band == Band::HandOver {
                return None;
            }
            let article = ArticleId::new(&candidate.article).ok()?;
            let version = self.in_force(&article).filter(|version| version.version == candidate.version)?;
            let (language, piece) = in_language(&version, language)?;
            let probability = candidate.probability;
            Some(Suggested { article, version: version.version, language, piece, probability })
        });
        Suggestions { band: reply.band, found: found.collect() }
    }

    /// Whether an article that somebody answers with exists and was ever approved, and whether its text was changed.
    pub(crate) async fn used(&self, used: &UsedArticle, body: &Words) -> Result<UsedArticle, DeskError> {
        if let Ok(known) = self.used_as_known(used, body) {
            return Ok(known);
        }
        // Another node may have taken it up a moment ago.
        self.read_on().await?;
        self.used_as_known(used, body)
    }

    fn used_as_known(&self, used: &UsedArticle, body: &Words) -> Result<UsedArticle, DeskError> {
        let house = self.house();
        let article = house.organisation.articles.get(&used.article);
        let article = article.ok_or(DeskError::NotFound { what: "article" })?;
        let version = article.version(used.version).ok_or(DeskError::NotFound { what: "article" })?;
        if version.approved.is_none() {
            return Err(texts::never_approved(article, used.version));
        }
        let same = |piece: &Option<Piece>| {
            let sent = body.text().map(str::trim);
            piece.as_ref().is_some_and(|piece| Some(piece.body.as_str()) == sent)
        };
        let edited = !same(&version.text.zh) && !same(&version.text.en);
        Ok(UsedArticle { edited, ..used.clone() })
    }
}

/// Whether the request is a complaint or urgent, or may be one as long as nobody has looked: these are a person's.
fn may_be_grave(ticket: &Ticket) -> bool {
    let grave = |facets: &Facets| facets.kind == Kind::Complaint || facets.urgency == Urgency::Urgent;
    let doubt = ticket.round().doubt.as_ref().filter(|_| ticket.triage() == Some(Triage::Wanted));
    grave(&ticket.facets()) || doubt.is_some_and(|doubt| doubt.readings.iter().any(grave))
}

/// What the customer asks: the last words, with the request before them if they are the first.
fn asked_last(case: &Case) -> String {
    let said = case.entries.iter().rev().flat_map(|entry| entry.events.iter().rev());
    let last = said.clone().find_map(|event| match event {
        Event::CustomerWrote { body } | Event::Reopened { body, .. } => {
            body.text().filter(|text| !says_nothing(text))
        }
        _ => None,
    });
    let request = || {
        let (subject, body) = (case.ticket.subject.text(), case.ticket.body.text());
        Request { subject: subject.unwrap_or_default(), body: body.unwrap_or_default() }.whole()
    };
    last.map_or_else(request, str::to_owned)
}

/// The piece in `language`, or the one that there is.
fn in_language(version: &ArticleVersion, language: Language) -> Option<(Language, Piece)> {
    let other = match language {
        Language::Zh => Language::En,
        Language::En => Language::Zh,
    };
    [language, other].into_iter().find_map(|language| Some((language, version.text.piece(language)?.clone())))
}

/// The message: the answer, then that nobody wrote it, and the way to a person.
fn told(piece: &Piece, language: Language) -> String {
    let (title, body) = (&piece.title, &piece.body);
    match language {
        Language::Zh => format!(
            "{body}\n\n—— 这是自动答复，依据知识条目「{title}」。没有解决您的问题？请选择“转人工”，由工作人员为您处理。"
        ),
        Language::En => format!(
            "{body}\n\n—— This is an automatic answer, from our article \"{title}\". Does it not help? Choose \"Talk to a person\" and one of us takes over."
        ),
    }
}

/// A probability in thousandths.
fn permille(probability: f32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0 to 1000 before"
    )]
    let permille = (probability.clamp(0.0, 1.0) * 1000.0).round() as u32;
    permille
}
