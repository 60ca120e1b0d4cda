"""Rules for the expanded template: what is deployed, not what was meant."""

import hashlib
import json
import re
import unittest

import sources

EXPANDED = sources.expanded()["Resources"]
WRITTEN = sources.written()
FUNCTIONS = sources.of_type(WRITTEN["Resources"], "AWS::Serverless::Function")
QUEUES = sources.of_type(EXPANDED, "AWS::SQS::Queue")
ALARMS = sources.of_type(EXPANDED, "AWS::CloudWatch::Alarm")

# Where a resource may end in a wildcard: keys of objects, and streams of the one table.
PARTS = re.compile(r"\$\{\w+\.Arn\}/(quarantine|clean|tickets|letters|reports|seals|erasures|retention|draws|indexes|stream)/\*|\$\{LakeBucket\.Arn\}/(events|curated|catalogue|state|erased)/\*")


def crate(logical_id):
    return FUNCTIONS[logical_id]["Metadata"]["BuildProperties"]["Binary"]


def environment(logical_id):
    return FUNCTIONS[logical_id]["Properties"]["Environment"]["Variables"]


def role_of(logical_id):
    name, attribute = EXPANDED[logical_id]["Properties"]["Role"]["Fn::GetAtt"]
    assert attribute == "Arn"
    return name


def as_list(value):
    return value if isinstance(value, list) else [value]


def statements(role):
    for policy in EXPANDED[role]["Properties"].get("Policies", []):
        yield from as_list(policy["PolicyDocument"]["Statement"])


def may(logical_id, service):
    """What a function's role allows of a service, as {action}."""
    actions = (as_list(statement["Action"]) for statement in statements(role_of(logical_id)))
    return {action for some in actions for action in some if action.startswith(f"{service}:")}


def reaches(logical_id, resource):
    """Whether a function's role names a resource of the template."""
    return any(f'"{resource}"' in text or f"${{{resource}." in text for text in (json.dumps(s["Resource"]) for s in statements(role_of(logical_id))))


def alarms_of(dimension, value):
    for alarm in ALARMS.values():
        properties = alarm["Properties"]
        metrics = [properties] if "MetricName" in properties else [m["MetricStat"]["Metric"] for m in properties["Metrics"] if "MetricStat" in m]
        for metric in metrics:
            if {"Name": dimension, "Value": value} in metric["Dimensions"]:
                yield metric["MetricName"], properties


