"""Makes every call that the published FoxReach SDK or its command line has for leads, webhooks, campaigns, sequences, templates, email
accounts, the inbox and analytics. Usage: foxreach-sdk.py RESOURCE…. Reads FOXREACH_BASE_URL, FOXREACH_API_KEY and ACCOUNT_EMAIL (a mailbox
that exists). written-to@records.example has answered one message ("Sounds interesting…"), and was called. Prints one JSON line for each
resource: {"name", "error"}.

SDK 0.1.0 has fewer calls; those that it lacks are left out.
"""

import asyncio
import contextlib
import io
import json
import os
import re
import sys
import traceback

import foxreach
from foxreach import types
from foxreach_cli import main as command_line

url, key, account_email = (os.environ[name] for name in ("FOXREACH_BASE_URL", "FOXREACH_API_KEY", "ACCOUNT_EMAIL"))
never = "0199c9f05f4e7c1e9a330a6f2f9f1c22"


def fails(status, call, *args, **options):
    """Asserts that a call is refused. Returns the error."""
    try:
        result = call(*args, **options)
    except foxreach.FoxReachError as error:
        assert error.status_code == status, f"{error.status_code} {error}, not {status}"
        return str(error)
    raise AssertionError(f"answered {result}, not {status}")


def same(got, **wanted):
    for name, value in wanted.items():
        assert getattr(got, name) == value, f"{name} is {getattr(got, name)!r}, not {value!r}"


def typed(got, kind, *names):
    for name in names:
        value = getattr(got, name)
        assert isinstance(value, kind) and not (kind is int and isinstance(value, bool)), f"{name} is {value!r}"


def begins(value, prefix):
    assert isinstance(value, str) and value.startswith(prefix), f"{value!r} does not begin with {prefix}"


client = foxreach.FoxReach(api_key=key, base_url=url)


def leads():
    lead = client.leads.create(types.LeadCreate(email="sdk@records.example", first_name="Ada", company="Lovelace", custom_fields={"employee_count": "50"}, tags=["a"], notes="n"))
    begins(lead.id, "cld_")
    same(lead, email="sdk@records.example", first_name="Ada", company="Lovelace", custom_fields={"employee_count": "50"}, tags=["a"], notes="n", status="active")
    fails(409, client.leads.create, types.LeadCreate(email="sdk@records.example"))
    fails(422, client.leads.create, types.LeadCreate(email="sdk2@records.example", custom_fields={"a": [1]}))
    same(client.leads.get(lead.id), email="sdk@records.example")
    same(client.leads.update(lead.id, types.LeadUpdate(title="Countess")), title="Countess", first_name="Ada")
    same(client.leads.update(lead.id, types.LeadUpdate()), title="Countess")
    client.leads.create(types.LeadCreate(email="sdk3@records.example"))
    page = client.leads.list(page_size=1)
    assert (page.meta.page, page.meta.page_size) == (1, 1) and page.meta.total >= 2, page.meta
    assert {"sdk@records.example", "sdk3@records.example"} <= {each.email for each in page.auto_paging_iter()}
    assert [each.id for each in client.leads.list(search="sdk@records", status="active", tags="a")] == [lead.id]
    if hasattr(client.leads, "activity"):
        assert client.leads.activity(lead.id) == {"activities": [], "campaigns": []}
        timeline(written_to().id)
    client.leads.delete(lead.id)
    fails(404, client.leads.delete, lead.id)
    fails(404, client.leads.get, f"cld_{never}")


def written_to():
    return next(iter(client.leads.list(search="written-to@records.example")))


def timeline(lead):
    found = client.leads.activity(lead)
    types_found = sorted(each["type"] for each in found["activities"])
    assert types_found == ["call", "email_sent", "reply_received"], types_found
    prefixes = {"call": "act_", "email_sent": "eml_", "reply_received": "rpl_"}
    for each in found["activities"]:
        begins(each["id"], prefixes[each["type"]])
        assert each["category"] == ("interested" if each["type"] == "reply_received" else None), each
        for name in ("subject", "body_preview", "timestamp"):
            assert isinstance(each[name], str), each
        assert {"status", "campaign_name", "sequence_step", "email_type", "opened_at", "clicked_at", "category"} <= set(each), each
    assert found["campaigns"] == [], found


