"""A sitting against a small model of it: see `machine.py`, which also does more runs."""

from tests.core.exams.machine import SETTINGS, SittingMachine

TestSitting = SittingMachine.TestCase
TestSitting.settings = SETTINGS
