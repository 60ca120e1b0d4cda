//! What every function needs: its settings from the environment, the clock, one log line an
//! invocation, and a loop for requests, batches, stream records or schedules.

#[cfg(feature = "officers")]
pub mod citing;
pub mod clock;
#[cfg(feature = "events")]
pub mod events;
#[cfg(feature = "http")]
pub mod http;
pub mod schedule;
pub mod setup;

#[cfg(feature = "vault")]
pub mod opening;
#[cfg(feature = "vault")]
pub mod vault;

#[cfg(feature = "appellant")]
pub mod appellant;
#[cfg(feature = "channels")]
pub mod channels;
#[cfg(feature = "entrance")]
pub mod entrance;
#[cfg(feature = "officers")]
pub mod officers;
#[cfg(all(feature = "appellant", feature = "channels"))]
pub mod pages;

#[cfg(any(feature = "appellant", feature = "officers"))]
mod tokens;

pub use lambda_runtime::Error;
pub use setup::Setup;
