"""Writes splits.json and pipelines.json with Hugging Face's tokenizers (pip install tokenizers==0.23.3).

splits.json: for each name in tokenizer.ggml.pre the words that its regular expressions cut texts into.
pipelines.json: small tokenizer.json files with parts that the other goldens lack, with ids and decoded texts.

Usage: python3 make_references.py [cases per name]
"""
import json
import random
import sys
from pathlib import Path

from tokenizers import Regex, Tokenizer, pre_tokenizers

HERE = Path(__file__).parent
CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
SPACES = r"\s*[\r\n]+|\s+(?!\S)|\s+"
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
LEAD = r"[^\r\n\p{L}\p{N}]?"
UPPER, LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"


def cl100k(numbers, signs=r" ?[^\s\p{L}\p{N}]+[\r\n]*", letters=r"\p{L}+"):
    return f"{CONTRACTIONS}|{LEAD}{letters}|{numbers}|{signs}|{SPACES}"


def capitalized(ending, numbers):
    signs = r" ?[^\s\p{L}\p{N}]+[\r\n/]*"
    return f"{LEAD}{UPPER}*{LOWER}+{ending}|{LEAD}{UPPER}+{LOWER}*{ending}|{numbers}|{signs}|{SPACES}"


QWEN35 = cl100k(r"\p{N}", r" ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*", r"[\p{L}\p{M}]+")
GPT4O = capitalized(CONTRACTIONS + "?", r"\p{N}{1,3}")
TEKKEN = capitalized("", r"\p{N}")
NAMES = {
    "gpt-2": [GPT2],
    "smollm": [r"\p{N}", GPT2],
    "llama-bpe": [cl100k(r"\p{N}{1,3}")],
    "qwen2": [cl100k(r"\p{N}")],
    "qwen35": [QWEN35],
    "tekken": [TEKKEN],
    "gpt-4o": [GPT4O],
    "falcon": [r"[\p{P}\$\+<=>\^~\|`]+", GPT2, "[0-9][0-9][0-9]"],
    "default": [r"[\p{P}\$\+<=>\^~\|]+", GPT2, r"\p{N}+", "[0-9][0-9][0-9]"],
}
ALPHABET = (
    list("aabtsSTdlLvVeErRmMxXyZ") + ["'s", "'LL", "'re", "'VE", "'ſ", "I'm", "don't", "ABc", "HTTPServer"]
    + list("äÖßЖжΩσǅʰªº") + list("中文かなアあ한글אعक") + ["\u0301", "\u0308", "\u094d", "\u0e31", "\u20dd", "\ufe0f"]
    + list("0123456789") + ["12345", "٣", "१", "²", "½", "Ⅷ", "\U0001d7d8"]
    + [" ", " ", " ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\r", "\u00a0", "\u3000", "\u2028", "\u0085", "\x0b"]
    + list(".,;:!?-_()[]{}'\"/\\@#%&*$+<=>^`|~") + ["...", "//", "/\n", "—", "「", "。", "€", "°", "😀", "👩‍💻", "\u200d"]
    + ["\x00", "\x1f", "\u00ad", "\ufeff", "\ue000", "\U000e0100", "\U0010ffff", "\u0378"]
)


def text(rng):
    return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 30)))


def splits(count):
    rng = random.Random(16)
    result = []
    for name, patterns in NAMES.items():
        rules = [pre_tokenizers.Split(Regex(pattern), "isolated") for pattern in patterns]
        splitter = pre_tokenizers.Sequence(rules)
        cases = []
        for _ in range(count):
            sample = text(rng)
            cases.append([word for word, _ in splitter.pre_tokenize_str(sample)])
        result.append({"name": name, "patterns": patterns, "cases": cases})
    return result


