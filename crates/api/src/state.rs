//! What all endpoints share.

use std::{net::IpAddr, sync::Arc};

use jiff::SignedDuration;
use tokio::sync::broadcast;
use yinuo_core::id::MemberId;
use yinuo_desk::Desk;

use crate::{
    auth::{
        password::Passwords,
        throttle::{Bucket, Throttle},
    },
    metrics::Metrics,
    options::ApiOptions,
};

/// What all endpoints share.
pub(crate) type Api = Arc<Shared>;

pub(crate) struct Shared {
    pub(crate) desk: Desk,
    pub(crate) options: ApiOptions,
    pub(crate) metrics: Metrics,
    pub(crate) passwords: Passwords,
    pub(crate) throttles: Throttles,
    /// Sessions that have just ended, for live feeds.
    pub(crate) ended: broadcast::Sender<Ended>,
}

/// Whose sessions ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// One session, by the hash of its token.
    Session([u8; 32]),
    /// All sessions of a person.
    Member(MemberId),
}

/// Brakes against guessing and flooding.
pub(crate) struct Throttles {
    /// Passwords by account. A short longest delay: whoever knows an account must not be able to lock its owner out.
    pub(crate) accounts: Throttle<String>,
    /// Passwords by address.
    pub(crate) addresses: Throttle<IpAddr>,
    /// Query codes by ticket number.
    pub(crate) numbers: Throttle<String>,
    /// Query codes by address.
    pub(crate) askers: Throttle<IpAddr>,
    /// Set-up codes by address.
    pub(crate) setups: Throttle<IpAddr>,
    /// Requests submitted by address.
    pub(crate) intakes: Option<Bucket>,
}

impl Shared {
    pub(crate) fn new(desk: Desk, options: ApiOptions) -> Self {
        let limits = options.limits;
        let throttles = Throttles {
            accounts: Throttle::new(5, SignedDuration::from_secs(60)),
            addresses: Throttle::new(20, SignedDuration::from_mins(15)),
            numbers: Throttle::new(10, SignedDuration::from_secs(30)),
            askers: Throttle::new(20, SignedDuration::from_mins(15)),
            setups: Throttle::new(5, SignedDuration::from_mins(15)),
            intakes: limits.intakes_at_once.map(|at_once| Bucket::new(at_once, limits.intakes_per_minute)),
        };
        Self {
            metrics: Metrics::new(),
            passwords: Passwords::new(),
            throttles,
            ended: broadcast::channel(256).0,
            desk,
            options,
        }
    }
}
