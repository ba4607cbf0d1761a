-- Everything the simulated providers know. One file, so a restart goes on where it stopped.
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS counter (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS person (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS page (
  id TEXT PRIMARY KEY, name TEXT NOT NULL,
  subscribed_fields TEXT NOT NULL DEFAULT '', failing_since_ms INTEGER
);
CREATE TABLE IF NOT EXISTS oa (id TEXT PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS facebook_token (
  token TEXT PRIMARY KEY, holder TEXT NOT NULL, page TEXT NOT NULL DEFAULT '',
  kind TEXT NOT NULL DEFAULT 'valid', expires_ms INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS facebook_code (
  code TEXT PRIMARY KEY, expires_ms INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS post (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, page TEXT NOT NULL, message TEXT NOT NULL,
  link TEXT NOT NULL DEFAULT '', created_ms INTEGER NOT NULL, published INTEGER NOT NULL DEFAULT 1,
  scheduled_ms INTEGER, removed INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS post_page ON post (page, number);
CREATE TABLE IF NOT EXISTS comment (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, post TEXT NOT NULL, parent TEXT NOT NULL,
  author TEXT NOT NULL, author_name TEXT NOT NULL, message TEXT NOT NULL,
  created_ms INTEGER NOT NULL, edited_ms INTEGER, removed INTEGER NOT NULL DEFAULT 0,
  privately_answered INTEGER NOT NULL DEFAULT 0, hidden INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS comment_post ON comment (post, number);
CREATE TABLE IF NOT EXISTS message (
  number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, provider TEXT NOT NULL,
  account TEXT NOT NULL, person TEXT NOT NULL, inbound INTEGER NOT NULL, text TEXT NOT NULL,
  image TEXT NOT NULL DEFAULT '', metadata TEXT, created_ms INTEGER NOT NULL,
  private_reply_to TEXT, seen INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS message_chat ON message (provider, account, person, number);
CREATE TABLE IF NOT EXISTS follower (
  oa TEXT NOT NULL, person TEXT NOT NULL, following INTEGER NOT NULL DEFAULT 0,
  interacted_ms INTEGER, PRIMARY KEY (oa, person)
);
CREATE TABLE IF NOT EXISTS zalo_code (
  code TEXT PRIMARY KEY, oa TEXT NOT NULL, challenge TEXT NOT NULL,
  expires_ms INTEGER NOT NULL, used INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS zalo_token (
  token TEXT PRIMARY KEY, oa TEXT NOT NULL, role TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'valid', expires_ms INTEGER NOT NULL
);
CREATE TABLE IF NOT EXISTS zalo_refresh (
  number INTEGER PRIMARY KEY, oa TEXT NOT NULL, at_ms INTEGER NOT NULL, outcome TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS attachment (
  id TEXT PRIMARY KEY, oa TEXT NOT NULL, content_type TEXT NOT NULL, content BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS fault (
  number INTEGER PRIMARY KEY, rule TEXT NOT NULL, remaining INTEGER,
  looked INTEGER NOT NULL DEFAULT 0, hits INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS call (
  number INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, provider TEXT NOT NULL, method TEXT NOT NULL,
  path TEXT NOT NULL, query TEXT NOT NULL, headers TEXT NOT NULL, body TEXT NOT NULL,
  body_base64 INTEGER NOT NULL DEFAULT 0, fault TEXT, outcome TEXT NOT NULL DEFAULT 'received',
  status INTEGER, answer TEXT
);
CREATE INDEX IF NOT EXISTS call_recent ON call (provider, at_ms);
CREATE TABLE IF NOT EXISTS event (
  number INTEGER PRIMARY KEY, provider TEXT NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
  payload TEXT NOT NULL, created_ms INTEGER NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
  acknowledged INTEGER NOT NULL DEFAULT 0, acknowledged_ms INTEGER
);
CREATE TABLE IF NOT EXISTS delivery (
  number INTEGER PRIMARY KEY, event INTEGER NOT NULL, provider TEXT NOT NULL,
  due_ms INTEGER NOT NULL, place REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'waiting', last_status INTEGER, last_error TEXT
);
CREATE INDEX IF NOT EXISTS delivery_due ON delivery (state, provider, due_ms);
