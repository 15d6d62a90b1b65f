"""A file that gets shorter while it is read: what was counted is not all of it, and that is said."""

import pytest

from modelcollapse.corpus.source import Source
from modelcollapse.corpus.stream import stored_chunks
from modelcollapse.errors import InputError


@pytest.mark.parametrize("stop", [None, 4000])
@pytest.mark.parametrize("left", [0, 1000])
def test_a_file_that_shrinks_is_refused(tmp_path, stop, left):
    path = tmp_path / "text.txt"
    path.write_bytes(b"word " * 1000)
    source = Source(str(path), 5000)
    path.write_bytes(b"word " * (left // 5))
    with pytest.raises(InputError, match="shrank while it was read, from 5,000 bytes"):
        list(stored_chunks(source, 0, stop, lambda _: None))


def test_a_file_that_grows_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "text.txt"
    path.write_bytes(b"word " * 1000)
    assert b"".join(stored_chunks(Source(str(path), 10), 0, None, lambda _: None)) == path.read_bytes()
