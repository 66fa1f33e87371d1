"""Reads cases from stdin and writes each snippet's verdict to stdout. Argument: the folder of the snippets."""
import base64
import importlib
import json
import sys

sys.path.insert(0, sys.argv[1])
sys.dont_write_bytecode = True

verdicts = []
for case in json.load(sys.stdin):
    verify = getattr(importlib.import_module(case["dialect"]), f'verify_{case["dialect"]}')
    verdicts.append(verify(case["secret"], case["headers"], base64.b64decode(case["body"])))
json.dump(verdicts, sys.stdout)
