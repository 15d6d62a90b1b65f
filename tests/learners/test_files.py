"""Real data from files: what is read is what was written, and what is no table of numbers is refused."""

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from modelcollapse import InputError
from modelcollapse.learners import read_sample

ROWS = np.random.default_rng(1).normal(size=(7, 2))


def write(place):
    if place.suffix == ".npy":
        np.save(place, ROWS)
    elif place.suffix == ".parquet":
        parquet.write_table(pa.table({"a": ROWS[:, 0], "b": ROWS[:, 1]}), place)
    else:
        between = "\t" if place.suffix == ".tsv" else ","
        lines = [between.join(map(repr, map(float, row))) for row in ROWS]
        place.write_text("\n".join([between.join("ab"), *lines]) + "\n")
    return place


@pytest.mark.parametrize("name", ["d.npy", "d.csv", "d.tsv", "d.parquet", "D.CSV"])
def test_reads_what_was_written(name, tmp_path):
    place = write(tmp_path / name)
    np.testing.assert_array_equal(read_sample(place).values, ROWS)
    if place.suffix != ".npy":
        np.testing.assert_array_equal(read_sample(str(place), ["b"]).values, ROWS[:, 1:])


def test_a_list_of_numbers_has_dimension_1(tmp_path):
    np.save(tmp_path / "d.npy", np.arange(5))
    assert read_sample(tmp_path / "d.npy").values.tolist() == [[0.0], [1.0], [2.0], [3.0], [4.0]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("d.csv", b"a,b\n1,2\n3,x\n", "a column of numbers"),
        ("d.csv", b"a,b\n1,2\n3,\n", "rows of finite numbers"),
        ("d.csv", b"a,b\n1,2\n3,nan\n", "rows of finite numbers"),
        ("d.csv", b"", "cannot be read as .csv"),
        ("d.csv", b"a,b\n", "a column of numbers"),
        ("d.npy", b"abc", "cannot be read as .npy"),
        ("d.parquet", b"abc", "cannot be read as .parquet"),
        ("d.txt", b"1\n2\n", "a file ending in"),
    ],
)
def test_refused(name, content, said, tmp_path):
    place = tmp_path / name
    place.write_bytes(content)
    with pytest.raises(InputError, match=said):
        read_sample(place)


def test_more_refused(tmp_path):
    with pytest.raises(InputError, match="a file that exists"):
        read_sample(tmp_path / "none.csv")
    with pytest.raises(InputError, match="The table has 'a', 'b'"):
        read_sample(write(tmp_path / "d.csv"), ["c"])
    np.save(tmp_path / "objects.npy", np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match="cannot be read as"):
        read_sample(tmp_path / "objects.npy")
    np.save(tmp_path / "cube.npy", np.zeros((2, 2, 2)))
    with pytest.raises(InputError, match="rows of finite numbers"):
        read_sample(tmp_path / "cube.npy")
