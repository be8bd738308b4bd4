//! Tells the planner early how much there is.
//!
//! PostgreSQL looks at a table by itself a minute after it was filled. Until then it believes the table empty, takes any
//! index for as good as any other, and keeps those plans: the first busy minute of a new database would be a hundred
//! times slower than all that follow.

use tokio::task::JoinHandle;

use super::{
    errors::told,
    target::{Purpose, Target},
};

/// Appends of this process after which a look is worth it for the first time; then after ten times as many, and so on.
const FIRST: u64 = 200;

/// Beyond, the database's own looks come early enough.
const LAST: u64 = 20_000;

/// What one look reads: nothing, unless the database believes that there is far less than there is.
const BELIEVED: &str = "SELECT reltuples::float8 FROM pg_class WHERE oid = 'tickets'::regclass";
const LOOK: &str = "ANALYZE";

/// When to look next.
#[derive(Debug)]
pub(super) struct Statistics {
    appended: u64,
    next: u64,
    under_way: Option<JoinHandle<()>>,
}

impl Statistics {
    pub(super) const fn new() -> Self {
        Self { appended: 0, next: FIRST, under_way: None }
    }

    /// Notes that so many appends are on disk, and looks beside them if it is time.
    pub(super) fn note(&mut self, appended: usize, target: &Target) {
        self.appended = self.appended.saturating_add(u64::try_from(appended).unwrap_or(u64::MAX));
        let busy = self.under_way.as_ref().is_some_and(|look| !look.is_finished());
        if busy || self.next > LAST || self.appended < self.next {
            return;
        }
        while self.next <= self.appended {
            self.next = self.next.saturating_mul(10);
        }
        let (target, appended) = (target.clone(), self.appended);
        self.under_way = Some(tokio::spawn(async move {
            if let Err(error) = look(&target, appended).await {
                tracing::debug!(error = %told(&error), "the planner was not told how much there is");
            }
        }));
    }
}

async fn look(target: &Target, appended: u64) -> Result<(), tokio_postgres::Error> {
    let client = target.session(Purpose::Patient).await?;
    let believed: f64 = client.query_one(BELIEVED, &[]).await?.try_get(0)?;
    #[expect(clippy::cast_precision_loss, reason = "counts of appends are far below 2^52")]
    if believed * 2.0 < appended as f64 {
        client.batch_execute(LOOK).await?;
    }
    Ok(())
}
