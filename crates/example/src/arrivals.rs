//! Who comes when: customers arrive by the hour of the day and the day of the week.

use jiff::{SignedDuration, Timestamp, ToSpan as _, civil::Date};
use yinuo_commitment::{Channel, Kind, Language, Severity, Urgency};

use crate::{
    calendar::{Hours, plain},
    course::{Course, Story},
    customs::Customs,
    draw::Draw,
    error::ExampleError,
    eve,
    play::Plan,
    texts::{RequestText, Texts},
};

/// Requests on a working day and on a day off, on average.
const A_DAY: (usize, usize) = (10, 4);

/// How often each kind comes, in percent.
const KINDS: [(Kind, usize); 5] = [
    (Kind::Consultation, 39),
    (Kind::Repair, 32),
    (Kind::Complaint, 18),
    (Kind::Suggestion, 6),
    (Kind::Praise, 5),
];

/// How often each channel is used.
const CHANNELS: [(Channel, usize); 6] = [
    (Channel::Web, 27),
    (Channel::App, 20),
    (Channel::Chat, 16),
    (Channel::Phone, 24),
    (Channel::Email, 9),
    (Channel::Api, 4),
];

/// Requests by hour of the day.
const HOURS: [usize; 24] = [1, 1, 1, 1, 1, 2, 3, 6, 10, 13, 14, 11, 8, 9, 12, 13, 12, 10, 8, 8, 9, 7, 4, 2];

/// Working days before the end on which the telephone system was upgraded and nearly everything came late.
const BAD_DAY_BEFORE_END: i32 = 17;

/// Draws the requests of one sort in turn, so that each is used before one comes again.
struct Deck<'a> {
    texts: &'a [RequestText],
    order: Vec<usize>,
    next: Vec<usize>,
}

impl<'a> Deck<'a> {
    fn new(texts: &'a Texts, draw: &mut Draw) -> Self {
        let mut order: Vec<usize> = (0..texts.requests().len()).collect();
        draw.shuffle(&mut order);
        Self { texts: texts.requests(), next: order.clone(), order }
    }

    /// The next request that `fits`; none if no request does.
    fn draw(&mut self, fits: impl Fn(&RequestText) -> bool) -> Option<&'a RequestText> {
        for _ in 0..2 {
            let place = self.next.iter().position(|index| self.texts.get(*index).is_some_and(&fits));
            if let Some(place) = place {
                return self.texts.get(self.next.remove(place));
            }
            // All of the sort were used: they come again, in the same order.
            let again = self.order.iter().copied();
            let again: Vec<usize> = again.filter(|index| self.texts.get(*index).is_some_and(&fits)).collect();
            self.next.extend(again);
        }
        None
    }
}

/// Every request of the example, in order of arrival.
pub(crate) fn courses<'a>(
    texts: &'a Texts,
    customs: &Customs<'a>,
    plan: &Plan,
    hours: &Hours,
) -> Result<Vec<Course<'a>>, ExampleError> {
    let mut draw = Draw::new(plan.seed, 0);
    let mut deck = Deck::new(texts, &mut draw);
    let mut courses = Vec::new();
    let mut at = Vec::new();
    let first = plan.from().to_zoned(hours.zone().clone()).date();
    let last = plan.until.to_zoned(hours.zone().clone()).date();
    let bad_day = bad_day(last, hours);
    for day in first.series(1.day()).take_while(|day| *day <= last) {
        let at_day = noon(day, hours);
        let mean = if hours.is_workday(at_day) { A_DAY.0 } else { A_DAY.1 };
        let many = mean.saturating_sub(2).saturating_add(draw.below(5));
        at.extend((0..many).filter_map(|_| instant(day, hours, &mut draw)));
    }
    at.retain(|at| *at > plan.from() && *at < plan.until);
    at.sort_unstable();
    for arrives_at in at {
        let kind = draw.weighted(&KINDS).unwrap_or(Kind::Consultation);
        let language = if draw.chance(30) { Language::En } else { Language::Zh };
        let plain_scope = draw.chance(96);
        let request = deck.draw(|text| {
            text.facets.kind == kind && text.language == language && text.scope.is_none() == plain_scope
        });
        let of_kind = |text: &RequestText| text.facets.kind == kind && text.scope.is_none();
        let request = request.or_else(|| deck.draw(of_kind));
        let request = request.ok_or_else(|| ExampleError::data(format!("no request of {kind}")))?;
        let channel = channel(request, &mut draw);
        let mut course = customs.course(request, channel, arrives_at, plan.seed, courses.len());
        course.bad_day = arrives_at.to_zoned(hours.zone().clone()).date() == bad_day;
        courses.push(course);
    }
    stories(&mut courses);
    let mut twins = twins(&courses, customs, plan);
    courses.append(&mut twins);
    for evening in eve::EVE {
        let fits = |text: &RequestText| evening.fits(text);
        let request =
            deck.draw(fits).ok_or_else(|| ExampleError::data(format!("no request for {evening:?}")))?;
        courses.push(evening.course(request, customs, plan, courses.len()));
    }
    Ok(courses)
}

