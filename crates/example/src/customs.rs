//! Who the customers are and how people behave, drawn once for each course.

use jiff::Timestamp;
use yinuo_commitment::{Channel, Kind, Language, Urgency};
use yinuo_core::{ticket::Customer, words::Words};

use crate::{
    course::{Course, Habits, Story},
    draw::Draw,
    texts::{RequestText, Texts},
};

/// What all courses share: where names and models come from.
pub(crate) struct Customs<'a> {
    texts: &'a Texts,
}

impl<'a> Customs<'a> {
    pub(crate) fn new(texts: &'a Texts) -> Self {
        Self { texts }
    }

    /// A course for `request`; everything about it follows from the seed and its `number`.
    pub(crate) fn course(
        &self,
        request: &'a RequestText,
        channel: Channel,
        arrives_at: Timestamp,
        seed: u64,
        number: usize,
    ) -> Course<'a> {
        let stream = u64::try_from(number).unwrap_or(0).saturating_add(1);
        let mut draw = Draw::new(seed, stream);
        let (name, customer) = self.customer(request, &mut draw);
        let models = request.facets.topic.as_ref().and_then(|topic| self.texts.customers.models.get(topic));
        let model = models.and_then(|models| draw.pick(models.of(request.language)).cloned());
        let unnamed = match request.language {
            Language::Zh => "机器",
            Language::En => "unit",
        };
        Course {
            request,
            channel,
            arrives_at,
            order: format!("SO-26{:02}-{:04}", draw.below(12).saturating_add(1), draw.below(10_000)),
            model: model.unwrap_or_else(|| unnamed.to_owned()),
            customer,
            name,
            story: Story::Ordinary,
            habits: habits(request, &mut draw),
            draw,
            bad_day: false,
            eve: false,
            stop: None,
            told: None,
            sheet: None,
            done: Vec::new(),
            remedies: Vec::new(),
            twin: None,
            word: None,
            call_taker: None,
        }
    }

    fn customer(&self, request: &RequestText, draw: &mut Draw) -> (String, Customer) {
        let (customers, language) = (&self.texts.customers, request.language);
        let company = draw.chance(18);
        let names = if company { customers.companies.of(language) } else { customers.names.of(language) };
        let name = draw.pick(names).cloned().unwrap_or_default();
        let phone = format!("138-0000-{:04}", draw.below(10_000));
        let mailbox = draw.pick(customers.mailboxes.of(language)).cloned().unwrap_or_default();
        let email = format!("{mailbox}{}@example.com", draw.below(90).saturating_add(10));
        let address = draw.pick(customers.addresses.of(language)).cloned();
        let customer = Customer {
            name: name.as_str().into(),
            phone: Some(phone.into()),
            email: draw.chance(70).then(|| email.into()),
            address: address.filter(|_| request.facets.kind != Kind::Consultation).map(Words::from),
        };
        (name, customer)
    }
}

fn habits(request: &RequestText, draw: &mut Draw) -> Habits {
    let falls_short = draw.chance(12);
    let complains = request.facets.kind == Kind::Complaint;
    Habits {
        chooses_kind: draw.chance(60),
        chooses_wrongly: draw.chance(6),
        answers_at_once: draw.chance(45),
        asks_back: draw.chance(9) && request.facets.urgency == Urgency::Normal,
        notes: draw.chance(28),
        taken_over: draw.chance(7),
        rejects: draw.chance(if falls_short { 40 } else { 8 }),
        falls_short,
        confirms: draw.chance(72),
        rates: draw.chance(if complains { 65 } else { 45 }),
        rings: draw.weighted(&[(1, 27), (2, 42), (3, 26), (4, 3), (6, 2)]).unwrap_or(2),
    }
}
