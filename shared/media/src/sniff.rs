//! What a file is, told from its bytes.
//!
//! A list of what is allowed, each told by more than its first bytes where these are weak; there is
//! no list of what is forbidden. A library of magic numbers (`infer`) is asked the same in tests:
//! it knows a hundred types we must refuse and looks less closely at the ones we take.

use crate::bytes::{array, be_u16, be_u32, contains, index};
use crate::documents;
use crate::kinds::{Limits, MediaType, declared_matches};
use crate::ranged::bmff;
use crate::refusal::MediaRefusal;

/// Track entries of a WebM file stand near its beginning.
const WEBM_TRACKS_WITHIN: usize = 16 * 1024;
const EBML_HEADER_WITHIN: usize = 64;

/// The type of a file, or none that is allowed.
///
/// The beginning of a file is enough for all but Office documents, which are read whole. Without
/// its `moov` box an MPEG-4 file is taken for a video, even if it holds sound only.
pub fn sniff(bytes: &[u8]) -> Option<MediaType> {
    identify(bytes).ok()
}

/// As [`sniff`], and says why not.
pub fn identify(bytes: &[u8]) -> Result<MediaType, MediaRefusal> {
    if bytes.starts_with(b"PK\x03\x04") {
        return documents::identify(bytes);
    }
    of_image(bytes)
        .or_else(|| of_riff(bytes))
        .or_else(|| of_bmff(bytes))
        .or_else(|| of_sound(bytes))
        .or_else(|| of_webm(bytes))
        .or_else(|| of_pdf(bytes))
        .ok_or(MediaRefusal::UnknownType)
}

/// The whole verdict on an upload: allowed, what was declared, and not too large. `size_bytes` is
/// the size of the file, of which `bytes` may be the beginning only (see [`sniff`]).
pub fn inspect(
    declared_content_type: &str,
    bytes: &[u8],
    size_bytes: u64,
    limits: &Limits,
) -> Result<MediaType, MediaRefusal> {
    let detected = identify(bytes)?;
    if !declared_matches(declared_content_type, detected) {
        return Err(MediaRefusal::Mismatch { detected });
    }
    limits.check(detected.kind(), size_bytes)?;
    Ok(detected)
}

fn of_image(bytes: &[u8]) -> Option<MediaType> {
    if bytes.starts_with(b"\xff\xd8\xff") {
        Some(MediaType::Jpeg)
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR") {
        Some(MediaType::Png)
    } else {
        None
    }
}

fn of_riff(bytes: &[u8]) -> Option<MediaType> {
    if !bytes.starts_with(b"RIFF") {
        return None;
    }
    match (&array(bytes, 8)?, &array(bytes, 12)?) {
        (b"WEBP", b"VP8 " | b"VP8L" | b"VP8X") => Some(MediaType::Webp),
        (b"WAVE", _) => Some(MediaType::Wav),
        _ => None,
    }
}

fn of_bmff(bytes: &[u8]) -> Option<MediaType> {
    let brands = bmff::brands(bytes)?;
    let (major, compatible) = brands.split_first()?;
    let by_brand = match major {
        b"heic" | b"heix" | b"heim" | b"heis" => return Some(MediaType::Heic),
        b"mif1" | b"msf1" => {
            let coded_with_hevc = compatible
                .iter()
                .any(|brand| matches!(brand, b"heic" | b"heix"));
            return coded_with_hevc.then_some(MediaType::Heic);
        }
        b"M4A " | b"M4B " => return Some(MediaType::M4a),
        b"qt  " => MediaType::Mov,
        b"isom" | b"iso2" | b"iso3" | b"iso4" | b"iso5" | b"iso6" | b"mp41" | b"mp42" | b"avc1"
        | b"M4V " | b"MSNV" | b"dash" | b"mmp4" => MediaType::Mp4,
        _ if major.starts_with(b"3gp") || major.starts_with(b"3g2") => MediaType::ThreeGp,
        _ => return None,
    };
    if bmff::holds_sound_only(bytes) {
        return Some(MediaType::M4a);
    }
    Some(by_brand)
}

