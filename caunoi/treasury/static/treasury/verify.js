// A verifier of journals and receipts after docs/ledger-format.md: no library, no network, plain SHA-256.
// It says the same as `caunoi ledger verify`; docs/ledger-vectors.json holds both to it.
globalThis.caunoiLedger = (() => {
  "use strict";
  class Broken extends Error {
    constructor(code, where = "") { super(`${code} ${where}`.trim()); this.code = code; this.where = String(where); }
  }

  // -- SHA-256 (FIPS 180-4) -------------------------------------------------
  const K = new Uint32Array(64), START = new Uint32Array(8);
  for (let n = 2, found = 0; found < 64; n++) {
    let prime = true;
    for (let d = 2; d * d <= n; d++) if (n % d === 0) prime = false;
    if (!prime) continue;
    if (found < 8) START[found] = (Math.sqrt(n) % 1) * 0x100000000;
    K[found++] = (Math.cbrt(n) % 1) * 0x100000000;
  }
  const W = new Uint32Array(64);
  function sha256(bytes) {
    const padded = new Uint8Array(((bytes.length + 8) >> 6 << 6) + 64), view = new DataView(padded.buffer);
    padded.set(bytes);
    padded[bytes.length] = 0x80;
    view.setUint32(padded.length - 8, Math.floor(bytes.length / 0x20000000));
    view.setUint32(padded.length - 4, bytes.length << 3);
    const h = Uint32Array.from(START);
    for (let at = 0; at < padded.length; at += 64) block(h, view, at);
    const out = new Uint8Array(32), written = new DataView(out.buffer);
    h.forEach((word, n) => written.setUint32(n * 4, word));
    return out;
  }
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  function block(h, view, at) {
    for (let t = 0; t < 16; t++) W[t] = view.getUint32(at + t * 4);
    for (let t = 16; t < 64; t++) {
      const a = W[t - 15], b = W[t - 2];
      W[t] = W[t - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3)) + W[t - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10));
    }
    let [a, b, c, d, e, f, g, i] = h;
    for (let t = 0; t < 64; t++) {
      const one = (i + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[t] + W[t]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      i = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    [a, b, c, d, e, f, g, i].forEach((word, n) => { h[n] += word; });
  }
  const text = new TextEncoder();
  function hash(...parts) {
    const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
    let at = 0;
    for (const part of parts) { whole.set(part, at); at += part.length; }
    return sha256(whole);
  }
  const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  const unhex = (given) => {
    if (typeof given !== "string" || !/^([0-9a-f]{2})*$/.test(given)) throw new Broken("form");
    return Uint8Array.from(given.match(/../g) || [], (two) => parseInt(two, 16));
  };
  const unhash = (given) => { const found = unhex(given); if (found.length !== 32) throw new Broken("form"); return found; };

  // -- JSON in which 1 and 1.0 are not the same: whole numbers become BigInt, others are refused ------------------
  const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?(?:0|[1-9][0-9]*))(?![0-9.eE])|(true|false|null))/y;
  function parse(source) {
    let at = 0;
    const next = () => {
      TOKEN.lastIndex = at;
      const found = TOKEN.exec(source);
      if (!found) throw new Broken("form");
      at = TOKEN.lastIndex;
      return found;
    };
    const value = (token, depth) => {
      if (depth > 100) throw new Broken("form");
      const [, sign, words, number, name] = token;
      if (words !== undefined) return JSON.parse(words);
      if (number !== undefined) return BigInt(number);
      if (name !== undefined) return { true: true, false: false, null: null }[name];
      if (sign === "[") return list(depth);
      if (sign === "{") return object(depth);
      throw new Broken("form");
    };
    const list = (depth) => {
      const found = [];
      let token = next();
      if (token[1] === "]") return found;
      for (;;) {
        found.push(value(token, depth + 1));
        const sign = next()[1];
        if (sign === "]") return found;
        if (sign !== ",") throw new Broken("form");
        token = next();
      }
    };
    const object = (depth) => {
      const found = new Map();
      let token = next();
      if (token[1] === "}") return found;
      for (;;) {
        if (token[2] === undefined || next()[1] !== ":") throw new Broken("form");
        found.set(JSON.parse(token[2]), value(next(), depth + 1));
        const sign = next()[1];
        if (sign === "}") return found;
        if (sign !== ",") throw new Broken("form");
        token = next();
      }
    };
    const found = value(next(), 0);
    if (/[^ \t\n\r]/.test(source.slice(at))) throw new Broken("form");
    return found;
  }

  // -- a posting ------------------------------------------------------------
  const WAYS = {
    pledge: ["promisers", "pledged"], lapse: ["pledged", "promisers"], fulfil: ["pledged", "promisers"],
    receive: ["givers", "on_hand"], receive_unmatched: ["givers", "unmatched"], match: ["unmatched", "on_hand"],
    allocate: ["on_hand", "allocated"], release: ["allocated", "on_hand"], forward: ["on_hand", "on_hand"],
    hand_over: ["allocated", "handed_over"], give_back: ["on_hand", "returned"],
    give_back_unmatched: ["unmatched", "returned"], fee: ["on_hand", "fees"], spoil: ["on_hand", "spoiled"],
  };
  const INSIDE = new Set(["pledged", "unmatched", "on_hand", "allocated"]);
  const PLACES = new Set([...INSIDE, "promisers", "givers", "handed_over", "returned", "fees", "spoiled"]);
  const COLUMNS = {
    registered: [["pledge"], ["lapse"]], received: [["receive", "receive_unmatched"], []],
    allocated: [["allocate"], ["release"]], delivered: [["hand_over"], []],
  };
  const LARGEST = 10n ** 15n;
  const NAMES = ["amount", "at", "commitment", "from", "fund", "id", "move", "on", "reverses", "seq", "to", "together", "v"];
  const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
  const isId = (given) => typeof given === "string" && UUID.test(given);
  function isDay(given) {
    const found = typeof given === "string" && /^(\d{4})-(\d{2})-(\d{2})$/.exec(given);
    if (!found) return false;
    const [year, month, day] = found.slice(1).map(Number);
    const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
    const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    return year > 0 && month > 0 && day > 0 && day <= (days[month - 1] || 0);
  }
  function isMoment(given) {
    const found = typeof given === "string" && /^(\d{4}-\d{2}-\d{2})T(\d{2}):(\d{2}):(\d{2})\.\d{6}Z$/.exec(given);
    return Boolean(found) && isDay(found[1]) && found[1] >= "1000" && found[2] < "24" && found[3] < "60" && found[4] < "60";
  }
  function account(given) {
    const parts = typeof given === "string" ? given.split("/") : [];
    if (parts.length !== 4 || !PLACES.has(parts[0]) || (parts[3] && !isId(parts[3]))) throw new Broken("form");
    if (/\p{Surrogate}/u.test(given)) throw new Broken("form");
    return { place: parts[0], commodity: parts[1], purpose: parts[2] };
  }
  function posting(given) {
    if (!(given instanceof Map) || given.size !== NAMES.length || !NAMES.every((n) => given.has(n))) throw new Broken("form");
    const line = Object.fromEntries(given);
    const seq = typeof line.seq === "bigint" ? line.seq : "";
    const fine = seq !== "" && typeof line.amount === "bigint" && line.v === 1n
      && isId(line.id) && isId(line.fund) && (Object.hasOwn(WAYS, line.move) || line.move === "reverse")
      && isDay(line.on) && isMoment(line.at)
      && (line.together === null || isId(line.together)) && (line.reverses === null || isId(line.reverses));
    if (!fine) throw new Broken("form", seq);
    unhash(line.commitment);
    line.source = account(line.from);
    line.target = account(line.to);
    const plain = NAMES.map((name) => {
      const value = line[name];
      return `${JSON.stringify(name)}:${typeof value === "bigint" ? value : JSON.stringify(value)}`;
    });
    line.leaf = hash([0], text.encode(`{${plain.join(",")}}`));
    return line;
  }
  function way(line) {
    const { source, target } = line;
    if (line.amount <= 0n || line.amount > LARGEST || line.from === line.to) return false;
    if (source.commodity !== target.commodity) return false;
    if (line.move === "reverse") return true;
    const [from, to] = WAYS[line.move];
    return source.place === from && target.place === to && (line.move === "match" || source.purpose === target.purpose);
  }

  // -- the journal ----------------------------------------------------------
  const node = (left, right) => hash([1], left, right);
  class Journal {
    constructor() {
      this.size = 0n; this.fund = ""; this.link = new Uint8Array(32); this.stack = [];
      this.balances = new Map(); this.lines = new Map(); this.reversed = new Set(); this.columns = {};
      for (const column of Object.keys(COLUMNS)) this.columns[column] = {};
    }
    take(line) {
      const where = line.seq;
      if (line.seq !== this.size + 1n) throw new Broken("order", where);
      this.fund = this.fund || line.fund;
      if (line.fund !== this.fund || this.lines.has(line.id)) throw new Broken("order", where);
      if (!way(line)) throw new Broken("way", where);
      if (line.move === "reverse") this.takeBack(line);
      else if (line.reverses !== null) throw new Broken("reversal", where);
      else this.count(line, line.move, 1n);
      this.balances.set(line.from, (this.balances.get(line.from) || 0n) - line.amount);
      this.balances.set(line.to, (this.balances.get(line.to) || 0n) + line.amount);
      if (INSIDE.has(line.source.place) && this.balances.get(line.from) < 0n) throw new Broken("balance", where);
      this.link = hash(this.link, line.leaf);
      this.grow(line.leaf);
      this.lines.set(line.id, line);
      this.size += 1n;
    }
    takeBack(line) {
      const first = this.lines.get(line.reverses);
      const fits = first && first.move !== "reverse" && !this.reversed.has(first.id)
        && line.from === first.to && line.to === first.from && line.amount === first.amount;
      if (!fits) throw new Broken("reversal", line.seq);
      this.reversed.add(first.id);
      this.count(line, first.move, -1n);
    }
    count(line, move, sign) {
      for (const [column, [adds, takes]] of Object.entries(COLUMNS)) {
        if (!adds.includes(move) && !takes.includes(move)) continue;
        const thing = line.source.commodity, by = adds.includes(move) ? sign : -sign;
        this.columns[column][thing] = (this.columns[column][thing] || 0n) + by * line.amount;
      }
    }
    grow(leaf) {
      let height = 0;
      while (this.stack.length && this.stack.at(-1)[0] === height) { leaf = node(this.stack.pop()[1], leaf); height += 1; }
      this.stack.push([height, leaf]);
    }
    root() {
      if (!this.stack.length) return sha256(new Uint8Array(0));
      return this.stack.slice(0, -1).reduceRight((right, [, left]) => node(left, right), this.stack.at(-1)[1]);
    }
    published(given, after) {
      if (!(given instanceof Map) || !isDay(given.get("day")) || typeof given.get("size") !== "bigint") throw new Broken("form");
      const day = given.get("day"), fits = day > after && given.get("size") === this.size
        && given.get("root") === hex(this.root()) && given.get("link") === hex(this.link);
      if (!fits) throw new Broken("root", day);
      return day;
    }
  }
  const pause = () => new Promise((go) => setTimeout(go));
  async function journal(lines, from, tell) {
    const books = new Journal();
    let ended = false, day = "", roots = 0n;
    for (let n = from; n < lines.length; n++) {
      if (!lines[n].trim()) continue;
      const row = parse(lines[n]);
      if (ended) throw new Broken("end");
      if (!(row instanceof Map)) throw new Broken("form");
      if (row.has("posting")) books.take(posting(row.get("posting")));
      else if (row.has("root")) { day = books.published(row.get("root"), day); roots += 1n; }
      else if (row.has("end")) {
        const end = row.get("end");
        ended = end instanceof Map && end.size === 3 && end.get("size") === books.size
          && end.get("link") === hex(books.link) && end.get("roots") === roots;
        if (!ended) throw new Broken("end");
      } else throw new Broken("form");
      if (n % 1000 === 0 && tell) { tell(n / lines.length); await pause(); }
    }
    if (!ended) throw new Broken("cut");
    return { kind: "journal", postings: books.size, roots, day, columns: books.columns, fund: books.fund, link: hex(books.link) };
  }

  // -- the receipt ----------------------------------------------------------
  function under(leaf, index, size, proof) {
    if (index < 0n || index >= size) return null;
    let here = index, last = size - 1n;
    for (const neighbour of proof) {
      if (last === 0n) return null;
      if (here & 1n || here === last) {
        leaf = node(neighbour, leaf);
        while (!(here & 1n) && here) { here >>= 1n; last >>= 1n; }
      } else leaf = node(leaf, neighbour);
      here >>= 1n; last >>= 1n;
    }
    return last === 0n ? leaf : null;
  }
  function receipt(given) {
    const line = posting(given.get("posting"));
    const proof = given.get("proof");
    if (typeof given.get("size") !== "bigint" || !Array.isArray(proof)) throw new Broken("form");
    const found = under(line.leaf, line.seq - 1n, given.get("size"), proof.map(unhash));
    if (!found || hex(found) !== hex(unhash(given.get("root")))) throw new Broken("proof");
    if (given.has("word")) {
      const word = given.get("word");
      if (!(word instanceof Map) || typeof word.get("word") !== "string") throw new Broken("form");
      const sealed = hash(text.encode("caunoi-word\u0000"), unhex(word.get("salt")), text.encode(word.get("word")));
      if (hex(sealed) !== line.commitment) throw new Broken("word");
    }
    return { kind: "receipt", postings: 1n, line, day: given.get("day"), root: given.get("root"), fund: line.fund };
  }

  // -- both -----------------------------------------------------------------
  async function verify(file, tell) {
    const lines = file.split(/\r\n|\r|\n/);
    try {
      const first = lines.findIndex((line) => line.trim());
      const head = first < 0 ? null : parse(lines[first]);
      if (!(head instanceof Map) || head.get("v") !== 1n) throw new Broken("unknown");
      if (head.get("format") === "caunoi-receipt") return { holds: true, ...receipt(head) };
      if (head.get("format") !== "caunoi-journal") throw new Broken("unknown");
      return { holds: true, name: head.get("name"), ...(await journal(lines, first + 1, tell)) };
    } catch (error) {
      return { holds: false, code: error.code || "form", where: error.where || "" };
    }
  }
  return { verify, sha256: (words) => hex(sha256(text.encode(words))) };
})();
