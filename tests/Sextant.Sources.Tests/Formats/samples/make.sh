#!/usr/bin/env bash
# Makes the samples that DocumentFormatsTests reads, with programs that are not ours: pandoc, Chromium, openpyxl and Python's email library.
# The tests expect what garden.md says, so that each reader is checked against another program's writer.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
for kind in docx pptx epub rst ipynb; do pandoc garden.md -o "garden.$kind"; done
pandoc garden.md -t asciidoc -s -o garden.adoc
pandoc garden.md -s --css two-columns.css --self-contained -o garden.html
chromium --headless --no-sandbox --disable-gpu --no-pdf-header-footer --print-to-pdf=garden.pdf "file://$PWD/garden.html" 2>/dev/null
rm garden.html
python3 - <<'PYTHON'
import datetime, email.message, openpyxl
book = openpyxl.Workbook()
tools = book.active
tools.title = "Tools"
tools.append(["Tool", "Price", "Bought", "Sharp"])
tools.append(["Spade", 19.5, datetime.date(2024, 5, 1), True])
tools.append(["Rake", 25, datetime.datetime(2023, 1, 2, 10, 30), False])
tools.append([None, None, None, None])
tools.append(["Hose", None, None, None])
faq = book.create_sheet("Questions")
faq.append(["id", "question", "answer"])
faq.append(["q1", "When do I water?", "In the morning."])
book.save("garden.xlsx")

mail = email.message.EmailMessage()
mail["From"] = "Ann <ann@example.com>"
mail["To"] = "bob@example.com"
mail["Subject"] = "Café in the garden"
mail["Date"] = "Mon, 30 Nov 2026 10:00:00 +0100"
mail.set_content("<p>We open <b>at nine</b>.</p><script>no()</script>", subtype="html")
mail.add_attachment(b"seeds", maintype="application", subtype="octet-stream", filename="seeds.bin")
open("garden.eml", "wb").write(bytes(mail))
PYTHON
