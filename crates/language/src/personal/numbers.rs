//! Numbers: one walk over the groups of digits, at each the longest reading first.

use super::{
    Candidate, Certainty, Sort,
    cues::Cue,
    groups::{Groups, Written},
    identity,
    letters::Letters,
    phone,
};

/// What was read at a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    /// Digits of the first group that belong to nothing else: none of them is left out of the span.
    pub(super) from: usize,
    /// One past its last letter.
    pub(super) to: usize,
    /// Groups that it takes.
    pub(super) groups: usize,
    /// What it is; none is a hotline, which is passed over.
    pub(super) sort: Option<Sort>,
    pub(super) certainty: Certainty,
}

/// Fewer Chinese numerals than this in a text are no number of a phone.
const NUMERALS_MIN: usize = 7;

pub(super) fn find(letters: &Letters, leave_hotlines: bool, candidates: &mut Vec<Candidate>) {
    walk(&Groups::of(letters, Written::Digits), leave_hotlines, candidates);
    let numerals = letters.all().filter(|c| super::groups::numeral(*c).is_some()).take(NUMERALS_MIN).count();
    if numerals == NUMERALS_MIN {
        walk(&Groups::of(letters, Written::Numerals), leave_hotlines, candidates);
    }
}

fn walk(groups: &Groups<'_>, leave_hotlines: bool, candidates: &mut Vec<Candidate>) {
    let mut index = 0;
    while index < groups.len() {
        let Some(reading) = read(groups, index) else {
            index += 1;
            continue;
        };
        index += reading.groups.max(1);
        let sort = match reading.sort {
            None if leave_hotlines => continue,
            sort => sort.unwrap_or(Sort::Landline),
        };
        let (from, to, certainty) = (reading.from, reading.to, reading.certainty);
        candidates.push(Candidate { from, to, sort, certainty });
    }
}

/// The number that begins with the group at `index`, if any.
fn read(groups: &Groups<'_>, index: usize) -> Option<Reading> {
    let group = groups.get(index)?;
    if group.len() > super::groups::DIGITS_MAX {
        return None;
    }
    // Cheap to say no: most digits of a text stand alone.
    if groups.stands_alone(index) && group.len() < 7 && groups.letters.before(group.from) != '+' {
        return None;
    }
    if groups.is_part_of_a_code(index) {
        return None;
    }
    let cue = groups.cue(index);
    if groups.written == Written::Numerals {
        return phone::mobile(groups, index, cue).or_else(|| phone::landline(groups, index, cue));
    }
    identity::identity_number(groups, index, cue)
        .or_else(|| identity::bank_card(groups, index, cue))
        .or_else(|| phone::hotline(groups, index))
        .or_else(|| phone::mobile(groups, index, cue))
        .or_else(|| phone::abroad(groups, index))
        .or_else(|| phone::landline(groups, index, cue))
        .or_else(|| phone::north_american(groups, index, cue))
        .or_else(|| identity::old_identity_number(groups, index, cue))
        .or_else(|| phone::local(groups, index, cue))
}

/// How sure a number is whose form alone is good evidence: less so behind the name of a thing.
pub(super) fn sure_unless_of_a_thing(cue: Option<Cue>) -> Certainty {
    if cue == Some(Cue::Thing) { Certainty::Possible } else { Certainty::Certain }
}
