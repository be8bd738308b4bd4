//! HTTP: routes, live feed, OpenAPI, sign-in.
