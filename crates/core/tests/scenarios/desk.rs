//! One ticket on the desk of a scenario: commands go in, entries pile up.

use jiff::Timestamp;
use yinuo_commitment::Language;
use yinuo_core::{
    clock,
    roster::Actor,
    ticket::{self, Command, Customer, Entry, Event, Refusal, Request, Ticket},
    view,
};

use crate::company::{Company, ticket_id};

pub(crate) struct Desk {
    pub(crate) company: Company,
    pub(crate) entries: Vec<Entry>,
    pub(crate) ticket: Option<Ticket>,
}

impl Desk {
    pub(crate) fn new(company: Company) -> Self {
        Self { company, entries: Vec::new(), ticket: None }
    }

    pub(crate) fn ticket(&self) -> &Ticket {
        self.ticket.as_ref().expect("the script has received a ticket")
    }

    pub(crate) fn receive(&mut self, request: Request, now: Timestamp) -> Result<Vec<Event>, Refusal> {
        let events = ticket::receive(request, &self.company.facts(), now)?;
        self.append(Entry { at: now, actor: Actor::Customer, events: events.clone() });
        Ok(events)
    }

    pub(crate) fn decide(
        &mut self,
        command: Command,
        actor: Actor,
        now: Timestamp,
    ) -> Result<Vec<Event>, Refusal> {
        let kind = command.kind();
        let permitted = ticket::permitted(self.ticket(), &self.company.facts(), actor, now);
        let decided = ticket::decide(self.ticket(), command, actor, &self.company.facts(), now);
        if let Some((_, Err(guard))) = permitted.into_iter().find(|(permitted, _)| *permitted == kind) {
            assert_eq!(decided.as_ref(), Err(&guard), "what is not permitted is refused for that reason");
        }
        let events = decided?;
        self.append(Entry { at: now, actor, events: events.clone() });
        Ok(events)
    }

    fn append(&mut self, entry: Entry) {
        self.ticket = Some(match self.ticket.take() {
            None => ticket::begin(ticket_id(1), &entry).unwrap(),
            Some(ticket) => ticket::apply(ticket, &entry),
        });
        self.entries.push(entry);
        self.replay_is_equal();
    }

    /// The entries alone give the same ticket and the same rows.
    fn replay_is_equal(&self) {
        let replayed = ticket::fold(ticket_id(1), &self.entries).unwrap();
        assert_eq!(&replayed, self.ticket());
        let facts = self.company.facts();
        assert_eq!(view::views(&replayed, &facts), view::views(self.ticket(), &facts));
        let next = clock::next_alarm(&replayed, &facts).map(|alarm| alarm.at);
        assert_eq!(view::views(&replayed, &facts).alarm_at, next);
    }

    pub(crate) fn request(&self) -> Request {
        Request {
            number: "TS-20260901-0001".into(),
            query_code: "482913".into(),
            channel: yinuo_commitment::Channel::Web,
            customer: Customer {
                name: "王女士".into(),
                phone: Some("13912345678".into()),
                ..Customer::default()
            },
            subject: "求助".into(),
            body: "请尽快处理".into(),
            language: Language::Zh,
            facets: yinuo_commitment::Facets::of(yinuo_commitment::Kind::Consultation),
            classifier: ticket::Classifier::Rules,
            why: "".into(),
            assessment: None,
            pins: self.company.pins(),
            tzdb: "test".into(),
            external: None,
        }
    }
}