class Roles(unittest.TestCase):
    def test_no_role_names_everything(self):
        for name in sources.of_type(EXPANDED, "AWS::IAM::Role"):
            self.assertNotIn("ManagedPolicyArns", EXPANDED[name]["Properties"], name)
            for statement in statements(name):
                self.assertEqual(statement["Effect"], "Allow", name)
                for action in as_list(statement["Action"]):
                    self.assertRegex(action, r"^[a-z0-9]+:[A-Za-z]+$", name)
                for resource in as_list(statement["Resource"]):
                    self.assertIsInstance(resource, dict, f"{name}: {resource}")
                    wildcard = "*" in json.dumps(resource)
                    self.assertTrue(not wildcard or PARTS.fullmatch(resource.get("Fn::Sub", "")), f"{name}: {resource}")

    def test_there_are_no_policies_apart_from_the_roles(self):
        for kind in ("AWS::IAM::Policy", "AWS::IAM::RolePolicy"):
            self.assertEqual(sources.of_type(EXPANDED, kind), {})
        # One is for analysts, who are no function: whoever deploys gives it to their role.
        self.assertEqual(set(sources.of_type(EXPANDED, "AWS::IAM::ManagedPolicy")), {"LakeReaderPolicy"})

    def test_analysts_read_the_curated_zone_and_nothing_else(self):
        policy = EXPANDED["LakeReaderPolicy"]["Properties"]
        self.assertEqual([of for of in ("Roles", "Users", "Groups") if of in policy], [])
        may, written = set(), []
        for statement in policy["PolicyDocument"]["Statement"]:
            for action in as_list(statement["Action"]):
                may.add((action, json.dumps(statement["Resource"])))
                if action == "s3:PutObject":
                    written.append(statement["Resource"])
        read = {resource for action, resource in may if action == "s3:GetObject"}
        folder = lambda name: {"Fn::Sub": "${LakeBucket.Arn}/%s/*" % name}
        self.assertEqual(read, {json.dumps([folder("curated"), folder("catalogue")]), json.dumps(folder("results"))})
        self.assertEqual(written, [folder("results")])
        self.assertEqual({action.split(":")[0] for action, _ in may}, {"athena", "glue", "s3", "kms"})

    def test_one_role_for_each_function(self):
        roles = [role_of(name) for name in FUNCTIONS]
        self.assertEqual(len(roles), len(set(roles)))
        for name in FUNCTIONS:
            trust = EXPANDED[role_of(name)]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
            self.assertEqual([s["Principal"] for s in trust], [{"Service": "lambda.amazonaws.com"}])
            logs = [s["Resource"] for s in statements(role_of(name)) if "logs:PutLogEvents" in as_list(s["Action"])]
            self.assertEqual(logs, [{"Fn::GetAtt": [name.replace("Function", "LogGroup"), "Arn"]}])

    def test_the_vault_is_for_the_few_and_no_front_door_of_appellants_reads_it(self):
        writers = {"intake": "BatchWriteItem", "bulk-intake": "BatchWriteItem", "rate": "PutItem", "withdraw": "PutItem", "supplement-answer": "PutItem"}
        readers = {"notify": "GetItem", "reveal": "GetItem"}
        erasers = {"erasure", "retention"}
        for resource in ("VaultTable", "AppellantKeysTable", "VaultKey", "AppellantKeysKey"):
            reaching = {crate(name) for name in FUNCTIONS if reaches(name, resource)}
            self.assertEqual(reaching, set(writers | readers) | erasers)
        for resource in ("ErasuresTable", "ErasuresKey"):
            reaching = {crate(name) for name in FUNCTIONS if reaches(name, resource)}
            self.assertEqual(reaching, set(readers) | erasers)

        def on(name, table):
            arn = {"Fn::GetAtt": [table, "Arn"]}
            return [action for s in statements(role_of(name)) if s["Resource"] == arn for action in as_list(s["Action"])]

        for name in FUNCTIONS:
            # Who erases sees which tickets there are, has no key to open a record and takes keys away.
            if crate(name) in erasers:
                self.assertEqual([on(name, table) for table in ("VaultTable", "AppellantKeysTable", "ErasuresTable")], [["dynamodb:Query"], ["dynamodb:UpdateItem"], ["dynamodb:UpdateItem"]])
                self.assertFalse(reaches(name, "KeysSecret"))
                continue
            expected = (writers | readers).get(crate(name))
            self.assertEqual(on(name, "VaultTable"), [f"dynamodb:{expected}"] if expected else [], name)
            # Who seals a first record makes the key for it; nobody lists or replaces keys.
            first = ["dynamodb:UpdateItem"] if expected == "BatchWriteItem" else []
            self.assertEqual(on(name, "AppellantKeysTable"), ["dynamodb:GetItem", *first] if expected else [], name)
            self.assertEqual(on(name, "ErasuresTable"), ["dynamodb:GetItem"] if crate(name) in readers else [], name)

    def test_the_keys_are_for_those_who_are_told_where_they_are(self):
        reaching = {crate(name) for name in FUNCTIONS if reaches(name, "KeysSecret")}
        self.assertEqual(reaching, {"intake", "bulk-intake", "reconcile", "upload", "track", "check-record", "rate", "withdraw", "supplement-answer", "notify", "reveal"})
        self.assertEqual(reaching, {crate(name) for name in FUNCTIONS if "KEYS" in environment(name)})

    def test_nothing_can_delete_or_scan(self):
        for name in FUNCTIONS:
            for forbidden in ("dynamodb:DeleteItem", "dynamodb:Scan", "dynamodb:BatchGetItem", "s3:DeleteObject"):
                # Files of people whose personal data is erased go; nothing of a ticket does.
                if forbidden == "s3:DeleteObject" and crate(name) in ("erasure", "retention"):
                    files = {json.dumps(s["Resource"]) for s in statements(role_of(name)) if "s3:DeleteObject" in as_list(s["Action"])}
                    self.assertEqual(files, {json.dumps({"Fn::Sub": "${AttachmentsBucket.Arn}/%s/*" % folder}) for folder in ("quarantine", "clean")})
                    continue
                # What is made anew in the lake takes the place of what was.
                if forbidden == "s3:DeleteObject" and crate(name) == "lake-compact":
                    gone = [s["Resource"] for s in statements(role_of(name)) if "s3:DeleteObject" in as_list(s["Action"])]
                    self.assertEqual(gone, [[{"Fn::Sub": "${LakeBucket.Arn}/%s/*" % folder} for folder in ("events", "curated")]])
                    continue
                # Who holds the lake against the tickets counts them all; a change of the rules is for all of them.
                if forbidden == "dynamodb:Scan" and crate(name) in ("lake-check", "recompute"):
                    continue
                self.assertNotIn(forbidden, may(name, forbidden.split(":", 1)[0]), name)

    def test_what_a_function_is_told_of_its_role_reaches_and_the_other_way_round(self):
        told = {
            "TICKETS_TABLE": "TicketsTable",
            "VAULT_TABLE": "VaultTable",
            "APPELLANT_KEYS_TABLE": "AppellantKeysTable",
            "ERASURES_TABLE": "ErasuresTable",
            "ATTACHMENTS_BUCKET": "AttachmentsBucket",
            "ARCHIVE_BUCKET": "ArchiveBucket",
            "KNOWLEDGE_BUCKET": "KnowledgeBucket",
            "LAKE_BUCKET": "LakeBucket",
            "SUGGEST_QUEUE_URL": "SuggestQueue",
            "NOTIFY_QUEUE_URL": "NotifyQueue",
            "NOTIFY_DEAD_LETTER_QUEUE_URL": "NotifyDeadLetterQueue",
            "SEAL_QUEUE_URL": "SealQueue",
            "LAKE_QUEUE_URL": "LakeQueue",
            "LETTER_QUEUE_URL": "LetterQueue",
            "REPORT_QUEUE_URL": "ReportQueue",
            "RECOMPUTE_QUEUE_URL": "RecomputeQueue",
        }
        for name in FUNCTIONS:
            for variable, resource in told.items():
                if variable in environment(name):
                    self.assertTrue(reaches(name, resource), f"{name} cannot reach {resource}")
        for variable, resource in told.items():
            if variable.endswith("_QUEUE_URL"):
                # Two queues are emptied by the hour, by who is told of them; the others call their readers.
                using = {"sqs:SendMessage", "sqs:ReceiveMessage"} if resource in ("SealQueue", "LakeQueue") else {"sqs:SendMessage"}
                senders = {name for name in FUNCTIONS if any(using & set(as_list(s["Action"])) and f'"{resource}"' in json.dumps(s["Resource"]) for s in statements(role_of(name)))}
                self.assertEqual(senders, {name for name in FUNCTIONS if variable in environment(name)}, resource)

    def test_readers_cannot_write(self):
        for name in ("TicketFunction", "WorklistFunction"):
            self.assertLessEqual(may(name, "dynamodb"), {"dynamodb:GetItem", "dynamodb:Query"})

    def test_who_sets_letters_reaches_nothing_else(self):
        letters = [{"Fn::Sub": "${ArchiveBucket.Arn}/%s/*" % folder} for folder in ("letters", "reports")]
        self.assertEqual([s["Action"] for s in statements(role_of("LetterRenderFunction")) if s["Resource"] == letters], [["s3:PutObject", "s3:GetObject"]])
        self.assertEqual({service: may("LetterRenderFunction", service) for service in ("dynamodb", "secretsmanager")}, {"dynamodb": set(), "secretsmanager": set()})
        self.assertEqual(may("LetterRenderFunction", "s3"), {"s3:PutObject", "s3:GetObject"})

    def test_who_answers_of_the_lake_reaches_the_lake_and_no_ticket(self):
        for name in ("FiguresFunction", "ReportsFunction", "ReportBuildFunction"):
            self.assertEqual(may(name, "dynamodb"), set(), name)
        self.assertEqual(may("FiguresFunction", "s3"), {"s3:GetObject", "s3:ListBucket"})
        read = [s["Resource"] for s in statements(role_of("FiguresFunction")) if s["Action"] == "s3:GetObject"]
        self.assertEqual(read, [[{"Fn::Sub": "${LakeBucket.Arn}/%s/*" % folder} for folder in ("curated", "state")]])

    def test_the_registry_is_kept_apart_from_tickets(self):
        for statement in statements(role_of("RegistryFunction")):
            if statement["Resource"] == {"Fn::GetAtt": ["TicketsTable", "Arn"]}:
                self.assertEqual(statement["Condition"], {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["R", "O", "I", "P"]}})
        self.assertEqual(may("RegistryFunction", "dynamodb"), {"dynamodb:Query", "dynamodb:PutItem"})

    def test_who_changes_the_rules_reaches_no_ticket_and_who_moves_tickets_changes_no_rule(self):
        def keys(name, action):
            return [s.get("Condition", {}).get("ForAllValues:StringLike", {}).get("dynamodb:LeadingKeys")
                    for s in statements(role_of(name)) if action in as_list(s["Action"])]
        self.assertEqual([keys("RulesFunction", f"dynamodb:{action}") for action in ("GetItem", "Query", "PutItem")], [[["R", "RC"]]] * 3)
        self.assertEqual(may("RulesFunction", "dynamodb"), {"dynamodb:GetItem", "dynamodb:Query", "dynamodb:PutItem", "dynamodb:DescribeTable"})
        self.assertEqual(keys("RecomputeFunction", "dynamodb:PutItem"), [["RC"]])
        self.assertEqual(keys("RecomputeFunction", "dynamodb:UpdateItem"), [["T#*"]])

    def test_who_exports_writes_no_ticket(self):
        for statement in statements(role_of("ExportFunction")):
            if "dynamodb:PutItem" in as_list(statement["Action"]):
                self.assertEqual(statement["Condition"], {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["E"]}})

    def test_who_keeps_the_records_of_accountability_reaches_no_ticket_and_takes_none_away(self):
        self.assertEqual(may("AccountabilityFunction", "dynamodb"), {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"})
        keys = [statement["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                for statement in statements(role_of("AccountabilityFunction"))
                if any(action.startswith("dynamodb:") for action in as_list(statement["Action"]))]
        self.assertEqual(keys, [["R"], ["A"]])

    def test_who_keeps_the_knowledge_base_changes_no_ticket_and_who_searches_reaches_no_table(self):
        def writes(name):
            return [s["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
                    for s in statements(role_of(name)) if "dynamodb:PutItem" in as_list(s["Action"])]
        self.assertEqual([writes(name) for name in ("KnowledgeFunction", "KnowledgeAuditFunction", "KnowledgeIndexFunction")],
                         [[["K", "K#*"]], [["K"]], []])
        self.assertEqual(may("KnowledgeSearchFunction", "dynamodb"), set())
        self.assertEqual(may("KnowledgeSearchFunction", "s3"), {"s3:GetObject"})


class Functions(unittest.TestCase):
    def test_every_folder_is_a_function_and_every_function_a_folder(self):
        folders = {folder.name for folder in (sources.ROOT / "functions").iterdir() if folder.is_dir()}
        self.assertEqual(folders, {crate(name) for name in FUNCTIONS})
        for name, function in FUNCTIONS.items():
            self.assertEqual(function["Properties"]["CodeUri"], f"../functions/{crate(name)}")
            self.assertEqual(function["Metadata"]["BuildMethod"], "rust-cargolambda")
            self.assertEqual(name, "".join(map(str.capitalize, crate(name).split("-"))) + "Function")

    def test_every_function_is_bounded(self):
        for name in FUNCTIONS:
            properties = EXPANDED[name]["Properties"]
            self.assertEqual(properties["Runtime"], "provided.al2023")
            more = {"MediaInspectFunction": 512, "KnowledgeSearchFunction": 512, "KnowledgeIndexFunction": 1024, "LetterRenderFunction": 256, "LakeEventsFunction": 256, "LakeCompactFunction": 1769, "LakeCheckFunction": 1769, "FiguresFunction": 1769, "ReportBuildFunction": 1769, "RecomputeFunction": 1769}
            self.assertEqual(properties["MemorySize"], more.get(name, 128))
            self.assertIn("ReservedConcurrentExecutions", properties, name)
            self.assertLessEqual(properties["Timeout"], 900 if name in ("LakeCompactFunction", "LakeCheckFunction") else 300)

    def test_the_readme_says_what_is_reserved(self):
        classes = WRITTEN["Mappings"]["Capacity"]
        sums = dict.fromkeys(("town", "city"), 0)
        for function in FUNCTIONS.values():
            _, reserved, _ = function["Properties"]["ReservedConcurrentExecutions"]["Fn::If"]
            for size in sums:
                sums[size] += reserved if isinstance(reserved, int) else classes[size][reserved["Fn::FindInMap"][2]]
        readme = (sources.INFRA / "README.md").read_text(encoding="utf-8")
        self.assertIn(f"`Capacity=town` keeps {sums['town']} concurrent executions for this stack, `city` {sums['city']},", readme)

    def test_people_are_not_kept_waiting_longer_than_the_front_door_waits(self):
        for name, function in FUNCTIONS.items():
            if any(event["Type"] in ("Api", "HttpApi") for event in function["Properties"]["Events"].values()):
                self.assertLess(EXPANDED[name]["Properties"]["Timeout"], 29)

    def test_the_fonts_of_letters_are_a_layer(self):
        layer = WRITTEN["Resources"]["LetterFontsLayer"]["Properties"]
        self.assertEqual(layer["ContentUri"], "../shared/letters/fonts")
        folder = sources.ROOT / "shared/letters/fonts"
        sums = dict(reversed(line.split()) for line in (folder / "SHA256SUMS").read_text(encoding="ascii").splitlines())
        fonts = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.iterdir() if file.suffix in (".otf", ".ttf")}
        self.assertEqual(fonts, sums)
        # Each family's licence goes where the family goes.
        for name in fonts:
            family = "Fandol" if name.startswith("Fandol") else name.split("-")[0]
            self.assertTrue((folder / f"{family}-LICENSE.txt").is_file(), name)
        self.assertEqual([name for name, function in FUNCTIONS.items() if "Layers" in function["Properties"]], ["LetterRenderFunction"])
        # A layer's content is under /opt, where the function looks unless told otherwise.
        self.assertEqual(WRITTEN["Parameters"]["LetterFonts"]["Default"], "/opt")
        self.assertEqual(environment("LetterRenderFunction")["LETTER_FONTS"], {"Ref": "LetterFonts"})

    def test_every_function_has_its_log_kept_as_the_law_wants(self):
        for name in FUNCTIONS:
            group = EXPANDED[name.replace("Function", "LogGroup")]
            self.assertEqual(group["Properties"]["LogGroupName"], {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{crate(name)}"})
            self.assertEqual(EXPANDED[name]["Properties"]["FunctionName"], {"Fn::Sub": f"${{AWS::StackName}}-{crate(name)}"})
        for name, group in sources.of_type(EXPANDED, "AWS::Logs::LogGroup").items():
            self.assertGreaterEqual(group["Properties"]["RetentionInDays"], 180, name)
            self.assertEqual(group["Properties"]["KmsKeyId"], {"Fn::GetAtt": ["LogsKey", "Arn"]}, name)

    def test_the_environment_holds_no_secret_and_no_clock(self):
        known = {"STAGE", "TICKETS_TABLE", "VAULT_TABLE", "APPELLANT_KEYS_TABLE", "ERASURES_TABLE", "ATTACHMENTS_BUCKET", "ARCHIVE_BUCKET", "KNOWLEDGE_BUCKET", "LAKE_BUCKET", "LAKE_QUEUE_URL", "SUGGEST_QUEUE_URL", "NOTIFY_QUEUE_URL",
                 "NOTIFY_DEAD_LETTER_QUEUE_URL", "SEAL_QUEUE_URL", "LETTER_QUEUE_URL", "REPORT_QUEUE_URL", "RECOMPUTE_QUEUE_URL", "KEYS", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL", "APPELLANT_ISSUER", "APPELLANT_AUDIENCE", "APPELLANT_JWKS_URL", "NOTIFY_ENDPOINT", "LETTER_FONTS", "PAGE_CHANNELS"}
        for name in FUNCTIONS:
            variables = EXPANDED[name]["Properties"]["Environment"]["Variables"]
            self.assertLessEqual(set(variables), known, name)
            self.assertEqual(variables["STAGE"], {"Ref": "StageName"})

    def test_functions_read_no_other_settings_than_they_are_given(self):
        runtime = (sources.ROOT / "shared/runtime/src").rglob("*.rs")
        shared = {"TICKETS_TABLE", "OIDC_ISSUER", "OIDC_AUDIENCE", "OIDC_JWKS_URL"}
        self.assertTrue(any("TICKETS_TABLE" in source.read_text(encoding="utf-8") for source in runtime))
        for name in FUNCTIONS:
            folder = sources.ROOT / "functions" / crate(name)
            code = "".join(source.read_text(encoding="utf-8") for source in folder.rglob("*.rs"))
            for part in ("pages", "appellant", "entrance", "opening", "vault"):
                if f"runtime::{part}" in code or f"crate::{part}" in code:
                    code += (sources.ROOT / f"shared/runtime/src/{part}.rs").read_text(encoding="utf-8")
            read = set(re.findall(r'(?:setting|variable)\(\s*"([A-Z_]+)"', code))
            self.assertEqual(set(environment(name)) - shared, read, name)

    def test_keys_come_from_the_secret_unless_a_file_is_given(self):
        wanted = {"Fn::If": ["KeysAreGiven", {"Ref": "KeysSource"}, {"Fn::Sub": "secretsmanager:${KeysSecret}"}]}
        for name in FUNCTIONS:
            self.assertEqual(environment(name).get("KEYS", wanted), wanted)
        self.assertEqual(WRITTEN["Parameters"]["KeysSource"]["Default"], "")
        self.assertEqual(WRITTEN["Conditions"]["KeysAreGiven"], {"Fn::Not": [{"Fn::Equals": [{"Ref": "KeysSource"}, ""]}]})
        self.assertNotIn("SecretString", EXPANDED["KeysSecret"]["Properties"])


class Queues(unittest.TestCase):
    aside = {body["Properties"]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] for body in QUEUES.values() if "RedrivePolicy" in body["Properties"]}
    last = aside | {"RelayFailureQueue"}

    def test_every_queue_has_a_dead_letter_queue(self):
        for name, queue in QUEUES.items():
            if name not in self.last:
                self.assertEqual(queue["Properties"]["RedrivePolicy"]["maxReceiveCount"], 5, name)
                self.assertIn(name.replace("Queue", "DeadLetterQueue"), self.aside)

    def test_every_queue_is_watched_encrypted_and_patient(self):
        for name, queue in QUEUES.items():
            self.assertIn("KmsMasterKeyId", queue["Properties"], name)
            self.assertEqual(queue["Properties"]["MessageRetentionPeriod"], 14 * 24 * 3600, name)
            watched = dict(alarms_of("QueueName", {"Fn::GetAtt": [name, "QueueName"]}))
            if name in self.last:
                alarm = watched["ApproximateNumberOfMessagesVisible"]
                self.assertEqual((alarm["Threshold"], alarm["ComparisonOperator"]), (1, "GreaterThanOrEqualToThreshold"))
            else:
                self.assertIn("ApproximateAgeOfOldestMessage", watched, name)

    def test_sources_report_which_records_failed(self):
        mappings = sources.of_type(EXPANDED, "AWS::Lambda::EventSourceMapping")
        self.assertEqual(len(mappings), 7)
        for name, mapping in mappings.items():
            properties = mapping["Properties"]
            self.assertEqual(properties["FunctionResponseTypes"], ["ReportBatchItemFailures"], name)
            source = properties["EventSourceArn"]["Fn::GetAtt"][0]
            function = properties["FunctionName"]["Ref"]
            if source in QUEUES:
                timeout = EXPANDED[function]["Properties"]["Timeout"]
                self.assertGreaterEqual(QUEUES[source]["Properties"]["VisibilityTimeout"], 6 * timeout, source)
                self.assertIn("sqs:ReceiveMessage", may(function, "sqs"))
            else:
                self.assertEqual(source, "TicketsTable")
                self.assertTrue(properties["BisectBatchOnFunctionError"])
                self.assertEqual(properties["DestinationConfig"]["OnFailure"]["Destination"], {"Fn::GetAtt": ["RelayFailureQueue", "Arn"]})
                self.assertLess(properties["MaximumRecordAgeInSeconds"], 24 * 3600)
                pattern = json.loads(properties["FilterCriteria"]["Filters"][0]["Pattern"])
                self.assertEqual(pattern, {"dynamodb": {"Keys": {"sk": {"S": ["A"]}}}})
                pattern = json.loads(properties["FilterCriteria"]["Filters"][1]["Pattern"])
                self.assertEqual(pattern, {"dynamodb": {"Keys": {"pk": {"S": ["V", "K", "G"]}}}})


class Alarms(unittest.TestCase):
    def test_every_function_has_an_alarm_for_failures(self):
        for name in FUNCTIONS:
            watched = [metric for metric, _ in alarms_of("FunctionName", {"Ref": name})]
            self.assertIn("Errors", watched, name)
            self.assertIn("Throttles", watched, name)

    def test_a_clock_that_stands_still_is_noticed(self):
        for schedule in sources.of_type(EXPANDED, "AWS::Scheduler::Schedule").values():
            function = schedule["Properties"]["Target"]["Arn"]["Fn::GetAtt"][0]
            alarm = dict(alarms_of("FunctionName", {"Ref": function}))["Invocations"]
            self.assertEqual((alarm["TreatMissingData"], alarm["ComparisonOperator"]), ("breaching", "LessThanThreshold"))

    def test_stream_and_front_doors_are_watched(self):
        self.assertIn("IteratorAge", dict(alarms_of("FunctionName", {"Ref": "RelayFunction"})))
        self.assertIn("5xx", dict(alarms_of("ApiId", {"Ref": "ConsoleApi"})))
        self.assertEqual(EXPANDED["PublicApi"]["Properties"]["Name"], {"Fn::Sub": "${AWS::StackName}-public"})
        self.assertIn("5XXError", dict(alarms_of("ApiName", {"Fn::Sub": "${AWS::StackName}-public"})))

    def test_every_alarm_is_sent_and_explained(self):
        readme = (sources.INFRA / "README.md").read_text(encoding="utf-8")
        for name, alarm in ALARMS.items():
            self.assertEqual(alarm["Properties"]["AlarmActions"], {"Fn::If": ["AlarmsAreSent", [{"Ref": "AlarmTopic"}], {"Ref": "AWS::NoValue"}]}, name)
            page = re.search(r"\(infra/README\.md, ([a-z-]+)\)$", alarm["Properties"]["AlarmDescription"])
            self.assertIsNotNone(page, name)
            self.assertIn(f"### {page[1]}\n", readme)


class Stores(unittest.TestCase):
    def test_tables_survive_everything(self):
        tables = sources.of_type(EXPANDED, "AWS::DynamoDB::Table")
        self.assertEqual(set(tables), {"TicketsTable", "VaultTable", "AppellantKeysTable", "ErasuresTable"})
        for name, table in tables.items():
            self.assertEqual((table["DeletionPolicy"], table["UpdateReplacePolicy"]), ("Retain", "Retain"))
            properties = table["Properties"]
            self.assertTrue(properties["DeletionProtectionEnabled"])
            self.assertTrue(properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"])
            self.assertEqual(properties["BillingMode"], "PAY_PER_REQUEST")
            key = name.replace("Table", "Key")
            self.assertEqual(properties["SSESpecification"]["KMSMasterKeyId"], {"Fn::GetAtt": [key, "Arn"]})

    def test_two_sparse_indexes_only(self):
        indexes = {index["IndexName"]: index["Projection"] for index in EXPANDED["TicketsTable"]["Properties"]["GlobalSecondaryIndexes"]}
        self.assertEqual(set(indexes), {"worklist", "timer"})
        self.assertEqual(indexes["timer"], {"ProjectionType": "KEYS_ONLY"})
        self.assertEqual(indexes["worklist"]["NonKeyAttributes"], ["n", "s", "ta", "ve", "kd", "sj"])

    def test_buckets_are_closed_encrypted_and_kept(self):
        for name, bucket in sources.of_type(EXPANDED, "AWS::S3::Bucket").items():
            self.assertEqual((bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]), ("Retain", "Retain"))
            properties = bucket["Properties"]
            self.assertEqual(set(properties["PublicAccessBlockConfiguration"].values()), {True})
            # What is erased in the lake is to be gone, and it can be made again from the tickets.
            if name == "LakeBucket":
                self.assertNotIn("VersioningConfiguration", properties)
            else:
                self.assertEqual(properties["VersioningConfiguration"], {"Status": "Enabled"})
            rule = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
            policy = EXPANDED[f"{name}Policy"]["Properties"]["PolicyDocument"]["Statement"]
            # The pages are for everybody; nothing but the distribution of this account reads them here.
            if name == "PagesBucket":
                policy, (reads,) = policy[:1], policy[1:]
                self.assertEqual((reads["Action"], reads["Principal"]), ("s3:GetObject", {"Service": "cloudfront.amazonaws.com"}))
                self.assertEqual(reads["Condition"], {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}})
            else:
                self.assertEqual(rule["SSEAlgorithm"], "aws:kms")
            self.assertEqual([(s["Effect"], s["Condition"]) for s in policy], [("Deny", {"Bool": {"aws:SecureTransport": False}})])

    def test_uploads_are_inspected(self):
        notifications = EXPANDED["AttachmentsBucket"]["Properties"]["NotificationConfiguration"]["QueueConfigurations"]
        self.assertEqual([(n["Queue"], n["Filter"]["S3Key"]["Rules"]) for n in notifications],
                         [({"Fn::GetAtt": ["MediaQueue", "Arn"]}, [{"Name": "prefix", "Value": "quarantine/"}])])

    def test_pages_that_are_named_may_post_uploads_and_nothing_else(self):
        for name, bucket in sources.of_type(EXPANDED, "AWS::S3::Bucket").items():
            cors = bucket["Properties"].get("CorsConfiguration")
            if name != "AttachmentsBucket":
                self.assertIsNone(cors, name)
                continue
            condition, given, otherwise = cors["Fn::If"]
            self.assertEqual((condition, otherwise), ("BrowsersUpload", {"Ref": "AWS::NoValue"}))
            (rule,) = given["CorsRules"]
            self.assertEqual(rule["AllowedMethods"], ["POST"])
            self.assertEqual(rule["AllowedOrigins"], {"Ref": "UploadOrigins"})
            # A form of several parts names no other header; the fields are in the body.
            self.assertEqual(rule["AllowedHeaders"], ["content-type"])
        self.assertEqual(WRITTEN["Parameters"]["UploadOrigins"]["Default"], "")
        nobody = {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "UploadOrigins"}]}, ""]}]}
        self.assertEqual(WRITTEN["Conditions"]["BrowsersUpload"], nobody)

    def test_keys_turn_and_stay(self):
        for name, key in sources.of_type(EXPANDED, "AWS::KMS::Key").items():
            self.assertTrue(key["Properties"]["EnableKeyRotation"], name)
            self.assertEqual(key["DeletionPolicy"], "Retain")
            for statement in key["Properties"]["KeyPolicy"]["Statement"]:
                self.assertNotEqual(statement["Principal"], "*")
                if "Service" in statement["Principal"]:
                    self.assertIn("Condition", statement, name)


