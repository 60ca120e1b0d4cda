//! One binary of end-to-end tests: a whole city on the laptop cloud, through its front doors.

#![expect(
    clippy::print_stdout,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "tests print the figures that they hold to bounds; a life is one story"
)]

#[cfg(test)]
mod accountability;
#[cfg(test)]
mod accounts;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod bad_input;
#[cfg(test)]
mod batch;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod bulk;
#[cfg(test)]
mod callbacks;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod change;
#[cfg(test)]
mod city;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod emit;
#[cfg(test)]
mod erasure;
#[cfg(test)]
mod events;
#[cfg(test)]
mod exports;
#[cfg(test)]
mod handling;
#[cfg(test)]
mod knowledge;
#[cfg(test)]
mod lake;
#[cfg(test)]
mod laptop;
#[cfg(test)]
mod letters;
#[cfg(test)]
mod life;
#[cfg(test)]
mod meter;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod permits;
#[cfg(test)]
mod problem_groups;
#[cfg(test)]
mod readme;
#[cfg(test)]
mod registry;
#[cfg(test)]
mod renewal;
#[cfg(test)]
mod reports;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod seals;
#[cfg(test)]
mod supervision;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod timing;
#[cfg(test)]
mod uploads;
