#!/usr/bin/env python3
"""Checks the built pages: every local link and anchor exists, and no page loads anything from elsewhere. Usage: check.py FOLDER"""
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

ROOT = Path(sys.argv[1]).resolve()
LOADS = {('script', 'src'), ('img', 'src'), ('iframe', 'src'), ('source', 'src'), ('video', 'src'), ('audio', 'src'), ('embed', 'src'), ('object', 'data')}


class Page(HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loads, self.body = set(), [], [], 0
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if found.get('id'):
            self.ids.add(found['id'])
        if tag == 'a' and found.get('name'):
            self.ids.add(found['name'])
        if tag == 'a' and found.get('href'):
            self.links.append(found['href'])
        if tag == 'link' and found.get('href') and found.get('rel') != 'canonical':
            self.loads.append(found['href'])
        for name, value in attributes:
            if (tag, name) in LOADS and value:
                self.loads.append(value)


pages = {path: Page(path) for path in sorted(ROOT.rglob('*.html'))}
problems = []
for path, page in pages.items():
    where = path.relative_to(ROOT)
    for load in page.loads:
        if urlsplit(load).scheme not in ('', 'data') or load.startswith('//'):
            problems.append(f'{where}: loads {load}')
    for link in [*page.links, *page.loads]:
        parts = urlsplit(link)
        if parts.scheme or link.startswith('//'):
            continue
        target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
        if target.is_dir():
            target /= 'index.html'
        if not target.is_relative_to(ROOT) or not target.exists():
            problems.append(f'{where}: no page for {link}')
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].ids and not parts.fragment.startswith('collapse'):
            problems.append(f'{where}: no anchor for {link}')
for sheet in ROOT.rglob('*.css'):
    content = sheet.read_text(encoding='utf-8', errors='replace')
    for start in ('url(http', 'url("http', "url('http", '@import'):
        if start in content:
            problems.append(f'{sheet.relative_to(ROOT)}: {start}…')
if len(pages) < 100:
    problems.append(f'only {len(pages)} pages were built')
print('\n'.join(sorted(set(problems))))
print(f'{len(pages)} pages, {len(set(problems))} problems')
sys.exit(1 if problems else 0)
