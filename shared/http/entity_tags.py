"""Entity tags: what an answer's content is known by, and the conditions that name them (RFC 9110).

A tag is strong; that of a compressed answer is weak, as it stands for the content and not for the
bytes. A gateway that compresses weakens tags, too, so a version is the same in both forms.
"""

import base64
import hashlib
import re

DIGEST_BYTES = 12
ANY_TAG = "*"
# A version as `If-Match` may name it; its tag may say more of the content, as of what is published.
VERSION_PATTERN = r'^(W/)?"?[0-9]{1,18}(-[a-z0-9]{1,40})?"?$'
VERSION = re.compile("[0-9]+")
TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def digest_tag(content: bytes | memoryview) -> str:
    """The tag of a content that has no version."""
    digest = hashlib.sha256(content).digest()[:DIGEST_BYTES]
    return f'"{base64.urlsafe_b64encode(digest).decode()}"'


def weaken_tag(tag: str) -> str:
    return tag if tag.startswith("W/") else f"W/{tag}"


def version_tag(version: int, state: str = "") -> str:
    """The tag of a version, and of a state that an answer is in without being another version."""
    return f'"{version}-{state}"' if state else f'"{version}"'


def is_named(tag: str, condition: str) -> bool:
    """Whether `If-None-Match` names a tag, be it weak or strong."""
    return condition.strip() == ANY_TAG or tag.removeprefix("W/") in TAG.findall(condition)


def parse_version(condition: str) -> int:
    """Parse the version that `If-Match` names, a text of VERSION_PATTERN."""
    return int(VERSION.findall(condition)[0])
