"""The canary scan itself: it finds what it must, in every spelling, before its silence may mean anything."""

import base64
import gzip
import json
import os
import zlib

import pytest

from tests.e2e.canary import Scan

WORD = "blimquorvex"
WIDE = "灯籠道しるべ"


@pytest.mark.parametrize("word", [WORD, WIDE])
@pytest.mark.parametrize(
    "hide",
    [
        lambda w: w.encode(),
        lambda w: w.encode("utf-16-le"),
        lambda w: w.encode("utf-16-be"),
        lambda w: base64.b64encode(b"x" + w.encode() + b"tail"),
        lambda w: base64.urlsafe_b64encode(b"xy" + w.encode("utf-16-le") + b"tail"),
        lambda w: base64.b64encode(w.encode()).rstrip(b"="),
        lambda w: w.encode().hex().upper().encode(),
        lambda w: json.dumps({"a": w}).encode(),
        lambda w: b"noise" + zlib.compress(b"padding " * 20 + w.encode()),
        lambda w: gzip.compress(b"outer " + zlib.compress(b"inner " * 9 + w.encode())),
    ],
)
def test_a_hidden_word_is_found(word, hide):
    scan = Scan([WORD, WIDE, "absentword"])
    assert scan.words_in(os.urandom(64) + hide(word) + os.urandom(64)) == {word}


def test_our_own_memory_betrays_a_word():
    word = "mem" + os.urandom(6).hex()
    kept = [word.encode()]
    assert any(word in found for found in Scan([word]).words_in_process(os.getpid()).values())
    assert kept
