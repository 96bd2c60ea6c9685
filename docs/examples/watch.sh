#!/bin/sh
# Folders as queues: `sh watch.sh incoming sorted`, or `sh watch.sh s3://uploads/incoming
# s3://uploads/sorted` (extra s3). It runs until it is ended by SIGTERM, as systemd does it.
exec hashmatch watch "$1" --json \
  --passed-to "$2/clean" --held-to "$2/review" --refused-to "$2/blocked" \
  --when-away wait --every "${EVERY:-1}"