fn of_sound(bytes: &[u8]) -> Option<MediaType> {
    if bytes.starts_with(b"#!AMR\n") || bytes.starts_with(b"#!AMR-WB\n") {
        return Some(MediaType::Amr);
    }
    if bytes.starts_with(b"OggS\0") {
        let segments = usize::from(*bytes.get(26)?);
        let packet = bytes.get(27 + segments..)?;
        let is_sound = packet.starts_with(b"OpusHead") || packet.starts_with(b"\x01vorbis");
        return is_sound.then_some(MediaType::Ogg);
    }
    is_mp3(bytes).then_some(MediaType::Mp3)
}

/// Two sound bytes are weak evidence: after a tag, or without one, a first frame must be well
/// formed and, as far as the bytes go, a second must follow where the first ends.
fn is_mp3(bytes: &[u8]) -> bool {
    let start = match id3_len(bytes) {
        Some(len) if len >= bytes.len() => return true,
        Some(len) => len,
        None => 0,
    };
    // Some writers pad between tag and sound.
    let padding = bytes.iter().skip(start).take_while(|byte| **byte == 0);
    let first = start + padding.count();
    let Some(first_len) = mp3_frame_len(bytes, first) else {
        return start > 0 && first >= bytes.len();
    };
    let second = first + first_len;
    second + 4 > bytes.len() || mp3_frame_len(bytes, second).is_some()
}

/// Length of an ID3v2 tag with its header: four bytes of seven bits each.
fn id3_len(bytes: &[u8]) -> Option<usize> {
    let [b'I', b'D', b'3', 2..=4, _, _] = array::<6>(bytes, 0)? else {
        return None;
    };
    array::<4>(bytes, 6)?
        .into_iter()
        .try_fold(0, |len, byte| {
            (byte < 0x80).then_some((len << 7) | usize::from(byte))
        })
        .map(|len| len + 10)
}

/// Length of the layer III frame at `at`.
fn mp3_frame_len(bytes: &[u8], at: usize) -> Option<usize> {
    const RATES_1: [usize; 14] = [
        32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320,
    ];
    const RATES_2: [usize; 14] = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160];
    const SAMPLINGS: [usize; 3] = [44_100, 48_000, 32_000];
    let header = be_u32(bytes, at)?;
    // Frame sync of eleven ones, then layer III.
    if header >> 21 != 0x7ff || (header >> 17) & 3 != 1 {
        return None;
    }
    let version = (header >> 19) & 3;
    let (rates, factor, divisor) = match version {
        3 => (RATES_1, 144_000, 1),
        2 => (RATES_2, 72_000, 2),
        0 => (RATES_2, 72_000, 4),
        _ => return None,
    };
    let rate = rates.get(index((header >> 12) & 15).checked_sub(1)?)?;
    let sampling = SAMPLINGS.get(index((header >> 10) & 3))? / divisor;
    let padding = index((header >> 9) & 1);
    Some(factor * rate / sampling + padding)
}

fn of_webm(bytes: &[u8]) -> Option<MediaType> {
    if !bytes.starts_with(b"\x1a\x45\xdf\xa3") {
        return None;
    }
    let header = bytes.get(..EBML_HEADER_WITHIN).unwrap_or(bytes);
    if !contains(header, b"\x42\x82\x84webm") {
        return None;
    }
    let beginning = bytes.get(..WEBM_TRACKS_WITHIN).unwrap_or(bytes);
    // Codec ids: `V_VP9`, `A_OPUS`, … Both verdicts are allowed types.
    let video = contains(beginning, b"V_VP") || contains(beginning, b"V_AV1");
    let sound = contains(beginning, b"A_OPUS") || contains(beginning, b"A_VORBIS");
    match (video, sound) {
        (true, _) => Some(MediaType::Webm),
        (false, true) => Some(MediaType::WebmAudio),
        (false, false) => None,
    }
}

fn of_pdf(bytes: &[u8]) -> Option<MediaType> {
    let versions: [&[u8]; 2] = [b"%PDF-1.", b"%PDF-2."];
    let known = versions.iter().any(|version| bytes.starts_with(version));
    // At the very beginning only: readers that search further let a file be two things at once.
    (known && be_u16(bytes, 7).is_some()).then_some(MediaType::Pdf)
}
