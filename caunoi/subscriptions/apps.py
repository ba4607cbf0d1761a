from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "caunoi.subscriptions"
    label = "subscriptions"

    def ready(self) -> None:
        """Let audiences speak of browsers that follow a unit."""
        from caunoi.notices import followers
        from caunoi.subscriptions import queries
        from caunoi.subscriptions.terms import WEB_PUSH

        followers.register(WEB_PUSH, followers.Following(queries.pushed, queries.push_told))
