//! One binary of end-to-end tests: a whole city on the laptop cloud, through its front doors.

#![expect(clippy::print_stdout, reason = "tests print the figures that they hold to bounds")]

mod bad_input;
mod budget;
mod city;
mod contract;
mod crash;
mod life;
mod meter;
mod sweep;
mod uploads;
