//! `yinuo user add | list | remove | password | token`

use std::{
    io::{BufRead, IsTerminal},
    process::ExitCode,
};

use anyhow::{Context, Result};
use clap::Subcommand;
use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use yinuo_commitment::Language;
use yinuo_core::{
    id::TeamId,
    roster::{Actor, Member, Role},
};
use yinuo_desk::{Desk, NewMember};

use super::{say, told};
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
        #[arg(long, default_value_t = TOKEN_DAYS)]
        days: u16,
    },
}

/// How long a token is valid unless somebody says otherwise.
const TOKEN_DAYS: u16 = 90;

pub(crate) async fn run(args: Args, config: Config, language: Language) -> Result<ExitCode> {
    let desk = match args.command {
        Command::Add { .. } => wire::desk_for_command(&config, language).await?,
        _ => wire::desk_of_existing(&config, language).await?,
    };
    match args.command {
        Command::Add { account, name, role, team, token } => {
            let phc = if token { None } else { Some(password_hash(&desk, language).await?) };
            let new = NewMember { account, name, role, team };
            let member = desk.join(new, phc.as_deref(), Actor::System).await.map_err(told(language))?;
            if token {
                println!("{}", new_token(&desk, &member, TOKEN_DAYS, language).await?);
            } else {
                println!("{} {} ({})", member.id, member.account, member.role.word());
            }
        }
        Command::List => list(&desk, language),
        Command::Remove { account } => {
            let member = find(&desk, &account, language)?;
            desk.leave(member.id, Actor::System).await.map_err(told(language))?;
            println!("{account}: {}", say(language, "已移除", "removed"));
        }
        Command::Password { account } => {
            let member = find(&desk, &account, language)?;
            let phc = password_hash(&desk, language).await?;
            desk.set_password(member.id, &phc, Actor::System).await.map_err(told(language))?;
            println!(
                "{account}: {}",
                say(language, "密码已设置，已退出所有登录", "password set, all sessions ended")
            );
        }
        Command::Token { account, days } => {
            let member = find(&desk, &account, language)?;
            println!("{}", new_token(&desk, &member, days, language).await?);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A row for each person: sign-in name, role, team, name.
fn list(desk: &Desk, language: Language) {
    for member in desk.organisation().roster.members.values() {
        let team = member.team.as_ref().map_or("-", TeamId::as_str);
        let state = if member.active { "" } else { say(language, "（已离开）", " (left)") };
        println!("{:<20} {:<12} {team:<20} {}{state}", member.account, member.role.word(), member.name);
    }
}

fn role(word: &str) -> Result<Role, String> {
    let known = || Role::ALL.iter().map(|role| role.word()).collect::<Vec<_>>().join(", ");
    Role::from_word(word).ok_or_else(|| format!("no such role; take one of {}", known()))
}

fn find(desk: &Desk, account: &str, language: Language) -> Result<Member> {
    let organisation = desk.organisation();
    let member = organisation.roster.by_account(account).filter(|member| member.active);
    member.cloned().with_context(|| match language {
        Language::Zh => format!("没有人以「{account}」登录；见 `yinuo user list`"),
        Language::En => format!("nobody signs in as `{account}`; see `yinuo user list`"),
    })
}

/// The password is one line of standard input, so that it never stands in a shell's history or a list of processes.
async fn password_hash(desk: &Desk, language: Language) -> Result<String> {
    if std::io::stdin().is_terminal() {
        eprint!(
            "{}",
            say(
                language,
                "新密码（输入时可见；可用管道输入）：",
                "New password (shown while you type; pipe it in to avoid that): "
            )
        );
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context(say(
        language,
        "无法从标准输入读取密码",
        "cannot read the password from standard input",
    ))?;
    let password = line.trim_end_matches(['\r', '\n']).to_owned();
    yinuo_api::hash_password(desk, password).await.map_err(told(language))
}

async fn new_token(desk: &Desk, member: &Member, days: u16, language: Language) -> Result<String> {
    let mut bytes = [0; 32];
    desk.fill_random(&mut bytes);
    let token = hex::encode(bytes);
    let hash = Sha256::digest(token.as_bytes()).into();
    let lifetime = SignedDuration::from_hours(i64::from(days) * 24);
    desk.begin_session(member.id, hash, String::new(), lifetime).await.map_err(told(language))?;
    Ok(token)
}
