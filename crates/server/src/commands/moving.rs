//! `yinuo move --from PLACE --to PLACE`

use std::{process::ExitCode, sync::Arc};

use anyhow::{Result, anyhow, bail};
use yinuo_commitment::Language;
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Ledger, LedgerError,
    transfer::{Arrived, Export, Standing, carry},
    vault::Vault,
};

use super::archive::{Progress, phase};
use crate::{
    arrival::{self, Target},
    config::Config,
    place::Place,
};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Data folder or URL of the PostgreSQL database that holds the organisation.
    #[arg(long, value_name = "FOLDER|URL")]
    from: String,
    /// Data folder without a database, or URL of a PostgreSQL database without this organisation.
    #[arg(long, value_name = "FOLDER|URL")]
    to: String,
    /// The organisation; as configured unless given.
    #[arg(long, value_name = "NAME")]
    org: Option<String>,
    /// Verify the source and say what would be moved; changes nothing.
    #[arg(long)]
    dry_run: bool,
    /// Call a move off that did not end: remove what has arrived, put the source in service again.
    #[arg(long, conflicts_with = "dry_run")]
    discard: bool,
}

pub(crate) async fn run(args: Args, mut config: Config, language: Language) -> Result<ExitCode> {
    if let Some(org) = &args.org {
        config.organisation.id = org.clone();
    }
    let (from, to) = (Place::parse(&args.from), Place::parse(&args.to));
    if from.is(&to) {
        match language {
            Language::Zh => bail!("来源与目标是同一处：{from}"),
            Language::En => bail!("source and target are the same: {from}"),
        }
    }
    let org = config.org()?;
    let vault = crate::place::vault_at(&config, &from, language).await?;
    let source = from.open(Arc::clone(&vault), language).await?;
    same_ring(source.as_ref(), &vault, &to, &config, language).await?;
    let work = Move { org, source, from, to, vault, config, language };
    if args.dry_run {
        work.rehearse().await
    } else if args.discard {
        work.call_off().await
    } else {
        work.run().await
    }
}

/// Every key of the source can be unwrapped, and the target's servers will have the same ring.
async fn same_ring(
    source: &dyn Ledger,
    vault: &Vault,
    to: &Place,
    config: &Config,
    language: Language,
) -> Result<()> {
    let given = vault.keys();
    if let Some(wanted) = source.wrapped_counts().await?.into_keys().find(|key| !given.contains(key)) {
        bail!("{}", LedgerError::KeyMissing { wanted, given });
    }
    let theirs = crate::place::vault_at(config, to, language).await?.keys();
    if let Some(missing) = given.iter().find(|key| !theirs.contains(key)) {
        match language {
            Language::Zh => bail!(
                "目标 {to} 使用的主密钥与来源不同：缺少 {missing}。请先把同一份主密钥（环）提供给目标，再次运行"
            ),
            Language::En => bail!(
                "the target {to} has another master key than the source: {missing} is missing there. Give it the same ring of master keys first, then run this again"
            ),
        }
    }
    Ok(())
}

struct Move {
    org: OrgId,
    source: Arc<dyn Ledger>,
    from: Place,
    to: Place,
    vault: Arc<Vault>,
    config: Config,
    language: Language,
}

impl Move {
    fn failed(&self) -> impl Fn(LedgerError) -> anyhow::Error {
        arrival::refused(self.language)
    }

    fn phase(&self, zh: &str, en: &str) {
        phase(self.language, zh, en);
    }

    async fn must_have_records(&self) -> Result<u64> {
        let standing = self.source.standing(&self.org).await?;
        if standing == Standing::Arriving {
            bail!("{}: {}", self.from, standing.tell(self.language));
        }
        let records = self.source.last_position(&self.org).await?;
        if records == 0 {
            let (from, org) = (&self.from, &self.org);
            match self.language {
                Language::Zh => bail!("{from} 中没有组织 {org} 的记录；请检查 --from 与 --org"),
                Language::En => {
                    bail!("{from} holds no records of the organisation {org}; check --from and --org")
                }
            }
        }
        Ok(records)
    }

    async fn target(&self) -> Result<Target> {
        Target::open(&self.to, &self.org, Arc::clone(&self.vault), self.language).await
    }

