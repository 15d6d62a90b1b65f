import re
import subprocess
import sys

import altair as alt
import numpy as np
import pytest
import vl_convert

from modelcollapse import CountTable, forecast
from modelcollapse.report import chart_style
from modelcollapse.report.charts import forecast_figure, forgetting_chart, vocabulary_chart
from modelcollapse.report.forgetting_chart import forgetting_rows
from modelcollapse.report.vocabulary_chart import vocabulary_rows


def rows_of(chart):
    spec = chart.to_dict()
    return spec["datasets"][spec["data"]["name"]]


def encodings(spec, channel):
    """Every definition of a channel, layer by layer."""
    found = [spec["encoding"][channel]] if channel in spec.get("encoding", {}) else []
    return found + [item for layer in spec.get("layer", []) for item in encodings(layer, channel)]


def test_vocabulary_rows_are_the_forecast(short):
    rows = vocabulary_rows(short)[1:]
    types = short.table.types
    assert [row["generation"] for row in rows] == short.generation.tolist()
    np.testing.assert_array_equal([row["words"] for row in rows], short.mean)
    for name, column in (("share", short.mean), ("low", short.low), ("high", short.high)):
        np.testing.assert_allclose([row[name] for row in rows], column / types, rtol=1e-15)


def test_vocabulary_starts_with_the_whole(short):
    first = vocabulary_rows(short)[0]
    assert (first["generation"], first["share"], first["low"], first["high"]) == (0, 1, 1, 1)


def test_far_horizon_is_thinned_and_logarithmic(long):
    rows = vocabulary_rows(long)
    assert rows[0]["generation"] == 1
    assert rows[-1]["generation"] == 10**5
    assert 100 < len(rows) <= chart_style.MOST_POINTS
    assert encodings(vocabulary_chart(long).to_dict(), "x")[0]["scale"]["type"] == "log"


def test_near_horizon_is_linear(short):
    assert "type" not in encodings(vocabulary_chart(short).to_dict(), "x")[0]["scale"]


def test_forgetting_rows_are_the_forecast(short):
    rows, by_count = forgetting_rows(short), short.by_count
    assert [row["count"] for row in rows] == by_count.count.tolist()
    assert [row["words"] for row in rows] == by_count.words.tolist()
    for level, name in enumerate(("early", "median", "late")):
        values = [np.inf if row[name] is None else row[name] for row in rows]
        np.testing.assert_array_equal(values, by_count.forgotten[level])
    np.testing.assert_array_equal([row["thumb"] for row in rows], by_count.thumb)


def test_unreached_generations_end_the_line(short):
    """The most frequent word outlives all others with a chance above 5 %: no number is made up for it."""
    last = forgetting_rows(short)[-1]
    assert np.isinf(short.by_count.forgotten[2, -1])
    assert last["late"] is None
    assert last["late_text"] == "never"


def test_charts_draw_the_rows(short):
    assert rows_of(vocabulary_chart(short)) == vocabulary_rows(short)
    assert rows_of(forgetting_chart(short)) == forgetting_rows(short)


def test_half_gone_is_marked(short):
    text = [item["value"] for item in encodings(vocabulary_chart(short).to_dict(), "text")]
    assert text == [f"half gone by generation {int(short.half_gone)}"]


@pytest.mark.parametrize("generations", [1, 2])
def test_half_gone_beyond_the_horizon_is_said(table, generations):
    result = forecast(table, generations)
    spec = vocabulary_chart(result).to_dict()
    assert encodings(spec, "text") == []
    assert spec["title"]["subtitle"][-1] == f"Half is gone by generation {int(result.half_gone)}, beyond this chart"


def test_half_never_gone():
    spec = vocabulary_chart(forecast(CountTable.from_counts(["a"], [3]), 10)).to_dict()
    assert encodings(spec, "text") == []
    assert len(spec["title"]["subtitle"]) == 2


def test_thumb_is_named_for_the_sample_size(table, short):
    def names(result):
        return encodings(forgetting_chart(result).to_dict(), "strokeDash")[0]["scale"]["domain"]

    assert names(short)[1] == "law of thumb, 2.885 × count"
    assert names(forecast(table, 5, sample_size=100))[1] == "law of thumb, 2.885 n p"


