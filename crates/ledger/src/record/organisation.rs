//! The recorded form of every event of the organisation's own stream. See [`super::ticket`].

use jiff::Timestamp;
use yinuo_commitment::{ContentHash, Kind, Text};
use yinuo_core::{
    id::{MemberId, TeamId},
    organisation::OrganisationEvent,
    roster::Role,
};

use super::values::recorded_enum;

recorded_enum!(OrganisationEventForm for OrganisationEvent {
    CommitmentPublished {
        number: String,
        version: u32,
        hash: ContentHash,
        text: String,
        tables: Vec<(String, String)>,
    },
    CommitmentWithdrawn { number: String, from: Timestamp },
    TeamFormed { team: TeamId, name: Text, kinds: Vec<Kind> },
    MemberJoined { member: MemberId, account: String, name: String, role: Role, team: Option<TeamId> },
    MemberLeft { member: MemberId },
    ExampleLoaded,
});
