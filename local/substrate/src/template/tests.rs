//! The intrinsics and the SAM forms the project's template uses.

use super::*;

const TEMPLATE: &str = r#"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: { Type: String, Default: laptop }
  KeysSource: { Type: String, Default: "" }
  Required: { Type: String }
Conditions:
  OwnKeys: !Not [!Equals [!Ref KeysSource, ""]]
  Production: !Equals [!Ref Stage, production]
  Both: !And [!Condition OwnKeys, !Not [!Condition Production]]
Globals:
  Function:
    Timeout: 10
    MemorySize: 256
    Environment:
      Variables:
        STAGE: !Ref Stage
        KEYS: !If [OwnKeys, !Ref KeysSource, !Sub "secretsmanager:${Keys}"]
Resources:
  Keys: { Type: AWS::SecretsManager::Secret }
  TicketsTable:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    Properties:
      TableName: !Sub "${AWS::StackName}-tickets"
      AttributeDefinitions: [{ AttributeName: pk, AttributeType: S }, { AttributeName: tp, AttributeType: S }]
      KeySchema: [{ AttributeName: pk, KeyType: HASH }]
      SSESpecification: { KMSMasterKeyId: !ImportValue elsewhere }
      StreamSpecification: { StreamViewType: NEW_AND_OLD_IMAGES }
      TimeToLiveSpecification: { AttributeName: ttl, Enabled: true }
      GlobalSecondaryIndexes:
        - IndexName: timer
          KeySchema: [{ AttributeName: tp, KeyType: HASH }]
          Projection: { ProjectionType: KEYS_ONLY }
          ContributorInsightsSpecification: { Enabled: true }
  NotifyQueue:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60
      RedrivePolicy: { deadLetterTargetArn: !GetAtt NotifyDeadLetterQueue.Arn, maxReceiveCount: 5 }
  NotifyDeadLetterQueue: { Type: AWS::SQS::Queue }
  OnlyInProduction: { Type: AWS::SQS::Queue, Condition: Production }
  AttachmentsBucket:
    Type: AWS::S3::Bucket
    Properties:
      CorsConfiguration: { CorsRules: [{ AllowedOrigins: ["*"], AllowedMethods: [POST] }] }
      NotificationConfiguration:
        QueueConfigurations:
          - Event: s3:ObjectCreated:*
            Queue: !GetAtt NotifyQueue.Arn
            Filter: { S3Key: { Rules: [{ Name: prefix, Value: quarantine/ }] } }
  PublicApi: { Type: AWS::Serverless::Api, Properties: { StageName: !Ref Stage, Auth: !If [Production, x, !Ref AWS::NoValue] } }
  MediaInspectFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: ..
      Timeout: 60
      Environment:
        Variables:
          TABLE: !Ref TicketsTable
          QUEUE_URL: !Ref NotifyQueue
          LIST: !Join [",", [!Select [1, [a, b]], !Ref AWS::Partition]]
      Events:
        Post: { Type: Api, Properties: { RestApiId: !Ref PublicApi, Path: "/appeals/{number}", Method: post } }
        Queue: { Type: SQS, Properties: { Queue: !GetAtt NotifyQueue.Arn, BatchSize: 5, FunctionResponseTypes: [ReportBatchItemFailures] } }
        Changes:
          Type: DynamoDB
          Properties:
            Stream: !GetAtt TicketsTable.StreamArn
            StartingPosition: TRIM_HORIZON
            BisectBatchOnFunctionError: true
            MaximumRetryAttempts: 3
            FilterCriteria: { Filters: [{ Pattern: '{"dynamodb":{"Keys":{"sk":{"S":["A"]}}}}' }] }
            DestinationConfig: { OnFailure: { Destination: !GetAtt NotifyDeadLetterQueue.Arn } }
        Sweep: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 minute) } }
        Off: { Type: ScheduleV2, Properties: { ScheduleExpression: rate(1 hour), State: DISABLED } }
"#;

fn endpoints() -> Endpoints {
    crate::Ports {
        dynamodb: 1,
        s3: 2,
        sqs: 3,
    }
    .into()
}

fn parse(text: &str, parameters: &[(&str, &str)]) -> anyhow::Result<Template> {
    let parameters = parameters
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Template::parse(text, &parameters, &endpoints())
}

