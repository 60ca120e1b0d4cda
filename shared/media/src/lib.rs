//! Attachments (R-IN-3): what a file is, told from its bytes, and a copy without location data for
//! officers to see; the original stays untouched.
//!
//! Pure: bytes in, verdict out. Types not listed in [`MediaType`] are refused, among them programs,
//! HTML, SVG, scripts, archives and documents with macros. No input makes this crate panic.
//!
//! What it does not do: legacy Office files are refused rather than read; PDF and Office files keep
//! what is inside them (a picture in a document keeps its EXIF, a PDF its scripts); MP3, WAV, AMR
//! and Ogg files keep their tags; it does not look for malware or re-encode anything.

mod bytes;
mod documents;
mod jpeg;
mod kinds;
mod png;
mod ranged;
mod refusal;
mod sniff;
mod strip;
mod tiff;
mod webp;

pub use kinds::{Limits, MediaKind, MediaType, declared_matches};
pub use ranged::{Patch, Patches, Scan, Step, location_patches};
pub use refusal::MediaRefusal;
pub use sniff::{identify, inspect, sniff};
pub use strip::{Stripped, strip_location};

#[cfg(test)]
mod tests;