def pipelines(count):
    rng = random.Random(17)
    neox = json.loads((HERE / "tiny-neox.tokenizer.json").read_text())
    spm = json.loads((HERE / "tiny-spm-metaspace.tokenizer.json").read_text())
    level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}

    def sequence(*parts):
        return {"type": "Sequence", "pretokenizers": list(parts)}

    def split(pattern, behavior="Isolated", invert=False, kind="Regex"):
        return {"type": "Split", "pattern": {kind: pattern}, "behavior": behavior, "invert": invert}

    def metaspace(**options):
        return {"type": "Metaspace", "replacement": "▁", **options}

    def decoder(**options):
        return {"type": "Sequence", "decoders": [{"type": "ByteFallback"}, metaspace(**options)]}

    def added(base, *contents, **options):
        plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
        vocabulary = base["model"]["vocab"]
        ids = dict(vocabulary)
        return [{"id": ids.setdefault(content, len(ids)), "content": content, **plain, **options} for content in contents]

    words = {**level, "use_regex": True}
    digits = {"type": "Digits", "individual_digits": False}
    replace = {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
    prepend = {"type": "Prepend", "prepend": "▁"}
    plain_decoder = {"type": "Sequence", "decoders": [
        {"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"}, {"type": "Fuse"}]}
    contents = ["  ", "\u00e9中", "ab"]
    variants = [
        ("falcon", neox, {"pre_tokenizer": sequence(
            {"type": "Punctuation", "behavior": "Contiguous"}, words, digits, split("[0-9][0-9][0-9]"))}),
        ("digits after bytes", neox, {"pre_tokenizer": sequence(words, {**digits, "individual_digits": True})}),
        ("numbers after bytes", neox, {"pre_tokenizer": sequence(words, split(r"\p{N}{1,3}"))}),
        ("isolated punctuation", neox, {"pre_tokenizer": sequence(
            {"type": "Punctuation", "behavior": "Isolated"}, digits, words)}),
        ("single digits", neox, {"pre_tokenizer": sequence({**digits, "individual_digits": True}, words)}),
        ("space in front", neox, {"pre_tokenizer": {**words, "add_prefix_space": True}}),
        ("gpt-4o", neox, {"pre_tokenizer": sequence(split(GPT4O), level)}),
        ("gpt-4o inverted", neox, {"pre_tokenizer": sequence(split(GPT4O, "Removed", True), level)}),
        ("tekken", neox, {"pre_tokenizer": sequence(split(TEKKEN), level)}),
        ("qwen35", neox, {"pre_tokenizer": sequence(split(QWEN35), level)}),
        ("threes", neox, {"pre_tokenizer": sequence(split(r"\p{N}{1,3}"), split(GPT2), level)}),
        ("text", neox, {"pre_tokenizer": sequence(split("a", kind="String"), words)}),
        ("text with next", neox, {"pre_tokenizer": sequence(split(" ", "MergedWithNext", kind="String"), words)}),
        ("NFKC", neox, {"normalizer": {"type": "Sequence", "normalizers": [{"type": "NFKC"}]}}),
        ("NFD", neox, {"normalizer": {"type": "NFD"}}),
        ("NFKD", neox, {"normalizer": {"type": "NFKD"}}),
        ("normalized tokens", neox, {"added_tokens": neox["added_tokens"][:2] + added(neox, *contents, normalized=True)}),
        ("whole words", neox, {"model": {**neox["model"], "ignore_merges": True}}),
        ("always", spm, {"pre_tokenizer": metaspace(prepend_scheme="always", split=True)}),
        ("always, whole", spm, {"pre_tokenizer": metaspace(prepend_scheme="always", split=False)}),
        ("first", spm, {"pre_tokenizer": metaspace(prepend_scheme="first", split=True)}),
        ("never", spm, {"pre_tokenizer": metaspace(prepend_scheme="never", split=False),
                        "decoder": decoder(prepend_scheme="never", split=False)}),
        ("metaspace decoder", spm, {"decoder": decoder(prepend_scheme="always", split=True)}),
        ("gemma", spm, {"normalizer": replace, "pre_tokenizer": split(" ", "MergedWithPrevious", kind="String"),
                        "decoder": plain_decoder, "added_tokens": spm["added_tokens"] + added(spm, "\n\n", "▁▁", "ab")}),
        ("digits of characters", spm, {"pre_tokenizer": sequence(
            metaspace(prepend_scheme="first", split=False), {**digits, "individual_digits": True})}),
        ("legacy", spm, {"normalizer": {"type": "Sequence", "normalizers": [prepend, replace]},
                         "pre_tokenizer": None}),
        ("normalized tokens of characters", spm, {
            "pre_tokenizer": metaspace(prepend_scheme="always", split=False),
            "added_tokens": spm["added_tokens"] + added(spm, *contents, normalized=True)}),
        ("unknown", spm, {"model": {**spm["model"], "byte_fallback": False}}),
        ("unknown, one by one", spm, {"model": {**spm["model"], "byte_fallback": False, "fuse_unk": False}}),
        ("whole words of characters", spm, {
            "pre_tokenizer": metaspace(prepend_scheme="first", split=True),
            "model": {**spm["model"], "ignore_merges": True}}),
    ]
    result = []
    for name, base, parts in variants:
        file = json.dumps({**base, **parts}, ensure_ascii=False, separators=(",", ":"))
        tokenizer = Tokenizer.from_str(file)
        specials = [token["content"] for token in base["added_tokens"] if token["special"]]
        cases = []
        for _ in range(count):
            sample = "".join(
                rng.choice([text(rng), " the of ", "é中 e\u0301中", "  ab ▁▁", *specials]) for _ in range(rng.randint(1, 4)))
            ids = tokenizer.encode(sample, add_special_tokens=False).ids
            cases.append({
                "text": sample, "ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False),
                "decoded_skip_special": tokenizer.decode(ids, skip_special_tokens=True)})
        result.append({"name": name, "tokenizer": file, "cases": cases})
    return result


count = int(sys.argv[1]) if len(sys.argv) > 1 else 24
for name, value in (("splits", splits(count)), ("pipelines", pipelines(max(count // 2, 1)))):
    lines = ",\n".join(json.dumps(entry, ensure_ascii=False, separators=(",", ":")) for entry in value)
    (HERE / f"{name}.json").write_text(f"[\n{lines}\n]\n")
