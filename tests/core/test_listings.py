"""Lists whose every line is a fact of its own: they are no logs, whatever shape their lines have."""

import pytest

from headroom_core import SharedContext
from headroom_core.detection import detect

LISTINGS = {
    "commits": "".join(f"{n * 7919:07x} Fix bug {n} in part {n % 7}\n" for n in range(400)),
    "commits with files": "".join(
        f"commit {n:040x}\nAuthor: Ada <ada@example.org>\nDate:   Fri Nov 1 11:09:33 2024\n\n    Fix {n}\n\n"
        f" src/a{n}.py | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n"
        for n in range(100)
    ),
    "blame": "".join(f"{n % 5:08x} (Ada 2026-01-01 10:00:00 +0000 {n}) x{n} = {n}\n" for n in range(300)),
    "files": "exitcode: 0\ntotal 3381\n"
    + "".join(
        f"-rw-r--r-- 1 home users {n * 7919 % 99991:8} Dec 19 16:{n % 60:02} part {n} of the work.csv\n" for n in range(300)
    ),
    "crontab": "".join(f"{n % 60} 3 * * * root /usr/bin/job{n} --run >> /var/log/j{n}.log 2>&1\n" for n in range(300)),
    "Dockerfile": "FROM python:3.12\n" + "".join(f"RUN apt-get install x{n}\nENV A{n}=1\nCOPY a{n} /b\n" for n in range(150)),
    "ssh": "".join(f"Host h{n}\n  HostName 10.0.0.{n}\n  User u{n}\n" for n in range(200)),
    "diff without context": "".join(f"diff -r a/f{n} b/f{n}\n10c10\n< old one {n}\n---\n> new one {n}\n" for n in range(100)),
    "diff of words": "diff --git a/a b/a\n--- a/a\n+++ b/a\n@@ -1,9 +1,9 @@\n"
    + "".join(f"value {n} is [-old{n}-]{{+new{n}+}} here\n" for n in range(300)),
    "matches without numbers": "".join(f"src/f{n % 9}.py:    value = compute({n})\n" for n in range(200)),
}


@pytest.mark.parametrize("name", LISTINGS)
def test_no_line_of_a_list_is_lost(name):
    """What looks like a log by the shapes of its lines alone passes whole."""
    text = LISTINGS[name]
    entry = SharedContext(model="gpt-4o").put("list", text)

    assert detect(text).reason.startswith("reads as ")
    assert entry.compressed == text


def test_a_log_is_no_list():
    """Lines with a level, and blank lines, are those of a log and of a text."""
    log = "".join(f"2026-01-01 10:00:{n % 60:02} INFO worker {n} started\n" for n in range(60))

    assert detect(log).kind == "log"
    assert detect("    indented\n" * 60).reason != "reads as a recipe of an image"
