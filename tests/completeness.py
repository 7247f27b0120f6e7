"""In CI everything that the tests need is installed, so a test that is skipped there has failed.

Only data that is no part of the project may be absent.
"""

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

FOREIGN_DATA = "test_medicina.jsonl"
AnyReport = TypeVar("AnyReport", pytest.TestReport, pytest.CollectReport)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Look at the report of each test."""
    return _nothing_skipped((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Look at the report of each file, for one can be skipped as a whole."""
    return _nothing_skipped((yield))


def _nothing_skipped(report: AnyReport) -> AnyReport:
    in_ci = os.environ.get("CI", "").lower() == "true"
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if in_ci and report.skipped and not hasattr(report, "wasxfail") and FOREIGN_DATA not in reason:
        report.outcome = "failed"
        report.longrepr = f"In CI no test may be skipped: {reason.removeprefix('Skipped: ')}"
    return report
