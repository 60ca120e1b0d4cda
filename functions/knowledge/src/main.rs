//! 知识库: entries are drafted by one and shown by another; what is wrong is noticed and put right
//! (Art. 6(4), 7(3), 8(6), 17(4)).

use runtime::http::{About, serve_http};
use runtime::{Error, Setup};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let setup = Setup::from_env("knowledge")?;
    let officers = runtime::officers::Officers::from_setup(&setup)?;
    let store = setup.warm_store().await?;
    serve_http(
        setup.function,
        &[About::KnowledgeEntry, About::KnowledgeList, About::Ticket],
        |request| knowledge::handle(&store, &officers, request),
    )
    .await
}