#[test]
fn functions_take_globals_intrinsics_and_parameters() {
    let template = parse(TEMPLATE, &[("KeysSource", "file:/keys")]).unwrap();
    let function = &template.functions()[0];
    assert_eq!(function.crate_name, "media-inspect");
    assert_eq!((function.memory_mb, function.timeout.as_secs()), (256, 60));
    let expected = [
        ("STAGE", "laptop"),
        ("KEYS", "file:/keys"),
        ("TABLE", "laptop-tickets"),
        ("QUEUE_URL", "http://127.0.0.1:3/000000000000/NotifyQueue"),
        ("LIST", "b,aws-cn"),
    ];
    for (name, value) in expected {
        assert_eq!(
            function.environment.get(name).map(String::as_str),
            Some(value),
            "{name}"
        );
    }
    let cloud = parse(TEMPLATE, &[]).unwrap();
    assert!(cloud.functions()[0].environment["KEYS"].starts_with("secretsmanager:arn:aws-cn:"));
}

#[test]
fn events_of_every_kind_are_read() {
    let template = parse(TEMPLATE, &[]).unwrap();
    let events = &template.functions()[0].events;
    assert_eq!(events.len(), 4, "a disabled schedule is left out");
    assert!(events.contains(&EventSpec::Api {
        api: "PublicApi".to_owned(),
        method: "POST".to_owned(),
        path: "/appeals/{number}".to_owned(),
    }));
    assert!(events.contains(&EventSpec::Sqs {
        queue: "NotifyQueue".to_owned(),
        batch_size: 5,
        partial: true,
        batching_window: Duration::ZERO,
    }));
    assert!(events.contains(&EventSpec::Stream {
        table: "laptop-tickets".to_owned(),
        batch_size: 100,
        filters: vec![serde_json::json!({"dynamodb": {"Keys": {"sk": {"S": ["A"]}}}})],
        on_failure: Some("NotifyDeadLetterQueue".to_owned()),
        bisect: true,
        max_retries: Some(3),
        partial: false,
        batching_window: Duration::ZERO,
    }));
    assert!(events.contains(&EventSpec::Schedule {
        name: "MediaInspectFunctionSweep".to_owned(),
        every: Duration::from_mins(1),
    }));
}

#[test]
fn stores_are_read() {
    let template = parse(TEMPLATE, &[]).unwrap();
    let table = &template.tables()[0];
    assert_eq!(table.name, "laptop-tickets");
    assert_eq!(table.ttl_attribute.as_deref(), Some("ttl"));
    assert_eq!(table.create["StreamSpecification"]["StreamEnabled"], true);
    assert!(
        table.create["GlobalSecondaryIndexes"][0]
            .get("ContributorInsightsSpecification")
            .is_none()
    );
    let mut queues: Vec<_> = template.queues().iter().collect();
    queues.sort_by_key(|queue| &queue.name);
    let names: Vec<_> = queues.iter().map(|queue| queue.name.as_str()).collect();
    assert_eq!(names, ["NotifyDeadLetterQueue", "NotifyQueue"]);
    let policy: Value = serde_json::from_str(&queues[1].attributes["RedrivePolicy"]).unwrap();
    assert_eq!(policy["maxReceiveCount"], 5);
    let bucket = &template.buckets()[0];
    assert_eq!(bucket.name, "attachments-bucket");
    assert_eq!(bucket.notifications[0].prefix, "quarantine/");
    assert_eq!(bucket.notifications[0].queue, "NotifyQueue");
    assert_eq!(
        template.property("PublicApi", "StageName").unwrap(),
        Some("laptop".into())
    );
    assert_eq!(template.property("PublicApi", "Auth").unwrap(), None);
}

#[test]
fn what_cannot_be_resolved_is_named() {
    let cases = [
        ("!ImportValue x", "Fn::ImportValue"),
        ("!Ref Nobody", "`Nobody`"),
        ("!Ref Required", "`Required`"),
        ("!GetAtt NotifyQueue.Colour", "`Colour`"),
        ("!If [Nothing, a, b]", "`Nothing`"),
        ("!Sub \"${NotifyQueue\"", "without"),
    ];
    for (value, named) in cases {
        let text = TEMPLATE.replace("!Ref TicketsTable", value);
        let error = format!("{:#}", parse(&text, &[]).unwrap_err());
        assert!(error.contains(named), "{value}: {error}");
        assert!(error.contains("MediaInspectFunction"), "{value}: {error}");
        assert!(error.contains("`Environment`"), "{value}: {error}");
    }
    assert!(parse(TEMPLATE, &[("Typo", "x")]).is_err());
    let apart = format!("{TEMPLATE}  Hidden: {{ Type: AWS::Lambda::EventSourceMapping }}\n");
    assert!(parse(&apart, &[]).is_err());
}
