//! Where a move or a restore arrives. Nothing of it is in service before all of it was verified: in a folder the
//! database has another name until then, in PostgreSQL the organisation is marked as arriving.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, Result, anyhow, bail};
use yinuo_commitment::Language;
use yinuo_core::id::OrgId;
use yinuo_ledger::{
    Ledger, LedgerError,
    transfer::{Arrived, Standing, finish_import},
    vault::Vault,
};
use yinuo_store::sqlite::BESIDE;

use crate::{
    commands::{archive::sync_folder, damaged, told},
    config::Config,
    place::Place,
    wire,
};

/// What is put behind the name of a database file while it arrives.
const ARRIVING: &str = ".arriving";

/// The file under which a database arrives in this folder.
pub(crate) fn staged(folder: &Path) -> PathBuf {
    folder.join(format!("{}{ARRIVING}", wire::DATABASE))
}

fn beside(file: &Path, suffix: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Refuses to serve a folder in which a database is still arriving.
pub(crate) fn must_not_arrive(folder: &Path, language: Language) -> Result<()> {
    let file = staged(folder);
    if file.exists() {
        bail!("{}: {}", file.display(), Standing::Arriving.tell(language));
    }
    Ok(())
}

/// A database into which an organisation arrives.
pub(crate) struct Target {
    ledger: Arc<dyn Ledger>,
    org: OrgId,
    /// The file as it arrives, and its name once it is in service.
    file: Option<(PathBuf, PathBuf)>,
}

impl Target {
    /// Opens the target, which has to be empty or to hold an arrival that did not end.
    pub(crate) async fn open(
        place: &Place,
        org: &OrgId,
        vault: Arc<Vault>,
        language: Language,
    ) -> Result<Self> {
        let (ledger, file) = match place {
            Place::Folder(folder) => {
                must_be_empty(folder, language)?;
                fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
                let file = staged(folder);
                let ledger = crate::place::open_file(&file, vault, language)?;
                (ledger, Some((file, folder.join(wire::DATABASE))))
            }
            Place::Postgres(url) => (crate::place::open_postgres(url, vault, language).await?, None),
        };
        Ok(Self { ledger, org: org.clone(), file })
    }

    pub(crate) fn ledger(&self) -> &dyn Ledger {
        self.ledger.as_ref()
    }

    /// Whether all has arrived and was put in service, and the file alone has no name yet.
    pub(crate) async fn has_arrived(&self, last_position: u64) -> Result<bool> {
        let open = self.ledger.standing(&self.org).await? == Standing::Open;
        let last = self.ledger.last_position(&self.org).await?;
        Ok(self.file.is_some() && open && last > 0 && last == last_position)
    }

    /// Makes the lists anew and verifies everything that has arrived.
    pub(crate) async fn verify(&self, last_position: u64, language: Language) -> Result<Arrived> {
        let refold = yinuo_desk::refold(&self.org, self.ledger.as_ref()).await.map_err(told(language))?;
        finish_import(self.ledger.as_ref(), &self.org, refold, last_position).await.map_err(refused(language))
    }

    /// Closes the database and gives it its name.
    pub(crate) fn put_in_place(self, language: Language) -> Result<()> {
        let Self { ledger, file, .. } = self;
        // Nothing else of this process holds it: dropping it here closes the file.
        debug_assert_eq!(Arc::strong_count(&ledger), 1, "the database is still in use");
        drop(ledger);
        let Some((staged, database)) = file else { return Ok(()) };
        let journal = beside(&staged, "-wal");
        if fs::metadata(&journal).is_ok_and(|journal| journal.len() > 0) {
            match language {
                Language::Zh => bail!("{} 尚未写回，请再次运行同一条命令", journal.display()),
                Language::En => {
                    bail!("{} was not written back; run the same command again", journal.display())
                }
            }
        }
        fs::File::open(&staged)?.sync_all()?;
        fs::rename(&staged, &database).with_context(|| database.display().to_string())?;
        sync_folder(&database)?;
        for suffix in BESIDE {
            remove(&beside(&staged, suffix))?;
        }
        Ok(())
    }
}

/// A folder that holds a database, or the journal of one, takes no other.
fn must_be_empty(folder: &Path, language: Language) -> Result<()> {
    let database = folder.join(wire::DATABASE);
    let found =
        ["", "-wal", "-shm"].map(|suffix| beside(&database, suffix)).into_iter().find(|file| file.exists());
    match (found, language) {
        (None, _) => Ok(()),
        (Some(file), Language::Zh) => {
            Err(anyhow!("目标目录不是空的：已有 {}，未作改动；请选择另一个目录", file.display()))
        }
        (Some(file), Language::En) => Err(anyhow!(
            "the target is not empty: there is {}; it was left as it is. Choose another folder",
            file.display()
        )),
    }
}

fn remove(file: &Path) -> Result<bool> {
    match fs::remove_file(file) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| file.display().to_string()),
    }
}

