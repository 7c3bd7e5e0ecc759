#!/usr/bin/env python3
"""The built-in prices of models: gathers them from LiteLLM's table, and puts them into the library.

    tools/prices.py gather TABLE.json 2026-07-24   writes src/llm/prices.json, which may then be mended by hand
    tools/prices.py embed                          writes src/llm/prices_built_in.cpp from it
"""

import json
import re
import sys
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "src/llm/prices.json"
SOURCE = ROOT / "src/llm/prices_built_in.cpp"
PAGES = {
    "openai": "https://platform.openai.com/docs/pricing",
    "anthropic": "https://platform.claude.com/docs/en/about-claude/pricing",
    "gemini": "https://ai.google.dev/gemini-api/docs/pricing",
}
# Models that are asked by name today: not fine-tuned, spoken, search or retired ones.
WANTED = {
    "openai": r"gpt-(3\.5-turbo|4-turbo|4\.1(-mini|-nano)?|4o(-mini)?|5(\.\d)?(-mini|-nano|-pro|-codex|-luna|-sol|-terra)?)"
              r"|o[134](-mini|-pro)?|text-embedding-(3-small|3-large|ada-002)",
    "anthropic": r"claude-(haiku|sonnet|opus|fable)-\d(-\d)?(-\d{8})?|claude-3-haiku-20240307",
    "gemini": r"gemini/gemini-(2\.0-flash|2\.5|3\.?\d?)(-(pro|flash|flash-lite))?(-preview)?|gemini/gemini-embedding-\d+",
}
# Since when a price holds, where its model's name does not say so.
SINCE = {
    "gpt-4o": "2024-10-02", "o3": "2025-06-10", "gemini-2.5-pro": "2025-06-17", "gemini-2.5-flash": "2025-06-17",
    "gemini-2.5-flash-lite": "2025-07-22", "gemini-3-pro-preview": "2025-11-18", "gemini-3-flash-preview": "2025-12-17",
}
TOKENS = {"input": "input_cost_per_token", "output": "output_cost_per_token", "cached": "cache_read_input_token_cost",
          "cache_write": "cache_creation_input_token_cost", "cache_write_1h": "cache_creation_input_token_cost_above_1hr"}
DATED = re.compile(r"-(\d{4})-?(\d{2})-?(\d{2})$")


def per_million(value):
    amount = (Decimal(str(value)) * 1_000_000).normalize()
    return int(amount) if amount == amount.to_integral() else float(amount)


def token_prices(row, suffix=""):
    def key(name):
        tier = name.replace("_above_1hr", "") if suffix else name
        return (name if "_above_1hr" in name else tier) + suffix
    return {ours: per_million(row[key(theirs)]) for ours, theirs in TOKENS.items() if row.get(key(theirs)) is not None}


def price(provider, name, row, day):
    date = DATED.search(name)
    entry = {"model": f"{provider}/{name}", "from": SINCE.get(name) or ("-".join(date.groups()) if date else day),
             "source": PAGES[provider], **token_prices(row)}
    entry.setdefault("output", 0)
    if row.get("input_cost_per_token_batches") and row["input_cost_per_token"]:
        entry["batch_factor"] = round(row["input_cost_per_token_batches"] / row["input_cost_per_token"], 6)
    for tier in (128, 200, 272):
        if row.get(f"input_cost_per_token_above_{tier}k_tokens"):
            entry["long_context"] = {"above": tier * 1000, **token_prices(row, f"_above_{tier}k_tokens")}
    for limit in ("max_input_tokens", "max_output_tokens"):
        if row.get(limit) and row["mode"] != "embedding":
            entry[limit] = row[limit]
    return entry


def gather(table, day):
    rows = json.loads(Path(table).read_text())
    found = {}
    for name, row in rows.items():
        provider = row.get("litellm_provider")
        bare = name.removeprefix(f"{provider}/")
        dateless = DATED.sub("", name) if provider == "openai" else name
        if provider in WANTED and re.fullmatch(WANTED[provider], dateless) and row.get("input_cost_per_token"):
            found[f"{provider}/{bare}"] = price(provider, bare, row, day)
    entries = {}
    for name in sorted(found, key=lambda n: (DATED.sub("", n), n)):  # the dateless name first
        entry, first = found[name], entries.get(DATED.sub("", name))
        same = first and all(entry.get(k) == first.get(k) for k in {*entry, *first} - {"model", "from", "aliases"})
        if not same:
            entries[name] = entry
            continue
        first.setdefault("aliases", []).append(name)
        if first["from"] == day:
            first["from"] = entry["from"]
    lines = ",\n".join("    " + json.dumps(entry) for entry in entries.values())
    head = {"version": 1, "checked": day, "currency": "USD", "per_tokens": 1_000_000,
            "gathered_from": "the model table of LiteLLM (MIT), compared with a second copy; prices are per million tokens"}
    DATA.write_text(json.dumps(head, indent=2)[:-2] + ',\n  "complete": true,\n  "prices": [\n' + lines + "\n  ]\n}\n")


def embed():
    text = DATA.read_text()
    assert ')prices"' not in text
    SOURCE.write_text(f'''//! The prices of src/llm/prices.json, as tools/prices.py embeds them.
#include "price_document.hpp"

namespace persona::llm {{

std::string_view built_in_prices() {{
  return R"prices({text})prices";
}}

}}  // namespace persona::llm
''')


if __name__ == "__main__":
    if sys.argv[1:2] == ["gather"] and len(sys.argv) == 4:
        gather(*sys.argv[2:])
        embed()
    elif sys.argv[1:] == ["embed"]:
        embed()
    else:
        sys.exit(__doc__)