class FrontDoors(unittest.TestCase):
    def test_the_public_door_is_regional_and_behind_the_firewall(self):
        self.assertEqual(EXPANDED["PublicApi"]["Properties"]["EndpointConfiguration"], {"Types": ["REGIONAL"]})
        association = EXPANDED["PublicFirewallAssociation"]["Properties"]
        self.assertIn("PublicApi", json.dumps(association["ResourceArn"]))
        rules = EXPANDED["PublicFirewall"]["Properties"]["Rules"]
        self.assertTrue(all("RateBasedStatement" in rule["Statement"] for rule in rules))

    def test_every_console_route_demands_a_token(self):
        paths = EXPANDED["ConsoleApi"]["Properties"]["Body"]["paths"]
        routes = [(path, method, body) for path, item in paths.items() for method, body in item.items()]
        written = [e for f in FUNCTIONS.values() for e in f["Properties"]["Events"].values() if e["Type"] == "HttpApi"]
        self.assertEqual(len(routes), len(written))
        self.assertGreater(len(routes), 9)
        for path, method, body in routes:
            self.assertEqual(body["security"], [{"OfficerToken": []}], f"{method} {path}")
            self.assertEqual(body["x-amazon-apigateway-integration"]["payloadFormatVersion"], "2.0")

    def test_both_doors_are_throttled(self):
        public = next(body for body in sources.of_type(EXPANDED, "AWS::ApiGateway::Stage").values())
        self.assertIn("ThrottlingRateLimit", public["Properties"]["MethodSettings"][0])
        console = next(body for body in sources.of_type(EXPANDED, "AWS::ApiGatewayV2::Stage").values())
        self.assertIn("ThrottlingRateLimit", console["Properties"]["DefaultRouteSettings"])

    def test_the_gateways_own_answers_are_problems(self):
        problem = {"type", "title", "status", "code", "traceId"}
        for name, answer in WRITTEN["Resources"]["PublicApi"]["Properties"]["GatewayResponses"].items():
            body = json.loads(answer["ResponseTemplates"]["application/json"])
            self.assertLessEqual(problem, set(body), name)
            self.assertEqual(str(body["status"]), answer["StatusCode"], name)
            self.assertEqual(answer["ResponseParameters"]["Headers"]["Content-Type"], "'application/problem+json'")


