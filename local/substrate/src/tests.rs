//! The whole substrate from a template, spoken to over HTTP as the functions do.

use std::{collections::BTreeMap, net::TcpListener};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
};

use super::*;

const TEMPLATE: &str = r"
Resources:
  Tickets:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
      TimeToLiveSpecification: { AttributeName: ttl, Enabled: true }
  Work: { Type: AWS::SQS::Queue }
  Attachments: { Type: AWS::S3::Bucket }
  RelayFunction:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Queue: { Type: SQS, Properties: { Queue: !GetAtt Work.Arn } }
        Changes: { Type: DynamoDB, Properties: { Stream: !GetAtt Tickets.StreamArn, StartingPosition: TRIM_HORIZON } }
        Tick: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 hour) } }
";

/// Tells the test which source called.
struct Teller(mpsc::UnboundedSender<String>);

#[async_trait]
impl Invoke for Teller {
    async fn invoke(&self, function: &str, payload: Bytes) -> anyhow::Result<Outcome> {
        assert_eq!(function, "RelayFunction");
        let event: Value = serde_json::from_slice(&payload)?;
        let source = event
            .pointer("/Records/0/eventSource")
            .or_else(|| event.get("source"));
        self.0.send(source.unwrap().as_str().unwrap().to_owned())?;
        Ok(Outcome::Ok(Bytes::from_static(b"null")))
    }
}

fn free_ports() -> Ports {
    let held = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let [dynamodb, s3, sqs] = held.map(|listener| listener.local_addr().unwrap().port());
    Ports { dynamodb, s3, sqs }
}

async fn call(port: u16, target: &str, body: Value) -> String {
    let body = body.to_string();
    let request = format!(
        "POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nX-Amz-Target: {target}\r\n\
         X-Amz-Date: 20260101T000000Z\r\nContent-Type: application/x-amz-json-1.0\r\n\
         Authorization: AWS4-HMAC-SHA256 Credential=a/20260101/{REGION}/x/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature=0\r\nContent-Length: {}\r\n\r\n{body}",
        body.len(),
    );
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{target}: {answer}");
    answer
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_comes_to_life_twice() {
    let state = tempfile::tempdir().unwrap();
    let ports = free_ports();
    let endpoints = Endpoints::from(ports);
    let template = Template::parse(TEMPLATE, &BTreeMap::new(), &endpoints).unwrap();
    for life in 0..2 {
        let clock = Clock::open(state.path()).unwrap();
        let substrate = Substrate::start(&template, state.path(), ports, clock.clone())
            .await
            .unwrap();
        let second = Substrate::start(&template, state.path(), ports, clock).await;
        assert!(second.unwrap_err().to_string().contains("in use"));
        let (teller, mut told) = mpsc::unbounded_channel();
        substrate.spawn_sources(&template, Arc::new(Teller(teller)));
        let url = format!("{}/{ACCOUNT_ID}/Work", endpoints.sqs);
        let hello = json!({ "QueueUrl": url, "MessageBody": "hello" });
        let sent = call(ports.sqs, "AmazonSQS.SendMessage", hello).await;
        assert!(sent.contains("MessageId"), "{sent}");
        let put = json!({ "TableName": "Tickets", "Item": { "pk": { "S": life.to_string() } } });
        call(ports.dynamodb, "DynamoDB_20120810.PutItem", put).await;
        let mut sources = vec![told.recv().await.unwrap(), told.recv().await.unwrap()];
        sources.push(told.recv().await.unwrap());
        sources.sort();
        assert_eq!(sources, ["aws.scheduler", "aws:dynamodb", "aws:sqs"]);
        substrate.shutdown().await;
    }
    let index = "      GlobalSecondaryIndexes: [{ IndexName: timer, KeySchema: [{ AttributeName: pk, KeyType: HASH }], Projection: { ProjectionType: KEYS_ONLY } }]\n";
    let grown = TEMPLATE.replace("      StreamSpec", &format!("{index}      StreamSpec"));
    let template = Template::parse(&grown, &BTreeMap::new(), &endpoints).unwrap();
    let clock = Clock::open(state.path()).unwrap();
    let substrate = Substrate::start(&template, state.path(), ports, clock)
        .await
        .unwrap();
    for index in [Value::Null, "timer".into()] {
        let mut scan = json!({ "TableName": "Tickets" });
        if index.is_string() {
            scan["IndexName"] = index;
        }
        let items = call(ports.dynamodb, "DynamoDB_20120810.Scan", scan).await;
        assert!(items.contains("\"Count\":2"), "{items}");
    }
    let attributes = json!({
        "QueueUrl": format!("{}/{ACCOUNT_ID}/Work", endpoints.sqs),
        "AttributeNames": ["All"],
    });
    let attributes = call(ports.sqs, "AmazonSQS.GetQueueAttributes", attributes).await;
    assert!(
        attributes.contains("arn:aws-cn:sqs:cn-north-1:000000000000:Work"),
        "{attributes}"
    );
    substrate.shutdown().await;
}
