//! Over the sample files of `events/media` (its README says how each was made), and properties.

use proptest::prelude::*;

use super::*;
use crate::strip::taken;

macro_rules! samples {
    ($($file:literal)*) => {
        /// Every sample by its name.
        const SAMPLES: &[(&str, &[u8])] = &[
            $(($file, include_bytes!(concat!("../../../events/media/", $file)))),*
        ];
    };
}

samples! {
    "photo-gps.jpg" "photo-gps-motion.jpg" "photo-progressive.jpg" "picture-gps.png"
    "picture-gps.webp" "photo-gps.heic" "voice-gps.m4a" "voice.mp3" "voice.wav" "voice.amr"
    "voice.ogg" "voice-gps-live.webm" "video-gps.mp4" "video-gps-faststart.mp4"
    "video-gps-fragmented.mp4" "video-gps.3gp" "video-gps.mov" "video-gps-keys.mov"
    "video-gps.webm" "document.pdf" "document.docx" "sheet.xlsx" "liar-program.jpg"
    "liar-page.png" "liar-drawing.webp" "liar-script.mp3" "liar-macro.docx" "liar-archive.docx"
}

/// Traces of the place, the camera and its owner in the samples.
const CANARIES: [&[u8]; 12] = [
    b"12.3456",
    b"12,20.736N",
    b"SERIAL-CANARY",
    b"CanaryCam",
    b"GPS",
    b"loci",
    b"\xa9xyz",
    b"location",
    b"LOCATION",
    b"adobe:ns:meta",
    // Seconds of the latitude as EXIF has them: 4416/100.
    b"\x00\x00\x11\x40\x00\x00\x00\x64",
    // Latitude and longitude as `loci` has them: 16.16 bits.
    b"\x00\x0c\x58\x79",
];

pub(crate) fn sample(name: &str) -> &'static [u8] {
    SAMPLES.iter().find(|(file, _)| *file == name).unwrap().1
}

fn canaries(bytes: &[u8]) -> Vec<&'static [u8]> {
    let found = |canary: &&[u8]| crate::bytes::contains(bytes, canary);
    CANARIES.into_iter().filter(found).collect()
}

fn strippable() -> impl Iterator<Item = (&'static str, &'static [u8], MediaType)> {
    SAMPLES
        .iter()
        .filter_map(|(name, bytes)| Some((*name, *bytes, sniff(bytes)?)))
}

#[test]
fn every_sample_is_told_from_its_bytes() {
    let rows = [
        ("photo-gps.jpg", MediaType::Jpeg),
        ("photo-gps-motion.jpg", MediaType::Jpeg),
        ("photo-progressive.jpg", MediaType::Jpeg),
        ("picture-gps.png", MediaType::Png),
        ("picture-gps.webp", MediaType::Webp),
        ("photo-gps.heic", MediaType::Heic),
        ("voice-gps.m4a", MediaType::M4a),
        ("voice.mp3", MediaType::Mp3),
        ("voice.wav", MediaType::Wav),
        ("voice.amr", MediaType::Amr),
        ("voice.ogg", MediaType::Ogg),
        ("voice-gps-live.webm", MediaType::WebmAudio),
        ("video-gps.mp4", MediaType::Mp4),
        ("video-gps-faststart.mp4", MediaType::Mp4),
        ("video-gps-fragmented.mp4", MediaType::Mp4),
        ("video-gps.3gp", MediaType::ThreeGp),
        ("video-gps.mov", MediaType::Mov),
        ("video-gps-keys.mov", MediaType::Mov),
        ("video-gps.webm", MediaType::Webm),
        ("document.pdf", MediaType::Pdf),
        ("document.docx", MediaType::Docx),
        ("sheet.xlsx", MediaType::Xlsx),
    ];
    for (name, expected) in rows {
        assert_eq!(identify(sample(name)), Ok(expected), "{name}");
    }
}

#[test]
fn a_library_of_magic_numbers_agrees() {
    // It has its own names for some, and does not look for the tracks inside.
    let alike = |ours: &str, theirs: &str| {
        ours == theirs
            || matches!(
                (ours, theirs),
                ("audio/mp4", "audio/m4a")
                    | ("audio/wav", "audio/x-wav")
                    | ("audio/ogg", "audio/opus")
                    | ("audio/webm", "video/webm")
                    | ("image/heic", "image/heif")
                    // It goes by the order of the parts in the archive.
                    | (_, "application/zip")
            )
    };
    for (name, bytes, media) in strippable() {
        // It takes a 3GPP file for MPEG-4 or knows it not.
        if media != MediaType::ThreeGp {
            let theirs = infer::get(bytes).unwrap().mime_type();
            assert!(alike(media.content_type(), theirs), "{name}: {theirs}");
        }
    }
}

