import pytest


@pytest.fixture
def corpus(tmp_path):
    path = tmp_path / "corpus.txt"
    path.write_text("the cat and the dog and the bird\n" * 30 + "a rare word\n", encoding="utf-8")
    return path
