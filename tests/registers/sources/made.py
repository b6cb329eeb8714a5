"""Made-up registers: credit codes with a right check digit that belong to nobody, and files built from lines."""

from __future__ import annotations

from stdnum.cn import uscc as standard

from liandong.kernel.sheets import Sheet, read_sheets

HEADER = "单位名称,统一社会信用代码,排污许可证编号,行政区划代码,经度,纬度"


def credit_code(number: int) -> str:
    """The `number`th made-up credit code; division 990101 belongs to nobody."""
    body = f"92990101MAX{number:06d}"
    return body + str(standard.calc_check_digit(body))


def register(*lines: str, header: str = HEADER) -> list[Sheet]:
    """A register as a CSV file of these lines."""
    return read_sheets("\n".join([header, *lines]).encode())