#[test]
fn liars_and_types_off_the_list_are_refused() {
    use MediaRefusal::{MacroDocument, Malformed, Mismatch, TooLarge, UnknownType};
    let jpeg = sample("photo-gps.jpg");
    let elf = b"\x7fELF\x02\x01\x01".as_slice();
    let avif = b"\0\0\0\x18ftypavif\0\0\0\0avifmif1".as_slice();
    let matroska = b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska".as_slice();
    let late_pdf = b"<html>%PDF-1.7 ".as_slice();
    let docx = MediaType::Docx.content_type();
    let size = u64::MAX;
    let rows: [(&str, &[u8], u64, MediaRefusal); 17] = [
        ("image/jpeg", sample("liar-program.jpg"), 0, UnknownType),
        ("image/png", sample("liar-page.png"), 0, UnknownType),
        ("image/webp", sample("liar-drawing.webp"), 0, UnknownType),
        ("audio/mpeg", sample("liar-script.mp3"), 0, UnknownType),
        (docx, sample("liar-macro.docx"), 0, MacroDocument),
        (docx, sample("liar-archive.docx"), 0, UnknownType),
        (docx, b"PK\x03\x04 and no more", 0, Malformed),
        (docx, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0, UnknownType),
        ("image/jpeg", elf, 0, UnknownType),
        ("image/heic", avif, 0, UnknownType),
        ("video/webm", matroska, 0, UnknownType),
        ("application/pdf", late_pdf, 0, UnknownType),
        ("text/plain", b"text of an appeal", 0, UnknownType),
        ("image/png", b"", 0, UnknownType),
        (
            "audio/mpeg",
            b"\xff\xfb\x90\x00 and then no frame".repeat(50).leak(),
            0,
            UnknownType,
        ),
        (
            "image/png",
            jpeg,
            0,
            Mismatch {
                detected: MediaType::Jpeg,
            },
        ),
        (
            "image/jpeg",
            jpeg,
            size,
            TooLarge {
                max_bytes: 20 * 1024 * 1024,
            },
        ),
    ];
    for (declared, bytes, size, expected) in rows {
        let outcome = inspect(declared, bytes, size, &Limits::default());
        assert_eq!(
            outcome,
            Err(expected),
            "{declared} {:?}",
            &bytes[..bytes.len().min(16)]
        );
    }
    assert_eq!(
        inspect("image/jpeg", jpeg, 100, &Limits::default()),
        Ok(MediaType::Jpeg)
    );
}

#[test]
fn declared_types_match_in_every_spelling_clients_use() {
    let rows = [
        ("image/jpeg", MediaType::Jpeg, true),
        ("IMAGE/JPG", MediaType::Jpeg, true),
        (" image/jpeg ; q=1", MediaType::Jpeg, true),
        ("image/png", MediaType::Jpeg, false),
        ("image/heif", MediaType::Heic, true),
        ("audio/webm;codecs=opus", MediaType::WebmAudio, true),
        ("audio/webm", MediaType::Webm, false),
        ("video/mp4", MediaType::M4a, true),
        ("audio/mp4", MediaType::Mp4, false),
        ("application/octet-stream", MediaType::Pdf, false),
        ("", MediaType::Pdf, false),
    ];
    for (declared, media, expected) in rows {
        assert_eq!(
            declared_matches(declared, media),
            expected,
            "{declared} {media:?}"
        );
    }
    for media in MediaType::ALL {
        assert!(declared_matches(media.content_type(), *media), "{media:?}");
    }
}

#[test]
fn no_trace_of_the_place_is_left() {
    for (name, bytes, media) in strippable() {
        let stripped = strip_location(bytes, media).unwrap();
        if name.contains("gps") {
            assert_ne!(canaries(bytes), Vec::<&[u8]>::new(), "{name}");
            assert_ne!(stripped.removed, Vec::<&str>::new(), "{name}");
        }
        assert_eq!(canaries(&stripped.bytes), Vec::<&[u8]>::new(), "{name}");
        assert_eq!(identify(&stripped.bytes), Ok(media), "{name}");
    }
}

#[test]
fn what_is_removed_is_said() {
    let rows: [(&str, &[&str]); 9] = [
        ("photo-gps.jpg", &[taken::XMP, taken::EXIF, taken::COMMENT]),
        (
            "photo-gps-motion.jpg",
            &[taken::XMP, taken::EXIF, taken::COMMENT, taken::AFTER],
        ),
        ("photo-progressive.jpg", &[]),
        ("picture-gps.png", &[taken::TEXT, taken::EXIF]),
        ("picture-gps.webp", &[taken::EXIF, taken::XMP]),
        ("photo-gps.heic", &[taken::EXIF, taken::XMP]),
        ("video-gps.mp4", &[taken::METADATA]),
        ("video-gps.webm", &[taken::METADATA]),
        ("document.docx", &[]),
    ];
    for (name, expected) in rows {
        let bytes = sample(name);
        let stripped = strip_location(bytes, sniff(bytes).unwrap()).unwrap();
        assert_eq!(stripped.removed, expected, "{name}");
    }
}

