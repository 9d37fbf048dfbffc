#!/usr/bin/env python3
"""Validates experiment files against `ferbench schema` with an independent validator.

Usage: validate_schema.py SCHEMA.json FILE.yaml...
Needs: jsonschema==4.26.0 PyYAML==6.0.3 (requirements-test.txt)

Before the files it checks the schema itself (draft 2020-12) and that known
faults do not pass. Prints one line a fault; exit code 1 if there is any.
"""
import json
import re
import sys

import jsonschema
import yaml


class Yaml12(yaml.SafeLoader):
    """PyYAML reads YAML 1.1 (5e-5 is text, `no` is false); ferbench and editors
    read the core schema of YAML 1.2."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in [
    ("bool", r"true|false", "tf"),
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("int", r"[-+]?[0-9]+", "-+0123456789"),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?",
     "-+.0123456789"),
]:
    Yaml12.add_implicit_resolver(
        f"tag:yaml.org,2002:{tag}", re.compile(rf"^(?:{pattern})$"), list(first))

MUST_FAIL = [
    "train: {epochz: 3}",
    "trian: {}",
    "train: {epochs: three}",
    "train: {epochs: 0}",
    "train: {epochs: null}",
    "train: {label_smoothing: 1}",
    "train: {device: gpu}",
    "report: {html: yes}",
    'optimizer: {learning_rate: "1e-3"}',
    "data: {classes: happy}",
    "data: {relabel: {a: [b]}}",
    "callbacks: {early_stopping: {patiens: 3}}",
    "callbacks: {ema: true}",
    "extends: {a: b}",
    "[train]",
]
MUST_PASS = [
    "{}",
    "extends: a.yaml",
    "extends: [a.yaml, b.yaml]",
    "train: {epochs: 3, l2: 5e-5}",
    "callbacks: {early_stopping: null, ema: {}}",
]


def main(schema_path, paths):
    schema = json.load(open(schema_path, encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    faults = []
    for text in MUST_FAIL:
        if validator.is_valid(yaml.load(text, Yaml12)):
            faults.append(f"schema accepts {text!r}")
    for text in MUST_PASS:
        if not validator.is_valid(yaml.load(text, Yaml12)):
            faults.append(f"schema refuses {text!r}")
    for path in paths:
        with open(path, encoding="utf-8") as file:
            value = yaml.load(file, Yaml12)
        for error in validator.iter_errors(value):
            faults.append(f"{path}: {error.json_path}: {error.message}")
    print("\n".join(faults) or f"{len(paths)} files are valid")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
