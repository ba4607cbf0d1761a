"""A program of its own: reads UTF-8 text from standard input, writes the rate (4 bytes) and 16-bit samples to standard output.

Exit code 3: the library is not installed. Uses nothing of this house, so that it can be replaced or left out.
"""

import ctypes
import sys
from pathlib import Path

RETRIEVAL, AT_CHARACTER, UTF8 = 1, 1, 1
RATE, WORDS_A_MINUTE = 1, 150
OK, MISSING, BAD_VOICE, BAD_SPEECH = 0, 3, 4, 5
HEARD = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p
)


def main(voice: str) -> int:
    """Speak what comes in. -> exit code"""
    try:
        import espeakng_loader
    except ImportError:
        return MISSING
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    folder = str(Path(espeakng_loader.get_data_path()).parent)
    rate = library.espeak_Initialize(RETRIEVAL, 500, folder.encode(), 0)
    if rate <= 0:
        rate = library.espeak_Initialize(
            RETRIEVAL, 500, espeakng_loader.get_data_path().encode(), 0
        )
    if rate <= 0 or library.espeak_SetVoiceByName(voice.encode()):
        return BAD_VOICE
    parts: list[bytes] = []

    @HEARD
    def heard(samples, count, _events):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
        if samples and count > 0:
            parts.append(ctypes.string_at(samples, count * 2))
        return 0

    library.espeak_SetSynthCallback(heard)
    library.espeak_SetParameter(RATE, WORDS_A_MINUTE, 0)
    text = sys.stdin.buffer.read() + b"\0"
    if library.espeak_Synth(text, len(text), 0, AT_CHARACTER, 0, UTF8, None, None):
        return BAD_SPEECH
    library.espeak_Synchronize()
    sys.stdout.buffer.write(rate.to_bytes(4, "little") + b"".join(parts))
    return OK


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "vi"))
