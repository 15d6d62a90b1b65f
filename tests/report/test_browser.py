"""The page in a real browser: no error, no request to anywhere, charts with marks, a table that can be searched."""

import re
import shutil
from pathlib import Path

import pytest

from modelcollapse import CountTable, fit, forecast
from modelcollapse.planning import plan
from modelcollapse.report.fit_page import fit_page
from modelcollapse.report.page import save_page
from modelcollapse.report.page_data import shown
from modelcollapse.report.plan_page import plan_page
from modelcollapse.report.wording import percent
from modelcollapse.workflows import FreshMix

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
SWITCHES = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EVIL = [
    "</script><script>document.title='broken'</script>",
    "<img src=x onerror=\"document.title='broken'\">",
    "\u202egnp",
    "&lt;b&gt;",
]

pytestmark = [
    pytest.mark.skipif(
        BROWSER is None, reason="no browser: chromium, chromium-browser or google-chrome is not in PATH"
    ),
    pytest.mark.xdist_group("browser"),
]


@pytest.fixture(scope="module")
def browser():
    sync_api = pytest.importorskip("playwright.sync_api", reason="the package playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=SWITCHES)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def path(short, tmp_path_factory):
    path = tmp_path_factory.mktemp("page") / "forecast.html"
    save_page(short, path)
    return path


class Visit:
    """An open page, and everything that it complained about or asked for."""

    def __init__(self, browser, path, width=1280, scheme="light"):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.complaints, self.requests = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("#vocabulary-chart svg.marks")
        self.page.wait_for_selector("#forgetting-chart svg.marks")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.context.close()

    def words(self):
        return self.page.locator("#table tbody th").all_inner_texts()

    def column(self, number):
        return self.page.locator(f"#table tbody td:nth-child({number})").all_inner_texts()

    def status(self):
        return self.page.locator("#status").inner_text()

    def click_head(self, key):
        self.page.locator(f"#table th[data-key={key}] button").click()


@pytest.fixture(scope="module")
def visit(browser, path):
    with Visit(browser, path) as visit:
        yield visit


@pytest.fixture(autouse=True)
def fresh(visit):
    visit.page.reload()
    visit.page.wait_for_selector("#forgetting-chart svg.marks")


def test_no_complaint_and_no_request_elsewhere(visit):
    assert visit.complaints == []
    assert {url.split(":")[0] for url in visit.requests} == {"file"}


@pytest.mark.parametrize(
    ("chart", "least"),
    [
        ("vocabulary", {"mark-area": 1, "mark-line": 1, "mark-text": 1, "mark-symbol": 1}),
        ("forgetting", {"mark-area": 1, "mark-line": 2, "mark-symbol": 50}),
    ],
)
def test_charts_have_marks(visit, chart, least):
    for mark, number in least.items():
        drawn = visit.page.locator(f"#{chart}-chart svg.marks .{mark}.role-mark > *").count()
        assert drawn >= number, mark


def test_charts_are_described_in_words(visit, short):
    label = visit.page.locator("#vocabulary-chart [role=graphics-document]").get_attribute("aria-label")
    assert f"After 60 generations {short.mean[-1]:,.0f} are expected to be left" in label


def test_tooltips_hold_numbers(visit):
    for chart in ("vocabulary", "forgetting"):
        visit.page.locator(f"#{chart}-chart svg.marks").hover(position={"x": 250, "y": 150})
        tooltip = visit.page.locator("#vg-tooltip-element.visible")
        tooltip.wait_for()
        values = tooltip.locator("td.value").all_inner_texts()
        assert len(values) >= 4
        assert all(re.match(r"[\d,.]+|never", value) for value in values)
        visit.page.mouse.move(5, 5)


def test_the_table_filters(visit, short):
    assert visit.status() == f"1 to 25 of {short.table.types + 1} words"
    visit.page.fill("#filter", "Word100")
    assert visit.words() == ["word100"]
    assert visit.status() == "1 to 1 of 1 word"
    visit.page.fill("#filter", "nothing like it")
    assert visit.words() == []
    assert visit.status() == "no such word in the table"
    visit.page.fill("#filter", "")
    assert len(visit.words()) == 25


def test_the_table_sorts(visit):
    assert set(visit.column(2)) == {"1"}
    visit.click_head("count")
    counts = [int(text.replace(",", "")) for text in visit.column(2)]
    assert counts[0] == 3000
    assert counts == sorted(counts, reverse=True)
    assert visit.page.locator("#table th[aria-sort=descending]").get_attribute("data-key") == "count"
    visit.click_head("word")
    assert visit.words() == sorted(visit.words())
    visit.click_head("late")
    visit.click_head("late")
    assert visit.column(5)[0] == "never"


def test_the_table_turns_pages_and_all_by_keyboard(visit):
    first = visit.words()
    visit.page.focus("#next")
    visit.page.keyboard.press("Enter")
    assert visit.status().startswith("26 to 50 of")
    assert set(first).isdisjoint(visit.words())
    visit.page.focus("#previous")
    visit.page.keyboard.press("Space")
    assert visit.words() == first
    visit.page.focus("#table th[data-key=count] button")
    visit.page.keyboard.press("Enter")
    assert visit.column(2)[0] == "3,000"


def test_numbers_as_in_the_forecast(visit, short):
    place = short.by_count.count.tolist().index(3000)
    visit.page.fill("#filter", short.table.words[0])
    early, median = (f"{value:,.0f}" for value in short.by_count.forgotten[:2, place])
    assert visit.column(2)[0] == "3,000"
    assert (visit.column(3)[0], visit.column(4)[0], visit.column(5)[0]) == (early, median, "never")
    assert visit.column(6)[0] == percent(short.by_count.survival[place])


def test_percentages_as_everywhere_else(visit):
    values = [0.0, 1e-9, 0.0001, 0.00123456, 0.1234, 0.5, 0.99, 0.999, 0.9991, 1.0]
    assert visit.page.evaluate("values => values.map((value) => share(value))", values) == list(map(percent, values))


def test_words_are_text_not_markup(browser, tmp_path):
    save_page(forecast(CountTable.from_counts(EVIL, [1, 2, 3, 4]), 2), tmp_path / "evil.html")
    with Visit(browser, tmp_path / "evil.html") as visit:
        assert visit.words() == [shown(word) for word in EVIL]
        assert visit.page.title() == "a corpus - modelcollapse forecast"
        assert visit.page.locator("#table img").count() == 0
        assert visit.complaints == []


def test_the_policy_stops_a_script_that_is_not_ours(visit):
    visit.page.evaluate(
        "const made = document.createElement('script'); made.textContent = 'window.broken = true';"
        "document.body.append(made)"
    )
    assert visit.page.evaluate("window.broken") is None
    visit.complaints.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_looks(browser, path, tmp_path, width, scheme):
    """Nothing is cut off sideways; paper and ink follow the reader's choice; the picture is kept to be looked at."""
    with Visit(browser, path, width, scheme) as visit:
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        for chart in ("vocabulary", "forgetting"):
            box = visit.page.locator(f"#{chart}-chart svg.marks").bounding_box()
            assert box["x"] + box["width"] <= width
            assert box["width"] > 0.3 * width
        paper, ink = visit.page.evaluate(
            "[getComputedStyle(document.body).backgroundColor, "
            "getComputedStyle(document.querySelector('.role-axis-title text')).fill]"
        )
        assert brightness(paper) > 200 if scheme == "light" else brightness(paper) < 50
        assert abs(brightness(paper) - brightness(ink)) > 150
        picture = tmp_path / f"page-{scheme}-{width}.png"
        visit.page.screenshot(path=picture, full_page=True)
        assert Path(picture).stat().st_size > 10_000


def brightness(colour):
    return sum(map(int, re.findall(r"\d+", colour)[:3])) / 3


def test_printed_dark_page_is_ink_on_paper(browser, path):
    with Visit(browser, path, scheme="dark") as visit:
        visit.page.emulate_media(media="print")
        paper = visit.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert brightness(paper) > 200
        assert not visit.page.locator("#filter").is_visible()


SIDES = (("left", "right"), ("top", "bottom"))
FIGURES = sorted((Path(__file__).parents[2] / "docs/figures").glob("*.svg"))


def faults(browser, svg):
    """Texts of a drawing that overlap, and those that stick out of it, with the fonts of this machine."""
    page = browser.new_page()
    page.set_content(f"<body style='margin: 0'>{svg}</body>")
    size, *texts = page.evaluate(
        """() => ["svg", "text"].flatMap(tag => [...document.querySelectorAll(tag)]
            .filter(each => tag === "svg" || each.textContent.trim() && getComputedStyle(each).opacity > 0)
            .map(each => ({said: each.textContent, ...each.getBoundingClientRect().toJSON()})))"""
    )
    page.close()
    out = [t["said"] for t in texts if t["left"] < 0 or t["right"] > size["right"] + 0.5]
    pairs = [(a, b) for i, a in enumerate(texts) for b in texts[i + 1 :]]
    shared = {
        (a["said"], b["said"]): [min(a[end], b[end]) - max(a[start], b[start]) for start, end in SIDES]
        for a, b in pairs
    }
    return out, [pair for pair, (across, down) in shared.items() if across > 1 and down > 3]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.stem)
