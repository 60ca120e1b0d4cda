"""The contract: its routes are the template's, its examples fit, its words are the domain's."""

import re
import unittest

from openapi_schema_validator import OAS30Validator, oas30_format_checker

import sources

CONTRACT = sources.contract()
COMPONENTS = CONTRACT["components"]
PORTS = {"PublicApi": "3000", "ConsoleApi": "3001"}


def resolved(value):
    while "$ref" in value:
        value = COMPONENTS[value["$ref"].split("/")[2]][value["$ref"].split("/")[3]]
    return value


def examples(content):
    if "example" in content:
        yield "example", content["example"]
    for name, example in content.get("examples", {}).items():
        yield name, example["value"]


def check(schema, value):
    """What is wrong with a value, as sentences."""
    validator = OAS30Validator({**schema, "components": COMPONENTS}, format_checker=oas30_format_checker)
    return [f"{'/'.join(map(str, error.path))}: {error.message}" for error in validator.iter_errors(value)]


def contents():
    """(where, content) of every request and answer."""
    for method, path, operation, _ in sources.operations():
        where = f"{method} {path}"
        if "requestBody" in operation:
            for kind, content in operation["requestBody"]["content"].items():
                yield f"{where} request {kind}", content
        for status, answer in operation["responses"].items():
            for kind, content in resolved(answer)["content"].items():
                yield f"{where} {status} {kind}", content


class Routes(unittest.TestCase):
    def test_the_routes_are_the_templates(self):
        contract = set()
        for method, path, _, item in sources.operations():
            url = item.get("servers", CONTRACT["servers"])[0]["url"]
            door = next(door for door, port in PORTS.items() if url.endswith(f":{port}"))
            contract.add((door, method, path))
        template = set()
        functions = sources.of_type(sources.written()["Resources"], "AWS::Serverless::Function")
        for function in functions.values():
            for event in function["Properties"]["Events"].values():
                if event["Type"] in ("Api", "HttpApi"):
                    properties = event["Properties"]
                    api = properties.get("RestApiId") or properties.get("ApiId")
                    template.add((api["Ref"], properties["Method"].lower(), properties["Path"]))
        self.assertEqual(contract, template)

    def test_path_parameters_are_described(self):
        for method, path, operation, item in sources.operations():
            described = [resolved(p) for p in item.get("parameters", []) + operation.get("parameters", [])]
            named = {p["name"] for p in described if p["in"] == "path"}
            self.assertEqual(named, set(re.findall(r"\{(\w+)\}", path)), f"{method} {path}")

    def test_every_route_says_who_may_call_it(self):
        known = set(COMPONENTS["securitySchemes"])
        for method, path, operation, item in sources.operations():
            schemes = {scheme for way in operation["security"] for scheme in way}
            if operation["operationId"] == "searchKnowledge":
                # What is shown is for everybody.
                self.assertEqual(operation["security"], [{}])
                continue
            self.assertTrue(schemes and schemes <= known)
            self.assertEqual("officerToken" in schemes, "servers" in item, f"{method} {path}")
            refused = "404" if schemes == {"queryCode"} else "401"
            self.assertIn(refused, operation["responses"])

    def test_every_route_says_how_it_fails(self):
        seen = set()
        for method, path, operation, _ in sources.operations():
            self.assertNotIn(operation["operationId"], seen)
            seen.add(operation["operationId"])
            self.assertLessEqual({"429", "500", "503", "504"}, set(operation["responses"]), f"{method} {path}")
            if "requestBody" in operation:
                self.assertIn("413", operation["responses"], f"{method} {path}")
            self.assertRegex(operation["summary"], r"[\u4e00-\u9fff]")


class Examples(unittest.TestCase):
    def test_every_content_has_an_example_that_fits(self):
        for where, content in contents():
            found = list(examples(content))
            self.assertTrue(found, f"{where} has no example")
            for name, value in found:
                self.assertEqual(check(content["schema"], value), [], f"{where}, {name}")

    def test_problems_have_the_status_under_which_they_stand(self):
        for _, path, operation, _ in sources.operations():
            for status, answer in operation["responses"].items():
                if int(status) < 400:
                    continue
                answer = resolved(answer)
                self.assertEqual(list(answer["content"]), ["application/problem+json"])
                for name, value in examples(answer["content"]["application/problem+json"]):
                    self.assertEqual(str(value["status"]), status, f"{path} {name}")
                    self.assertEqual(value["type"], f"/problems/{value['code']}")

    def test_a_wrong_body_does_not_fit(self):
        body = COMPONENTS["schemas"]["AppealBody"]
        good = {"kind": "help", "subject": "service_item", "text": "示例", "appellant": {"kind": "person", "name": "张例三"}, "replyBy": "in_app"}
        self.assertEqual(check(body, good), [])
        for change in ({"kind": "other"}, {"text": ""}, {"text": "长" * 5001}, {"area": "37"}, {"unknown": 1}, {"appellant": {"kind": "person"}}):
            self.assertNotEqual(check(body, {**good, **change}), [], change)

    def test_ticket_numbers_in_examples_have_their_check_character(self):
        alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
        text = (sources.INFRA / "openapi.yaml").read_text(encoding="utf-8")
        numbers = set(re.findall(r"\bTA\d{6}[0-9A-Z]{9}\b", text))
        self.assertTrue(numbers)
        for number in numbers:
            total = 0
            for place, symbol in enumerate(reversed(number[:-1])):
                value = alphabet.index(symbol) * (2 if place % 2 == 0 else 1)
                total += value // 32 + value % 32
            self.assertEqual(number[-1], alphabet[-total % 32], number)


class Words(unittest.TestCase):
    def enum(self, *path):
        value = COMPONENTS["schemas"]
        for step in path:
            value = value[step]
        return [word for word in value["enum"] if word is not None]

    def test_codes_are_the_domains(self):
        pairs = [
            (("Kind",), "Kind"),
            (("Subject",), "Subject"),
            (("AppellantKind",), "AppellantKind"),
            (("ReplyBy",), "ReplyWay"),
            (("Ground",), "Ground"),
            (("Action",), "Action"),
            (("ClockCode",), "Clock"),
            (("Gap",), "Gap"),
            (("NotReady", "properties", "kind"), "UnitKind"),
            (("Task",), "Task"),
            (("ExplainBody", "properties", "ground"), "LockGround"),
            (("JointBody", "properties", "cause"), "JointCause"),
            (("ReturnBody", "properties", "reason"), "ReturnReason"),
            (("DeliveryBody", "properties", "way"), "ContactWay"),
            (("ContactBody", "properties", "way"), "ContactWay"),
            (("ContactBody", "properties", "outcome"), "ContactOutcome"),
            (("CloseBody", "properties", "outcome"), "Outcome"),
            (("EntryKind",), "EntryKind"),
            (("NoticeCause",), "NoticeCause"),
            (("StaleCode",), "Stale"),
        ]
        for path, name in pairs:
            self.assertEqual(set(self.enum(*path)), set(sources.vocabulary(name)), name)

    def test_states_are_those_a_ticket_can_be_in(self):
        states = sources.vocabulary("State")
        del states["new"]
        self.assertEqual(self.enum("State"), list(states))
        self.assertEqual(self.enum("StateName"), list(states.values()))


if __name__ == "__main__":
    unittest.main()
