//! Tests of the laptop cloud's own parts with real processes and sockets.

#[cfg(test)]
mod cloud;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod lambda;
#[cfg(test)]
mod support;
#[cfg(test)]
mod web;
