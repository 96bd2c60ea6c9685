import subprocess
import sys

import pytest

import hashmatch.exchanges as room


def test_importing_the_room_loads_no_http_client():
    code = "import sys, hashmatch.exchanges; print('httpx' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", code], text=True) == "False\n"


def test_the_extra_is_named_where_the_client_is_missing(registry, monkeypatch):
    from hashmatch.errors import MissingExtraError

    state = registry.add_exchange("ncmec", "ncmec", "default", {})
    for module in ("ncmec", "remote"):
        monkeypatch.delitem(sys.modules, f"hashmatch.exchanges.{module}", raising=False)
        monkeypatch.delattr(room, module, raising=False)
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(MissingExtraError, match=r"hashmatch\[exchanges\]"), room.opened(state):
        pass