    async fn rehearse(&self) -> Result<ExitCode> {
        let records = self.must_have_records().await?;
        self.phase("正在核验来源", "verifying the source");
        let verified = self.source.verify(&self.org).await.map_err(self.failed())?;
        arrival::must_take(&self.to, &self.org, &self.vault, self.language).await?;
        let (org, from, to, streams) = (&self.org, &self.from, &self.to, verified.streams);
        match self.language {
            Language::Zh => println!(
                "将把组织 {org} 的 {records} 条记录、{streams} 条链从 {from} 迁往 {to}。未作任何改动。"
            ),
            Language::En => println!(
                "{records} records in {streams} chains of the organisation {org} would move from {from} to {to}. Nothing was changed."
            ),
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn run(&self) -> Result<ExitCode> {
        let records = self.must_have_records().await?;
        let left = self.source.standing(&self.org).await? == Standing::Left;
        if left && arrival::is_in_service(&self.to, &self.org, &self.vault, self.language).await? {
            self.say_done(records);
            return Ok(ExitCode::SUCCESS);
        }
        let target = self.target().await?;
        if left && target.has_arrived(records).await? {
            // Killed after it was put in service and before the file had its name.
            target.put_in_place(self.language)?;
            self.say_done(records);
            return Ok(ExitCode::SUCCESS);
        }
        if !left {
            self.phase("正在复制记录；来源仍可使用", "copying records; the source stays in service");
            let arrived = self.begin(&target).await?;
            let mut export = self.source.export(&self.org, arrived).await?;
            self.copy(export.as_mut(), &target).await?;
        }
        self.phase("来源退出服务", "taking the source out of service");
        let last = self.leave().await?;
        let Arrived { verified, checkpoint_size, .. } = self.bring_the_rest(&target, last).await?;
        self.phase("目标投入使用", "putting the target in service");
        target.ledger().open_import(&self.org).await.map_err(self.failed())?;
        target.put_in_place(self.language)?;
        tracing::debug!(records = verified.records, checkpoint_size, "moved");
        self.say_done(last);
        Ok(ExitCode::SUCCESS)
    }

    async fn begin(&self, target: &Target) -> Result<u64> {
        target.ledger().begin_import(&self.org).await.map_err(self.failed())
    }

    async fn copy(&self, export: &mut dyn Export, target: &Target) -> Result<()> {
        let extent = export.extent();
        let mut progress = Progress::new(extent.last_position - extent.since, self.language);
        let mut told = |piece: &_| progress.piece(piece);
        carry(export, target.ledger(), &self.org, &mut told).await.map_err(self.failed())
    }

    /// Takes the source out of service wherever its log ends by now, and says where that is.
    async fn leave(&self) -> Result<u64> {
        loop {
            let last = self.source.last_position(&self.org).await?;
            if self.source.leave(&self.org, last).await.map_err(self.failed())? {
                return Ok(last);
            }
        }
    }

    /// Copies what is new since, and everything that can change, and verifies the target. A sequencer that was signing
    /// while the source left may have signed once more: then once again.
    async fn bring_the_rest(&self, target: &Target, last: u64) -> Result<Arrived> {
        let mut tries = 0;
        loop {
            self.phase("正在复制其余数据", "copying the rest");
            let arrived = self.begin(target).await?;
            let mut export = self.source.export(&self.org, arrived).await?;
            self.copy(export.as_mut(), target).await?;
            drop(export);
            self.phase("正在重建列表并核验目标", "making lists anew and verifying the target");
            let verified = target.verify(last, self.language).await?;
            tries += 1;
            match self.same_proofs(target).await {
                Err(_) if tries < 3 => {}
                other => return other.map(|()| verified),
            }
        }
    }

    /// The signed checkpoint that the source has served is the one that the target will serve.
    async fn same_proofs(&self, target: &Target) -> Result<()> {
        let (before, after) =
            (self.source.checkpoint(&self.org).await?, target.ledger().checkpoint(&self.org).await?);
        if before == after {
            Ok(())
        } else {
            Err(anyhow!("the target has another signed checkpoint than the source"))
        }
    }

    async fn call_off(&self) -> Result<ExitCode> {
        if arrival::is_in_service(&self.to, &self.org, &self.vault, self.language).await? {
            let to = &self.to;
            match self.language {
                Language::Zh => bail!("{to} 已投入使用：迁移已经完成，无法放弃"),
                Language::En => bail!("{to} is in service: the move has ended and cannot be called off"),
            }
        }
        arrival::discard(&self.to, &self.config, self.language).await?;
        self.source.come_back(&self.org).await.map_err(self.failed())?;
        let from = &self.from;
        match self.language {
            Language::Zh => println!("{from} 恢复使用。"),
            Language::En => println!("{from} is in service again."),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn say_done(&self, records: u64) {
        let Self { org, from, to, .. } = self;
        match self.language {
            Language::Zh => println!(
                "组织 {org} 已迁往 {to}：{records} 条记录，摘要链、Merkle 树与签名检查点均已核验，原有回执依然有效。\n{from} 不再使用。请让服务指向 {to}；所有人需重新登录，程序需要新的令牌。"
            ),
            Language::En => println!(
                "The organisation {org} is in {to} now: {records} records; chains, Merkle tree and signed checkpoint verified; old receipts hold.\n{from} is out of service. Point the server to {to}; everybody has to sign in again, and programs need new tokens."
            ),
        }
    }
}
