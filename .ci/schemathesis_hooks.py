"""Helps Schemathesis to real answers: records that its calls can find, and at the end how many operations answered 2xx."""

import atexit
import collections
import itertools
import os
import re
import time
from uuid import uuid4

import requests
import schemathesis

# Every request comes from an address of its own: requests without a valid key are limited by address, and a fast machine sends more of
# them in a minute than one address may. The server trusts this header from loopback.
send = requests.adapters.HTTPAdapter.send
addresses = itertools.count()


def send_from_own_address(adapter, request, *args, **options):
    number = next(addresses) % 2**16
    request.headers["X-Forwarded-For"] = f"198.18.{number // 256}.{number % 256}"
    return send(adapter, request, *args, **options)


requests.adapters.HTTPAdapter.send = send_from_own_address

url = os.environ["OUTRIDER_URL"]
session = requests.Session()
session.headers["Authorization"] = f"Bearer {os.environ['OUTRIDER_KEY']}"


def call(method, path, body=None):
    answer = session.request(method, url + path, json=body, timeout=30)
    answer.raise_for_status()
    return answer.json()["data"]


def contact(name):
    body = {"lawful_basis": "consent", "contacts": [{"email": f"{name}@records.example"}]}
    return call("POST", "/v1/contacts", body)[0]["id"]


company = call("POST", "/v1/companies", {"name": "Records"})["id"]
person, deleted, erased = contact("person"), contact("deleted"), contact("erased")
session.delete(f"{url}/v1/contacts/{deleted}", timeout=30).raise_for_status()
project = call("POST", "/v1/projects", {"name": "Records"})["id"]
call("POST", f"/v1/projects/{project}/contacts", {"contact_ids": [person]})
activity = call("POST", "/v1/activities", {"activity_type": "note", "contact_id": person, "occurred_at": "2026-01-05T09:00:00Z"})["id"]
endpoint = call("POST", "/v1/webhooks", {"target_url": "https://receiver.example/hook", "events": ["*"]})["id"]
event = call("POST", "/v1/events", {"event": "order.paid", "data": {}})["id"]
delivery = call("GET", f"/v1/webhooks/{endpoint}/deliveries")[0]["id"]
replay = call("POST", "/v1/replays", {"endpoint_id": endpoint, "since": "2026-01-05T09:00:00Z"})["id"]
erasure = call("POST", f"/v1/contacts/{erased}/erase", {})["id"]
mailbox = call("POST", "/v1/mailboxes", {"email": "sender@records.example", "provider": "capture"})["id"]
message = call("POST", "/v1/messages", {"mailbox_id": mailbox, "to": "reader@records.example", "subject": "Records", "text": "Hello"})["id"]
for _ in range(60):
    captured = [each["id"] for each in call("GET", f"/v1/captured-messages?mailbox_id={mailbox}")]
    if captured:
        break
    time.sleep(0.5)

# The document's examples name records that only exist here under other ids.
examples = {
    "0199c9f1-7b20-7d02-8f11-3c5a7e90b410": person,
    "0199c9f1-7b20-7d02-8f11-3c5a7e90b411": company,
    "0199c9f1-7b20-7d02-8f11-3c5a7e90b412": project,
    "0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00": endpoint,
    "0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30": mailbox,
}
# Which record a path is about. Every other call keeps the id that Schemathesis made up or found in an answer.
records = {
    "/v1/contacts/{id}/restore": deleted,
    "/v1/contacts/{id}": person,
    "/v1/projects/{id}": project,
    "/v1/activities/{id}": activity,
    "/v1/webhooks/{id}": endpoint,
    "/v1/events/{id}": event,
    "/v1/deliveries/{id}": delivery,
    "/v1/replays/{id}": replay,
    "/v1/erasures/{id}": erasure,
    "/v1/mailboxes/{id}": mailbox,
    "/v1/messages/{id}": message,
    "/v1/captured-messages/{id}": captured[0],
}
# Schemathesis finds these ids in lists. They stay: the key of the run, whose end would turn all later answers into 401, above all.
kept = {*records.values(), company, erased, call("GET", "/v1/me")["key"]["id"]}
uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
turns = collections.defaultdict(itertools.count)
statuses = collections.defaultdict(set)


def with_records(value):
    if isinstance(value, dict):
        return {name: with_records(each) for name, each in value.items()}
    if isinstance(value, list):
        return [with_records(each) for each in value]
    return examples.get(value, value) if isinstance(value, str) else value


@schemathesis.hook
def before_call(context, case, kwargs):
    body = with_records(case.body)
    if body != case.body:  # Schemathesis judges a body again that is assigned.
        case.body = body
    # Schemathesis finds no text for the pattern of ETags, and sends 0 as a valid one.
    if (case.headers or {}).get("If-Match") == "0" and case.meta.generation.mode.is_positive:
        case.headers["If-Match"] = "*"
    given = (case.path_parameters or {}).get("id")
    removes = case.method == "DELETE" or case.path.endswith("/erase")
    if removes:
        if given in kept and not case.path.startswith("/v1/projects/{id}/"):
            case.path_parameters["id"] = str(uuid4())
    else:
        record = next((own for path, own in records.items() if case.path.startswith(path)), None)
        if record is not None and isinstance(given, str) and uuid.fullmatch(given) and next(turns[case.operation.label]) % 2 == 0:
            case.path_parameters["id"] = record
    # A pull waits so long for a delivery.
    if case.path.endswith("/pull") and isinstance(case.body, dict) and case.body.get("wait_seconds") in range(1, 31):
        case.body["wait_seconds"] = 0


@schemathesis.hook
def after_call(context, case, response):
    statuses[case.operation.label].add(response.status_code // 100)


@atexit.register
def report():
    without = sorted(label for label, seen in statuses.items() if 2 not in seen)
    print(f"{len(statuses) - len(without)} of {len(statuses)} operations answered 2xx; not: {', '.join(without) or 'none'}")
