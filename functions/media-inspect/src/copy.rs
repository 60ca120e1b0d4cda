//! Films too large to hold: read their index by ranges, then copy piece by piece, overwriting
//! what must go. Peak memory is one piece.

use app::AppError;
use cloud::objects::Bucket;
use media::{MediaRefusal, MediaType, Scan, Step};

use crate::Verdict;

/// Size of a piece; S3 wants parts of at least 5 MiB.
const PIECE_BYTES: u64 = 8 << 20;

pub(crate) async fn copy_film(
    bucket: &Bucket,
    from: &str,
    to: &str,
    media: MediaType,
    size: u64,
) -> Result<Verdict, AppError> {
    let mut scan = Scan::new(size, media);
    while let Step::Read { offset, len } = scan.step() {
        let length = u64::try_from(len).unwrap_or(u64::MAX);
        let bytes = bucket.range(from, offset, length).await?;
        if let Err(refusal) = scan.supply(&bytes) {
            return Ok(Err(refusal));
        }
    }
    let patches = match scan.finish() {
        Ok(patches) => patches,
        Err(refusal) => return Ok(Err::<_, MediaRefusal>(refusal)),
    };
    let upload = bucket.begin(to, media.content_type()).await?;
    let mut parts = Vec::new();
    let mut offset = 0;
    while offset < size {
        let mut piece = bucket
            .range(from, offset, PIECE_BYTES.min(size - offset))
            .await?;
        patches.apply(offset, &mut piece);
        offset += PIECE_BYTES;
        parts.push(bucket.part(to, &upload, parts.len(), piece).await?);
    }
    bucket.complete(to, &upload, parts).await?;
    Ok(Ok((
        media,
        patches
            .removed()
            .iter()
            .map(|what| (*what).to_owned())
            .collect(),
    )))
}
