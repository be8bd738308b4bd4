//! Who may do what, as one stored table. Any change of the matrix shows here; `ACCESS_TABLE=write` writes the table anew.

use std::{fmt::Write as _, path::Path};

use yinuo_core::{
    access::{self, Operation},
    personal::PersonalField,
    roster::Role,
    ticket::CommandKind,
};

/// One row: a name, and a cell for each role.
fn line(text: &mut String, name: &str, cell: impl Fn(Option<Role>) -> &'static str) {
    let mut row = format!("{name:<22}");
    for role in std::iter::once(None).chain(Role::ALL.iter().copied().map(Some)) {
        let width = role.map_or("customer", Role::word).len() + 2;
        let _ = write!(row, "{:<width$}", cell(role));
    }
    text.push_str(row.trim_end());
    text.push('\n');
}

fn table() -> String {
    let mut text = String::from(
        "Who may do what: rows are commands to a ticket and operations beside them, columns are roles.\n\
         `customer` is the customer of the ticket. The product itself may give every command.\n\n",
    );
    let head = |role: Option<Role>| role.map_or("customer", Role::word);
    line(&mut text, "", head);
    for command in CommandKind::ALL {
        line(&mut text, command.word(), |role| if access::may_command(role, *command) { "yes" } else { "." });
    }
    text.push('\n');
    for operation in Operation::ALL {
        line(&mut text, operation.word(), |role| match role {
            Some(role) if access::may(role, *operation) => "yes",
            _ => ".",
        });
    }
    text.push_str("\nWhat is shown of a customer's data: in `clear`, or as a mask (`****`) until somebody says why.\n\n");
    line(&mut text, "", head);
    for field in PersonalField::ALL {
        line(&mut text, field.word(), |role| if access::sees(role, *field) { "clear" } else { "****" });
    }
    text
}

#[test]
fn the_matrix_is_the_stored_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/access.txt");
    let table = table();
    if std::env::var_os("ACCESS_TABLE").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap();
    assert!(stored == table, "the matrix changed; it is now\n\n{table}");
}

/// What the letters demand of the matrix, whatever else changes in it.
#[test]
fn the_matrix_keeps_what_the_letters_demand() {
    let may = |role, command| access::may_command(Some(role), command);
    for role in Role::ALL {
        // L4: specialists verify, or their lead.
        assert_eq!(may(*role, CommandKind::Verify), matches!(role, Role::Specialist | Role::TeamLead));
        // B3: who handles complaints does not judge whether something was hidden.
        assert_eq!(may(*role, CommandKind::FindConcealment), *role == Role::Supervision);
        // S2: nobody of the company rates for the customer.
        let takes_it_down = *role == Role::Supervision;
        assert_eq!(may(*role, CommandKind::AnswerSurvey), takes_it_down);
        assert!(!may(*role, CommandKind::Tick));
    }
    for command in CommandKind::ALL {
        assert!(!may(Role::Auditor, *command) && !may(Role::Admin, *command), "{}", command.word());
    }
    assert!(!access::may(Role::Admin, Operation::ReadTickets), "an admin does not read what customers write");
    for field in PersonalField::ALL {
        // C1: customers see their own; nobody of the company sees how to reach them without a word why.
        assert!(access::sees(None, *field));
        assert!(!access::sees(Some(Role::Auditor), *field) && !access::sees(Some(Role::Admin), *field));
        let clear = Role::ALL.iter().any(|role| access::sees(Some(*role), *field));
        assert_eq!(clear, *field == PersonalField::Name, "{}", field.word());
    }
    assert!(
        !access::may_command(None, CommandKind::Reveal),
        "customers have nothing to reveal: they see their own"
    );
}
