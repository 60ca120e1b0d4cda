//! Roots and paths, by the vectors of RFC 6962 and by their properties.

use proptest::prelude::*;

use super::*;
use crate::ids::hex;
use crate::ticket::TicketKey;

fn leaves(count: u8) -> Vec<Hash> {
    (0..count).map(|which| [which; 32]).collect()
}

/// R-DP-5: the roots that RFC 6962 gives for its eight test inputs, from the reference
/// implementation's test vectors (Certificate Transparency, `merkletree`).
#[test]
fn roots_are_those_of_rfc_6962() {
    // No byte; then 0, 16, 32 and 33, 48 and 49, and so on.
    let inputs: [Vec<u8>; 8] = [
        vec![],
        vec![0],
        vec![16],
        (32..34).collect(),
        (48..50).collect(),
        (64..68).collect(),
        (80..88).collect(),
        (96..112).collect(),
    ];
    let leaf = |input: &Vec<u8>| -> Hash {
        let mut hash = Sha256::new();
        hash.update([0]);
        hash.update(input);
        hash.finalize().into()
    };
    let leaves: Vec<_> = inputs.iter().map(leaf).collect();
    let roots = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    for (count, expected) in roots.iter().enumerate() {
        assert_eq!(hex(&root(&leaves[..count])), *expected, "{count} leaves");
    }
}

proptest! {
    #[test]
    fn r_dp_5_a_path_leads_from_its_leaf_to_the_root_and_from_no_other(
        count in 1_u8..70, at in 0_u8..70, other in 0_u8..70,
    ) {
        let (leaves, at) = (leaves(count), usize::from(at % count));
        let (count, other) = (leaves.len(), usize::from(other % count));
        let path = path(&leaves, at).unwrap();
        prop_assert_eq!(root_by_path(leaves[at], at, count, &path), Some(root(&leaves)));
        if other != at {
            prop_assert_ne!(root_by_path(leaves[other], at, count, &path), Some(root(&leaves)));
            prop_assert_ne!(root_by_path(leaves[at], other, count, &path), Some(root(&leaves)));
        }
        prop_assert_eq!(root_by_path(leaves[at], count, count, &path), None);
        let longer = [path.as_slice(), &[[0; 32]]].concat();
        prop_assert_ne!(root_by_path(leaves[at], at, count, &longer), Some(root(&leaves)));
    }
}

#[test]
fn r_dp_5_a_leaf_names_ticket_version_and_head() {
    let at = "2026-11-24T01:00:00Z".parse().unwrap();
    let leaf = |key: u8, version, head| Leaf {
        number: TicketNumber::new(&TicketKey::from_digest(&[key; 32]), at),
        version,
        head: ChainHead([head; 32]),
    };
    let first = leaf(1, 1, 1).hash();
    assert_eq!(first, leaf(1, 1, 1).hash());
    for other in [leaf(2, 1, 1), leaf(1, 2, 1), leaf(1, 1, 2)] {
        assert_ne!(other.hash(), first);
    }
    assert_eq!(path(&[], 0), None);
    assert_eq!(path(&[first], 1), None);
}
