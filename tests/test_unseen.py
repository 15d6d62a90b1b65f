"""What a corpus never saw: the estimates by other routes and by simulation, and the forecast corrected for them."""

import json

import numpy as np
import pytest
from click.testing import CliRunner

from modelcollapse import Categorical, Corpus, CountTable, Recursion, embedded, forecast, solve
from modelcollapse.cli.forecast import UNSEEN, command
from modelcollapse.report.page import forecast_page
from modelcollapse.report.text import forecast_text
from modelcollapse.statistics import LostMass, Survival
from modelcollapse.unseen import unseen
from modelcollapse.workflows import FixedReal

SMALL = CountTable.from_counts(list("abcdefgh"), [1, 1, 1, 1, 2, 2, 12, 80], name="small")


def corpus(law, tokens, rng):
    """A corpus drawn from a law, and the counts of every word of the law."""
    counts = rng.multinomial(tokens, law)
    present = np.flatnonzero(counts)
    return CountTable.from_counts([f"w{i}" for i in present], counts[present]), counts


@pytest.mark.parametrize("table", [SMALL, embedded()], ids=["small", "embedded"])
def test_chao_and_its_variance_by_the_delta_method(table):
    """Var of types + A f1^2 / (2 f2), the numbers f1, f2 and the rest being multinomial over all words."""
    counts, tokens = np.asarray(table.counts), table.tokens
    once, twice, rest = (int(n) for n in ((counts == 1).sum(), (counts == 2).sum(), (counts > 2).sum()))
    shrink = 1 - 1 / tokens
    ratio = once / twice
    slopes = np.array([1 + shrink * ratio, 1 - shrink * ratio**2 / 2, 1.0])
    numbers = np.array([once, twice, rest])
    everything = table.types + shrink * once**2 / (2 * twice)
    variance = (slopes**2 * numbers).sum() - (slopes * numbers).sum() ** 2 / everything
    found = unseen(table)
    assert found.words == pytest.approx(everything - table.types, rel=1e-12)
    assert found.sd == pytest.approx(np.sqrt(variance), rel=1e-9)
    assert np.sqrt(found.low * found.high) == pytest.approx(found.words, rel=1e-12)


def test_good_and_turing():
    found = unseen(SMALL)
    assert found.mass == SMALL.unseen_mass == 0.04
    assert found.coverage == 0.96
    assert found.mass_low == 0
    assert found.mass_high == pytest.approx(0.04 + 1.959964 * np.sqrt((4 * 0.96 + 2 * 2) / 100**2), rel=1e-6)


def test_equally_frequent_words_are_all_found():
    """500 words, 600 tokens: the mean over 300 corpora is 500 within 2 %, intervals cover 95 %, fewer than 262 of
    300 with chance 1e-7. Twice Chao's number is caught, and so are intervals of half the width."""
    rng, law = np.random.default_rng(1), np.full(500, 1 / 500)
    found, covered, halves, mass = [], 0, 0, 0
    for _ in range(300):
        table, counts = corpus(law, 600, rng)
        one, missing = unseen(table), int((counts == 0).sum())
        found.append(one.words - missing)
        covered += one.low <= missing <= one.high
        halves += abs(one.words - missing) < (one.high - one.low) / 8
        mass += one.mass_low <= missing / 500 <= one.mass_high
    error = np.std(found) / np.sqrt(300)
    assert abs(np.mean(found)) < 5 * error + 10
    assert abs(np.mean(found) + 150) > 5 * error + 10
    assert min(covered, mass) >= 262 > halves


def test_it_is_a_lower_bound_where_words_differ():
    law = 1 / np.arange(1.0, 5001)
    table, counts = corpus(law / law.sum(), 10_000, np.random.default_rng(2))
    assert unseen(table).high < (counts == 0).sum()


@pytest.mark.parametrize(("counts", "words", "mass"), [([2, 3], 0, 0), ([1, 5], 0, 1 / 6), ([1, 1, 1], 2, 1)])
def test_few_words(counts, words, mass):
    table = CountTable.from_counts([str(i) for i in range(len(counts))], counts)
    found = unseen(table)
    assert (found.words, found.mass) == (pytest.approx(words), pytest.approx(mass))
    corrected = forecast(table, 5, unseen=True).unseen
    assert np.isfinite(corrected.lost_mass).all()
    assert (corrected.share <= 1).all()
    json.dumps(corrected.to_dict(), allow_nan=False)


