"""What every experiment keeps to, whichever files the folder holds."""

import json
from dataclasses import fields

import pytest

torch = pytest.importorskip("torch")

from howifeel import lab  # noqa: E402
from howifeel.lab.kit import options as lab_options  # noqa: E402
from howifeel.lab.kit import runner  # noqa: E402
from howifeel.lab.kit.result import read  # noqa: E402
from howifeel.lab.kit.written import formatted  # noqa: E402

SMALLEST = {"pictures": 112, "epochs": 2, "threads": 1}
"""Smaller than --quick, so that all of them take seconds."""

NEEDS = {
    "adversarial": "foolbox",
    "bias": "fairlearn",
    "saliency": "captum",
    "search": "optuna",
    "transfer-emotion": "skimage",
}


@pytest.fixture(autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module", params=lab.names())
def finished(request, tmp_path_factory):
    """The folder of an experiment that ran twice with the same seed, and both records."""
    name = request.param
    if name == "crops":
        request.getfixturevalue("facenet_package")
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    folder = tmp_path_factory.mktemp(name)
    kind = lab.load(name).Options
    known = {spec.name for spec in fields(kind)}
    given = {option: value for option, value in SMALLEST.items() if option in known}
    chosen = lab_options.from_values(kind, given, quick=True)
    torch.set_num_threads(1)
    records = [runner.run(name, chosen, folder / run, quick=True) for run in ("first", "second")]
    return folder / "first", *records


def repeatable(record):
    return [number for number in record.result.numbers if not number.varies]


def test_same_seed_gives_the_same_numbers(finished):
    _, first, second = finished
    assert repeatable(first) == repeatable(second)
    assert first.result.data_sha256 == second.result.data_sha256
    assert first.result.model == second.result.model


def test_result_tells_what_is_needed_to_repeat_it(finished):
    folder, record, _ = finished
    values = json.loads((folder / "result.json").read_text("utf-8"))
    assert values["config"]["seed"] == values["seed"] == record.seed
    assert len(values["commit"]) == 40 or values["commit"] == "unknown"
    assert values["packages"]["numpy"]
    assert len(values["result"]["data_sha256"]) == 64
    assert values["result"]["protocol"].endswith(".")
    assert read(folder) == record
    if model := record.result.model:
        assert len(model.sha256) == 64


def test_numbers_lie_in_their_intervals(finished):
    _, record, _ = finished
    assert len({number.name for number in record.result.numbers}) == len(record.result.numbers)
    for number in record.result.numbers:
        if number.low is not None:
            assert number.low <= number.value <= number.high, number
            assert number.method
        if number.kind == "share" and number.value is not None:
            assert -1 <= number.value <= 1, number


def test_folder_is_whole_and_the_page_needs_nothing_else(finished):
    folder, record, _ = finished
    expected = {figure.file for figure in record.result.figures} | set(record.result.pages)
    written = {path.name for path in folder.iterdir()}
    assert expected <= written
    assert {"result.json", "report.html"} <= written
    assert not [name for name in written if name.startswith(".")]
    html = (folder / "report.html").read_text("utf-8")
    assert "http://" not in html.replace("http://www.w3.org/", "")
    assert html.count('role="img"') == len(record.result.figures)
    for number in record.result.numbers:
        assert formatted(number) in html


def test_summary_is_a_sentence(finished):
    _, record, _ = finished
    assert record.summary.endswith(".")
    assert len(record.summary) < 100
