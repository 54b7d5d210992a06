"""What the network has recorded: silence, of the right length and in the right format. Pure."""

#: A frame of MPEG-1 layer III (ISO/IEC 11172-3): 32 kbit/s, 44.1 kHz, one channel, no reservoir; all of it zero is silence.
_FRAME = bytes.fromhex("fffb10c4") + bytes(100)
_FRAME_SECONDS = 1152 / 44_100


def silence(seconds: float) -> bytes:
    """So much of it, as MP3."""
    return _FRAME * max(round(seconds / _FRAME_SECONDS), 1)


def recording_fields(account: str, name: str, seconds: float) -> dict[str, str]:
    """What the provider tells of a recording; it stands at an address of the provider's."""
    return {
        "RecordingSid": name,
        "RecordingUrl": f"https://api.twilio.com/2010-04-01/Accounts/{account}/Recordings/{name}",
        "RecordingDuration": str(round(seconds)),
        "RecordingChannels": "1",
        "RecordingSource": "RecordVerb",
    }
