//! The wire: request and answer types of `infra/openapi.yaml`, and problems by RFC 9457.
//! Knows the use cases and the domain; never touches storage.

pub mod answers;
pub mod problem;
pub mod requests;
