"""The one page that ``caunoi up`` prints when everything answers."""


def text() -> str:
    """Return address, accounts and first steps, Vietnamese first."""
    from django.conf import settings

    lines = ["", f"  Cầu Nối: {settings.PUBLIC_URL}", ""]
    if settings.DEMO:
        from caunoi.cli import sample

        lines += sample.first_steps()
    else:
        lines += ["  caunoi manage createsuperuser …"]
    lines += ["  Ctrl+C để dừng / to stop", ""]
    return "\n".join(lines)


def already_running() -> str:
    """Return what to say when this very copy runs in another window."""
    from config import env

    port = env.number("PORT", 8000)
    return (
        f"Bản này đang chạy rồi: http://127.0.0.1:{port} (muốn chạy bản thứ hai: đặt CAUNOI_HOME và PORT khác)\n"
        f"This copy is already running: http://127.0.0.1:{port} (for a second one set another CAUNOI_HOME and PORT)"
    )