fn noon(day: Date, hours: &Hours) -> Timestamp {
    day.at(12, 0, 0, 0).to_zoned(hours.zone().clone()).map_or(Timestamp::UNIX_EPOCH, |noon| noon.timestamp())
}

/// An instant of `day` by the hour's weight.
fn instant(day: Date, hours: &Hours, draw: &mut Draw) -> Option<Timestamp> {
    let weights: Vec<(i8, usize)> = (0_i8..).zip(HOURS).collect();
    let hour = draw.weighted(&weights)?;
    let start = day.at(hour, 0, 0, 0).to_zoned(hours.zone().clone()).ok()?;
    Some(plain(start.timestamp(), draw.seconds(0, 3_599)))
}

/// The day on which nearly everything came late: a working day a few weeks before the end.
fn bad_day(last: Date, hours: &Hours) -> Date {
    let mut day = last.checked_sub(BAD_DAY_BEFORE_END.days()).unwrap_or(last);
    for _ in 0..10 {
        if hours.is_workday(noon(day, hours)) {
            break;
        }
        day = day.yesterday().unwrap_or(day);
    }
    day
}

fn channel(request: &RequestText, draw: &mut Draw) -> Channel {
    // Who stands in water or smells gas picks up the telephone.
    if request.facets.urgency == Urgency::Urgent && draw.chance(55) {
        return Channel::Phone;
    }
    draw.weighted(&CHANNELS).unwrap_or(Channel::Web)
}

/// Gives the rare stories to the tickets that they fit, spread over the weeks.
fn stories(courses: &mut [Course<'_>]) {
    let urgent_local = |course: &Course<'_>| {
        course.is(Kind::Repair)
            && course.request.facets.urgency == Urgency::Urgent
            && course.channel != Channel::Phone
    };
    let urgent =
        |course: &Course<'_>| course.is(Kind::Repair) && course.request.facets.urgency == Urgency::Urgent;
    let complaint = |course: &Course<'_>| course.is(Kind::Complaint);
    let general = |course: &Course<'_>| {
        course.is(Kind::Complaint) && course.request.facets.severity == Severity::General
    };
    let repair =
        |course: &Course<'_>| course.is(Kind::Repair) && course.request.facets.urgency == Urgency::Normal;
    let question = |course: &Course<'_>| course.is(Kind::Consultation) && course.channel != Channel::Phone;
    give(courses, &[30, 62], Story::ForceMajeure, urgent_local);
    give(courses, &[22, 48, 70], Story::Loss, urgent);
    give(courses, &[18, 45, 66], Story::Mediation, complaint);
    give(courses, &[12, 55], Story::Unresolved, complaint);
    give(courses, &[40], Story::Concealment, general);
    give(courses, &[25, 60], Story::MajorAfterAll, general);
    give(courses, &[8, 28, 36, 52, 64, 74], Story::SecondComplaint, complaint);
    give(courses, &[15, 34, 50, 68], Story::Recurrence, repair);
    give(courses, &[33], Story::ClosedByMistake, question);
    give(courses, &[10, 26, 44, 58, 72], Story::Withdrawn, |course| !course.is(Kind::Praise));
}

/// Gives `story` to the first fitting course without one after each of `shares`, in percent of all courses.
fn give(courses: &mut [Course<'_>], shares: &[usize], story: Story, fits: impl Fn(&Course<'_>) -> bool) {
    for share in shares {
        let from = courses.len().saturating_mul(*share).checked_div(100).unwrap_or(0);
        let free = |course: &&mut Course<'_>| {
            course.story == Story::Ordinary && course.request.scope.is_none() && fits(course)
        };
        if let Some(course) = courses.iter_mut().skip(from).find(free) {
            course.story = story;
        }
    }
}

/// A few customers send the same request twice.
fn twins<'a>(courses: &[Course<'a>], customs: &Customs<'a>, plan: &Plan) -> Vec<Course<'a>> {
    let mut twins = Vec::new();
    for share in [16, 37, 57, 78] {
        let from = courses.len().saturating_mul(share).checked_div(100).unwrap_or(0);
        let fits = |(_, course): &(usize, &Course<'_>)| {
            course.story == Story::Ordinary
                && course.request.scope.is_none()
                && !course.is(Kind::Praise)
                && course.channel != Channel::Phone
        };
        let Some((index, course)) = courses.iter().enumerate().skip(from).find(fits) else { continue };
        let later = plain(course.arrives_at, SignedDuration::from_mins(11));
        if later >= plan.until {
            continue;
        }
        let number = courses.len().saturating_add(twins.len());
        let mut twin = customs.course(course.request, Channel::Email, later, plan.seed, number);
        twin.customer = course.customer.clone();
        twin.story = Story::DuplicateOf(index);
        twins.push(twin);
    }
    twins
}
