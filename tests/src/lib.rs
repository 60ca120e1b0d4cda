//! End-to-end tests of the whole city stand in `it/`; this library is empty.
