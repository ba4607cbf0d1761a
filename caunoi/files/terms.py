"""Words about photos and voice notes."""

from enum import StrEnum

from caunoi.kit.terms import Foreseen


class FileKind(StrEnum):
    """What somebody sent beside her words."""

    PHOTO = "photo"
    VOICE = "voice"


class FileState(StrEnum):
    """Who may see it: staff and the asker, or everybody because an officer looked and released it."""

    PRIVATE = "private"
    RELEASED = "released"


class FileError(Foreseen):
    """A file that cannot be kept, or something that cannot be done with it."""


class NotAPhoto(FileError):
    """The file is no picture that we can open."""


class PhotoTooBig(FileError):
    """The picture has more points than we open."""


class NotAVoice(FileError):
    """The file is no sound recording that we know."""


class VoiceTooLong(FileError):
    """The recording is longer or heavier than we keep."""


class NotAVideo(FileError):
    """The file is no video that we know, or does not say how long it is."""


class VideoTooHeavy(FileError):
    """The video has more bytes than we keep."""


class VideoTooLong(FileError):
    """The video lasts longer than we keep."""


class TooMany(FileError):
    """So many files belong to the sending or the case already; this one was not kept."""


class NotReleasable(FileError):
    """Only a photo of a public case can be released, by an officer who says that she looked at it."""