def test_lost_mass_token_by_token():
    """The mean over all tokens of the chance that their word would be absent, had it occurred once less."""
    rng = np.random.default_rng(3)
    law = 1 / np.arange(1.0, 100)
    table, _ = corpus(law / law.sum(), 300, rng)
    expected = np.zeros(2)
    for count in np.asarray(table.counts).tolist():
        pair = Recursion(Categorical(), Corpus([count - 1, 300 - count + 1]), 300)
        expected += count / 300 * (1 - solve(pair, Survival([0]), [1, 20])["survival"].value[:, 0])
    found = forecast(table, 20, unseen=True).unseen
    assert found.lost_mass[[0, 19]] == pytest.approx(expected, rel=1e-8)


def test_correction_is_right_on_average():
    """A language is known, 40 corpora are drawn: the share of it that is lost, |z| < 5. Uncorrected it is not."""
    law = 1 / (np.arange(1.0, 3001) + 10)
    law /= law.sum()
    rng, corrected, plain = np.random.default_rng(4), [], []
    for _ in range(40):
        table, counts = corpus(law, 4000, rng)
        recursion = Recursion(Categorical(), Corpus(counts), 4000)
        present = solve(recursion, Survival(), [3])["survival"].value[0]
        truth = law @ (1 - present)
        found = forecast(table, 3, unseen=True)
        corrected.append(found.unseen.lost_mass[-1] - truth)
        plain.append(found.lost_mass[-1] - truth)
    assert abs(np.mean(corrected)) < 5 * np.std(corrected) / np.sqrt(40)
    assert abs(np.mean(plain)) > 25 * np.std(plain) / np.sqrt(40)


def test_share_and_half_gone():
    found = forecast(embedded(), 10, unseen=True)
    everything = found.table.types + found.unseen.estimate.words
    assert found.unseen.share == pytest.approx(found.mean / everything, rel=1e-12)
    assert (found.unseen.share_low < found.unseen.share).all()
    half = int(found.unseen.half_gone)
    assert found.mean[half - 1] <= everything / 2 < found.mean[half - 2]
    assert forecast(SMALL, 4, unseen=True).unseen.half_gone == 0 or unseen(SMALL).words < SMALL.types


def test_without_the_option_nothing_changes():
    plain, corrected = forecast(SMALL, 5).to_dict(), forecast(SMALL, 5, unseen=True).to_dict()
    assert "unseen" not in plain
    assert {key: value for key, value in corrected.items() if key != "unseen"} == plain
    assert "Words never seen" not in forecast_text(forecast(SMALL, 5))
    assert "unseen-title" not in forecast_page(forecast(SMALL, 5))


def test_under_another_workflow():
    found = forecast(SMALL, 5, workflow=FixedReal(), unseen=True).unseen
    recursion = Recursion(Categorical(), Corpus(SMALL.counts), 100, FixedReal())
    assert found.lost_mass[-1] >= solve(recursion, LostMass(), [5], method="exact")["lost_mass"].value[0]


def test_table_page_and_command_line(tmp_path):
    result = forecast(SMALL, 5, unseen=True)
    for text in (forecast_text(result), forecast_page(result)):
        assert "at least 4 more" in text
        assert "drawn token by token, independently" in text
        assert "lower bound (Chao)" in text
    assert "10.2307/2531532" in forecast_page(result)
    path = tmp_path / "small.tsv"
    path.write_text("\n".join(f"{w}\t{c}" for w, c in zip(SMALL.words, SMALL.counts, strict=True)), encoding="utf-8")
    out = CliRunner().invoke(command, [str(path), "--generations", "5", "--unseen", "--format", "csv"]).output
    assert out.splitlines()[0].endswith(",".join(UNSEEN))
    last = [float(cell) for cell in out.splitlines()[-1].split(",")]
    assert last[-2:] == [result.unseen.share[-1], result.unseen.lost_mass[-1]]
    shown = CliRunner().invoke(command, [str(path), "--generations", "5", "--unseen", "--format", "json"]).output
    assert json.loads(shown)["unseen"] == result.unseen.to_dict()


def test_page_of_the_documentation_names_every_key():
    from pathlib import Path

    page = (Path(__file__).parents[1] / "docs/forecast.md").read_text(encoding="utf-8")
    keys = {"unseen", *forecast(SMALL, 2, unseen=True).unseen.to_dict(), *UNSEEN}
    assert {key for key in keys if f"`{key}`" not in page} == set()
