"""Where a post or a comment can be opened: on the simulator's own pages when it runs by itself."""

from simulator.store import Row, Store


def of_post(store: Store, post: Row) -> str:
    if not store.address:
        return f"https://www.facebook.com/{post['id']}"
    return f"{store.address}/facebook/{post['page']}#p-{post['number']}"


def of_comment(store: Store, comment: Row) -> str:
    if not store.address:
        return f"https://www.facebook.com/{comment['id']}"
    page = str(comment["post"]).rpartition("_")[0]
    return f"{store.address}/facebook/{page}#c-{comment['id']}"