def test_figures_have_room_for_their_text(browser, figure):
    """Whatever this machine has for Helvetica and Arial."""
    assert faults(browser, figure.read_text(encoding="utf-8")) == ([], [])


def test_text_without_room_is_seen(browser):
    """The negative control: letters half as wide again."""
    svg = (FIGURES[0].parent / "survival-surface.svg").read_text(encoding="utf-8")
    out, _ = faults(browser, re.sub(r'font-family="[^"]*"', 'font-family="monospace"', svg))
    assert any("Chance that a word" in text for text in out)
    svg = (FIGURES[0].parent / "bernoulli-survival.svg").read_text(encoding="utf-8")
    _, overlapping = faults(browser, re.sub(r'font-family="[^"]*"', 'font-family="monospace"', svg))
    assert overlapping


@pytest.mark.parametrize("width", [1200, 400])
def test_sentences_among_the_numbers_wrap(browser, short, tmp_path, width):
    """The verdict of a frontier is one long line of the text that the page shows."""
    path = tmp_path / "plan.html"
    path.write_text(plan_page(plan(short.table, 2, vary="sample-size,fresh", relative=True)), encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(path.as_uri())
    numbers = page.locator("#numbers")
    inside = "e => [...e.querySelectorAll('.sentence')].every(one => one.offsetWidth < e.clientWidth)"
    assert "Many pairs" in numbers.inner_text()
    assert len(max(numbers.inner_text().split("\n"), key=len)) > 150
    assert numbers.evaluate(inside)
    page.add_style_tag(content="pre .sentence { white-space: pre !important; max-width: none !important; }")
    assert not numbers.evaluate(inside)
    page.close()


def test_indented_notes_wrap_below_their_own_beginning(browser, tmp_path):
    """Those among the tables of a fit; a line of a table keeps its columns."""
    tables = [CountTable.from_counts("abc", [500 - n, 300 + n, 20], name=f"{n}") for n in (0, 7)]
    path = tmp_path / "fit.html"
    path.write_text(fit_page(fit(tables, generations=2, rng=1)), encoding="utf-8")
    page = browser.new_page(viewport={"width": 400, "height": 900})
    page.goto(path.as_uri())
    note = page.locator("#numbers .sentence").filter(has_text="resample: mean")
    assert note.inner_text().startswith("  resample: mean and standard deviation")
    lines = "e => { const r = document.createRange(); r.selectNodeContents(e); return [...r.getClientRects()] }"
    pieces = note.evaluate(lines)
    lefts = [min(p["left"] for p in pieces if p["top"] == top) for top in sorted({p["top"] for p in pieces})]
    letter = page.locator("#numbers").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") * 0.602
    assert len(lefts) > 2
    assert [round((left - lefts[0]) / letter) for left in lefts] == [0] + [2] * (len(lefts) - 1)
    assert page.locator("#numbers .sentence").filter(has_text="effective sample size  ").count() == 0
    page.close()


def test_no_times_where_nothing_is_lost_for_ever(browser, short, tmp_path):
    path = tmp_path / "forecast.html"
    save_page(forecast(short.table, 3, workflow=FreshMix(0.1), words=["word003"]), path)
    with Visit(browser, path) as visit:
        heads = [head for head in visit.page.locator("th[scope=col]").all() if head.is_visible()]
        assert [head.inner_text().strip() for head in heads] == ["Word", "Count", "Left at 3"] * 2
        assert visit.page.locator("#table tbody tr").first.locator("td:visible").count() == 2
