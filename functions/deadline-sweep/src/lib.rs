//! deadline-sweep
