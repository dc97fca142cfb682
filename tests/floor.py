"""What every one of thousands of tests would pay for and none of them uses.

pytest-django prepares each test for marks and classes that this house has none of: a third of
what an empty test takes.
"""

import pytest

UNUSED = {
    "_django_clear_site_cache",  # no django.contrib.sites
    "_django_isolate_apps",  # no mark of that name, and so below
    "_django_set_urlconf",
    "_django_setup_unittest",  # no classes of unittest
    "_fail_for_invalid_template_variable",
    "_live_server_helper",  # tests.live and tests.browsing have servers of their own
    "_template_string_if_invalid_marker",
}


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Take the unused fixtures from those that every test has; another release may lack them."""
    found = getattr(session, "_fixturemanager", None)
    for kept in ("_node_autousenames", "_nodeid_autousenames"):
        for names in getattr(found, kept, {}).values():
            names[:] = [name for name in names if name not in UNUSED]