def webhooks():
    if not hasattr(client, "webhooks"):
        return
    assert len(client.webhooks.list_events()) == 11
    made = client.webhooks.create(types.WebhookCreate(url="https://receiver.example/hook", events=["email.sent"]))
    begins(made.id, "cwh_")
    assert re.fullmatch("[0-9a-f]{64}", made.secret), "the secret"
    same(client.webhooks.update(made.id, types.WebhookUpdate(events=["reply.received"], is_active=False)), events=["reply.received"], is_active=False)
    listed = [each for each in client.webhooks.list() if each.id == made.id]
    assert len(listed) == 1 and listed[0].secret is None, listed
    fails(422, client.webhooks.create, types.WebhookCreate(url="https://receiver.example/hook", events=["no.such"]))
    client.webhooks.delete(made.id)
    fails(404, client.webhooks.delete, made.id)


def email_accounts():
    account = next(each for each in client.email_accounts.list() if each.email == account_email)
    begins(account.id, "acc_")
    typed(account, int, "daily_limit", "sent_today")
    typed(account, bool, "is_active", "warmup_enabled")
    assert client.email_accounts.get(account.id) == account
    fails(404, client.email_accounts.get, f"acc_{never}")
    fails(404, client.email_accounts.delete, f"acc_{never}")
    spare = next(each for each in client.email_accounts.list() if each.email.startswith("spare"))
    client.email_accounts.delete(spare.id)
    fails(404, client.email_accounts.get, spare.id)


def templates():
    made = client.templates.create(types.TemplateCreate(name="Hello", body="Hi {{firstName}}", subject="Hello {{company}}"))
    begins(made.id, "tpl_")
    same(made, name="Hello", body="Hi {{firstName}}", subject="Hello {{company}}", template_type="email", send_as_html=False)
    typed(made, str, "created_at", "updated_at")
    assert client.templates.get(made.id) == made
    same(client.templates.update(made.id, types.TemplateUpdate(name="Bye", body="<p>Bye</p>", send_as_html=True)), name="Bye", body="<p>Bye</p>", send_as_html=True, subject="Hello {{company}}")
    assert made.id in [each.id for each in client.templates.list()]
    client.templates.delete(made.id)
    fails(404, client.templates.get, made.id)


def inbox():
    account = next(each for each in client.email_accounts.list() if each.email == "other@records.example")
    lead = written_to()
    (thread,) = client.inbox.list_threads()
    begins(thread.id, "rpl_")
    same(thread, from_email="written-to@records.example", to_email="other@records.example", subject="Re: Hello", category="interested", is_read=False, is_starred=False, campaign_id=None, lead_id=lead.id, account_id=account.id)
    typed(thread, str, "received_at")
    page = client.inbox.list_threads(page=1, page_size=1)
    assert (page.meta.page, page.meta.page_size, page.meta.total, page.meta.total_pages) == (1, 1, 1, 1), page.meta
    found = {"category": "interested", "is_read": False, "is_starred": False, "account_id": account.id, "search": "written-to"}
    assert [each.id for each in client.inbox.list_threads(**found).auto_paging_iter()] == [thread.id]
    for other in ({"category": "not_interested"}, {"category": "bounce"}, {"is_read": True}, {"is_starred": True}, {"account_id": f"acc_{never}"}, {"campaign_id": f"cmp_{never}"}, {"search": "nobody"}):
        assert list(client.inbox.list_threads(**other)) == [], other
    fails(422, client.inbox.list_threads, category="no such")
    got = client.inbox.get(thread.id)
    same(got, id=thread.id, subject="Re: Hello", lead_id=lead.id)
    assert "Sounds interesting" in got.body and "Sounds interesting" in got.body_plain, got
    fails(404, client.inbox.get, f"rpl_{never}")

    same(client.inbox.update(thread.id, types.ThreadUpdate(is_read=True, is_starred=True)), is_read=True, is_starred=True, category="interested")
    assert [each.id for each in client.inbox.list_threads(is_read=True, is_starred=True)] == [thread.id]
    for category in ("not_interested", "out_of_office", "uncategorized", "unknown", "interested"):
        same(client.inbox.update(thread.id, types.ThreadUpdate(category=category)), category=category, is_read=True)
        assert [each.id for each in client.inbox.list_threads(category=category)] == [thread.id]
    for wrong in ("bounce", "no such"):
        fails(422, client.inbox.update, thread.id, types.ThreadUpdate(category=wrong))
    fails(404, client.inbox.update, f"rpl_{never}", types.ThreadUpdate(is_read=True))
    if not hasattr(client.inbox, "stats"):
        return

    assert client.inbox.stats() == {"total": 1, "unread": 0, "interested": 1, "not_interested": 0, "out_of_office": 0, "uncategorized": 0, "unknown": 0, "total_sent": 0}
    answer = client.inbox.send_reply(thread.id, "Thursday at two?")
    assert answer["success"] is True and re.fullmatch("<[^<>]+>", answer["message_id"]), answer
    client.inbox.send_reply(thread.id, "<p>Or <b>Friday</b>?</p>", subject="Friday")
    assert "Reply body is required" in fails(400, client.inbox.send_reply, thread.id, " ")
    fails(404, client.inbox.send_reply, f"rpl_{never}", "Hi")
    conversation = client.inbox.get_conversation(thread.id)
    turns = [(each["direction"], each["subject"], each["category"]) for each in conversation["messages"]]
    assert turns == [("sent", "Hello", None), ("received", "Re: Hello", "interested"), ("sent", "Re: Hello", None), ("sent", "Friday", None)], turns
    for each in conversation["messages"]:
        begins(each["id"], "rpl_" if each["direction"] == "received" else "eml_")
        assert isinstance(each["timestamp"], str) and each["from_email"] and each["to_email"] and each["body"], each
    assert conversation["lead"] == {"id": lead.id, "email": lead.email, "first_name": None, "last_name": None, "company": None}, conversation
    assert conversation["campaign"] is None, conversation
    fails(404, client.inbox.get_conversation, f"rpl_{never}")
    asyncio.run(inbox_without_waiting(thread.id))


