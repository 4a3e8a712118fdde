"""verify.py as it travels, and the members of the example."""

import pytest

from tests.verifiers import changing, writing


@pytest.fixture(scope="module")
def script():
    return changing.as_module()


@pytest.fixture(scope="module")
def members():
    return writing.written()
