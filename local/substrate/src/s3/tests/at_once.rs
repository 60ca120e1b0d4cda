//! What S3 promises to those who come at once: an object is whole, and a condition is kept.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Extensions, HeaderMap, Method, Uri};
use s3s::{
    S3, S3ErrorCode, S3Request,
    dto::{DeleteObjectInput, ETag, ETagCondition, GetObjectInput, PutObjectInput, StreamingBlob},
};
use s3s_fs::FileSystem;
use sha2::{Digest, Sha256};

use super::{Bench, bench};
use crate::s3::store::Store;

const BUCKET: &str = "attachments";
const KEY: &str = "lake/state.json";

fn asked<T>(input: T) -> S3Request<T> {
    S3Request {
        input,
        method: Method::PUT,
        uri: Uri::default(),
        headers: HeaderMap::new(),
        extensions: Extensions::new(),
        credentials: None,
        region: None,
        service: None,
        trailing_headers: None,
    }
}

fn store(bench: &Bench) -> Arc<Store> {
    let folder = bench.folder.path().join("s3");
    let files = FileSystem::new(&folder).unwrap();
    let (sqs, clock) = (bench.sqs.clone(), bench.clock.clone());
    Arc::new(Store::new(files, folder, BTreeMap::new(), sqs, clock))
}

fn bytes(of: usize) -> Vec<u8> {
    format!("written {of} times; ").repeat(of + 1).into_bytes()
}

fn put(body: Vec<u8>) -> PutObjectInput {
    let checksum = STANDARD.encode(Sha256::digest(&body));
    PutObjectInput {
        body: Some(StreamingBlob::from(s3s::Body::from(body))),
        bucket: BUCKET.to_owned(),
        checksum_sha256: Some(checksum),
        key: KEY.to_owned(),
        ..PutObjectInput::default()
    }
}

/// Reads the object: its bytes, and their checksum as S3 has it.
async fn read(store: &Store) -> (Vec<u8>, Option<String>, Option<ETag>) {
    let input = GetObjectInput {
        bucket: BUCKET.to_owned(),
        key: KEY.to_owned(),
        ..GetObjectInput::default()
    };
    let output = store.get_object(asked(input)).await.unwrap().output;
    let mut body = s3s::Body::from(output.body.unwrap());
    let bytes = body.store_all_limited(1 << 20).await.unwrap();
    (bytes.to_vec(), output.checksum_sha256, output.e_tag)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_object_that_is_written_while_it_is_read_is_whole() {
    let bench = bench().await;
    let store = store(&bench);
    store.put_object(asked(put(bytes(0)))).await.unwrap();
    let writer = tokio::spawn({
        let store = store.clone();
        async move {
            for of in 0..300 {
                store.put_object(asked(put(bytes(of % 50)))).await.unwrap();
            }
        }
    });
    let mut reads = 0;
    while !writer.is_finished() {
        let (bytes, checksum, _) = read(&store).await;
        assert_eq!(checksum, Some(STANDARD.encode(Sha256::digest(&bytes))));
        reads += 1;
    }
    writer.await.unwrap();
    assert!(reads > 30, "only {reads} reads beside 300 writes");
}

/// How many of eight who write at once under this condition succeed; the others are told why not.
async fn succeed(store: &Arc<Store>, condition: impl Fn(&mut PutObjectInput)) -> usize {
    let writers: Vec<_> = (0..8)
        .map(|of| {
            let mut input = put(bytes(of));
            condition(&mut input);
            let store = store.clone();
            tokio::spawn(async move { store.put_object(asked(input)).await })
        })
        .collect();
    let mut succeeded = 0;
    for writer in writers {
        match writer.await.unwrap() {
            Ok(_) => succeeded += 1,
            Err(error) => assert_eq!(*error.code(), S3ErrorCode::PreconditionFailed),
        }
    }
    succeeded
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_those_who_write_under_one_condition_one_succeeds() {
    let bench = bench().await;
    let store = store(&bench);
    for _ in 0..20 {
        let new = |input: &mut PutObjectInput| input.if_none_match = Some(ETagCondition::Any);
        assert_eq!(succeed(&store, new).await, 1);
        let tag = read(&store).await.2.unwrap();
        let same = |input: &mut PutObjectInput| {
            // Other bytes than those that are there: the same would keep the tag.
            *input = put(b"another".to_vec());
            input.if_match = Some(ETagCondition::ETag(tag.clone()));
        };
        assert_eq!(succeed(&store, same).await, 1);
        let input = DeleteObjectInput {
            bucket: BUCKET.to_owned(),
            key: KEY.to_owned(),
            ..DeleteObjectInput::default()
        };
        store.delete_object(asked(input)).await.unwrap();
    }
}
