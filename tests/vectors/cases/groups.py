"""Histories of groups: what is refused, and what branches amount to when they meet."""

from tests.vectors.cases import group_bans, group_content, group_devices, group_limits, group_members
from tests.vectors.cases.case import Case


def groups() -> list[Case]:
    return [
        *group_members.cases(),
        *group_bans.cases(),
        *group_devices.cases(),
        *group_content.cases(),
        *group_limits.cases(),
    ]
