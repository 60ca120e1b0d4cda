"""The template as written and as SAM expands it, the contract, and words of the Rust sources."""

import functools
import json
import os
import re
from pathlib import Path

import yaml

# The translator asks for a region; nothing is called.
os.environ.setdefault("AWS_DEFAULT_REGION", "cn-north-1")

from samtranslator.translator.transform import transform  # noqa: E402

INFRA = Path(__file__).resolve().parents[1]
ROOT = INFRA.parent

# What a deployment must say; everything else has a default.
PARAMETERS = {
    "OidcIssuer": "https://sign-in.example.invalid",
    "OidcAudience": "suqiu",
    "OidcJwksUrl": "https://sign-in.example.invalid/jwks",
    "NotifyEndpoint": "https://messages.example.invalid",
}


class _TemplateLoader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags spelt out."""


def _spell_out(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_TemplateLoader.add_multi_constructor("!", _spell_out)


def template_text():
    return (INFRA / "template.yaml").read_text(encoding="utf-8")


def written():
    """The template as written."""
    return yaml.load(template_text(), _TemplateLoader)


@functools.cache
def _expanded_json():
    class NoManagedPolicies:
        @staticmethod
        def load():
            return {}

    document = written()
    # The translator wants code and layers that are uploaded already.
    for kind, place in (("Function", "CodeUri"), ("LayerVersion", "ContentUri")):
        for resource in of_type(document["Resources"], f"AWS::Serverless::{kind}").values():
            resource["Properties"][place] = "s3://not-uploaded/code.zip"
    return json.dumps(transform(document, dict(PARAMETERS), NoManagedPolicies()))


def expanded():
    """The template as CloudFormation gets it."""
    return json.loads(_expanded_json())


def of_type(resources, kind):
    return {name: body for name, body in resources.items() if body["Type"] == kind}


def contract():
    """`openapi.yaml`. Instants stay text."""
    loader = type("ContractLoader", (yaml.SafeLoader,), {})
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load((INFRA / "openapi.yaml").read_text(encoding="utf-8"), loader)


def operations():
    """(method, path, operation, path item) of every operation of the contract."""
    for path, item in contract()["paths"].items():
        for method in ("get", "put", "post", "delete", "patch"):
            if method in item:
                yield method, path, item[method], item


def vocabulary(name):
    """Codes and Chinese words of a `vocabulary!` of the domain crate, as {code: word}."""
    sources = (ROOT / "shared/domain/src").rglob("*.rs")
    for source in sources:
        found = re.search(rf"vocabulary! \{{[^{{}}]*?\b{name} \{{(.*?)\n?\s*\}}\s*\}}", source.read_text(encoding="utf-8"), re.S)
        if found:
            return dict(re.findall(r'\w+ = "([^"]+)"\s+"([^"]+)"', found[1]))
    raise LookupError(f"no vocabulary `{name}`")
