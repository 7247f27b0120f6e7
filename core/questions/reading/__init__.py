"""Readers of banks: what somebody wrote becomes a `Bank`, and what cannot be asked is named with a reason."""

from core.questions.reading.bank import read_bank
from core.questions.reading.export import write_jsonl
from core.questions.reading.report import InvalidBank, Progress, Reading, Rejection

__all__ = ["InvalidBank", "Progress", "Reading", "Rejection", "read_bank", "write_jsonl"]
