import errno
import os
import re
from pathlib import Path

import pytest
import vl_convert

from modelcollapse import InputError
from modelcollapse.errors import ModelCollapseError
from modelcollapse.report import save
from modelcollapse.report.charts import forecast_figure
from modelcollapse.report.page import save_page
from modelcollapse.report.save import picture, save_chart, write_file

STARTS = {".png": b"\x89PNG\r\n", ".svg": b"<svg", ".pdf": b"%PDF-"}


def full_disk(*_):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("kind", STARTS)
def test_pictures(short, tmp_path, kind):
    path = tmp_path / f"figure{kind.upper()}"
    save_chart(forecast_figure(short), path)
    content = path.read_bytes()
    assert content.startswith(STARTS[kind])
    assert len(content) > 5000
    assert list(tmp_path.iterdir()) == [path]


def test_svg_holds_the_numbers(short, tmp_path):
    save_chart(forecast_figure(short), tmp_path / "figure.svg")
    text = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert f"half gone by generation {int(short.half_gone)}" in text
    assert "law of thumb" in text


def test_an_svg_has_room_for_wider_fonts(short):
    """It names the fonts of every chart, and is laid out for the widest that a reader may have instead of them."""
    spec = forecast_figure(short).to_dict()
    named = spec["config"]["font"]
    roomy = picture(spec, ".svg").decode()
    tight = vl_convert.vegalite_to_svg(spec, vl_version=save.vega_lite_version())
    assert set(re.findall(r'font-family="([^"]*)"', roomy)) == {named}
    assert re.sub(r"<[^>]*>", "", roomy) == re.sub(r"<[^>]*>", "", tight)
    heads = [re.search(r'<svg[^>]* width="([\d.]+)"', svg) for svg in (roomy, tight)]
    assert float(heads[0].group(1)) > float(heads[1].group(1))


@pytest.mark.parametrize("name", ["figure", "figure.jpg", "figure.png.txt", ".png"])
def test_unknown_ending_is_refused_before_anything_is_drawn(tmp_path, name):
    with pytest.raises(InputError, match=r"`path` is .* but must be a file name ending in \.png, \.svg or \.pdf"):
        save_chart(None, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_the_version_of_the_chart_grammar_is_one_the_converter_has():
    assert save.vega_lite_version() is not None


def test_write_replaces_and_keeps_the_mode(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_new_file_has_the_mode_of_any_other(tmp_path):
    (tmp_path / "other").touch()
    write_file(tmp_path / "file", b"new")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("step", ["os.fsync", "pathlib.Path.replace"])
def test_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = tmp_path / "file"
    path.write_bytes(b"old")
    monkeypatch.setattr(step, full_disk)
    with pytest.raises(ModelCollapseError, match=r"cannot write .*file: No space left on device"):
        write_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_full_disk_leaves_no_page(short, tmp_path, monkeypatch):
    monkeypatch.setattr("os.fsync", full_disk)
    with pytest.raises(ModelCollapseError, match="No space left"):
        save_page(short, tmp_path / "page.html")
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_file(tmp_path / "file", b"new")
    assert list(tmp_path.iterdir()) == []


def test_missing_folder(tmp_path):
    with pytest.raises(ModelCollapseError, match=r"cannot write .*: No such file or directory"):
        write_file(tmp_path / "missing" / "file", b"new")


def test_folder_is_refused(tmp_path):
    with pytest.raises(InputError, match="It is a folder"):
        write_file(tmp_path, b"new")


def test_link_is_followed(tmp_path):
    link, target = tmp_path / "link", tmp_path / "target"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_file(link, b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(not Path(os.devnull).is_char_device(), reason="no character device to write to")
def test_device_is_written_to_not_replaced():
    write_file(os.devnull, b"new")
    assert Path(os.devnull).is_char_device()
