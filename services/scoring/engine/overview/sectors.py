"""The twenty sections of the national economy (GB/T 4754-2017), and which divisions are in each."""

from shared.facts.words import Word


class Sector(Word):
    """A section by its letter."""

    A = "A", "农、林、牧、渔业"
    B = "B", "采矿业"
    C = "C", "制造业"
    D = "D", "电力、热力、燃气及水生产和供应业"
    E = "E", "建筑业"
    F = "F", "批发和零售业"
    G = "G", "交通运输、仓储和邮政业"
    H = "H", "住宿和餐饮业"
    I = "I", "信息传输、软件和信息技术服务业"  # noqa: E741
    J = "J", "金融业"
    K = "K", "房地产业"
    L = "L", "租赁和商务服务业"
    M = "M", "科学研究和技术服务业"
    N = "N", "水利、环境和公共设施管理业"
    O = "O", "居民服务、修理和其他服务业"  # noqa: E741
    P = "P", "教育"
    Q = "Q", "卫生和社会工作"
    R = "R", "文化、体育和娱乐业"
    S = "S", "公共管理、社会保障和社会组织"
    T = "T", "国际组织"


# The last division, two digits, of each section.
LAST_DIVISION = {
    5: Sector.A,
    12: Sector.B,
    43: Sector.C,
    46: Sector.D,
    50: Sector.E,
    52: Sector.F,
    60: Sector.G,
    62: Sector.H,
    65: Sector.I,
    69: Sector.J,
    70: Sector.K,
    72: Sector.L,
    75: Sector.M,
    79: Sector.N,
    82: Sector.O,
    83: Sector.P,
    85: Sector.Q,
    90: Sector.R,
    96: Sector.S,
    97: Sector.T,
}


def parse_sector(code: str | None) -> str:
    """The section of an industry code, with or without its letter: C3484, 3484, 34.

    Blank is blank; what is no code of the standard stays as it is written.
    """
    written = (code or "").strip().upper()
    if written[:1] in Sector.labels():
        return written[0]
    if not written[:2].isdecimal() or len(written) < 2:
        return written
    number = int(written[:2])
    return next((str(of) for last, of in LAST_DIVISION.items() if 0 < number <= last), written)
