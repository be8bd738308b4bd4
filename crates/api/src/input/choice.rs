//! Words, ids and numbers in queries.

use yinuo_commitment::{Channel, Kind, says_nothing};
use yinuo_core::{
    figures::Dimension,
    id::{MemberId, TeamId},
    ticket::{Stage, Triage},
};

use crate::{auth::session::SignedIn, error::ApiError, nearest::nearest};

/// A closed list of words.
pub(crate) trait Choice: Copy + 'static {
    /// Every one.
    const ALL: &'static [Self];

    /// Its word.
    fn word(self) -> &'static str;
}

macro_rules! choices {
    ($($name:ident)+) => {$(
        impl Choice for $name {
            const ALL: &'static [Self] = $name::ALL;

            fn word(self) -> &'static str {
                $name::word(self)
            }
        }
    )+};
}

choices! { Channel Dimension Kind Stage Triage }

/// What was given, unless it is blank: an empty field of a form means any.
pub(crate) fn given(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !says_nothing(text))
}

/// Words separated by commas.
pub(crate) fn words<T: Choice>(field: &'static str, text: Option<&str>) -> Result<Vec<T>, ApiError> {
    let Some(text) = given(text) else { return Ok(Vec::new()) };
    text.split(',').map(|word| choose(field, word.trim())).collect()
}

fn choose<T: Choice>(field: &'static str, text: &str) -> Result<T, ApiError> {
    if let Some(found) = T::ALL.iter().copied().find(|known| known.word() == text) {
        return Ok(found);
    }
    let known: Vec<&str> = T::ALL.iter().map(|known| known.word()).collect();
    let shown: String = text.chars().take(60).collect();
    let all = known.join(", ");
    Err(match nearest(&shown, &known) {
        Some(near) => ApiError::bad_value(
            field,
            format!("不认识「{shown}」，是否想写「{near}」？可用：{all}。"),
            format!("`{shown}` is not known here; did you mean `{near}`? Known: {all}."),
        ),
        None => ApiError::bad_value(
            field,
            format!("不认识「{shown}」。可用：{all}。"),
            format!("`{shown}` is not known here. Known: {all}."),
        ),
    })
}

/// The short name of a team.
pub(crate) fn slug(field: &'static str, text: Option<&str>) -> Result<Option<TeamId>, ApiError> {
    let Some(text) = given(text) else { return Ok(None) };
    TeamId::new(text).map(Some).map_err(|error| {
        ApiError::bad_value(
            field,
            "不是团队的短名称：1 至 40 个 a-z、0-9 或 -。".to_owned(),
            error.to_string(),
        )
    })
}

/// A person: an id, or `me`.
pub(crate) fn member(
    field: &'static str,
    text: Option<&str>,
    signed_in: &SignedIn,
) -> Result<Option<MemberId>, ApiError> {
    match given(text) {
        None => Ok(None),
        Some("me") => Ok(Some(signed_in.member.id)),
        Some(id) => id.parse().map(Some).map_err(|_| {
            ApiError::bad_value(
                field,
                "不是人员的编号：请填写 mem_ 开头的编号或 me。",
                "This is no id of a person: write one that begins with mem_, or `me`.",
            )
        }),
    }
}

/// How many, from 1 to `max`.
pub(crate) fn limit(field: &'static str, given: Option<u32>, usual: u32, max: u32) -> Result<u32, ApiError> {
    match given {
        None => Ok(usual),
        Some(limit) if (1..=max).contains(&limit) => Ok(limit),
        Some(_) => Err(ApiError::bad_value(
            field,
            format!("须在 1 至 {max} 之间。"),
            format!("It has to lie between 1 and {max}."),
        )),
    }
}
