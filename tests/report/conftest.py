import pytest

from modelcollapse import CountTable, forecast


@pytest.fixture(scope="session")
def table():
    """Some hundred words with counts from 1 to 3,000, rare ones in the majority."""
    counts = [1] * 60 + [2] * 30 + [int(3000 / rank) for rank in range(1, 120)]
    return CountTable.from_counts([f"word{i:03d}" for i in range(len(counts))], counts, name="a test corpus")


@pytest.fixture(scope="session")
def short(table):
    return forecast(table, 60, words={"word003": ["word003"], "a pair": ["word000", "word150"], "no": ["unknown"]})


@pytest.fixture(scope="session")
def long(table):
    return forecast(table, 10**5)