async def inbox_without_waiting(thread):
    """The same calls of the client for asyncio."""
    async with foxreach.AsyncFoxReach(api_key=key, base_url=url) as client:
        page = await client.inbox.list_threads(category="interested", is_read=True)
        assert [each.id async for each in page.auto_paging_iter()] == [thread]
        same(await client.inbox.get(thread), id=thread)
        same(await client.inbox.update(thread, types.ThreadUpdate(is_read=False)), is_read=False)
        assert (await client.inbox.stats())["unread"] == 1
        assert (await client.inbox.send_reply(thread, "Or on Monday?"))["success"] is True
        assert len((await client.inbox.get_conversation(thread))["messages"]) == 5


def campaigns():
    account = next(each for each in client.email_accounts.list() if each.email == account_email)
    lead = client.leads.create(types.LeadCreate(email="campaign@records.example", first_name="Grace"))
    other = client.leads.create(types.LeadCreate(email="other@records.example", first_name="Jean"))
    made = client.campaigns.create(types.CampaignCreate(name="Spring"))
    begins(made.id, "cmp_")
    same(made, name="Spring", status="draft", timezone="UTC", sending_days=[1, 2, 3, 4, 5], sending_start_hour=9, sending_end_hour=17, daily_limit=50, started_at=None, completed_at=None)
    typed(made, int, "sent_today", "total_leads", "total_sent", "total_delivered", "total_bounced", "total_replied", "total_opened")
    typed(made, str, "created_at", "updated_at")
    changed = client.campaigns.update(made.id, types.CampaignUpdate(name="Summer", timezone="Europe/Oslo", sending_days=[1, 2], sending_start_hour=8, sending_end_hour=16, daily_limit=20))
    same(changed, name="Summer", timezone="Europe/Oslo", sending_days=[1, 2], sending_start_hour=8, sending_end_hour=16, daily_limit=20, status="draft")
    same(client.campaigns.get(made.id), name="Summer")
    fails(404, client.campaigns.get, f"cmp_{never}")
    fails(422, client.campaigns.create, types.CampaignCreate(name="Nowhere", timezone="Europe/Nowhere"))

    # Sequences.
    first = client.campaigns.sequences.create(made.id, types.SequenceCreate(body="Hi {{firstName}}", subject="Hello", delay_days=0))
    begins(first.id, "seq_")
    same(first, campaign_id=made.id, step_number=1, subject="Hello", body="Hi {{firstName}}", delay_days=0, template_type="email")
    second = client.campaigns.sequences.create(made.id, types.SequenceCreate(body="Again"))
    same(second, step_number=2, delay_days=1)
    same(client.campaigns.sequences.update(made.id, second.id, types.SequenceUpdate(body="Once more", delay_days=3)), body="Once more", delay_days=3)
    assert [each.id for each in client.campaigns.sequences.list(made.id)] == [first.id, second.id]
    third = client.campaigns.sequences.create(made.id, types.SequenceCreate(body="Last"))
    client.campaigns.sequences.delete(made.id, third.id)
    assert [each.id for each in client.campaigns.sequences.list(made.id)] == [first.id, second.id]
    fails(404, client.campaigns.sequences.update, made.id, third.id, types.SequenceUpdate(body="x"))

    # Leads and accounts.
    assert client.campaigns.add_leads(made.id, [lead.id, other.id])["added"] == 2
    assert client.campaigns.add_leads(made.id, [lead.id])["added"] == 0, "a lead is added once"
    assert client.campaigns.add_accounts(made.id, [account.id])["added"] == 1
    same(client.campaigns.get(made.id), total_leads=2)
    if hasattr(client.campaigns, "remove_lead"):
        client.campaigns.remove_lead(made.id, other.id)
        fails(404, client.campaigns.remove_lead, made.id, f"cld_{never}")
        assert client.campaigns.remove_account(made.id, account.id) == {"removed": True}
        assert "not in campaign" in fails(404, client.campaigns.remove_account, made.id, account.id)
        client.campaigns.add_accounts(made.id, [account.id])

    if hasattr(client.leads, "activity"):
        (membership,) = client.leads.activity(lead.id)["campaigns"]
        assert (membership["campaign_id"], membership["campaign_name"]) == (made.id, "Summer"), membership
        assert {"status", "current_step", "total_sent", "total_opened", "last_sent_at", "next_send_at", "replied_at"} <= set(membership), membership

    # States.
    assert "Only active campaigns can be paused" in fails(400, client.campaigns.pause, made.id)
    started = client.campaigns.start(made.id)
    same(started, id=made.id, status="active")
    typed(started, str, "started_at")
    assert "Cannot edit active campaign" in fails(400, client.campaigns.update, made.id, types.CampaignUpdate(name="x"))
    fails(400, client.campaigns.sequences.delete, made.id, second.id)
    fails(400, client.campaigns.delete, made.id)
    same(client.campaigns.pause(made.id), status="paused")
    if hasattr(client.campaigns, "resume"):
        same(client.campaigns.resume(made.id), status="active")
        client.campaigns.pause(made.id)
    assert made.id in [each.id for each in client.campaigns.list(status="paused").auto_paging_iter()]
    assert made.id not in [each.id for each in client.campaigns.list(status="draft")]
    assert made.id in [each.id for each in client.campaigns.list(page=1, page_size=1).auto_paging_iter()]

    # Analytics.
    figures = client.analytics.campaign(made.id)
    typed(figures, int, "sent", "delivered", "bounced", "replied", "opened")
    typed(figures, (int, float), "reply_rate", "bounce_rate")
    for day in figures.daily_stats:
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", day.date), day
        typed(day, int, "sent", "delivered", "bounced", "replied", "opened")
    fails(404, client.analytics.campaign, f"cmp_{never}")
    overview = client.analytics.overview()
    typed(overview, int, "total_accounts", "active_accounts", "total_campaigns", "active_campaigns", "total_leads", "total_sent", "total_replies")
    typed(overview, (int, float), "reply_rate", "account_health_avg")
    assert overview.total_accounts >= 1 and overview.total_campaigns >= 1 and overview.total_leads >= 2, overview

    draft = client.campaigns.create(types.CampaignCreate(name="Draft"))
    client.campaigns.delete(draft.id)
    fails(404, client.campaigns.delete, draft.id)


