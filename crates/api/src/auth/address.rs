//! The address of a caller.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use crate::state::Api;

/// The address that brakes go by. An IPv6 caller usually holds a whole /64, so that is one caller. A caller without a
/// known address (in-process) counts as `0.0.0.0`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address(pub(crate) IpAddr);

/// Whether the connection itself comes from the machine.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FromMachine(pub(crate) bool);

impl FromRequestParts<Api> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Infallible> {
        let peer = peer(parts).unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        let forwarded = api.options.behind_proxy.then(|| forwarded(parts)).flatten();
        Ok(Self(one_caller(forwarded.unwrap_or(peer))))
    }
}

impl FromRequestParts<Api> for FromMachine {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Infallible> {
        // Behind a proxy every connection comes from the proxy, which says nothing about the caller.
        Ok(Self(
            !api.options.behind_proxy && peer(parts).is_some_and(|peer| peer.to_canonical().is_loopback()),
        ))
    }
}

fn peer(parts: &Parts) -> Option<IpAddr> {
    parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip())
}

/// The last address of the header: the one that the nearest proxy saw itself. Earlier ones could be made up.
fn forwarded(parts: &Parts) -> Option<IpAddr> {
    let header = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
    header.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

fn one_caller(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address @ IpAddr::V4(_) => address,
    }
}
