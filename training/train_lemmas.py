"""Learn the lemmatiser's exceptions (treebank lemmas that the rules get wrong) and its verbs.

Run: ``python training/train_lemmas.py OUT.tsv --corpora FOLDER``.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter, defaultdict
from pathlib import Path

from treebanks import LEFT_OUT, genre, read_sentences

from blocs.evidence.reading.lists import words
from blocs.evidence.syntax.lemmas import guess_lemma

TAGS = words("NNS NNPS VBZ VBD VBN VBG VBP MD JJR JJS RBR RBS VB NN PRP PRP$")


def main() -> None:
    """Count lemmas and write those that differ from the rule, sorted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    default = Path(os.environ.get("BLOCS_SHARED", ".")) / "corpora"
    parser.add_argument("--corpora", type=Path, default=default)
    options = parser.parse_args()
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for name in ("en_ewt-ud-train", "en_gum-ud-train"):
        for doc, s in read_sentences(options.corpora / f"{name}.conllu.gz"):
            if genre(doc) in LEFT_OUT:
                continue
            for form, tag, base in zip(s.words, s.tags, s.lemmas, strict=True):
                if (tag in TAGS and form.isalpha()) or "'" in form or "’" in form:
                    seen[form.lower(), tag][base.lower()] += 1
    verbs = {c.most_common(1)[0][0] for (_, t), c in seen.items() if t[:2] == "VB"}
    known = sorted(v for v in verbs if v.isascii() and v.isalpha() and len(v) > 2)
    options.out.with_name("verbs.txt").write_text("\n".join(known) + "\n", encoding="utf-8")
    rows = []
    for (form, tag), counts in sorted(seen.items()):
        base, n = counts.most_common(1)[0]
        if guess_lemma(form, tag) != base and (tag not in ("NN", "VB") or n > 2):
            rows.append(f"{form}\t{tag}\t{base}\n")
    options.out.write_text("".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
