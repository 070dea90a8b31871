"""Fills in what Jinja2 makes of the cases in jinja2.json, set up as Hugging Face sets it up for chat templates.

Run in this folder, with jinja2 3.1 installed: python3 jinja2.py
"""

import json
import sys

sys.path = [place for place in sys.path if place not in ("", sys.path[0])]

import jinja2.ext  # noqa: E402
from jinja2 import nodes  # noqa: E402
from jinja2.sandbox import ImmutableSandboxedEnvironment  # noqa: E402


class Generation(jinja2.ext.Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return nodes.CallBlock(self.call_method("body"), [], [], body).set_lineno(line)

    def body(self, caller):
        return caller()


def refuse(message):
    raise jinja2.exceptions.TemplateError(message)


def to_json(value, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(
        value, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


environment = ImmutableSandboxedEnvironment(
    trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols])
environment.filters["tojson"] = to_json
environment.globals["raise_exception"] = refuse

with open("jinja2.json", encoding="utf-8") as file:
    golden = json.load(file)
for case in golden["cases"]:
    case.pop("expected", None)
    case.pop("error", None)
    try:
        case["expected"] = environment.from_string(case["template"]).render(**golden["context"])
    except Exception as error:
        case["error"] = f"{type(error).__name__}: {error}"
with open("jinja2.json", "w", encoding="utf-8") as file:
    json.dump(golden, file, ensure_ascii=False, indent=1)
    file.write("\n")
