#!/usr/bin/env python3
"""Writes the reference pages that the program itself knows: the commands from --help, the HTTP interface from its OpenAPI description.

Usage: reference.py COMMAND OUTPUT-FOLDER, where COMMAND is the built sextant."""
import html
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.request
from pathlib import Path

COMMAND, OUTPUT = sys.argv[1], Path(sys.argv[2])


def help_of(words):
    run = subprocess.run([COMMAND, *words, '--help'], capture_output=True, text=True, check=True, env={**os.environ, 'COLUMNS': '1000'})
    sections, name = {}, ''
    for line in run.stdout.splitlines():
        if re.fullmatch(r'[A-Z][a-z]+:', line):
            name = line[:-1]
            sections[name] = []
        elif line.strip():
            sections.setdefault(name, []).append(line)
    return sections


def rows(lines):
    """The two columns of a list; a line of one column continues the one before."""
    for line in lines:
        parts = re.split(r'\s{2,}', line.strip(), maxsplit=1)
        yield parts[0], parts[1] if len(parts) > 1 else ''


def cell(text):
    return html.escape(text, quote=False).replace('|', '\\|').replace('*', '\\*').replace('_', '\\_')


def table(lines, first):
    found = [(left, right) for left, right in rows(lines)]
    if not found:
        return []
    return [f'| {first} | |', '| --- | --- |', *(f'| `{left}` | {cell(right)} |'.replace('`<', '`<') if '|' not in left
             else f'| <code>{html.escape(left).replace("|", "&#124;")}</code> | {cell(right)} |' for left, right in found), '']


def commands():
    top = help_of([])
    common = set(top['Options'])
    page = ['# Commands', '', 'Generated from `sextant COMMAND --help`. [The command line](../../../docs/command.md) explains what all commands share.', '',
            '## Options of every command', '', *table(top['Options'], 'option')]

    def add(words):
        sections = help_of(words)
        name = ' '.join(words)
        page.extend([f'## sextant {name}', '', cell(sections['Description'][0].strip()), '', '```text', sections['Usage'][0].strip(), '```', ''])
        page.extend(table(sections.get('Arguments', []), 'argument'))
        own = [line for line in sections.get('Options', []) if not re.search(r'-h, --help', line) and line not in common
               and rows([line]).__next__() not in set(rows(common))]
        page.extend(table(own, 'option'))
        if 'Examples' in sections:
            page.extend(['```console'])
            for line in sections['Examples']:
                page.append(f'# {line.strip()}' if line.startswith('      ') else f'$ {line.strip()}')
            page.extend(['```', ''])
        for line in sections.get('Commands', []):
            add([*words, line.split()[0].rstrip(',')])

    for line in top['Commands']:
        add([line.split()[0]])
    return reorder('\n'.join(page))


def reorder(page):
    """An example's sentence stands above its command."""
    return re.sub(r'^(\$ .*)\n(# .*)$', r'\2\n\1', page, flags=re.M)


def http():
    with tempfile.TemporaryDirectory() as folder:
        service = subprocess.Popen([COMMAND, 'serve', '--collections', folder, '--urls', 'http://127.0.0.1:0'],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            address = re.search(r'http://\S+', service.stdout.readline()).group()
            with urllib.request.urlopen(f'{address}/openapi/v1.json') as response:
                description = json.load(response)
        finally:
            service.terminate()
            service.wait()
    schemas = description['components']['schemas']
    page = ['# HTTP interface', '',
            'Generated from the OpenAPI description that a running service has at `/openapi/v1.json`. '
            '[The service](../../../docs/service.md) explains how to run it, its errors and its limits.', '', '## Routes', '',
            '| route | | body | response |', '| --- | --- | --- | --- |']

    def name(schema):
        if '$ref' in schema:
            word = schema['$ref'].split('/')[-1]
            return f'[{word}](#{word.lower()})' if schemas[word].get('properties') else f'`{word}`'
        if 'oneOf' in schema or 'anyOf' in schema:
            return ' or '.join(name(s) for s in schema.get('oneOf', schema.get('anyOf')) if s.get('type') != 'null')
        kinds = schema.get('type', 'any')
        kinds = [kinds] if isinstance(kinds, str) else [k for k in kinds if k != 'null']
        if kinds == ['array']:
            return f'array of {name(schema.get("items", {}))}'
        if 'enum' in schema:
            return ', '.join(f'`{value}`' for value in schema['enum'] if value is not None)
        return ' or '.join(kinds)

    def content(part):
        return ', '.join(dict.fromkeys(name(media.get('schema', {})) for media in part.get('content', {}).values()))

    for path, methods in description['paths'].items():
        for method, operation in methods.items():
            query = [p['name'] for p in operation.get('parameters', []) if p['in'] == 'query']
            route = f'`{method.upper()} {path}{"?" + "&".join(query) if query else ""}`'
            done = next(r for code, r in operation['responses'].items() if code.startswith('2'))
            page.append(f'| {route} | {cell(operation.get("summary", ""))} | {content(operation.get("requestBody", {}))} | {content(done)} |')
    page.extend(['', '## Objects', ''])
    for word, schema in schemas.items():
        if not schema.get('properties'):
            continue
        page.extend([f'### {word}', ''])
        if schema.get('description'):
            page.extend([cell(html.unescape(schema['description'])), ''])
        page.extend(['| field | type | |', '| --- | --- | --- |'])
        required = set(schema.get('required', []))
        for field, value in schema['properties'].items():
            text = html.unescape(value.get('description', ''))
            text = re.sub(r'`([^`]*)`|([^`]+)', lambda m: m.group(0).replace('|', '\\|') if m.group(1) else cell(m.group(2)), text)
            page.append(f'| `{field}`{" (required)" if field in required else ""} | {name(value)} | {text} |')
        page.append('')
    return '\n'.join(page)


OUTPUT.mkdir(parents=True, exist_ok=True)
(OUTPUT / 'commands.md').write_text(commands() + '\n')
(OUTPUT / 'http.md').write_text(http() + '\n')
