//! Who may do what: one matrix, role × command and role × query.

use crate::{personal::PersonalField, roster::Role, ticket::CommandKind};

/// What can be asked or changed besides commands to tickets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Operation {
    /// Read tickets of all teams.
    ReadTickets,
    /// Enter a request for a customer.
    EnterRequest,
    /// Read figures.
    ReadFigures,
    /// Check a draft commitment.
    CheckCommitment,
    /// Publish or withdraw a commitment.
    PublishCommitment,
    /// Form teams, add and remove people, set passwords.
    ManagePeople,
    /// Read the ledger: raw records with their hashes.
    ReadLedger,
    /// Import requests with their dates.
    Import,
    /// Find the tickets of whoever has a phone number or an e-mail address.
    FindByContact,
    /// See who looked at the personal data of a customer, when and why.
    ReadLooks,
    /// Erase a person.
    ErasePerson,
    /// Read the knowledge base, and ask it.
    ReadArticles,
    /// Draft articles of the knowledge base.
    DraftArticles,
    /// Approve and withdraw articles of the knowledge base.
    ApproveArticles,
    /// See how texts are understood: rules, models, corrections by person.
    ReadUnderstanding,
    /// Write rules, have a model learned, choose one, leave somebody's corrections out.
    ManageUnderstanding,
    /// Send a message although the check of wording blocks it.
    OverrideWording,
    /// Add, change and withdraw standard phrases.
    ManagePhrases,
}

impl Operation {
    /// Every operation.
    pub const ALL: &'static [Operation] = &[
        Operation::ReadTickets,
        Operation::EnterRequest,
        Operation::ReadFigures,
        Operation::CheckCommitment,
        Operation::PublishCommitment,
        Operation::ManagePeople,
        Operation::ReadLedger,
        Operation::Import,
        Operation::FindByContact,
        Operation::ReadLooks,
        Operation::ErasePerson,
        Operation::ReadArticles,
        Operation::DraftArticles,
        Operation::ApproveArticles,
        Operation::ReadUnderstanding,
        Operation::ManageUnderstanding,
        Operation::OverrideWording,
        Operation::ManagePhrases,
    ];

    /// The word in APIs.
    pub const fn word(self) -> &'static str {
        match self {
            Operation::ReadTickets => "read-tickets",
            Operation::EnterRequest => "enter-request",
            Operation::ReadFigures => "read-figures",
            Operation::CheckCommitment => "check-commitment",
            Operation::PublishCommitment => "publish-commitment",
            Operation::ManagePeople => "manage-people",
            Operation::ReadLedger => "read-ledger",
            Operation::Import => "import",
            Operation::FindByContact => "find-by-contact",
            Operation::ReadLooks => "read-looks",
            Operation::ErasePerson => "erase-person",
            Operation::ReadArticles => "read-articles",
            Operation::DraftArticles => "draft-articles",
            Operation::ApproveArticles => "approve-articles",
            Operation::ReadUnderstanding => "read-understanding",
            Operation::ManageUnderstanding => "manage-understanding",
            Operation::OverrideWording => "override-wording",
            Operation::ManagePhrases => "manage-phrases",
        }
    }
}

/// Whether `role` may do `operation`.
pub const fn may(role: Role, operation: Operation) -> bool {
    match operation {
        // An admin runs the system and has no business with what customers write.
        Operation::ReadTickets => !matches!(role, Role::Admin),
        Operation::EnterRequest | Operation::DraftArticles => {
            matches!(role, Role::Agent | Role::Specialist | Role::TeamLead | Role::Manager)
        }
        Operation::ReadFigures | Operation::CheckCommitment | Operation::ReadArticles => true,
        // An erasure cannot be undone, so it is for whoever answers for the commitments.
        Operation::PublishCommitment | Operation::ErasePerson | Operation::ManagePhrases => {
            matches!(role, Role::Manager)
        }
        Operation::ManagePeople => matches!(role, Role::Admin),
        // What is approved is said to customers in the company's name.
        Operation::ApproveArticles => matches!(role, Role::TeamLead | Role::Manager),
        Operation::ReadLedger => matches!(role, Role::Supervision | Role::Manager | Role::Auditor),
        Operation::Import => matches!(role, Role::Manager | Role::Admin),
        // Who deals with customers; an auditor checks tickets, not people.
        Operation::FindByContact => !matches!(role, Role::Auditor | Role::Admin),
        Operation::ManageUnderstanding => matches!(role, Role::Manager),
        Operation::ReadLooks | Operation::ReadUnderstanding => {
            matches!(role, Role::TeamLead | Role::Supervision | Role::Manager | Role::Auditor)
        }
        // P9: whoever answers for what a team says, and stands for it with a reason.
        Operation::OverrideWording => matches!(role, Role::TeamLead | Role::Supervision | Role::Manager),
    }
}

/// Whether somebody in `role` (none: the customer of the ticket) sees `field` in clear without saying why (C1). Whoever
/// deals with customers has to know what to call them; how to reach them is asked for with a reason, by
/// [`CommandKind::Reveal`]. Auditor and admin need neither.
pub const fn sees(role: Option<Role>, field: PersonalField) -> bool {
    let Some(role) = role else { return true };
    let reads_only = matches!(role, Role::Auditor | Role::Admin);
    matches!(field, PersonalField::Name) && !reads_only
}

/// Whether somebody in `role` (none: the customer of the ticket) may give `command`.
pub const fn may_command(role: Option<Role>, command: CommandKind) -> bool {
    use CommandKind as C;
    let Some(role) = role else {
        return matches!(
            command,
            C::RecordWords
                | C::AcceptSolution
                | C::RejectSolution
                | C::Confirm
                | C::Close
                | C::Reopen
                | C::AnswerSurvey
                | C::ConfirmRemedy
                | C::CorrectCustomer
                | C::JudgeAnswer
                | C::AskForPerson
        );
    };
    let handles = matches!(role, Role::Agent | Role::Specialist | Role::TeamLead);
    match command {
        // Supervision watches and may step in, but does not handle.
        // C1: whoever deals with the customer may look, and says why.
        C::Reveal | C::Note => handles || matches!(role, Role::Supervision | Role::Manager),
        C::Assign => matches!(role, Role::TeamLead | Role::Supervision | Role::Manager),
        // L4: specialists verify.
        C::Verify => matches!(role, Role::Specialist | Role::TeamLead),
        // S3: what a customer says in a follow-up call is taken down by those who did not handle the case; they find
        // what was hidden, too (B3).
        C::FindConcealment | C::AnswerSurvey => matches!(role, Role::Supervision),
        C::ReportLoss | C::ProposeRemedy | C::DeliverRemedy | C::CallBack | C::Reopen => {
            handles || matches!(role, Role::Supervision | Role::Manager)
        }
        // B4: approved by a person who answers for it.
        C::ApproveRemedy => matches!(role, Role::Manager),
        // T8: an exception excuses the company, so its lead answers for it.
        C::GrantException | C::LiftException => matches!(role, Role::TeamLead | Role::Manager),
        C::CallMediation | C::ConcludeMediation => {
            matches!(role, Role::TeamLead | Role::Manager | Role::Supervision)
        }
        // Only the product lets time speak and answers by itself; whether that helped, only the customer knows.
        C::Tick | C::GiveAnswer | C::JudgeAnswer | C::AskForPerson => false,
        _ => handles,
    }
}
