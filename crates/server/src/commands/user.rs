//! `yinuo user add | list | remove | password | token`

use std::{
    io::{BufRead, IsTerminal},
    process::ExitCode,
};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use yinuo_core::{
    id::TeamId,
    roster::{Actor, Member, Role},
};
use yinuo_desk::{Desk, NewMember};

use crate::{config::Config, wire};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Add a person. The password is read from standard input unless --token is given.
    Add {
        /// Sign-in name.
        account: String,
        /// Name that colleagues and customers see.
        #[arg(long)]
        name: String,
        /// agent, specialist, team-lead, supervision, manager, auditor or admin.
        #[arg(long, value_parser = role)]
        role: Role,
        /// Short name of the team.
        #[arg(long)]
        team: Option<TeamId>,
        /// No password, but a token for programs; it is printed once.
        #[arg(long)]
        token: bool,
    },
    /// List people.
    List,
    /// Remove a person; the history stays.
    Remove {
        /// Sign-in name.
        account: String,
    },
    /// Set a password, read from standard input. All sessions of the person end.
    Password {
        /// Sign-in name.
        account: String,
    },
    /// Make a token with which a program acts as this person; it is printed once.
    Token {
        /// Sign-in name.
        account: String,
        /// How long it is valid.
        #[arg(long, default_value_t = 90)]
        days: u16,
    },
}

pub(crate) async fn run(args: Args, config: Config) -> Result<ExitCode> {
    let desk = wire::desk_for_command(&config).await?;
    match args.command {
        Command::Add { account, name, role, team, token } => {
            let phc = if token { None } else { Some(yinuo_api::hash_password(&new_password()?)?) };
            let new = NewMember { account, name, role, team };
            let member = desk.join(new, phc.as_deref(), Actor::System).await?;
            if token {
                println!("{}", new_token(&desk, &member, 90).await?);
            } else {
                println!("{} {} ({})", member.id, member.account, member.role.word());
            }
        }
        Command::List => {
            let organisation = desk.organisation();
            for member in organisation.roster.members.values() {
                let team = member.team.as_ref().map_or("-", TeamId::as_str);
                let state = if member.active { "" } else { " (left)" };
                println!(
                    "{:<20} {:<12} {:<20} {}{state}",
                    member.account,
                    member.role.word(),
                    team,
                    member.name
                );
            }
        }
        Command::Remove { account } => desk.leave(find(&desk, &account)?.id, Actor::System).await?,
        Command::Password { account } => {
            let member = find(&desk, &account)?;
            let phc = yinuo_api::hash_password(&new_password()?)?;
            desk.set_password(member.id, &phc, Actor::System).await?;
        }
        Command::Token { account, days } => {
            println!("{}", new_token(&desk, &find(&desk, &account)?, days).await?)
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn role(word: &str) -> Result<Role, String> {
    let known = || Role::ALL.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ");
    Role::from_word(word).ok_or_else(|| format!("no such role; take one of {}", known()))
}

fn find(desk: &Desk, account: &str) -> Result<Member> {
    let organisation = desk.organisation();
    let member = organisation.roster.by_account(account).filter(|member| member.active);
    member.cloned().with_context(|| format!("nobody signs in as `{account}`; see `yinuo user list`"))
}

/// The password is one line of standard input, so that it never stands in a shell's history or a list of processes.
fn new_password() -> Result<String> {
    if std::io::stdin().is_terminal() {
        eprint!("New password (shown while you type; pipe it in to avoid that): ");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("cannot read the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.chars().count() < yinuo_api::PASSWORD_MIN_CHARS {
        bail!("the password is too short: at least {} characters", yinuo_api::PASSWORD_MIN_CHARS);
    }
    Ok(password.to_owned())
}

async fn new_token(desk: &Desk, member: &Member, days: u16) -> Result<String> {
    let mut bytes = [0; 32];
    desk.fill_random(&mut bytes);
    let token = hex::encode(bytes);
    let hash = Sha256::digest(token.as_bytes()).into();
    let lifetime = SignedDuration::from_hours(i64::from(days) * 24);
    desk.begin_session(member.id, hash, String::new(), lifetime).await?;
    Ok(token)
}
