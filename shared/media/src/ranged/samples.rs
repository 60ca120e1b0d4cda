//! Where the samples of a track stand in the file: its sample table.

use crate::bytes::{be_u32, be_u64, index};
use crate::ranged::bmff::Scope;

/// Places and lengths of the chunks of a track (the content of a `trak` box); `None` when the
/// table is of a kind not known here or does not hold. Neighbours are joined.
pub(crate) fn sample_ranges(track: Scope<'_>) -> Option<Vec<(u64, u64)>> {
    let table = track.find(*b"mdia")?.find(*b"minf")?.find(*b"stbl")?;
    let chunks = chunk_offsets(table)?;
    let per_chunk = samples_per_chunk(table.find(*b"stsc")?.bytes, chunks.len())?;
    let mut sizes = Sizes::read(table.find(*b"stsz")?.bytes)?;
    let mut ranges: Vec<(u64, u64)> = Vec::new();
    for (offset, samples) in chunks.into_iter().zip(per_chunk) {
        let len = sizes.take(samples)?;
        match ranges.last_mut() {
            Some((start, total)) if start.checked_add(*total)? == offset => {
                *total = total.checked_add(len)?;
            }
            _ => ranges.push((offset, len)),
        }
    }
    Some(ranges)
}

fn chunk_offsets(table: Scope<'_>) -> Option<Vec<u64>> {
    if let Some(short) = table.find(*b"stco") {
        let count = index(be_u32(short.bytes, 4)?);
        let entries = short.bytes.get(8..)?.chunks_exact(4).take(count);
        let offsets: Vec<u64> = entries
            .filter_map(|entry| be_u32(entry, 0))
            .map(u64::from)
            .collect();
        return (offsets.len() == count).then_some(offsets);
    }
    let long = table.find(*b"co64")?;
    let count = index(be_u32(long.bytes, 4)?);
    let entries = long.bytes.get(8..)?.chunks_exact(8).take(count);
    let offsets: Vec<u64> = entries.filter_map(|entry| be_u64(entry, 0)).collect();
    (offsets.len() == count).then_some(offsets)
}

/// How many samples each chunk has: runs of (first chunk from 1, samples, description).
fn samples_per_chunk(stsc: &[u8], chunks: usize) -> Option<Vec<u32>> {
    let count = index(be_u32(stsc, 4)?);
    let runs = stsc.get(8..)?.chunks_exact(12).take(count);
    let mut per_chunk = Vec::with_capacity(chunks);
    let mut samples = None;
    for run in runs {
        let first = index(be_u32(run, 0)?).checked_sub(1)?;
        if let Some(samples) = samples {
            per_chunk.resize(first.clamp(per_chunk.len(), chunks), samples);
        }
        samples = Some(be_u32(run, 4)?);
    }
    if chunks > 0 {
        per_chunk.resize(chunks, samples?);
    }
    Some(per_chunk)
}

/// Sizes of the samples, in order: one for all, or one each.
enum Sizes<'a> {
    Same(u32),
    Each(std::slice::ChunksExact<'a, u8>),
}

impl<'a> Sizes<'a> {
    fn read(stsz: &'a [u8]) -> Option<Self> {
        match be_u32(stsz, 4)? {
            0 => Some(Self::Each(stsz.get(12..)?.chunks_exact(4))),
            same => Some(Self::Same(same)),
        }
    }

    /// Length of the next `count` samples.
    fn take(&mut self, count: u32) -> Option<u64> {
        match self {
            Self::Same(size) => Some(u64::from(*size) * u64::from(count)),
            Self::Each(entries) => {
                let mut total = 0_u64;
                for _ in 0..count {
                    total = total.checked_add(u64::from(be_u32(entries.next()?, 0)?))?;
                }
                Some(total)
            }
        }
    }
}
