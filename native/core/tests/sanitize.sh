#!/bin/sh
# Builds the core with AddressSanitizer and UBSan and runs it on hostile sizes (tests/hostile.c).
# zig's compiler carries no AddressSanitizer, so this is the one step that wants a C compiler.
set -eu
cd "$(dirname "$0")/.."
cc=${CC:-cc}
if ! command -v "$cc" >/dev/null; then
  echo "sanitize: no C compiler ($cc) found; install gcc or clang, or set CC." >&2
  exit 1
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
sanitizers="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer"
for level in "" "-mavx2 -mfma" ; do
  case "$level" in ?*) grep -qw avx2 /proc/cpuinfo 2>/dev/null || continue ;; esac
  # shellcheck disable=SC2086
  "$cc" -std=c11 -O1 -g -ffp-contract=off -fno-math-errno -Wall -Wextra -Werror $level $sanitizers \
    ./*.c tests/hostile.c -o "$out/hostile"
  ASAN_OPTIONS=detect_leaks=1 "$out/hostile"
done
