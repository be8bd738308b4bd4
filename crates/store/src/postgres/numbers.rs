//! Handing out ticket numbers: those who ask while an answer is under way share the next one.

use std::collections::BTreeMap;

use jiff::civil::Date;
use tokio::sync::{
    mpsc::{self, error::TrySendError},
    oneshot,
};
use yinuo_core::id::OrgId;
use yinuo_ledger::LedgerError;

use super::{closed, errors::unavailable, pool::Pool};
use crate::cells::unsigned;

/// Takes so many numbers at once and says the last of them. One short transaction that locks a row of its own; a crash
/// may lose it, and then the numbers that no append has used by then are handed out again.
const TAKE: &str = "INSERT INTO handed_out AS h (org, day, last) VALUES ($1, $2,
        (SELECT coalesce(max(n.last), 0) FROM numbers AS n WHERE n.org = $1 AND n.day = $2) + $3::bigint)
    ON CONFLICT (org, day) DO UPDATE SET last = greatest(h.last + $3::bigint, excluded.last) RETURNING last";

/// Who asked at the same time.
type Asked = BTreeMap<(OrgId, Date), Vec<oneshot::Sender<Result<u32, LedgerError>>>>;

struct Asking {
    org: OrgId,
    day: Date,
    answer: oneshot::Sender<Result<u32, LedgerError>>,
}

#[derive(Debug)]
pub(super) struct Numbers {
    queue: mpsc::Sender<Asking>,
}

impl Numbers {
    pub(super) fn start(pool: Pool, queue: usize) -> Self {
        let (queue, waiting) = mpsc::channel(queue.max(1));
        tokio::spawn(run(pool, waiting));
        Self { queue }
    }

    pub(super) async fn next(&self, org: &OrgId, day: Date) -> Result<u32, LedgerError> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Asking { org: org.clone(), day, answer }).map_err(|error| match error {
            TrySendError::Full(_) => unavailable("too many requests wait for a number; try again shortly"),
            TrySendError::Closed(_) => closed(),
        })?;
        answered.await.map_err(|_| closed())?
    }
}

async fn run(pool: Pool, mut queue: mpsc::Receiver<Asking>) {
    while let Some(first) = queue.recv().await {
        let mut asked = Asked::new();
        let mut next = Some(first);
        while let Some(Asking { org, day, answer }) = next {
            asked.entry((org, day)).or_default().push(answer);
            next = queue.try_recv().ok();
        }
        for ((org, day), answers) in asked {
            let count = i64::try_from(answers.len()).unwrap_or(i64::MAX);
            match take(&pool, &org, day, count).await {
                Ok(last) => {
                    let first = last.saturating_sub(count) + 1;
                    for (number, answer) in (first..).zip(answers) {
                        let _ = answer.send(u32::try_from(number).map_err(|_| closed()));
                    }
                }
                Err(error) => {
                    let reason = error.to_string();
                    for answer in answers {
                        let _ = answer.send(Err(unavailable(reason.clone())));
                    }
                }
            }
        }
    }
}

async fn take(pool: &Pool, org: &OrgId, day: Date, count: i64) -> Result<i64, LedgerError> {
    let rows = pool.run(TAKE, &[&org.as_str(), &day.to_string(), &count]).await?;
    rows.first().map_or_else(|| Err(closed()), |row| unsigned(row, 0))
}
