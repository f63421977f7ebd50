"""A campaign as an office writes it: one YAML file, with line and column in every error."""

from pathlib import Path

from services.scoring.engine.campaigns.campaign import Campaign, CampaignMistake, Known, mistakes
from services.scoring.engine.scheme.model import SchemeMistake
from services.scoring.schemes.error_locations import Mistake, in_order, place
from services.scoring.schemes.scheme_files import MOST_BYTES, parse
from services.scoring.schemes.yaml_tree import composed


def read_campaign(path: Path) -> Campaign:
    """What a file says, of the right shape. Raises CampaignMistake that names every mistake."""
    try:
        return parse(text_of(path), Campaign, path.name)
    except SchemeMistake as mistake:
        raise CampaignMistake(mistake.detail) from None


def check_campaign(path: Path, campaign: Campaign, known: Known) -> None:
    """Raises CampaignMistake where the file names what neither ledger nor scheme knows."""
    root = composed(text_of(path), path.name)
    found = [Mistake(place(root, at)[0], "", said) for at, said, _ in mistakes(campaign, known)]
    if found:
        raise CampaignMistake("\n".join(f"{path.name} {told}" for told in in_order(found)))


def text_of(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CampaignMistake(f"{path} 超过 {MOST_BYTES} 字节，不像攻坚行动的文件")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise CampaignMistake(f"{path} 不是 UTF-8 文本") from None
    except (OSError, ValueError):
        raise CampaignMistake(f"读不到文件 {path}") from None