def errors():
    fails(403, foxreach.FoxReach(api_key="otr_live_wrong", base_url=url).leads.list)


def ended(*words):
    """Runs the entry point of the command line in this process, which is much faster than one process for each command."""
    output = io.StringIO()
    code = 0
    sys.argv = ["foxreach", *words]
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            command_line.main()
        except SystemExit as end:
            code = end.code or 0
    return code, output.getvalue()


def run(*words, code=0):
    got, output = ended(*words)
    assert got == code, f"foxreach {' '.join(words)} ended with {got}: {output}"
    return output


def read(*words):
    return json.loads(run(*words, "--json"))


def has(group, command):
    return re.search(rf"^  {command}\b", ended(group, "--help")[1], re.MULTILINE) is not None


def cli_leads():
    lead = read("leads", "create", "--email", "cli@records.example", "--first-name", "Ada")["id"]
    run("leads", "list", "--search", "cli@records", "--status", "active")
    run("leads", "get", lead)
    run("leads", "update", lead, "--title", "Countess")
    if has("leads", "activity"):
        run("leads", "activity", lead)
        shown = run("leads", "activity", written_to().id)
        assert "email_sent" in shown and "reply_received" in shown, shown
    run("leads", "delete", lead, "--yes")
    run("leads", "get", lead, code=1)