@pytest.mark.parametrize(
    ("words", "counts", "generations", "size"),
    [("a", [1], 1, 1), ("a", [7], 3, None), ("abc", [1, 1, 1], 2, None), ("ab", [10**12, 1], 10**9, 10**6)],
)
def test_odd_corpora_draw(words, counts, generations, size):
    result = forecast(CountTable.from_counts(list(words), counts), generations, sample_size=size)
    spec = forecast_figure(result).to_dict()  # Altair validates it against the schema
    domains = [item["scale"]["domain"] for part in spec["hconcat"] for item in encodings(part, "y") if "scale" in item]
    assert all(low < high for low, high in domains)


def test_few_counts_are_bars_not_a_band():
    result = forecast(CountTable.from_counts(list("abc"), [100, 50, 20], name="few"), 5)
    assert forgetting_chart(result).to_dict()["layer"][0]["mark"]["type"] == "bar"


def test_the_band_is_open_where_late_loss_is_not_certain(short):
    """The early end of the band is drawn for every word; where the late end is never reached, up to the top."""
    spec = forgetting_chart(short).to_dict()
    filtered, calculated, _ = spec["layer"][0]["transform"]
    assert filtered == {"filter": "isValid(datum.early)"}
    top = encodings(spec, "y")[0]["scale"]["domain"][1]
    assert float(calculated["calculate"].rpartition(" : ")[2]) == pytest.approx(top, rel=1e-5)
    assert any("95 % is never reached" in line for line in spec["title"]["subtitle"])


def test_description_says_it_in_words(short):
    text = vocabulary_chart(short).to_dict()["description"]
    assert f"After 60 generations {short.mean[-1]:,.0f} are expected to be left" in text
    assert "occur once are gone by generation 2" in forgetting_chart(short).to_dict()["description"]


def test_the_figure_keeps_the_colours_of_its_parts_apart(short):
    spec = forecast_figure(short).to_dict()
    assert spec["resolve"]["scale"] == {"fill": "independent", "stroke": "independent", "strokeDash": "independent"}
    assert spec["config"]["background"] == "white"


def test_decades():
    assert chart_style.decades(1, 10) == [1, 2, 5, 10]
    assert chart_style.decades(1, 10**12) == [10**power for power in range(13)]


def drawn_labels(axis, low, high, height):
    """The labels of a vertical axis as Vega draws them, and the values that they stand for."""
    y = alt.Y("value:Q", scale=alt.Scale(domain=[low, high], nice=False, zero=False), axis=axis)
    chart = alt.Chart(alt.InlineData(values=[{"value": low}])).mark_point().encode(y=y).properties(height=height)
    drawn = vl_convert.vegalite_to_svg(chart.to_json())
    return [int(text) for text in re.findall(r">(\d+)</text>", drawn)]


@pytest.mark.parametrize("height", [150, 340])
def test_ticks_of_whole_numbers_are_whole_and_apart(height):
    """Only whole numbers, each once and within the range, on ranges of every length from 1.3 to 9 and beyond."""
    for low, high in [(6.16, 7.5), (0, 1), (1, 2), (0, 2), (1, 3), (6.4, 8.6), (97.1, 100.0), (4.5, 9.5), (0, 730.0)]:
        labels = drawn_labels(chart_style.whole_axis("Words", low, high), low, high, height)
        assert labels == sorted(set(labels)), (low, high)
        assert labels, (low, high)
        assert low <= labels[0] <= labels[-1] <= high
    steps = alt.Axis(title="Words", format=",d", tickMinStep=1)  # the negative control: what Vega makes of it alone
    assert drawn_labels(steps, 6.16, 7.5, height) == [7, 7, 8]


def test_thin_keeps_both_ends():
    values = np.unique(np.geomspace(1, 10**9, 5000).astype(np.int64))
    places = chart_style.thin(values, logarithmic=True)
    assert places[0] == 0
    assert places[-1] == len(values) - 1
    assert len(places) <= chart_style.MOST_POINTS


def test_importing_reports_loads_no_drawing_library():
    code = (
        "import sys, modelcollapse.report, modelcollapse.report.page, modelcollapse.report.save;"
        "sys.exit('altair' in sys.modules or 'vl_convert' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
