"""`/api/status` as a Flask application has it: the same three questions to the same MySQL, the same facts as JSON.

One connection per thread of gunicorn's workers, kept. STATUS_PLAN names a file: where the database is, and the statements, in whose
values "$digest", "$customer" and "$store" stand for what is only known when somebody asks.
"""

import datetime
import hashlib
import json
import os
import threading

import pymysql
import pymysql.cursors
from flask import Flask, jsonify, request

with open(os.environ["STATUS_PLAN"], encoding="utf-8") as file:
    PLAN = json.load(file)

app = Flask(__name__)
kept = threading.local()


def ask(name, **known):
    """The rows of one of the plan's statements."""
    if not hasattr(kept, "connection"):
        kept.connection = pymysql.connect(
            **PLAN["database"], charset="utf8mb4", autocommit=True, cursorclass=pymysql.cursors.DictCursor
        )
    statement = PLAN["statements"][name]
    values = [known.get(value[1:], value) if isinstance(value, str) else value for value in statement["values"]]
    with kept.connection.cursor() as cursor:
        cursor.execute(statement["sql"], values)
        return cursor.fetchall()


def moment(value):
    return None if value is None else value.isoformat(timespec="milliseconds") + "Z"


def step_of(row):
    started, finished = row["started_at"], row["finished_at"]
    elapsed = None if started is None else (finished or datetime.datetime.utcnow()) - started
    return {
        "name": row["name"],
        "status": row["step_status"],
        "startedAt": moment(started),
        "finishedAt": moment(finished),
        "elapsedMs": None if elapsed is None else int(elapsed.total_seconds() * 1000),
    }


@app.get("/api/status")
def status():
    digest = hashlib.sha256(request.cookies.get(PLAN["cookie"], "").encode()).hexdigest()
    sessions = ask("session", digest=digest)
    if not sessions or sessions[0]["expires_at"] < datetime.datetime.utcnow():
        return jsonify(code="not_signed_in"), 401
    stores = ask("store", customer=sessions[0]["customer_id"])
    if not stores:
        return jsonify(code="not_found"), 404
    store = stores[0]
    steps = sorted(ask("run", store=store["id"]), key=lambda step: step["position"])
    return jsonify(
        id=store["id"],
        name=store["name"],
        title=store["title"],
        platform=store["platform"],
        status=store["status"],
        health=store["health"],
        domain=store["hostname"],
        port=store["port"],
        plan=store["plan"],
        customerId=store["customer_id"],
        versions=json.loads(store["versions_json"]),
        createdAt=moment(store["created_at"]),
        activeAt=moment(store["active_at"]),
        run=None
        if not steps
        else {
            "id": steps[0]["id"],
            "kind": steps[0]["kind"],
            "status": steps[0]["status"],
            "attempt": steps[0]["attempt"],
            "steps": [step_of(step) for step in steps],
        },
    )
