//! The laptop cloud: builds the functions of `infra/template.yaml`, runs them as real processes
//! over the Lambda Runtime API, and puts API Gateway's front doors, a development sign-in and an
//! outbox page before them. The stores and event sources are the `substrate` crate's.

pub mod account;
pub mod city;
pub mod cli;
pub mod client;
pub mod cloud;
pub mod compile;
pub mod console;
pub mod dead_letters;
pub mod demo;
pub mod draws;
pub mod emit;
pub mod gateway;
pub mod jwt;
pub mod keys;
pub mod lake;
pub mod lambda;
pub mod pages;
pub mod registry;
pub mod seed;
pub mod start;
pub mod state;
mod times;
pub mod verify;
pub mod watermark;
pub mod web;
pub mod workspace;
