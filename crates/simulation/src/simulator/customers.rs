//! Customers: they ask, ask again, hang up, read what became of it.

use yinuo_commitment::{Channel, Kind, Severity, Urgency};
use yinuo_core::{roster::Actor, ticket::Customer, words::Words};
use yinuo_desk::{DeskError, Submission};
use yinuo_ledger::TicketFilter;

use super::{
    Simulator,
    deeds::{Cut, Deed, What},
};

/// Name, phone, e-mail. The same people come again, and do not always write their number the same way.
const CUSTOMERS: [(&str, Option<&str>, Option<&str>); 8] = [
    ("王小明", Some("13800138000"), Some("wang@example.com")),
    ("王小明", Some("138-0013-8000"), None),
    ("李四", Some("+86 13900139000"), None),
    ("李四", Some("139 0013 9000"), Some("li.si@example.com")),
    ("Anna", None, Some("anna@example.com")),
    ("Anna", None, Some("Anna@Example.com")),
    ("张三", Some("13700137000"), None),
    ("路人", None, None),
];

const KINDS: [Kind; 5] = [Kind::Consultation, Kind::Repair, Kind::Complaint, Kind::Suggestion, Kind::Praise];

impl Simulator<'_> {
    fn submission(&mut self) -> Submission {
        let (name, phone, email) = *self.dice.pick(&CUSTOMERS);
        let customer = Customer {
            name: Words::new(name),
            phone: phone.map(Words::new),
            email: email.map(Words::new),
            address: None,
        };
        let channel = *self.dice.pick(&[Channel::Web, Channel::Phone, Channel::Api]);
        // Not everybody says what it is: then it is taken from the words, and somebody may have to look.
        let kind = if self.dice.once_in(4) { None } else { Some(*self.dice.pick(&KINDS)) };
        let technical = Some(self.dice.once_in(4));
        let body = self.something();
        // The letters make no difference between these.
        let (urgency, severity) = (Some(Urgency::Normal), Some(Severity::General));
        Submission {
            kind,
            urgency,
            severity,
            technical,
            customer,
            ..Submission::new(channel, "关于订单", &body)
        }
    }

    fn key(&mut self) -> String {
        format!("key-{:016x}", self.dice.next_u64())
    }

    pub(super) async fn somebody_asks(&mut self) {
        let (node, submission) = (self.some_node(), self.submission());
        let key = if self.dice.once_in(2) { Some(self.key()) } else { None };
        self.perform(Deed { node, what: What::Submit { submission, key } }).await;
    }

    /// The same request with its key, and another one with the same key.
    pub(super) async fn somebody_asks_again(&mut self) {
        let mut keys = self.auditor.keys();
        keys.retain(|(_, ticket, _)| !self.auditor.is_erased(*ticket));
        if keys.is_empty() {
            return;
        }
        let (key, _, submission) = self.dice.pick(&keys).clone();
        let node = self.some_node();
        let faults = self.shared.faults();
        let desk = self.nodes[node].desk.clone();
        match desk.submit(submission.clone(), Actor::Customer, Some(key.clone())).await {
            Ok(receipt) => self.receipt(node, &receipt, &submission, Some(&key)),
            Err(error) => self.excused("submit again", &error, faults),
        }
        let faults = self.shared.faults();
        let other = Submission { external: Some("other".to_owned()), ..submission };
        match desk.submit(other, Actor::Customer, Some(key)).await {
            Err(DeskError::KeyReused) => {}
            Ok(receipt) => self.object(format!("a key was used twice: {}", receipt.number)),
            Err(error) => self.excused("submit with a used key", &error, faults),
        }
        self.say("somebody asks again");
    }

    /// The caller goes away, or the node does, in the middle of a request.
    pub(super) async fn somebody_hangs_up(&mut self) {
        let (node, submission) = (self.some_node(), self.submission());
        let key = if self.dice.once_in(4) { None } else { Some(self.key()) };
        let turns = self.dice.below(25);
        let cut = if self.dice.once_in(3) { Cut::NodeDies(turns) } else { Cut::HangUp(turns) };
        self.say(&format!("somebody is cut off: {cut:?}"));
        self.perform_all(vec![(Deed { node, what: What::Submit { submission, key } }, Some(cut))]).await;
    }

    /// One request on its way twice, perhaps to two nodes.
    pub(super) async fn same_request_twice_at_once(&mut self) {
        let (submission, key) = (self.submission(), self.key());
        let mut deeds = Vec::new();
        for _ in 0..self.dice.between(2, 4) {
            let (node, submission, key) = (self.some_node(), submission.clone(), Some(key.clone()));
            deeds.push((Deed { node, what: What::Submit { submission, key } }, None));
        }
        self.perform_all(deeds).await;
    }

    /// A customer looks what became of it; a wrong code shows nothing. Lists agree with one another.
    pub(super) async fn somebody_reads(&mut self) {
        let index = self.some_node();
        let desk = self.nodes[index].desk.clone();
        let some: Vec<_> = self
            .auditor
            .tickets()
            .map(|(id, known)| (*id, known.number.clone(), known.query_code.clone()))
            .collect();
        if some.is_empty() {
            return;
        }
        let (id, number, code) = self.dice.pick(&some).clone();
        let erased = self.auditor.is_erased(id);
        let faults = self.shared.faults();
        match desk.follow(&number, &code).await {
            Err(DeskError::Erased { .. }) if erased => {}
            Ok(sheet) if sheet.ticket.id == id && !erased => {}
            Ok(_) => self.object(format!("{number} shows another ticket")),
            Err(error) => self.excused("follow", &error, faults),
        }
        let faults = self.shared.faults();
        match desk.follow(&number, "WRONGKEY").await {
            Err(DeskError::NotFound { .. }) => {}
            Err(DeskError::Erased { .. }) if erased => {}
            Ok(_) => self.object(format!("{number} can be read with a wrong code")),
            Err(error) => self.excused("follow", &error, faults),
        }
        let faults = self.shared.faults();
        match desk.counts(Actor::System).await {
            Ok(counts) => {
                let open = TicketFilter { open: Some(true), ..TicketFilter::default() };
                let page = yinuo_ledger::Page::first(100_000);
                match desk.list(&open, &page, Actor::System).await {
                    Ok(list) if list.rows.len() as u64 == counts.open => {}
                    Ok(list) => self.object(format!("{} open, {} counted", list.rows.len(), counts.open)),
                    Err(error) => self.excused("list", &error, faults),
                }
            }
            Err(error) => self.excused("counts", &error, faults),
        }
        self.say("somebody reads");
    }
}