def cli_accounts():
    account = next(each["id"] for each in read("accounts", "list")["data"] if each["email"] == account_email)
    run("accounts", "list")
    run("accounts", "get", account)


def cli_templates():
    template = read("templates", "create", "--name", "Hello", "--body", "Hi {{firstName}}")["id"]
    run("templates", "list")
    run("templates", "get", template)
    run("templates", "update", template, "--subject", "Hello")
    run("templates", "delete", template, "--yes")


def cli_webhooks():
    if has("webhooks", "create"):
        run("webhooks", "events")
        hook = read("webhooks", "create", "--url", "https://receiver.example/hook", "--events", "email.sent")["id"]
        run("webhooks", "list")
        run("webhooks", "update", hook, "--inactive")
        run("webhooks", "delete", hook, "--yes")


def cli_inbox():
    (thread,) = (each["id"] for each in read("inbox", "list", "--unread", "--category", "interested", "--search", "written-to")["data"])
    assert "rpl_" in run("inbox", "list")
    assert "Sounds interesting" in run("inbox", "get", thread)
    run("inbox", "update", thread, "--read", "--starred", "--category", "interested")
    assert read("inbox", "list", "--starred")["meta"]["total"] == 1
    run("inbox", "update", thread, "--category", "no such", code=1)
    run("inbox", "get", f"rpl_{never}", code=1)
    if has("inbox", "conversation"):
        run("inbox", "reply", thread, "--body", "Thursday at two?")
        shown = run("inbox", "conversation", thread)
        assert "received" in shown and shown.count("sent]") == 2, shown
        assert re.search(r"Total: +1\n", run("inbox", "stats"))


def cli_campaigns():
    account = next(each["id"] for each in read("accounts", "list")["data"] if each["email"] == account_email)
    lead = read("leads", "create", "--email", "cli-campaign@records.example")["id"]
    campaign = read("campaigns", "create", "--name", "CLI", "--timezone", "Europe/Oslo", "--daily-limit", "20", "--start-hour", "8", "--end-hour", "16")["id"]
    run("campaigns", "update", campaign, "--name", "Command line")
    step = read("sequences", "create", "--campaign", campaign, "--body", "Hi", "--subject", "Hello", "--delay-days", "0")["id"]
    spare = read("sequences", "create", "--campaign", campaign, "--body", "Again")["id"]
    run("sequences", "list", "--campaign", campaign)
    run("sequences", "update", "--campaign", campaign, "--sequence", step, "--body", "Hi there")
    run("sequences", "delete", "--campaign", campaign, "--sequence", spare, "--yes")
    assert "1" in run("campaigns", "add-leads", campaign, "--lead-ids", lead)
    run("campaigns", "add-accounts", campaign, "--account-ids", account)
    run("campaigns", "start", campaign)
    run("campaigns", "pause", campaign)
    if has("campaigns", "resume"):
        run("campaigns", "resume", campaign)
        run("campaigns", "pause", campaign)
    run("campaigns", "get", campaign)
    run("campaigns", "list", "--status", "paused")
    run("analytics", "overview")
    run("analytics", "campaign", campaign)
    if has("campaigns", "remove-lead"):
        run("campaigns", "remove-lead", campaign, lead)
        run("campaigns", "remove-account", campaign, account)
    draft = read("campaigns", "create", "--name", "Draft")["id"]
    run("campaigns", "delete", draft, "--yes")


for name in sys.argv[1:]:
    try:
        globals()[name]()
        error = None
    except Exception:
        error = traceback.format_exc()
    print(json.dumps({"name": name, "error": error}), flush=True)
