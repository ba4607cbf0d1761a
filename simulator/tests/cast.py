"""Who appears in these tests: one Page, one Official Account, two residents."""

PAGE, OA = "102030405060708", "388613280878808645"
DUNG, CHO = "246845883529197922", "246845883529197923"
