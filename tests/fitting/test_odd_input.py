"""What cannot be successive generations is refused or warned of, with the word or file that shows it."""

import warnings

import numpy as np
import pytest

from modelcollapse import CountTable, InputError, fit
from modelcollapse.errors import InputWarning
from modelcollapse.fitting.tokenisation import hint


def table(name, **counts):
    return CountTable.from_counts(list(counts), list(counts.values()), name=name)


FULL = table("full", a=50, b=30, c=15, d=5)
LESS = table("less", a=55, b=28, c=17)
LEAST = table("least", a=60, b=40)
BACK = table("back", a=52, b=30, c=14, d=4)


@pytest.mark.parametrize("order", [(LEAST, LESS, FULL), (LESS, FULL), (LEAST, FULL)])
def test_reversed_order_is_refused(order):
    with pytest.raises(
        InputError, match=r"out of order: from .* words only appear, as '[cd]'.* give them in the order full"
    ):
        fit(order)


def test_generation_0_must_hold_every_word():
    with pytest.raises(
        InputError, match=r"out of order: full holds every word .* and less, the first, lacks some, as 'd'"
    ):
        fit([LESS, FULL, LEAST])


def test_another_order_without_returning_words_is_warned_of():
    rng = np.random.default_rng(1)
    words = [f"w{i}" for i in range(60)]
    origin = np.arange(1, 61)
    data = [
        CountTable.from_counts(words[60 - n :], rng.poisson(20 * origin[60 - n :]) + 1, name=f"{n}")
        for n in (60, 40, 50)
    ]
    with pytest.warns(
        InputWarning, match="from 40 to 50 words appear, as 'w10'; in the order 60, 50, 40 none ever would"
    ):
        found = fit(data, rng=1)
    assert len(found.warnings) == 1


def test_growth_from_zero_under_replace_names_the_word():
    with pytest.raises(
        InputError, match="The word 'd' is absent in generation 1 and occurs 4 times in generation 2"
    ) as said:
        fit([FULL, LESS, BACK], fresh=0)
    assert "leave `fresh` (--fresh) out" in str(said.value)
    assert fit([FULL, LESS, BACK], rng=1).fresh.value > 0
    with pytest.raises(InputError, match=r"generation 0 \(`zero`, --zero\)"):
        fit([FULL, LESS, BACK], first=2)


def test_one_generation_is_refused():
    for tables in ([FULL], []):
        with pytest.raises(InputError):
            fit(tables)
    with pytest.raises(InputError, match="single generation was given"):
        fit([FULL])


def test_the_same_counts_twice():
    with pytest.raises(InputError, match="was one file given twice"):
        fit([FULL, FULL, LESS])


def test_one_word():
    with pytest.raises(InputError, match="hold one word, 'a'"):
        fit([table("one", a=3), table("two", a=5)])


def test_shares_multiplied_by_a_number():
    large = [CountTable.from_counts(["a", "b"], [10**17 + 10**3 * i, 10**17 - 10**3 * i]) for i in range(3)]
    with pytest.raises(InputError, match="differ less than"):
        fit(large)


def test_strangers_are_refused():
    with pytest.raises(InputError, match="80 % of its tokens are words that full lacks, such as 'x'"):
        fit([FULL, table("other", x=80, a=20)])


def test_capital_letters_are_told():
    upper = table("upper", A=1, a=55, b=28, c=17)
    with pytest.warns(InputWarning, match="lacks, such as 'A' .* in lower case, 100 % of these words would be known"):
        found = fit([FULL, upper, LEAST], rng=1)
    assert found.observed.outside.tolist() == [0, 1, 0]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        same = fit([FULL, LESS, LEAST], rng=1)
    assert found.fresh.value == same.fresh.value


@pytest.mark.parametrize(
    ("strange", "known", "said"),
    [
        (["the,", "(of"], ["the", "of"], "without the punctuation"),
        (["The,"], ["the", "of"], "in lower case and without"),
        (["Ġx", "Ġy"], ["the", "of"], "byte-pair"),
        (["▁x", "▁y"], ["the", "of"], "SentencePiece"),
        (["##x", "y"], ["the", "of"], "WordPiece"),
        (["of the"], ["the", "of"], "another number of words"),
        (["zyzzyva"], ["the", "of"], ""),
    ],
)
def test_hints(strange, known, said):
    found = hint(strange, known)
    assert said in found
    assert bool(found) == bool(said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"fresh": 1.5}, "`fresh` is 1.5"),
        ({"fresh": float("nan")}, "`fresh` is nan"),
        ({"fresh": 0.1, "first": 1}, "0 unless generation 0 is given"),
        ({"first": -1}, "`first` is -1"),
        ({"replicates": 10}, "`replicates` is 10"),
        ({"generations": 0}, "`generations` is 0"),
        ({"zero": FULL, "first": 0}, "`first` is 0"),
        ({"zero": 3}, "`tables` is 3"),
        ({"rng": -1}, "`rng` is -1"),
    ],
)
def test_arguments_out_of_range(arguments, said):
    with pytest.raises(InputError, match=said):
        fit([FULL, LESS, LEAST], **arguments)


def test_no_tables():
    for wrong in (5, ["a", "b"], [FULL, None], "ab"):
        with pytest.raises(InputError, match="a list of CountTable"):
            fit(wrong)
