//! media-inspect
