"""What does the API look like from outside? An OpenAPI 3.1 document, made from the table and the types that it obeys."""

from __future__ import annotations

import inspect
import re
from typing import Any, Final

from pipeline.settings.checking import adapter, dataclasses_in
from pipeline.settings.docs import field_docs
from workers.dashboard.asking import Change, Question
from workers.dashboard.questions import CHANGES, QUESTIONS

REF: Final = "#/components/schemas/{model}"
_NAME: Final = re.compile(r"{(\w+)}")
_ERRORS: Final = {
    "400": "What was given does not fit.",
    "401": "No token, or not one of ours.",
    "403": "The token may only read.",
    "404": "There is nothing under that name.",
    "409": "It cannot be done as asked.",
    "413": "The body is too long.",
    "415": "The body is not JSON.",
    "503": "The database is out of reach; try again.",
}
_PROBLEM: Final = {
    "type": "object",
    "description": "An error (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, for a person."},
        "instance": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {"type": "object", "properties": {"at": {"type": "string"}, "says": {"type": "string"}}},
            "description": "Each fault of what was given.",
        },
    },
}


def document(version: str) -> dict[str, Any]:
    """The whole document."""
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    paths: dict[str, Any] = {}
    for question in QUESTIONS:
        paths.setdefault(f"/api{question.path}", {})["get"] = _read(question, schemas)
    for change in CHANGES:
        paths.setdefault(f"/api{change.path}", {})["post"] = _write(change, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Wirewatch", "version": version, "description": "Everything that the dashboard shows and does."},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": schemas, "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def _read(one: Question, schemas: dict[str, Any]) -> dict[str, Any]:
    parameters = [*_in_path(one.path), *(_in_query(one.query) if one.query else [])]
    known = _refusals("400", "401", "409" if one.query else "", "404" if "{" in one.path else "", "503")
    return _described(one, parameters) | {"responses": {"200": _answer(one.answer, schemas)} | known}


def _write(one: Change, schemas: dict[str, Any]) -> dict[str, Any]:
    body = {"requestBody": {"required": True, "content": _json(_schema(one.body, schemas, "validation"))}} if one.body else {}
    known = _refusals(*_ERRORS)
    return _described(one, _in_path(one.path)) | body | {"responses": {str(one.status): _answer(one.answer, schemas)} | known}


def _described(one: Question | Change, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    ident = re.sub(r"\W+", "_", one.path).strip("_") + ("_post" if isinstance(one, Change) else "")
    return {"summary": one.summary, "operationId": ident, "tags": [one.tag], "parameters": parameters}


def _in_path(path: str) -> list[dict[str, Any]]:
    kinds = {"seq": {"type": "integer", "minimum": 0}}
    return [
        {"name": name, "in": "path", "required": True, "schema": kinds.get(name, {"type": "string", "minLength": 1})}
        for name in _NAME.findall(path)
    ]


def _in_query(kind: type) -> list[dict[str, Any]]:
    schema, docs = adapter(kind).json_schema(ref_template=REF), field_docs(kind)
    definitions = schema.get("$defs", {})
    return [
        {"name": name, "in": "query", "required": False, "description": docs.get(name, ""), "schema": _inlined(said, definitions)}
        for name, said in schema["properties"].items()
    ]


def _inlined(said: Any, definitions: dict[str, Any]) -> Any:
    """A parameter's schema without references, and without null, which a query cannot say."""
    if isinstance(said, list):
        return [_inlined(each, definitions) for each in said]
    if not isinstance(said, dict):
        return said
    if "$ref" in said:
        return _inlined(definitions[said["$ref"].rpartition("/")[2]], definitions)
    if "anyOf" in said:
        choices = [each for each in said["anyOf"] if each != {"type": "null"}]
        if len(choices) == 1:
            return _inlined(choices[0], definitions)
    return {key: _inlined(value, definitions) for key, value in said.items() if key not in {"default", "title"} or value is not None}


def _answer(kind: type, schemas: dict[str, Any]) -> dict[str, Any]:
    return {"description": (inspect.getdoc(kind) or "").split("\n")[0], "content": _json(_schema(kind, schemas, "serialization"))}


def _refusals(*codes: str) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {code: {"description": _ERRORS[code], "content": content} for code in codes if code}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _schema(kind: type, schemas: dict[str, Any], mode: Any) -> dict[str, Any]:
    """A reference to the type's schema, which is put beside the others with the documentation of its fields."""
    made = adapter(kind).json_schema(ref_template=REF, mode=mode)
    documented = {part.__name__: part for part in dataclasses_in(kind, set())}
    for name, said in {**made.pop("$defs", {}), kind.__name__: made}.items():
        part = documented.get(name)
        if part is not None:
            said["description"] = inspect.getdoc(part) or ""
            for key, words in field_docs(part).items():
                if key in said.get("properties", {}):
                    said["properties"][key].setdefault("description", words)
        schemas[name] = said
    return {"$ref": REF.format(model=kind.__name__)}
