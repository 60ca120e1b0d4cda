//! A copy without location data.

use crate::kinds::MediaType;
use crate::ranged::{Scan, location_patches};
use crate::refusal::MediaRefusal;
use crate::{jpeg, png, webp};

/// A file as officers see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stripped {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What was taken out, in words for the record; nothing twice.
    pub removed: Vec<&'static str>,
}

/// Takes out location data, and with it all other metadata of pictures and films but the
/// orientation. Pixels and sound are not touched.
///
/// JPEG, PNG and WebP are written anew from the parts known to be harmless. HEIC, MPEG-4,
/// QuickTime, 3GPP and WebM keep their length: what goes is overwritten in place, so that offsets
/// stay right; for files too large to hold, use [`Scan`] instead. Other types are returned as they
/// are (see the crate's limits).
pub fn strip_location(bytes: &[u8], media: MediaType) -> Result<Stripped, MediaRefusal> {
    match media {
        MediaType::Jpeg => jpeg::strip(bytes).ok_or(MediaRefusal::Malformed),
        MediaType::Png => png::strip(bytes).ok_or(MediaRefusal::Malformed),
        MediaType::Webp => webp::strip(bytes).ok_or(MediaRefusal::Malformed),
        _ if Scan::covers(media) => strip_in_place(bytes, media),
        _ => Ok(Stripped {
            bytes: bytes.to_vec(),
            removed: Vec::new(),
        }),
    }
}

fn strip_in_place(bytes: &[u8], media: MediaType) -> Result<Stripped, MediaRefusal> {
    let size = u64::try_from(bytes.len()).map_err(|_| MediaRefusal::Malformed)?;
    let read = |offset: u64, len: usize| {
        usize::try_from(offset)
            .ok()
            .and_then(|at| crate::bytes::slice(bytes, at, len))
            .map(<[u8]>::to_vec)
            .ok_or(MediaRefusal::Malformed)
    };
    let patches = location_patches(size, media, read)?;
    let mut copy = bytes.to_vec();
    patches.apply(0, &mut copy);
    Ok(Stripped {
        bytes: copy,
        removed: patches.removed().to_vec(),
    })
}

/// What is taken out, in the words that officers read.
pub(crate) mod taken {
    pub(crate) const EXIF: &str = "拍摄信息（EXIF）";
    pub(crate) const XMP: &str = "附加信息（XMP）";
    pub(crate) const IPTC: &str = "图片说明（IPTC）";
    pub(crate) const COMMENT: &str = "备注";
    pub(crate) const TEXT: &str = "文字信息";
    pub(crate) const TIME: &str = "时间";
    pub(crate) const APPLICATION: &str = "软件附带的数据";
    pub(crate) const AFTER: &str = "图片之后的数据";
    pub(crate) const METADATA: &str = "元数据";
    pub(crate) const TRACK: &str = "数据轨";
}

/// Notes what was removed, once.
pub(crate) fn note(removed: &mut Vec<&'static str>, what: &'static str) {
    if !removed.contains(&what) {
        removed.push(what);
    }
}