/// Removes what an arrival that did not end has left.
pub(crate) async fn discard(place: &Place, config: &Config, language: Language) -> Result<()> {
    let removed = match place {
        Place::Folder(folder) => {
            let file = staged(folder);
            // Whoever is still writing it holds its lock: then this is refused.
            let opened = if file.exists() {
                Some(crate::place::open_file(
                    &file,
                    crate::place::vault_at(config, place, language).await?,
                    language,
                )?)
            } else {
                None
            };
            drop(opened);
            let removed = remove(&file)?;
            for suffix in BESIDE {
                remove(&beside(&file, suffix))?;
            }
            removed
        }
        Place::Postgres(url) => {
            let vault = crate::place::vault_at(config, place, language).await?;
            let ledger = crate::place::open_postgres(url, vault, language).await?;
            let org = config.org()?;
            let arriving = ledger.standing(&org).await? == Standing::Arriving;
            if arriving {
                ledger.discard_import(&org).await.map_err(refused(language))?;
            }
            arriving
        }
    };
    match (removed, language) {
        (true, Language::Zh) => println!("已移除 {place} 中未完成的部分。"),
        (true, Language::En) => println!("What had arrived in {place} was removed."),
        (false, Language::Zh) => println!("{place} 中没有未完成的部分。"),
        (false, Language::En) => println!("Nothing is arriving in {place}."),
    }
    Ok(())
}

/// Whether the organisation is served at this place.
pub(crate) async fn is_in_service(
    place: &Place,
    org: &OrgId,
    vault: &Arc<Vault>,
    language: Language,
) -> Result<bool> {
    if let Place::Folder(folder) = place
        && !folder.join(wire::DATABASE).exists()
    {
        return Ok(false);
    }
    let ledger = place.open(Arc::clone(vault), language).await?;
    Ok(ledger.standing(org).await? == Standing::Open && ledger.last_position(org).await? > 0)
}

/// Refuses a target that would take nothing. Changes nothing.
pub(crate) async fn must_take(
    place: &Place,
    org: &OrgId,
    vault: &Arc<Vault>,
    language: Language,
) -> Result<()> {
    if let Place::Folder(folder) = place {
        return must_be_empty(folder, language);
    }
    let ledger = place.open(Arc::clone(vault), language).await?;
    let (standing, records) = (ledger.standing(org).await?, ledger.last_position(org).await?);
    match standing {
        Standing::Open if records > 0 => Err(occupied(records, language)),
        Standing::Left => Err(anyhow!(standing.tell(language))),
        _ => Ok(()),
    }
}

fn occupied(records: u64, language: Language) -> anyhow::Error {
    match language {
        Language::Zh => anyhow!("目标中该组织已有 {records} 条记录，未作改动；请选择一个空的目标"),
        Language::En => anyhow!(
            "the target holds {records} records of this organisation already and was left as it is; choose an empty one"
        ),
    }
}

fn in_use(server: bool, language: Language) -> &'static str {
    match (server, language) {
        (true, Language::Zh) => {
            "有服务正在为该组织使用目标数据库，未作改动。请先停止所有使用它的 `yinuo serve`，再次运行同一条命令"
        }
        (true, Language::En) => {
            "a server is using the target database for this organisation; it was left as it is. Stop every `yinuo serve` on it, then run the same command again"
        }
        (false, Language::Zh) => {
            "另一个迁移或恢复正在处理该组织，或本次迁移或恢复的数据库连接中断；尚未投入使用。请等另一个结束，再次运行同一条命令"
        }
        (false, Language::En) => {
            "another move or restore works on the organisation there, or the connection of this one ended; nothing was put in service. Wait until the other one has ended, then run the same command again"
        }
    }
}

/// Why something was not taken or given, in words.
pub(crate) fn refused(language: Language) -> impl Fn(LedgerError) -> anyhow::Error {
    move |error| match error {
        LedgerError::NotOpen { standing } => anyhow!(standing.tell(language)),
        LedgerError::Occupied { records } => occupied(records, language),
        LedgerError::InUse { server } => anyhow!(in_use(server, language)),
        other => damaged(&other, language),
    }
}
