//! Piecewise work on files, data tracks, and how little is read.

use proptest::prelude::*;

use super::*;
use crate::strip::strip_location;
use crate::tests::sample;

fn patches(bytes: &[u8], media: MediaType) -> Result<Patches, MediaRefusal> {
    location_patches(bytes.len() as u64, media, |offset, len| {
        let at = usize::try_from(offset).unwrap();
        Ok(bytes[at..at + len].to_vec())
    })
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = bytes
        .windows(from.len())
        .rposition(|window| window == from)
        .unwrap();
    let mut changed = bytes.to_vec();
    changed[at..at + to.len()].copy_from_slice(to);
    changed
}

#[test]
fn only_headers_and_the_index_are_read() {
    let bytes = sample("video-gps.mp4");
    let mut bytes_read = 0;
    let found = location_patches(bytes.len() as u64, MediaType::Mp4, |offset, len| {
        bytes_read += len;
        let at = usize::try_from(offset).unwrap();
        Ok::<_, MediaRefusal>(bytes[at..at + len].to_vec())
    })
    .unwrap();
    let index = bytes
        .windows(4)
        .position(|window| window == b"moov")
        .unwrap()
        - 4;
    assert!(bytes_read <= bytes.len() - index + 5 * 16, "{bytes_read}");
    assert!(
        found
            .list()
            .iter()
            .all(|patch| patch.offset > index as u64 || patch.offset < 100)
    );
}

#[test]
fn a_data_track_goes_with_its_samples() {
    // The sound is made to pose as positions: a track of another kind.
    for name in ["video-gps.mp4", "video-gps-faststart.mp4", "video-gps.mov"] {
        let bytes = replaced(sample(name), b"soun", b"meta");
        let stripped = strip_location(&bytes, MediaType::Mp4).unwrap();
        assert!(stripped.removed.contains(&taken::TRACK), "{name}");
        let before = strip_location(sample(name), MediaType::Mp4).unwrap().bytes;
        let wiped = before
            .iter()
            .zip(&stripped.bytes)
            .filter(|(old, new)| old != new)
            .count();
        // Two seconds of sound at 24 kbit/s, and the track's own tables.
        assert!((5_000..9_000).contains(&wiped), "{name}: {wiped}");
        let again = patches(&stripped.bytes, MediaType::Mp4).unwrap();
        assert!(!again.removed().contains(&taken::TRACK), "{name}");
    }
}

#[test]
fn a_data_track_that_cannot_be_wiped_is_refused() {
    let not_strippable = Err(MediaRefusal::NotStrippable);
    let fragmented = replaced(sample("video-gps-fragmented.mp4"), b"soun", b"meta");
    assert_eq!(patches(&fragmented, MediaType::Mp4), not_strippable);
    let no_table = replaced(
        &replaced(sample("video-gps.mp4"), b"soun", b"meta"),
        b"stsz",
        b"stz2",
    );
    assert_eq!(patches(&no_table, MediaType::Mp4), not_strippable);
}

#[test]
fn a_metadata_item_that_cannot_be_placed_is_refused() {
    let bytes = replaced(sample("photo-gps.heic"), b"iloc", b"iref");
    assert_eq!(
        patches(&bytes, MediaType::Heic),
        Err(MediaRefusal::Malformed)
    );
}

#[test]
fn boxes_that_nobody_knows_are_wiped() {
    let mut bytes = sample("video-gps.mp4").to_vec();
    bytes.extend_from_slice(b"\0\0\0\x18gps hidden-position!");
    bytes.extend_from_slice(b"\0\0\0\x01junk\0\0\0\0\0\0\0\x18position");
    bytes.extend_from_slice(b"\0\0\0\x10freeposition");
    bytes.extend_from_slice(b"tail");
    let stripped = strip_location(&bytes, MediaType::Mp4).unwrap();
    assert!(!crate::bytes::contains(&stripped.bytes, b"position"));
    assert!(stripped.bytes.ends_with(b"\0\0\0\0"));
    assert_eq!(stripped.removed, [taken::METADATA, taken::APPLICATION]);
}

#[test]
fn sixty_four_bit_lengths_are_kept() {
    let header = bmff::Header {
        kind: *b"uuid",
        head_len: 16,
        len: 40,
    };
    let mut found = Patches::default();
    header.blank(100, &mut found).unwrap();
    let mut file = [0xaa; 40];
    file[..8].copy_from_slice(b"\0\0\0\x01uuid");
    found.apply(100, &mut file);
    assert_eq!(&file[..16], b"\0\0\0\x01free\0\0\0\0\0\0\0\x28");
    assert_eq!(file[16..], [0; 24]);
}

#[test]
fn elements_become_void_of_their_length() {
    // An element nobody knows, with sizes of one byte and of eight.
    let short = |len: u8| vec![0xee, 0x80 | (len - 2)];
    let long = |len: u8| vec![0xee, 0x01, 0, 0, 0, 0, 0, 0, len - 9];
    let rows = [
        short(2),
        short(5),
        short(8),
        short(9),
        short(10),
        short(100),
        long(9),
        long(200),
    ];
    for bytes in rows {
        let element = webm::Element::parse(&bytes, 1_000).unwrap();
        assert!(element.goes() && !element.is_void());
        let void = element.void(0);
        assert_eq!(void.len_bytes, element.step());
        let parsed = webm::Element::parse(&void.head, 1_000).unwrap();
        assert!(
            parsed.is_void() && parsed.step() == element.step(),
            "{bytes:?}"
        );
    }
}

#[test]
fn a_scan_refuses_what_it_did_not_ask_for() {
    let mut scan = Scan::new(1000, MediaType::Mp4);
    assert_eq!(scan.step(), Step::Read { offset: 0, len: 16 });
    assert_eq!(scan.supply(&[0; 15]), Err(MediaRefusal::Malformed));
    assert_eq!(scan.finish(), Err(MediaRefusal::Malformed));
    let nothing = Scan::new(1000, MediaType::Pdf);
    assert_eq!(nothing.step(), Step::Done);
    assert_eq!(nothing.finish(), Ok(Patches::default()));
}

#[test]
fn an_index_too_large_is_refused_unread() {
    let mut scan = Scan::new(1 << 32, MediaType::Mp4);
    let header = b"\x04\0\0\0moov\0\0\0\0\0\0\0\0";
    assert_eq!(scan.supply(header), Err(MediaRefusal::NotStrippable));
}

proptest! {
    #[test]
    fn piece_by_piece_gives_the_same_file(
        name in prop::sample::select(vec![
            "video-gps.mp4", "video-gps-faststart.mp4", "video-gps.webm", "photo-gps.heic",
        ]),
        piece_len in 1..5_000_usize,
    ) {
        let bytes = sample(name);
        let media = crate::sniff(bytes).unwrap();
        let found = patches(bytes, media).unwrap();
        let whole = strip_location(bytes, media).unwrap().bytes;
        let mut joined = bytes.to_vec();
        for (place, piece) in joined.chunks_mut(piece_len).enumerate() {
            let offset = (place * piece_len) as u64;
            let before = piece.to_vec();
            found.apply(offset, piece);
            if !found.touch(offset, before.len() as u64) {
                prop_assert_eq!(piece, &before[..]);
            }
        }
        prop_assert!(joined == whole);
    }
}