class Partitions(unittest.TestCase):
    def test_neither_partition_nor_host_suffix_is_written_out(self):
        # The expansion is for cn-north-1, so the other partition would be one that was written out.
        for text, arn in ((sources.template_text(), r"arn:aws[\w-]*"), (json.dumps(EXPANDED), r"arn:aws:")):
            self.assertEqual(re.findall(arn, text), [])
            # Principals of services are the same in all partitions.
            hosts = set(re.findall(r"[\w.${}:]*amazonaws\.com[\w.]*", text))
            allowed = {"cloudfront.amazonaws.com", "lambda.amazonaws.com", "s3.amazonaws.com", "scheduler.amazonaws.com", "apigateway.amazonaws.com"}
            self.assertLessEqual(hosts, allowed)

    def test_what_the_china_regions_lack_is_not_used(self):
        kinds = {body["Type"] for body in EXPANDED.values()}
        self.assertFalse({"AWS::Lambda::Url", "AWS::Cognito::UserPool", "AWS::CloudFront::Distribution"} & kinds)
        self.assertNotIn("Tracing", json.dumps(sources.written()["Globals"]))

    def test_the_samples_name_parameters_that_exist(self):
        for sample in (sources.INFRA / "parameters").glob("*.json"):
            given = json.loads(sample.read_text(encoding="utf-8"))
            self.assertLessEqual(set(given), set(WRITTEN["Parameters"]), sample.name)
            needed = {name for name, parameter in WRITTEN["Parameters"].items() if "Default" not in parameter}
            self.assertLessEqual(needed, set(given), sample.name)


if __name__ == "__main__":
    unittest.main()
