"""How private data looks in Vietnamese text: phones, identity numbers, bank accounts, e-mails, house addresses. Pure."""

import re

_SEPARATOR = r"[\s.\-–_/()]{0,2}"
EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
ACCOUNT = re.compile(
    r"(?:\b(?:stk|tk|số tài khoản|so tai khoan|tài khoản|tai khoan)\b\D{0,20})((?:\d"
    + _SEPARATOR
    + r"){6,19})",
    re.IGNORECASE,
)
ID_NUMBER = re.compile(
    r"(?:\b(?:cccd|cmnd|cmt|căn cước|can cuoc|chứng minh|chung minh|hộ chiếu|ho chieu)\b[^\d\n]{0,30})"
    r"([A-Z]?(?:\d" + _SEPARATOR + r"){6,12})",
    re.IGNORECASE,
)
TWELVE = re.compile(r"(?<![\d])0(?:" + _SEPARATOR + r"\d){11}(?![\d])")
PHONE = re.compile(
    r"(?<![\d])(?:\(?\+?84\)?|0)(?:" + _SEPARATOR + r"[o\d]){8,10}(?![\d])", re.IGNORECASE
)
ADDRESS = re.compile(
    r"\b(?:số nhà|so nha|nhà số|nha so)\s*\d+[\w/\-]*(?:\s*,?\s*(?:đường|duong|ngõ|ngo|ngách|hẻm|hem|kiệt|phố|pho)\s+[^,.;\n]{1,40})?"
    r"|\b\d+[\w/]*\s*,?\s*(?:đường|ngõ|ngách|hẻm|kiệt|phố)\s+[^,.;\n]{1,40}",
    re.IGNORECASE,
)
