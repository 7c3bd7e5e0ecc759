#!/bin/sh
# The command in a shell. Usage: examples/quickstart.sh, with persona on the PATH
set -e
spec=$(realpath "${1:-$(dirname "$0")/massachusetts.json}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cp "$spec" massachusetts.json
# [quickstart]
persona check massachusetts.json                                               # is it right, what does it mean?
persona generate massachusetts.json --count 5 --out -                          # five people as CSV
persona generate massachusetts.json --count 1e5 --seed 7 --out ma.db --report ma.html
persona generate massachusetts.json --count 1e5 --start 3e9 --out part.arrow   # rows 3,000,000,000 and on
persona generate massachusetts.json --count 1e9 --recipe --name everybody --out ma.db   # a few kB
persona describe ma.db --name everybody --rows 1e5                             # summary statistics
persona report massachusetts.json --data ma.db --name "Adults of Massachusetts" --json ma.json
# [quickstart]
