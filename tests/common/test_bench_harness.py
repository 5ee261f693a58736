"""The figures of the measurements are what they say."""

import json

from bench import _harness


def test_the_summary_is_median_and_nearest_rank_p95():
    found = _harness.summary([float(n) for n in range(1, 101)])
    assert (found["median_ms"], found["p95_ms"], found["most_ms"]) == (50.5, 95.0, 100.0)


def test_one_run_is_its_own_p95():
    assert _harness.summary([7.0])["p95_ms"] == 7.0


def test_warm_calls_are_not_counted():
    calls = []
    assert _harness.measure(lambda: calls.append(1), runs=4, warm=2)["runs"] == 4
    assert len(calls) == 6


def test_the_report_is_one_json_object(capsys):
    _harness.report("pages", {"a": 1}, database="sqlite")
    told = json.loads(capsys.readouterr().out)
    assert told["results"] == {"a": 1}
    assert told["database"] == "sqlite"
    assert told["machine"]["cores"]
