"""The API as a page to read: made from the OpenAPI and AsyncAPI documents, without any script, so
that it needs neither a network nor a hole in the policy for contents.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.access.roles import TABLE, Permission

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STYLE: Final = Path(__file__).with_name("reference.css").read_text(encoding="utf-8")
METHODS: Final = ("get", "post", "put", "patch", "delete")
REF: Final = "#/components/schemas/"
ANYBODY: Final = Permission.PUBLIC.value
RULES: Final = (  # keyword of a schema, and how it is said
    ("minimum", "≥ {}"),
    ("exclusiveMinimum", "> {}"),
    ("maximum", "≤ {}"),
    ("exclusiveMaximum", "< {}"),
    ("minLength", "at least {} characters"),
    ("maxLength", "at most {} characters"),
    ("minItems", "at least {} items"),
    ("maxItems", "at most {} items"),
)


def page(openapi: Mapping[str, Any], asyncapi: Mapping[str, Any]) -> str:
    """The whole page."""
    groups = _groups(openapi)
    schemas = {**openapi["components"]["schemas"], **asyncapi["components"]["schemas"]}
    title = f"{openapi['info']['title']} {openapi['info']['version']}: the API"
    body = "".join(
        [
            _navigation(groups),
            "<main>",
            f"<h1>{escape(title)}</h1>",
            _INTRODUCTION,
            *(_group(name, operations) for name, operations in groups.items()),
            _sockets(asyncapi),
            '<section><h2 id="schemas">Schemas</h2>',
            *(_schema(name, schema) for name, schema in sorted(schemas.items())),
            "</section></main>",
        ]
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<style>{STYLE}</style></head><body>{body}</body></html>\n"
    )


_INTRODUCTION: Final = """<p>Programs send <code>Authorization: Bearer prefix.secret</code>;
browsers have a cookie. Each operation names the one permission it needs, and who has it. What is
refused is a <a href="#schema-Problem">Problem</a>: its <code>code</code> is stable, its
<code>detail</code> is for people. The same for programs: <a href="/api/openapi.json">OpenAPI</a>,
<a href="/api/asyncapi.json">AsyncAPI</a>.</p>"""


def _groups(openapi: Mapping[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """Operations by what they are about: (method, path, operation)."""
    found: dict[str, list[tuple[str, str, dict[str, Any]]]] = {}
    for path, item in openapi["paths"].items():
        for method in METHODS:
            if method in item:
                about = (item[method].get("tags") or ["other"])[0]
                found.setdefault(about, []).append((method, path, item[method]))
    return found


def _navigation(groups: Mapping[str, Any]) -> str:
    names = [*groups, "sockets", "schemas"]
    links = "".join(f'<li><a href="#{escape(name)}">{_words(name)}</a></li>' for name in names)
    return f'<nav aria-label="Contents"><ul>{links}</ul></nav>'


def _words(name: str) -> str:
    return escape(name.replace("_", " ").replace("-", " ").capitalize())


def _group(name: str, operations: list[tuple[str, str, dict[str, Any]]]) -> str:
    inside = "".join(_operation(*operation) for operation in operations)
    return f'<section><h2 id="{escape(name)}">{_words(name)}</h2>{inside}</section>'


def _operation(method: str, path: str, operation: Mapping[str, Any]) -> str:
    told = operation.get("description") or operation.get("summary") or ""
    parts = [
        f'<h3 id="{escape(operation["operationId"])}"><span class="method {method}">'
        f"{method.upper()}</span> <code>{escape(path)}</code></h3>",
        f"<p>{escape(told)}</p>",
        _needs(operation),
        _parameters(operation.get("parameters", [])),
    ]
    if "requestBody" in operation:
        parts.append(f"<p><b>Body</b> {_content(operation['requestBody'])}</p>")
    parts.append(f"<ul class='answers'>{''.join(_answers(operation['responses']))}</ul>")
    return f"<article>{''.join(parts)}</article>"


def _needs(operation: Mapping[str, Any]) -> str:
    permission = operation.get("x-needs")
    if permission is None:
        return ""
    if permission == ANYBODY:
        return '<p class="needs"><b>Needs</b> nothing: anybody may ask.</p>'
    may = [role for role, granted in TABLE.items() if permission in granted]
    who = f"({escape(', '.join(may))})" if may else ""
    return f'<p class="needs"><b>Needs</b> <code>{escape(permission)}</code> {who}</p>'


def _parameters(parameters: list[Mapping[str, Any]]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code>{_must(one.get('required', False))}</td>"
        f"<td>{escape(one['in'])}</td><td>{_type(one['schema'])}</td></tr>"
        for one in parameters
    )
    return f"<table><tbody>{rows}</tbody></table>" if rows else ""


def _must(required: bool) -> str:
    return ' <span class="must">required</span>' if required else ""


def _content(holder: Mapping[str, Any]) -> str:
    return " · ".join(
        f"{_type(content['schema'])} <small>{escape(kind)}</small>"
        for kind, content in holder.get("content", {}).items()
        if content.get("schema")
    )


def _answers(responses: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for status, response in sorted(responses.items()):
        told = response.get("description", "")
        words = "" if told in ("Successful Response", "Problem") else escape(told) + " "
        yield f"<li><b>{escape(status)}</b> {words}{_content(response)}</li>"


def _type(schema: Mapping[str, Any]) -> str:
    """What may stand there, in words; other schemas as links."""
    if "$ref" in schema:
        name = escape(schema["$ref"].removeprefix(REF))
        return f'<a href="#schema-{name}">{name}</a>'
    for key in ("anyOf", "oneOf"):
        if key in schema:
            return " or ".join(_type(one) for one in schema[key])
    if "allOf" in schema:
        return " and ".join(_type(one) for one in schema["allOf"])
    if "const" in schema:
        return f"<code>{escape(_value(schema['const']))}</code>"
    if "enum" in schema:
        return " · ".join(f"<code>{escape(_value(one))}</code>" for one in schema["enum"])
    kind = schema.get("format") or schema.get("type", "any")
    if kind == "array":
        said = f"list of {_type(schema.get('items', {}))}"
    elif kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        said = f"object of {_type(schema['additionalProperties'])}"
    else:
        said = escape(" or ".join(kind) if isinstance(kind, list) else str(kind))
    rules = [words.format(schema[key]) for key, words in RULES if key in schema]
    return f"{said} <small>{escape(', '.join(rules))}</small>" if rules else said


def _value(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _schema(name: str, schema: Mapping[str, Any]) -> str:
    told = f"<p>{escape(schema['description'])}</p>" if schema.get("description") else ""
    fields = schema.get("properties")
    if fields is None:
        inside = f"<p>{_type(schema)}</p>"
    else:
        must = schema.get("required", [])
        rows = "".join(_field(key, field, required=key in must) for key, field in fields.items())
        inside = f"<table><tbody>{rows}</tbody></table>" if rows else "<p>No fields.</p>"
    head = f'<h3 id="schema-{escape(name)}"><code>{escape(name)}</code></h3>'
    return f"<article>{head}{told}{inside}</article>"


def _field(name: str, field: Mapping[str, Any], *, required: bool) -> str:
    told = escape(field.get("description", ""))
    return (
        f"<tr><td><code>{escape(name)}</code>{_must(required)}</td>"
        f"<td>{_type(field)}</td><td>{told}</td></tr>"
    )


def _sockets(asyncapi: Mapping[str, Any]) -> str:
    messages = asyncapi["components"]["messages"]
    parts = ['<section><h2 id="sockets">Sockets</h2>']
    for name, channel in asyncapi["channels"].items():
        parts.append(f"<article><h3><code>WS {escape(channel['address'])}</code></h3><ul>")
        for key, operation in asyncapi["operations"].items():
            if operation["channel"]["$ref"].rpartition("/")[2] != name:
                continue
            who = "The server sends" if operation["action"] == "send" else "The server takes"
            said = [
                _type(messages[message["$ref"].rpartition("/")[2]]["payload"])
                for message in operation["messages"]
            ]
            told = escape(operation.get("summary", key))
            parts.append(f"<li>{who} {' or '.join(said)}. {told}{_needs(operation)}</li>")
        parts.append("</ul></article>")
    return "".join([*parts, "</section>"])
