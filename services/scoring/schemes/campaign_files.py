"""A campaign of an office from one YAML file, with line and column in every error."""

from pathlib import Path

from services.scoring.engine.campaigns.campaign import (
    Campaign,
    CampaignMistake,
    KnownItems,
    find_campaign_errors,
)
from services.scoring.engine.scheme.model import SchemeMistake
from services.scoring.schemes.error_locations import LocatedError, locate_node, sort_errors
from services.scoring.schemes.scheme_files import MAX_SCHEME_BYTES, parse_document
from services.scoring.schemes.yaml_tree import compose_yaml


def read_campaign(path: Path) -> Campaign:
    """Read a file and check its shape. Raises CampaignMistake that names every mistake."""
    try:
        return parse_document(read_campaign_text(path), Campaign, path.name)
    except SchemeMistake as mistake:
        raise CampaignMistake(mistake.detail) from None


def check_campaign(path: Path, campaign: Campaign, known: KnownItems) -> None:
    """Raise CampaignMistake where the file names what neither ledger nor scheme knows."""
    root = compose_yaml(read_campaign_text(path), path.name)
    errors = [
        LocatedError(locate_node(root, keys)[0], "", message)
        for keys, message, _ in find_campaign_errors(campaign, known)
    ]
    if errors:
        raise CampaignMistake("\n".join(f"{path.name} {error}" for error in sort_errors(errors)))


def read_campaign_text(path: Path) -> str:
    """Raises CampaignMistake for a file that is missing, too large or not UTF-8."""
    try:
        if path.stat().st_size > MAX_SCHEME_BYTES:
            raise CampaignMistake(f"{path} 超过 {MAX_SCHEME_BYTES} 字节，不像攻坚行动的文件")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CampaignMistake(f"{path} 不是 UTF-8 文本") from None
    except (OSError, ValueError):
        raise CampaignMistake(f"读不到文件 {path}") from None