#[test]
fn stripping_twice_is_stripping_once() {
    for (name, bytes, media) in strippable() {
        let once = strip_location(bytes, media).unwrap().bytes;
        let twice = strip_location(&once, media).unwrap();
        assert!(twice.bytes == once, "{name}");
    }
}

#[test]
fn pictures_stay_the_right_way_up() {
    let rows = [
        ("photo-gps.jpg", 6),
        ("picture-gps.png", 3),
        ("picture-gps.webp", 8),
    ];
    for (name, orientation) in rows {
        let bytes = sample(name);
        let stripped = strip_location(bytes, sniff(bytes).unwrap()).unwrap().bytes;
        let at = stripped
            .windows(4)
            .position(|four| four == b"MM\0*")
            .unwrap();
        assert_eq!(
            tiff::orientation(&stripped[at..]),
            Some(orientation),
            "{name}"
        );
    }
}

#[test]
fn the_coded_picture_is_not_touched() {
    let scan_of = |bytes: &[u8]| {
        let at = bytes
            .windows(2)
            .rposition(|two| two == b"\xff\xda")
            .unwrap();
        let end = bytes
            .windows(2)
            .rposition(|two| two == b"\xff\xd9")
            .unwrap();
        bytes[at..end + 2].to_vec()
    };
    for name in ["photo-gps.jpg", "photo-progressive.jpg"] {
        let stripped = strip_location(sample(name), MediaType::Jpeg).unwrap().bytes;
        assert!(scan_of(&stripped) == scan_of(sample(name)), "{name}");
    }
}

#[test]
fn a_picture_cut_off_in_its_scan_is_closed() {
    let bytes = sample("photo-gps.jpg");
    let stripped = strip_location(&bytes[..bytes.len() - 20], MediaType::Jpeg).unwrap();
    assert!(stripped.bytes.ends_with(b"\xff\xd9"));
}

#[test]
fn damaged_pictures_are_refused() {
    let damaged = Err(MediaRefusal::Malformed);
    for (name, media) in [
        ("photo-gps.jpg", MediaType::Jpeg),
        ("picture-gps.png", MediaType::Png),
        ("picture-gps.webp", MediaType::Webp),
        ("photo-gps.heic", MediaType::Heic),
        ("video-gps.mp4", MediaType::Mp4),
        ("video-gps.webm", MediaType::Webm),
    ] {
        let half = &sample(name)[..sample(name).len() / 3];
        assert_eq!(strip_location(half, media).map(drop), damaged, "{name}");
    }
    assert_eq!(
        strip_location(b"\xff\xd8\xff\xd9", MediaType::Jpeg).map(drop),
        damaged
    );
}

#[test]
fn every_refusal_has_a_reason_people_can_read() {
    let refusals = [
        MediaRefusal::UnknownType,
        MediaRefusal::Mismatch {
            detected: MediaType::Pdf,
        },
        MediaRefusal::TooLarge { max_bytes: 1 },
        MediaRefusal::MacroDocument,
        MediaRefusal::Malformed,
        MediaRefusal::NotStrippable,
    ];
    for refusal in refusals {
        assert!(!refusal.reason().is_ascii(), "{refusal}");
    }
}

/// A sample with a few bytes changed, and perhaps cut off.
fn damaged_sample() -> impl Strategy<Value = Vec<u8>> {
    let change = (any::<prop::sample::Index>(), any::<u8>());
    let changes = proptest::collection::vec(change, 0..12);
    (
        0..SAMPLES.len(),
        changes,
        any::<prop::sample::Index>(),
        any::<bool>(),
    )
        .prop_map(|(place, changes, end, is_cut)| {
            let mut bytes = SAMPLES[place].1.to_vec();
            for (at, byte) in changes {
                // Headers are where it matters: half of the changes fall near the beginning.
                let span = if byte & 1 == 0 {
                    bytes.len()
                } else {
                    bytes.len().min(400)
                };
                bytes[at.index(span)] = byte;
            }
            if is_cut {
                bytes.truncate(end.index(bytes.len()));
            }
            bytes
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn no_damage_makes_it_panic(bytes in damaged_sample()) {
        let _ = identify(&bytes);
        for media in MediaType::ALL {
            let outcome = strip_location(&bytes, *media);
            if let (Ok(stripped), true) = (outcome, Scan::covers(*media)) {
                prop_assert_eq!(stripped.bytes.len(), bytes.len());
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(
        start in 0..SAMPLES.len(),
        kept in 0..64_usize,
        noise in proptest::collection::vec(any::<u8>(), 0..300),
    ) {
        let mut bytes = SAMPLES[start].1[..kept.min(SAMPLES[start].1.len())].to_vec();
        bytes.extend_from_slice(&noise);
        let _ = identify(&bytes);
        for media in MediaType::ALL {
            let _ = strip_location(&bytes, *media);
        }
    }
}
