"""What we believe about Zalo and could not check with a real account. Change it here."""

MAX_TEXT = 2000
FREE_HOURS = 48
WINDOW_DAYS = 7
CALLS_PER_MINUTE = 120
STALE_MINUTES = 15
STALE_RETRY_HOURS = 2
READ_BACK_PAGES = 5
READ_BACK_COUNT = 10

LATER = {-32: 60.0, -200: 30.0, -211: 3600.0, -218: 3600.0, -234: 3600.0}
TOKEN_GONE = frozenset({-216, -220})
CHANNEL_GONE = frozenset({-204, -205})
EXPLAINED = {
    -201: "Zalo does not accept this message in this form.",
    -209: "The account's plan or our application lacks this right.",
    -210: "The message is too long for Zalo.",
    -211: "The account's messages for this period are used up.",
    -213: "This person does not follow the account.",
    -214: "This person cannot be reached on Zalo now.",
    -221: "This person cannot be reached on Zalo now.",
    -224: "The account's plan or our application lacks this right.",
    -227: "This person's Zalo account is closed or was not used for long.",
    -230: "The person has not written for seven days; Zalo lets us answer only after the next message.",
    -232: "The person has not written for seven days; Zalo lets us answer only after the next message.",
    -233: "Zalo does not accept this kind of message.",
    -240: "Zalo does not accept this kind of message any more.",
    -242: "Our application's proof is wrong; check the application's secret key.",
    -321: "The account's plan or our application lacks this right.",
}
# Answers of the token endpoint that pass by themselves; every other error means: connect again.
OAUTH_PASSING = frozenset({-32})
