//! Loopback listeners that end when the laptop cloud stops.

use std::{net::Ipv4Addr, pin::pin, time::Duration};

use anyhow::Context;
use hyper::{
    Request,
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
};

/// How long a request may still take once everything stops.
const LAST_REQUESTS: Duration = Duration::from_secs(2);

/// Listens on a loopback port.
pub(crate) async fn listen(port: u16) -> anyhow::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .with_context(|| format!("cannot listen on 127.0.0.1:{port}; is it in use?"))
}

/// Returns when everything stops.
pub(crate) async fn stopped(mut stop: watch::Receiver<bool>) {
    // An error means that whoever could say so is gone.
    drop(stop.wait_for(|stop| *stop).await);
}

/// Serves HTTP/1.1 until everything stops.
pub(crate) async fn serve<F, A, B>(listener: TcpListener, stop: watch::Receiver<bool>, handler: F)
where
    F: Fn(Request<Incoming>) -> A + Clone + Send + 'static,
    A: Future<Output = anyhow::Result<http::Response<B>>> + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let mut connections = JoinSet::new();
    let mut end = pin!(stopped(stop.clone()));
    loop {
        tokio::select! {
            () = &mut end => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, stop.clone(), handler.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
    }
    while connections.join_next().await.is_some() {}
}

async fn connection<F, A, B>(stream: TcpStream, stop: watch::Receiver<bool>, handler: F)
where
    F: Fn(Request<Incoming>) -> A + Send,
    A: Future<Output = anyhow::Result<http::Response<B>>> + Send,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "cannot set TCP_NODELAY");
    }
    let service = service_fn(move |request| {
        let answer = handler(request);
        async {
            answer
                .await
                .map_err(|error| std::io::Error::other(format!("{error:#}")))
        }
    });
    let mut serving = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), service)
    );
    let served = tokio::select! {
        served = serving.as_mut() => served,
        () = stopped(stop) => {
            serving.as_mut().graceful_shutdown();
            match tokio::time::timeout(LAST_REQUESTS, serving).await {
                Ok(served) => served,
                Err(_) => return,
            }
        }
    };
    if let Err(error) = served {
        tracing::debug!(%error, "a connection broke");
    }
}
