"""Numbers as they are read aloud in Vietnamese: for loudspeakers, receipts and papers. Plain Python."""

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", " nghìn", " triệu")
BILLION = " tỷ"
MOST = 10**18


def in_words(number: int) -> str:
    """Return a whole number in Vietnamese words, as officials write it.

    number  between -10^18 and 10^18; others raise ValueError
    A group after the first is read whole: 2025 is "hai nghìn không trăm hai mươi lăm".
    """
    if abs(number) >= MOST:
        raise ValueError("the number is too large to be read aloud")
    if number < 0:
        return f"âm {in_words(-number)}"
    if number == 0:
        return DIGITS[0]
    return _billions(number, whole=False)


def amount_in_words(vnd: int) -> str:
    """Return an amount of money in words with a capital letter, as a receipt shows it: "Một trăm nghìn đồng"."""
    words = in_words(vnd)
    return f"{words[0].upper()}{words[1:]} đồng"


def one_by_one(digits: str) -> str:
    """Return digits read one after the other, as telephone numbers and codes are; everything else is left out."""
    return " ".join(DIGITS[int(sign)] for sign in digits if sign in "0123456789")


def _billions(number: int, *, whole: bool) -> str:
    above, rest = divmod(number, 10**9)
    words = []
    if above:
        words.append(_billions(above, whole=whole) + BILLION)
    if rest:
        words.append(_millions(rest, whole=whole or bool(above)))
    return " ".join(words)


def _millions(number: int, *, whole: bool) -> str:
    words: list[str] = []
    for place in (2, 1, 0):
        group = number // 1000**place % 1000
        if group:
            words.append(_hundreds(group, whole=whole or bool(words)) + GROUPS[place])
    return " ".join(words)


def _hundreds(number: int, *, whole: bool) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{DIGITS[hundreds]} trăm"] if hundreds or whole else []
    if rest:
        words.append(_tens(rest, after_hundreds=bool(words)))
    return " ".join(words)


def _tens(number: int, *, after_hundreds: bool) -> str:
    tens, ones = divmod(number, 10)
    if tens == 0:
        return f"lẻ {DIGITS[ones]}" if after_hundreds else DIGITS[ones]
    words = "mười" if tens == 1 else f"{DIGITS[tens]} mươi"
    return f"{words} {_after_tens(tens, ones)}" if ones else words


def _after_tens(tens: int, ones: int) -> str:
    if ones == 5:
        return "lăm"
    if ones == 1 and tens > 1:
        return "mốt"
    return DIGITS[ones]
